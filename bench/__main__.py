# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`./dev bench`: what Waarmerk costs beside nginx and LiteLLM, in one run on this machine. bench/README.md says how to read it."""

import argparse
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench import targets
from bench.comparison import batches, compare
from bench.report import absolutes, goals
from bench.tools import BUILT, build, install, require


def main() -> None:
    """Measure, and write what was found."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="nginx and Waarmerk only, about a minute; nothing is kept")
    asked = parser.parse_args()
    require()
    build()
    if not asked.quick:
        install()
    BUILT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILT, prefix="run-") as folder:
        result = measure(Path(folder), quick=asked.quick)
    print(f"\n{goals(result)}\n\n{absolutes(result)}")


def measure(folder: Path, *, quick: bool) -> dict[str, object]:
    for name in ("nginx", "litellm", "waarmerk"):
        (folder / name).mkdir()
    with ExitStack() as stack:
        model = stack.enter_context(targets.direct())
        others = [targets.nginx(folder / "nginx", model.port), targets.waarmerk(folder / "waarmerk", model.port)]
        if not quick:
            others.append(targets.litellm(folder / "litellm", model.port))
        compared = [model, *map(stack.enter_context, others)]
        found = compare(compared, model, 2 if quick else 3, 1 if quick else 2)
    closed = list(batches(folder / "waarmerk" / "waarmerk.log"))
    return {"comparison": found, "batches": closed}


if __name__ == "__main__":
    main()
