# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every text of the pages, in B1 Dutch and in English. Templates name them: `say("sign_in.title")`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.domain.text import LocalText

WORDS: Final[Mapping[str, LocalText]] = MappingProxyType(
    {
        "product": LocalText(nl="Waarmerk", en="Waarmerk"),
        "language.name": LocalText(nl="Nederlands", en="English"),
        "language.other": LocalText(nl="English", en="Nederlands"),
        "skip": LocalText(nl="Naar de inhoud", en="Skip to content"),
        "development": LocalText(
            nl="Proefopstelling met ontwikkelsleutels: wat hier wordt ondertekend, bewijst niets.",
            en="Test set-up with development keys: whatever is signed here proves nothing.",
        ),
        "error.problem": LocalText(nl="Wat u nu kunt doen", en="What you can do now"),
        "sign_in.title": LocalText(nl="Inloggen", en="Sign in"),
        "sign_in.name": LocalText(nl="Naam", en="Name"),
        "sign_in.password": LocalText(nl="Wachtwoord", en="Password"),
        "sign_in.submit": LocalText(nl="Inloggen", en="Sign in"),
        "sign_in.forgotten": LocalText(
            nl="Wachtwoord vergeten? Vraag uw beheerder om een nieuwe link.",
            en="Forgot your password? Ask your operator for a new link.",
        ),
        "sign_in.ready": LocalText(
            nl="Uw wachtwoord is ingesteld. Log nu in.", en="Your password has been set. Sign in now."
        ),
        "sign_in.left": LocalText(nl="U bent uitgelogd.", en="You are signed out."),
        "sign_out.submit": LocalText(nl="Uitloggen", en="Sign out"),
        "setup.title": LocalText(nl="Wachtwoord instellen", en="Set your password"),
        "setup.secret": LocalText(nl="Code", en="Code"),
        "setup.secret_hint": LocalText(
            nl="Dit is het deel van uw link na het teken #. Is het veld leeg? Plak dat deel dan hier.",
            en="This is the part of your link after the # sign. Is the field empty? Paste that part here.",
        ),
        "setup.password": LocalText(nl="Nieuw wachtwoord", en="New password"),
        "setup.password_hint": LocalText(
            nl="Minstens 15 tekens. Een zin van een paar woorden is sterk en makkelijk te onthouden.",
            en="At least 15 characters. A sentence of a few words is strong and easy to remember.",
        ),
        "setup.again": LocalText(nl="Nog een keer hetzelfde wachtwoord", en="The same password again"),
        "setup.differ": LocalText(
            nl="De twee wachtwoorden zijn niet hetzelfde.", en="The two passwords are not the same."
        ),
        "setup.submit": LocalText(nl="Wachtwoord instellen", en="Set password"),
    }
)
