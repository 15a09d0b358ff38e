"""Makes a table of what Arrow read, from whichever file: plain columns under names of their own.

It opens no files: `parquet` and `arrowfiles` do.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Container
from typing import Any

from explorer.ingest.columns import flat, uuids
from explorer.ingest.reader import Table
from explorer.ingest.shape import unique_names

_INDEX = re.compile(r"\A__index_level_(\d+)__\Z")


def table_of(name: str, arrow: Any, *, ids: Container[str] = ()) -> Table:
    """Return an Arrow table as the table of the file *name*; *ids* are columns of 16 bytes that are UUIDs."""
    given = arrow.column_names
    names = unique_names(_INDEX.sub(_index_name, one) for one in given)
    plain = {
        called: (uuids if own in ids else flat)(column)
        for called, own, column in zip(names, given, arrow.columns, strict=True)
    }
    return Table(name, plain, array("q", range(arrow.num_rows)))


def _index_name(found: re.Match[str]) -> str:
    """Return what an index of pandas without a name is called; one that only counts is not in the file."""
    return "index" if found[1] == "0" else f"index {int(found[1]) + 1}"
