# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
from app.domain.errors import Fault
from app.policy.document import read_document
from app.policy.model import Contact
from app.policy.shelf import Placed, Shelf


def test_a_fault_points_into_the_entry() -> None:
    document = read_document("x.yaml", b"things:\n  - email: a\n  - email: b\n    url: c\n")
    placed = Placed(Contact(email="b"), document, ("things", 1))
    assert placed.fault("is wrong", "url") == Fault("x.yaml:4", "is wrong")
    assert placed.fault("is wrong") == Fault("x.yaml:3", "is wrong")


def test_a_new_shelf_is_empty() -> None:
    first, second = Shelf({}), Shelf({})
    first.faults.append(Fault("x", "y"))
    assert second.faults == []
