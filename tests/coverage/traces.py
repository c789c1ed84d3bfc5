# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What proves from outside that a control ran, and that the reason is true for which it did not. One for each; none is missing."""

import re
from collections.abc import Callable, Mapping

from app.domain.control import Control, Kind, Why
from app.main import CONTROLS
from tests.coverage.answers import CANARY, SENTENCES
from tests.coverage.seen import Probe, Seen
from watermark import text
from watermark.model import Check

ENDS = ("exchange:delivered", "exchange:held", "exchange:aborted", "exchange:failed", "exchange:refused")
SHA_256 = re.compile(r"[0-9a-f]{64}")
FIRST_LINE = {
    "internal-draft": r"AI-concept\. Niet gecontroleerd\. Niet publiceren\.",
    "publication": r"Deze tekst is gemaakt met hulp van AI .* heeft de inhoud gecontroleerd op \d+ \w+ \d{4}\..*",
    "correspondence": r"Deze brief is gemaakt met hulp van AI .* heeft de inhoud gecontroleerd op \d+ \w+ \d{4}\..*",
}
STANDING = {"internal-draft": "told", "publication": "told", "correspondence": "letter"}
"""How verify speaks of a code, by what it stands in."""


def turned_away(probe: Probe, status: int, problem: str) -> bool:
    return (probe.answer.response.status_code, probe.answer.problem, probe.reached) == (status, problem, False)


def recorded(probe: Probe, seen: Seen, problem: str) -> bool:
    """That the refusal is in the log, of this operation, and nothing else is."""
    told = [(each["type"], each.get("name"), each.get("operation")) for each in probe.records]
    return told == [("exchange:refused", problem, seen.case.door.operation)]


def authentication(seen: Seen) -> bool:
    return turned_away(seen.keyless, 401, "not-authenticated") and not seen.keyless.records


def authorisation(seen: Seen) -> bool:
    return turned_away(seen.rightless, 403, "not-permitted") and recorded(seen.rightless, seen, "not-permitted")


def stop(seen: Seen) -> bool:
    return turned_away(seen.stopped, 403, "stopped") and recorded(seen.stopped, seen, "stopped")


def listed(seen: Seen) -> bool:
    """That a list names what can be used and nothing else; of one model, that it is there."""
    if seen.case.door.kind is Kind.MODELS:
        return {each["id"] for each in seen.answer.trees[0]["data"]} == seen.usable
    return seen.case.door.kind is Kind.MODEL and seen.answer.trees[0].get("id") == seen.case.task


def policy(seen: Seen) -> bool:
    judged = [
        each for each in seen.of("exchange:opened", "exchange:refused") if SHA_256.fullmatch(each["policy"] or "")
    ]
    return listed(seen) or len(judged) == 1


def obligations(seen: Seen) -> bool:
    asked = sorted(kind.__name__ for kind in seen.case.obligations)
    return listed(seen) or [sorted(each["obligations"]) for each in seen.of("exchange:opened")] == [asked]


def cleaning(seen: Seen) -> bool:
    """What was sent in was marked; what went on is the bare text."""
    if seen.case.door.kind is Kind.PUBLICATION:
        return seen.shown == seen.said
    return any(CANARY in each.body.decode() for each in seen.sent) and not any(
        text.find(each.body.decode()) or "AI-concept" in each.body.decode() or seen.address in each.body.decode()
        for each in seen.sent
    )


def opened(seen: Seen) -> bool:
    asks = seen.case.door.kind is not Kind.PUBLICATION
    told = [
        (each["operation"], each["task"], each["stream"], each["choices"], each["model"] is not None)
        for each in seen.of("exchange:opened")
    ]
    form = seen.case.form
    durable = [before.count("exchange:opened") for before in seen.at_contact]
    return (
        told == [(seen.case.door.operation, seen.case.task, form.stream, form.choices, asks)] and durable == [1] * asks
    )


def hold(seen: Seen) -> bool:
    if seen.case.door.kind is Kind.RETRIEVAL:
        return seen.waiting is not None and seen.waiting.problem == "held" and CANARY not in seen.waiting.response.text
    if CANARY in seen.answer.response.text:
        return False
    if seen.case.door.kind is Kind.GENERATION:
        held, status = seen.answer.problem == "held", seen.answer.response.status_code
        named = seen.answer.response.headers.get("x-review-id", "").startswith("rev_")
        waits = [each["choices"] for each in seen.of("hold:opened")] == [seen.case.form.choices]
        return held and status == 423 and named and waits
    told = seen.answer.trees[0]
    return str(told.get("id", "")).startswith("rev_") and told.get("status") == "pending"


def envelope(seen: Seen) -> bool:
    head, said = seen.answer.response.headers, seen.provenances
    if head.get("x-ai-generated") != "true" or not said:
        return False
    exchange = head["x-ai-provenance-id"]
    whole = all(
        each["generated"] is True
        and each["id"] == exchange
        and each["digital_source_type"].endswith("/trainedAlgorithmicMedia")
        and len(each["codes"]) == seen.case.form.choices
        and each["verify_url"] == [f"{seen.address}/v/{code}" for code in each["codes"]]
        for each in said
    )
    return whole and (not seen.answer.streamed or _framed(seen, exchange))


def _framed(seen: Seen, exchange: str) -> bool:
    """A comment ahead of everything, the object in the first event, and in each that ends a choice."""
    ends = [tree for tree in seen.answer.trees if any(choice.get("finish_reason") for choice in tree["choices"])]
    return (
        seen.answer.response.text.startswith(f": ai-generated id={exchange}\n\n")
        and len(seen.answer.comments) == 1
        and all("ai_provenance" in tree for tree in (seen.answer.trees[0], *ends))
    )


def banner(seen: Seen) -> bool:
    told = [each.get("sandbox") for each in seen.provenances]
    return bool(told) and all(each and each["publication"] is False for each in told)


def label(seen: Seen) -> bool:
    expected = re.compile(FIRST_LINE.get(seen.case.profile, r"(?!)"))

    def opens(_: str, said: str) -> bool:
        lines = [bool(expected.fullmatch(line)) for line in said.split("\n")]
        return lines[0] and lines.count(True) == 1

    return _in_each_text(seen, opens)


def sentence_ids(seen: Seen) -> bool:
    def carried(code: str, said: str) -> bool:
        return [(found.code, found.check) for found in text.find(said)] == [(code, Check.VALID)] * SENTENCES

    return _in_each_text(seen, carried)


def code_line(seen: Seen) -> bool:
    def closes(code: str, said: str) -> bool:
        line = f"Gemaakt met AI · code {code} · {seen.address}/v/{code}"
        known = seen.known[code]["standing"] == STANDING.get(seen.case.profile)
        return said.rsplit("\n", maxsplit=1)[-1] == line and said.count(line) == 1 and known

    return _in_each_text(seen, closes)


def _in_each_text(seen: Seen, holds: Callable[[str, str], bool]) -> bool:
    """That it holds of each choice, under the code of that choice."""
    wanted = range(seen.case.form.choices)
    return [*seen.texts] == [*wanted] and all(holds(seen.codes.get(index, ""), seen.texts[index]) for index in wanted)


def kept(seen: Seen) -> bool:
    if not seen.of("exchange:opened"):
        return False
    (begun,) = seen.of("exchange:opened")
    content = {"salt", "prompt"} <= {*seen.kept} and len(seen.kept) > 2
    return begun["keep_days"] > 0 and (content if begun["content_kept"] else [*seen.kept] == ["salt"])


def ended(seen: Seen) -> bool:
    if seen.case.door.kind is Kind.RETRIEVAL and not seen.answer.problem:
        return [each["first"] for each in seen.of("hold:fetched")] == [True]
    ends = seen.of(*ENDS)
    if [each["type"] for each in ends] == ["exchange:refused"]:
        return bool(ends[0]["name"] == seen.answer.problem)
    wanted = {str(index) for index in range(seen.case.form.choices)}
    durable = [each["type"] for each in ends] == ["exchange:held"] or seen.at_end.count("exchange:delivered") == 1
    return (
        [each["type"] in {"exchange:delivered", "exchange:held"} for each in ends] == [True]
        and durable
        and set(ends[0]["codes"]) == wanted
        and set(ends[0]["output"]) == wanted
    )


def manifest(seen: Seen) -> bool:
    linked = seen.answer.response.headers.get("link", "")
    addresses = [f'<{seen.address}/c2pa/v1/manifests/{code}>; rel="c2pa-manifest"' for code in seen.codes.values()]
    fetched = [_is_manifest(seen.by_code.get(code)) for code in seen.codes.values()]
    return bool(addresses) and linked == ", ".join(addresses) and all(fetched)


def _is_manifest(response: object) -> bool:
    return getattr(response, "status_code", 0) == 200 and b"c2pa" in getattr(response, "content", b"")


TRACES: Mapping[Control, Callable[[Seen], bool]] = {
    Control.AUTHENTICATION: authentication,
    Control.AUTHORISATION: authorisation,
    Control.POLICY: policy,
    Control.OBLIGATIONS: obligations,
    Control.STOP: stop,
    Control.CLEANING: cleaning,
    Control.OPENED: opened,
    Control.HOLD: hold,
    Control.ENVELOPE: envelope,
    Control.BANNER: banner,
    Control.LABEL: label,
    Control.SENTENCE_IDS: sentence_ids,
    Control.CODE_LINE: code_line,
    Control.KEPT: kept,
    Control.ENDED: ended,
    Control.MANIFEST: manifest,
}


def no_word_left(seen: Seen, _: Control) -> bool:
    return CANARY not in seen.answer.response.text


def not_asked(seen: Seen, control: Control) -> bool:
    """The log says what policy asked, and this was not among it."""
    (obligation,) = (each[control].obligation for each in CONTROLS if control in each)
    return obligation is not None and seen.opened is not None and obligation.__name__ not in seen.opened["obligations"]


def as_the_model_said(seen: Seen, _: Control) -> bool:
    said = {index: words for index, words in seen.said.items() if words}
    called = {index: words for index, words in seen.called.items() if words}
    return (seen.texts, seen.answer.arguments) == (said, called)


def only_calls(seen: Seen, control: Control) -> bool:
    finished = seen.answer.finishes.keys() == seen.called.keys()
    return as_the_model_said(seen, control) and not seen.texts and all(seen.called.values()) and finished


def on_demand(seen: Seen, _: Control) -> bool:
    """Not by the code; by the text with its code, as it left."""
    brought = [_is_manifest(each) for each in seen.by_text.values()]
    alone = any(_is_manifest(each) for each in seen.by_code.values())
    return len(brought) == seen.case.form.choices and all(brought) and not alone


def letter(seen: Seen, _: Control) -> bool:
    alone = [each.status_code for each in seen.by_code.values()]
    return alone == [404] * seen.case.form.choices and all(map(_is_manifest, seen.by_text.values()))


GROUNDS: Mapping[Why, Callable[[Seen, Control], bool]] = {
    Why.NO_TEXT: lambda seen, control: no_word_left(seen, control) and not seen.sent,
    Why.NO_MODEL: lambda seen, _: not seen.sent,
    Why.NO_INPUT: lambda seen, _: (
        seen.answer.response.request.method == "GET" and not seen.answer.response.request.content
    ),
    Why.NO_END: lambda seen, _: not seen.sent and not seen.of("exchange:opened"),
    Why.EARLIER: lambda seen, _: any(each.get("policy") for each in seen.before) and not seen.sent,
    Why.NOT_ASKED: not_asked,
    Why.WAITS: lambda seen, control: no_word_left(seen, control) and bool(seen.of("hold:opened")),
    Why.NO_PROSE: as_the_model_said,
    Why.NO_WORDS: only_calls,
    Why.ON_DEMAND: on_demand,
    Why.LETTER: letter,
}
