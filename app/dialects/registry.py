# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The closed list of model routes: method and exact template to dialect. What is not here does not exist (A1)."""

import re
from dataclasses import dataclass, replace

from app.dialects.request import OPERATION
from app.domain.answer import Dialect
from app.domain.call import Call
from app.domain.control import Door, Kind
from app.domain.errors import UnknownRoute


@dataclass(frozen=True, slots=True)
class Route(Door):
    """A door for one vendor's SDK."""

    dialect: Dialect
    name: str = ""
    """The value of the template's last segment, on a route that was recognised."""


_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")


class Dialects:
    """Every route of every dialect."""

    def __init__(self, openai: Dialect) -> None:
        self.routes = (
            Route("POST", "/v1/chat/completions", Kind.GENERATION, OPERATION, openai),
            Route("GET", "/v1/chat/completions/{name}", Kind.RETRIEVAL, f"{OPERATION}.retrieve", openai),
            Route("GET", "/v1/models", Kind.MODELS, "openai.models", openai),
            Route("GET", "/v1/models/{name}", Kind.MODEL, "openai.models", openai),
        )
        self._accents = {"/v1/": openai}
        self.prefixes = tuple(self._accents)
        self._exact = {(route.method, route.template): route for route in self.routes}

    def recognise(self, call: Call) -> Route:
        """The route of this call. Raises `UnknownRoute`, before anything of it is read."""
        exact = self._exact.get((call.method, call.path))
        if exact is not None and not exact.template.endswith("}"):
            return exact
        parent, _, last = call.path.rpartition("/")
        named = self._exact.get((call.method, parent + "/{name}"))
        if named is None or not _NAME.fullmatch(last):
            raise UnknownRoute
        return replace(named, name=last)

    def accent(self, path: str) -> Dialect | None:
        """The dialect in which to refuse a call to this path, however wrong the rest of it is."""
        return next((dialect for prefix, dialect in self._accents.items() if path.startswith(prefix)), None)
