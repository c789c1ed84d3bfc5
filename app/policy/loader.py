# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""From two folders to one snapshot. Every fault is collected with its file and line; one fault and nothing is loaded."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from pydantic import ValidationError

from app.domain.decision import Deployment
from app.domain.errors import Fault, PolicyInvalid
from app.policy.application import Application
from app.policy.catalogue import CatalogueFile
from app.policy.disclosure import DisclosuresFile
from app.policy.document import Document, DocumentInvalid, Path, read_document
from app.policy.model import Entry
from app.policy.organisation import Contract, DeploymentEntry, DeploymentsFile, Organisation
from app.policy.predicates import bind
from app.policy.references import check_references
from app.policy.review import ReviewFile
from app.policy.rule import CasesFile, RulesFile
from app.policy.shelf import Placed, Shelf
from app.policy.snapshot import PolicySnapshot

Stamp: TypeAlias = "tuple[tuple[str, int, int], ...]"

E = TypeVar("E", bound=Entry)


Check: TypeAlias = Callable[[Deployment], None]
"""The address rule of the way out: whether a socket could ever be opened for this. Raises `PolicyInvalid`."""


def accept(_deployment: Deployment) -> None:
    """No address rule: for who only reads and tests policy."""


def load_policy(
    baseline: FilePath, folder: FilePath, variables: Mapping[str, str] | None = None, check: Check = accept
) -> PolicySnapshot:
    """Read and judge everything. `variables` fill `${NAME}` in `deployments.yaml`.

    Raises `PolicyInvalid` with all faults, each with a pointer `file:line`.
    """
    shelf = Shelf(variables or {})
    digest = hashlib.sha256(b"waarmerk policy\n")
    for name, value in sorted(shelf.variables.items()):
        _absorb(digest.update, f"${name}", value.encode())
    for title, root, readers in (("baseline", baseline, _BASELINE), (folder.name, folder, _FOLDER)):
        for path in _files(root, title, shelf):
            _read(path, f"{title}/{path.relative_to(root).as_posix()}", readers, shelf, digest.update)
    check_references(shelf)
    shelf.faults += [fault for placed in shelf.deployments for fault in _unreachable(placed, check)]
    if shelf.faults:
        raise PolicyInvalid(*shelf.faults)
    return _snapshot(shelf, digest.hexdigest())


def _unreachable(placed: Placed[DeploymentEntry], check: Check) -> Iterable[Fault]:
    try:
        check(placed.entry.of("-"))
    except PolicyInvalid as error:
        for fault in error.faults:
            key = fault.pointer.rpartition("/")[2]
            yield placed.fault(f"{key}: {fault.detail}", key)


def stamp(*folders: FilePath) -> Stamp:
    """A cheap look at all files: name, time of change in nanoseconds, size. Another stamp means that something changed."""
    seen: list[tuple[str, int, int]] = []
    for folder in folders:
        for path in _yaml_files(folder):
            try:
                state = path.stat()
            except OSError:
                seen.append((str(path), 0, 0))
            else:
                seen.append((str(path), state.st_mtime_ns, state.st_size))
    return tuple(seen)


def _yaml_files(root: FilePath) -> list[FilePath]:
    """All YAML files in it, three folders deep.

    Links are followed and hidden folders are not entered: a mounted ConfigMap shows its files through links into one.
    """
    found: list[FilePath] = []
    for folder, inside, names in os.walk(root, followlinks=True):
        deep = len(FilePath(folder).relative_to(root).parts) >= 3
        inside[:] = [] if deep else [name for name in inside if not name.startswith(".")]
        found += [FilePath(folder, name) for name in names if name.endswith((".yaml", ".yml")) and name[0] != "."]
    return sorted(found)


def _files(root: FilePath, title: str, shelf: Shelf) -> list[FilePath]:
    if not root.is_dir():
        shelf.faults.append(Fault(f"{title}:0", f"there is no folder {root}"))
    return _yaml_files(root)


def _read(
    path: FilePath, name: str, readers: "Mapping[str, Reader]", shelf: Shelf, update: Callable[[bytes], None]
) -> None:
    inside = name.split("/", 1)[1]
    reader = readers.get(inside) or readers.get(f"{inside.rpartition('/')[0]}/*.yaml" if path.suffix == ".yaml" else "")
    if reader is None:
        shelf.faults.append(Fault(f"{name}:1", f"nothing reads this file; known are {', '.join(readers)}"))
        return
    try:
        data = path.read_bytes()
        _absorb(update, name, data)
        document = read_document(name, data, shelf.variables if inside == "deployments.yaml" else None)
    except DocumentInvalid as error:
        shelf.faults.append(error.fault)
    except OSError as error:
        shelf.faults.append(Fault(f"{name}:1", f"cannot be read: {error.strerror}"))
    else:
        reader(document, shelf)


def _absorb(update: Callable[[bytes], None], name: str, data: bytes) -> None:
    """Names and lengths too: two files never read as one."""
    update(f"{name}\0{len(data)}\0".encode())
    update(data)


def _parse(model: type[E], document: Document, shelf: Shelf) -> E | None:
    """By way of JSON: there, pydantic's strict mode takes text for a date or a word of a closed set, and nothing else."""
    try:
        return model.model_validate_json(json.dumps(document.tree))
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_context=False, include_input=False):
            shelf.faults.append(document.fault(fault["loc"], _said(fault["loc"], fault["type"], fault["msg"])))
        return None


def _said(path: Path, kind: str, message: str) -> str:
    place = ".".join(str(part) for part in path) or "the file"
    if kind == "extra_forbidden":
        return f"{place}: there is no such key; look for a spelling mistake"
    if kind == "missing":
        return f"{place}: is missing"
    return f"{place}: {message.removeprefix('Value error, ')}"


def _catalogue(document: Document, shelf: Shelf) -> None:
    if read := _parse(CatalogueFile, document, shelf):
        _place(shelf.providers, read.providers, document, "providers")


def _disclosures(document: Document, shelf: Shelf) -> None:
    if read := _parse(DisclosuresFile, document, shelf):
        shelf.disclosures.append(Placed(read, document))


def _review(document: Document, shelf: Shelf) -> None:
    if read := _parse(ReviewFile, document, shelf):
        shelf.reviews.append(Placed(read, document))


def _rules(document: Document, shelf: Shelf) -> None:
    if read := _parse(RulesFile, document, shelf):
        _place(shelf.rules, read.rules, document, "rules")
        _place(shelf.observed, read.observe, document, "observe")


def _organisation(document: Document, shelf: Shelf) -> None:
    if read := _parse(Organisation, document, shelf):
        shelf.organisations.append(Placed(read, document))


def _contract(document: Document, shelf: Shelf) -> None:
    if read := _parse(Contract, document, shelf):
        shelf.contracts.append(Placed(read, document))


def _deployments(document: Document, shelf: Shelf) -> None:
    if read := _parse(DeploymentsFile, document, shelf):
        _place(shelf.deployments, read.deployments, document, "deployments")


def _application(document: Document, shelf: Shelf) -> None:
    if read := _parse(Application, document, shelf):
        shelf.applications.append(Placed(read, document))


def _cases(document: Document, shelf: Shelf) -> None:
    if read := _parse(CasesFile, document, shelf):
        _place(shelf.cases, read.cases, document, "cases")


def _place(shelf: list[Placed[E]], entries: Iterable[E], document: Document, key: str) -> None:
    shelf.extend(Placed(entry, document, (key, index)) for index, entry in enumerate(entries))


Reader: TypeAlias = Callable[[Document, Shelf], None]

_BASELINE: Mapping[str, Reader] = {
    "catalogue/*.yaml": _catalogue,
    "disclosures/*.yaml": _disclosures,
    "review.yaml": _review,
    "rules.yaml": _rules,
}
_FOLDER: Mapping[str, Reader] = {
    "organisations/*.yaml": _organisation,
    "contracts/*.yaml": _contract,
    "deployments.yaml": _deployments,
    "applications/*.yaml": _application,
    "rules.yaml": _rules,
    "cases.yaml": _cases,
}


def _snapshot(shelf: Shelf, sha256: str) -> PolicySnapshot:
    return PolicySnapshot(
        sha256=sha256,
        providers=MappingProxyType({placed.entry.id: placed.entry for placed in shelf.providers}),
        contracts=MappingProxyType({placed.entry.id: placed.entry for placed in shelf.contracts}),
        deployments=MappingProxyType({placed.entry.id: placed.entry for placed in shelf.deployments}),
        organisations=MappingProxyType({placed.entry.id: placed.entry for placed in shelf.organisations}),
        applications=MappingProxyType(
            {(placed.entry.organisation, placed.entry.id): placed.entry for placed in shelf.applications}
        ),
        rules=tuple(bind(placed.entry) for placed in shelf.rules),
        observed=MappingProxyType(
            {(placed.entry.organisation, placed.entry.rule): placed.entry for placed in shelf.observed}
        ),
        disclosures=MappingProxyType({placed.entry.language: placed.entry for placed in shelf.disclosures}),
        review_classes=shelf.reviews[0].entry.of(),
        cases=tuple(placed.entry for placed in shelf.cases),
    )
