# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The list of what is in a release (CycloneDX 1.6): every package of requirements.lock, with version, hashes and licence.

`./dev sbom FILE`. The same release gives the same bytes: no moment, no serial number, and no address of a registry.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Write the list, and check it against the standard's own schema."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    parser.add_argument("--no-validate", action="store_true", help="leave out the check, which takes most of the time")
    options = parser.parse_args()
    text = json.dumps(bill(ROOT / "requirements.lock"), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    if not options.no_validate and (faults := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)):
        raise SystemExit(f"This is no CycloneDX 1.6: {faults}")
    options.file.write_text(text, encoding="utf-8")


def bill(lock: Path) -> dict[str, Any]:
    """Of the packages of this lock, with what those that are installed here say of themselves."""
    wanted, found = hashes(lock), installed()
    components = {name_of(part): part for part in found["components"] if name_of(part) in wanted}
    if missing := {name for name, (version, _) in wanted.items() if components.get(name, {}).get("version") != version}:
        raise SystemExit(f"Not installed here as locked: {', '.join(sorted(missing))}")
    references = {part["bom-ref"] for part in components.values()} | {found["metadata"]["component"]["bom-ref"]}
    return {
        **found,
        "components": [described(components[name], wanted[name][1]) for name in sorted(wanted)],
        "dependencies": [
            {**row, "dependsOn": [ref for ref in row.get("dependsOn", ()) if ref in references]}
            for row in found["dependencies"]
            if row["ref"] in references
        ],
        "metadata": {
            **found["metadata"],
            "tools": {"components": [without_addresses(tool) for tool in found["metadata"]["tools"]["components"]]},
        },
    }


def installed() -> Mapping[str, Any]:
    """The whole environment that this runs in, by cyclonedx-py. What is made of it is validated, so this is not."""
    options = ["--output-reproducible", "--spec-version", "1.6", "--no-validate", "--pyproject", "pyproject.toml"]
    run = subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", "environment", *options, sys.executable],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    whole: Mapping[str, Any] = json.loads(run.stdout)
    return whole


def hashes(lock: Path) -> dict[str, tuple[str, Sequence[str]]]:
    """Name, version, and the SHA-256 of each file that may be installed."""
    entries = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)((?:.*\\\n)*.*)", lock.read_text(), re.MULTILINE)
    return {name: (version, re.findall(r"sha256:([0-9a-f]{64})", rest)) for name, version, rest in entries}


def described(component: Mapping[str, Any], files: Sequence[str]) -> dict[str, Any]:
    """With the hashes of its files, by the name under which any registry has them, and with its licence."""
    reference = {
        "type": "distribution",
        "url": component["purl"],
        "comment": "the files that may be installed, one per platform",
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in files],
    }
    own = {
        key: value for key, value in component.items() if key != "properties"
    }  # of the whole environment, not of a release
    return {"licenses": [], **own, "externalReferences": [reference]}


def without_addresses(component: Mapping[str, Any]) -> dict[str, Any]:
    """Without the pages it has on the web."""
    return {key: value for key, value in component.items() if key != "externalReferences"}


def name_of(component: Mapping[str, Any]) -> str:
    """As a lock spells it."""
    return re.sub(r"[-_.]+", "-", component["name"]).lower()


if __name__ == "__main__":
    main()
