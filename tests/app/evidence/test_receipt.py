# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A receipt proves its entry to whoever has the key of the log, and nothing is handed out that does not."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import EvidenceInconsistent
from app.domain.ledger import TreeHead
from app.evidence.checkpoint import open_checkpoint
from app.evidence.checkpointer import Checkpointer
from app.evidence.note import VerifierKey
from app.evidence.proof import inclusion, verify_inclusion
from app.evidence.published import PublishedLog
from app.evidence.receipt import Receipts
from app.evidence.tree import fold, leaf
from app.keys.signer import FileKeySigner, check_signature
from tests.memory_log import HOST, ORGANISATION, MemoryAnchor, MemoryLog, story


@pytest.fixture
def signer(tmp_path: Path) -> FileKeySigner:
    return FileKeySigner.create(tmp_path / "log.pem", development=True)


async def signed(log: MemoryLog, signer: FileKeySigner) -> Receipts:
    await Checkpointer(log, log, MemoryAnchor(), signer=signer, check=check_signature, host=HOST).issue(ORGANISATION)
    return Receipts(log, PublishedLog(log, log))


@pytest.mark.parametrize("calls", [1, 2, 3, 64, 127, 129, 321])
async def test_every_entry_has_the_path_that_the_standard_gives(calls: int, signer: FileKeySigner) -> None:
    log = MemoryLog(story(calls))
    receipts = await signed(log, signer)
    leaves = list(log.leaves())
    for index, record, _, hashed in log.rows[:: max(1, calls // 9)] + log.rows[-2:]:
        receipt = receipts.of(ORGANISATION, record)
        assert receipt is not None
        assert (receipt.index, receipt.leaf, receipt.size) == (index, hashed, len(leaves))
        assert list(receipt.path) == inclusion(leaves, index)


async def test_a_log_of_several_tiles_of_tiles(signer: FileKeySigner) -> None:
    """65,536 entries fill a tile of the second level; the path crosses all three."""
    log = MemoryLog()
    entries = [b"%d" % index for index in range(66_000)]
    leaves = [leaf(data) for data in entries]
    log.rows = [(index, f"rec_{index}", data, leaves[index]) for index, data in enumerate(entries)]
    log.kept_head = fold(TreeHead(), leaves)
    receipts = await signed(log, signer)
    for index in (255, 65_535, 65_536):
        receipt = receipts.of(ORGANISATION, f"rec_{index}")
        assert receipt is not None
        assert list(receipt.path) == inclusion(leaves, index)


async def test_what_is_handed_out_is_enough_to_verify(signer: FileKeySigner) -> None:
    log = MemoryLog(story(40))
    receipt = (await signed(log, signer)).of(ORGANISATION, log.rows[33][1])
    assert receipt is not None
    told = json.loads(json.dumps(receipt.document()))
    checkpoint = open_checkpoint(
        told["checkpoint"], [VerifierKey(f"{HOST}/{ORGANISATION}", signer.public_key)], check_signature
    )
    path = [base64.b64decode(step) for step in told["path"]]
    hashed = base64.b64decode(told["leaf"])
    assert told["record"] == log.rows[33][1]
    assert verify_inclusion(hashed, told["index"], told["size"], path, checkpoint.root)
    assert checkpoint.size == told["size"]


async def test_what_is_not_signed_yet_has_no_receipt(signer: FileKeySigner) -> None:
    log = MemoryLog(story(4))
    receipts = await signed(log, signer)
    log.append(*story(1, 4))
    assert receipts.of(ORGANISATION, log.rows[7][1]) is not None
    assert receipts.of(ORGANISATION, log.rows[8][1]) is None
    assert receipts.of(ORGANISATION, "rec_0") is None
    assert Receipts(log, PublishedLog(log, MemoryLog())).of(ORGANISATION, log.rows[0][1]) is None


async def test_no_proof_is_made_of_a_log_that_was_changed(signer: FileKeySigner) -> None:
    log = MemoryLog(story(4))
    receipts = await signed(log, signer)
    index, record, data, hashed = log.rows[2]
    log.rows[2] = (index, record, data.replace(b"guus", b"suus"), hashed)
    for row in (log.rows[2], log.rows[5]):
        with pytest.raises(EvidenceInconsistent):
            receipts.of(ORGANISATION, row[1])


async def test_the_manual_shows_how_to_verify_it(signer: FileKeySigner) -> None:
    """The function in docs/citizen.md knows none of our code."""
    page = (Path(__file__).parents[3] / "docs" / "citizen.md").read_text()
    (shown,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    told: dict[str, Any] = {}
    exec(shown, told)  # noqa: S102  our own manual
    for calls in (1, 3, 40, 64):
        log = MemoryLog(story(calls))
        receipts = await signed(log, signer)
        for _, record, _, _ in log.rows:
            receipt = receipts.of(ORGANISATION, record)
            assert receipt is not None
            document = {**receipt.document()}
            assert told["holds"](document)
            assert not told["holds"]({**document, "leaf": base64.b64encode(bytes(32)).decode()})
            assert log.kept_head.size == 1 or not told["holds"](
                {**document, "index": (receipt.index + 1) % receipt.size}
            )
