# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import pytest

from app.policy.personal_data import find_personal_data, is_bsn, is_iban


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("bsn 111222333", {"bsn"}),
        ("BSN-123456782.", {"bsn"}),
        ("BSN 123 456 782, geboren in 1970", {"bsn"}),
        ("1234.56.782", {"bsn"}),
        ("\uff11\uff11\uff11\uff12\uff12\uff12\uff13\uff13\uff13", {"bsn"}),
        ("10000008", {"bsn"}),
        ("111222334", set()),
        ("000000000", set()),
        ("zaak 1111222333", set()),
        ("A111222333", set()),
        ("bedrag 111.222.333,50", set()),
        ("NL91ABNA0417164300 voor deze", {"iban"}),
        ("xx12 rekening be68 5390 0754 7034.", {"iban"}),
        ("AT611904300234573201 deze stad", {"iban"}),
        ("NL92ABNA9417164300", set()),
        ("ZZ91ABNA9417164300", set()),
        ("i.jansen+x@gemeente-voorbeeld.example", {"email"}),
        ("jansen @ gemeente", set()),
        ("06-12345678", {"telephone"}),
        ("+31 (0)10 123 45 67", {"telephone"}),
        ("0031612345678", {"telephone"}),
        ("(010) 123 45 67", {"telephone"}),
        ("00 12345678", set()),
        ("1234 AB 12", {"address"}),
        ("1234ab, 12", {"address"}),
        ("Dorpsstraat 12a, 1234 AB Voorbeeld", {"address"}),
        ("in 2024 op 3 mei", set()),
        ("postcode 1234 AB", set()),
        ("bel 06-12345678 of mail a@b.nl", {"telephone", "email"}),
        ("", set()),
    ],
)
def test_forms(text: str, kinds: set[str]) -> None:
    assert find_personal_data([text]) == kinds


def test_every_text_is_read() -> None:
    assert find_personal_data(["niets", "111222333", "a@b.nl"]) == {"bsn", "email"}
    assert find_personal_data([]) == frozenset()


@pytest.mark.parametrize(
    ("digits", "expected"), [("111222333", True), ("10000008", True), ("111222332", False), ("0" * 9, False)]
)
def test_the_proof_by_eleven(digits: str, expected: bool) -> None:
    assert is_bsn(digits) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NL91 ABNA 0417 1643 00", True),
        ("GB29NWBK60161331926819", True),
        ("NL91ABNA041716430", False),
        ("NL90ABNA0417164300", False),
        ("XX91ABNA0417164300", False),
    ],
)
def test_the_proof_by_ninety_seven(text: str, expected: bool) -> None:
    assert is_iban(text) is expected


def test_one_changed_digit_is_always_noticed() -> None:
    for place in range(9):
        for digit in "0123456789":
            changed = "111222333"[:place] + digit + "111222333"[place + 1 :]
            assert is_bsn(changed) is (changed == "111222333")


def test_a_long_text_without_an_end_is_read_in_time() -> None:
    """Each detector looks a bounded way ahead; a text of a million letters ends."""
    for text in ("a" * 1_000_000, "1" * 1_000_000, "1 " * 500_000, "NL11" * 250_000, "a." * 500_000, "0 " * 500_000):
        find_personal_data([text])
