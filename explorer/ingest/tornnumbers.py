"""Tells lines whose numbers have decimal commas that part them as well, and joins the halves: `1,The bus,1,5`.

It parts no record: `delimited` does.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from functools import partial

from explorer.ingest.textcolumn import is_called_text, is_code

_WHOLE, _DECIMALS = re.compile(r"-?\d{1,9}"), re.compile(r"\d{1,6}")
_FEWEST, _LOOKED_AT = 3, 400
"""Lines below the names, at least, and at most."""
_IDS = frozenset({"id", "nr", "no", "number", "nummer"})
TORN = (
    "decimal commas part its numbers, as 1,5, which are not quoted; the halves are joined, so that each line has as "
    "many fields as there are names (choose the delimiter comma to read every comma as one)"
)


def joining_halves(lines: Sequence[str]) -> Callable[[str], str] | None:
    """Return what joins the halves of the numbers in a line of a table that begins so; None of other tables.

    All lines have one field more than there are names, two side by side are halves in all of them and no other two
    are, and the texts then stand below their name: without that the first field could be that of row names.
    """
    filled = [line for line in lines[:_LOOKED_AT] if line.strip()]
    if len(filled) <= _FEWEST or filled[1].count(",") <= filled[0].count(","):
        return None
    try:
        records = [next(csv.reader([line]), []) for line in filled]
    except csv.Error:
        return None
    if len(set(map(len, records[1:]))) > 1 or len(records[0]) + 1 != len(records[1]):
        return None
    names, rows = records[0], records[1:]
    places = [at for at in range(len(names)) if all(_are_halves(row, at) for row in rows)]
    if len(names) < 2 or len(places) != 1:
        return None
    joined = [_joined(row, places[0]) for row in rows]
    if _fit(names, joined) <= _fit(names, [row[1:] for row in rows]):
        return None
    return partial(_rewritten, width=len(names) + 1, at=places[0])


def _are_halves(row: Sequence[str], at: int) -> bool:
    return bool(_WHOLE.fullmatch(row[at].strip()) and _DECIMALS.fullmatch(row[at + 1]))


def _joined(row: Sequence[str], at: int) -> list[str]:
    return [*row[:at], f"{row[at]},{row[at + 1]}", *row[at + 2 :]]


def _fit(names: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Return how many names, of texts and of ids, have such below them, less those that have other things."""
    fit = 0
    for at, name in enumerate(names):
        codes = sum(is_code(row[at].strip()) for row in rows) > len(rows) / 2
        if is_called_text(name):
            fit += -1 if codes else 1
        elif name.strip().casefold() in _IDS:
            fit += 1 if codes else -1
    return fit


def _rewritten(line: str, *, width: int, at: int) -> str:
    try:
        row = next(csv.reader([line]), []) if line.count(",") == width - 1 or '"' in line else []
    except csv.Error:
        return line
    if len(row) != width or not _are_halves(row, at):
        return line
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(_joined(row, at))
    return out.getvalue()
