# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What runs by itself whenever Python starts: `*.pth` files, `sitecustomize` and `usercustomize`.

A package that leaves one is run by every command, whether anything imports it or not, also under `python -I`: releases have been
taken over that way. Nothing of what runs in production needs one, so there each is a fault. Whoever could plant one could
also deceive this check; the image is therefore looked at before anything of it has run (Dockerfile).
"""

import site
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

DEVELOPMENT: Final[Mapping[str, str]] = {
    "_editable_impl_waarmerk.pth": "this project, installed from its folder",
    "distutils-precedence.pth": "setuptools, which `python -m venv` brings along before Python 3.12",
}
"""What an environment made by `./dev` holds, and why."""


def startup_hooks() -> Sequence[Path]:
    """Those of the Python that runs this. What its standard library brings is its distributor's, like all of it."""
    library = {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib")}
    searched = [path for path in map(Path, sys.path) if path.resolve() not in library]
    return sorted({*chain.from_iterable(map(_path_files, _sites())), *chain.from_iterable(map(_modules, searched))})


def _sites() -> Iterator[Path]:
    """The folders whose `.pth` files are run."""
    yield from map(Path, site.getsitepackages())
    if site.ENABLE_USER_SITE:
        yield Path(site.getusersitepackages())


def _path_files(folder: Path) -> Iterator[Path]:
    return folder.glob("*.pth")


def _modules(folder: Path) -> Iterator[Path]:
    for name in ("sitecustomize", "usercustomize"):
        yield from folder.glob(f"{name}.*")
        yield from folder.glob(name)
