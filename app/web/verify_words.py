# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a citizen reads at verify. Only what is true of the process: never "genuine", never that a human wrote something."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.domain.text import LocalText

VERIFY: Final[Mapping[str, LocalText]] = MappingProxyType(
    {
        "verify.title": LocalText(nl="Is deze tekst gemaakt met AI?", en="Was this text made with AI?"),
        "verify.lead": LocalText(
            nl="Hier controleert u een brief of een andere tekst van {organisation}. Vul de code in, of plak de tekst. "
            "Het liefst allebei.",
            en="Here you check a letter or another text of {organisation}. Enter the code, or paste the text. "
            "Both is best.",
        ),
        "verify.lead_code": LocalText(
            nl="Een code is te kopiëren. Vergelijk daarom ook de tekst zelf.",
            en="A code can be copied. So compare the text itself too.",
        ),
        "verify.again": LocalText(nl="Controleer nog een tekst", en="Check another text"),
        "verify.compare": LocalText(nl="Vergelijk uw tekst", en="Compare your text"),
        "verify.code": LocalText(nl="Code", en="Code"),
        "verify.code_hint": LocalText(
            nl="Onder aan de tekst. 12 letters en cijfers, bijvoorbeeld K7Q2-9FXM-3TBW.",
            en="At the end of the text. 12 letters and digits, such as K7Q2-9FXM-3TBW.",
        ),
        "verify.text": LocalText(nl="Tekst", en="Text"),
        "verify.text_hint": LocalText(
            nl="Kopieer de hele tekst, met de eerste en de laatste regel. Wij bewaren de tekst niet.",
            en="Copy the whole text, with the first and the last line. We do not keep the text.",
        ),
        "verify.file": LocalText(nl="Of kies een tekstbestand (.txt)", en="Or choose a text file (.txt)"),
        "verify.file_read": LocalText(
            nl="De tekst uit het bestand staat nu in het veld.", en="The field now holds the text of the file."
        ),
        "verify.file_wrong": LocalText(
            nl="Dit bestand kan niet worden gelezen. Kopieer de tekst en plak hem.",
            en="This file cannot be read. Copy the text and paste it.",
        ),
        "verify.submit": LocalText(nl="Controleer", en="Check"),
        "verify.result": LocalText(nl="Uitkomst", en="Result"),
        "verify.nothing_typed": LocalText(nl="Vul een code in of plak een tekst.", en="Enter a code or paste a text."),
        "verify.no_code": LocalText(
            nl="Dit is geen code van ons. Een code heeft 12 letters en cijfers.",
            en="This is not one of our codes. A code has 12 letters and digits.",
        ),
        "verify.meaning": LocalText(nl="Wat betekent dit?", en="What does this mean?"),
        "verify.steps": LocalText(nl="Wat kunt u nu doen?", en="What can you do now?"),
        "verify.technical": LocalText(nl="Voor wie meer wil weten", en="For those who want to know more"),
        "verify.who": LocalText(nl="Organisatie", en="Organisation"),
        "verify.kind": LocalText(nl="Soort tekst", en="Kind of text"),
        "verify.day_reviewed": LocalText(nl="Gecontroleerd op", en="Checked on"),
        "verify.day_delivered": LocalText(nl="Gemaakt op", en="Made on"),
        "verify.address": LocalText(nl="Adres van deze uitkomst", en="Address of this result"),
        "verify.qr": LocalText(
            nl="QR-code met het adres van code {code}", en="QR code with the address of code {code}"
        ),
        # Kinds.
        "kind.publication": LocalText(
            nl="tekst voor iedereen, zoals een webpagina", en="text for everybody, such as a web page"
        ),
        "kind.correspondence": LocalText(nl="brief of besluit aan één persoon", en="letter or decision to one person"),
        "kind.internal-draft": LocalText(nl="concept voor medewerkers", en="draft for members of staff"),
        "kind.citizen-chat": LocalText(nl="antwoord in een chat", en="answer in a chat"),
        "kind.assistive": LocalText(nl="tekst die met AI is bewerkt", en="text that was edited with AI"),
        "kind.machine": LocalText(nl="gegevens voor een programma", en="data for a program"),
        # One word for it.
        "badge.reviewed": LocalText(nl="Gecontroleerd door een mens", en="Checked by a human"),
        "badge.unreviewed": LocalText(nl="Niet gecontroleerd", en="Not checked"),
        "badge.withdrawn": LocalText(nl="Ingetrokken", en="Withdrawn"),
        "badge.letter": LocalText(nl="Tekst nodig", en="Text needed"),
        "badge.marked": LocalText(nl="Merk gevonden", en="Mark found"),
        "badge.unknown": LocalText(nl="Onbekende code", en="Unknown code"),
        "badge.different": LocalText(nl="Niet hetzelfde", en="Not the same"),
        "badge.copied": LocalText(nl="Merk van een andere tekst", en="Mark of another text"),
        "badge.nothing": LocalText(nl="Geen merk gevonden", en="No mark found"),
        "badge.damaged": LocalText(nl="Merk klopt niet", en="Mark does not hold"),
        # What it comes down to.
        "said.reviewed": LocalText(
            nl="Deze code hoort bij een tekst die is gemaakt met AI. Een medewerker van {organisation} heeft die tekst "
            "gecontroleerd op {day}.",
            en="This code belongs to a text that was made with AI. A member of staff of {organisation} checked that text "
            "on {day}.",
        ),
        "said.reviewed_same": LocalText(
            nl="Deze tekst is gemaakt met AI en gecontroleerd door een medewerker van {organisation} op {day}.",
            en="This text was made with AI and checked by a member of staff of {organisation} on {day}.",
        ),
        "said.unreviewed": LocalText(
            nl="Deze code hoort bij een tekst die AI heeft gemaakt voor {organisation} op {day}. Niemand heeft die tekst "
            "gecontroleerd.",
            en="This code belongs to a text that AI made for {organisation} on {day}. Nobody has checked that text.",
        ),
        "said.unreviewed_same": LocalText(
            nl="AI heeft deze tekst gemaakt voor {organisation} op {day}. Niemand heeft de tekst gecontroleerd.",
            en="AI made this text for {organisation} on {day}. Nobody has checked the text.",
        ),
        "said.withdrawn": LocalText(
            nl="{organisation} heeft de tekst met deze code ingetrokken. Gebruik die tekst niet meer.",
            en="{organisation} has withdrawn the text with this code. Do not use that text any longer.",
        ),
        "said.letter": LocalText(
            nl="Er is een brief van {organisation} met deze code. Plak de tekst van uw brief: dan vertellen wij meer.",
            en="There is a letter of {organisation} with this code. Paste the text of your letter, and we will tell more.",
        ),
        "said.letter_different": LocalText(
            nl="Uw tekst is niet hetzelfde als de brief van {organisation} met deze code.",
            en="Your text is not the same as the letter of {organisation} with this code.",
        ),
        "said.different": LocalText(
            nl="Uw tekst is niet hetzelfde als de tekst van {organisation} met deze code.",
            en="Your text is not the same as the text of {organisation} with this code.",
        ),
        "said.copied": LocalText(
            nl="De code {code} hoort niet bij deze tekst. Iemand heeft een merk van een andere tekst overgenomen.",
            en="The code {code} does not belong to this text. Somebody copied the mark of another text.",
        ),
        "said.marked": LocalText(
            nl="In deze tekst staat een merk van {organisation}: de tekst, of een deel ervan, is gemaakt met AI. Wij vertellen niet "
            "meer, want de tekst is niet gepubliceerd.",
            en="This text carries a mark of {organisation}: the text, or a part of it, was made with AI. We do not tell more, "
            "because the text was not published.",
        ),
        "said.unknown": LocalText(
            nl="Wij kennen geen tekst met de code {code}.", en="We know of no text with the code {code}."
        ),
        "said.nothing": LocalText(
            nl="Wij hebben in deze tekst geen merk gevonden.", en="We found no mark in this text."
        ),
        "said.damaged": LocalText(
            nl="In deze tekst staat iets dat op ons merk lijkt, maar het klopt niet of is niet compleet.",
            en="This text holds something like our marks, but it does not hold by itself or is not complete.",
        ),
        # What was compared.
        "compare.same": LocalText(
            nl="Uw tekst is precies hetzelfde, letter voor letter.",
            en="Your text is exactly the same, letter by letter.",
        ),
        "compare.same-words": LocalText(
            nl="De woorden van uw tekst zijn hetzelfde. De opmaak en hoofdletters kunnen anders zijn. De regels over AI boven en "
            "onder de tekst zijn niet vergeleken.",
            en="The words of your text are the same. Layout and capitals may differ. The lines about AI above and below the text "
            "were not compared.",
        ),
        "compare.different": LocalText(
            nl="Misschien hebt u een deel gekopieerd, of staat er iets meer in. Misschien heeft iemand de tekst veranderd, of het "
            "merk overgenomen.",
            en="Perhaps you copied a part, or something more. Perhaps somebody changed the text, or copied the mark.",
        ),
        "compare.not_kept": LocalText(
            nl="Uw tekst kunnen wij niet vergelijken: wat daarvoor nodig is, is gewist.",
            en="We cannot compare your text: what is needed for that was erased.",
        ),
        "compare.no_text": LocalText(
            nl="Alleen de code is bekeken. Een code is te kopiëren: hij zegt niets over de tekst die u hebt.",
            en="Only the code was looked at. A code can be copied: it says nothing about the text that you have.",
        ),
        "compare.edited": LocalText(
            nl="De medewerker heeft de tekst van AI ook aangepast.",
            en="The member of staff also changed the text of AI.",
        ),
        "compare.content": LocalText(
            nl="Wij zeggen niet of de inhoud klopt. Dat kunt u vragen aan {organisation}.",
            en="We do not say whether the content is right. Ask {organisation} about that.",
        ),
        "compare.part": LocalText(
            nl="Een merk zegt niet dat elke zin door AI is gemaakt.",
            en="A mark does not say that AI made every sentence.",
        ),
        "compare.unknown": LocalText(
            nl="Kijk of u de code goed hebt overgenomen. Klopt hij? Dan is de code niet van {organisation}, of de tekst is nog niet "
            "vrijgegeven.",
            en="Check whether you copied the code well. Is it right? Then the code is not of {organisation}, or the text was not "
            "released.",
        ),
        "compare.nothing": LocalText(
            nl="Dit betekent niet dat een mens de tekst heeft geschreven.",
            en="This does not mean that a human wrote the text.",
        ),
        "compare.why_nothing": LocalText(
            nl="Een merk gaat verloren als iemand de tekst overtypt, uit een PDF kopieert of onzichtbare tekens weghaalt. En andere AI "
            "zet ons merk er niet in.",
            en="A mark is lost when somebody retypes the text, copies it from a PDF or removes invisible characters. And other AI "
            "does not put in our mark.",
        ),
        "compare.address": LocalText(
            nl="Let op: in de tekst staat een adres dat op ons adres lijkt, maar van een ander is. Open het niet.",
            en="Beware: the text holds an address that looks like ours but is another's. Do not open it.",
        ),
        "compare.invisible": LocalText(
            nl="In de tekst staan onzichtbare tekens die niet van ons zijn.",
            en="The text holds invisible characters that are not ours.",
        ),
        "compare.more_codes": LocalText(
            nl="In de tekst staan nog meer codes. Controleer de delen los van elkaar.",
            en="The text holds more codes. Check its parts one by one.",
        ),
        # Manifests.
        "manifest.Trusted": LocalText(
            nl="De digitale handtekening (C2PA) hoort bij precies deze tekst, en bij een ondertekenaar die wij vertrouwen.",
            en="The digital signature (C2PA) belongs to exactly this text, and to a signer that we trust.",
        ),
        "manifest.Valid": LocalText(
            nl="De digitale handtekening (C2PA) hoort bij precies deze tekst. Wie er tekende, kunnen wij niet nagaan.",
            en="The digital signature (C2PA) belongs to exactly this text. Who signed it, we cannot tell.",
        ),
        "manifest.Invalid": LocalText(
            nl="De digitale handtekening (C2PA) hoort niet bij precies deze tekst, of is veranderd.",
            en="The digital signature (C2PA) does not belong to exactly this text, or was changed.",
        ),
        # What to do.
        "step.compare": LocalText(nl="Vergelijk de tekst: plak hem hieronder.", en="Compare the text: paste it below."),
        "step.contact": LocalText(
            nl="Twijfelt u? Vraag het aan {organisation}: {contact}. Gebruik deze gegevens, niet die in de tekst.",
            en="In doubt? Ask {organisation}: {contact}. Use these details, not those in the text.",
        ),
        "step.complaint": LocalText(nl="Een klacht indienen", en="Make a complaint"),
        "step.objection": LocalText(nl="Bezwaar maken", en="Object to a decision"),
        # The log.
        "log.title": LocalText(nl="Het bewijs in het logboek", en="The proof in the log"),
        "log.is_in": LocalText(
            nl="Dat deze tekst is vrijgegeven, staat op regel {index} van een logboek met {size} regels. Het logboek is ondertekend: "
            "niemand kan er ongemerkt iets in veranderen. Wat er in een regel staat, mag alleen een auditor lezen.",
            en="That this text was released stands in entry {index} of a log of {size} entries. The log is signed: nobody can change it "
            "unnoticed. What an entry says, only an auditor may read.",
        ),
        "log.soon": LocalText(
            nl="Het logboek wordt zo ondertekend. Kijk over een paar seconden opnieuw voor het bewijs.",
            en="The log is about to be signed. Look again in a few seconds for the proof.",
        ),
        "log.receipt": LocalText(nl="Bewijs downloaden (JSON)", en="Download the proof (JSON)"),
        "log.receipt_here": LocalText(nl="Bewijs (JSON)", en="Proof (JSON)"),
        "log.checkpoint": LocalText(nl="Het laatste ondertekende controlepunt", en="The latest signed checkpoint"),
        # What the text shows.
        "marks.title": LocalText(nl="Wat er in de tekst staat", en="What the text shows"),
        "marks.label": LocalText(nl="Een regel van ons over AI: {count}", en="A line of ours about AI: {count}"),
        "marks.sentence": LocalText(
            nl="Zinnen met het onzichtbare merk van code {code}: {count}",
            en="Sentences with the invisible mark of code {code}: {count}",
        ),
        "marks.damaged": LocalText(
            nl="Zinnen met een merk dat beschadigd of nagemaakt is: {count}",
            en="Sentences with a mark that is damaged or made up: {count}",
        ),
        "marks.address": LocalText(nl="Ons adres met code {code}: {count}", en="Our address with code {code}: {count}"),
        "marks.other_address": LocalText(
            nl="Een adres dat op het onze lijkt: {count}", en="An address that looks like ours: {count}"
        ),
        "marks.invisible": LocalText(
            nl="Plaatsen met onzichtbare tekens die niet van ons zijn: {count}",
            en="Places with invisible characters that are not ours: {count}",
        ),
        "marks.none": LocalText(nl="Geen van onze merken.", en="None of our marks."),
    }
)
"""By name."""
