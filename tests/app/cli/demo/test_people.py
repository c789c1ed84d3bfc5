# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import pytest

from app.cli.demo.home import DemoHome
from app.domain.errors import NotSignedIn
from app.domain.review import Role
from app.main import open_house

PEER = "127.0.0.1"


async def test_each_of_them_can_sign_in_and_is_what_the_name_says(home: DemoHome) -> None:
    assert sorted(home.people) == [
        "administrator", "auditor", "policy-officer", "requester", "reviewer", "second-reviewer",
    ]  # fmt: skip
    async with open_house(home.settings) as house:
        for name, person in home.people.items():
            cookie, _ = await house.sessions.sign_in(person.name, person.password, PEER)
            reviewer = await house.sessions.reviewer(cookie)
            expected = Role.REVIEWER if "review" in name or name == "requester" else Role(name)
            assert reviewer.roles == {expected}


async def test_nobody_has_the_password_of_another(home: DemoHome) -> None:
    assert len({person.password for person in home.people.values()}) == len(home.people)
    async with open_house(home.settings) as house:
        with pytest.raises(NotSignedIn):
            await house.sessions.sign_in("auditor", home.people["reviewer"].password, PEER)


def test_a_password_is_not_shown_by_accident(home: DemoHome) -> None:
    assert home.people["reviewer"].password not in repr(home)
