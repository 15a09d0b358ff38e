"""Tells whether people write to one another in lines with times and names, or a program, a diary or a list has such.

It knows no people: it looks for what is said to somebody, and for names that are those of things.  `chatlines` parts
the lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from explorer.ingest.chatmarks import MARKS, is_notice
from explorer.types import ATTACHMENT, DELETED

_THINGS = frozenset(
    """
    server worker database backup mailer scheduler daemon kernel monitor logger job cron queue
    cache proxy router gateway firewall network parser builder compiler installer updater watchdog cluster node
    container process thread task session request response event alarm alert sensor device controller heating light
    lights door window pump motor camera printer battery thermostat temperature humidity pressure voltage
    breakfast lunch dinner supper brunch snack snacks meal weight mood dream dreams sleep exercise workout symptoms
    goal kick-off halftime half yellow penalty corner foul substitution injury offside whistle
    opening closing break talk session keynote budget elections minutes agenda
    bug wish question feature issue ticket incident fix change task todo idea reminder appointment
    note notes entry status state version release update
    dienst datenbank sicherung heizung licht tür fenster pumpe temperatur luftfeuchtigkeit druck sensor gerät
    frühstück mittagessen mittag abendessen abendbrot gewicht stimmung traum schlaf symptome
    tor anpfiff abpfiff halbzeit ecke gelbe elfmeter auswechslung
    eröffnung begrüßung pause vortrag haushalt wahlen fehler wunsch frage aufgabe idee termin notiz
    serveur sauvegarde chauffage lumière porte petit-déjeuner déjeuner dîner poids humeur rêve mi-temps
    servidor calefacción luz puerta desayuno almuerzo cena comida peso ánimo sueño gol descanso
    """.split()  # noqa: SIM905
)
"""What stands where a person would in logs, diaries, of matches, meetings and tickets, in small letters."""
_TOLD_APART = re.compile(r"[\W\d_]+")
_HALF = 0.5
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\u2764]")
_ADDRESS = re.compile(r"\+[\d ()\u00a0/-]{6,24}")
_TO_SOMEBODY = re.compile(
    r"(?i)[?？؟]\s*$|[α-ωά-ώ];\s*$|[:;]-?[)(DP](?!\w)|<3|"
    r"(?<![\w-])(?:you|you're|your|yours|u|ya|du|dich|dir|dein|deine|deinen|euch|ihr|tu|te|toi|ton|vous|votre|tú|ti|"
    r"usted|ustedes|vos|você|vocês|voi|ты|тебя|тебе|вы|вас|вам|ти|jij|jullie|jou|dig|deg|sinä|sinut|ty|ciebie|tobie|"
    r"sen|seni|siz|kamu|anda|εσύ|σου|أنت|אתה|hi|hey|hello|hallo|hej|hola|ciao|salut|merhaba|halo|привет|γεια|bye|"
    r"yes|yeah|yep|nope|thanks|thank|please|sorry|lol|haha\w*|ok|okay|danke|bitte|ja|nein|tschüss|sí|gracias|merci|oui|"
    r"grazie|obrigad[oa]|спасибо|да|нет|tak|dzięki|ano|díky|evet|teşekkürler|ναι|όχι|ευχαριστώ|joo|kiitos|"
    r"igen|köszi|nem|mulțumesc|cảm ơn|terima kasih|дякую|так|بله|ممنون|მადლობა|נעם|כן|תודה|نعم|شكرا)(?![\w-])|"
    r"[你您吗吧呢谢謝嗎]|ですか|ありがとう|ください|너|당신|요[.!?]?\s*$|안녕|ครับ|ค่ะ|คุณ|bạn"
)
"""What is said to somebody: a question, a smile, words for who is spoken to, greetings, thanks, a yes or a no."""
_SHARE, _DIRECTION = 0.05, re.compile(f"[{MARKS}]")


def are_no_people(names: Sequence[str]) -> bool:
    """Whether more than half of those who write, and of their names, are things: a server, a meal, a goal."""
    return all(some and sum(map(_is_thing, some)) > _HALF * len(some) for some in (names, [*set(names)]))


def _is_thing(name: str) -> bool:
    words = [word for word in _TOLD_APART.split(name.lower()) if word]
    return bool(words) and words[0] in _THINGS and (len(words) == 1 or name.split()[-1].islower())


def are_heard(people: Sequence[str], texts: Sequence[str], sorts: Sequence[str]) -> bool:
    """Whether messages are to somebody, by their texts, what a messenger writes in their place, and who writes them."""
    if any(map(is_notice, texts)) or any(sort in (ATTACHMENT, DELETED) for sort in sorts):
        return True
    if any(_ADDRESS.fullmatch(name) or _EMOJI.search(name) or _DIRECTION.search(name) for name in people):
        return True
    told = sum(bool(_TO_SOMEBODY.search(text) or _EMOJI.search(text) or _DIRECTION.search(text)) for text in texts)
    return told >= max(1, _SHARE * len(texts))
