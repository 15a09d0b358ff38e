"""Tells a chat of a few messages, most of them of other people, from a log, a diary or a list of quotations.

Many messages are told by people who write again: `chatlines` does that.  Few are told by how messengers write their
heads, by names that are those of people, and by times that go on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from explorer.ingest.chatmarks import MARKS, is_notice

_FEW, _MOST = 12, 40
"""Messages that need nobody who writes twice, and from which on people who do tell a chat alone."""
_UNSEEN = f"[{MARKS}]*"
_DATE = r"[^\s,،\]]{6,12}|\d{1,4}[. -]{1,2}[^\s,،\]]{1,4}[. -]{1,2}\d{1,4}\.?(?: г\.)?|\d{4}년 \d{1,2}월 \d{1,2}일"
_HOUR = r"\d{1,2}(?:[:.]| h )\d{2}"
_HEADS = re.compile(
    rf"{_UNSEEN}(?:"
    rf"(?:{_DATE})[,،]?{_UNSEEN} {{1,2}}(?:[^\W\d_]{{1,6}} ?)?{_HOUR}(?! ?[:.]\d)[^\d\n:–—-]{{0,18}}(?: [-–—] |: |, )"
    rf"|\[{_UNSEEN}(?:{_DATE})[,،]{_UNSEEN} {{1,2}}[^\]\d\n]{{0,14}}{_HOUR}[^\]\n]{{0,18}}\] "
    rf"|\[{_UNSEEN}(?:{_DATE}) {{1,2}}[^\]\d\n]{{0,6}}{_HOUR}(?!:)[^\]\n]{{0,18}}\] "
    rf"|\[(?:{_DATE}) {{1,2}}[^\W\d_]{{1,4}} ?{_HOUR}[^\]\n]{{0,18}}\] "
    rf"|\[(?!\d{{4}})(?:{_DATE}) {{1,2}}[^\]\d\n]{{0,6}}{_HOUR}[^\]\n]{{0,18}}\] "
    rf"|{_HOUR}[^\d\]\n]{{0,12}} (?:{_DATE}) [-–—] "
    rf"|\[{_HOUR}[^\]\n]{{0,12}},? (?:{_DATE})\] "
    rf"|[^\[\],:\n]{{1,80}}, \[[^\]\n]{{8,40}}\]:?\s*)"
)
"""Beginnings of lines as messengers write them: no seconds without brackets, and in these none of ISO's without a comma
– logs have such."""
_YEAR_FIRST = re.compile(rf"\[\d{{4}}[./-] ?\d{{1,2}}[./-] ?\d{{1,2}}\.? {{1,2}}{_HOUR}:\d{{2}}\] ")
"""How iOS writes heads in Swedish, Hungarian and Japanese, and how logs do."""
_TECHNICAL = re.compile(r"[\[({<]|[\w.-]*[_/\\.:@(){}=<>]\w|[a-z]+[A-Z]\w*$|(?=\w*$)\D*\d[^a-z]*[a-z]")
_ADDRESS = re.compile(r"\+?[\d ()\u00a0/-]{6,24}|[^\s@]{1,64}@[\w-]+(?:\.[\w-]+)+")
"""A person's number or address."""
_QUOTES = "“”„«»\"‘’'"
_WORD = re.compile(r"\w")
_VALUE = re.compile(r"[-+]?\d[\d.,:/\s]*\S{0,6}\s*")
"""What is measured: a number, perhaps with its unit."""
_LONGEST_NAME = 5
_PEOPLE_SHARE = 0.7
_MOST_UNLIKE = 1
"""Names in small letters, or of many words, that there may be however few there are."""


def are_sent(lines: Sequence[str], times: Sequence[str], people: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether messages, by the lines that begin them, come from a messenger; *people*: "" for the chat itself."""
    if not 2 <= len(lines) <= _MOST or not any(all(map(one.match, lines)) for one in (_HEADS, _YEAR_FIRST)):
        return False
    named = [name for name in people if name]
    if any(is_notice(text) for text in texts) and named:
        return True
    if len(named) > _FEW and not write_again(people):
        return False
    return (
        _are_people(named)
        and _go_on(times)
        and 2 * sum(_VALUE.fullmatch(text) is not None for text in texts) < len(texts)
        and not all(_is_quoted(text.strip()) for name, text in zip(people, texts, strict=True) if name)
    )


def _is_quoted(text: str) -> bool:
    """Whether a text begins with a quotation mark, and no word is behind its last one."""
    last = max(map(text.rfind, _QUOTES))
    return text[:1] in set(_QUOTES) and last > 0 and _WORD.search(text, last) is None


def write_again(people: Sequence[str]) -> bool:
    """Whether somebody of these writes more than once."""
    named = [name for name in people if name]
    return len(set(named)) < len(named)


def are_logged(lines: Sequence[str], people: Sequence[str]) -> bool:
    """Whether lines, by their times, come from no messenger, and most of what stands behind are parts of a program."""
    parts = sum(_TECHNICAL.match(name) is not None for name in people)
    return 2 * parts >= max(1, len(people)) and not all(map(_HEADS.match, lines))


def _are_people(names: Sequence[str]) -> bool:
    """Whether names are those of people, or their numbers: no parts of a program, no names of a series."""
    called = [name for name in set(names) if not _ADDRESS.fullmatch(name)]
    if not names or any(map(_TECHNICAL.match, called)):
        return False
    series = {re.sub(r"\d+", "0", name) for name in called}
    if len(series) < len(called):  # task 1, task 2
        return False
    unlike = sum(name in called and (name[0].islower() or len(name.split()) > _LONGEST_NAME) for name in names)
    return unlike <= max(_MOST_UNLIKE, (1 - _PEOPLE_SHARE) * len(names)) and 2 * unlike < len(names)


def _go_on(times: Sequence[str]) -> bool:
    """Whether none of the times is before the last, in one of the orders that dates have."""
    found = [_parts(time) for time in times]
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        return not known  # months are written as words
    return any(
        all(one <= other for one, other in pairwise([*map(key, known)]))
        for key in (
            lambda one: (one[2], one[1], one[0], *one[3:]),
            lambda one: (one[2], one[0], one[1], *one[3:]),
            lambda one: one,
        )
    )


def _parts(time: str) -> tuple[int, ...] | None:
    """Return the numbers of a date and a clock, by 24 hours; None where there are others."""
    numbers = [int(one) for one in re.findall(r"\d+", time)]
    if not 5 <= len(numbers) <= 6:
        return None
    half = time[-2:] if time.endswith(("AM", "PM")) else ""
    hour = numbers[3] % 12 + 12 * (half == "PM") if half else numbers[3]
    return (*numbers[:3], hour, *numbers[4:], *([0] * (6 - len(numbers))))
