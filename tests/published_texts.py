# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Texts that left the house, in memory: what verify knows of them, and a log that tells of them. Port: `OutputReader`."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from uuid import UUID

from app.domain.json import Json
from app.domain.keys import KeySigner
from app.domain.output import Output, OutputStatus
from app.domain.record import Record, RecordType
from app.evidence.checkpointer import Checkpointer
from app.evidence.digests import digests_of
from app.evidence.published import PublishedLog
from app.evidence.receipt import Receipts
from app.evidence.verification import ReadManifest, Verification
from app.keys.signer import check_signature
from tests.memory_log import HOST, ORGANISATION, MemoryAnchor, MemoryLog, story
from watermark.label import OwnLines, closing, opening
from watermark.manifest import ManifestReport, ManifestState
from watermark.model import Disclosure, Mark
from watermark.stream import mark, unmark
from watermark.text import insertion

ORIGIN = "https://waarmerk.example"
DAY = date(2026, 11, 23)
SALT = b"s" * 32
PUBLICATION, LETTER, EDITED, WITHDRAWN, DRAFT = (
    "K7Q2-9FXM-3TBW",
    "BR1E-F0F1-ETS1",
    "0000-1111-2222",
    "WEG0-WEG0-WEG0",
    "C0NC-EPT0-0000",
)
HELD = "HE1D-HE1D-HE1D"
"""A code that a hold has and that never left."""

REVIEWED = Disclosure(
    "nl",
    "Deze tekst is gemaakt met hulp van AI. Een medewerker van {organisation} heeft de inhoud gecontroleerd op {date}.",
    "Gemaakt met AI · code {code} · {url}",
)
UNCHECKED = Disclosure("nl", "AI-concept. Niet gecontroleerd. Niet publiceren.", "Gemaakt met AI · code {code} · {url}")
LINES = OwnLines([REVIEWED, UNCHECKED], ORIGIN)

TEXTS = {
    PUBLICATION: "Vanaf maandag is de Dorpsstraat dicht. U kunt omrijden langs de kerk. Het werk duurt vijf dagen.",
    LETTER: "Beste mevrouw, u krijgt een nieuwe parkeervergunning. Die is geldig tot het einde van het jaar.",
    EDITED: "Het zwembad is weer open. Kinderen zwemmen gratis in de hele maand december.",
    WITHDRAWN: "De markt gaat zaterdag niet door. Kom volgende week terug.",
    DRAFT: "Dit is een opzet voor een brief. Er moet nog iemand naar kijken.",
}


class CommitmentKeyOfTests:
    """Port: `CommitmentKey`."""

    def of(self, organisation: str) -> bytes:
        """The same for everybody."""
        return b"k" * 32


class PublishedTexts:
    """Port: `OutputReader`. Counts what it is asked: the same question is the same work."""

    def __init__(self) -> None:
        self.outputs: dict[str, Output] = {}
        self.digests: dict[str, list[str]] = {}
        self.manifests: dict[str, bytes] = {}
        self.salts: dict[str, bytes] = {}
        self.asked: list[str] = []

    def add(self, output: Output, text: str = "") -> None:
        """An output; with its text as it was published, unless it was not."""
        self.outputs[output.code] = output
        self.salts[output.exchange] = SALT
        if text:
            for digest in digests_of(CommitmentKeyOfTests().of(ORGANISATION), text, partial(unmark, lines=LINES)):
                self.digests.setdefault(digest, []).append(output.code)

    def output(self, code: str) -> Output | None:
        """By code."""
        self.asked.append("output")
        return self.outputs.get(code)

    def published(self, digests: Sequence[str]) -> Sequence[Output]:
        """By digest."""
        self.asked.append("published")
        codes = dict.fromkeys(code for digest in digests for code in self.digests.get(digest, []))
        return [self.outputs[code] for code in codes if self.outputs[code].status is not OutputStatus.DELIVERED]

    def manifest(self, code: str) -> bytes | None:
        """By code."""
        self.asked.append("manifest")
        return self.manifests.get(code)

    def salt(self, exchange: str) -> bytes | None:
        """By exchange."""
        self.asked.append("salt")
        return self.salts.get(exchange)


def marked(code: str, disclosure: Disclosure = REVIEWED, text: str = "") -> str:
    """A text as it left under this code."""
    label = opening(disclosure, organisation="Gemeente Voorbeeld", date="23 november 2026")
    return mark(text or TEXTS[code], label, closing(disclosure, code, ORIGIN), insertion(Mark.of_code(code)))


def read_manifest(text: str, store: bytes) -> ManifestReport:
    """A manifest store of tests is the text it was made of."""
    state = ManifestState.VALID if store == text.encode() else ManifestState.INVALID
    return ManifestReport(state, "Brief", PUBLICATION, "Gemeente Voorbeeld", "Gemeente Voorbeeld", (), ())


async def house(
    signer: KeySigner, read: ReadManifest = read_manifest, outputs: PublishedTexts | None = None
) -> tuple[Verification, PublishedTexts, MemoryLog]:
    """What left: a publication, a letter, an edited and a withdrawn publication, and a draft nobody looked at."""
    texts, log = outputs or PublishedTexts(), MemoryLog(story(3))
    kinds = {
        PUBLICATION: ("publication", OutputStatus.APPROVED),
        LETTER: ("correspondence", OutputStatus.APPROVED),
        EDITED: ("publication", OutputStatus.APPROVED),
        WITHDRAWN: ("publication", OutputStatus.WITHDRAWN),
        DRAFT: ("internal-draft", OutputStatus.DELIVERED),
    }
    for number, (code, (profile, status)) in enumerate(kinds.items()):
        exchange, record = f"exc_{UUID(int=1000 + number)}", f"rec_{UUID(int=2000 + number)}"
        log.append(_delivered(record, exchange, code))
        output = Output(code, exchange, 0, ORGANISATION, "guus", profile, DAY, status, record, edited=code == EDITED)
        texts.add(output, "" if status is OutputStatus.DELIVERED else marked(code))
    texts.manifests[PUBLICATION] = marked(PUBLICATION).encode()
    await Checkpointer(log, log, MemoryAnchor(), signer=signer, check=check_signature, host=HOST).issue(ORGANISATION)
    receipts = Receipts(log, PublishedLog(log, log))
    verification = Verification(
        texts, log, receipts, CommitmentKeyOfTests(), ORGANISATION, lines=lambda: LINES, read_manifest=read
    )
    return verification, texts, log


def _delivered(record: str, exchange: str, code: str) -> Record:
    """The record of a call as its exchange writes it (`output` of docs/evidence.md)."""
    content = hmac.digest(SALT, f"0\0content\0{TEXTS[code]}".encode(), "sha256").hex()
    body: Mapping[str, Json] = {
        "codes": {"0": code},
        "output": {"0": {"content": content}},
        "received": "0" * 64,
        "bytes": 1,
    }
    moment = datetime(2026, 11, 23, 9, tzinfo=UTC)
    return Record(RecordType.EXCHANGE_DELIVERED, record, moment, ORGANISATION, exchange, f"{record}-before", body)
