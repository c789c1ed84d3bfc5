# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""People at the desk of a furnished house, and what they do there by its one door."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.domain.account import User, actor_commitment
from app.domain.errors import Held, UnknownName
from app.domain.ledger import Unit
from app.domain.review import Act, Hold, Item, Reviewer, Role, Verdict
from app.evidence.commitments import keyed
from app.settings import Settings
from tests.furnished import Furnished, read

CHAT = "/v1/chat/completions"
TASK = "balie-antwoord"
REVIEWER = Reviewer("usr_1", "gemeente-voorbeeld", "reviewer-1", frozenset({Role.REVIEWER}), "")
SECOND = replace(REVIEWER, id="usr_2", name="reviewer-2")
AUDITOR = replace(REVIEWER, id="usr_3", name="auditor", roles=frozenset({Role.AUDITOR}))
ADMINISTRATOR = replace(REVIEWER, id="usr_4", name="administrator", roles=frozenset({Role.ADMINISTRATOR}))
STRANGER = replace(REVIEWER, organisation="gemeente-elders")


def policies(folder: Path, **review: object) -> Path:
    """The example organisation, which holds the answers of `balie-antwoord` otherwise: `held_as`, `hold_after`."""
    shutil.copytree(Settings().policies, folder)
    said = ", ".join(f"{name}: {value}" for name, value in {"review_class": "one", **review}.items())
    file = folder / "applications" / "balie.yaml"
    before = file.read_text()
    file.write_text(before.replace("review: {review_class: one}", f"review: {{{said}}}", 1))
    assert file.read_text() != before
    return folder


def completion(*texts: str | None, **message: Any) -> dict[str, Any]:  # noqa: ANN401 any field of the vendor
    """What a model answers: one choice for each text."""
    choices = [
        {"index": index, "message": {"role": "assistant", "content": text, **message}, "finish_reason": "stop"}
        for index, text in enumerate(texts)
    ]
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1795456683, "model": "m", "choices": choices}


def asking(model: str = TASK, **more: Any) -> bytes:  # noqa: ANN401 any field of the vendor
    """The body of a call."""
    return orjson.dumps({"model": model, "messages": [{"role": "user", "content": "Hoe vraag ik dit aan?"}], **more})


async def held(house: Furnished, key: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Hold:
    """Ask, and be told to wait."""
    call = house.call(key, body or asking())
    with pytest.raises(Held) as caught:
        await house.pipeline.handle(replace(call, headers={**call.headers, **(headers or {})}))
    return await found(house, caught.value.review.id)


async def found(house: Furnished, review: str) -> Hold:
    """A hold as it is stored now."""
    hold = await house.pipeline.review.find(review)
    assert hold is not None
    return hold


def verdict(hold: Hold, act: Act, **more: Any) -> Verdict:  # noqa: ANN401 fields of a verdict
    """About exactly what is there; to approve with everything that is asked for."""
    if act is Act.APPROVE:
        declared = tuple(attestation.id for attestation in hold.review_class.attestations)
        more = {"binding": hold.binding, "attestations": declared, **more}
    if act in {Act.REJECT, Act.REQUEST_CHANGES}:
        more = {"reason": "facts", **more}
    return Verdict(act, more.pop("version", hold.version), **more)


async def employ(house: Furnished, person: Reviewer) -> None:
    """Make the account of this person, unless there is one or it is of another organisation."""

    def work(unit: Unit) -> None:
        try:
            unit.user(person.id)
        except UnknownName:
            moment = house.house.clock.now()
            unit.add_user(User(person.id, person.organisation, person.id[4:], person.roles, moment, uses=person.uses))

    if person.organisation == house.house.organisation:
        await house.house.ledger.commit(work, lambda _: ())


async def do(house: Furnished, hold: Hold, act: Act, by: Reviewer = REVIEWER, **more: Any) -> Hold:  # noqa: ANN401
    """One act, on the hold as it is given."""
    await employ(house, by)
    return await house.pipeline.sign_off(by, hold.id, verdict(hold, act, **more))


async def claimed(house: Furnished, hold: Hold, by: Reviewer = REVIEWER) -> Hold:
    """Taken up by this person."""
    return await do(house, hold, Act.CLAIM, by)


async def approved(house: Furnished, hold: Hold, by: Reviewer = REVIEWER) -> Hold:
    """Taken up and approved by one person."""
    return await do(house, await claimed(house, hold, by), Act.APPROVE, by)


async def opened(house: Furnished, hold: Hold, by: Reviewer = REVIEWER) -> Item:
    """As this person sees it."""
    await employ(house, by)
    return await house.pipeline.open_item(by, hold.id)


async def retrieved(house: Furnished, key: str, hold: Hold) -> dict[str, Any]:
    """The approved answer, by the id that the client was given."""
    delivery = await house.pipeline.retrieve(house.call(key, b"", f"{CHAT}/{hold.completion}", "GET"))
    tree: dict[str, Any] = orjson.loads(await read(delivery))
    return tree


def actor_of(house: Furnished, name: str) -> str:
    """The commitment to the name under which an application vouches for a person."""
    return actor_commitment(name, partial(keyed, house.house.keys.commitment.of(house.house.organisation)))
