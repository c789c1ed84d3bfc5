# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from ipaddress import ip_address

import pytest

from app.upstream.host import canonical_host, ip_literal


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("api.example.nl", "api.example.nl"),
        ("API.Example.NL", "api.example.nl"),
        ("api.example.nl.", "api.example.nl"),
        ("api\u3002example\uff0enl", "api.example.nl"),
        ("\uff41\uff50\uff49.example.nl", "api.example.nl"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("vllm", "vllm"),
        ("10.0.0.1", "10.0.0.1"),
        ("\uff11\uff12\uff17.0.0.1", "127.0.0.1"),
        ("127\u30020\u30020\u30021", "127.0.0.1"),
        ("FD00:0:0::1", "fd00::1"),
        ("1.2.3.example", "1.2.3.example"),
    ],
)
def test_a_host_has_one_spelling(text: str, canonical: str) -> None:
    assert canonical_host(text) == canonical
    assert canonical_host(canonical) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "0X7F.0.0.1",
        "017700000001",
        "0177.0.0.1",
        "127.1",
        "127.0.0.01",
        "127.0.0.1.2",
        "256.0.0.1",
        "\uff12\uff11\uff13\uff10\uff17\uff10\uff16\uff14\uff13\uff13",
        "example.1",
        "example.0x1",
        "[::1]",
        "::1]",
        "::ffff:127.0.0.1%lo",
        "fe80::1%eth0",
        "example.nl:443",
        "user@example.nl",
        "user:secret@example.nl",
        "example.nl/evil",
        "example.nl#evil",
        "example.nl?evil",
        "example.nl%2fevil",
        "example.nl\\evil",
        "exa mple.nl",
        "example.nl\t",
        "example.nl\r\nx",
        "example.nl\x00",
        "a_b.example.nl",
        "-a.example.nl",
        "a-.example.nl",
        "a..example.nl",
        ".example.nl",
        "*.example.nl",
        "",
        ".",
        "..",
        "a" * 64 + ".nl",
        "a." * 127 + "nl",
        "a\u200db.nl",
        "example.nl\u2044evil",
        "xn--a.nl",
    ],
)
def test_what_is_not_a_host_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        canonical_host(text)


def test_an_address_is_told_from_a_name() -> None:
    assert ip_literal("10.0.0.1") == ip_address("10.0.0.1")
    assert ip_literal("fd00::1") == ip_address("fd00::1")
    assert ip_literal("10.example.nl") is None
