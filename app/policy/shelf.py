# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What has been read from the folders and not yet been judged as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from app.domain.errors import Fault
from app.policy.application import Application
from app.policy.catalogue import Provider
from app.policy.disclosure import DisclosuresFile
from app.policy.document import Document, Path
from app.policy.model import Entry
from app.policy.organisation import Contract, DeploymentEntry, Organisation
from app.policy.review import ReviewFile
from app.policy.rule import Case, Observe, Rule

E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Placed(Generic[E]):
    """An entry, and where it was written down."""

    entry: E
    document: Document
    path: Path = ()

    def fault(self, detail: str, *path: str | int) -> Fault:
        """A fault in this entry, at the key named."""
        return self.document.fault((*self.path, *path), detail)


@dataclass(slots=True)
class Shelf:
    """What was read so far, and what was wrong with it."""

    variables: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)
    providers: list[Placed[Provider]] = field(default_factory=list)
    disclosures: list[Placed[DisclosuresFile]] = field(default_factory=list)
    reviews: list[Placed[ReviewFile]] = field(default_factory=list)
    rules: list[Placed[Rule]] = field(default_factory=list)
    observed: list[Placed[Observe]] = field(default_factory=list)
    organisations: list[Placed[Organisation]] = field(default_factory=list)
    contracts: list[Placed[Contract]] = field(default_factory=list)
    deployments: list[Placed[DeploymentEntry]] = field(default_factory=list)
    applications: list[Placed[Application]] = field(default_factory=list)
    cases: list[Placed[Case]] = field(default_factory=list)
