# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Signs what the log says of itself, and refuses to sign two histories.

Between two checkpoints it reads the new entries itself: what is signed is what is stored, not what the writer believes.
"""

import asyncio
from collections.abc import Sequence

from app.domain.errors import EvidenceInconsistent
from app.domain.keys import KeySigner, SignatureCheck
from app.domain.ledger import Anchor, Checkpoints, LogReader, TreeHead
from app.domain.text import LocalText
from app.evidence.checkpoint import Checkpoint, open_checkpoint, origin_of
from app.evidence.note import NoteInvalid, VerifierKey
from app.evidence.tree import fold, leaf, root

_BATCH = 1024


class Checkpointer:
    """Issues checkpoints of every organisation's log. One instance per process; several processes agree through the store.

    `host` names the installation and never changes: it is in the name of every log. `retired` are public keys that signed before.
    """

    def __init__(
        self,
        reader: LogReader,
        checkpoints: Checkpoints,
        anchor: Anchor,
        *,
        signer: KeySigner,
        check: SignatureCheck,
        host: str,
        retired: Sequence[bytes] = (),
    ) -> None:
        self._reader = reader
        self._checkpoints = checkpoints
        self._anchor = anchor
        self._signer = signer
        self._check = check
        self._host = host
        self._public_keys = (signer.public_key, *retired)
        self._signed: dict[str, TreeHead] = {}
        self._lock = asyncio.Lock()

    async def issue(self, organisation: str) -> str | None:
        """The checkpoint of the log as it is now; None while it is empty.

        Raises `EvidenceInconsistent` when the log is shorter than, or another than, anything signed before; then nothing is signed.
        """
        async with self._lock:
            return await asyncio.to_thread(self._issue, organisation)

    def keys(self, organisation: str) -> tuple[VerifierKey, ...]:
        """Public keys of this log, the current one first."""
        origin = origin_of(self._host, organisation)
        return tuple(VerifierKey(origin, key) for key in self._public_keys)

    def remembered(self, organisation: str) -> list[str]:
        """What the anchor holds of this log: the database is audited against it."""
        note = self._anchor.latest(organisation)
        return [] if note is None else [note]

    def _issue(self, organisation: str) -> str | None:
        signed = self._signed.get(organisation, TreeHead())
        known = self._known(organisation)
        head = self._reader.head(organisation)  # after `known`: another replica may sign meanwhile
        now = Checkpoint(origin_of(self._host, organisation), head.size, root(head))
        if head == signed and known and all(checkpoint == now for checkpoint, _ in known):
            return known[-1][1]
        self._require_growth(organisation, signed, [checkpoint for checkpoint, _ in known], head)
        self._signed[organisation] = head
        return self._sign(organisation, now) if head.size else None

    def _sign(self, organisation: str, now: Checkpoint) -> str:
        """Stored first, remembered next, shown last."""
        note = self._checkpoints.put(organisation, now.size, now.sign(self._signer))
        if self._open(organisation, note) != now:
            raise _inconsistent(
                organisation, "een andere kopie ondertekende iets anders", "another replica signed something else"
            )
        self._anchor.put(organisation, note)
        return note

    def _known(self, organisation: str) -> list[tuple[Checkpoint, str]]:
        """What was signed before: as stored, and as remembered outside the store."""
        notes = (self._anchor.latest(organisation), self._checkpoints.latest(organisation))
        return [(self._open(organisation, note), note) for note in notes if note is not None]

    def _open(self, organisation: str, note: str) -> Checkpoint:
        try:
            return open_checkpoint(note, self.keys(organisation), self._check)
        except NoteInvalid as error:
            raise _inconsistent(
                organisation, "een eerder controlepunt is vervalst", f"an earlier checkpoint is not ours: {error}"
            ) from error

    def _require_growth(self, organisation: str, signed: TreeHead, known: Sequence[Checkpoint], head: TreeHead) -> None:
        """Read from `signed` to `head`, past everything known: each must lie on the way, or the log was changed."""
        grown = signed
        for checkpoint in sorted(known, key=lambda item: item.size):
            if checkpoint.size > head.size:
                raise _inconsistent(
                    organisation,
                    f"er zijn {checkpoint.size} regels ondertekend en er zijn er nog {head.size}",
                    f"{checkpoint.size} entries were signed and {head.size} are left",
                )
            if checkpoint.size >= grown.size:
                grown = self._grow(organisation, grown, checkpoint.size)
                if root(grown) != checkpoint.root:
                    raise _changed(organisation, checkpoint.size)
        if head.size < grown.size or self._grow(organisation, grown, head.size) != head:
            raise _changed(organisation, head.size)

    def _grow(self, organisation: str, head: TreeHead, size: int) -> TreeHead:
        """The head at `size`, from the entries as they are stored now."""
        if head.size >= size:
            return head
        leaves: list[bytes] = []
        for index, _, data in self._reader.entries(organisation, head.size):
            if index != head.size + len(leaves):
                break
            leaves.append(leaf(data))
            if index + 1 == size or len(leaves) == _BATCH:
                head, leaves = fold(head, leaves), []
            if index + 1 == size:
                return head
        raise _inconsistent(
            organisation,
            f"regel {head.size + len(leaves)} ontbreekt",
            f"entry {head.size + len(leaves)} is missing",
        )


def _changed(organisation: str, size: int) -> EvidenceInconsistent:
    return _inconsistent(
        organisation,
        f"de eerste {size} regels zijn niet meer wat zij waren",
        f"the first {size} entries are no longer what they were",
    )


def _inconsistent(organisation: str, nl: str, en: str) -> EvidenceInconsistent:
    return EvidenceInconsistent(
        LocalText(
            nl=f"Het logboek van {organisation} wordt niet ondertekend: {nl}.",
            en=f"The log of {organisation} is not signed: {en}.",
        )
    )
