"""Tells lines whose numbers have decimal commas that part them as well, and joins the halves: `1,The bus,1,5`.

It parts no record: `delimited` does.  Where nothing is joined it says whether the first field may name the row.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations, pairwise

from explorer.ingest.likeness import is_sentence
from explorer.ingest.proselines import is_prose
from explorer.ingest.textcolumn import is_called_text, is_code

_UNIT = r" ?(?:[%‰€$£°]C?|EUR|USD|GBP|CHF|[kmc]?m|k?g)"
_WHOLE = re.compile(r"(?:[€$£] ?)?[-+−]?(?:\d{1,9}|\d{1,3}(?:\.\d{3})+)")
_DECIMALS = re.compile(rf"\d{{1,6}}(?:{_UNIT})?")
_SURELY_DECIMALS = re.compile(rf"0(?!\d\d\b)\d{{1,5}}(?:{_UNIT})?|\d{{1,6}}{_UNIT}")
"""A second half that is no whole number; 007 may be the rest of 1,007, which has no decimals."""
_NUMBER = re.compile(rf"(?:[€$£] ?)?[-+−]?\d[\d.,]*(?:{_UNIT})?")
_FEWEST, LOOKED_AT = 3, 400
"""Lines below the names, at least, and at most."""
MOST_TORN, _MOST_PLACES = 4, 12
"""Numbers of a line that may be torn, at most; and places where halves may stand side by side."""
_MOSTLY = 0.5


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_IDS = frozenset({"id", "nr", "no", "number", "nummer"})
_WORDED = _names(
    """city town country region place author user username name category topic status gender language lang product
    stadt ort land autor name kategorie thema geschlecht sprache produkt ville pays nom auteur ciudad nombre"""
)
"""Names of columns that have words, not numbers."""
_MEASURED = _names(
    """price cost amount total score rating weight height width length temperature temp share percent value mean average
    preis kosten betrag summe bewertung gewicht breite temperatur anteil prozent wert prix coût montant poids
    precio importe peso prezzo importo prijs bedrag pris"""
)
"""Names of columns that have numbers with decimals."""
TORN = (
    "commas within its numbers, as 1,5, are not in quotation marks and part these; the halves are joined, so that each "
    "line has as many fields as there are names (choose the delimiter comma to read every comma as one)"
)
DOUBTED = (
    "its lines have more fields than there are names, so two numbers side by side are joined as one with a decimal "
    "comma, as 1,5; they may be two (choose the delimiter comma to read every comma as one, or write cells that have "
    "commas in quotation marks)"
)
AMBIGUOUS = (
    "its lines have more fields than there are names, as numbers with decimal commas have that are not in quotation "
    "marks, and nothing says which fields are one number: these lines are listed (write such numbers in quotation "
    "marks, or part the fields by semicolons)"
)
ENDED = (
    "some lines end in more commas than there are names; these are taken for empty ends, though two numbers side by "
    "side in them may be one with a decimal comma, as 1,5 (write such numbers in quotation marks)"
)
UNSURE = (DOUBTED, AMBIGUOUS, ENDED)
"""What says that it is not sure which commas part fields."""
HAVE_TORN = (TORN, DOUBTED, AMBIGUOUS)
"""What says that decimal commas part some lines."""
HALVED = "; decimal commas may part it in several ways: write numbers that have one in quotation marks"
"""What is said further of a line with too many fields."""
ROW_NAMES = (
    "the lines have one field more than there are names, so the first one is taken for a name of its row; where commas "
    "are within numbers or texts, write these in quotation marks or choose another delimiter"
)


def joining_halves(lines: Sequence[str]) -> tuple[str, Callable[[str], str] | None] | None:
    """Return what is said of a table that begins so, and what joins the halves of numbers in a line; None of others.

    All lines have one field more than there are names, and two side by side are halves in all of them.  Of several
    such pairs that one is that makes the columns fit their names; where the first field could be that of row names, it
    has to fit better than without it, or the name to tell a measure: then it is said not to be sure.
    Nothing is joined where the last field of all lines is empty.
    """
    filled = [line for line in lines[:LOOKED_AT] if line.strip()]
    if len(filled) <= _FEWEST or filled[1].count(",") <= filled[0].count(","):
        return None
    try:
        records = [next(csv.reader([line]), []) for line in filled]
    except csv.Error:
        return None
    names, rows = records[0], records[1:]
    if len(names) < 2 or set(map(len, rows)) != {len(names) + 1} or is_prose(names):
        return None
    places, surely = _places(names, rows)
    if not places:
        return None
    if not any(row[-1].strip() for row in rows):  # a comma ends each line, or its last cell is empty
        return (ENDED, None) if surely_decimals("", rows, places[0]) else None
    surely = surely and surely_decimals(names[places[0]], rows, places[0])
    return TORN if surely else DOUBTED, partial(_rewritten, width=len(rows[0]), places=places)


def are_row_names(records: Sequence[Sequence[str]], *, commas: bool) -> bool:
    """Say whether the first fields of records that have one more than the first record surely name their rows.

    They are all different and no sentences, and what is behind them fits the names; where *commas* part the fields,
    better than with two of them joined.
    """
    names, rows = records[0], [record for record in records[1:] if len(record) == len(records[0]) + 1]
    if not _may_be_row_names(rows):
        return False
    shifted = [row[1:] for row in rows]
    if _misfits(names, shifted):
        return False
    known = ways(names, rows) if commas else []
    return all(fit(names, shifted) > fit(names, [joined_at(row, way) for row in rows]) for way in known)


def _places(names: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[tuple[int, ...], bool]:
    """Return the place of the first half of the number that is torn in all rows, none where nothing tells it; and
    whether no row names could be the reason.
    """
    fits = {way: fit(names, [joined_at(row, way) for row in rows]) for way in ways(names, rows)}
    best = [way for way in fits if fits[way] == max(fits.values())]
    if len(best) != 1:
        return (), False
    places, fitting = best[0], fits[best[0]]
    other = fit(names, [row[1:] for row in rows])
    surely = fitting > other or (fitting == other and not _may_be_row_names(rows))
    measured = is_measured(names[places[0]])
    return (places, surely) if surely or (fitting == other and measured) else ((), False)


def ways(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[tuple[int, ...]]:
    """Return the places, none beside another, of as many halves as the rows have fields more than names."""
    torn = len(rows[0]) - len(names)
    halves = [at for at in range(len(rows[0]) - 1) if all(are_halves(row, at) for row in rows)]
    if not 0 < torn <= MOST_TORN or len(halves) > _MOST_PLACES:
        return []
    return [way for way in combinations(halves, torn) if all(two - one > 1 for one, two in pairwise(way))]


def are_halves(row: Sequence[str], at: int) -> bool:
    """Say whether two fields side by side can be what is before and behind one decimal comma."""
    return bool(_WHOLE.fullmatch(row[at].strip()) and _DECIMALS.fullmatch(row[at + 1].rstrip()))


def are_halved(row: Sequence[str]) -> bool:
    """Say whether two fields of a row side by side can be one number with a decimal comma."""
    return any(are_halves(row, at) for at in range(len(row) - 1))


def surely_decimals(name: str, rows: Sequence[Sequence[str]], at: int) -> bool:
    """Say whether two fields are one number: its name says so, or no whole number is written as the second."""
    told = any(_SURELY_DECIMALS.fullmatch(row[at + 1].rstrip()) for row in rows)
    return told or is_measured(name)


def is_measured(name: str) -> bool:
    """Say whether a column is called as those with decimals are."""
    return bool(_words(name) & _MEASURED)


def _may_be_row_names(rows: Sequence[Sequence[str]]) -> bool:
    first = [row[0].strip() for row in rows]
    return len(set(first)) == len(first) and all(first) and sum(map(is_sentence, first)) <= _MOSTLY * len(first)


def joined_at(row: Sequence[str], places: Sequence[int]) -> list[str]:
    """Return the fields of a row with those at these places joined with the ones behind them."""
    fields, at = [], 0
    while at < len(row):
        torn = at in places
        fields.append(f"{row[at]},{row[at + 1]}" if torn else row[at])
        at += 1 + torn
    return fields


def fit(names: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Return how many names that tell what is below them have such, less those that have other things."""
    return sum(_fits(name, [row[at].strip() for row in rows]) for at, name in enumerate(names))


def _misfits(names: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    return any(_fits(name, [row[at].strip() for row in rows]) < 0 for at, name in enumerate(names))


def _fits(name: str, below: Sequence[str]) -> int:
    """Return 1 where a name has such values below it as it tells, -1 where it has others, 0 where it tells nothing."""
    filled = [value for value in below if value]
    words = _words(name)
    if not filled:
        return 0
    numbers = sum(bool(_NUMBER.fullmatch(value)) for value in filled) > _MOSTLY * len(filled)
    codes = sum(map(is_code, filled)) > _MOSTLY * len(filled)
    if words & _MEASURED:
        return 1 if numbers and not any(_SURELY_DECIMALS.fullmatch(value) for value in filled) else -1
    if is_called_text(name):
        return -1 if codes else 1
    if name.strip().casefold() in _IDS:
        return 1 if codes and len(set(filled)) == len(filled) and not any("," in value for value in filled) else -1
    return (-1 if numbers else 1) if words & _WORDED else 0


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]+", name.casefold()))


def _rewritten(line: str, *, width: int, places: Sequence[int]) -> str:
    try:
        row = next(csv.reader([line]), []) if line.count(",") == width - 1 or '"' in line else []
    except csv.Error:
        return line
    if len(row) != width or not all(are_halves(row, at) for at in places):
        return line
    return written(joined_at(row, places))


def written(fields: Sequence[str]) -> str:
    """Return a line of these fields, those that have commas in quotation marks."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(fields)
    return out.getvalue()
