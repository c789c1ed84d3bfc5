# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from dataclasses import replace
from typing import Any

import pytest

from app.domain.decision import Deployment
from app.domain.errors import PolicyInvalid
from app.upstream.destination import Destination, Peer, check_deployment
from tests.fake_upstream import FakeUpstream

PUBLIC = FakeUpstream().deployment(id="example", scheme="https", host="api.example.nl", port=443, cidr=())
ONSITE = replace(PUBLIC, scheme="http", host="vllm", port=8000, path="/base", cidr=("10.0.0.0/24",))


@pytest.mark.parametrize(
    "deployment",
    [
        PUBLIC,
        replace(PUBLIC, path="/openai/deployments/gpt-4.1", port=8443),
        replace(PUBLIC, credential="file:/run/secrets/key"),
        replace(PUBLIC, credential="env:EXAMPLE_KEY"),
        replace(PUBLIC, proxy="https://proxy.example.nl:3128"),
        replace(PUBLIC, proxy="http://10.0.0.7:3128", cidr=("10.0.0.7/32",)),
        replace(PUBLIC, proxy="http://[fd12:3456::7]:3128", cidr=("fd12:3456::7/128",)),
        ONSITE,
        replace(ONSITE, host="10.0.0.9"),
        replace(ONSITE, host="fd12:3456::9", cidr=("fd12:3456::/48",)),
    ],
)
def test_a_good_record_passes(deployment: Deployment) -> None:
    check_deployment(deployment)


@pytest.mark.parametrize(
    ("deployment", "faulty"),
    [
        (replace(PUBLIC, scheme="http"), "scheme"),
        (replace(PUBLIC, scheme="ftp"), "scheme"),
        (replace(PUBLIC, host="API.example.nl"), "host"),
        (replace(PUBLIC, host="api.example.nl."), "host"),
        (replace(PUBLIC, host="api.example.nl@evil.example"), "host"),
        (replace(PUBLIC, host="bücher.example"), "host"),
        (replace(PUBLIC, host="vllm"), "host"),
        (replace(PUBLIC, host="1.1.1.1"), "host"),
        (replace(PUBLIC, host="2606:4700::1111"), "host"),
        (replace(PUBLIC, host="2130706433"), "host"),
        (replace(ONSITE, host="10.0.1.9"), "host"),
        (replace(ONSITE, host="10.0.0.09"), "host"),
        (replace(PUBLIC, port=0), "port"),
        (replace(PUBLIC, port=65536), "port"),
        (replace(PUBLIC, path="/"), "path"),
        (replace(PUBLIC, path="/a/"), "path"),
        (replace(PUBLIC, path="v1"), "path"),
        (replace(PUBLIC, path="/a/../b"), "path"),
        (replace(PUBLIC, path="//evil.example"), "path"),
        (replace(PUBLIC, path="/a?b"), "path"),
        (replace(PUBLIC, path="/a%2fb"), "path"),
        (replace(PUBLIC, cidr=("10.0.0.1/8",)), "cidr"),
        (replace(PUBLIC, proxy="http://proxy.example.nl:3128"), "proxy"),
        (replace(PUBLIC, proxy="http://10.0.0.7:3128"), "proxy"),
        (replace(PUBLIC, proxy="http://10.0.1.7:3128", cidr=("10.0.0.0/24",)), "proxy"),
        (replace(PUBLIC, proxy="https://user:secret@proxy.example.nl:3128"), "proxy"),
        (replace(PUBLIC, proxy="https://proxy.example.nl"), "proxy"),
        (replace(PUBLIC, proxy="https://proxy.example.nl:3128/x"), "proxy"),
        (replace(PUBLIC, proxy="socks5://proxy.example.nl:1080"), "proxy"),
        (replace(PUBLIC, proxy=""), "proxy"),
        (replace(ONSITE, proxy="http://10.0.0.7:3128"), "scheme"),
        (replace(PUBLIC, host="10.0.0.9", proxy="http://10.0.0.7:3128", cidr=("10.0.0.0/24",)), "host"),
        (replace(PUBLIC, credential="sk-the-secret-itself"), "credential"),
        (replace(PUBLIC, credential="file:relative"), "credential"),
        (replace(PUBLIC, credential="env:NOT A NAME"), "credential"),
        (replace(PUBLIC, credential="env:KEY", dialect="unheard-of"), "credential"),
    ],
)
def test_each_fault_is_named_by_its_place(deployment: Deployment, faulty: str) -> None:
    with pytest.raises(PolicyInvalid) as refused:
        check_deployment(deployment)
    assert f"/deployments/example/{faulty}" in [fault.pointer for fault in refused.value.faults]


def test_every_fault_is_told_at_once_and_no_secret_with_it() -> None:
    with pytest.raises(PolicyInvalid) as refused:
        check_deployment(replace(PUBLIC, scheme="http", host="127.1", port=-1, credential="sk-canary"))
    assert [fault.pointer.rpartition("/")[2] for fault in refused.value.faults] == [
        "scheme",
        "host",
        "port",
        "credential",
    ]
    assert "sk-canary" not in str(refused.value)


@pytest.mark.parametrize(
    "change", [{"host": "other.example.nl"}, {"proxy": "https://proxy.example.nl:1"}, {"ca_file": "/x"}]
)
def test_another_record_is_another_destination(change: dict[str, Any]) -> None:
    assert Destination.of(replace(PUBLIC, **change)) != Destination.of(PUBLIC)
    assert Destination.of(replace(PUBLIC, model="other", region="DE")) == Destination.of(PUBLIC)


def test_an_address_is_built_from_parts() -> None:
    public, onsite = Peer("https", "api.example.nl", 443), Peer("http", "fd00::1", 8000)
    assert public.url("/v1/chat/completions") == "https://api.example.nl/v1/chat/completions"
    assert onsite.url("/v1/models/a:b@c") == "http://[fd00::1]:8000/v1/models/a:b@c"


@pytest.mark.parametrize(
    ("peer", "authority", "target"),
    [
        (Peer("https", "api.example.nl", 443), "api.example.nl", "api.example.nl:443"),
        (Peer("http", "vllm", 80), "vllm", "vllm:80"),
        (Peer("https", "api.example.nl", 80), "api.example.nl:80", "api.example.nl:80"),
        (Peer("http", "10.0.0.9", 443), "10.0.0.9:443", "10.0.0.9:443"),
        (Peer("http", "fd00::80", 80), "[fd00::80]", "[fd00::80]:80"),
        (Peer("http", "fd00::1", 8080), "[fd00::1]:8080", "[fd00::1]:8080"),
    ],
)
def test_a_peer_is_named_as_each_reader_wants_it(peer: Peer, authority: str, target: str) -> None:
    assert (peer.authority, peer.target) == (authority, target)


@pytest.mark.parametrize(
    "path",
    [
        "@evil.example/v1",
        ".evil.example/v1",
        "//evil.example",
        "/v1//x",
        "/v1/../x",
        "/v1/./x",
        "/v1/%2e%2e/x",
        "/v1?x",
        "/v1#x",
        "/v1;x",
        "/v1\\x",
        "/v1/x\x00",
        "/v1/x y",
        "/v1/x\r\nHost: evil.example",
        "https://evil.example/",
        "/v1/é",
        ":80/x",
        "/v1/",
    ],
)
def test_a_path_is_never_text_that_could_be_read_otherwise(path: str) -> None:
    with pytest.raises(ValueError, match="not a fixed path"):
        Peer("https", "api.example.nl", 443).url(path)


@pytest.mark.parametrize(
    "host", ["api.example.nl@evil.example", "evil.example/", "evil.example#", "bücher.example", "a:b"]
)
def test_a_peer_that_does_not_read_back_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Peer("https", host, 443).url("/v1")


@pytest.mark.parametrize(("scheme", "port"), [("HTTPS", 443), ("https", 0), ("https", 70000), ("https", -1), ("", 443)])
def test_nor_is_one_whose_scheme_or_port_reads_otherwise(scheme: str, port: int) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Peer(scheme, "api.example.nl", port).url("/v1")
