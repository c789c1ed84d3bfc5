# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import pytest

from app.domain.errors import Fault
from app.domain.json import Json
from app.policy.document import MAX_BYTES, MAX_DEPTH, DocumentInvalid, read_document


def tree(text: str) -> Json:
    return read_document("x.yaml", text.encode()).tree


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: NO", {"a": "NO"}),
        ("a: yes", {"a": "yes"}),
        ("a: on", {"a": "on"}),
        ("a: True", {"a": "True"}),
        ("a: true", {"a": True}),
        ("a: false", {"a": False}),
        ("a: null", {"a": None}),
        ("a: ~", {"a": None}),
        ("a:", {"a": None}),
        ("a: 12", {"a": 12}),
        ("a: -1", {"a": -1}),
        ("a: 0", {"a": 0}),
        ("a: 012", {"a": "012"}),
        ("a: 0x1F", {"a": "0x1F"}),
        ("a: 1_000", {"a": "1_000"}),
        ("a: 1.10", {"a": "1.10"}),
        ("a: 12:30:45", {"a": "12:30:45"}),
        ("a: 2026-01-01", {"a": "2026-01-01"}),
        ("a: 00000000000000000000", {"a": "00000000000000000000"}),
        ("a: 1234567890123456", {"a": "1234567890123456"}),
        ('a: "12"', {"a": "12"}),
        ("a: 'true'", {"a": "true"}),
        ('a: ""', {"a": ""}),
        ("NO: 1", {"NO": 1}),
        ("1: a", {"1": "a"}),
        ("[a, {b: c}]", ["a", {"b": "c"}]),
        ("a: >-\n  one\n  two", {"a": "one two"}),
        ("text", "text"),
    ],
)
def test_it_reads_a_small_unambiguous_part_of_yaml(text: str, expected: Json) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "line", "detail"),
    [
        ("a: 1\nb: 2\na: 3", 3, "has the key 'a' twice (first on line 1)"),
        ("a:\n  b: 1\n  b: 2", 3, "has the key 'b' twice"),
        ("[{a: 1},\n {a: 1, a: 2}]", 2, "twice"),
        ("a: &x 1\nb: *x", 1, "anchor or alias"),
        ("b: *x", 1, "anchor or alias"),
        ("&x a: 1", 1, "anchor or alias"),
        ("a: {}\n<<: {b: 1}", 2, "merge key"),
        ("a: !!python/object/apply:os.system [true]", 1, "uses a tag"),
        ("a: !!str 1", 1, "uses a tag"),
        ("a: !x 1", 1, "uses a tag"),
        ("a: 1\n---\nb: 2", 2, "second document"),
        ("? [a, b]\n: 1", 1, "a key that is not text"),
        ("a: [1", 1, "is not YAML"),
        ("a: 1\n b: 2", 2, "is not YAML"),
        ("", 1, "is empty"),
        ("# nothing but a comment", 1, "is empty"),
        ("a: \x07", 1, "is not YAML"),
        ("a: ${NAME}", 1, "only a whole value in deployments.yaml"),
    ],
)
def test_everything_else_is_a_fault_with_its_line(text: str, line: int, detail: str) -> None:
    with pytest.raises(DocumentInvalid) as caught:
        tree(text)
    assert caught.value.fault.pointer == f"x.yaml:{line}"
    assert detail in caught.value.fault.detail


def test_what_is_too_large_too_deep_or_not_utf8_is_a_fault() -> None:
    deep = "[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2)
    for data, detail in [
        (b"a: " + b"x" * MAX_BYTES, "is larger than"),
        (deep.encode(), "nested more than"),
        (("[" * 100_000).encode(), "nested more than"),
        (b"- " * 100_000, "is nested more than"),
        (b"a: 1\nb: \xff", "is not UTF-8"),
        ("a: 1".encode("utf-16"), "is not UTF-8"),
    ]:
        with pytest.raises(DocumentInvalid, match=detail):
            read_document("x.yaml", data)


def test_brackets_are_not_looked_into_deeper_than_they_may_be_nested() -> None:
    """The scanner goes through all open brackets for each token, so it stops before it sees what stands in them."""
    with pytest.raises(DocumentInvalid, match="nested more than"):
        read_document("x.yaml", b"[" * (MAX_DEPTH + 2) + b"'never closed")


def test_as_deep_as_allowed_is_read() -> None:
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert read_document("x.yaml", text.encode()).tree is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("port: ${DEMO_PORT}", 18081),
        ("port: ${DEMO_PORT:-1}", 18081),
        ("port: ${OTHER:-1}", 1),
        ("host: ${OTHER:-llm.example.nl}", "llm.example.nl"),
        ("port: '${DEMO_PORT}'", "${DEMO_PORT}"),
    ],
)
def test_a_whole_value_may_be_filled_in(text: str, expected: Json) -> None:
    read = read_document("x.yaml", text.encode(), {"DEMO_PORT": "18081"}).tree
    assert isinstance(read, dict)
    assert list(read.values()) == [expected]


@pytest.mark.parametrize(
    "text", ["a: ${OTHER}", "a: x${DEMO_PORT}", "a: ${DEMO_PORT}1", "a: ${demo}", "a: ${}", "a: ${A:-${B}}"]
)
def test_an_unknown_or_partial_placeholder_is_a_fault(text: str) -> None:
    with pytest.raises(DocumentInvalid, match="uses"):
        read_document("x.yaml", text.encode(), {"DEMO_PORT": "18081"})


def test_a_value_filled_in_brings_no_structure() -> None:
    read = read_document("x.yaml", b"a: ${X}", {"X": "{b: 1}"}).tree
    assert read == {"a": "{b: 1}"}


def test_a_fault_points_at_the_nearest_line_that_was_written() -> None:
    document = read_document("x.yaml", b"# first\na:\n  - b: 1\n  - c: 2\n")
    assert document.fault(("a", 1, "c"), "d") == Fault("x.yaml:4", "d")
    assert document.fault(("a", 1, "missing", "deeper"), "d") == Fault("x.yaml:4", "d")
    assert document.fault(("nothing",), "d") == Fault("x.yaml:1", "d")
