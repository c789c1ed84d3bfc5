# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from pathlib import Path

from app.evidence.checkpointer import Checkpointer
from app.evidence.published import PublishedLog
from app.evidence.tiles import ENTRIES, Tile
from app.keys.signer import FileKeySigner, check_signature
from tests.memory_log import HOST, ORGANISATION, MemoryAnchor, MemoryLog, story


async def signed(log: MemoryLog, signer: FileKeySigner) -> MemoryLog:
    await Checkpointer(log, log, MemoryAnchor(), signer=signer, check=check_signature, host=HOST).issue(ORGANISATION)
    return log


async def test_nothing_is_shown_that_is_not_signed(signer: FileKeySigner) -> None:
    log = await signed(MemoryLog(story(5)), signer)
    log.append(*story(5, 5))
    published = PublishedLog(log, log)
    assert published.read(ORGANISATION, Tile(0, 0, 10)) == b"".join(row[3] for row in log.rows[:10])
    assert published.read(ORGANISATION, Tile(0, 0, 11)) is None
    assert published.read(ORGANISATION, Tile(ENTRIES, 0, 11)) is None


def test_a_log_without_a_checkpoint_is_not_shown(tmp_path: Path) -> None:
    log = MemoryLog(story(5))
    published = PublishedLog(log, log)
    assert published.checkpoint(ORGANISATION) is None
    assert published.read(ORGANISATION, Tile(0, 0, 1)) is None
    assert published.export(ORGANISATION, tmp_path / "out") is None
    assert not (tmp_path / "out").exists()


async def test_an_export_is_the_files_of_the_log(signer: FileKeySigner, tmp_path: Path) -> None:
    log = await signed(MemoryLog(story(150)), signer)
    checkpoint = PublishedLog(log, log).export(ORGANISATION, tmp_path / "out")
    assert checkpoint is not None
    assert checkpoint.size == 300
    files = sorted(str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert files == [
        "checkpoint",
        "tile/0/000",
        "tile/0/001.p/44",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/44",
    ]
    assert (tmp_path / "out" / "checkpoint").read_text() == log.notes[300]
