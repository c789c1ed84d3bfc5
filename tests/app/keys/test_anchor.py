# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from pathlib import Path

import pytest

from app.domain.ledger import Anchor
from app.keys.anchor import FileAnchor


def test_the_last_note_of_each_organisation_is_remembered(tmp_path: Path) -> None:
    anchor: Anchor = FileAnchor(tmp_path / "anchors")
    assert anchor.latest("gemeente") is None
    anchor.put("gemeente", "first — note\n")
    anchor.put("gemeente", "second — note\n")
    anchor.put("provincie", "other\n")
    again = FileAnchor(tmp_path / "anchors")
    assert (again.latest("gemeente"), again.latest("provincie")) == ("second — note\n", "other\n")


def test_a_name_of_an_organisation_cannot_leave_the_folder(tmp_path: Path) -> None:
    anchor = FileAnchor(tmp_path / "anchors")
    anchor.put("../escaped", "note\n")
    assert anchor.latest("../escaped") == "note\n"
    assert [path.name for path in tmp_path.iterdir()] == ["anchors"]


def test_a_file_that_is_no_text_is_shown_as_it_is_for_the_guard_to_refuse(tmp_path: Path) -> None:
    anchor = FileAnchor(tmp_path)
    (tmp_path / "gemeente.checkpoint").write_bytes(b"\xff\xfe")
    assert anchor.latest("gemeente") == "\ufffd\ufffd"


def test_what_cannot_be_kept_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "gemeente.checkpoint").mkdir()
    with pytest.raises(IsADirectoryError):
        FileAnchor(tmp_path).put("gemeente", "note\n")
    assert [path.name for path in tmp_path.iterdir()] == ["gemeente.checkpoint"]
