"""Recognises chats that were written out as text – WhatsApp on every system, Signal, Telegram –, and transcripts.

It parts their lines.  Locales are told by patterns, not by a list of languages, and each pattern by many lines: a chat
is one where lines of one form come again and again.  It opens no file: `chattexts` does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from explorer.ingest.chatheads import OwnLine, headed
from explorer.ingest.chatmarks import MARKS, is_file, is_left_out, is_notice, sort_of, without_marks
from explorer.ingest.chatvoices import are_heard, are_no_people
from explorer.ingest.fewmessages import are_logged, are_sent, write_again
from explorer.types import ATTACHMENT, CHAT_LINE

_BLANKS = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " "))
_AROUND_NAME = "".join(sign for sign in map(chr, range(0x10000)) if sign.isspace() or re.match(f"[{MARKS}~]", sign))
_BEGINS = re.compile(rf"[{MARKS}\s]*[{MARKS}][{MARKS}\s]*")
_UNSEEN = f"[{MARKS}]*"
"""Marks of direction, which WhatsApp writes before what a person did not write."""
_PART = "e paradites|e pasdites|e mbasdites|da manhã|da tarde|da noite|da madrugada"
"""Parts of the day of more than a word, as in Albanian and Portuguese."""
_SIGNED = "[\u0900-\u0965\u0970-\u0dff\u0e01-\u0e4f\u0e80-\u0ecf\u1000-\u103f\u1780-\u17d3]"
"""Letters of scripts whose vowels are marks, which are no letters to patterns, as in “अपराह्न”."""
_HALF = rf"(?:{_PART})|(?:(?!\d){_SIGNED}){{2,14}}|" r"[^\W\d_](?:[^\W\d_]|\.(?: (?=[^\W\d_]))?){0,6}"
_DATE = (
    rf"(?P<date>\d{{1,4}}(?:{_UNSEEN}[./-] ?|년 ?|年)\d{{1,2}}(?:{_UNSEEN}[./-] ?|월 ?|月)\d{{1,4}}(?:\.|일|日)?"
    r"|\d{1,2}[-. ](?:[A-Z][a-z]{2,8})[-. ]\d{2,4})"
)
_TIME = rf"(?:(?P<early>{_HALF}) ?)?(?P<clock>\d{{1,2}}(?:[:.]| h )\d{{2}}(?:[:.]\d{{2}})?)(?: ?(?P<late>{_HALF}))?"
_SPOT = r"(?P<clock>\d{1,2}:\d{2}(?::\d{2})?(?:[.,:-]\d{1,3})?)"
"""Where in a recording somebody says something, with hours or without."""
_NAME = r"[^\W\d_][^\n\t:\[\](){}#<>|=;]{0,60}?"
_NICK = r"(?:<[ +@%&~]?(?P<person>[^<>\s]{1,40})>|(?:-!-|\*{1,3}|-->|<--)(?= ))[ \t]"
"""Who writes on IRC; without one it is what happens there: somebody comes, goes, or does something."""
_STAMP = rf"{_DATE}(?: г\.)?[,،]?{_UNSEEN} {{0,2}}{_TIME}"
_IN_FIELDS = re.compile(
    rf"{_UNSEEN}(?:(?P<early>{_HALF}) ?)?{_SPOT}(?: ?(?P<late>[AaPp]\.?[Mm]\.?))?"
    r"\t(?P<person>[^\W\d_][^\t\n]{0,79})\t(?P<rest>[^\t]*)",
    re.DOTALL,
)
"""A time of no day, who writes, and what, between tabs, as LINE has it below a day; a record of more fields is none."""
_FORMS = (
    _IN_FIELDS,
    *(
        re.compile(pattern, re.DOTALL)
        for pattern in (
            rf"\[?{_STAMP}\]?[ \t]{{1,4}}{_NICK}(?P<rest>.*)",
            rf"\[?{_TIME}\]?[ \t]{{1,4}}{_NICK}(?P<rest>.*)",
            rf"{_UNSEEN}{_STAMP}(?: [-–—]|[:,]) (?P<rest>.*)",
            rf"{_UNSEEN}\[{_UNSEEN}{_STAMP}\] {{0,2}}(?P<rest>.*)",
            rf"{_UNSEEN}\[{_UNSEEN}{_TIME},? {_DATE}\] (?P<rest>.*)",
            rf"{_UNSEEN}{_TIME},? {_DATE} [-–—] (?P<rest>.*)",
            rf"(?P<person>[^\[\],:][^\[\]:]{{0,79}}), \[{_STAMP}\]:?(?P<rest>)\s*",
            rf"{_UNSEEN}[\[(#]{_SPOT}[\])#] {{0,4}}(?P<rest>.*)",
            rf"{_SPOT}[ \t]{{1,4}}(?P<rest>{_NAME} ?:.*)",
            rf"(?P<person>{_NAME}) {{0,3}}[\[(]{_SPOT}[\])] ?:? ?(?P<rest>.*)",
            rf"(?P<person>{_NAME})[ \t]{{1,4}}{_SPOT}(?: ?(?P<late>[ap]\.? ?m\.?|[AP]\.?M\.?))?(?P<rest>)\s*$",
        )
    ),
)
"""Lines of IRC, Android's, those of iOS and of Signal, those that are copied from a window, Vietnamese, Telegram's; of
transcripts those that begin with a time, those with the person before it, and those where what is said stands below."""
_SPOKEN = re.compile(rf"(?P<person>{_NAME}) ?:[ \t]+(?P<rest>\S.*)", re.DOTALL)
_CAPITAL = "[A-Z\u00c0-\u00d6\u00d8-\u00de\u0391-\u03a9\u0400-\u042f]"
_SPEAKER = re.compile(rf"{_CAPITAL}[\w.'’-]{{0,30}}(?: {_CAPITAL}[\w.'’-]{{0,30}}){{0,2}}")
"""Who seldom says something in a transcript: a name of up to three words."""
_ALL_SPOKEN = 0.8
"""Share of lines that begin with a name from which those of people who seldom speak are turns, too."""
_SPOT_AT_END = re.compile(rf"(?<!\s)\s*#{_SPOT}#\s*$")
_HEAD, _LOOKED_AT = 200, 400
_PERSON = re.compile(r"(?P<person>[^:\s][^:\n]{0,79}?) ?:(?: (?P<text>.*)|\s*)", re.DOTALL)
_AFTERNOON = re.compile(
    r"(?i)p\.? ?m\.?|오후|下午|午後|μ\.?μ\.?|م|du\.?|ch|晚上|中午|pm|e (?:pas|mbas)dites|da (?:tarde|noite)"
    r"|अपराह्न|অপরাহ্ণ|பிற்பகல்|หลังเที่ยง"
)
_MORNING = re.compile(
    r"(?i)a\.? ?m\.?|오전|上午|午前|π\.?μ\.?|ص|de\.?|sa|凌晨|早上|e paradites|da (?:manhã|madrugada)"
    r"|पूर्वाह्न|পূর্বাহ্ণ|முற்பகல்|ก่อนเที่ยง"
)
_LEVELS = frozenset("info debug warn warning error critical fatal trace notice".split())  # noqa: SIM905
_DAY = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? {1,2}\d{1,2}")
_FEWEST, _HEADED, _WITH_PERSON, _BEFORE, _BEFORE_SPOT = 3, 0.2, 0.4, 3, 12
"""Headed lines at least, and as a share of those that are filled; of them those of a person; lines before the first,
and before the first of a transcript."""
_ALL_HEADS = 0.7
"""Share of the lines that may be heads, where what is said stands below."""
_SPEAKERS, _TURNS, _TURNS_SHARE, _CHANGES, _WORDS = 12, 6, 0.5, 0.4, 5
"""Of a transcript without times: people at most; lines that begin with one at least, and as a share; how often the next
such line is another one's; words of a line in the mean."""


@dataclass
class Message:
    """A message: the number of its first line, from 0, its time, who wrote it ("" for the chat itself), its lines."""

    line: int
    time: str
    person: str
    lines: list[str] = field(default_factory=list)
    marked: bool = False
    stamped: bool = False
    """Whether a day and a time stand before its author, as WhatsApp has them, which writes “null” for what is gone."""

    @property
    def text(self) -> str:
        """Its text, without what the program adds to an edited one or a file's name above its caption."""
        lines = self.lines[1:] if len(self.lines) > 1 and is_file(self.lines[0]) else self.lines
        return without_marks("\n".join(line.rstrip("\r\n") for line in lines)).strip()

    @property
    def sort(self) -> str:
        """CHAT_LINE, ATTACHMENT or DELETED; "" for the words of a person."""
        if not self.person:
            return CHAT_LINE
        whole = "".join(self.lines).strip(_AROUND_NAME)
        if sort := sort_of(whole):
            return sort
        if self.stamped and is_left_out(whole):
            return ATTACHMENT
        return ATTACHMENT if self.marked and len(self.lines) == 1 and len(whole.split()) <= 4 else ""


def is_chat(lines: Sequence[str]) -> bool:
    """Say whether the first lines of a file are those of a chat: many begin with a time, most of these with a person.

    Or those of a transcript, of which many begin with one of a few persons.
    What a program logs has levels where a chat has persons.
    """
    return chat_form(lines) is not None


def chat_form(lines: Sequence[str]) -> re.Pattern[str] | None:
    """Return the form of the lines of a chat or a transcript; None where they are none."""
    filled = [line for line in headed(lines) if line.strip()]
    form = _commonest(filled)
    return form if form is not None and _is_chat_of(filled, form) else _spoken_form(filled)


def _is_chat_of(filled: Sequence[str], form: re.Pattern[str]) -> bool:
    found = [(at, one) for at, line in enumerate(filled) if (one := begun(line, form, 0)) is not None]
    people = [one.person for _, one in found if one.person]
    before = _BEFORE if "date" in form.groupindex else _BEFORE_SPOT
    if len(found) < min(_FEWEST, len(filled)) or len(found) < 2 or (form is _IN_FIELDS and _is_table(filled, found)):
        return False
    if sum(not isinstance(line, OwnLine) for line in filled[: found[0][0]]) >= before:
        return False
    levels = sum(person.strip("[] ").lower() in _LEVELS for person in people)
    return (
        len(found) >= _HEADED * len(filled)
        and len(people) >= _WITH_PERSON * len(found)
        and 2 * (levels + sum(map(_is_day, people))) < len(people)
        and not are_no_people(people)
        and not ("date" in form.groupindex and are_logged([_seen(filled[at]) for at, _ in found], people))
        and (len(set(people)) <= max(2, 0.6 * len(people)) or _are_sent(filled, found))
        and ("date" in form.groupindex or sum(not one.text for _, one in found) <= _ALL_HEADS * len(filled))
    )


def _is_table(filled: Sequence[str], found: Sequence[tuple[int, Message]]) -> bool:
    """Whether lines of a time, a name and a text are a table: nobody is spoken to, or others have as many fields."""
    heads = {at for at, _ in found}
    messages = [one for _, one in found]
    if not are_heard([one.person for one in messages], [one.text for one in messages], [one.sort for one in messages]):
        return True
    others = (line for at, line in enumerate(filled) if at not in heads and not isinstance(line, OwnLine))
    return any(line.count("\t") > 1 for line in others)


def _are_sent(filled: Sequence[str], found: Sequence[tuple[int, Message]]) -> bool:
    messages = [one for _, one in found]
    return are_sent(
        [_seen(filled[at]) for at, _ in found],
        [one.time for one in messages],
        [one.person for one in messages],
        [one.text for one in messages],
    )


def is_sure(lines: Sequence[str], form: re.Pattern[str]) -> bool:
    """Whether the lines of a chat of this form are surely one: with times, and somebody writes again, to another.

    Who is called by a nick writes in a chat.  A log, a diary or a list of events has times and names that come again,
    and nobody who is spoken to.
    """
    if "clock" not in form.groupindex:
        return False
    found = list(messages_of(headed(lines), form))
    people = [one.person for one in found if one.person]
    if len(people) >= _FEWEST and not write_again(people):
        return False
    return _NICK in form.pattern or are_heard(people, [one.text for one in found], [one.sort for one in found])


def asked_form(lines: Sequence[str]) -> re.Pattern[str] | None:
    """Return the form of lines that somebody says are those of a chat; None where none begins with a person."""
    filled = [line for line in headed(lines) if line.strip()]
    form = chat_form(lines) or _commonest(filled)
    if form is not None and any((one := begun(line, form, 0)) is not None and one.person for line in filled):
        return form
    return _SPOKEN if any(_SPOKEN.match(_seen(line)) for line in filled) else None


def _is_day(person: str) -> bool:
    """Whether it is the day that stands where a person would: a system's log begins with one and a time."""
    return _DAY.fullmatch(person) is not None


def _spoken_form(filled: Sequence[str]) -> re.Pattern[str] | None:
    """Return the form of lines that begin with one of a few persons who take turns; None where they do not.

    In records, a member a line, names come in the same order again and again, three of them or more.
    """
    found = [one for line in filled if (one := _SPOKEN.match(_seen(line)))]
    counts = Counter(one["person"].strip() for one in found)
    names = [name for name, count in counts.items() if count > 2 and name.lower() not in _LEVELS]
    turns = [one for one in found if one["person"].strip() in names]
    if not 2 <= len(names) <= _SPEAKERS or len(turns) < max(_TURNS, _TURNS_SHARE * len(filled)):
        return None
    order = [one["person"].strip() for one in turns]
    changes = sum(one != other for one, other in pairwise(order))
    every = len(names)
    if changes < _CHANGES * len(order) or (every > 2 and order[every:] == order[:-every]):
        return None
    if sum(len(one["rest"].split()) for one in turns) < _WORDS * len(turns):
        return None
    if len(found) >= _ALL_SPOKEN * len(filled):
        names += _seldom(found, counts, names)
    people = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(rf"(?P<person>{people}) ?:[ \t]+(?P<rest>.*)", re.DOTALL)


def _seldom(found: Sequence[re.Match[str]], counts: Counter[str], names: Sequence[str]) -> list[str]:
    """Return who speaks once or twice; what is said once before anybody speaks, as a date is, is nobody."""
    places: dict[str, int] = {}
    for at, one in enumerate(found):
        places.setdefault(one["person"].strip(), at)
    first = min(places[name] for name in names)
    return [
        name
        for name in counts
        if name not in names
        and _SPEAKER.fullmatch(name)
        and name.lower() not in _LEVELS
        and (counts[name] > 1 or places[name] > first)
    ]


def form_of(lines: Sequence[str]) -> re.Pattern[str] | None:
    """Return the form of the lines of a chat, by its first ones where these tell; None where none is headed."""
    form = chat_form(lines[:_LOOKED_AT])
    if form is not None and form.groupindex.keys() == {"person", "rest"} and "|" in form.pattern:
        return _spoken_form([line for line in lines if line.strip()]) or form  # others may speak later
    return form or asked_form(lines)


def _commonest(lines: Iterable[str]) -> re.Pattern[str] | None:
    """Return the form that most headed lines have; None where none is headed."""
    counts = Counter(form for line in lines for form in _FORMS if form.match(_seen(line)))
    return counts.most_common(1)[0][0] if counts else None


def messages_of(lines: Iterable[str], form: re.Pattern[str], start: int = 0) -> Iterator[Message]:
    """Yield the messages; a line without a time goes on with the one before, one before the first is the chat's."""
    current: Message | None = None
    for number, line in enumerate(lines, start):
        own = isinstance(line, OwnLine)
        message = None if own else begun(line, form, number)
        if own and current is not None:
            yield current
            current = None
        if message is not None:
            if current is not None:
                yield current
            current = message
        elif current is None:
            if line.strip():
                yield Message(number, "", "", [line])
        else:
            current.lines.append(line)
    if current is not None:
        yield current


def begun(line: str, form: re.Pattern[str], number: int) -> Message | None:
    """Return the message that a line begins, None where it begins none."""
    found = form.match(_seen(line))
    if found is None:
        return None
    time, rest = _time(found), line[found.start("rest") :]
    ended = _SPOT_AT_END.search(rest) if "date" not in form.groupindex else None
    if ended:
        time, rest = time or ended["clock"], rest[: ended.start()]
    if "person" in form.groupindex:
        return Message(number, time, (found["person"] or "").strip(), [rest] if rest.strip() else [])
    said = _PERSON.fullmatch(rest)
    if said is None:
        return Message(number, time, "", [rest])
    text = said["text"] or ""
    person = said["person"].strip(_AROUND_NAME)
    return Message(number, time, person, [text], marked=text.startswith("\u200e"), stamped="date" in form.groupindex)


def people_of(messages: Iterable[Message]) -> frozenset[str]:
    """Return who surely writes: of names that come once those are none that go on from another's, or quote.

    “Anna changed the name to “Trip: Rome”” is a line of the chat itself, though a colon stands in it; so is what a
    group is said to write on iOS, all of it behind marks of direction.
    """
    counts = Counter(one.person for one in messages if one.person and (not one.marked or one.sort == ATTACHMENT))
    often = frozenset(name for name, count in counts.items() if count > 1)
    return frozenset(
        name
        for name, count in counts.items()
        if count > 1 or not (any(sign in name for sign in '"“”„«»') or _goes_on(name, often))
    )


def is_own(message: Message, people: Iterable[str]) -> bool:
    """Whether a program wrote a message, behind marks of direction: by the name it tells of one of these people.

    Or it tells that the chat is encrypted, which stands there as the message of the other person, or of the group.
    """
    begins = _BEGINS.match("".join(message.lines[:1]))
    if not begins:
        return False
    said = message.lines[0][begins.end() :]
    return is_notice(said) or any(
        said.startswith(name) and not said[len(name) : len(name) + 1].isalnum() for name in people if name
    )


def _goes_on(name: str, often: frozenset[str]) -> bool:
    """Whether a name begins with another of these and a blank."""
    return any(name[: blank.start()] in often for blank in re.finditer(" ", name))


def _seen(line: str) -> str:
    """Return the beginning of a line with plain blanks, and the rest as it is: as many characters."""
    return line[:_HEAD].translate(_BLANKS) + line[_HEAD:]


def _time(found: re.Match[str]) -> str:
    """Return when a message was written, as it is written; a year in front and halves of the day as all read them."""
    known = found.groupdict()
    if "date" not in known:
        return f"{known.get('clock') or ''}{_half_of(known)}"
    date = re.sub(_UNSEEN, "", found["date"]).strip()
    numbers = re.findall(r"\d+", date)
    if len(numbers[0]) == 4:
        date = f"{numbers[0]}-{int(numbers[1]):02d}-{int(numbers[2]):02d}"
    clock = found["clock"].replace(" h ", ":").replace(".", ":")
    return re.sub(r"\d", lambda digit: str(int(digit[0])), f"{date}, {clock}{_half_of(known)}")


def _half_of(known: Mapping[str, str | None]) -> str:
    """Return which half of the day a time is of, with a blank before it; "" where it does not say."""
    half = " ".join(filter(None, (known.get("early"), known.get("late")))).strip()
    return " PM" if half and _AFTERNOON.fullmatch(half) else " AM" if half and _MORNING.fullmatch(half) else ""
