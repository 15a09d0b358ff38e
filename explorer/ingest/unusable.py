"""Says in a sentence why nothing of what was given is usable, and the cure.

It decides nothing: `loading` does.
"""

from __future__ import annotations

from collections.abc import Sequence

from explorer.ingest.reader import Table, listed
from explorer.types import Rejected


def no_text(title: str, tables: Sequence[Table]) -> str:
    """Return why tables without a column of text are of no use."""
    names = listed(dict.fromkeys(name for table in tables for name in table.columns))
    cure = "Add a column of text, or name the one to read (on the command line with --text)."
    return f"no column of {title} reads like text; its columns are {names}. {cure}"


def nothing(title: str, rejected: Sequence[Rejected]) -> str:
    """Return why nothing can be made of what was given."""
    if not rejected:
        return f"there is nothing to read in {title}. Add files of a type that is read, such as .csv, .txt or .jpg."
    first = "; ".join(_said(fault) for fault in rejected[:3])
    more = f"; and {len(rejected) - 3:,} more" if len(rejected) > 3 else ""
    return f"nothing in {title} is usable: {first}{more}. Correct the file, or load another one."


def _said(fault: Rejected) -> str:
    where = fault.source if fault.row is None else f"{fault.source} row {fault.row}"
    return f"{where}: {fault.reason.rstrip('.')}"
