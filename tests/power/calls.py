# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a process asked the system to do with its files, from the log of `strace -f -y -xx`. What cannot be read is a fault."""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
WRITING = "pwrite64,fdatasync,fsync,ftruncate"
"""With what SQLite writes. The other calls that could change a file are watched as well, and refused when they come."""
_WATCHED = f"{WRITING},write,unlink,writev,pwritev,pwritev2,rename,truncate,fallocate"
_CALL = re.compile(r"(\w+)\((.*?)\s*\)\s*= (-?\d+)")


@dataclass(frozen=True, slots=True)
class Call:
    """One call that ended. `file` is what it was about, a path or the name of a pipe; `data` are the bytes to be written."""

    thread: int
    name: str
    descriptor: int | None
    file: str
    data: bytes
    numbers: tuple[int, ...]
    """The other arguments."""
    result: int
    injected: bool


def watched(log: Path, program: Sequence[str], *faults: str, longest: int = 65536) -> subprocess.CompletedProcess[str]:
    """Run a Python module under strace, with these injections, and wait for its end. `longest`: bytes noted of a write."""
    strace = ["strace", "-f", "-qq", "-y", "-xx", "-s", str(longest), "-e", f"trace={_WATCHED}"]
    if not any("signal=" in fault for fault in faults):
        strace.append("--seccomp-bpf")  # only stops for what is watched, but there a signal does not arrive
    inject = [word for fault in faults for word in ("-e", f"inject={fault}")]
    return subprocess.run(
        [*strace, *inject, "-o", str(log), sys.executable, "-m", *program],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip


def calls(lines: Iterable[str]) -> Iterator[Call]:
    """Calls in the order in which they ended. Raises `ValueError` for a line that is none."""
    begun: dict[str, str] = {}
    for line in lines:
        thread, text = line.split(maxsplit=1)
        if text.startswith(("+++", "---")):
            continue
        if "<unfinished ...>" in text:
            begun[thread] = text.partition("<unfinished ...>")[0]
            continue
        if text.startswith("<... "):
            text = begun.pop(thread) + text.partition(" resumed>")[2]
        if "= ?" in text or text.startswith("???("):
            continue  # the process ended in the middle of it
        found = _CALL.match(text)
        if found is None:
            raise ValueError(text)
        yield _call(int(thread), found[1], found[2].split(", "), int(found[3]), injected="(INJECTED)" in text)


def _call(thread: int, name: str, arguments: Sequence[str], result: int, *, injected: bool) -> Call:
    first, *others = arguments
    descriptor, _, path = first.rpartition('"')[0].partition('"') if first.startswith('"') else first.partition("<")
    texts = [argument for argument in others if argument.startswith('"')]
    return Call(
        thread,
        name,
        int(descriptor) if descriptor else None,
        _bytes(path).decode(),
        _bytes(texts[0]) if texts else b"",
        tuple(int(argument) for argument in others if re.fullmatch(r"-?\d+", argument)),
        result,
        injected,
    )


def _bytes(text: str) -> bytes:
    return bytes.fromhex("".join(re.findall(r"\\x([0-9a-f]{2})", text)))
