# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import pytest
from hypothesis import given

from tests.watermark.texts import CODE, DISCLOSURES, LETTER, ORIGIN, TEXTS
from watermark import label, stream, text
from watermark.label import OwnLines
from watermark.manifest import GENERATED, Action, ManifestReport, ManifestState
from watermark.model import Check, Kind, Mark, Version
from watermark.verify import explain, explain_manifest, inspect

OWN = OwnLines(DISCLOSURES, ORIGIN)
KEY = b"a key of this test, 32 bytes lng"
MARKED = stream.mark(
    LETTER,
    label.opening(DISCLOSURES[0]),
    label.closing(DISCLOSURES[0], CODE, ORIGIN),
    text.insertion(Mark.of_code(CODE)),
)


def test_everything_is_found_in_order_of_place() -> None:
    report = inspect(MARKED, OWN)
    assert [found.kind for found in report.findings] == [Kind.LABEL, *[Kind.SENTENCE_ID] * 7, Kind.CODE_LINE]
    assert {found.check for found in report.findings} == {Check.VALID}
    assert report.codes == [CODE]


def test_the_report_says_what_was_found_and_what_that_does_not_show() -> None:
    assert explain(inspect(MARKED, OWN), MARKED) == [
        "Line 1: a label of ours (nl).",
        f"Line 15: an address of ours to verify code {CODE}: {ORIGIN}/v/{CODE}",
        f"7 sentences carry the mark of code {CODE}.",
        f"This text, or a part of it, carries the code of an AI output: {CODE}.",
        (
            "A mark can be copied onto another text. It does not show that every sentence was made by AI, nor that "
            "nothing was changed: compare the text with what the address to verify says."
        ),
    ]


def test_no_mark_is_never_made_by_a_human() -> None:
    first, second = explain(inspect(LETTER, OWN), LETTER)
    assert first == "No mark of ours was found."
    assert second.startswith("That does not mean that the text was made by a human")


def test_without_lines_an_address_is_only_named() -> None:
    report = inspect(f"Zie {ORIGIN}/v/{CODE}")
    assert [(found.kind, found.check) for found in report.findings] == [(Kind.CODE_LINE, Check.UNCHECKED)]
    assert report.codes == []
    assert explain(report, "")[-1].startswith("Something like our marks was found, but none that holds by itself.")


def test_a_code_line_of_another_is_not_taken_for_ours() -> None:
    changed = MARKED.replace(ORIGIN, "https://elders.example.nl")
    [found] = inspect(changed, OWN).of(Kind.CODE_LINE)
    assert found.check is Check.FAILED
    assert any("is another's" in line for line in explain(inspect(changed, OWN), changed))


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"2026": KEY}, f"7 sentences carry the mark of code {CODE} (key 2026)."),
        ({}, "7 sentences carry a mark that can only be checked with its key."),
        ({"2025": b"another"}, "7 sentences carry something like a mark, but its check fails"),
    ],
)
def test_a_keyed_mark_is_as_good_as_the_keys_given(keys: dict[str, bytes], said: str) -> None:
    marked = text.mark(LETTER, Mark.of_code(CODE, Version.KEYED), KEY)
    report = inspect(marked, OWN, keys)
    assert explain(report, marked)[0].startswith(said)
    assert report.codes == ([CODE] if "2026" in keys else [])


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("a\u200bb", "1 x ZERO WIDTH SPACE"),
        ("a\u200b\u2060b", "1 x ZERO WIDTH SPACE, 1 x WORD JOINER"),
        ("a\u202eb", "1 x RIGHT-TO-LEFT OVERRIDE"),
        ("a\U000e0041\U000e0042b", "1 x TAG LATIN CAPITAL LETTER A, 1 x TAG LATIN CAPITAL LETTER B"),
        ("a\ufe0f\ufe01", "1 x VARIATION SELECTOR-16, 1 x VARIATION SELECTOR-2"),
        ("a\u200db", "1 x ZERO WIDTH JOINER"),
        ("a\u00adb", "1 x SOFT HYPHEN"),
        ("a\ufeffb", "1 x ZERO WIDTH NO-BREAK SPACE"),
    ],
)
def test_invisible_characters_of_others_are_flagged(content: str, named: str) -> None:
    assert [(found.kind, found.detail) for found in inspect(content).findings] == [(Kind.FOREIGN, named)]
    assert f"Line 1: invisible characters that are not ours: {named}." in explain(inspect(content), content)


@pytest.mark.parametrize(
    "content",
    [
        "\u2764\ufe0f",
        "1\ufe0f\u20e3",
        "👩\u200d💻",
        "❤\ufe0f\u200d🔥",
        "葛\U000e0100",
        "\u0645\u06cc\u200c\u062e\u0648",
        "\ufefftekst",
    ],
)
def test_what_an_emoji_or_a_script_needs_is_not_flagged(content: str) -> None:
    assert inspect(content).findings == ()


@given(TEXTS)
def test_any_text_can_be_inspected_and_explained(content: str) -> None:
    report = inspect(content, OWN)
    assert explain(report, content)
    assert all(0 <= found.start < found.end <= len(content) for found in report.findings)


@pytest.mark.parametrize("state", ManifestState)
def test_only_a_manifest_that_holds_may_say_what_it_claims(state: ManifestState) -> None:
    actions = (
        Action("c2pa.created", source=GENERATED, agent="mistral"),
        Action("c2pa.published", "2026-11-23T10:00:00Z"),
    )
    said = explain_manifest(ManifestReport(state, "title", CODE, "Gemeente", "Uitgever", actions, ("a.code",)))
    assert said[0].startswith(f"Manifest: {state}")
    claims = [
        "It says: c2pa.created with mistral (trainedAlgorithmicMedia).",
        "It says: c2pa.published on 2026-11-23T10:00:00Z.",
    ]
    assert said[1:] == ([] if state is ManifestState.INVALID else claims)
    assert ("a.code" in said[0]) == (state is ManifestState.INVALID)
