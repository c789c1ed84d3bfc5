# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Strict YAML: a small, unambiguous part of the language, with the line of everything that was read.

Only mappings with text keys, lists, text, whole numbers, `true`, `false` and `null`. `NO` is a country, `1.10` is a text and `012`
is a text, because YAML 1.1 reads them otherwise and a policy must not. Anchors, aliases, tags, merge keys, several documents and
duplicate keys are faults.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import yaml
from typing_extensions import override

from app.domain.errors import Fault
from app.domain.json import Json

MAX_BYTES = 512 * 1024
MAX_DEPTH = 24

Path: TypeAlias = "tuple[str | int, ...]"

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_PLACEHOLDER = re.compile(r"\$\{([A-Z][A-Z0-9_]*)(?::-([^${}]*))?\}")
_WORDS: Mapping[str, Json] = {"true": True, "false": False, "null": None, "~": None, "": None}


class DocumentInvalid(Exception):
    """A file that is not strict YAML; `fault` points at the line."""

    def __init__(self, name: str, line: int, detail: str) -> None:
        self.fault = Fault(f"{name}:{line}", detail)
        super().__init__(detail)


@dataclass(frozen=True, slots=True)
class Document:
    """One file as a tree, with the line (from 1) of each node by its path."""

    name: str
    tree: Json
    lines: Mapping[Path, int]

    def fault(self, path: Path, detail: str) -> Fault:
        """A fault at this path, or at the nearest node above it that was written down."""
        while path not in self.lines:
            path = path[:-1]
        return Fault(f"{self.name}:{self.lines[path]}", detail)


def read_document(name: str, data: bytes, variables: Mapping[str, str] | None = None) -> Document:
    """Read one file. `variables` fill scalars that are exactly `${NAME}` or `${NAME:-default}`; None: it takes none.

    Raises `DocumentInvalid` at the first thing that is not strict YAML.
    """
    if len(data) > MAX_BYTES:
        raise DocumentInvalid(name, 1, f"is larger than {MAX_BYTES} bytes; split it")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DocumentInvalid(name, data[: error.start].count(b"\n") + 1, "is not UTF-8") from None
    builder = _Builder(name, variables)
    try:
        builder.run(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DocumentInvalid(name, mark.line + 1 if mark else 1, f"is not YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise DocumentInvalid(name, 1, f"is not YAML: {type(error).__name__}") from None
    return Document(name, builder.tree, builder.lines)


class _Loader(yaml.SafeLoader):
    """Looks no deeper ahead than may be read: the scanner's work for brackets grows with the square of their depth."""

    @override
    def fetch_flow_collection_start(self, TokenClass: type[yaml.Token]) -> None:
        if self.flow_level > MAX_DEPTH:
            raise yaml.MarkedYAMLError(problem=f"nested more than {MAX_DEPTH} deep", problem_mark=self.get_mark())
        super().fetch_flow_collection_start(TokenClass)


def _line(event: yaml.Event) -> int:
    """The line on which it starts, from 1."""
    return event.start_mark.line + 1 if event.start_mark else 1


class _Builder:
    """Builds the tree from parser events: anchors and tags are seen before they can do anything."""

    def __init__(self, name: str, variables: Mapping[str, str] | None) -> None:
        self.tree: Json = None
        self.lines: dict[Path, int] = {(): 1}
        self._name = name
        self._variables = variables

    def run(self, events: Iterator[yaml.Event]) -> None:
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._invalid(event, "holds a second document; use one per file")
            elif isinstance(event, yaml.NodeEvent):
                self.tree = self._node(event, events, ())
        if not documents:
            raise DocumentInvalid(self._name, 1, "is empty")

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path) -> Json:
        self._require_plain_node(event, path)
        self.lines.setdefault(path, _line(event))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path)
        return self._mapping(events, path)

    def _require_plain_node(self, event: yaml.Event, path: Path) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise self._invalid(event, "uses an anchor or alias (& or *); write the value out")
        if getattr(event, "tag", None) is not None:
            raise self._invalid(event, "uses a tag (!); write plain values")
        if len(path) > MAX_DEPTH:
            raise self._invalid(event, f"is nested more than {MAX_DEPTH} deep")

    def _sequence(self, events: Iterator[yaml.Event], path: Path) -> Json:
        items: list[Json] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._node(event, events, (*path, len(items))))
        return items

    def _mapping(self, events: Iterator[yaml.Event], path: Path) -> Json:
        members: dict[str, Json] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._key(event, path)
            if key in members:
                raise self._invalid(event, f"has the key '{key}' twice (first on line {self.lines[(*path, key)]})")
            self.lines[*path, key] = _line(event)
            members[key] = self._node(next(events), events, (*path, key))
        return members

    def _key(self, event: yaml.Event, path: Path) -> str:
        self._require_plain_node(event, path)
        if not isinstance(event, yaml.ScalarEvent):
            raise self._invalid(event, "has a key that is not text")
        if event.value == "<<":
            raise self._invalid(event, "uses a merge key (<<); write the values out")
        return str(event.value)

    def _scalar(self, event: yaml.ScalarEvent) -> Json:
        text: str = event.value
        if event.style is not None:
            return text
        if "${" in text:
            text = self._variable(event, text)
        if text in _WORDS:
            return _WORDS[text]
        return int(text) if _WHOLE.fullmatch(text) else text

    def _variable(self, event: yaml.ScalarEvent, text: str) -> str:
        match = _PLACEHOLDER.fullmatch(text)
        if self._variables is None or match is None:
            raise self._invalid(event, "uses ${…}; only a whole value in deployments.yaml may")
        default: str | None = match[2]
        value = self._variables.get(match[1]) or default
        if value is None:
            known = ", ".join(sorted(self._variables)) or "none"
            raise self._invalid(event, f"uses ${{{match[1]}}}, which is not set (known: {known})")
        return value

    def _invalid(self, event: yaml.Event, detail: str) -> DocumentInvalid:
        return DocumentInvalid(self._name, _line(event), detail)
