# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steps about calls: which models there are, allowed, streamed, refused. None of them looks at the model's words."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import openai
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from app.cli.demo import screen
from app.cli.demo.expectation import Unexpected, expect
from app.cli.demo.scene import Scene
from watermark.text import find

TASK = "balie-zoekvraag"
DRAFT = "balie-concept"
QUESTION = "List the keywords of this question as JSON: How do I renew my passport before it expires?"
EXPLAIN = "Why do people recycle paper? Answer in two short sentences."
_MINUTES = "Give keywords for these minutes: the council decided to plant forty trees in the Kerkstraat."
_SEARCH_TERMS: Any = {
    "type": "json_schema",
    "json_schema": {
        "name": "search",
        "schema": {
            "type": "object",
            "properties": {
                "terms": {
                    "type": "array",
                    "items": {"type": "string", "maxLength": 40},
                    "minItems": 2,
                    "maxItems": 4,
                }
            },
            "required": ["terms"],
            "additionalProperties": False,
        },
    },
}


def models(scene: Scene) -> str:
    """The list holds tasks of the application itself, and among them the one that the demo uses."""
    own = [task.alias for task in scene.home.tasks if task.application == "balie"]
    names = [model.id for model in scene.balie.models.list()]
    screen.fact("its tasks", ", ".join(own))
    screen.fact("it is offered", ", ".join(names))
    screen.say(
        "What is not offered asks for something that this version cannot do yet: a chat with residents, and the correction of a text."
    )
    expect(TASK in names, f"The list does not hold {TASK}.")
    expect(set(names) <= set(own), f"The list holds tasks of others: {', '.join(sorted(set(names) - set(own)))}.")
    return f"offered: {', '.join(names)}; nothing of another application"


def allowed(scene: Scene) -> str:
    """The answer comes, in an envelope that says what it is."""
    screen.say(
        f"The task {TASK} turns a resident's question into keywords, as JSON for a search program. The question:"
    )
    screen.show(QUESTION)
    raw = screen.working(
        "The model is writing",
        lambda: scene.balie.chat.completions.with_raw_response.create(
            model=TASK, messages=said(QUESTION), response_format=_SEARCH_TERMS, max_tokens=120, temperature=0
        ),
    )
    answer = raw.parse()
    screen.say("The model's own words, delivered exactly as it wrote them:")
    screen.show(_content(answer))
    screen.say("Beside them, where no program can trip over it, Waarmerk says that AI made this:")
    provenance = (answer.model_extra or {}).get("ai_provenance") or {}
    _show_envelope(raw.headers, provenance)
    screen.say(
        "The id is the name of this call, and the log knows the call by it (step 11). The code is for people, to type."
    )
    _expect_envelope(raw.headers, provenance)
    scene.remember("allowed", provenance.get("id"))
    return "delivered, and marked as made by AI"


def streamed(scene: Scene) -> str:
    """The answer comes piece by piece, with a label first and a code line last."""
    screen.say(f"The task {DRAFT} writes a first draft for a colleague: text for people. The question:")
    screen.show(EXPLAIN)
    screen.say("The answer, as it comes in:")
    end: dict[str, Any] = {}
    pieces: list[str] = []
    with scene.balie.chat.completions.create(
        model=DRAFT,
        messages=said(EXPLAIN),
        stream=True,
        max_tokens=90,
        temperature=0,
        extra_headers={"Accept-Language": "en"},
    ) as stream:
        headers = stream.response.headers
        screen.stream(_pieces(stream, end, pieces))
    screen.say(
        "The first line is the label for readers, the last one a code to verify the text by. In each sentence stands an invisible"
        " mark, so that one copied sentence can still be recognised. The headers came before the first word, the rest with the last:"
    )
    provenance = end.get("ai_provenance") or {}
    _show_envelope(headers, provenance)
    expect(bool(end.get("finish")), "The stream ended without saying that it was complete.")
    _expect_envelope(headers, provenance)
    code = (provenance.get("codes") or [""])[0]
    text = "".join(pieces)
    expect(bool(code) and code in text.rstrip().splitlines()[-1], "The last line of the text is not its code line.")
    expect(bool(find(text)), "No sentence carries a mark.")
    return f"complete, labelled, and marked in {_sentences(len(find(text)))}"


def _sentences(count: int) -> str:
    return "1 sentence" if count == 1 else f"{count} sentences"


def _pieces(stream: openai.Stream[ChatCompletionChunk], end: dict[str, Any], pieces: list[str]) -> Iterator[str]:
    for chunk in stream:
        end.update(chunk.model_extra or {})
        for choice in chunk.choices:
            end["finish"] = choice.finish_reason or end.get("finish")
            pieces.append(choice.delta.content or "")
            yield pieces[-1]


def refused(scene: Scene) -> str:
    """Policy says no: which rule, why, what now, and what to use instead; and that can be used."""
    problem = refusal(openai.PermissionDeniedError, lambda: ask(scene.old_tool, "oude-samenvatting", _MINUTES))
    rule, alternative = problem.get("rule"), problem.get("alternative")
    screen.fact("rule", f"{rule} (source: {problem.get('source')})")
    show_refusal(problem)
    screen.fact("instead", str(alternative))
    expect(rule == "consumer-terms", f"Another rule refused it: {rule}.")
    expect(bool(alternative), "The refusal named no approved alternative.")
    scene.remember("refused", problem.get("instance"))
    screen.say(f"So the tool asks {alternative}, on the organisation's own machine, and gets an answer:")
    answer = screen.working("The model is writing", lambda: ask(scene.old_tool, str(alternative), _MINUTES))
    screen.show(_content(answer))
    return f"refused by the rule {rule}; the alternative {alternative} works"


def ask(client: openai.OpenAI, task: str = TASK, question: str = EXPLAIN, max_tokens: int = 60) -> ChatCompletion:
    """One plain call. Raises `openai.OpenAIError`."""
    return client.chat.completions.create(model=task, messages=said(question), max_tokens=max_tokens)


def refusal(kind: type[openai.APIStatusError], call: Callable[[], object]) -> dict[str, Any]:
    """The problem (RFC 9457) with which a call is refused. Raises `Unexpected` when it is not."""
    try:
        screen.working("Asking", call)
    except kind as error:
        problem: dict[str, Any] = error.response.json()
        return problem
    raise Unexpected("The call was answered; it should have been refused.")


def show_refusal(problem: dict[str, Any]) -> None:
    """Reason and remedy, in both languages. Raises `Unexpected` when a reason is missing."""
    dutch = problem.get("nl") or {}
    screen.fact("why", str(dutch.get("detail")), str(problem.get("detail")))
    screen.fact("what now", str(dutch.get("remedy")), str(problem.get("remedy")))
    expect(bool(dutch.get("detail") and problem.get("detail")), "The refusal does not say why in both languages.")


def said(question: str) -> Any:  # noqa: ANN401  the SDK's own name for this shape is a union of eleven
    """A conversation of one question."""
    return [{"role": "user", "content": question}]


def _content(answer: ChatCompletion) -> str:
    expect(bool(answer.choices), "The answer holds no choice.")
    return answer.choices[0].message.content or "(nothing)"


def _show_envelope(headers: Mapping[str, str], provenance: Mapping[str, Any]) -> None:
    disclosure = provenance.get("disclosure") or {}
    screen.fact("header", f"x-ai-generated: {headers.get('x-ai-generated')}")
    screen.fact("header", f"x-ai-provenance-id: {headers.get('x-ai-provenance-id')}")
    screen.fact("in the answer", "ai_provenance, with:")
    screen.fact("  disclosure", str(disclosure.get("nl")), str(disclosure.get("en")))
    screen.fact("  kind", str(provenance.get("digital_source_type")))
    screen.fact("  id", str(provenance.get("id")))
    screen.fact("  code", ", ".join(provenance.get("codes") or ()))


def _expect_envelope(headers: Mapping[str, str], provenance: Mapping[str, Any]) -> None:
    expect(headers.get("x-ai-generated") == "true", "The header x-ai-generated is missing.")
    expect(provenance.get("generated") is True, "ai_provenance does not say that this was generated.")
    expect(bool((provenance.get("disclosure") or {}).get("nl")), "ai_provenance has no sentence for people.")
    expect(provenance.get("id") == headers.get("x-ai-provenance-id"), "The header and ai_provenance name two calls.")
