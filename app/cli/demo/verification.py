# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A step about the public: a published text is verified by its code, by itself, and by its manifest."""

import subprocess
import sys
from pathlib import Path

from app.cli.demo import screen
from app.cli.demo.expectation import expect
from app.cli.demo.scene import Scene

_CHANGED = "An invented sentence that was put in afterwards."


def checked(scene: Scene) -> str:
    """By code, by text and by manifest; and a changed text is not the same."""
    code, text = scene.kept("code"), scene.kept("text")
    _by_code(scene, code)
    _by_text(scene, code, text)
    _by_manifest(scene, code, text)
    return "verified by code, by text and by manifest; a changed text was noticed each time"


def _by_code(scene: Scene, code: str) -> None:
    screen.say("Without signing in, anybody can open the address that stands under the text:")
    screen.show(f"{scene.home.settings.public_address}/v/{code}")
    page = scene.visitor().visit(f"/v/{code}")
    expect(page.status == 200 and code in page.text, f"The page of {code} was not there.")


def _by_text(scene: Scene, code: str, text: str) -> None:
    screen.say("Or paste the text, whole or in part. First as it was published, then with a sentence put in:")
    visitor = scene.visitor()
    same, changed = (visitor.ask("/api/v1/verifications", {"text": each}) for each in (text, f"{text}\n{_CHANGED}"))
    comparisons = [comparison_of(report, code) for report in (same, changed)]
    screen.fact("as published", comparisons[0])
    screen.fact("changed", comparisons[1])
    expect(comparisons[0] == "same", f"The published text is {comparisons[0]}, not the same.")
    expect(comparisons[1] == "different", f"The changed text is {comparisons[1]}, not different.")


def comparison_of(report: object, code: str) -> str:
    """How the text compares with what left under this code, in the word of the report."""
    codes = report.get("codes", []) if isinstance(report, dict) else []
    return next((str(each.get("comparison")) for each in codes if each.get("code") == code), "unknown")


def _by_manifest(scene: Scene, code: str, text: str) -> None:
    screen.say(
        "A program reads the C2PA manifest beside the text, which says what was done with it and is signed. With the tool that"
        " comes with Waarmerk, and without asking Waarmerk anything but the manifest:"
    )
    store = scene.home.folder / "published.c2pa"
    store.write_bytes(scene.visitor().download(f"/c2pa/v1/manifests/{code}"))
    published, changed = scene.home.folder / "published.txt", scene.home.folder / "changed.txt"
    published.write_bytes(text.encode())
    changed.write_bytes(f"{text}\n{_CHANGED}".encode())
    verdicts = [_verdict(scene, path, store) for path in (published, changed)]
    screen.show(verdicts[0])
    expect("Trusted" in verdicts[0], "The manifest of the published text is not trusted.")
    expect("Trusted" not in verdicts[1], "The manifest still fits a changed text.")


def _verdict(scene: Scene, text: Path, store: Path) -> str:
    root = str(scene.home.folder / "keys" / "root.pem")
    command = [sys.executable, "-P", "-m", "watermark", "verify", str(text), "--manifest", str(store), "--trust", root]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # nosec B603  # our own module
    return (ended.stdout + ended.stderr).strip()
