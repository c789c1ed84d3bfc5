# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from pathlib import Path

import pytest

from app.evidence.checkpointer import Checkpointer
from app.evidence.folder import verify_folder
from app.evidence.note import VerifierKey
from app.evidence.published import PublishedLog
from app.evidence.verify import Report, Trust
from app.keys.signer import FileKeySigner, check_signature
from tests.memory_log import HOST, ORGANISATION, MemoryAnchor, MemoryLog, story

ORIGIN = f"{HOST}/{ORGANISATION}"


async def exported(signer: FileKeySigner, folder: Path, calls: int = 150) -> MemoryLog:
    log = MemoryLog(story(calls))
    await Checkpointer(log, log, MemoryAnchor(), signer=signer, check=check_signature, host=HOST).issue(ORGANISATION)
    PublishedLog(log, log).export(ORGANISATION, folder)
    return log


def audit(folder: Path, signer: FileKeySigner, *kept: str) -> Report:
    return verify_folder(
        folder, ORGANISATION, Trust(ORIGIN, [VerifierKey(ORIGIN, signer.public_key)], check_signature), kept=kept
    )


@pytest.mark.parametrize("calls", [1, 127, 128, 129, 150, 400])
async def test_an_export_is_in_order(calls: int, signer: FileKeySigner, tmp_path: Path) -> None:
    await exported(signer, tmp_path / "out", calls)
    report = audit(tmp_path / "out", signer)
    assert (report.ok, report.entries, report.signed, report.checkpoints) == (True, calls * 2, calls * 2, 1)


async def test_a_flipped_bit_in_every_byte_of_a_small_export_is_found(signer: FileKeySigner, tmp_path: Path) -> None:
    await exported(signer, tmp_path / "out", 1)
    flips = [(path, place, place % 8) for path, size in _files(tmp_path / "out") for place in range(size)]
    assert len(flips) > 1_000
    assert _missed(tmp_path / "out", signer, flips) == []


async def test_a_flipped_bit_in_every_part_of_an_export_of_300_entries_is_found(
    signer: FileKeySigner, tmp_path: Path
) -> None:
    """The checkpoint, every other hash of every tile, a byte of every other entry, and the lengths between entries."""
    await exported(signer, tmp_path / "out", 150)
    flips = [
        (path, place, place % 8)
        for path, size in _files(tmp_path / "out")
        for place in range(0, size, {"checkpoint": 3, "entries": 997}.get(_kind(path), 64))
    ]
    for bundle in (tmp_path / "out" / "tile/entries/000", tmp_path / "out" / "tile/entries/001.p/44"):
        flips += [(bundle, place, 0) for place in _lengths(bundle)[::10]]
    assert len(flips) > 350
    assert _missed(tmp_path / "out", signer, flips) == []


@pytest.mark.parametrize("name", ["checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000"])
async def test_a_missing_file_is_found_and_named(name: str, signer: FileKeySigner, tmp_path: Path) -> None:
    await exported(signer, tmp_path)
    (tmp_path / name).unlink()
    report = audit(tmp_path, signer)
    assert name in report.discrepancies[0].sentence


async def test_an_altered_hash_is_found_and_named(signer: FileKeySigner, tmp_path: Path) -> None:
    await exported(signer, tmp_path)
    _flip(tmp_path / "tile/0/001.p/44", 32 * 3 + 5)
    assert audit(tmp_path, signer).discrepancies[0].index == 259


async def test_an_older_export_is_found_against_a_checkpoint_that_was_kept(
    signer: FileKeySigner, tmp_path: Path
) -> None:
    newer = await exported(signer, tmp_path / "newer", 160)
    await exported(signer, tmp_path / "older", 150)
    assert audit(tmp_path / "older", signer).ok
    assert audit(tmp_path / "older", signer, newer.notes[320]).discrepancies[0].index == 300


async def test_an_export_under_another_key_is_not_trusted(signer: FileKeySigner, tmp_path: Path) -> None:
    await exported(signer, tmp_path / "out")
    other = FileKeySigner.create(tmp_path / "other.pem", development=True)
    assert "not signed by a trusted key" in audit(tmp_path / "out", other).discrepancies[0].sentence


def _flip(path: Path, place: int, bit: int = 0) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1 << bit
    path.write_bytes(bytes(data))


def _missed(folder: Path, signer: FileKeySigner, flips: list[tuple[Path, int, int]]) -> list[tuple[Path, int, int]]:
    missed = []
    for flip in flips:
        _flip(*flip)
        if audit(folder, signer).ok:
            missed.append(flip)
        _flip(*flip)
    assert audit(folder, signer).ok
    return missed


def _files(folder: Path) -> list[tuple[Path, int]]:
    return [(path, path.stat().st_size) for path in sorted(folder.rglob("*")) if path.is_file()]


def _kind(path: Path) -> str:
    return "entries" if "entries" in path.parts else path.name


def _lengths(bundle: Path) -> list[int]:
    """Where the length of each entry stands."""
    places, data = [0], bundle.read_bytes()
    while places[-1] < len(data):
        places.append(places[-1] + 2 + int.from_bytes(data[places[-1] : places[-1] + 2]))
    return places[:-1]
