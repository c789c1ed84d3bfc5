# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from pathlib import Path

import pytest
from typing_extensions import override

from app.domain.errors import EvidenceInconsistent
from app.domain.ledger import TreeHead
from app.evidence.checkpoint import Checkpoint, open_checkpoint
from app.evidence.checkpointer import Checkpointer
from app.evidence.tree import fold, leaf, root
from app.keys.signer import FileKeySigner, check_signature
from tests.memory_log import HOST, ORGANISATION, MemoryAnchor, MemoryLog, story

ORIGIN = f"{HOST}/{ORGANISATION}"


def checkpointer(
    log: MemoryLog, signer: FileKeySigner, anchor: MemoryAnchor | None = None, **also: list[bytes]
) -> Checkpointer:
    return Checkpointer(
        log,
        log,
        anchor or MemoryAnchor(),
        signer=signer,
        check=check_signature,
        host=HOST,
        retired=also.get("retired", []),
    )


async def test_a_checkpoint_says_what_the_log_is_now(signer: FileKeySigner) -> None:
    log, anchor = MemoryLog(story(50)), MemoryAnchor()
    issuer = checkpointer(log, signer, anchor)
    note = await issuer.issue(ORGANISATION)
    assert note is not None
    assert open_checkpoint(note, issuer.keys(ORGANISATION), check_signature) == Checkpoint(
        ORIGIN, 100, root(log.kept_head)
    )
    assert (log.notes, anchor.notes) == ({100: note}, {ORGANISATION: note})


async def test_every_commit_gets_its_checkpoint_and_nothing_new_gets_none(signer: FileKeySigner) -> None:
    log = MemoryLog()
    issuer = checkpointer(log, signer)
    assert await issuer.issue(ORGANISATION) is None
    for first in range(5):
        log.append(*story(1, first))
        await issuer.issue(ORGANISATION)
        await issuer.issue(ORGANISATION)
    assert sorted(log.notes) == [2, 4, 6, 8, 10]


async def test_a_restart_reads_the_whole_log_and_signs_on(signer: FileKeySigner) -> None:
    log, anchor = MemoryLog(story(5)), MemoryAnchor()
    await checkpointer(log, signer, anchor).issue(ORGANISATION)
    log.append(*story(1500, 5))
    assert await checkpointer(log, signer, anchor).issue(ORGANISATION) == log.notes[3010]


async def test_two_replicas_publish_one_note(signer: FileKeySigner) -> None:
    log = MemoryLog(story(5))
    first, second = checkpointer(log, signer), checkpointer(log, signer)
    assert await first.issue(ORGANISATION) == await second.issue(ORGANISATION)
    log.append(*story(5, 5))
    assert await second.issue(ORGANISATION) == await first.issue(ORGANISATION)


async def test_a_log_that_became_shorter_is_not_signed(signer: FileKeySigner) -> None:
    log = MemoryLog(story(10))
    issuer = checkpointer(log, signer)
    await issuer.issue(ORGANISATION)
    log.rows, log.kept_head = log.rows[:18], fold(TreeHead(), [row[3] for row in log.rows[:18]])
    for guard in (issuer, checkpointer(log, signer)):
        with pytest.raises(EvidenceInconsistent, match="20 entries were signed and 18 are left"):
            await guard.issue(ORGANISATION)
    assert sorted(log.notes) == [20]


async def test_a_database_of_yesterday_is_not_signed_even_when_its_checkpoints_are_of_yesterday_too(
    signer: FileKeySigner,
) -> None:
    today, anchor = MemoryLog(story(10)), MemoryAnchor()
    await checkpointer(today, signer, anchor).issue(ORGANISATION)
    yesterday = MemoryLog(story(4))
    with pytest.raises(EvidenceInconsistent, match="20 entries were signed and 8 are left"):
        await checkpointer(yesterday, signer, anchor).issue(ORGANISATION)
    assert yesterday.notes == {}


async def test_another_history_of_the_same_length_or_longer_is_not_signed(signer: FileKeySigner) -> None:
    first, anchor = MemoryLog(story(10)), MemoryAnchor()
    await checkpointer(first, signer, anchor).issue(ORGANISATION)
    for other in (MemoryLog(story(10, 500)), MemoryLog(story(30, 500))):
        with pytest.raises(EvidenceInconsistent, match="the first 20 entries are no longer what they were"):
            await checkpointer(other, signer, anchor).issue(ORGANISATION)
        assert other.notes == {}


async def test_a_fork_is_noticed_by_a_process_that_runs(signer: FileKeySigner) -> None:
    log, anchor = MemoryLog(story(10)), MemoryAnchor()
    issuer = checkpointer(log, signer, anchor)
    await issuer.issue(ORGANISATION)
    other = MemoryLog(story(20, 500))
    log.rows, log.kept_head = other.rows, other.kept_head
    log.notes.clear()
    anchor.notes.clear()
    with pytest.raises(EvidenceInconsistent, match="no longer what they were"):
        await issuer.issue(ORGANISATION)


async def test_new_entries_that_are_not_what_the_head_says_are_not_signed(signer: FileKeySigner) -> None:
    log = MemoryLog(story(10))
    issuer = checkpointer(log, signer)
    await issuer.issue(ORGANISATION)
    log.append(*story(1, 10))
    index, record, data, noted = log.rows[20]
    log.rows[20] = (index, record, data.replace(b"guus", b"guur"), noted)
    with pytest.raises(EvidenceInconsistent, match="the first 22 entries"):
        await issuer.issue(ORGANISATION)


async def test_a_missing_entry_is_named(signer: FileKeySigner) -> None:
    log = MemoryLog(story(10))
    del log.rows[7]
    with pytest.raises(EvidenceInconsistent, match="entry 7 is missing"):
        await checkpointer(log, signer).issue(ORGANISATION)
    log = MemoryLog(story(10))
    del log.rows[-1]
    with pytest.raises(EvidenceInconsistent, match="entry 19 is missing"):
        await checkpointer(log, signer).issue(ORGANISATION)


async def test_a_forged_checkpoint_stops_the_signing(signer: FileKeySigner) -> None:
    log = MemoryLog(story(10))
    await checkpointer(log, signer).issue(ORGANISATION)
    log.notes[20] = log.notes[20].replace("\n20\n", "\n10\n")
    with pytest.raises(EvidenceInconsistent, match="an earlier checkpoint is not ours"):
        await checkpointer(log, signer).issue(ORGANISATION)


async def test_a_replica_that_signed_something_else_stops_the_signing(signer: FileKeySigner) -> None:
    class Overtaken(MemoryLog):
        """A store in which another replica was first, with another root."""

        @override
        def put(self, organisation: str, size: int, note: str) -> str:
            return super().put(organisation, size, Checkpoint(ORIGIN, size, bytes(32)).sign(signer))

    with pytest.raises(EvidenceInconsistent, match="another replica signed something else"):
        await checkpointer(Overtaken(story(3)), signer).issue(ORGANISATION)


async def test_a_retired_key_vouches_for_the_past_when_it_is_named(signer: FileKeySigner, tmp_path: Path) -> None:
    log = MemoryLog(story(10))
    await checkpointer(log, signer).issue(ORGANISATION)
    log.append(*story(1, 10))
    fresh = FileKeySigner.create(tmp_path / "fresh.pem", development=True)
    with pytest.raises(EvidenceInconsistent, match="an earlier checkpoint is not ours"):
        await checkpointer(log, fresh).issue(ORGANISATION)
    assert await checkpointer(log, fresh, retired=[signer.public_key]).issue(ORGANISATION) == log.notes[22]


async def test_one_broken_log_does_not_keep_the_others_from_their_checkpoint(signer: FileKeySigner) -> None:
    class Two(MemoryLog):
        @override
        def organisations(self) -> list[str]:
            return ["broken", ORGANISATION]

        @override
        def head(self, organisation: str) -> TreeHead:
            return (
                TreeHead(999, fold(TreeHead(), [leaf(b"")] * 999).nodes) if organisation == "broken" else self.kept_head
            )

    log = Two(story(2))
    with pytest.raises(EvidenceInconsistent, match="The log of broken is not signed: entry 4 is missing"):
        await checkpointer(log, signer).issue("broken")
    await checkpointer(log, signer).issue(ORGANISATION)
    assert list(log.notes) == [4]
