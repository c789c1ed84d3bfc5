# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import pytest

from app.upstream.address import AddressRule

PUBLIC = ["1.1.1.1", "8.8.8.8", "193.0.6.139", "2a00:1450:400e:80e::200e", "2606:4700::1111"]

NOT_PUBLIC = [
    "0.0.0.0",  # noqa: S104 nothing binds to it
    "10.1.2.3",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "168.63.129.16",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "100::1",
    "2001::1",
    "2001:0:53aa:64c::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "2606:4700::1111%1",
    "not an address",
    "",
    "2130706433",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_permitted(address: str) -> None:
    assert AddressRule().permits(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_no_other_address_is(address: str) -> None:
    assert not AddressRule().permits(address)


def test_declared_networks_replace_the_public_ones() -> None:
    rule = AddressRule.of(["10.20.0.0/16", "fd12:3456:789a::/48", "127.0.0.1/32"])
    assert [a for a in ["10.20.3.4", "fd12:3456:789a::1", "127.0.0.1"] if not rule.permits(a)] == []
    assert [
        a for a in [*PUBLIC, "10.21.0.1", "127.0.0.2", "fd12::1", "::ffff:10.20.3.4", "::1"] if rule.permits(a)
    ] == []


def test_no_declaration_opens_metadata_services() -> None:
    assert not AddressRule.of(["100.0.0.0/8"]).permits("100.100.100.200")
    assert not AddressRule.of(["fd00:ec2::/32"]).permits("fd00:ec2::254")


@pytest.mark.parametrize(
    "cidr",
    [
        "0.0.0.0/0",
        "::/0",
        "::/16",
        "10.0.0.1/8",
        "10.0.0.0/7",
        "169.254.169.254/32",
        "169.254.0.0/24",
        "224.0.0.0/8",
        "64:ff9b::/96",
        "::ffff:10.0.0.0/104",
        "fe80::/64",
        "nonsense",
        "",
        "10.0.0.0/33",
    ],
)
def test_a_declaration_that_opens_too_much_is_refused(cidr: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        AddressRule.of([cidr])
