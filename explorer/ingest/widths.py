"""Tells tables whose columns stand below one another, parted by blanks, and gives their records parted by tabs.

As SQL Server prints them, with a line of dashes below the names, and as pandas does.  It parts no record itself:
`delimited` does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from explorer.ingest.likeness import is_sentence
from explorer.ingest.textcolumn import is_code

WIDTHS = "its columns stand below one another; they are parted by the blanks between them"
_RULE = re.compile(r"\s{0,40}-+(?: +-+)+\s*")
_LOOKED_AT, _LONGEST, _FEWEST, _COLUMNS = 400, 20_000, 4, 3
"""Lines that are looked at, characters of one; lines, and columns without a line of dashes, at least."""
_FILLED, _BLANKS, _MOST_GAPS = 0.6, 2, 60
"""Share of the records that have a value in each column; blanks by which a longer value is told; gaps at most."""
_BETWEEN_NAMES = re.compile(r"\S {2,}\S")
_DELIMITERS = (",", ";", "|")
_COUNT = re.compile(r"\s*\(?\d[\d,]* rows?[^\t]{0,60}\)?\s*|\s*\[\d+ rows x \d+ columns\]\s*")

Parted = Callable[[str], str]


def parting(lines: Sequence[str]) -> Parted | None:
    """Return what parts lines that are such a table; None where they are none."""
    some = [line.rstrip("\r\n") for line in lines[:_LOOKED_AT]]
    filled = [line for line in some if line.strip()]
    if len(filled) < _FEWEST or any("\t" in line or len(line) > _LONGEST for line in filled):
        return None
    return _ruled(filled) or _aligned(filled)


def _ruled(filled: Sequence[str]) -> Parted | None:
    """Return what parts lines by the dashes below the names."""
    if not _RULE.fullmatch(filled[1]) or _RULE.fullmatch(filled[0]):
        return None
    begins = [found.start() for found in re.finditer("-+", filled[1])]
    gaps = [(found.start(), found.end()) for found in re.finditer(" +", filled[1].rstrip()) if found.start()]
    rows = [line for at, line in enumerate(filled) if at != 1 and not _COUNT.fullmatch(line)]
    if any(line[start:end].strip() for line in rows for start, end in gaps):
        return None

    def part(line: str) -> str:
        bare = line.rstrip("\r\n")
        if _RULE.fullmatch(bare) or _COUNT.fullmatch(bare) or not bare.strip():
            return "\n"
        if any(bare[start:end].strip() for start, end in gaps):
            return _whole(bare)
        return _joined([bare[a:b] for a, b in pairwise([*begins, len(bare) + 1])])

    return part


def _aligned(filled: Sequence[str]) -> Parted | None:
    """Return what parts lines by the blanks that all of them have at the same places."""
    rows = [line for line in filled if not _COUNT.fullmatch(line)]
    if any(all(sign in line for line in rows) for sign in _DELIMITERS):
        return None  # it is padded for the eye
    width = max(map(len, rows))
    used = bytearray(width)
    for line in rows:
        for found in re.finditer(r"\S+", line):
            used[found.start() : found.end()] = b"\1" * (found.end() - found.start())
    free = [(one.start(), one.end()) for one in re.finditer(rb"\0+", bytes(used)) if one.start()]
    told = [
        (codes, gaps)
        for left in (False, True)
        if (gaps := _gaps(rows, free, left=left)) and (codes := _coded(rows, gaps))
    ]
    if not told or (len(told) > 1 and told[0][0] == told[1][0] and told[0][1] != told[1][1]):
        return None
    gaps = max(told, key=lambda one: one[0])[1]

    def part(line: str) -> str:
        bare = line.rstrip("\r\n")
        if _COUNT.fullmatch(bare) or not bare.strip():
            return "\n"
        ends = [_between(bare, start, end) for start, end in gaps]
        return _whole(bare) if None in ends else _joined([bare[a:b] for a, b in pairwise([0, *ends, len(bare) + 1])])

    return part


def _coded(rows: Sequence[str], gaps: Sequence[tuple[int, int]]) -> int:
    """Return how many columns are of numbers, dates or ids alone; 0 where rows with these gaps are no table."""
    if len(gaps) < _COLUMNS - 1 or len(rows) < _FEWEST:
        return 0
    cells = [_cells(line, gaps) for line in rows]
    names, records = cells[0], cells[1:]
    named = [name for name in names if name]
    if len(named) < len(names) - 1 or len(set(named)) < len(named) or any(map(is_sentence, named)):
        return 0
    if any(_BETWEEN_NAMES.search(name) for name in named) or any(
        is_code(name) and not name.isalpha() for name in named
    ):
        return 0  # two columns that nothing parts, or a record
    return sum(all(is_code(value) for record in records if (value := record[at])) for at in range(len(names)))


def _gaps(rows: Sequence[str], gaps: Sequence[tuple[int, int]], *, left: bool) -> list[tuple[int, int]]:
    """Return the gaps that part columns: on both sides of each stand a name and values.

    Others are blanks between words that stand below one another by chance: the narrower gap beside what has no name, or
    no values, is such, of two alike the *left* or the other one.
    """
    kept = list(gaps)
    while kept and len(kept) < _MOST_GAPS:
        cells = [_cells(line, kept) for line in rows]
        filled = [_filled(cells[1:], at) >= _FILLED for at in range(len(kept) + 1)]
        odd = [at for at, name in enumerate(cells[0]) if not filled[at] or (at and not name)]
        if not odd:
            return kept
        beside = [at for at in (odd[0] - 1, odd[0]) if 0 <= at < len(kept)]
        beside = beside if left else beside[::-1]
        del kept[min(beside, key=lambda at: kept[at][1] - kept[at][0])]
    return []


def _cells(line: str, gaps: Sequence[tuple[int, int]]) -> list[str]:
    return [line[a:b].strip() for a, b in pairwise([0, *(end for _, end in gaps), max(len(line), 10**6) + 1])]


def _filled(records: Sequence[Sequence[str]], at: int) -> float:
    return sum(bool(record[at]) for record in records) / max(1, len(records))


def _between(line: str, start: int, end: int) -> int | None:
    """Return where the column behind a gap begins in a line whose values may be longer; None where that is not sure."""
    if not line[start:end].strip():
        return end
    near = range(max(0, start - _BLANKS + 1), min(len(line), end + _BLANKS - 1))
    free = [at for at in near[:-1] if line[at] == line[at + 1] == " "]
    if not free or free != list(range(free[0], free[0] + len(free))):
        return None
    return free[-1] + 2


def _whole(line: str) -> str:
    """Return a line that cannot be parted as the one field that it then is."""
    return _cell(line.strip()) + "\n"


def _joined(cells: Sequence[str | None]) -> str:
    return "\t".join(_cell((cell or "").strip()) for cell in cells) + "\n"


def _cell(text: str) -> str:
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if '"' in text else text
