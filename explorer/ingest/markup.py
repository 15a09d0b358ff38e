"""Reads HTML in the cells of a table as its text.

The choice is offered where most cells of a column hold tags: they are HTML where most of them begin with a tag, or
close one, and words about tags, which stay as they are written, where they do not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from explorer.ingest.choosing import chosen
from explorer.ingest.columns import is_strings
from explorer.ingest.documents import Refused, text_of
from explorer.ingest.reader import Source, Table, joined, listed
from explorer.types import NOTE, Choice, Rejected

HTML, AS_WRITTEN, AS_TEXT = "html", "as written", "as text"
_SAMPLE, _SHOWN = 200, 2000
_LONGEST = 200_000
"""Characters of a cell that is read as its text."""
_TAG = re.compile(
    r"</?(?:p|br|div|span|a|b|i|u|em|strong|ul|ol|li|h[1-6]|table|tr|td|th|img|pre|code|blockquote|font|hr|sup|sub)"
    r"(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_SET = re.compile(r"<br\s{0,9}/?>|</(?:p|div|span|li|ul|ol|td|tr|table)>", re.IGNORECASE)
"""What only HTML has: who speaks of a tag hardly closes one."""
_MARKED = re.compile(r"<[a-zA-Z/!]|&\w{2,8};|&#")


def with_html(table: Table, source: Source) -> Table:
    """Return the table with the choice, and with texts for HTML if that was chosen.  Raises BadChoice."""
    found = [name for name, column in table.columns.items() if is_strings(column) and _holds_tags(column)]
    if not found:
        return table
    options = ((AS_TEXT, "as its text, without tags"), (AS_WRITTEN, "as written"))
    surely = [name for name in found if _is_html(table.columns[name])]
    usual = AS_TEXT if surely else AS_WRITTEN
    why = f"most cells hold tags in {listed(found)}"
    choice = chosen(source, Choice(HTML, "HTML in cells", usual, options, sure=False, why=why))
    table.choices = (*table.choices, choice)
    if choice.value == AS_TEXT:
        for name in found if choice.asked else surely:
            _read(table, name)
    return table


def _holds_tags(column: Any) -> bool:
    values = _first(column)
    return bool(values) and 2 * sum(_TAG.search(value) is not None for value in values) > len(values)


def _is_html(column: Any) -> bool:
    """Whether most cells with tags begin with one, or close one: else these are only spoken of ("use <b> for bold")."""
    tagged = [value for value in _first(column) if _TAG.search(value)]
    set_so = [_TAG.match(value.lstrip()) is not None or _SET.search(value) is not None for value in tagged]
    return 2 * sum(set_so) > len(tagged)


def _first(column: Any) -> list[str]:
    return [value[:_SHOWN] for value in column.slice(0, _SAMPLE).to_pylist() if value]


def _read(table: Table, name: str) -> None:
    import pyarrow as pa

    column = table.columns[name]
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    left: list[int] = []
    texts = [pa.array(_texts(chunk.to_pylist(), left), pa.large_string()) for chunk in chunks]
    table.columns[name] = joined(texts)
    if left:
        reason = f"cells of {name} that are too long to be read as their text stay as written: {len(left):,}"
        table.rejected.append(Rejected(table.name, None, reason, what=NOTE))


def _texts(values: Sequence[str | None], left: list[int]) -> list[str | None]:
    """Return the texts of cells; how long those are that stay as written goes into *left*."""
    texts: list[str | None] = []
    for value in values:
        if value is None or not _MARKED.search(value):
            texts.append(value)
            continue
        try:
            if len(value) > _LONGEST:
                raise Refused("it is too long")
            texts.append(text_of(value))
        except Refused:
            left.append(len(value))
            texts.append(value)
    return texts
