"""Reads a web page whose content is a table row by row, as a spreadsheet is read.

It parses no page: `webtables` does, apart.
"""

from __future__ import annotations

from array import array
from collections import Counter

from explorer.ingest.columnnames import names_for, unique_names
from explorer.ingest.columns import NUMBERS
from explorer.ingest.dialects import Dialect
from explorer.ingest.documents.decoding import the_decoder
from explorer.ingest.documents.webtables import BESIDE, BETWEEN, HEADS, SHARE
from explorer.ingest.firstrecord import looks_like_data
from explorer.ingest.footing import cut_feet
from explorer.ingest.headlevels import level_names
from explorer.ingest.reader import Source, Table, above_names, below_names, check_size, joined
from explorer.ingest.repeating import cut_repeats, without_empty_ends
from explorer.ingest.surveyheads import are_ids, described, head_of
from explorer.types import ABOVE, BELOW, PART, ROW, Numbering, Rejected, cut_at_word

_LARGEST, _SHOWN = 0.3, 100
"""Share of a table's text in one cell, at most; characters that are shown of what stands beside it."""
_LEVELS = 4
"""Rows of names, at most."""
_MOSTLY, _FEWEST = 0.6, 4
"""The share of a page's text that its table has, and rows that it has, at least, to be what the page is about."""


def table_of_page(source: Source, content: bytes, *, limit: int | None = None, asked: bool = False) -> Table | None:
    """Return the largest table of a page that is UTF-8, or the first *limit* rows of it.

    None where it is not what the page is about, unless it is *asked* for, and where there is none.
    Raises UnreadableFile.
    """
    if b"<tr" not in content.lower():
        return None
    found, _ = the_decoder().document(source, "table", content, size=0, overlap=0)
    rows = [page.split(BETWEEN) for page in found.pages]
    width = max(map(len, rows), default=0)
    if len(rows) < 2 or width < 2:
        return None
    usual, _times = Counter(map(len, rows)).most_common(1)[0]
    if not asked and (float(found.fields[SHARE]) < _MOSTLY or len(rows) < _FEWEST or usual < 2):
        return None
    check_size(source.name, rows=len(rows), columns=width)
    lengths = [len(cell) for row in rows for cell in row]
    if not asked and max(lengths) > _LARGEST * sum(lengths):
        return None  # it lays the page out
    table = _table(source, [row + [""] * (width - len(row)) for row in rows], int(found.fields[HEADS]), limit)
    if found.fields[BESIDE]:
        said = f"what stands beside its table is not read: {cut_at_word(found.fields[BESIDE], _SHOWN)}"
        table.rejected.append(Rejected(source.name, None, said, what=PART))
    return table


def _table(source: Source, rows: list[list[str]], heads: int, limit: int | None) -> Table:
    import pyarrow as pa

    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    top = next((at for at, count in enumerate(filled) if 2 * count > max(filled[:200])), 0)
    below = rows[top:]
    names, more = head_of(below)
    if 1 + more < (levels := min(heads - top, len(below) - 1)) <= _LEVELS:  # the page itself says that these are names
        names, more = level_names(below, levels), levels - 1
    headless = heads <= top and not more and looks_like_data(below)
    table = Table(source.name, {}, array("q"), recognise=NUMBERS, numbering=Numbering(ROW))
    table.rejected += [
        Rejected(source.name, None, above_names(" · ".join(filter(None, row))), what=ABOVE) for row in rows[:top]
    ]
    head = names_for(len(below[0])) if headless else unique_names(names)
    first = 0 if headless else 1 + more
    for said in below[1:first]:
        if not table.described and not are_ids(said):
            table.described = described(head, said)
        table.rejected.append(Rejected(source.name, None, below_names(" · ".join(filter(None, said))), what=BELOW))
    records = below[first:][:limit]
    table.records.extend(range(len(records)))
    table.numbering.note(0, top + first + 1)
    chunks = [[pa.array([row[at] for row in records], pa.large_string())] for at in range(len(head))]
    if limit is None and records:
        cut_feet(table, chunks)
    cut_repeats(table, chunks, Dialect(",", False, head, not headless))
    columns = {name: joined(parts) for name, parts in zip(head, chunks, strict=True)}
    table.columns = columns if headless else without_empty_ends(columns)
    return table
