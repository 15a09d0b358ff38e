"""Tells the rows below a table – totals, sources, notes – from its records.

It reads nothing: `delimited` and `spreadsheets` do, and list what it finds as they list titles above the names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median
from typing import Any, TypeVar

from explorer.ingest.likeness import is_sentence
from explorer.ingest.reader import Table, below_table
from explorer.ingest.textcolumn import is_code
from explorer.types import FOOT, Rejected

Record = TypeVar("Record", bound=Sequence[str])

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
_ENDED = re.compile(
    r"(?i)\(?\d[\d.,’' ]* (?:rows?|records?|entries|lines?|results?|responses?|zeilen|datensätze|einträge|ergebnisse"
    r"|antworten|lignes|enregistrements|résultats|filas|registros|righe|record|rijen|regels|rader)\)?\.?"
    r"|(?:end of (?:the )?(?:report|file|data|list|table|export)|ende(?: de[rs] \w+)?|fin(?: (?:du|de la|del) \w+)?)\.?"
    r"|(?:\(c\)|©|copyright\b) ?.{1,200}"
    r"|[-–—(\[]*\s?(?:page|pages|p\.|pg\.|seite|s\.|página|pág\.|pagina|pag\.|strona|sida|side|sivu|strana|oldal|страница|стр\.)"
    r" ?\d{1,5}(?: ?(?:of|von|de|sur|di|van|z|ze|av|af|из|/) ?\d{1,5})?\s?[-–—)\]]*\.?"
    r"|(?:exported|generated|created|printed|exportiert|erstellt|erzeugt|gedruckt|exporté|généré|créé|imprimé"
    r"|exportado|generado|creado|esportato|generato|creato) (?:on|by|at|am|von|mit|um|le|par|el|por|il|da)\b.{1,200}"
)
_MARKED = re.compile(r"(?:\*{1,3}|[†‡]|[¹²³])\s*\S.*", re.DOTALL)
_LOOKED_AT, _MOST, _NARROWEST, _FEWEST, _PAIR = 200, 20, 2, 3, 2
_USUAL = 0.9
"""Share of rows that fill a column which is always filled."""


def feet(rows: Sequence[Sequence[str]]) -> int:
    """Return how many of the last rows, at most 20, are below the table; *rows* are its last ones, cells as texts."""
    if not rows or len(rows[0]) < _NARROWEST:
        return _below_texts([row[0].strip() for row in rows if row][-_LOOKED_AT:])
    rows = _made_whole(rows)
    counts = [sum(bool(cell.strip()) for cell in row) for row in rows[-_LOOKED_AT:]]
    last = max((at for at, count in enumerate(counts, 1) if count > 1), default=0)
    usual = median(counts[:last] if len(counts) - last <= _MOST and last >= _PAIR else counts)
    found = 0
    for at, row in enumerate(reversed(rows[-_MOST:]), 1):
        if at == len(rows):
            break
        if any(cell.strip() for cell in row):
            if not is_foot(row, usual):
                break
            found = at
    return max(found, _lone(rows, usual))


def _made_whole(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Return rows, the notes among the last whole that a delimiter parts: a blank is behind it, and in no row above."""
    parted = 0
    for row in reversed(rows[-_MOST:]):
        if any(map(str.strip, row)) and not _is_parted_note(row):
            break
        parted += 1
    above, last = rows[: len(rows) - parted], rows[len(rows) - parted :]
    if not any(map(_is_parted_note, last)) or any(cell[:1] == " " for row in above for cell in row[1:]):
        return rows
    return [*above, *([",".join(filter(None, row)), *[""] * (len(row) - 1)] for row in last)]


def _is_parted_note(row: Sequence[str]) -> bool:
    told = [cell for cell in row if cell.strip()]
    return len(told) > 1 and all(cell[:1] == " " for cell in told[1:]) and is_note(",".join(told).strip())


def without_notes(lines: Sequence[str], signs: str) -> Sequence[str]:
    """Return lines to the last that is neither blank nor a note or sum by itself, *signs* that part fields around it.

    All where more than a few, or as many as are left, would go: these are no notes below a table.
    """
    kept = found = len(lines)
    while kept and len(lines) - kept < _MOST:
        said = lines[kept - 1].strip().strip(signs).strip()
        marked = len(said) > 1 and said[0] == said[-1] == '"'
        if said and not is_foot([said[1:-1] if marked else said], _NARROWEST):
            break
        kept -= 1
        found = kept if said else found
    left = sum(bool(line.strip()) for line in lines[:found])
    return lines[:found] if left > sum(bool(line.strip()) for line in lines[found:]) else lines


def _lone(rows: Sequence[Sequence[str]], usual: float) -> int:
    """Return how many of the last rows are a cell by itself, the first, below a blank row, where no row above is so."""
    last = next((at for at, row in enumerate(reversed(rows[-_MOST:])) if not any(map(str.strip, row))), 0)
    above, below = rows[: len(rows) - last - 1][-_LOOKED_AT:], rows[len(rows) - last :]
    alone = all(row[0].strip() and not any(map(str.strip, row[1:])) for row in below)
    apart = sum(sum(map(bool, map(str.strip, row))) > 1 for row in above)
    return last if alone and usual > 1 and apart >= max(_FEWEST, len(above)) else 0


def _below_texts(texts: Sequence[str]) -> int:
    """Return how many of the last texts of a column without others are below it; blank ones are between it and them.

    Nothing above may read so.  Without a blank one they are sums with their number, how many rows there are, and pages.
    """
    found, surely = 0, True
    for at, said in enumerate(reversed(texts[-_MOST:]), 1):
        if not said or not is_foot([said], _NARROWEST):
            break
        found = at
        surely = surely and any(map(str.isdigit, said)) and bool(_TOTALLED.fullmatch(said) or _ENDED.fullmatch(said))
    parted = 0 < found < len(texts) and not texts[-found - 1]
    above = texts[: len(texts) - found - parted]
    kept = sum(map(bool, above))
    if not found or not (parted or surely) or kept < max(_FEWEST, found + 1):
        return 0
    return 0 if any(is_foot([said], _NARROWEST) for said in above if said) else found + parted


def below_all(rows: Sequence[Sequence[str]]) -> int:
    """Return how many of the last rows, blank ones counted, are notes or tables below the table; cells as texts."""
    notes = feet(rows)
    tables = tables_below(rows[: len(rows) - notes])
    return notes + tables + (feet(rows[: len(rows) - notes - tables]) if tables else 0)


def above_feet(records: Sequence[Record]) -> Sequence[Record]:
    """Return the first of *records*, names and all, to the last that is not below the table; all where hardly any is.

    They may be of several widths: what lacks is empty.
    """
    width = max(map(len, records), default=0)
    some = records[-_LOOKED_AT:]
    kept = len(records) - below_all([[*record, *[""] * (width - len(record))] for record in some])
    return records[:kept] if kept >= _FEWEST else records


def tables_below(rows: Sequence[Sequence[str]]) -> int:
    """Return how many of the last rows, blank ones counted, are other tables, each below a blank row; O(n).

    Such a one has names of its own, never a value in some column that the rows above nearly always fill, and numbers
    below a name or a name among numbers.  *rows* are those of one width, cells as texts, of which the last are it.
    """
    end = len(rows)
    while True:
        gap = next((at for at in range(end - 1, 0, -1) if not any(map(str.strip, rows[at]))), 0)
        above = [row for row in rows[max(0, gap - _LOOKED_AT) : gap] if any(map(str.strip, row))]
        if not gap or not _is_table(rows[gap + 1 : end], above):
            return len(rows) - end
        end = gap


def _is_table(rows: Sequence[Sequence[str]], above: Sequence[Sequence[str]]) -> bool:
    if not _NARROWEST <= len(rows) < len(above):
        return False
    wide = range(len(rows[0]))
    filled = [at for at in wide if any(row[at].strip() for row in rows)]
    usual = [at for at in wide if sum(bool(row[at].strip()) for row in above) >= _USUAL * len(above)]
    names = [rows[0][at].strip() for at in filled]
    if set(usual) <= set(filled) or len(names) < _NARROWEST or not all(names):
        return False
    if any(is_code(name) or is_sentence(name) for name in names):
        return False

    def are_codes(at: int, some: Sequence[Sequence[str]]) -> bool:
        values = [row[at].strip() for row in some if row[at].strip()]
        return bool(values) and all(map(is_code, values))

    return any(are_codes(at, rows[1:]) or are_codes(at, above) for at in filled)


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
    return few and len(filled) == 1 and is_note(filled[0])


def is_note(said: str) -> bool:
    """Say whether it is what stands below tables: a source, a remark, how many rows there are, who made them."""
    return bool(_NOTE.fullmatch(said) or _MARKED.fullmatch(said) or _ENDED.fullmatch(said))


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
    below = below_all(rows)
    for at in range(len(rows) - below, len(rows)):
        number = table.records[len(table.records) - len(rows) + at]
        said = " · ".join(cell for cell in rows[at] if cell.strip())
        if not said:
            continue
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
