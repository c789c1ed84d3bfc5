# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A person at the desk, without a screen: opens pages and sends their forms, exactly as they are on the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self
from urllib.parse import urlencode

import openai
from typing_extensions import override

from app.cli.demo.expectation import Unexpected

_TICKED = frozenset({"checkbox"})
_NOT_SENT = frozenset({"submit", "button", "reset", "image", "file", "radio"})


@dataclass(slots=True)
class Form:
    """A form of a page: where it goes, and what it sends when every box is ticked and nothing is typed."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """What came back."""

    address: str
    status: int
    text: str
    forms: tuple[Form, ...]

    def has(self, ending: str) -> bool:
        """Whether there is a form whose address ends so."""
        return any(_goes_to(form, ending) for form in self.forms)

    def form(self, ending: str) -> Form:
        """The form whose address ends so. Raises `Unexpected` when the page has none."""
        for form in self.forms:
            if _goes_to(form, ending):
                return form
        raise Unexpected(f"The page {self.address} has no form for {ending}.")


class Visitor:
    """One browser with its own cookies. Close it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._client = openai.DefaultHttpxClient(base_url=address, trust_env=False, follow_redirects=True, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def visit(self, path: str) -> Page:
        """Open a page."""
        answer = self._client.get(path)
        return _page(str(answer.url), answer.status_code, answer.text)

    def send(self, page: Page, ending: str, **typed: str) -> Page:
        """Tick every box of a form, type the rest, and send it."""
        form = page.form(ending)
        fields = [(name, typed.pop(name, value)) for name, value in form.fields] + list(typed.items())
        answer = self._client.post(
            form.action,
            content=urlencode(fields),
            headers={
                "content-type": "application/x-www-form-urlencoded",
                "origin": self._address,
                "sec-fetch-site": "same-origin",
            },
        )
        return _page(str(answer.url), answer.status_code, answer.text)

    def ask(self, path: str, body: Mapping[str, str]) -> object:
        """Ask our own API; the JSON that came back."""
        answer: object = self._client.post(path, json=body).json()
        return answer

    def download(self, path: str) -> bytes:
        """A file. Raises `Unexpected` when it is not there."""
        answer = self._client.get(path)
        if not answer.is_success:
            raise Unexpected(f"{path} could not be fetched: status {answer.status_code}.")
        return answer.content

    def sign_in(self, name: str, password: str) -> Page:
        """The page after signing in. Raises `Unexpected` when it is the same page again."""
        page = self.send(self.visit("/review/sign-in"), "/review/sign-in", name=name, password=password)
        if page.address.partition("?")[0].endswith("/review/sign-in"):
            raise Unexpected(f"{name} could not sign in.")
        return page


def _goes_to(form: Form, ending: str) -> bool:
    return form.action.partition("?")[0].endswith(ending)


def _page(address: str, status: int, text: str) -> Page:
    reader = _Forms()
    reader.feed(text)
    return Page(address, status, text, tuple(reader.forms))


class _Forms(HTMLParser):
    """Reads the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._area: str | None = None
        self._text: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""))
            self.forms.append(self._form)
        elif tag == "textarea":
            self._area, self._text = given.get("name"), []
        elif tag == "input" and self._form is not None and "name" in given:
            kind = given.get("type", "text")
            if kind not in _NOT_SENT:
                ticked = "on" if kind in _TICKED else ""
                self._form.fields.append((given["name"], given.get("value", ticked)))

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._area is not None:
            if self._form is not None:
                # A browser drops the line break right after the tag (HTML 4.10.11).
                self._form.fields.append((self._area, "".join(self._text).removeprefix("\n")))
            self._area = None

    @override
    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._text.append(data)
