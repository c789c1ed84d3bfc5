# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import re
from urllib.parse import quote

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.guard import Guard, Message, Receive, Send

HOST = (b"host", b"waarmerk.example")


class Inside:
    """The application behind the guard: it keeps the scope it was given and answers 204."""

    def __init__(self, *headers: tuple[bytes, bytes]) -> None:
        self.scope: Message | None = None
        self._headers = list(headers)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self.scope = scope
        await send({"type": "http.response.start", "status": 204, "headers": self._headers})
        await send({"type": "http.response.body", "body": b""})


class Visit:
    """What one scope led to."""

    def __init__(self, inside: Inside) -> None:
        self.inside = inside
        self.refused: list[tuple[str, str]] = []
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def answer(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        assert self.inside.scope is not None
        return [header for header in self.inside.scope["headers"] if header != HOST]


async def visit(
    *headers: tuple[bytes, bytes],
    path: bytes = b"/",
    host: bool = True,
    peer: str | None = "192.0.2.7",
    allowed: tuple[str, ...] = ("waarmerk.example",),
    trusted: tuple[str, ...] = (),
    inside: Inside | None = None,
    **scope: str,
) -> Visit:
    seen = Visit(inside or Inside())
    guard = Guard(
        seen.inside,
        allowed_hosts=allowed,
        trusted_proxies=trusted,
        refused=lambda name, who: seen.refused.append((name, who)),
    )
    await guard(
        {
            "type": "http",
            "method": "GET",
            "scheme": "http",
            "path": path.decode("latin-1"),
            "raw_path": path,
            "client": None if peer is None else (peer, 4711),
            "headers": [HOST, *headers] if host else list(headers),
            **scope,
        },
        seen.receive,
        seen.send,
    )
    return seen


def refusal(seen: Visit) -> str:
    assert seen.inside.scope is None
    body = seen.sent[1]["body"]
    assert seen.answer[b"content-type"] == b"application/problem+json"
    assert seen.answer[b"content-length"] == str(len(body)).encode()
    assert orjson.loads(body)["status"] == seen.status
    (name, _) = seen.refused[0]
    assert orjson.loads(body)["type"] == f"/problems/{name}"
    return name


# --- host


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        (b"waarmerk.example", "waarmerk.example"),
        (b"Waarmerk.EXAMPLE", "waarmerk.example"),
        (b"waarmerk.example", "WAARMERK.example"),
        (b"waarmerk.example:8443", "waarmerk.example:8443"),
        (b"[2001:DB8::1]:8443", "[2001:db8::1]:8443"),
        (b"[::1]", "[::1]"),
    ],
)
async def test_an_allowed_host_passes(host: bytes, allowed: str) -> None:
    seen = await visit((b"host", host), host=False, allowed=(allowed,))
    assert seen.status == 204
    assert seen.refused == []


@pytest.mark.parametrize(
    "host",
    [
        b"evil.example",
        b"waarmerk.example:80",
        b"waarmerk.example.",
        b" waarmerk.example",
        b"waarmerk.example\x00",
        b"a@waarmerk.example",
        b"waarmerk.example/public#@evil.example",
        b"waarmerk.example,waarmerk.example",
        b"xwaarmerk.example",
        b"waarmerk.example.evil.example",
        "waarmerk\uff0eexample".encode(),
        b"",
    ],
)
async def test_another_host_is_misdirected(host: bytes) -> None:
    seen = await visit((b"host", host), host=False)
    assert (refusal(seen), seen.status) == ("unknown-host", 421)


@pytest.mark.parametrize("headers", [(), (HOST, HOST), (HOST, (b"host", b"evil.example"))])
async def test_there_is_exactly_one_host(headers: tuple[tuple[bytes, bytes], ...]) -> None:
    seen = await visit(*headers, host=False)
    assert (refusal(seen), seen.status) == ("invalid-host", 400)


# --- path


@pytest.mark.parametrize(
    "path",
    [
        b"/",
        b"/v1/chat/completions",
        b"/review/",
        b"/.well-known/security.txt",
        b"/v/7KQ4-9F2M-XX0A",
        b"/gemini/v1beta/models/guus:streamGenerateContent",
        b"/a/...",
        b"/a/.b/b.",
        b"/log/gemeente-voorbeeld/tile/entries/x001/067",
        b"/a!$&'()*+,=:@-._~",
        b"/a%20b/%C3%A9%3A%40",
    ],
)
async def test_a_normal_path_passes(path: bytes) -> None:
    assert (await visit(path=path)).status == 204


@pytest.mark.parametrize(
    "path",
    [
        b"",
        b"*",
        b"v1",
        b"http://waarmerk.example/v1",
        b"//",
        b"//v1",
        b"/v1//chat",
        b"/v1//",
        b"/.",
        b"/..",
        b"/./v1",
        b"/v1/.",
        b"/v1/./chat",
        b"/v1/..",
        b"/v1/../api",
        b"/v1;x/chat",
        b"/v1\\chat",
        b"/v1/a b",
        b"/v1/a#b",
        b"/v1/a?b",
        b'/v1/"a"',
        b"/v1/<a>",
        b"/v1/[a]",
        b"/v1/a\r\n",
        b"/v1/a\n",
        b"/v1\x00",
        b"/v1/\x7f",
        b"/\xc3\xa9",
        b"/%",
        b"/%2",
        b"/%G1",
        b"/%u0041",
        b"/%c3%a9",
        b"/%00",
        b"/%0A",
        b"/%1f",
        b"/%7F",
        *(
            b"/a%" + escape + b"b"
            for escape in (b"23", b"25", b"2F", b"2f", b"3B", b"3b", b"3F", b"5C", b"5c", b"2E", b"2e", b"2D")
        ),
        *(b"/%%%02X" % code for code in b"azAZ09_~"),
    ],
)
async def test_a_path_in_another_form_is_refused(path: bytes) -> None:
    seen = await visit(path=path)
    assert (refusal(seen), seen.status) == ("invalid-target", 400)


@given(st.binary(max_size=30).map(lambda tail: b"/" + tail) | st.text("/.%2fFeE0aé;\\", max_size=30).map(str.encode))
async def test_what_passes_is_its_own_normal_form(path: bytes) -> None:
    seen = await visit(path=path)
    if seen.status != 204:
        return
    text = path.decode("ascii")
    segments = text.split("/")[1:]
    assert not {".", ".."} & set(segments)
    assert "" not in segments[:-1]
    escapes = [bytes([int(code, 16)]) for code in re.findall("%(..)", text)]
    # Written again by another hand, every escape is still needed and spelled the same.
    assert "".join(re.findall("%..", text)) == "".join(quote(byte, safe="") for byte in escapes)
    assert not set(escapes) & {b"/", b"\\", b"%", b";", b"?", b"#", b"\x00", b"\r", b"\n", b"\x7f"}


# --- headers


@pytest.mark.parametrize(
    "header",
    [
        (b"x-http-method-override", b"DELETE"),
        (b"x-http-method", b"DELETE"),
        (b"x-method-override", b"DELETE"),
        (b"x-original-url", b"/api/v1/keys"),
        (b"x-rewrite-url", b"/api/v1/keys"),
        (b"connection", b"authorization"),
        (b"connection", b"close, Waarmerk-Context"),
        (b"connection", b"keep-alive,\tx-api-key"),
        (b"connection", b"upgrade"),
    ],
)
async def test_a_header_that_changes_the_request_is_refused(header: tuple[bytes, bytes]) -> None:
    seen = await visit(header)
    assert (refusal(seen), seen.status) == ("header-refused", 400)


@pytest.mark.parametrize("connection", [b"close", b"Keep-Alive", b"keep-alive, close", b"", b"close,"])
async def test_a_plain_connection_passes(connection: bytes) -> None:
    assert (await visit((b"connection", connection))).status == 204


async def test_our_own_words_and_forwarding_headers_are_dropped() -> None:
    seen = await visit(
        (b"authorization", b"Bearer k"),
        (b"x-ai-review", b"approved"),
        (b"x-ai-generated", b"false"),
        (b"waarmerk-context", b"c"),
        (b"waarmerk-organisation", b"other"),
        (b"x-forwarded-for", b"10.0.0.1"),
        (b"x-forwarded-host", b"evil.example"),
        (b"x-forwarded-proto", b"https"),
        (b"x-forwarded-user", b"admin"),
        (b"forwarded", b"for=10.0.0.1"),
        (b"x-real-ip", b"10.0.0.1"),
        (b"x-request-id", b"r"),
    )
    assert seen.headers == [(b"authorization", b"Bearer k"), (b"waarmerk-context", b"c"), (b"x-request-id", b"r")]
    assert seen.inside.scope is not None
    assert (seen.inside.scope["client"], seen.inside.scope["scheme"]) == (("192.0.2.7", 4711), "http")


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.0.0.1", b"198.51.100.9", "198.51.100.9"),
        ("10.0.0.1", b"1.2.3.4, 198.51.100.9", "198.51.100.9"),
        ("10.0.0.1", b"198.51.100.9, 10.0.0.2", "198.51.100.9"),
        ("10.0.0.1", b"<script>, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", b"", "10.0.0.1"),
        ("::ffff:10.0.0.1", b"2001:db8::9", "2001:db8::9"),
        ("2001:db8:1::1", b"198.51.100.9", "198.51.100.9"),
        ("11.0.0.1", b"198.51.100.9", "11.0.0.1"),
    ],
)
async def test_the_client_is_the_last_address_that_is_no_proxy_of_ours(
    peer: str, forwarded: bytes, client: str
) -> None:
    seen = await visit((b"x-forwarded-for", forwarded), peer=peer, trusted=("10.0.0.0/8", "2001:db8:1::/48"))
    assert seen.inside.scope is not None
    assert seen.inside.scope["client"][0] == client
    assert seen.headers == []


async def test_a_trusted_proxy_says_the_scheme_and_its_override_headers_are_dropped() -> None:
    seen = await visit(
        (b"x-forwarded-proto", b"https"), (b"x-original-url", b"/v1/x"), peer="10.0.0.1", trusted=("10.0.0.1/32",)
    )
    assert seen.inside.scope is not None
    assert seen.inside.scope["scheme"] == "https"
    assert seen.headers == []


@pytest.mark.parametrize("said", [[b"gopher"], [b"https", b"http"], [b"https, http"], []])
async def test_an_unclear_scheme_is_not_believed(said: list[bytes]) -> None:
    seen = await visit(*[(b"x-forwarded-proto", scheme) for scheme in said], peer="10.0.0.1", trusted=("10.0.0.1",))
    assert seen.inside.scope is not None
    assert seen.inside.scope["scheme"] == "http"


def test_a_network_that_is_none_is_refused_at_start() -> None:
    with pytest.raises(ValueError, match="host bits"):
        Guard(Inside(), allowed_hosts=[], trusted_proxies=["10.0.0.1/8"], refused=lambda _name, _peer: None)


# --- answers, scopes, the log


async def test_answers_get_the_security_headers_unless_they_set_them() -> None:
    seen = await visit(inside=Inside((b"Cache-Control", b"max-age=60"), (b"content-type", b"text/html")))
    assert seen.sent[0]["headers"] == [
        (b"Cache-Control", b"max-age=60"),
        (b"content-type", b"text/html"),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
    ]


async def test_refusals_get_them_too() -> None:
    seen = await visit(path=b"//")
    assert seen.answer[b"cache-control"] == b"no-store"
    assert seen.answer[b"x-content-type-options"] == b"nosniff"


async def test_a_refusal_names_the_peer_and_nothing_of_the_request() -> None:
    seen = await visit(path=b"/zeer-geheim//")
    assert seen.refused == [("invalid-target", "192.0.2.7")]
    assert b"geheim" not in seen.sent[1]["body"]
    assert (await visit(path=b"//", peer=None)).refused == [("invalid-target", "")]


async def test_a_websocket_is_closed() -> None:
    seen = await visit(type="websocket")
    assert seen.sent == [{"type": "websocket.close", "code": 1008}]
    assert seen.inside.scope is None


async def test_lifespan_passes_untouched() -> None:
    inside = Inside()
    await visit(inside=inside, type="lifespan")
    assert inside.scope is not None
    assert inside.scope["type"] == "lifespan"
