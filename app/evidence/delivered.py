# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Manifests for whoever asks: of a published text as it was signed then, of a text that was given at once signed now.

The latter only for who has the text: the commitment in the log proves that this code was given to these words. Whoever asks with
another text, for a code that never was, or after the term of the salt, gets nothing, and cannot tell these apart.
"""

import hmac
from collections.abc import Callable, Sequence

from app.domain.decision import Profile
from app.domain.errors import EvidenceInconsistent
from app.domain.ledger import LogReader, OutputReader
from app.domain.manifest import Manifests
from app.domain.output import Output, OutputStatus
from app.domain.record import Record
from app.evidence.commitments import of_place
from app.evidence.record import decode
from app.evidence.verification import ReadManifest
from watermark.errors import ManifestUnreadable
from watermark.label import OwnLines
from watermark.manifest import ManifestState
from watermark.stream import unmark
from watermark.verify import inspect


class Provenance:
    """Blocking, and of a long text slow: call it off the event loop."""

    def __init__(
        self,
        outputs: OutputReader,
        log: LogReader,
        manifests: Manifests,
        *,
        lines: Callable[[], OwnLines],
        name_of: Callable[[str], str],
        read_manifest: ReadManifest,
    ) -> None:
        """`lines` knows the labels of texts that are given at once, and no other: a label that says more is not ours to sign.

        `name_of` is the name of an organisation, by id. `read_manifest` needs no root.
        """
        self._outputs = outputs
        self._log = log
        self._manifests = manifests
        self._lines = lines
        self._name_of = name_of
        self._read_manifest = read_manifest

    def published(self, code: str) -> bytes | None:
        """The store that was made at sign-off. Of a letter only `of_text` gives it: a code alone says nothing of a letter.

        `code` is canonical. None as well for what was withdrawn: nobody vouches for it any longer. Raises `EvidenceUnavailable`.
        """
        output = self._outputs.output(code)
        if output is None or output.status is not OutputStatus.APPROVED or output.profile == Profile.CORRESPONDENCE:
            return None
        return self._outputs.manifest(code) or None

    def of_text(self, code: str, text: str) -> bytes | None:
        """The store for exactly this text, when it left under this code; None when it did not, or there is no certificate.

        Raises `EvidenceUnavailable`, `EvidenceInconsistent`, `KeyUnusable`.
        """
        output = self._outputs.output(code)
        if output is None or output.status is OutputStatus.WITHDRAWN:
            return None
        if output.status is OutputStatus.APPROVED:
            return self._stored(code, text)
        return self._made(output, text)

    def _stored(self, code: str, text: str) -> bytes | None:
        store = self._outputs.manifest(code)
        if not store:
            return None
        try:
            holds = self._read_manifest(text, store).state is not ManifestState.INVALID
        except ManifestUnreadable as error:
            raise EvidenceInconsistent from error
        return store if holds else None

    def _made(self, output: Output, text: str) -> bytes | None:
        """Nobody looked at this text: the manifest says that it was created, and nothing else."""
        salt, delivered = self._outputs.salt(output.exchange), self._record(output.organisation, output.record)
        if not salt or delivered is None or not self._is(output, text, salt, delivered):
            return None
        made = self._manifests.make(
            text,
            code=output.code,
            title=output.code,
            edited=False,
            model=self._model(delivered),
            created=delivered.moment,
            published=None,
            organisation=self._name_of(output.organisation),
        )
        return made or None

    def _is(self, output: Output, text: str, salt: bytes, delivered: Record) -> bool:
        """Whether the words are those of this choice, and all marks around and in them are its own."""
        lines = self._lines()
        if {output.code} | set(inspect(text, lines).codes) != {output.code}:
            return False
        wanted = _content(delivered, output.choice)
        made = [of_place(salt, output.choice, "content", each).hexdigest() for each in _spellings(text, lines)]
        return wanted != "" and any(hmac.compare_digest(wanted, each) for each in made)

    def _model(self, delivered: Record) -> str:
        """As the provider named it, else as it was asked for when the exchange was opened."""
        if isinstance(answered := delivered.body.get("upstream_model"), str):
            return answered
        opened = self._record(delivered.organisation, delivered.previous or "")
        asked = opened.body.get("model") if opened else None
        return asked if isinstance(asked, str) else ""

    def _record(self, organisation: str, name: str) -> Record | None:
        entry = self._log.entry(organisation, name)
        try:
            return decode(entry[1]) if entry else None
        except ValueError as error:
            raise EvidenceInconsistent from error


def _content(delivered: Record, choice: int) -> str:
    """The commitment to the unmarked content of a choice (`exchange:delivered`, `output`); empty where there is none."""
    outputs = delivered.body.get("output")
    of_choice = outputs.get(str(choice)) if isinstance(outputs, dict) else None
    content = of_choice.get("content") if isinstance(of_choice, dict) else None
    return content if isinstance(content, str) else ""


def _spellings(text: str, lines: OwnLines) -> Sequence[str]:
    """As it came from the model, or as it left."""
    return list(dict.fromkeys((text, unmark(text, lines))))
