"""Finds the largest table of a web page, and how much of the page it is.

It makes no columns of it: `pagetables` does.  It is run by `worker` alone.
"""

from __future__ import annotations

from typing import Any

from explorer.ingest.documents.document import Document, check_length, tidy
from explorer.ingest.documents.webpage import parsed_page, text_within

BETWEEN = "\x1f"
"""Stands between the cells of a row: no text has it."""
SHARE, HEADS, BESIDE = "share", "heads", "beside"
"""Fields: how much of the page's text is in the table, from 0 to 1, how many rows have names alone, and the beginning
of what stands beside the table."""
_SHOWN = 300
_WIDEST, _HIGHEST = 1000, 1_000_000
"""Columns, and rows, that a cell may be said to span."""
_ROW, _CELLS = "tr", ("td", "th")


def read_page_table(content: bytes, _most: int) -> Document:
    """Return the rows of the largest table of a web page that is UTF-8 as pages; none where there is no table."""
    root = parsed_page(content)
    tables = [] if root is None else [table for table in root.iter("table") if table.find(".//table") is None]
    found = max(tables, key=_cells, default=None)
    if found is None:
        return Document([])
    rows, heads = _rows(found)
    texts = [BETWEEN.join(row) for row in rows]
    check_length(texts)
    _take_out(found)
    inside, beside = sum(map(len, texts)), " ".join(text_within(root).split())
    share = inside / max(1, inside + len(beside))
    return Document(texts, fields={SHARE: f"{share:.3f}", HEADS: str(heads), BESIDE: beside[:_SHOWN]})


def _take_out(table: Any) -> None:
    """Take a table out of its page, but not what stands behind it."""
    parent, before = table.getparent(), table.getprevious()
    if parent is None:
        return
    if before is not None:
        before.tail = f"{before.tail or ''} {table.tail or ''}"
    else:
        parent.text = f"{parent.text or ''} {table.tail or ''}"
    parent.remove(table)


def _cells(table: Any) -> int:
    return sum(1 for _ in table.iter(*_CELLS))


def _rows(table: Any) -> tuple[list[list[str]], int]:
    """Return the texts of the cells, row by row, and how many of the first rows are heads alone; O(cells).

    A cell over several rows stands in each of them, one over several columns in the first of them.
    """
    rows: list[list[str]] = []
    heads, only_heads = 0, True
    over: dict[int, tuple[int, str]] = {}
    for row in table.iter(_ROW):
        made: list[str] = []
        cells = [cell for cell in row if cell.tag in _CELLS]
        for cell in cells:
            _spanned(made, over)
            text = tidy(text_within(cell))
            wide = _number(cell.get("colspan"), _WIDEST)
            high = _number(cell.get("rowspan"), _HIGHEST)
            if high > 1:
                over[len(made)] = (high - 1, text)
            made += [text, *[""] * (min(wide, _WIDEST - len(made)) - 1)]
        _spanned(made, over)
        if not any(made):
            continue
        while not made[-1]:
            made.pop()
        only_heads = only_heads and all(cell.tag == "th" for cell in cells)
        heads += only_heads
        rows.append(made)
    return rows, heads


def _spanned(made: list[str], over: dict[int, tuple[int, str]]) -> None:
    """Put what spans this row from above into its place."""
    while len(made) in over and len(made) < _WIDEST:
        place = len(made)
        left, text = over.pop(place)
        if left > 1:
            over[place] = (left - 1, text)
        made.append(text)


def _number(said: str | None, most: int) -> int:
    return min(int(said), most) if said and said.isascii() and said.isdecimal() and 0 < len(said) < 9 else 1
