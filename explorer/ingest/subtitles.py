"""Reads subtitles, SubRip and WebVTT: what is said in a sentence or two is a row, or each caption, as somebody chooses.

It recognises no speech and no language.
"""

from __future__ import annotations

import html
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from explorer.ingest.chats import AUTHOR, TEXT
from explorer.ingest.choosing import chosen
from explorer.ingest.codepages import ENCODING
from explorer.ingest.columns import from_values
from explorer.ingest.encodings import Encoding, LongLine, decoded, detect, lines_of
from explorer.ingest.reader import BATCH, TABLE, Advance, FileReader, Source, Table, check_size, joined
from explorer.types import LINE, Choice, Numbering, Rejected

ITEMS, SENTENCES, CAPTIONS = "items", "sentences", "captions"
START, END = "start", "end"
_OPTIONS = ((SENTENCES, "a sentence or two: captions to where one ends"), (CAPTIONS, "a caption"))
_LINES = ("lines", "a line")
_WHY = "captions are cut where the screen is full"
_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMES = re.compile(rf"\s*({_CLOCK})\s*-->\s*({_CLOCK})(?:\s.*)?", re.DOTALL)
_VOICE = re.compile(r"\s*<v(?:\.[\w.]{0,60})?[ \t]+([^<>\n]{1,80})>")
_SAYS = re.compile(r"\s*(?:-\s*)?([^\W\d_][^:\n<>]{0,40}?):[ \t]+(?=\S)")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>\n]{0,100}>|<[\d:.]{4,15}>|\{\\[^{}\n]{0,100}\}")
_WITHIN = re.compile(r"<(?:\d{1,3}:)?\d{1,2}:\d{2}\.\d{3}>")
"""Times within a caption, as captions have that were recognised while they were spoken: they show each line again."""
_ASIDE = re.compile(r"(NOTE|STYLE|REGION)\b")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ENDED = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_LONG, _SHORT, _PAUSE = 400, 40, 4.0
"""Characters from which a row ends anyhow, and with fewer of which a sentence takes the next along; seconds of silence
that end one."""
_SPEAKERS_SHARE, _SHOWN, _FEWEST = 0.3, 100, 3


@dataclass
class Caption:
    """A caption: the number of its first line, from 1, from when to when it is shown, who speaks, its lines."""

    line: int
    start: str
    end: str
    person: str = ""
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What it says, in one line."""
        return " ".join(" ".join(self.lines).split())


def read_subtitles(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the captions of a file, or the first *limit* rows that they make.  Raises UnreadableFile, BadChoice."""
    encoding = detect(source, sample=limit is not None)
    options = _OPTIONS if source.suffix in SUBTITLES.suffixes else (*_OPTIONS, _LINES)
    items = chosen(source, Choice(ITEMS, "An item is", SENTENCES, options, why=_WHY))
    table = Table(source.name, {}, array("q"), choices=(*encoding.choices, items), text=TEXT)
    table.numbering = Numbering(LINE)
    captions: list[Caption] = []
    with source.open() as file, decoded(file, encoding, newline=None) as text:
        for number, one in enumerate(_captions(table, lines_of(text, encoding), encoding)):
            if number % BATCH == 0:
                advance(file.tell())
                check_size(source.name, rows=number, columns=4)
            if limit is not None and number >= limit * (_LONG // 10):
                break
            captions.append(one)
        advance(file.tell())
    captions = _without_rolling(captions)
    _tell_speakers(captions)
    rows = (captions if items.value == CAPTIONS else _sentences(captions))[:limit]
    for at, row in enumerate(rows):
        table.numbering.note(at, row.line)
    table.records.extend(range(len(rows)))
    columns: dict[str, list[str | None]] = {
        TEXT: [row.text for row in rows],
        START: [row.start for row in rows],
        END: [row.end for row in rows],
        AUTHOR: [row.person or None for row in rows],
    }
    told = {name: values for name, values in columns.items() if name != AUTHOR or any(values)}
    table.columns = {name: joined([from_values(values)]) for name, values in told.items() if rows}
    return table


def are_subtitles(lines: Sequence[str]) -> bool:
    """Say whether the first lines of a file are those of subtitles, whatever it is called."""
    filled = [line for line in lines if line.strip()]
    times = [at for at, line in enumerate(filled) if _TIMES.fullmatch(line)]
    first = filled[0].strip().lstrip("\ufeff") if filled else ""
    begins = bool(times) and (times[0] == 0 or (times[0] == 1 and first.isdecimal()) or first.startswith("WEBVTT"))
    return begins and len(times) >= min(_FEWEST, len(filled) // 3)


def _captions(table: Table, lines: Iterable[str], encoding: Encoding) -> Iterator[Caption]:
    """Yield the captions; what is none, and no part of one, is rejected."""
    current: Caption | None = None
    block: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        reason = line.reason if isinstance(line, LongLine) else encoding.fault(line)
        if reason:
            table.rejected.append(Rejected(table.name, number - 1, reason, f"{LINE} {number:,}"))
            continue
        times = _TIMES.fullmatch(line)
        if times:
            _end_block(table, block[:-1] if _is_name(block) else block, current)
            if current is not None:
                yield current
            current, block = Caption(number, times[1], times[2]), []
        elif not line.strip() or (block and not block[-1][1].strip()):
            _end_block(table, block, current)
            block = [(number, line)]
        else:
            block.append((number, line))
    _end_block(table, block, current)
    if current is not None:
        yield current


def _is_name(block: Sequence[tuple[int, str]]) -> bool:
    """Say whether the last line before the times is the caption's number or name: alone below an empty line."""
    filled = [line for _, line in block if line.strip()]
    return len(filled) == 1 or (bool(filled) and filled[-1].strip().isdecimal() and len(filled[-1].strip()) < 8)


def _end_block(table: Table, block: Sequence[tuple[int, str]], current: Caption | None) -> None:
    """Give lines that belong together to the present caption; what is a note of the file itself is rejected."""
    filled = [(number, line.strip()) for number, line in block if line.strip()]
    if not filled or (current is None and filled[0][1].lstrip("\ufeff").startswith("WEBVTT")):
        return
    if current is None or (_ASIDE.match(filled[0][1]) and not block[0][1].strip()):
        shown = " ".join(line for _, line in filled)[:_SHOWN]
        place = f"{LINE} {filled[0][0]:,}"
        table.rejected.append(Rejected(table.name, filled[0][0] - 1, f"it is none of the captions: {shown}", place))
        return
    current.lines += [line for _, line in filled]


def _without_rolling(captions: Sequence[Caption]) -> list[Caption]:
    """Return captions without what they show again of those before, where they have times within; plain text of all."""
    rolling = any(_WITHIN.search(line) for one in captions for line in one.lines)
    kept: list[Caption] = []
    before = ""
    for one in captions:
        voice = next((found[1].strip() for line in one.lines if (found := _VOICE.match(line))), "")
        lines = [html.unescape(_MARKUP.sub("", line)).strip() for line in one.lines]
        lines = [line for line in lines if line and not (rolling and line == before)]
        before = lines[-1] if lines else before
        if lines or not rolling:
            kept.append(replace(one, person=voice, lines=lines))
    return kept


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


def _sentences(captions: Sequence[Caption]) -> list[Caption]:
    """Return captions put together to sentences: to where one ends, another speaks, or nothing is said for a while."""
    rows: list[Caption] = []
    for one in captions:
        last = rows[-1] if rows else None
        if last is None or not last.lines or _is_whole(last, one):
            rows.append(replace(one, lines=list(one.lines)))
        else:
            last.lines += one.lines
            last.end = one.end
    return rows


def _is_whole(row: Caption, after: Caption) -> bool:
    said, pause = sum(map(_length, row.lines)), _seconds(after.start) - _seconds(row.end)
    if after.person not in ("", row.person) or pause > _PAUSE or said > _LONG:
        return True
    return said >= _SHORT and _ENDED.search(row.lines[-1]) is not None


def _length(line: str) -> int:
    """Return how long a line is in Latin letters: a sign of Chinese or Japanese says as much as four."""
    return len(line) + 3 * len(_WIDE.findall(line))


def _seconds(clock: str) -> float:
    seconds = 0.0
    for part in clock.replace(",", ".").split(":"):
        seconds = 60 * seconds + float(part)
    return seconds


SUBTITLES = FileReader(
    name="subtitles",
    suffixes=(".srt", ".vtt"),
    summary="A sentence or two is an item, put together of captions, or each caption; times and who speaks are kept.",
    kind=TABLE,
    read=read_subtitles,
    choices=(ENCODING, ITEMS),
    cures=dict.fromkeys((".ass", ".ssa", ".sbv", ".sub"), "save it as .srt"),
)
