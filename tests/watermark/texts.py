# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Texts of every kind, and every way to cut them into pieces."""

from hypothesis import strategies as st

from watermark.model import Disclosure

CODE = "K7Q2-9FXM-3TBW"
ORIGIN = "https://waarmerk.example.nl"
DISCLOSURES = (
    Disclosure("nl", "AI-concept. Niet gecontroleerd. Niet publiceren.", "Gemaakt met AI · code {code} · {url}"),
    Disclosure("en", "AI draft. Not checked. Do not publish.", "Made with AI · code {code} · {url}"),
    Disclosure("fy", "AI-konsept. Net kontrolearre. Net publisearje.", "Makke mei AI · koade {code} · {url}"),
    Disclosure("pap", "Konsepto di AI. No kontrolá. No publiká.", "Trahá ku AI · kódigo {code} · {url}"),
    Disclosure("nl", "Gemaakt met AI. {organisation} is verantwoordelijk.", "Gemaakt met AI · code {code} · {url}"),
)

LETTER = """\
Beste mevrouw De Vries,

U hebt op 3 maart een nieuw paspoort aangevraagd. Wij behandelen uw aanvraag binnen zes weken! Hebt u haast?
Bel dan met mevr. Jansen, of kijk op www.voorbeeld.nl. Uw rekening is NL91 ABNA 0417 1643 00. Het adres is Markt 1, 1234 AB.

1. **Neem uw oude paspoort mee.** Dat leveren wij in.
2. Lees [wat het kost. En waarom](https://www.voorbeeld.nl/kosten "Wat kost het. Een lijst.") voor u komt.

Met vriendelijke groet.
"""

# What changes the state of the scanner, and words to say between it.
_WORDS = (
    'a woord. einde! vraag? ja… Zin. . ! ? … ... ?! ." .) .** ` `` ``` ```` ~~~ [ ] ]( ) < > | \\ \\` <b </b> # - 1. * _ { } " '
    "é. e\u0301. 字。 字. مرحبا. 👩\u200d💻 ❤\ufe0f. 字\U000e0100 \u200b \ufeff NL91 1234 AB. a@b.nl. www.x.nl. https://x.nl/a. "
    "mevr. art. \U000e0101\U000e0102 x\ufe01. \u2014 AI-concept. \uff21\uff29. \ufb01n. İ. ß!"
)
_SPACES = [" ", " ", "  ", "    ", "\t", "\n", "\n", "\n\n", "\r\n", "\n \n", "\u00a0", "\u2028"]
_LINES = ["Dit is een zin. ", "Een langere zin met woorden. ", "\n- item\n", "\n```python\n", "\n```\n", "\n~~~\n"]
_FRAGMENTS = st.sampled_from([*_WORDS.split(), *_SPACES, *_LINES])

TEXTS = st.lists(_FRAGMENTS | st.text(max_size=4), max_size=40).map("".join) | st.text(max_size=60)


@st.composite
def cut(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS) -> list[str]:
    """The pieces of a text, empty ones too."""
    text = draw(texts)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=30)))
    return [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
