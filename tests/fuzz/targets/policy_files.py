# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Policy files: a policy or all faults with their lines, whatever the bytes are."""

import atexit
import shutil
import tempfile
from pathlib import Path
from typing import Final

import policies
from app.domain.errors import PolicyInvalid
from app.policy.document import DocumentInvalid, read_document
from app.policy.loader import load_policy

_SHIPPED: Final = Path(policies.__file__).parent
_FILES: Final = (
    "baseline/catalogue/mistral.yaml",
    "baseline/disclosures/en.yaml",
    "baseline/review.yaml",
    "baseline/rules.yaml",
    "example/organisations/gemeente-voorbeeld.yaml",
    "example/contracts/voorbeeld-2026-scaleway.yaml",
    "example/deployments.yaml",
    "example/applications/balie.yaml",
    "example/rules.yaml",
    "example/cases.yaml",
)
_EXOTIC: Final = (
    b"a: &a [x, x]\nb: *a\n",
    b"a: !!python/object/apply:os.system [ls]\n",
    b"{a: {a: {a: {a: [[[[[[1]]]]]]}}}}",
    b"<<: {a: 1}\n? [a]\n: b\n",
    b"a: 012\nb: NO\nc: 1.10\nd: ${X:-y}\ne: |\n  tekst\nf: >-\n  meer\n---\ng: 1\n",
    b"[" * 2000,
    b'%YAML 1.2\n---\na: "\\x41\\u00e9\\U0001F642"\n',
)
SEEDS: Final = tuple(
    bytes([number]) + ((_SHIPPED / name).read_bytes()[:1500] if (_SHIPPED / name).is_file() else b"")
    for number, name in enumerate(_FILES)
) + tuple(b"\x06" + data for data in _EXOTIC)

_FOLDER: Final = Path(tempfile.mkdtemp(prefix="waarmerk-"))
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)


def run(data: bytes) -> None:
    """The first byte says which file of a folder with no others it is."""
    name, content = _FILES[(data[:1] or b"\0")[0] % len(_FILES)], data[1:]
    try:
        document = read_document(name, content, {"PORT": "1"})
    except DocumentInvalid as error:
        place, _, line = error.fault.pointer.rpartition(":")
        assert place == name
        assert 1 <= int(line) <= content.count(b"\n") + content.count(b"\r") + content.count(b"\xc2\x85") + 3
        return
    assert min(document.lines.values()) >= 1
    file = _FOLDER / name
    file.parent.mkdir(parents=True, exist_ok=True)
    for folder in ("baseline", "example"):
        (_FOLDER / folder).mkdir(exist_ok=True)
    file.write_bytes(content)
    try:
        load_policy(_FOLDER / "baseline", _FOLDER / "example", {"PORT": "1"})
    except PolicyInvalid as error:
        assert error.faults  # noqa: PT017  no pytest looks on
    finally:
        file.unlink()
