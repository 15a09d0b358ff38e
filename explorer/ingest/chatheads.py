"""Writes the heads of messages that `chatlines` does not know as those that it does, line by line.

Heads of two lines (Teams, copied; iMessage, exported), of a day above and a time beside each message (KakaoTalk,
LINE), Zoom's, Discord's; and tells the lines that a program writes around a chat.  As many lines come out as went in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_LONGEST, _HEAD = 200, 12
_RULE = re.compile(r"={62}")
_DAY = r"\d{1,4}(?:[./-] ?|년 ?|年)\d{1,2}(?:[./-] ?|월 ?|月)\d{1,4}(?:\.|일|日)?"
_CLOCK = r"(?:[^\W\d_]{1,4} ?)?\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp]\.?[Mm]\.?)?"
_STAMP = re.compile(rf"(?:\[?{_DAY},? {{1,2}}{_CLOCK}\]?)\s*")
_PERSON = re.compile(r"[^\W\d_][^\n:\[\]{}#<>|=;,.!?\t]{0,60}\s*")
_ZOOM = re.compile(
    rf"(?P<stamp>(?:{_DAY} )?\d{{1,2}}:\d{{2}}:\d{{2}})[\t ]{{1,4}}From {{1,2}}"
    r"(?P<person>[^:\t\n]{1,80}?) ?:(?P<rest>[^\n]*)\s*"
)
_TO_ALL = re.compile(r" {1,2}to {1,2}(?:Everyone|everyone|Alle|Todos|Tout le monde|Tutti)$")
_DAYS = re.compile(
    rf"(?:-{{5,20}} )?(?P<day>{_DAY})(?:\([^()\n]{{1,12}}\)| [^\W\d_]{{1,12}})(?: -{{5,20}})?\s*"
    rf"|[^\W\d_]{{1,12}}\.?, (?P<date>{_DAY})\s*"
)
"""A day with its weekday, alone on its line."""
_SAID = re.compile(
    rf"\[(?P<person>[^\[\]\n]{{1,60}})\] \[(?P<clock>{_CLOCK})\] (?P<rest>[^\n]*)\s*"
    rf"|(?P<time>{_CLOCK})\t(?P<who>[^\t\n]{{1,60}})\t(?P<said>[^\n]*)\s*"
)
_BETWEEN_TABS = re.compile(rf"{_CLOCK}\t[^\t\n]{{1,80}}\t[^\t]*")
_HAPPENED = re.compile(rf"{_CLOCK}\t{{1,2}}[^\t\n]+\s*")
"""What LINE writes of somebody who comes, goes or calls, among messages between tabs: a time and no author."""
_NICK = re.compile(
    r"\[(?P<stamp>\d{1,4}[-/. ]\w{1,9}[-/. ]\d{1,4},? {1,2}\d{1,2}:\d{2}(?: ?[AaPp][Mm])?)\] "
    r"(?P<person>[^\[\]:\n]{1,60}?)(?: \(pinned\))?\s*"
)
_ABOVE = re.compile(
    r"(?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}), (?P<year>\d{4}) {1,2}(?P<clock>\d{1,2}:\d{2}:\d{2} [AP]M)"
    r"(?P<receipt> \([^()\n]{1,80}\))?\s*"
)
_CALLED = re.compile(r"[^\W\d_][^\n:\[\]{}#<>|=;!?\t]{0,60}\s*|\+?\d[\d ()-]{4,20}\s*|[^\s@]{1,64}@[\w.-]{1,80}\s*")
"""Who wrote a message below a time, as exports of iMessage have it: a name, a number, an address."""
_AROUND = re.compile(
    r"={62}|Exported [\d.,]{1,12} message\(s\)|Transcribed by https://otter\.ai|--- (?:Log|Day) [^\n]{1,80}"
)


class OwnLine(str):
    """A line that nobody said: it is the chat's."""

    __slots__ = ()


def headed(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines, heads as `chatlines` knows them; an empty line stands for the second of two that are one."""
    day, kept, head, tabs = "", None, 0, False
    for line in _with_times_above(lines):
        tabs = tabs or _BETWEEN_TABS.fullmatch(line) is not None
        if tabs and _HAPPENED.fullmatch(line):
            line = OwnLine(line)
        head = _of_head(line, head)
        if head > 1:
            line = OwnLine(line)
        if len(line) <= _LONGEST and kept is not None and _STAMP.fullmatch(line) and _PERSON.fullmatch(kept):
            yield f"{kept.strip()}, [{line.strip().strip('[]')}]:\n"
            kept = "\n"
            continue
        if kept is not None:
            yield kept
        day, kept = _written(line, day)
    if kept is not None:
        yield kept


def _with_times_above(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines, those of a person below a time with the time; of the other line what was said of reading it."""
    above = None
    for line in lines:
        if above is not None and _CALLED.fullmatch(line[:_LONGEST]):
            time = f"{above['day']} {above['month']} {above['year']}, {above['clock']}"
            yield OwnLine(above[0]) if above["receipt"] else "\n"
            yield f"{' '.join(line.replace(',', ' ').split())}, [{time}]:\n"
            above = None
            continue
        if above is not None:
            yield above[0]
        above = _ABOVE.fullmatch(line) if len(line) <= _LONGEST else None
        if above is None:
            yield line
    if above is not None:
        yield above[0]


def _of_head(line: str, head: int) -> int:
    """Return how many lines of the head that Discord's exporter writes between two rules have begun; -1 behind it."""
    if head < 0 or (head == 0 and not line.strip()):
        return head
    is_rule = _RULE.fullmatch(line[:_LONGEST].rstrip()) is not None
    return head + 1 if is_rule == (head == 0) and head < _HEAD else -1


def _written(line: str, day: str) -> tuple[str, str]:
    """Return the day that holds from a line on, and the line."""
    if _AROUND.fullmatch(line[:_LONGEST].rstrip()):
        return day, OwnLine(line)
    if begun := _DAYS.fullmatch(line[:_LONGEST]):
        return begun["day"] or begun["date"], OwnLine(line)
    if one := _NICK.fullmatch(line[:_LONGEST]):
        return day, f"{one['person'].replace(',', ' ')}, [{one['stamp']}]:\n"
    if one := _ZOOM.fullmatch(line):
        return day, f"[{one['stamp']}] {_TO_ALL.sub('', one['person']).strip()}: {one['rest'].strip()}\n"
    if day and (one := _SAID.fullmatch(line)):
        person, clock, said = one["person"] or one["who"], one["clock"] or one["time"], one["rest"] or one["said"]
        return day, f"[{day} {clock}] {person}: {said}\n"
    return day, line
