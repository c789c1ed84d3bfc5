# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A disk on which only what was synced is certain: what a power failure leaves of the files of one database.

Of the changes that were not synced any may have reached the disk and any may not, whatever their order; a change is whole or
absent. A sync that failed makes nothing certain, and nor does the next: the system may have forgotten those changes
(https://wiki.postgresql.org/wiki/Fsync_Errors).

Not modelled: a write of which some sectors arrive, a file whose directory entry is lost, a disk that lies about a sync.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TypeAlias

from tests.power.calls import Call

_OUT = 1


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes at a place."""

    file: str
    place: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    """A file gets this size."""

    file: str
    size: int


@dataclass(frozen=True, slots=True)
class Remove:
    """A file is gone."""

    file: str


@dataclass(frozen=True, slots=True)
class Sync:
    """What was changed in this file before is certain, if it succeeded."""

    file: str
    succeeded: bool


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """The writer said that these are recorded."""

    records: tuple[str, ...]


Change: TypeAlias = Write | Truncate | Remove
Event: TypeAlias = Change | Sync | Acknowledge


class Disk:
    """Takes events, and says what could be left after the last. `before`: the files as they were, by name, all certain."""

    def __init__(self, before: Mapping[str, bytes]) -> None:
        self._before = before
        self._changes: list[Change] = []
        self._certain: list[bool] = []
        self._unsynced: defaultdict[str, list[int]] = defaultdict(list)

    def take(self, event: Event) -> None:
        """The next thing that happened."""
        match event:
            case Write() | Truncate() | Remove():
                self._unsynced[event.file].append(len(self._changes))
                self._changes.append(event)
                self._certain.append(False)
            case Sync():
                for number in self._unsynced.pop(event.file, ()):
                    self._certain[number] = event.succeeded
            case Acknowledge():
                pass

    def left(self, random: Random) -> Mapping[str, bytes]:
        """The files after a power failure now: what is certain, and an arbitrary part of the rest."""
        files = {name: bytearray(data) for name, data in self._before.items()}
        share = random.random()
        for change, certain in zip(self._changes, self._certain, strict=True):
            if certain or random.random() < share:
                _make(change, files)
        return {name: bytes(data) for name, data in files.items()}


def _make(change: Change, files: dict[str, bytearray]) -> None:
    match change:
        case Write(file, place, data):
            content = files.setdefault(file, bytearray())
            content.extend(bytes(max(0, place - len(content))))
            content[place : place + len(data)] = data
        case Truncate(file, size):
            content = files.setdefault(file, bytearray())
            content.extend(bytes(max(0, size - len(content))))
            del content[size:]
        case Remove(file):
            files.pop(file, None)


def events(calls: Iterable[Call], database: Path) -> Iterator[Event]:
    """What happened to this database and was said of it. Raises `ValueError` for a change of a kind that is not modelled."""
    # SQLite makes the index of the write-ahead log (`-shm`) anew from the log itself when nobody has it open.
    names = {f"{database}{suffix}": f"{database.name}{suffix}" for suffix in ("", "-wal", "-journal")}
    for call in calls:
        if call.name == "write" and call.descriptor == _OUT:
            yield Acknowledge(tuple(call.data.decode().split()))
        elif call.file in names:
            if call.name in {"fdatasync", "fsync"}:
                yield Sync(names[call.file], succeeded=call.result == 0)
            elif call.result >= 0:
                yield _change(call, names[call.file])


def _change(call: Call, file: str) -> Change:
    match call.name, call.numbers:
        case "pwrite64", (length, place):
            if len(call.data) != length:
                raise ValueError(f"{length} bytes were written and {len(call.data)} noted")
            return Write(file, place, call.data[: call.result])
        case "ftruncate", (size,):
            return Truncate(file, size)
        case "unlink", ():
            return Remove(file)
        case _:
            raise ValueError(f"{call.name} of {file} is not modelled")
