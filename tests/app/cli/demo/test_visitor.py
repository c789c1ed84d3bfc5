# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A browser without a screen, against a server that shows what it was sent."""

import http.server
import threading
from collections.abc import Iterator
from urllib.parse import parse_qsl

import pytest
from typing_extensions import override

from app.cli.demo.expectation import Unexpected
from app.cli.demo.visitor import Visitor

SIGN_IN = """<form method="post" action="/review/sign-in"><input name="csrf" type="hidden" value="t">
<input name="name"><input name="password" type="password"><button name="go">In</button></form>"""
DESK = """<p>Desk</p><form method="post" action="/review/rev_1/approve"><input type="hidden" name="version" value="3">
<input type="checkbox" name="attest" value="facts"><input type="checkbox" name="attest" value="sources">
<textarea name="text-0">
one &amp; two</textarea></form>"""


class Handler(http.server.BaseHTTPRequestHandler):
    sent: list[tuple[str, list[tuple[str, str]], str]] = []  # noqa: RUF012  one server per test

    def do_GET(self) -> None:
        self._answer(SIGN_IN if self.path == "/review/sign-in" else DESK)

    def do_POST(self) -> None:
        fields = parse_qsl(self.rfile.read(int(self.headers["content-length"])).decode(), keep_blank_values=True)
        self.sent.append((self.path, fields, self.headers["origin"]))
        if self.path == "/review/sign-in" and dict(fields)["password"] == "right":
            self.send_response(303)
            self.send_header("location", "/review/")
            self.end_headers()
            return
        self._answer(SIGN_IN)

    def _answer(self, text: str) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode())

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    Handler.sent = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        with Visitor(f"http://127.0.0.1:{server.server_port}") as browser:
            yield browser
        server.shutdown()
        thread.join()


def test_one_signs_in_with_the_form_as_it_is(visitor: Visitor) -> None:
    page = visitor.sign_in("bram", "right")
    assert (page.status, page.address.endswith("/review/")) == (200, True)
    path, fields, origin = Handler.sent[0]
    assert (path, fields) == ("/review/sign-in", [("csrf", "t"), ("name", "bram"), ("password", "right")])
    assert origin.startswith("http://127.0.0.1:")


def test_the_same_page_again_is_no_sign_in(visitor: Visitor) -> None:
    with pytest.raises(Unexpected, match="bram could not sign in"):
        visitor.sign_in("bram", "wrong")


def test_every_box_is_ticked_and_what_is_not_typed_is_sent_as_it_stands(visitor: Visitor) -> None:
    visitor.send(visitor.visit("/review/rev_1"), "/approve", comment="ok")
    assert Handler.sent[0][1] == [
        ("version", "3"),
        ("attest", "facts"),
        ("attest", "sources"),
        ("text-0", "one & two"),
        ("comment", "ok"),
    ]


def test_a_form_that_is_not_there_is_named(visitor: Visitor) -> None:
    with pytest.raises(Unexpected, match="no form for /reject"):
        visitor.send(visitor.visit("/review/rev_1"), "/reject")
