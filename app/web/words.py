# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every text of the pages, in B1 Dutch and in English. Templates name them: `say("sign_in.title")`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.domain.text import LocalText

WORDS: Final[Mapping[str, LocalText]] = MappingProxyType(
    {
        "product": LocalText(nl="Waarmerk", en="Waarmerk"),
        "language.name": LocalText(nl="Nederlands", en="English"),
        "language.other": LocalText(nl="English", en="Nederlands"),
        "skip": LocalText(nl="Naar de inhoud", en="Skip to content"),
        "development": LocalText(
            nl="Proefopstelling met ontwikkelsleutels: wat hier wordt ondertekend, bewijst niets.",
            en="Test set-up with development keys: whatever is signed here proves nothing.",
        ),
        "error.cause": LocalText(nl="Hoe dit komt", en="Why this happens"),
        "error.problem": LocalText(nl="Wat u nu kunt doen", en="What you can do now"),
        "sign_in.title": LocalText(nl="Inloggen", en="Sign in"),
        "sign_in.name": LocalText(nl="Naam", en="Name"),
        "sign_in.password": LocalText(nl="Wachtwoord", en="Password"),
        "sign_in.submit": LocalText(nl="Inloggen", en="Sign in"),
        "sign_in.forgotten": LocalText(
            nl="Wachtwoord vergeten? Vraag uw beheerder om een nieuwe link.",
            en="Forgot your password? Ask your operator for a new link.",
        ),
        "sign_in.ready": LocalText(
            nl="Uw wachtwoord is ingesteld. Log nu in.", en="Your password has been set. Sign in now."
        ),
        "sign_in.left": LocalText(nl="U bent uitgelogd.", en="You are signed out."),
        "sign_out.submit": LocalText(nl="Uitloggen", en="Sign out"),
        "setup.title": LocalText(nl="Wachtwoord instellen", en="Set your password"),
        "setup.secret": LocalText(nl="Code", en="Code"),
        "setup.secret_hint": LocalText(
            nl="Dit is het deel van uw link na het teken #. Is het veld leeg? Plak dat deel dan hier.",
            en="This is the part of your link after the # sign. Is the field empty? Paste that part here.",
        ),
        "setup.password": LocalText(nl="Nieuw wachtwoord", en="New password"),
        "setup.password_hint": LocalText(
            nl="Minstens 15 tekens. Een zin van een paar woorden is sterk en makkelijk te onthouden.",
            en="At least 15 characters. A sentence of a few words is strong and easy to remember.",
        ),
        "setup.again": LocalText(nl="Nog een keer hetzelfde wachtwoord", en="The same password again"),
        "setup.differ": LocalText(
            nl="De twee wachtwoorden zijn niet hetzelfde.", en="The two passwords are not the same."
        ),
        "setup.submit": LocalText(nl="Wachtwoord instellen", en="Set password"),
        "nav.label": LocalText(nl="Pagina's", en="Pages"),
        "nav.queue": LocalText(nl="Te beoordelen", en="To review"),
        "nav.closed": LocalText(nl="Afgerond", en="Decided"),
        "nav.account": LocalText(nl="Account van", en="Account of"),
        "foot": LocalText(
            nl="Waarmerk. Wat gepubliceerd wordt, gaat pas naar buiten als een mens het goedkeurt.",
            en="Waarmerk. What is published leaves only once a person has approved it.",
        ),
        "act.claim": LocalText(nl="In behandeling genomen", en="Taken on"),
        "act.let_go": LocalText(nl="Teruggelegd", en="Put back"),
        "act.edit": LocalText(nl="Tekst aangepast", en="Text changed"),
        "act.approve": LocalText(nl="Goedgekeurd", en="Approved"),
        "act.reject": LocalText(nl="Afgekeurd", en="Rejected"),
        "act.request_changes": LocalText(nl="Om aanpassing gevraagd", en="Changes asked for"),
        "act.withdraw": LocalText(nl="Ingetrokken", en="Withdrawn"),
        "act.opened": LocalText(nl="Gevraagd door de toepassing", en="Asked for by the application"),
        "act.fetched": LocalText(nl="Opgehaald door de toepassing", en="Fetched by the application"),
        "act.expire": LocalText(nl="Verlopen", en="Expired"),
        "act.fail": LocalText(nl="Het taalmodel gaf geen bruikbaar antwoord", en="The model gave no usable answer"),
        "account.title": LocalText(nl="Uw account", en="Your account"),
        "account.name": LocalText(nl="Naam", en="Name"),
        "account.organisation": LocalText(nl="Organisatie", en="Organisation"),
        "account.roles": LocalText(nl="Rollen", en="Roles"),
        "account.uses": LocalText(nl="U werkt met", en="You work with"),
        "account.language": LocalText(nl="Taal", en="Language"),
        "account.password": LocalText(
            nl="Een nieuw wachtwoord? Vraag uw beheerder om een nieuwe link.",
            en="A new password? Ask your operator for a new link.",
        ),
        "changes.title": LocalText(nl="Wat is er aangepast?", en="What was changed?"),
        "changes.lead": LocalText(
            nl="Dit is de hele tekst. Wat weg is, is doorgestreept. Wat nieuw is, is onderstreept.",
            en="This is the whole text. What is gone is struck through. What is new is underlined.",
        ),
        "changes.none": LocalText(
            nl="De tekst is nog zoals het taalmodel hem gaf.", en="The text is still as the model gave it."
        ),
        "changes.removed": LocalText(nl="weg:", en="removed:"),
        "changes.added": LocalText(nl="nieuw:", en="added:"),
        "changes.back": LocalText(nl="Terug naar de tekst", en="Back to the text"),
        "closed.title": LocalText(nl="Afgerond", en="Decided"),
        "closed.empty": LocalText(
            nl="Er is nog niets afgerond. Wat u goedkeurt of afkeurt, komt hier te staan.",
            en="Nothing was decided yet. What you approve or reject will be listed here.",
        ),
        "closed.fetched": LocalText(nl="Opgehaald", en="Fetched"),
        "closed.not_fetched": LocalText(nl="Nog niet opgehaald", en="Not fetched yet"),
        "closed.verify": LocalText(nl="Controleer code", en="Check code"),
        "form.again": LocalText(nl="Dit ging nog niet", en="This did not work yet"),
        "item.back": LocalText(nl="Terug naar de lijst", en="Back to the list"),
        "item.answer": LocalText(nl="Antwoord {number} van {count}", en="Answer {number} of {count}"),
        "item.output": LocalText(nl="Zo wordt het gepubliceerd", en="As it will be published"),
        "item.output_closed": LocalText(nl="De tekst", en="The text"),
        "item.output_open": LocalText(nl="De tekst van het taalmodel", en="The text of the model"),
        "item.collecting": LocalText(
            nl="Het taalmodel is nog bezig. Deze pagina toont de tekst zodra hij af is.",
            en="The model is still writing. This page shows the text as soon as it is done.",
        ),
        "item.reload": LocalText(nl="Kijk opnieuw", en="Look again"),
        "item.erased": LocalText(
            nl="De inhoud is gewist, want de bewaartermijn is voorbij.",
            en="The content was erased, since its term is over.",
        ),
        "item.no_text": LocalText(nl="Er is geen tekst.", en="There is no text."),
        "item.bare": LocalText(
            nl="Let op: deze tekst lijkt op code of gegevens voor een programma. Waarmerk zet er daarom geen regel boven of onder. "
            "Keur hem alleen goed als mensen op een andere manier zien dat hij met AI is gemaakt.",
            en="Take care: this text looks like code or data for a program. So Waarmerk puts no line above or below it. "
            "Approve it only if people see in another way that it was made with AI.",
        ),
        "item.label": LocalText(nl="Dit zet Waarmerk erboven", en="Waarmerk puts this above it"),
        "item.code": LocalText(nl="Dit zet Waarmerk eronder", en="Waarmerk puts this below it"),
        "item.mark": LocalText(nl="onzichtbaar merk van Waarmerk", en="invisible mark of Waarmerk"),
        "item.strange_mark": LocalText(nl="merk van een andere tekst: {code}", en="mark of another text: {code}"),
        "item.broken_mark": LocalText(nl="beschadigd of nagemaakt merk", en="damaged or imitated mark"),
        "item.unseen": LocalText(nl="onzichtbaar: {names}", en="invisible: {names}"),
        "item.stack": LocalText(nl="{count} accenten op elkaar", en="{count} stacked accents"),
        "item.foreign": LocalText(
            nl="Let op: in deze tekst staan tekens die u anders niet ziet, of die op andere letters lijken. Ze zijn rood gemaakt. "
            "Een goede tekst heeft ze bijna nooit nodig.",
            en="Beware: this text holds characters that you would not see, or that look like others. They are shown in red. "
            "A good text hardly ever needs them.",
        ),
        "item.changed": LocalText(nl="Bekijk wat er is aangepast", en="See what was changed"),
        "item.asked": LocalText(nl="Dit is gevraagd", en="This was asked"),
        "item.asked_nothing": LocalText(nl="De vraag is niet bewaard.", en="What was asked is not kept."),
        "item.facts": LocalText(nl="Gegevens", en="Details"),
        "item.application": LocalText(nl="Toepassing", en="Application"),
        "item.kind": LocalText(nl="Soort", en="Kind"),
        "item.code_name": LocalText(nl="Code", en="Code"),
        "item.incomplete": LocalText(
            nl="Niet alles is ingevuld. Kijk het formulier na.", en="Not everything is filled in. Check the form."
        ),
        "item.need_comment": LocalText(
            nl="Schrijf op wat er mis is, in hoogstens 4000 tekens. De maker leest dat.",
            en="Say what is wrong, in 4000 characters at most. The maker will read it.",
        ),
        "item.need_foreign": LocalText(
            nl="Bekijk de rood gemaakte tekens en vink aan dat ze mogen blijven.",
            en="Look at the characters in red and tick that they may stay.",
        ),
        "item.need_reason": LocalText(nl="Kies een reden.", en="Choose a reason."),
        "item.marks": LocalText(
            nl="Waarmerk zet in elke zin een onzichtbaar merk.", en="Waarmerk puts an invisible mark in every sentence."
        ),
        "item.no_edit": LocalText(
            nl="De tekst is leeg, te lang, of nog precies hetzelfde.",
            en="The text is empty, too long, or still exactly the same.",
        ),
        "item.number": LocalText(nl="Nummer", en="Number"),
        "item.requester": LocalText(nl="Gevraagd door", en="Asked for by"),
        "item.requester_known": LocalText(
            nl="een medewerker (naam niet bewaard)", en="a member of staff (name not kept)"
        ),
        "item.requester_you": LocalText(nl="u zelf", en="yourself"),
        "item.requester_unknown": LocalText(nl="onbekend", en="unknown"),
        "item.editors": LocalText(nl="Aangepast door", en="Changed by"),
        "item.sign_offs": LocalText(nl="Goedkeuringen", en="Approvals"),
        "item.of": LocalText(nl="{done} van {needed}", en="{done} of {needed}"),
        "item.history": LocalText(nl="Wat er is gebeurd", en="What happened"),
        "item.decide": LocalText(nl="Uw beslissing", en="Your decision"),
        "item.to_decision": LocalText(nl="Naar uw beslissing", en="To your decision"),
        "item.claim": LocalText(nl="Neem in behandeling", en="Take this on"),
        "item.claim_hint": LocalText(
            nl="Dan weten collega's dat u kijkt. U hebt {minutes} minuten; u kunt verlengen.",
            en="Colleagues then know that you are looking. You have {minutes} minutes, and can ask for more.",
        ),
        "item.lease": LocalText(nl="Van u tot {time}", en="Yours until {time}"),
        "item.renew": LocalText(nl="Verleng", en="More time"),
        "item.let_go": LocalText(nl="Leg terug", en="Put it back"),
        "item.busy": LocalText(
            nl="{person} bekijkt dit nu, tot {time}. U kunt meelezen.",
            en="{person} is looking at this now, until {time}. You can read along.",
        ),
        "item.attest": LocalText(nl="Ik verklaar", en="I declare"),
        "item.attest_foreign": LocalText(
            nl="Ik heb de rood gemaakte tekens bekeken. Ze mogen blijven.",
            en="I have looked at the characters in red. They may stay.",
        ),
        "item.approve": LocalText(nl="Keur deze tekst goed", en="Approve this text"),
        "item.approve_hint": LocalText(
            nl="De toepassing kan de tekst daarna ophalen en publiceren.",
            en="The application can then fetch and publish the text.",
        ),
        "item.approve_more": LocalText(
            nl="Daarna moet nog iemand anders goedkeuren.", en="After that somebody else has to approve it too."
        ),
        "item.reject": LocalText(nl="Keur af", en="Reject"),
        "item.reject_submit": LocalText(nl="Keur deze tekst af", en="Reject this text"),
        "item.request_changes": LocalText(nl="Vraag om aanpassing", en="Ask for changes"),
        "item.request_submit": LocalText(nl="Stuur terug voor aanpassing", en="Send back for changes"),
        "item.withdraw": LocalText(nl="Trek in", en="Withdraw"),
        "item.withdraw_submit": LocalText(nl="Trek deze tekst in", en="Withdraw this text"),
        "item.withdraw_hint": LocalText(
            nl="Wie de code controleert, ziet daarna dat de tekst is ingetrokken.",
            en="Who checks the code will see that the text was withdrawn.",
        ),
        "item.reason": LocalText(nl="Reden", en="Reason"),
        "item.reason_choose": LocalText(nl="Kies een reden", en="Choose a reason"),
        "item.comment": LocalText(nl="Toelichting", en="Explanation"),
        "item.comment_hint": LocalText(
            nl="Verplicht. Schrijf geen namen of andere persoonsgegevens op.",
            en="Required. Leave out names and other personal data.",
        ),
        "item.edit": LocalText(nl="Pas de tekst aan", en="Change the text"),
        "item.edit_submit": LocalText(nl="Bewaar de aanpassing", en="Save the change"),
        "item.edit_hint": LocalText(
            nl="U past alleen de tekst zelf aan. De regels van Waarmerk komen er daarna weer bij.",
            en="You change the text itself only. The lines of Waarmerk are added again afterwards.",
        ),
        "item.edit_alone": LocalText(
            nl="Past u de tekst aan? Dan moet een collega hem goedkeuren.",
            en="If you change the text, a colleague has to approve it.",
        ),
        "item.edit_voids": LocalText(
            nl="Een aanpassing maakt eerdere goedkeuringen ongeldig.", en="A change voids approvals given before."
        ),
        "item.may_not": LocalText(nl="U kunt dit niet goedkeuren", en="You cannot approve this"),
        "item.read_only": LocalText(
            nl="U leest mee als auditor. Alleen beoordelaars beslissen.",
            en="You read this as an auditor. Only reviewers decide.",
        ),
        "item.over": LocalText(nl="Hierover is beslist", en="This was decided"),
        "item.over_approved": LocalText(
            nl="Deze tekst is goedgekeurd. De toepassing kan hem ophalen.",
            en="This text was approved. The application can fetch it.",
        ),
        "item.over_rejected": LocalText(
            nl="Deze tekst is afgekeurd en wordt nooit gepubliceerd.",
            en="This text was rejected and will never be published.",
        ),
        "item.over_expired": LocalText(
            nl="Niemand heeft op tijd beslist. Deze tekst wordt nooit gepubliceerd.",
            en="Nobody decided in time. This text will never be published.",
        ),
        "item.over_withdrawn": LocalText(nl="Deze tekst is ingetrokken.", en="This text was withdrawn."),
        "item.over_upstream_failed": LocalText(
            nl="Het taalmodel gaf geen bruikbaar antwoord. Er is niets om te beoordelen.",
            en="The model gave no usable answer. There is nothing to review.",
        ),
        "item.moved": LocalText(
            nl="Sinds u deze pagina opende is er iets veranderd: {state}. Hieronder staat het zoals het nu is. "
            "Wat u typte, staat er nog.",
            en="Something changed since you opened this page: {state}. Below it is shown as it is now. "
            "What you typed is still there.",
        ),
        "item.moved_text": LocalText(
            nl="De tekst zelf is ook veranderd. Lees hem opnieuw.", en="The text itself has changed too. Read it again."
        ),
        "keys.title": LocalText(nl="Sneltoetsen", en="Keyboard shortcuts"),
        "keys.next": LocalText(nl="Volgende in de lijst", en="Next in the list"),
        "keys.previous": LocalText(nl="Vorige in de lijst", en="Previous in the list"),
        "keys.open": LocalText(nl="Open", en="Open"),
        "keys.claim": LocalText(nl="Neem in behandeling", en="Take this on"),
        "keys.edit": LocalText(nl="Pas de tekst aan", en="Change the text"),
        "keys.approve": LocalText(nl="Ga naar goedkeuren", en="Go to approve"),
        "keys.reject": LocalText(nl="Ga naar afkeuren", en="Go to reject"),
        "keys.help": LocalText(nl="Toon deze lijst", en="Show this list"),
        "keys.on": LocalText(nl="Gebruik sneltoetsen", en="Use keyboard shortcuts"),
        "keys.note": LocalText(
            nl="In een tekstveld doen deze toetsen niets anders dan typen.", en="In a text field these keys only type."
        ),
        "keys.close": LocalText(nl="Sluit", en="Close"),
        "keys.unsaved": LocalText(
            nl="U hebt iets getypt dat nog niet is bewaard.", en="You have typed something that is not saved yet."
        ),
        "profile.publication": LocalText(nl="Publicatie", en="Publication"),
        "profile.correspondence": LocalText(nl="Brief of besluit", en="Letter or decision"),
        "profile.internal-draft": LocalText(nl="Intern concept", en="Internal draft"),
        "profile.citizen-chat": LocalText(nl="Chat met inwoners", en="Chat with citizens"),
        "profile.assistive": LocalText(nl="Hulp bij een tekst", en="Help with a text"),
        "profile.machine": LocalText(nl="Voor een systeem", en="For a system"),
        "queue.title": LocalText(nl="Te beoordelen", en="To review"),
        "queue.states": LocalText(nl="Toon", en="Show"),
        "queue.applications": LocalText(nl="Toepassing", en="Application"),
        "queue.all": LocalText(nl="Alles", en="All"),
        "queue.todo": LocalText(nl="Vrij", en="Free"),
        "queue.mine": LocalText(nl="Bij u", en="Yours"),
        "queue.others": LocalText(nl="Bij een collega", en="With a colleague"),
        "queue.changes": LocalText(nl="Wacht op aanpassing", en="Waits for changes"),
        "queue.every_application": LocalText(nl="Alle toepassingen", en="All applications"),
        "queue.empty": LocalText(nl="Er wacht niets op u.", en="Nothing is waiting for you."),
        "queue.empty_hint": LocalText(
            nl="Nieuwe teksten verschijnen hier vanzelf als u de pagina opnieuw opent.",
            en="New texts appear here when you open this page again.",
        ),
        "queue.empty_filter": LocalText(nl="Niets past bij deze keuze.", en="Nothing matches this choice."),
        "queue.claim": LocalText(nl="Neem", en="Take"),
        "queue.free": LocalText(nl="Niemand kijkt", en="Nobody is looking"),
        "queue.you": LocalText(nl="U kijkt, tot {time}", en="You are looking, until {time}"),
        "queue.looking": LocalText(nl="{person} kijkt, tot {time}", en="{person} is looking, until {time}"),
        "queue.asked": LocalText(nl="gevraagd {time}", en="asked {time}"),
        "queue.one": LocalText(nl="1 tekst", en="1 text"),
        "queue.many": LocalText(nl="{count} teksten", en="{count} texts"),
        "queue.shown": LocalText(nl="{shown} van {count} teksten", en="{shown} of {count} texts"),
        "reason.facts": LocalText(nl="Feiten kloppen niet", en="Facts are wrong"),
        "reason.sources": LocalText(nl="Bronnen ontbreken of kloppen niet", en="Sources are missing or wrong"),
        "reason.tone": LocalText(nl="Toon of taal past niet", en="Tone or language does not fit"),
        "reason.bias": LocalText(nl="Vooroordeel of ongelijke behandeling", en="Bias or unequal treatment"),
        "reason.personal_data": LocalText(nl="Persoonsgegevens", en="Personal data"),
        "reason.law": LocalText(nl="Mag niet van de wet of het beleid", en="Against law or policy"),
        "reason.other": LocalText(nl="Iets anders", en="Something else"),
        "role.system": LocalText(nl="Opdracht van de toepassing", en="Instruction of the application"),
        "role.developer": LocalText(nl="Opdracht van de toepassing", en="Instruction of the application"),
        "role.user": LocalText(nl="Vraag", en="Question"),
        "role.assistant": LocalText(nl="Eerder antwoord", en="Earlier answer"),
        "role.tool": LocalText(nl="Uit een hulpmiddel", en="From a tool"),
        "role.function": LocalText(nl="Uit een hulpmiddel", en="From a tool"),
        "role.other": LocalText(nl="Bericht", en="Message"),
        "role.reviewer": LocalText(nl="beoordelaar", en="reviewer"),
        "role.policy-officer": LocalText(nl="beleidsbeheerder", en="policy officer"),
        "role.auditor": LocalText(nl="auditor", en="auditor"),
        "role.administrator": LocalText(nl="beheerder", en="administrator"),
        "said.claim": LocalText(nl="U hebt deze tekst in behandeling.", en="You have taken this text on."),
        "said.let_go": LocalText(nl="De tekst ligt weer in de lijst.", en="The text is back in the list."),
        "said.edit": LocalText(
            nl="De aanpassing is bewaard. Kijk de tekst nog eens na.",
            en="The change is saved. Read the text once more.",
        ),
        "said.edit_back": LocalText(
            nl="De aanpassing is bewaard. De tekst wacht weer op beoordeling.",
            en="The change is saved. The text waits for review again.",
        ),
        "said.approve": LocalText(
            nl="De vorige tekst is goedgekeurd. De toepassing kan hem nu ophalen.",
            en="The last text was approved. The application can fetch it now.",
        ),
        "said.approve_more": LocalText(
            nl="Uw goedkeuring telt. Er moet nog iemand anders goedkeuren.",
            en="Your approval counts. Somebody else has to approve it too.",
        ),
        "said.reject": LocalText(
            nl="De vorige tekst is afgekeurd en wordt nooit gepubliceerd.",
            en="The last text was rejected and will never be published.",
        ),
        "said.request_changes": LocalText(
            nl="De vorige tekst wacht nu op aanpassing.", en="The last text now waits for changes."
        ),
        "said.withdraw": LocalText(nl="De tekst is ingetrokken.", en="The text was withdrawn."),
        "said.look": LocalText(nl="Bekijk die tekst", en="See that text"),
        "said.next": LocalText(nl="Dit is de volgende.", en="This is the next one."),
        "start.title": LocalText(nl="Welkom, {person}", en="Welcome, {person}"),
        "start.lead": LocalText(
            nl="Teksten beoordelen hoort niet bij uw rol. Dit kunt u wel doen.",
            en="Reviewing texts is not part of your role. This is what you can do.",
        ),
        "start.officer": LocalText(nl="Beleid bekijken en toetsen", en="Read and test policy"),
        "start.officer_how": LocalText(
            nl="Het beleid staat in bestanden. Kijk of het klopt, vraag waarom iets wel of niet mag, en draai de voorbeelden:",
            en="Policy is kept in files. Check it, ask why something is or is not permitted, and run the examples:",
        ),
        "start.administrator": LocalText(nl="Mensen en sleutels beheren", en="Manage people and keys"),
        "start.administrator_how": LocalText(
            nl="U doet dit op de server, met deze opdrachten:", en="You do this on the server, with these commands:"
        ),
        "start.stop": LocalText(nl="Gebruik direct stopzetten", en="Stop use at once"),
        "start.stop_how": LocalText(
            nl="Een toepassing, een model of een aanbieder gaat binnen een seconde dicht:",
            en="An application, a model or a provider is closed within a second:",
        ),
        "state.collecting": LocalText(nl="Wordt gemaakt", en="Being written"),
        "state.pending": LocalText(nl="Te beoordelen", en="To review"),
        "state.claimed": LocalText(nl="In behandeling", en="In review"),
        "state.changes_requested": LocalText(nl="Wacht op aanpassing", en="Waits for changes"),
        "state.approved": LocalText(nl="Goedgekeurd", en="Approved"),
        "state.rejected": LocalText(nl="Afgekeurd", en="Rejected"),
        "state.expired": LocalText(nl="Verlopen", en="Expired"),
        "state.withdrawn": LocalText(nl="Ingetrokken", en="Withdrawn"),
        "state.upstream_failed": LocalText(nl="Mislukt", en="Failed"),
    }
)
