# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every way in which a call ends otherwise than delivered.

    WaarmerkError
    ├── Refusal                     nothing was sent upstream
    │   ├── UnknownRoute            no such door; nothing was read
    │   ├── NotAuthenticated        no key, an unknown key, a revoked key
    │   ├── NotPermitted            the key lacks a scope
    │   ├── InvalidRequest          the call is malformed; `faults` lists every fault found
    │   ├── TooLarge                the body is over the limit
    │   ├── Denied                  policy said no: rule, reason, remedy, alternative
    │   ├── Stopped                 a supervisor's stop is in force (also ends running streams)
    │   ├── ObligationUnsupported   policy asks for something no room can do
    │   ├── QueueFull               too much of this application waits for a human
    │   └── Busy                    the house is full or is closing
    ├── UpstreamFailed              the model was asked and gave no usable answer
    │   ├── UpstreamUnreachable     no connection: resolution, address rule, TLS, refused
    │   ├── UpstreamTimeout         connect, first byte, idle or total limit
    │   ├── UpstreamRejected        it answered with an error status; its text stays with us
    │   └── UpstreamInvalid         it answered something that is not its dialect
    ├── NotReleased                 a human decides about this answer, or decided against it
    │   ├── Held                    it waits for a human
    │   ├── ReviewRejected          a human said no
    │   ├── ReviewExpired           nobody decided in time: it is never published
    │   ├── ReviewWithdrawn         it was taken back
    │   └── ReviewFailed            the model gave no usable answer after its client was told to wait
    ├── ReviewConflict              somebody else was first, or the text is not what was shown
    ├── SeparationRefused           this person may not do this with this text
    ├── NotSignedIn                 no session, or one that is over
    ├── FormRefused                 what a person filled in cannot be used
    ├── TooManyAttempts             slow down
    ├── EvidenceUnavailable         a record could not be written, so nothing is delivered
    ├── EvidenceInconsistent        the log is not what was signed before: nothing is signed on top of it
    ├── KeyUnusable                 a key file is missing, readable by others or not a key
    ├── PolicyInvalid               a policy folder cannot be loaded; the old one stays
    ├── UnknownName                 a command names a key or a stop that does not exist
    └── ClientGone                  the caller left; nobody is told, the log is

Each error carries a `name` (its problem type), what happened, why, and what to do now. No error carries upstream text, a
secret or held content: `app.web.problems` turns these fields, and only these, into an answer.
"""

from dataclasses import dataclass

from app.domain.json import Json
from app.domain.text import LocalText


class WaarmerkError(Exception):
    """Root of the tree."""

    name = "internal-error"
    title = LocalText(nl="Er ging iets mis.", en="Something went wrong.")
    remedy = LocalText(nl="Probeer het later opnieuw.", en="Try again later.")

    def __init__(self, reason: LocalText | None = None, *, remedy: LocalText | None = None) -> None:
        self.reason = reason or self.title
        self.remedy = remedy or self.remedy
        self.exchange: str | None = None
        super().__init__(f"{self.name}: {self.reason.en}")


class Refusal(WaarmerkError):
    """Nothing was sent upstream."""


class UnknownRoute(Refusal):
    name = "unknown-route"
    title = LocalText(nl="Dit adres bestaat niet.", en="There is nothing at this address.")
    remedy = LocalText(
        nl="Kijk in de documentatie welke adressen er zijn.", en="See the documentation for the routes that exist."
    )


class NotAuthenticated(Refusal):
    name = "not-authenticated"
    title = LocalText(nl="De sleutel ontbreekt of is ongeldig.", en="The API key is missing or not valid.")
    remedy = LocalText(
        nl="Stuur een geldige sleutel mee. De beheerder maakt er een met `waarmerk key create`.",
        en="Send a valid key. An operator makes one with `waarmerk key create`.",
    )


class NotPermitted(Refusal):
    name = "not-permitted"
    title = LocalText(nl="Deze sleutel mag dit niet.", en="This key may not do this.")
    remedy = LocalText(
        nl="Vraag de beheerder om een sleutel met het juiste recht.",
        en="Ask an operator for a key with the scope named.",
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request: a JSON Pointer (RFC 6901) and what it should be."""

    pointer: str
    detail: str


class InvalidRequest(Refusal):
    name = "invalid-request"
    title = LocalText(nl="Het verzoek klopt niet.", en="The request is not valid.")
    remedy = LocalText(nl="Verbeter het verzoek en stuur het opnieuw.", en="Correct the request and send it again.")

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        said = "; ".join(f"{fault.pointer or '/'}: {fault.detail}" for fault in faults)
        super().__init__(LocalText(nl=f"Het verzoek klopt niet: {said}", en=f"The request is not valid: {said}"))


class TooLarge(Refusal):
    name = "too-large"
    title = LocalText(nl="Het verzoek is te groot.", en="The request is too large.")
    remedy = LocalText(nl="Stuur minder tekst per verzoek.", en="Send less text in one request.")


class Denied(Refusal):
    """Policy said no."""

    name = "denied"
    title = LocalText(nl="Het beleid staat dit niet toe.", en="Policy does not permit this.")
    remedy = LocalText(
        nl="De melding zelf noemt de regel en wat u kunt doen. Vraag anders uw beleidsbeheerder.",
        en="The error itself names the rule and what to do. Else ask your policy officer.",
    )

    def __init__(
        self, rule: str, reason: LocalText, remedy: LocalText, *, source: str = "", alternative: str | None = None
    ) -> None:
        self.rule = rule
        self.source = source
        self.alternative = alternative
        super().__init__(reason, remedy=remedy)


class Stopped(Refusal):
    name = "stopped"
    title = LocalText(nl="Het gebruik is stopgezet.", en="Use has been stopped.")
    remedy = LocalText(
        nl="Vraag uw beheerder wanneer het gebruik weer mag.", en="Ask your operator when use may start again."
    )


class ObligationUnsupported(Refusal):
    name = "obligation-unsupported"
    title = LocalText(
        nl="Het beleid vraagt iets dat deze versie niet kan.", en="Policy asks for something this version cannot do."
    )
    remedy = LocalText(
        nl="Gebruik een taak met een ander profiel, of een nieuwere versie.",
        en="Use a task with another profile, or a newer version.",
    )


class QueueFull(Refusal):
    """Asking again in a moment does not help: people have to decide first."""

    name = "review-queue-full"
    title = LocalText(
        nl="Er wachten te veel teksten van deze toepassing op een beoordelaar.",
        en="Too many texts of this application wait for a reviewer.",
    )
    remedy = LocalText(
        nl="Laat eerst beoordelen wat er wacht, of trek in wat niet meer nodig is.",
        en="Have what waits reviewed first, or withdraw what is no longer needed.",
    )


class Busy(Refusal):
    name = "busy"
    title = LocalText(nl="De dienst is vol of sluit af.", en="The service is full or is shutting down.")


class UpstreamFailed(WaarmerkError):
    """The model was asked and gave no usable answer."""

    name = "upstream-failed"
    title = LocalText(nl="Het taalmodel gaf geen bruikbaar antwoord.", en="The model gave no usable answer.")


class UpstreamUnreachable(UpstreamFailed):
    name = "upstream-unreachable"
    title = LocalText(nl="Het taalmodel is niet bereikbaar.", en="The model cannot be reached.")


class UpstreamTimeout(UpstreamFailed):
    name = "upstream-timeout"
    title = LocalText(nl="Het taalmodel deed er te lang over.", en="The model took too long.")


class UpstreamRejected(UpstreamFailed):
    """It answered with an error status. `code` is one of a closed list of machine codes, or None."""

    name = "upstream-rejected"
    title = LocalText(nl="Het taalmodel weigerde het verzoek.", en="The model rejected the request.")
    remedy = LocalText(
        nl="Verbeter het verzoek, of vraag de beheerder waarom het taalmodel weigert.",
        en="Correct the request, or ask an operator why the model rejects it.",
    )

    def __init__(self, status: int, *, code: str | None = None, retry_after: str | None = None) -> None:
        self.status = status
        self.code = code
        self.retry_after = retry_after
        said = f" ({code})" if code else ""
        super().__init__(
            LocalText(
                nl=f"Het taalmodel weigerde het verzoek met status {status}{said}.",
                en=f"The model rejected the request with status {status}{said}.",
            )
        )


class UpstreamInvalid(UpstreamFailed):
    name = "upstream-invalid"
    title = LocalText(
        nl="Het antwoord van het taalmodel was geen geldig antwoord.", en="The model's answer was not a valid answer."
    )


@dataclass(frozen=True, slots=True)
class ReviewNotice:
    """What a client may know of a review: never its content."""

    id: str
    """`rev_…`."""
    status: str
    completion: str
    """Id to retrieve it by with the vendor's SDK."""
    expires_at: int
    """Seconds since 1970."""
    reason: str = ""
    """Code of the reason, where there is one."""

    @property
    def status_url(self) -> str:
        """Where its status is asked, under the address of this installation."""
        return f"/api/v1/reviews/{self.id}"

    def document(self) -> dict[str, Json]:
        """As the wire tells it: the object `review` of an error, of an answer and of the management API."""
        told: dict[str, Json] = {
            "id": self.id,
            "status": self.status,
            "completion_id": self.completion,
            "status_url": self.status_url,
            "expires_at": self.expires_at,
        }
        return told | {"reason_code": self.reason} if self.reason else told


class NotReleased(WaarmerkError):
    """A human decides about this answer, or decided against it. It says which review, never what was held."""

    name = "not-released"
    title = LocalText(nl="Dit antwoord is niet vrijgegeven.", en="This answer was not released.")

    def __init__(self, review: ReviewNotice, reason: LocalText | None = None) -> None:
        self.review = review
        super().__init__(reason)


class Held(NotReleased):
    name = "held"
    title = LocalText(nl="Het antwoord wacht op een beoordelaar.", en="The answer is held for human review.")
    remedy = LocalText(
        nl="Haal het later op met het nummer in `review.completion_id`. Opnieuw vragen helpt niet.",
        en="Retrieve it later by the id in `review.completion_id`. Asking again does not help.",
    )


class ReviewRejected(NotReleased):
    name = "review-rejected"
    title = LocalText(nl="Een beoordelaar heeft dit antwoord afgekeurd.", en="A reviewer rejected this answer.")
    remedy = LocalText(
        nl="Stel de vraag anders, of schrijf de tekst zelf.", en="Ask differently, or write the text yourself."
    )


class ReviewExpired(NotReleased):
    name = "review-expired"
    title = LocalText(
        nl="Niemand heeft op tijd over dit antwoord beslist.", en="Nobody decided about this answer in time."
    )
    remedy = LocalText(nl="Stel de vraag opnieuw.", en="Ask again.")


class ReviewWithdrawn(NotReleased):
    name = "review-withdrawn"
    title = LocalText(nl="Dit antwoord is ingetrokken.", en="This answer was withdrawn.")
    remedy = LocalText(nl="Gebruik de tekst niet meer.", en="Do not use the text any longer.")


class ReviewFailed(NotReleased):
    name = "review-upstream-failed"
    title = LocalText(nl="Het taalmodel gaf geen bruikbaar antwoord.", en="The model gave no usable answer.")
    remedy = LocalText(nl="Stel de vraag opnieuw.", en="Ask again.")


class ReviewConflict(WaarmerkError):
    name = "review-conflict"
    title = LocalText(nl="Dit is intussen veranderd.", en="This has changed meanwhile.")
    remedy = LocalText(nl="Bekijk de tekst opnieuw.", en="Look at the text again.")


class SeparationRefused(WaarmerkError):
    name = "separation"
    title = LocalText(nl="U mag dit niet met deze tekst doen.", en="You may not do this with this text.")
    remedy = LocalText(nl="Vraag een collega.", en="Ask a colleague.")


class NotSignedIn(WaarmerkError):
    name = "not-signed-in"
    title = LocalText(nl="U bent niet ingelogd.", en="You are not signed in.")
    remedy = LocalText(nl="Log in.", en="Sign in.")


class FormRefused(WaarmerkError):
    name = "form-refused"
    title = LocalText(nl="Dit formulier kan niet worden verwerkt.", en="This form cannot be processed.")
    remedy = LocalText(nl="Verbeter het formulier en verstuur het opnieuw.", en="Correct the form and send it again.")


class TooManyAttempts(WaarmerkError):
    name = "too-many-attempts"
    title = LocalText(nl="Te veel pogingen.", en="Too many attempts.")
    remedy = LocalText(nl="Wacht een paar minuten.", en="Wait a few minutes.")


class EvidenceUnavailable(WaarmerkError):
    name = "evidence-unavailable"
    title = LocalText(
        nl="Er kan nu niets worden vastgelegd, dus er wordt niets geleverd.",
        en="Nothing can be recorded now, so nothing is delivered.",
    )


class EvidenceInconsistent(WaarmerkError):
    """Signing on would vouch for two histories (C2SP tlog-checkpoint: a log must not sign inconsistent checkpoints)."""

    name = "evidence-inconsistent"
    title = LocalText(
        nl="Het logboek klopt niet met wat eerder is ondertekend.",
        en="The evidence log does not agree with what was signed before.",
    )
    remedy = LocalText(
        nl="Stop de dienst, bewaar de database en draai `waarmerk evidence verify`.",
        en="Stop the service, keep the database as it is and run `waarmerk evidence verify`.",
    )


class KeyUnusable(WaarmerkError):
    name = "key-unusable"
    title = LocalText(nl="Een sleutelbestand is niet bruikbaar.", en="A key file cannot be used.")
    remedy = LocalText(
        nl="Zet het juiste bestand terug, alleen leesbaar voor de dienst (`chmod 600`). Nieuwe installatie: `waarmerk init` maakt ze.",
        en="Put the right file back, readable by the service only (`chmod 600`). A new installation makes them with `waarmerk init`.",
    )


class PolicyInvalid(WaarmerkError):
    """A policy folder cannot be loaded: `faults` names file, place and what it should be."""

    name = "policy-invalid"
    title = LocalText(nl="Het beleid is ongeldig.", en="The policy is not valid.")
    remedy = LocalText(
        nl="Verbeter de genoemde bestanden. `waarmerk policy check` zegt of het klopt.",
        en="Correct the files named. `waarmerk policy check` says whether all is well.",
    )

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        said = "\n".join(f"{fault.pointer}: {fault.detail}" for fault in faults)
        super().__init__(LocalText(nl=f"Het beleid is ongeldig:\n{said}", en=f"The policy is not valid:\n{said}"))


class UnknownName(WaarmerkError):
    name = "unknown-name"
    title = LocalText(nl="Deze naam bestaat niet.", en="There is nothing with this name.")
    remedy = LocalText(nl="Controleer de naam.", en="Check the name.")


class ClientGone(WaarmerkError):
    name = "client-gone"
    title = LocalText(nl="De aanroeper is weg.", en="The caller has left.")
    remedy = LocalText(nl="U hoeft niets te doen.", en="There is nothing to do.")
