# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is asked: one call to a model, described without its vendor's accent (OpenTelemetry's word)."""

from dataclasses import dataclass, field

from app.domain.json import JsonObject


@dataclass(frozen=True, slots=True)
class Generation:
    """A call as its dialect described it. `body` is the tree that was judged; it is what is sent."""

    dialect: str
    operation: str
    """Name of the route in the registry, `openai.chat.completions`."""
    model: str
    """The alias the client asked for: it names a task of the application."""
    stream: bool
    choices: int
    body: JsonObject = field(repr=False)
    prompt: tuple[str, ...] = field(default=(), repr=False)
    """Every text of the request in order, for detectors and for the commitment."""
    media: frozenset[str] = frozenset()
    """Kinds asked for beside text: `image`, `audio`, `video`."""
    tools: frozenset[str] = frozenset()
    """Names of the tools that the model may call."""
    structured: bool = False
    """JSON mode, a schema, a grammar or log probabilities of each token: the answer is for a machine."""
    stops: tuple[str, ...] = ()
    """Strings at which the answer ends."""
    languages: tuple[str, ...] = ()
    """BCP 47 tags of the text that the caller would like, the best first."""
