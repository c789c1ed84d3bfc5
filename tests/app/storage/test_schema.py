# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from sqlalchemy import LargeBinary

from app.storage.schema import metadata


def test_every_table_of_an_organisation_names_it() -> None:
    without = {name for name, table in metadata.tables.items() if "org" not in table.columns}
    assert without == {"content", "worker"}, "content belongs to an exchange, a worker to nobody"


def test_moments_are_integers_and_no_column_counts_by_itself() -> None:
    for table in metadata.tables.values():
        for column in table.columns:
            assert column.identity is None
            assert column.autoincrement != True  # noqa: E712  "auto" is the default and means nothing on text keys
            assert column.type.python_type in {str, int, bool, bytes}
            assert column.type.python_type is not bytes or isinstance(column.type, LargeBinary)
