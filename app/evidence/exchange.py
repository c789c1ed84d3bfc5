# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""One call and its answer, as the log tells it: refused, or opened and then delivered, aborted or failed. Never nothing.

`opened` is durable before the upstream socket is written; `delivered` before the last event leaves.
"""

import asyncio
import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType, TracebackType
from typing import Self

from app.domain.answer import Event
from app.domain.call import Interruption
from app.domain.clock import Clock, civil_day
from app.domain.control import EARLIER, NO_MODEL, Control, Controls, Declared, Kind, Why, fulfilled_by
from app.domain.decision import Decision, Deployment, Keep, Obligation
from app.domain.errors import (
    ClientGone,
    Denied,
    EvidenceUnavailable,
    Held,
    NotReleased,
    Refusal,
    ReviewConflict,
    UpstreamInvalid,
    UpstreamRejected,
    WaarmerkError,
)
from app.domain.generation import Generation
from app.domain.ids import new_code, new_id
from app.domain.json import Json
from app.domain.keys import CommitmentKey, ContentCipher
from app.domain.ledger import Ledger, OpenExchange, SealedContent, Unit
from app.domain.output import Output, OutputStatus
from app.domain.randomness import random_bytes
from app.domain.record import Record, RecordType
from app.domain.subject import Context, Subject
from app.evidence.commitments import commit, keyed, of_place

MOST_KEPT = 32 << 20
"""Bytes of an answer that is kept; a longer one is not delivered, since it cannot be kept as policy asks."""
_LONGEST_NAME = 128
_NOT_JUDGED = Keep(days=0)


class Evidence:
    """Opens exchanges. `running` is what this worker is busy with: what is open in the store and not in here has been lost."""

    controls: Controls = MappingProxyType(
        {
            Control.OPENED: Declared(absent={**NO_MODEL, **EARLIER}),
            Control.KEPT: Declared(Keep, {**NO_MODEL, **EARLIER}),
            Control.ENDED: Declared(absent=dict.fromkeys((Kind.MODELS, Kind.MODEL, Kind.REVIEW), Why.NO_END)),
        }
    )
    fulfils: frozenset[type[Obligation]] = fulfilled_by(controls)

    def __init__(self, ledger: Ledger, clock: Clock, cipher: ContentCipher, commitment_key: CommitmentKey) -> None:
        self.ledger = ledger
        self.clock = clock
        self.cipher = cipher
        self.commitment_key = commitment_key
        self.running: dict[str, Exchange] = {}

    def exchange(self, subject: Subject, operation: str, interruption: Interruption) -> "Exchange":
        """A scope around one call: whatever ends it, ends it in the log."""
        return Exchange(self, subject, operation, interruption)


class Exchange:
    """The scope of one call. Enter it as soon as the caller is known; leave it when the last byte has gone."""

    def __init__(self, evidence: Evidence, subject: Subject, operation: str, interruption: Interruption) -> None:
        self.id = new_id("exc", evidence.clock.now())
        self.subject = subject
        self.interruption = interruption
        self.codes: Mapping[int, str] = {}
        self.deployment: Deployment | None = None
        self._evidence = evidence
        self._operation = operation
        self._generation: Generation | None = None
        self._decision: Decision | None = None
        self._keep = _NOT_JUDGED
        self._salt = random_bytes(32)
        self._previous: str | None = None
        self._commitments: dict[tuple[int, str], hmac.HMAC] = {}
        self._received = hmac.new(self._salt, b"received\0", "sha256")
        self._bytes = 0
        self._kept: list[bytes] = []
        self._closed = False

    @property
    def opening(self) -> str:
        """Id of the record that opened it; empty before `open`."""
        return self._previous or ""

    async def __aenter__(self) -> Self:
        return self

    def judged(self, generation: Generation, decision: Decision | None = None) -> None:
        """What was asked and what policy said: from here on a refusal can name them."""
        self._generation, self._decision = generation, decision
        if decision is not None:
            self._keep = _keep(decision)

    async def open(self, deployment: Deployment, *, asked: bool = True) -> None:
        """Make `exchange:opened` durable. Raises `NotAuthenticated` or `Stopped` when use was withdrawn meanwhile.

        `asked`: whether a model is; of a text that is handed in, none is named.
        """
        generation, decision = self._require_judgement()
        self.codes = {index: new_code() for index in range(generation.choices)}
        self.deployment = deployment
        keep = self._keep
        record = self._record(
            RecordType.EXCHANGE_OPENED, self._opened(generation, decision, deployment if asked else None)
        )
        opened = OpenExchange(
            id=self.id,
            organisation=self.subject.organisation,
            application=self.subject.application,
            task=decision.task,
            record=record.id,
            salt=self._salt,
            erase_after=(record.moment + timedelta(days=keep.days)).date(),
        )
        prompt = self._seal("prompt", "\n".join(generation.prompt).encode()) if keep.content else None

        def work(unit: Unit) -> None:
            unit.admit(self.subject, deployment)
            unit.open_exchange(opened)
            if prompt is not None:
                unit.keep(prompt)

        self._evidence.running[self.id] = self
        # Also when this task is cancelled here: the unit is finished all the same, so there is something to close, and why.
        self._previous = record.id
        try:
            await self._evidence.ledger.commit(work, lambda _: (record,))
        except Exception:
            self._previous = None
            self._evidence.running.pop(self.id, None)
            raise

    def observe(self, event: Event) -> None:
        """Take an event of the answer into the commitments."""
        self._received.update(event.raw)
        self._bytes += len(event.raw)
        for finding in event.findings:
            # Two commitments for each choice, whatever fields a vendor invents: a record has its bounds.
            place = (finding.choice, "content" if finding.place == "content" else "rest")
            commitment = self._commitments.get(place)
            if commitment is None:
                commitment = self._commitments[place] = of_place(self._salt, *place)
            commitment.update(finding.text.encode())
        if self._keep.content:
            if self._bytes > MOST_KEPT:
                raise UpstreamInvalid
            self._kept.append(event.raw)

    async def deliver(self, upstream_model: str | None) -> None:
        """Make `exchange:delivered` durable: after this the last event may leave. Raises `EvidenceUnavailable`."""
        record = self._record(RecordType.EXCHANGE_DELIVERED, self._answered(upstream_model))
        output = self._seal("output", b"".join(self._kept)) if self._keep.content else None
        issued = self._outputs(record)

        def work(unit: Unit) -> None:
            unit.issue(issued)
            if output is not None:
                unit.keep(output)

        await self._close(record, work)

    async def hold(
        self,
        review: str,
        binding: str,
        upstream_model: str | None,
        work: Callable[[Unit], None],
        records: Sequence[Record],
    ) -> None:
        """Make `exchange:held` durable, in one step with what puts the answer before the reviewers. Raises what `work` raises."""
        bound = commit(self._salt, "binding", binding)
        body = {**self._answered(upstream_model), "hold": review, "binding": bound}
        await self._close(self._record(RecordType.EXCHANGE_HELD, body), work, records)

    async def repeat(self, review: str) -> None:
        """Record that this call is one that was made before, whose answer waits or waited: nothing is sent."""
        await self._refuse(Held.name, review)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for told in (error, self.interruption.cause):
            if isinstance(told, WaarmerkError):
                told.exchange = self.id
        if self._closed:
            return
        if self._previous is None:
            if isinstance(error, Exception) and not isinstance(error, ClientGone | EvidenceUnavailable):
                # Also what nobody foresaw: a caller who makes us stumble leaves a trace.
                name = error.name if isinstance(error, WaarmerkError) else WaarmerkError.name
                await self._refuse(name, rule=error.rule if isinstance(error, Denied) else None)
            return
        if isinstance(error, EvidenceUnavailable):
            self._evidence.running.pop(self.id, None)
            return
        await self._close(self._record(*self._ending(error)))

    def _ending(self, error: BaseException | None) -> tuple[RecordType, dict[str, Json]]:
        cause = self.interruption.cause or error
        if isinstance(cause, Refusal | NotReleased | ClientGone | asyncio.CancelledError | GeneratorExit | None):
            name = cause.name if isinstance(cause, WaarmerkError) else ClientGone.name
            return RecordType.EXCHANGE_ABORTED, {"cause": name, **self._output()}
        name = cause.name if isinstance(cause, WaarmerkError) else WaarmerkError.name
        status = cause.status if isinstance(cause, UpstreamRejected) else None
        return RecordType.EXCHANGE_FAILED, {"cause": name, "upstream_status": status, **self._output()}

    async def _close(
        self, record: Record, work: Callable[[Unit], None] | None = None, records: Sequence[Record] = ()
    ) -> None:
        def close(unit: Unit) -> None:
            unit.close_exchange(self.id)
            if work is not None:
                work(unit)

        self._closed = True
        try:
            await self._evidence.ledger.commit(close, lambda _: (record, *records))
        except ReviewConflict:
            self._closed = False  # all of it was undone: the exchange still needs an end
            raise
        finally:
            if self._closed:
                self._evidence.running.pop(self.id, None)

    async def _refuse(self, name: str, review: str | None = None, rule: str | None = None) -> None:
        generation, decision = self._generation, self._decision
        body: dict[str, Json] = {
            **self._caller(),
            "name": name,
            "rule": rule,
            "policy": decision.policy if decision else None,
            "model_asked": generation.model[:_LONGEST_NAME] if generation else None,
            "shadow": _shadow(decision) if decision else [],
            **({"hold": review} if review else {}),
        }
        record = self._record(RecordType.EXCHANGE_REFUSED, body)
        self._closed = True
        await self._evidence.ledger.commit(lambda _: None, lambda _: (record,))

    def _opened(self, generation: Generation, decision: Decision, deployment: Deployment | None) -> dict[str, Json]:
        return {
            **self._caller(),
            "task": decision.task,
            "policy": decision.policy,
            "rule": decision.rule,
            "shadow": _shadow(decision),
            "obligations": [type(obligation).__name__ for obligation in decision.obligations],
            "provider": deployment.provider if deployment else None,
            "deployment": deployment.id if deployment else None,
            "model": deployment.model if deployment else None,
            "stream": generation.stream,
            "choices": generation.choices,
            "prompt": commit(self._salt, "prompt", *generation.prompt),
            "context": self._context(self.subject.context),
            "requester": "known" if self.subject.context.actor else "unknown",
            "keep_days": self._keep.days,
            "content_kept": self._keep.content,
        }

    def _caller(self) -> dict[str, Json]:
        return {"key": self.subject.key, "application": self.subject.application, "operation": self._operation}

    def _context(self, context: Context) -> dict[str, Json]:
        key = self._evidence.commitment_key.of(self.subject.organisation)
        given = {
            "actor": context.actor,
            "case": context.case,
            "data_subject": context.data_subject,
            "conversation": context.conversation,
            "work_item": context.work_item,
        }
        return {name: keyed(key, name, value) for name, value in given.items() if value is not None}

    def _output(self) -> dict[str, Json]:
        output: dict[str, dict[str, Json]] = {}
        for (choice, place), commitment in self._commitments.items():
            output.setdefault(str(choice), {})[place] = commitment.hexdigest()
        codes: dict[str, Json] = {str(index): code for index, code in self.codes.items()}
        return {"codes": codes, "output": output, "received": self._received.hexdigest()}

    def _answered(self, upstream_model: str | None) -> dict[str, Json]:
        return {**self._output(), "upstream_model": upstream_model, "bytes": self._bytes}

    def _outputs(self, record: Record) -> Sequence[Output]:
        """What leaves, as verify will know it: each choice under its code."""
        _, decision = self._require_judgement()
        day = civil_day(record.moment)
        return [
            Output(
                code=code,
                exchange=self.id,
                choice=index,
                organisation=self.subject.organisation,
                application=self.subject.application,
                profile=decision.profile,
                day=day,
                status=OutputStatus.DELIVERED,
                record=record.id,
            )
            for index, code in self.codes.items()
        ]

    def _seal(self, kind: str, content: bytes) -> SealedContent:
        return self._evidence.cipher.seal(self.id, kind, content)

    def _record(self, kind: RecordType, body: Mapping[str, Json]) -> Record:
        moment = self._evidence.clock.now()
        return Record(kind, new_id("rec", moment), moment, self.subject.organisation, self.id, self._previous, body)

    def _require_judgement(self) -> tuple[Generation, Decision]:
        if self._generation is None or self._decision is None:
            raise RuntimeError("an exchange is opened after it was judged")
        return self._generation, self._decision


def _keep(decision: Decision) -> Keep:
    """What the decision keeps; a decision without the obligation keeps the salts for the shortest term there is."""
    return next((item for item in decision.obligations if isinstance(item, Keep)), _NOT_JUDGED)


def _shadow(decision: Decision) -> list[Json]:
    return [{"rule": shadow.rule, "effect": shadow.effect.value} for shadow in decision.shadow]
