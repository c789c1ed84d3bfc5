# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The log, exchanges, holds, outputs, accounts, keys and stops in SQLite or PostgreSQL: adapters of the ports in `app.domain.ledger`.

    database.Database(url)                                  one per process, shared by everything below; .check(), .close()
    migrate.migrate(url) / .pending(url) -> Sequence[str]   steps taken / steps to take
    migrate.require_current(database)                       damaged, older or newer: EvidenceUnavailable; call before serving
    ledger.SqlLedger(database, organisation, *, encode, leaf, fold, queue=10_000, timeout=2.0, linger=0.002)
                                                            `async with` it: Ledger and Workers (`beat()` once a second)
    access.SqlAccessStore(database, organisation)           AccessStore
    accounts.SqlAccountReader(database, organisation)       AccountReader
    holds.SqlHoldReader(database, organisation)             HoldReader
    outputs.SqlOutputReader(database, organisation)         OutputReader
    log.SqlLogReader(database)                              LogReader
    log.SqlCheckpoints(database)                            Checkpoints
    log.SqlContentReader(database)                          ContentReader
    dump.dump(database, file: BinaryIO) -> Mapping[str, int]       every table as JSON lines, from one moment; rows per table
    dump.restore(file: BinaryIO, database) -> Mapping[str, int]    into an empty, migrated database of either engine

Each raises `EvidenceUnavailable` when the database does not do what was asked.
"""
