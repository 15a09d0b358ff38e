"""Reads subtitles, SubRip and WebVTT: what is said in a sentence or two is a row, or each caption, as somebody chooses.

It recognises no speech and no language.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from explorer.ingest.chats import AUTHOR, TEXT
from explorer.ingest.choosing import chosen
from explorer.ingest.codepages import ENCODING
from explorer.ingest.columns import from_values
from explorer.ingest.encodings import decoded, detect, lines_of
from explorer.ingest.reader import BATCH, TABLE, Advance, FileReader, Source, Table, check_size, joined
from explorer.ingest.subtitlelines import Caption, captions_of
from explorer.ingest.subtitletags import plain, voices
from explorer.ingest.subtitletimes import are_as_written, seconds
from explorer.types import LINE, Choice, Numbering

ITEMS, SENTENCES, CAPTIONS = "items", "sentences", "captions"
START, END, CUE = "start", "end", "cue"
_OPTIONS = ((SENTENCES, "a sentence or two: captions to where one ends"), (CAPTIONS, "a caption"))
_LINES = ("lines", "a line")
_WHY = "captions are cut where the screen is full"
_SAYS = re.compile(r"\s*(?:-\s*)?([^\W\d_][^:\n<>]{0,40}?):[ \t]+(?=\S)")
_WITHIN = re.compile(r"<(?:\d{1,3}:)?\d{1,2}:\d{2}\.\d{3}>")
"""Times within a caption, as captions have that were recognised while they were spoken: they show each line again."""
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ENDED = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_LONG, _SHORT, _PAUSE = 400, 40, 4.0
"""Characters from which a row ends anyhow, and with fewer of which a sentence takes the next along; seconds of silence
that end one."""
_SPEAKERS_SHARE, _FEWEST = 0.3, 3


def read_subtitles(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the captions of a file, or the first *limit* rows that they make.  Raises UnreadableFile, BadChoice."""
    encoding = detect(source, sample=limit is not None)
    options = _OPTIONS if source.suffix in SUBTITLES.suffixes else (*_OPTIONS, _LINES)
    items = chosen(source, Choice(ITEMS, "An item is", SENTENCES, options, why=_WHY))
    table = Table(source.name, {}, array("q"), choices=(*encoding.choices, items), text=TEXT)
    table.numbering = Numbering(LINE)
    captions: list[Caption] = []
    with source.open() as file, decoded(file, encoding, newline=None) as text:
        for number, one in enumerate(captions_of(table, lines_of(text, encoding), encoding)):
            if number % BATCH == 0:
                advance(file.tell())
                check_size(source.name, rows=number, columns=4)
            if limit is not None and number >= limit * (_LONG // 10):
                break
            captions.append(one)
        advance(file.tell())
    tagged = _are_tagged(captions)
    captions = _without_rolling(captions)
    _tell_speakers(captions)
    _without_counts(captions)
    rows = (captions if items.value == CAPTIONS else _sentences(captions, tagged=tagged))[:limit]
    for at, row in enumerate(rows):
        table.numbering.note(at, row.line)
    table.records.extend(range(len(rows)))
    columns: dict[str, list[str | None]] = {
        TEXT: [row.text for row in rows],
        START: [row.start or None for row in rows],
        END: [row.end or None for row in rows],
        AUTHOR: [row.person or None for row in rows],
        CUE: [row.name or None for row in rows],
    }
    told = {name: values for name, values in columns.items() if name not in (AUTHOR, CUE) or any(values)}
    table.columns = {name: joined([from_values(values)]) for name, values in told.items() if rows}
    return table


def are_subtitles(lines: Sequence[str]) -> bool:
    """Say whether the first lines of a file are those of subtitles, whatever it is called."""
    filled = [line for line in lines if line.strip()]
    times = [at for at, line in enumerate(filled) if are_as_written(line)]
    first = filled[0].strip().lstrip("\ufeff") if filled else ""
    begins = bool(times) and (times[0] == 0 or (times[0] == 1 and first.isdecimal()) or first.startswith("WEBVTT"))
    return begins and len(times) >= min(_FEWEST, len(filled) // 3)


def _without_rolling(captions: Sequence[Caption]) -> list[Caption]:
    """Return captions without what they show again of those before, where they have times within; plain text of all."""
    rolling = any(_WITHIN.search(line) for one in captions for line in one.lines)
    kept: list[Caption] = []
    before = ""
    for one in captions:
        parts = [(person, plain(part)) for person, part in voices(one.lines)]
        parts = [(person, line) for person, line in parts if line and not (rolling and line == before)]
        before = parts[-1][1] if parts else before
        spoken: list[Caption] = []
        for person, line in parts:
            if not spoken or person != spoken[-1].person:
                spoken.append(replace(one, person=person, lines=[]))
            spoken[-1].lines.append(line)
        kept += spoken or ([] if rolling or not one.start else [replace(one, lines=[])])
    return kept


def _are_tagged(captions: Sequence[Caption]) -> bool:
    """Whether tags tell who speaks and where somebody ends, so that what has none is nobody's."""
    tagged = sum(any(person for person, _ in voices(one.lines)) for one in captions)
    return tagged > 0 and (2 * tagged >= len(captions) or any("</v>" in line for one in captions for line in one.lines))


def _without_counts(captions: Sequence[Caption]) -> None:
    """Leave names of captions that only count them, one by one."""
    names = list(dict.fromkeys(one.name for one in captions if one.name))
    counts = [int(name) for name in names if name.isdecimal()]
    if len(counts) == len(names) and counts == sorted(counts):
        for one in captions:
            one.name = ""


def _tell_speakers(captions: Sequence[Caption]) -> None:
    """Take the names before what is said out of the texts, where many captions begin so, with few names."""
    found = [(one, says) for one in captions if not one.person and (says := _SAYS.match(" ".join(one.lines[:1])))]
    names = Counter(says[1] for _, says in found)
    often = {name for name, count in names.items() if count > 1}
    if len(found) < _SPEAKERS_SHARE * len(captions) or not often or len(names) > len(found) / 2:
        return
    for one, says in found:
        if says[1] in often:
            one.person, one.lines = says[1], [one.lines[0][says.end() :], *one.lines[1:]]


def _sentences(captions: Sequence[Caption], *, tagged: bool) -> list[Caption]:
    """Return captions put together to sentences: to where one ends, another speaks, or nothing is said for a while.

    Where who speaks is *tagged*, what nobody says is another's, too.
    """
    rows: list[Caption] = []
    for one in captions:
        last = rows[-1] if rows else None
        if last is None or not last.lines or (tagged and one.person != last.person) or _is_whole(last, one):
            rows.append(replace(one, lines=list(one.lines)))
        else:
            last.lines += one.lines
            last.end = one.end
            last.name = ", ".join(filter(None, dict.fromkeys((*last.name.split(", "), one.name))))
    return rows


def _is_whole(row: Caption, after: Caption) -> bool:
    ended, begins = seconds(row.end), seconds(after.start)
    if ended is None or begins is None or row.is_turned or after.is_turned:
        return True
    said = sum(map(_length, row.lines))
    if after.person not in ("", row.person) or begins - ended > _PAUSE or said > _LONG:
        return True
    return said >= _SHORT and _ENDED.search(row.lines[-1]) is not None


def _length(line: str) -> int:
    """Return how long a line is in Latin letters: a sign of Chinese or Japanese says as much as four."""
    return len(line) + 3 * len(_WIDE.findall(line))


SUBTITLES = FileReader(
    name="subtitles",
    suffixes=(".srt", ".vtt"),
    summary="A sentence or two is an item, put together of captions, or each caption; times and who speaks are kept.",
    kind=TABLE,
    read=read_subtitles,
    choices=(ENCODING, ITEMS),
    cures=dict.fromkeys((".ass", ".ssa", ".sbv", ".sub"), "save it as .srt"),
)
