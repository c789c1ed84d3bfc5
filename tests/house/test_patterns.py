# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""No pattern of ours can be sent round in circles: a repeat without a bound holds no other one that gives back what it took."""

import importlib
import re
import re._constants as op  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

WITHIN_BOUNDS = {
    "app.upstream.destination._PATH": "each round begins with a slash, which is in no round; and it reads what an operator wrote",
    "watermark.sentences._ITEMS": "is given at most 80 characters, the head of a line",
    "watermark.sentences._WORD": "is given at most 48 characters, and a hyphen stands before each round",
}
FEW = 64
"""A repeat of more than that counts as one without a bound."""


def test_no_repeat_without_a_bound_holds_another(tracked: Callable[..., Sequence[Path]], root: Path) -> None:
    found = dict(patterns(tracked("app/*.py", "watermark/*.py"), root))
    assert len(found) > 40
    circling = {name for name, pattern in found.items() if circles(parser.parse(pattern.pattern, pattern.flags))}
    assert circling == {*WITHIN_BOUNDS}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("(a+)+b", True),
        ("(a*?)*", True),
        ("(?:x|y(?:a{1,99}))*", True),
        ("(?=(a+)+)", True),
        ("(?:[ab]|c)*", False),
        ("(?:a{0,3}b)+", False),
        ("(?:[ab]++c?)*", False),
        ("(?>a+)*", False),
        ("a+b+", False),
    ],
)
def test_a_circle_is_seen(pattern: str, *, expected: bool) -> None:
    assert circles(parser.parse(pattern)) is expected


def patterns(files: Iterable[Path], root: Path) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Every pattern of a module, by its name."""
    for path in files:
        name = ".".join(path.relative_to(root).with_suffix("").parts)
        if "__main__" in name or "migrations" in name:
            continue
        for member, value in vars(importlib.import_module(name.removesuffix(".__init__"))).items():
            values = value.items() if isinstance(value, Mapping) else [("", value)]
            for key, each in values:
                pattern = getattr(each, "__self__", each)  # `re.compile(…).fullmatch`
                if isinstance(pattern, re.Pattern):
                    yield f"{name}.{member}{key and f'[{key!r}]'}", pattern


def circles(tree: Any, *, inside: bool = False) -> bool:  # noqa: ANN401  (the parser of `re` is not typed)
    """Whether a repeat without a bound that gives back stands in another."""
    return any(_circles(code, argument, inside=inside) for code, argument in tree)


def _circles(code: object, argument: Any, *, inside: bool) -> bool:  # noqa: ANN401
    if code in {op.MAX_REPEAT, op.MIN_REPEAT}:
        endless = argument[1] > FEW
        return (endless and inside) or circles(argument[2], inside=inside or endless)
    if code in {op.POSSESSIVE_REPEAT, op.ATOMIC_GROUP}:  # it gives nothing back
        return circles(argument[2] if code is op.POSSESSIVE_REPEAT else argument)
    parts = {op.SUBPATTERN: lambda: [argument[3]], op.BRANCH: lambda: argument[1]}
    assertions = {op.ASSERT: lambda: [argument[1]], op.ASSERT_NOT: lambda: [argument[1]]}
    held = (parts | assertions).get(code, list)()
    return any(circles(each, inside=inside) for each in held)
