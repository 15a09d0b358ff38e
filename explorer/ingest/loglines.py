"""Reads what programs log: an entry is an item, with its time, its level and what stands before that as columns.

Lines without a time, as of a traceback, go on with the entry above.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from explorer.ingest.choosing import chosen
from explorer.ingest.encodings import decoded, detect, lines_of
from explorer.ingest.reader import BATCH, Advance, Source, Table, check_size
from explorer.ingest.rowwise import TextColumns
from explorer.ingest.soundlines import sound_lines
from explorer.types import LINE, Choice, Numbering

ITEMS, ENTRIES = "items", "entries"
TEXT, TIME, LEVEL, CONTEXT = "text", "time", "level", "context"
_OPTIONS = ((ENTRIES, "an entry of the log, with its time"), ("lines", "a line"))
_CLOCK = r"\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?"
_STAMPS = tuple(
    re.compile(rf"[\[(]?({stamp})[\])]?:?(?:[ \t|]{{1,4}}(?:[-–|] )?|$)([^\n]*)\s*")
    for stamp in (
        rf"\d{{4}}[-/.]\d{{2}}[-/.]\d{{2}}[T ]{_CLOCK}(?: ?(?:Z|UTC|[+-]\d{{2}}:?\d{{2}}))?",
        rf"[A-Z][a-z]{{2}} {{1,2}}\d{{1,2}} (?:\d{{4}} )?{_CLOCK}",
        rf"(?:[A-Z][a-z]{{2}} )?[A-Z][a-z]{{2}} {{1,2}}\d{{1,2}} {_CLOCK}(?:\.\d{{1,9}})? \d{{4}}",
        rf"\d{{2}}[-/.](?:\d{{2}}|[A-Z][a-z]{{2}})[-/.]\d{{4}}[ :]{_CLOCK}(?: [+-]\d{{4}})?",
    )
)
_LEVEL = re.compile(
    r"(?<![\w.-])[\[<(]?\b(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|CRIT|CRITICAL|FATAL|SEVERE|FINE|ALERT"
    r"|EMERG|(?:trace|debug|info|notice|warn|warning|error|crit|critical|fatal|Info|Warning|Error|Debug)(?=[\]>):]))\b"
    r"[\]>)]?(?![\w.-])"
)
_FEW_BEFORE = 4
"""Words that stand before a level, at most: a thread, a module."""
_LEVEL_WITHIN = 80
"""Characters behind the time within which a level stands."""
_FEWEST, _STAMPED, _LEVELLED, _LOOKED_AT = 5, 0.9, 0.5, 200
"""Lines at least; the share of them with a time, of one form; and the smaller share that has a level beside it."""


def form_of_log(lines: Sequence[str]) -> re.Pattern[str] | None:
    """Return the form of the lines of a log by its first ones; None where they are none.

    All begin with a day and a time, or many do and have a level, and others go on.
    """
    filled = [line for line in lines[:_LOOKED_AT] if line.strip()]
    if len(filled) < _FEWEST:
        return None
    for form in _STAMPS:
        found = [one for line in filled if (one := form.fullmatch(line))]
        if not found or not form.fullmatch(filled[0]):
            continue
        levels = sum(_level(one[2]) is not None for one in found)
        words = sum(any(map(str.isalpha, one[2])) for one in found)
        told = len(found) >= _STAMPED * len(filled) or (
            2 * levels >= len(found) and len(found) >= max(_FEWEST - 2, _LEVELLED * len(filled) / 2)
        )
        if told and words >= _STAMPED * len(found):
            return form
    return None


def read_log(source: Source, advance: Advance, form: re.Pattern[str], *, limit: int | None = None) -> Table:
    """Read the entries of a log whose lines have this form, or the first *limit* ones.  Raises UnreadableFile."""
    encoding = detect(source, sample=limit is not None)
    items = chosen(source, Choice(ITEMS, "An item is", ENTRIES, _OPTIONS, why="its lines begin with a day and a time"))
    choices = (*encoding.choices, items)
    table = Table(source.name, {}, array("q"), choices=choices, text=TEXT, numbering=Numbering(LINE))
    rows = TextColumns()
    with source.open() as file, decoded(file, encoding, newline=None) as text:
        entries = _entries(sound_lines(table, lines_of(text, encoding), encoding), form)
        for number, (begin, time, said) in enumerate(islice(entries, limit)):
            if number % BATCH == 0:
                advance(file.tell())
                check_size(source.name, rows=number, columns=4)
            text_of, level, context = _parted(said) if time else (said, None, None)
            rows.add({TEXT: text_of, TIME: time or None, LEVEL: level, CONTEXT: context})
            table.records.append(number)
            table.numbering.note(number, begin + 1)
        advance(file.tell())
    table.columns = rows.columns(TEXT, TIME)
    return table


def _entries(lines: Iterable[str], form: re.Pattern[str]) -> Iterator[tuple[int, str, str]]:
    """Yield the number of the first line of each entry, from 0, its time, "" for none, and what it says."""
    begin, time, kept = 0, "", list[str]()
    for number, line in enumerate(lines):
        found = form.fullmatch(line)
        if found is None:
            if line.strip() or kept:
                begin = begin if kept else number
                kept.append(line.rstrip())
            continue
        if any(kept):
            yield begin, time, "\n".join(kept).strip()
        begin, time, kept = number, found[1], [found[2].strip()]
        if not kept[0]:
            kept = [line.strip()]
    if any(kept):
        yield begin, time, "\n".join(kept).strip()


def _level(said: str) -> re.Match[str] | None:
    """Return where the level of an entry stands, behind few words."""
    found = _LEVEL.search(said[:_LEVEL_WITHIN])
    return found if found and len(said[: found.start()].split()) <= _FEW_BEFORE else None


def _parted(said: str) -> tuple[str, str | None, str | None]:
    """Return the words of an entry, its level, and what stands before that."""
    found = _level(said)
    if found is None:
        return said, None, None
    before, after = said[: found.start()].strip(" \t-–:|"), said[found.end() :].strip(" \t-–:|")
    return (after, found[1], before or None) if after else (said, found[1], None)
