# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What policy files are made of: closed words that every kind of file shares. See also `catalogue`, `organisation`, `application`, `rule`.

Keys are English snake_case; an unknown key is a fault, so that a misspelt safeguard is never a missing one.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class Entry(BaseModel):
    """A thing written down in a policy file: complete, typed, unchangeable."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""Name of a thing in policy: lower case, digits, hyphens."""

Alias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,127}$")]
"""What a client puts in `model`: the name of a task."""

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2 (`NO` is Norway), or `EU` for the Union as a whole."""

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
"""BCP 47 primary subtag: `nl`, `en`, `fy`, `pap`."""

HostName = Annotated[
    str,
    StringConstraints(
        max_length=253,
        pattern=r"^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?)*|[0-9a-f:]*:[0-9a-f:.]*)$",
    ),
]
"""One exact host in canonical form: ASCII, lower case, no trailing dot, no port, no user; an IPv6 literal without brackets."""

HostPattern = Annotated[
    str, StringConstraints(max_length=253, pattern=r"^\*(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?){2,}$")
]
"""`*.example.nl`: any host below it. It tells whose host something is; it never permits one."""

WebAddress = Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$", max_length=2000)]

SecretReference = Annotated[str, StringConstraints(pattern=r"^(?:file:/\S+|env:[A-Z][A-Z0-9_]*)$")]
"""Where a secret is kept; never the secret."""

Sentence = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class DataClass(StrEnum):
    """How sensitive information is, in ascending order.

    `public` and `internal` are the everyday levels of a BIO2 classification (control 5.12); `confidential` is everything that a
    limited group may know, personal data among it. `departmentally-confidential` (Departementaal VERTROUWELIJK) is the lowest
    level of the Voorschrift Informatiebeveiliging Rijksdienst Bijzondere Informatie 2013; `state-secret` stands for all levels
    above it.
    """

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    DEPARTMENTALLY_CONFIDENTIAL = "departmentally-confidential"
    STATE_SECRET = "state-secret"  # noqa: S105  # nosec B105  # a classification, not a password

    @property
    def rank(self) -> int:
        """0 for `public`, rising."""
        return list(DataClass).index(self)


class Reference(Entry):
    """A document of the organisation: its number in the archive or register, and its date."""

    reference: Sentence
    date: date


class Owner(Entry):
    """A recorded choice: why, by whom (a role, not a person's name) and since when."""

    reason: Sentence
    owner: Sentence
    date: date


class Contact(Entry):
    """How a human is reached."""

    telephone: str = ""
    email: str = ""
    url: str = ""

    @property
    def line(self) -> str:
        """One line for a notice, `14 000, https://voorbeeld.example/contact`; empty when nobody can be reached."""
        return ", ".join(way for way in (self.telephone, self.email, self.url) if way)


class Text(Entry):
    """A sentence for people, in B1 Dutch and in English."""

    nl: Sentence
    en: Sentence


class Source(Entry):
    """Where a fact was read, and when it was last seen there (`2026-10` or `2026-10-05`)."""

    url: WebAddress
    seen: Annotated[str, StringConstraints(pattern=r"^20\d\d-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$")]


Months = Annotated[int, Field(ge=1, le=24)]
Days = Annotated[int, Field(ge=1, le=36_525)]
