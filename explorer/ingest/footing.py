"""Tells the rows below a table – totals, sources, notes – from its records.

It reads nothing: `delimited` and `spreadsheets` do, and list what it finds as they list titles above the names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median
from typing import Any

from explorer.ingest.reader import Table, below_table
from explorer.types import FOOT, Rejected

_TOTALS = (
    r"(?:(?:grand|sub|over)[- ]?)?totaa?l(?:e|en|i|s|t)?(?: général)?|in total|sum|sums|average|mean"
    r"|summen?|gesamt|gesamtsumme|insgesamt|zwischensumme|durchschnitt|mittelwert"
    r"|somme|sous-total|moyenne|suma(?: total)?|somma|soma|media|médias?|gemiddelde|som|summa|i alt|yhteensä"
    r"|razem|suma|celkem|součet|összesen|toplam|итого|всего|сумма|合計|总计|合计|總計|합계|[Σ∑]"
)
_TOTAL = re.compile(_TOTALS, re.IGNORECASE)
_NUMBERS = r"[\s:=]*+[-+(]?[\d.,'’ %€$£\u00a0\u202f)]*+(?:EUR|USD|CHF)?\s*+"
_TOTALLED = re.compile(rf"(?:{_TOTALS}){_NUMBERS}", re.IGNORECASE)
_NUMBER = re.compile(_NUMBERS)
_NOTE = re.compile(
    r"(?i)(?:sources?|notes?|n\.b\.|nb|remarks?|comments?|last updated?|generated(?: on| by| at)?|created(?: on| by)?"
    r"|exported(?: on| by)?|quellen?|anmerkung(?:en)?|hinweise?|bemerkung(?:en)?|fußnoten?|stand|erstellt(?: am)?"
    r"|remarques?|fuentes?|notas?|fonti|fonte|not[ae]|bron(?:nen)?|opmerking(?:en)?|källor|källa|kilder?|źródł[oa]|uwag[ai]"
    r"|источники?|примечани[ея]|出典|注|注释|来源|資料來源)\s*[:：].*",
    re.DOTALL,
)
_MARKED = re.compile(r"(?:\*{1,3}|[†‡]|[¹²³])\s*\S.*", re.DOTALL)
_LOOKED_AT, _MOST, _NARROWEST = 200, 20, 2


def feet(rows: Sequence[Sequence[str]]) -> int:
    """Return how many of the last rows, at most 20, are below the table; *rows* are its last ones, cells as texts."""
    if not rows or len(rows[0]) < _NARROWEST:
        return 0
    usual = median(sum(bool(cell.strip()) for cell in row) for row in rows[-_LOOKED_AT:])
    found = 0
    for at, row in enumerate(reversed(rows[-_MOST:]), 1):
        if at == len(rows):
            break
        if any(cell.strip() for cell in row):
            if not is_foot(row, usual):
                break
            found = at
    return found


def is_foot(row: Sequence[str], usual: float) -> bool:
    """Say whether a row is none of a table in whose rows so many cells are filled: a total, or a note by itself."""
    filled = [cell.strip() for cell in row if cell.strip()]
    if not filled:
        return False
    few = len(filled) <= usual / 2
    if _TOTAL.fullmatch(filled[0].rstrip(" :=")):
        return few or all(_NUMBER.fullmatch(cell) for cell in filled[1:])
    if few and _TOTALLED.fullmatch(filled[0]):
        return True
    return few and len(filled) == 1 and bool(_NOTE.fullmatch(filled[0]) or _MARKED.fullmatch(filled[0]))


def cut_feet(table: Table, chunks: list[list[Any]]) -> None:
    """Take the rows below the table off its columns, each of which has as many chunks."""
    for parts in chunks:
        _lengthen_last(parts)
    last = [
        [str(value or "") for value in parts[-1].slice(max(0, len(parts[-1]) - _LOOKED_AT)).to_pylist()]
        for parts in chunks
        if parts
    ]
    rows = list(zip(*last, strict=True))
    below = feet(rows)
    for at in range(len(rows) - below, len(rows)):
        number = table.records[len(table.records) - len(rows) + at]
        said = " · ".join(cell for cell in rows[at] if cell.strip())
        table.rejected.append(Rejected(table.name, number, below_table(said), table.numbering.place(number), what=FOOT))
    if below:
        del table.records[-below:]
        for parts in chunks:
            parts[-1] = parts[-1].slice(0, len(parts[-1]) - below)


def _lengthen_last(parts: list[Any]) -> None:
    """Join the last chunks of a column until the last one has all the rows that are looked at."""
    import pyarrow as pa

    while len(parts) > 1 and len(parts[-1]) < _LOOKED_AT:
        last = parts.pop()
        parts[-1] = pa.concat_arrays([parts[-1], last])
