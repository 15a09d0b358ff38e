"""Parses many lines of delimited text at once, where each is surely one record: then any parser reads the same.

It judges no fault and mends nothing: of lines of which it is not sure `delimited` reads one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from explorer.ingest.dialects import Dialect

MOST_COLUMNS = 500
"""Of more each would hold too few rows of a block."""
_LINE_END = ord("\n")
_MARK = "\ufeff"


class Rows(Sequence[list[str]]):
    """Records as Arrow columns of large strings, as long as one another; row by row only where they are asked for."""

    def __init__(self, columns: Sequence[Any]) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(self.columns[0])

    def __iter__(self) -> Iterator[list[str]]:
        return map(list, zip(*(column.to_pylist() for column in self.columns), strict=True))

    @overload
    def __getitem__(self, at: int) -> list[str]: ...

    @overload
    def __getitem__(self, at: slice) -> Rows: ...

    def __getitem__(self, at: int | slice) -> list[str] | Rows:
        if isinstance(at, slice):
            start, end, step = at.indices(len(self))
            assert step == 1
            return Rows([column.slice(start, max(0, end - start)) for column in self.columns])
        return [column[at].as_py() for column in self.columns]


def plain_rows(block: str, dialect: Dialect, width: int) -> Rows | None:
    """Return the records of whole lines, if each line is one of *width* fields whichever way it is read; else None.

    Fields in quotation marks are told by these alone: each mark opens a field at its beginning, closes it at its end,
    or is one of two within, and no line ends between.  Lines end with LF or CRLF.
    """
    import pyarrow as pa
    from pyarrow import csv

    if dialect.skip_blanks or dialect.escaped or not 1 < width <= MOST_COLUMNS or block.startswith(_MARK):
        return None
    if len(dialect.delimiter) != 1 or not dialect.delimiter.isascii():
        return None
    if "\r" in block and block.count("\r") != block.count("\r\n"):
        return None
    try:
        content = block.encode()
    except UnicodeEncodeError:  # half characters stand for bytes that were not decoded
        return None
    signs = np.frombuffer(content, np.uint8)
    ends = np.flatnonzero(signs == _LINE_END)
    if _some_is_blank(signs, ends):
        return None
    if dialect.quote and dialect.quote in block and not _are_paired(signs, ends, dialect):
        return None
    try:
        names, *options = _options(dialect.delimiter, dialect.quote, width)
        whole = csv.ReadOptions(use_threads=False, block_size=len(content) + 1, column_names=names)
        read = csv.read_csv(pa.py_buffer(content), whole, *options)
    except pa.ArrowInvalid:
        return None
    lines = len(ends) + (not content.endswith(b"\n"))
    return Rows([column.combine_chunks() for column in read.columns]) if len(read) == lines else None


def _some_is_blank(signs: NDArray[np.uint8], ends: NDArray[np.int64]) -> bool:
    """Say whether there is a line without a sign: it is no record, and Arrow makes one of it."""
    lengths = np.diff(ends, prepend=-1)
    returned = signs[np.maximum(ends - 1, 0)] == ord("\r")
    return bool(((lengths == 1) | ((lengths == 2) & returned)).any())


def _are_paired(signs: NDArray[np.uint8], ends: NDArray[np.int64], dialect: Dialect) -> bool:
    """Say whether all quotation marks surround fields, or are one of two within: of UTF-8 bytes whose lines *end*."""
    quote, delimiter = ord(dialect.quote), ord(dialect.delimiter)
    marks = np.flatnonzero(signs == quote)
    if len(marks) % 2:
        return False
    opening, closing = marks[0::2], marks[1::2]
    before = signs[np.maximum(opening - 1, 0)]
    after = signs[np.minimum(closing + 1, len(signs) - 1)]
    begun = (before == delimiter) | (before == _LINE_END) | (before == quote) | (opening == 0)
    ended = (after == delimiter) | (after == _LINE_END) | (after == ord("\r")) | (after == quote)
    within = np.searchsorted(marks, ends) % 2
    return bool(begun.all() and (ended | (closing == len(signs) - 1)).all() and not within.any())


@lru_cache(maxsize=16)
def _options(delimiter: str, quote: str, width: int) -> tuple[list[str], Any, Any]:
    import pyarrow as pa
    from pyarrow import csv

    names = list(map(str, range(width)))
    return (
        names,
        csv.ParseOptions(delimiter=delimiter, quote_char=quote or False, ignore_empty_lines=False),
        csv.ConvertOptions(
            check_utf8=False,
            column_types=dict.fromkeys(names, pa.large_string()),
            null_values=[],
            strings_can_be_null=False,
        ),
    )
