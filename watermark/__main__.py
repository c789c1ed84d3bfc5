# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`python -m watermark mark|verify FILE`, for a text file in UTF-8. Nothing is looked up and nothing is stored."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from watermark import label, stream, text, verify
from watermark.errors import ManifestError
from watermark.manifest import ManifestState, read_text
from watermark.model import Disclosure, Mark, Version


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 marked, or a valid mark found; 1 none found; 2 an argument or a file is wrong.

    With a manifest the manifest decides: 0 trusted, 1 not.
    """
    options = _parser().parse_args(arguments)
    try:
        content = _read(options.file)
        status, said = _mark(options, content) if options.command == "mark" else _verify(options, content)
    except (OSError, ValueError, ManifestError) as error:
        sys.stderr.write(f"{options.file}: {error}\n")
        return 2
    sys.stdout.buffer.write(said.encode())
    sys.stdout.flush()
    return status


def _mark(options: argparse.Namespace, content: str) -> tuple[int, str]:
    """The marked text."""
    key = _key(options.key)
    mark = Mark.of_code(options.code, Version.KEYED if key else Version.OPEN)
    insertion = text.insertion(mark, key, text.Carrier(options.carrier))
    opening = closing = ""
    if options.texts is not None:
        shown = _disclosures(options.texts)
        disclosure = next((each for each in shown if each.language == options.language), None)
        if disclosure is None:
            raise ValueError(f"{options.texts} has no text in {options.language}")
        opening = label.opening(disclosure)
        closing = label.closing(disclosure, mark.code, options.origin)
    return 0, stream.mark(content, opening, closing, insertion)


def _verify(options: argparse.Namespace, content: str) -> tuple[int, str]:
    """What was found, in sentences."""
    key = _key(options.key)
    lines = None
    if options.origin:
        lines = label.OwnLines(_disclosures(options.texts) if options.texts is not None else [], options.origin)
    report = verify.inspect(content, lines, {options.key.name: key} if key else {})
    holds, said = bool(report.codes), [*verify.explain(report, content)]
    if options.manifest is not None:
        anchors = options.trust.read_text("ascii") if options.trust is not None else ""
        manifest = read_text(content, options.manifest.read_bytes(), anchors)
        holds = manifest.state is ManifestState.TRUSTED
        said += verify.explain_manifest(manifest)
    return (0 if holds else 1), "".join(f"{line}\n" for line in said)


def _disclosures(path: Path) -> Sequence[Disclosure]:
    """A JSON list of objects with `language`, `label` and `code_line`."""
    try:
        return [Disclosure(str(each["language"]), str(each["label"]), str(each["code_line"])) for each in _json(path)]
    except (TypeError, KeyError) as error:
        raise ValueError(f"{path} must be a list of objects with language, label and code_line") from error


def _json(path: Path) -> Sequence[dict[str, object]]:
    read: Sequence[dict[str, object]] = json.loads(_read(path))
    return read


def _key(path: Path | None) -> bytes | None:
    if path is None:
        return None
    key = path.read_bytes()
    if len(key) < 16:
        raise ValueError(f"{path} holds {len(key)} bytes; a key has at least 16")
    return key


def _read(path: Path) -> str:
    """Line breaks as they are in the file."""
    return path.read_bytes().decode("utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m watermark", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    mark = commands.add_parser("mark", help="write the marked text to standard output")
    mark.add_argument("--code", required=True, help="the code of the output, 12 characters")
    mark.add_argument("--language", default="nl", help="of the visible lines (default: nl)")
    mark.add_argument("--carrier", default="vs2", choices=[str(each) for each in text.Carrier])
    find = commands.add_parser("verify", help="say what the text shows, and what it does not")
    find.add_argument("--manifest", type=Path, metavar="STORE", help="C2PA manifest store of the text (.c2pa)")
    find.add_argument("--trust", type=Path, metavar="ROOT.pem", help="root certificates whose signers are trusted")
    for command in (mark, find):
        command.add_argument("file", type=Path, metavar="FILE")
        command.add_argument("--texts", type=Path, help="visible lines: JSON list of {language, label, code_line}")
        command.add_argument("--origin", default="", help="where codes are verified: https://waarmerk.example.nl")
        command.add_argument("--key", type=Path, help="file with the secret of keyed marks")
    return parser


if __name__ == "__main__":
    sys.exit(main())
