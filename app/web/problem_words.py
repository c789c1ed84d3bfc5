# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of problems say besides an error's own words: why each happens, and the Dutch of what the edge refuses."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.domain.text import LocalText

CAUSES: Final[Mapping[str, LocalText]] = MappingProxyType(
    {
        name: LocalText(nl=nl, en=en)
        for name, nl, en in (
            (
                "busy",
                "Er zijn te veel aanvragen tegelijk, of de dienst wordt gestopt.",
                "There are too many calls at once, or the service is being stopped.",
            ),
            (
                "client-gone",
                "De verbinding werd verbroken voordat het antwoord er was.",
                "The connection was closed before the answer was complete.",
            ),
            (
                "denied",
                "Een regel van het beleid staat deze combinatie van toepassing, model en gegevens niet toe.",
                "A rule of policy does not permit this combination of application, model and data.",
            ),
            (
                "evidence-inconsistent",
                "De database is ouder dan wat er is ondertekend, of iemand heeft haar veranderd.",
                "The database is older than what was signed, or somebody changed it.",
            ),
            (
                "evidence-unavailable",
                "De database is niet bereikbaar, te traag, of de schijf is vol.",
                "The database cannot be reached, is too slow, or the disk is full.",
            ),
            (
                "form-refused",
                "Een veld ontbreekt of klopt niet, of het formulier komt niet van onze eigen pagina.",
                "A field is missing or wrong, or the form does not come from our own page.",
            ),
            (
                "held",
                "Het beleid wil dat een mens deze tekst goedkeurt voordat hij naar buiten gaat.",
                "Policy wants a person to approve this text before it leaves.",
            ),
            (
                "internal-error",
                "Dit is een fout in de dienst. De beheerder vindt haar in het logboek, met het nummer van de aanvraag.",
                "This is a fault of the service. The operator finds it in the log, by the id of the call.",
            ),
            (
                "invalid-request",
                "Een veld ontbreekt, is onbekend of heeft een verkeerde waarde. `faults` noemt elke plaats.",
                "A field is missing, unknown or has a wrong value. `faults` names every place.",
            ),
            (
                "key-unusable",
                "Het bestand ontbreekt, is geen sleutel, of anderen mogen het lezen.",
                "The file is missing, is no key, or others may read it.",
            ),
            (
                "not-authenticated",
                "De sleutel ontbreekt, is onbekend of is ingetrokken.",
                "The key is missing, unknown or withdrawn.",
            ),
            (
                "not-permitted",
                "Een sleutel heeft alleen de rechten waarmee hij is gemaakt.",
                "A key has only the permissions it was made with.",
            ),
            (
                "not-released",
                "Over dit antwoord is nog niet beslist, of het is niet vrijgegeven.",
                "This answer was not decided about yet, or it was not released.",
            ),
            (
                "not-signed-in",
                "U hebt niet ingelogd, of uw sessie is voorbij.",
                "You did not sign in, or your session has ended.",
            ),
            (
                "obligation-unsupported",
                "Wat niet kan worden nagekomen, wordt geweigerd en nooit overgeslagen.",
                "What cannot be fulfilled is refused and never left out.",
            ),
            (
                "policy-invalid",
                "Een bestand kan niet worden gelezen zoals het is bedoeld.",
                "A file cannot be read as it was meant.",
            ),
            (
                "review-conflict",
                "Een collega was eerder, of de tekst is veranderd terwijl u keek.",
                "A colleague was first, or the text was changed while you looked.",
            ),
            (
                "review-expired",
                "Een tekst wacht niet langer dan het beleid zegt. Daarna wordt hij nooit meer gepubliceerd.",
                "A text waits no longer than policy says. After that it is never published.",
            ),
            (
                "review-queue-full",
                "Elke toepassing mag een aantal teksten laten wachten. Meer kunnen mensen niet beoordelen.",
                "Each application may let a number of texts wait. More cannot be reviewed by people.",
            ),
            (
                "review-rejected",
                "Een beoordelaar vond de tekst niet goed genoeg. `review.reason_code` zegt soms waarom.",
                "A reviewer did not find the text good enough. `review.reason_code` may say why.",
            ),
            (
                "review-upstream-failed",
                "Het model viel uit nadat u hoorde dat u moest wachten.",
                "The model failed after you were told to wait.",
            ),
            (
                "review-withdrawn",
                "De organisatie wil dat niemand deze tekst nog gebruikt.",
                "The organisation wants nobody to use this text any longer.",
            ),
            (
                "separation",
                "Wie een tekst vroeg of veranderde, keurt hem niet zelf goed.",
                "Who asked for a text, or changed it, does not approve it.",
            ),
            (
                "stopped",
                "Iemand met toezicht heeft dit gebruik stilgelegd. `detail` noemt de reden.",
                "Somebody who supervises has put this use on hold. `detail` names the reason.",
            ),
            (
                "too-large",
                "Een verzoek mag niet meer bytes hebben dan de beheerder heeft ingesteld.",
                "A request may not have more bytes than the operator has set.",
            ),
            (
                "too-many-attempts",
                "Er is te vaak gevraagd of geprobeerd vanaf dit adres of met deze naam.",
                "Too much was asked or tried from this address or with this name.",
            ),
            (
                "unknown-name",
                "Er is niets met deze naam, of het is niet van uw toepassing.",
                "Nothing has this name, or it is not your application's.",
            ),
            (
                "unknown-route",
                "Alleen adressen op een vaste lijst worden beantwoord.",
                "Only addresses on a fixed list are answered.",
            ),
            (
                "upstream-failed",
                "Het model werd gevraagd, maar de aanbieder meldde een fout.",
                "The model was asked, but its provider reported a fault.",
            ),
            (
                "upstream-invalid",
                "Het antwoord van de aanbieder was afgebroken, te groot of in een andere vorm.",
                "The provider's answer was cut off, too large or in another form.",
            ),
            (
                "upstream-rejected",
                "De aanbieder van het model weigerde het verzoek.",
                "The provider of the model refused the request.",
            ),
            (
                "upstream-timeout",
                "De aanbieder antwoordde niet binnen de tijd die in het beleid staat.",
                "The provider did not answer within the time that policy gives.",
            ),
            (
                "upstream-unreachable",
                "De naam, het adres of het certificaat van de aanbieder klopt niet, of de verbinding kwam niet tot stand.",
                "The provider's name, address or certificate is not right, or no connection came about.",
            ),
            (
                "expectation-failed",
                "De kop Expect noemt iets anders dan 100-continue.",
                "The Expect header names something other than 100-continue.",
            ),
            (
                "header-refused",
                "Een kop wil dat een ander verzoek wordt gelezen dan er staat.",
                "A header wants another request to be read than stands there.",
            ),
            (
                "headers-too-large",
                "De koppen samen zijn groter dan de beheerder heeft ingesteld.",
                "The headers together are larger than the operator has set.",
            ),
            (
                "invalid-host",
                "De kop Host ontbreekt, staat er twee keer of is geen naam.",
                "The Host header is missing, stands there twice or is no name.",
            ),
            (
                "invalid-target",
                "Eén adres mag maar op één manier worden geschreven, zodat iedereen hetzelfde leest.",
                "One address may be written in one way only, so that everybody reads the same.",
            ),
            (
                "malformed-request",
                "Het verzoek kan op meer dan één manier worden gelezen, of op geen.",
                "The request can be read in more than one way, or in none.",
            ),
            (
                "method-not-allowed",
                "Dit adres bestaat, maar niet voor deze methode.",
                "This address exists, but not for this method.",
            ),
            ("method-unknown", "Deze methode bestaat hier niet.", "There is no such method here."),
            (
                "pipelined-request",
                "Verzoeken achter elkaar op één verbinding kunnen voor elkaar worden aangezien.",
                "Requests in a row on one connection can be taken for one another.",
            ),
            (
                "request-timeout",
                "De koppen of de inhoud kwamen te langzaam.",
                "The headers or the body came too slowly.",
            ),
            (
                "target-too-long",
                "Het adres is langer dan hier wordt gelezen.",
                "The address is longer than is read here.",
            ),
            (
                "too-many-connections",
                "De dienst houdt niet meer verbindingen open dan zij aankan.",
                "The service keeps no more connections open than it can bear.",
            ),
            (
                "unknown-host",
                "De kop Host noemt een andere naam dan die van deze dienst.",
                "The Host header names another service than this.",
            ),
            (
                "upgrade-refused",
                "Het verzoek wil naar een ander protocol overgaan.",
                "The request wants to change to another protocol.",
            ),
            (
                "version-not-supported",
                "Het verzoek noemt een andere versie van HTTP.",
                "The request names another version of HTTP.",
            ),
        )
    }
)
"""Why a problem happens, in general; the `detail` of an answer says why in its case. Every problem has one."""

EDGE: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "expectation-failed": ("Alleen 100-continue kan worden verwacht.", "Laat de kop Expect weg."),
        "header-refused": (
            "Een kop zou veranderen wat het verzoek betekent.",
            "Laat X-HTTP-Method-Override, X-Original-URL en dergelijke weg, en noem in Connection alleen close of keep-alive.",
        ),
        "headers-too-large": ("De koppen zijn te groot.", "Stuur minder en kleinere koppen."),
        "invalid-host": ("Er moet precies één kop Host zijn.", "Stuur één kop Host (RFC 9112 3.2)."),
        "invalid-target": (
            "Het adres staat niet in zijn gewone vorm.",
            "Stuur het pad zelf, volledig en zonder omwegen: geen host, geen leeg deel of punten, geen onnodige codes.",
        ),
        "malformed-request": (
            "Dit is geen goed HTTP/1.1.",
            "Stuur het verzoek zoals RFC 9112 zegt, op één manier afgebakend.",
        ),
        "method-not-allowed": ("Dit adres neemt deze methode niet.", "Gebruik een methode die de kop Allow noemt."),
        "method-unknown": ("Deze methode is hier onbekend.", "Gebruik de methode die in de documentatie staat."),
        "pipelined-request": (
            "Er kwam een verzoek vóór het vorige antwoord.",
            "Wacht op het antwoord voor u het volgende stuurt.",
        ),
        "request-timeout": ("Het verzoek kwam niet op tijd.", "Stuur het opnieuw, sneller."),
        "target-too-long": ("Het adres is te lang.", "Stuur gegevens in de inhoud van het verzoek."),
        "too-many-connections": (
            "Er zijn te veel verbindingen.",
            "Probeer het later opnieuw; gebruik verbindingen vaker.",
        ),
        "unknown-host": (
            "Deze dienst antwoordt niet voor die naam.",
            "Gebruik het adres dat u voor deze dienst hebt gekregen.",
        ),
        "upgrade-refused": ("Deze dienst spreekt alleen HTTP/1.1.", "Stuur geen kop Upgrade: stel HTTP/1.1 in."),
        "version-not-supported": ("Deze dienst spreekt HTTP/1.1.", "Stel HTTP/1.1 in."),
    }
)
"""Title and remedy in Dutch of what is refused at the edge, which itself answers in English only."""
