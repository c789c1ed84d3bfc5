# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Questions of the public to verify: a report or a problem with faults, never an error of ours."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx

from app.keys.signer import FileKeySigner
from app.web.enquiry import Enquiries
from app.web.rate import RateLimit
from app.web.verify_api import router
from tests.fuzz.pieces import LOOP
from tests.pages import client
from tests.published_texts import ORIGIN, PUBLICATION, house, marked

SEEDS: Final = (
    b'{"code":"K7Q2-9FXM-3TBW"}',
    b'{"text":"Een tekst van niemand."}',
    b'{"code":"BR1E-F0F1-ETS1","text":"Beste mevrouw, u krijgt een nieuwe parkeervergunning.","manifest":"AAAA"}',
    b'{"text":1,"code":null}',
    b'{"text":"a","manifest":"!"}',
    b'{"text":"\\ud800"}',
    b'{"code":"k7q2 9fxm 3tbw ","text":"\\ufe00\\udb40\\udd00x\\ufeff"}',
    b'{"text":' + json.dumps(marked(PUBLICATION)).encode() + b"}",
)
_ANSWERS: Final = frozenset({200, 400})


def _opened() -> httpx.AsyncClient:
    with TemporaryDirectory() as folder:
        signer = FileKeySigner.create(Path(folder) / "log.pem", development=True)
        verification, _, _ = LOOP.run(house(signer))
    enquiries = Enquiries(lambda: verification, RateLimit(lambda: 0.0, burst=1e9, per_second=1e9))
    return client(router(enquiries, lambda _: None, public_address=ORIGIN))


_CLIENT: Final = _opened()


def run(data: bytes) -> None:
    """As the body of `POST /api/v1/verifications`, and as the code in an address."""
    LOOP.run(_ask(data))


async def _ask(data: bytes) -> None:
    answer = await _CLIENT.post("/api/v1/verifications", content=data, headers={"content-type": "application/json"})
    assert answer.status_code in _ANSWERS, answer.text
    told = answer.json()
    assert told["faults"] if answer.status_code == httpx.codes.BAD_REQUEST else "codes" in told
