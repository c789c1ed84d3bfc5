# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from dataclasses import replace

import pytest

from app.domain.ledger import TreeHead
from app.domain.record import Record, RecordType
from app.evidence.checkpoint import Checkpoint
from app.evidence.checkpointer import Checkpointer
from app.evidence.note import VerifierKey
from app.evidence.record import encode
from app.evidence.tree import fold, leaf, root
from app.evidence.verify import MOST, Report, Trust, verify_log
from app.keys.signer import FileKeySigner, check_signature
from tests.memory_log import BEGIN, HOST, ORGANISATION, MemoryAnchor, MemoryLog, story

ORIGIN = f"{HOST}/{ORGANISATION}"


async def signed_log(signer: FileKeySigner) -> MemoryLog:
    """Fifteen calls, with a checkpoint after every five of them: at 10, 20 and 30 entries."""
    log = MemoryLog()
    issuer = Checkpointer(log, log, MemoryAnchor(), signer=signer, check=check_signature, host=HOST)
    for first in range(0, 15, 5):
        log.append(*story(5, first))
        await issuer.issue(ORGANISATION)
    return log


def audit(log: MemoryLog, signer: FileKeySigner, *kept: str, exactly: bool = True) -> Report:
    trust = Trust(ORIGIN, [VerifierKey(ORIGIN, signer.public_key)], check_signature)
    leaves = log.leaves() if exactly else None
    return verify_log(log, ORGANISATION, log.published(ORGANISATION), trust, kept=kept, leaves=leaves)


def first(report: Report) -> tuple[int | None, str]:
    return report.discrepancies[0].index, report.discrepancies[0].sentence


def renumber(log: MemoryLog) -> None:
    log.rows = [(index, *row[1:]) for index, row in enumerate(log.rows)]


def rebuild(log: MemoryLog) -> None:
    """As somebody with the database and without the key would: everything agrees with everything, except with what was signed."""
    renumber(log)
    log.rows = [(index, record, data, leaf(data)) for index, record, data, _ in log.rows]
    log.kept_head = fold(TreeHead(), [row[3] for row in log.rows])


async def test_a_log_as_it_was_written_is_in_order(signer: FileKeySigner) -> None:
    log = await signed_log(signer)
    for exactly in (True, False):
        report = audit(log, signer, exactly=exactly)
        assert report == Report(ORGANISATION, 30, root(log.kept_head).hex(), 3, 30, 0, ())
        assert report.ok


def test_an_empty_log_is_in_order(signer: FileKeySigner) -> None:
    assert audit(MemoryLog(), signer).ok


def test_entries_after_the_last_checkpoint_are_counted(signer: FileKeySigner) -> None:
    report = audit(MemoryLog(story(3)), signer)
    assert (report.ok, report.entries, report.signed) == (True, 6, 0)


async def test_a_flipped_bit_in_any_entry_is_found_and_named(signer: FileKeySigner) -> None:
    log = await signed_log(signer)
    for place, row in enumerate(log.rows):
        for offset in range(0, len(row[2]), 37):
            data = bytearray(row[2])
            data[offset] ^= 1
            log.rows[place] = (row[0], row[1], bytes(data), row[3])
            assert first(audit(log, signer))[0] == place
            between = audit(log, signer, exactly=False)
            assert not between.ok
            assert first(between)[0] in (place, place + 1, place // 10 * 10), (
                "itself, what no longer follows it, or a range"
            )
        log.rows[place] = row


async def test_an_altered_entry_with_an_altered_hash_is_found_between_two_checkpoints(signer: FileKeySigner) -> None:
    log = await signed_log(signer)
    index, record, data, _ = log.rows[14]
    log.rows[14] = (index, record, data.replace(b'"stream":true', b'"stream":false'), b"")
    assert log.rows[14][2] != data
    rebuild(log)
    place, sentence = first(audit(log, signer))
    assert place == 10
    assert sentence == (
        "Entries 10 to 19 are not what was signed: among them one was altered, taken out, put in or moved."
        " The checkpoint of 10 entries is right, that of 20 is not."
    )


async def test_a_deleted_entry_is_found_and_named(signer: FileKeySigner) -> None:
    log = await signed_log(signer)
    del log.rows[13:15]
    assert first(audit(log, signer)) == (13, "Entries 13 to 14 are missing.")
    log = await signed_log(signer)
    del log.rows[13]
    assert first(audit(log, signer)) == (13, "Entry 13 is missing.")


async def test_a_deleted_call_is_found_when_everything_else_was_made_to_fit(signer: FileKeySigner) -> None:
    log = await signed_log(signer)
    del log.rows[12:14]
    rebuild(log)
    report = audit(log, signer)
    assert first(report)[0] == 10
    assert "30 entries was signed, and there are 28" in report.discrepancies[-1].sentence


async def test_swapped_entries_are_found(signer: FileKeySigner) -> None:
    log = await signed_log(signer)
    twelve, thirteen = log.rows[12], log.rows[13]
    log.rows[12], log.rows[13] = (12, *thirteen[1:]), (13, *twelve[1:])
    assert first(audit(log, signer))[0] == 12
    assert "which is not opened before it" in first(audit(log, signer))[1]
    log = await signed_log(signer)
    log.rows[12], log.rows[16] = (12, *log.rows[16][1:]), (16, *log.rows[12][1:])
    rebuild(log)
    assert not audit(log, signer).ok


async def test_swapped_bytes_are_found_and_named(signer: FileKeySigner) -> None:
    log = await signed_log(signer)
    twelve, fourteen = log.rows[12], log.rows[14]
    log.rows[12], log.rows[14] = (12, twelve[1], fourteen[2], fourteen[3]), (14, fourteen[1], twelve[2], twelve[3])
    assert first(audit(log, signer)) == (12, "Entry 12: it stands under the id of another record.")


async def test_an_inserted_entry_is_found(signer: FileKeySigner) -> None:
    log = await signed_log(signer)
    forged = Record(RecordType.POLICY_LOADED, "rec_forged", BEGIN, ORGANISATION, body={"policy": "0"})
    data = encode(forged)
    log.rows.insert(12, (12, forged.id, data, leaf(data)))
    rebuild(log)
    assert first(audit(log, signer))[0] == 10


async def test_a_duplicated_entry_is_found_and_named(signer: FileKeySigner) -> None:
    log = await signed_log(signer)
    log.rows.insert(12, log.rows[4])
    rebuild(log)
    assert first(audit(log, signer)) == (12, "Entry 12: it has the id of entry 4: it was put in twice.")
    log = await signed_log(signer)
    log.rows.append(log.rows[4])
    assert first(audit(log, signer)) == (4, "Entry 4 is there twice, or stands in the wrong place.")


async def test_a_log_that_was_cut_off_is_found(signer: FileKeySigner) -> None:
    log = await signed_log(signer)
    del log.rows[26:]
    assert first(audit(log, signer)) == (
        26,
        "The head of the log counts 30 entries, and there are 26: 4 were taken out.",
    )
    rebuild(log)
    assert first(audit(log, signer))[1].startswith("A checkpoint of 30 entries was signed, and there are 26")


async def test_a_log_whose_checkpoints_were_cut_off_too_is_found_against_one_that_was_kept(
    signer: FileKeySigner,
) -> None:
    log = await signed_log(signer)
    kept = log.notes.pop(30)
    del log.rows[26:]
    rebuild(log)
    assert audit(log, signer).ok, "without a checkpoint from outside this cannot be seen"
    assert first(audit(log, signer, kept))[0] == 26
    assert not audit(log, signer, kept).ok


async def test_a_head_that_is_not_of_these_entries_is_found(signer: FileKeySigner) -> None:
    log = await signed_log(signer)
    log.kept_head = replace(log.kept_head, nodes=(bytes(32), *log.kept_head.nodes[1:]))
    assert first(audit(log, signer)) == (None, "The head of the log is not the head of these entries.")


async def test_a_forged_checkpoint_is_found(signer: FileKeySigner) -> None:
    log = await signed_log(signer)
    log.notes[20] = log.notes[20].replace("\n20\n", "\n19\n")
    assert first(audit(log, signer))[1].startswith("The checkpoint of 20 entries cannot be trusted: the signature of")
    log.notes[20] = log.notes[10]
    assert first(audit(log, signer))[1] == "The checkpoint of 20 entries belongs to another log or another size."


async def test_two_histories_that_were_both_signed_are_found(signer: FileKeySigner) -> None:
    log = await signed_log(signer)
    other = Checkpoint(ORIGIN, 20, bytes(32)).sign(signer)
    assert "there are two histories" in first(audit(log, signer, other))[1]


async def test_a_checkpoint_of_another_log_vouches_for_nothing(signer: FileKeySigner) -> None:
    log = await signed_log(signer)
    trust = Trust(f"{HOST}/other", [VerifierKey(ORIGIN, signer.public_key)], check_signature)
    report = verify_log(log, ORGANISATION, log.published(ORGANISATION), trust)
    assert (report.checkpoints, report.ok) == (0, False)


async def test_a_report_lists_the_first_discrepancies_only(signer: FileKeySigner) -> None:
    log = await signed_log(signer)
    log.rows = [(index, record, data[:-1], noted) for index, record, data, noted in log.rows]
    assert len(audit(log, signer).discrepancies) == MOST


def test_an_exchange_that_runs_is_not_a_discrepancy(signer: FileKeySigner) -> None:
    log = MemoryLog(list(story(3))[:-1])
    assert (audit(log, signer).ok, audit(log, signer).open_exchanges) == (True, 1)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 255, 256, 257, 1000])
def test_the_auditor_computes_the_root_that_the_writer_computes(size: int, signer: FileKeySigner) -> None:
    log = MemoryLog(list(story(size // 2 + 1))[:size])
    report = audit(log, signer)
    assert (report.ok, report.root) == (True, root(log.kept_head).hex())
