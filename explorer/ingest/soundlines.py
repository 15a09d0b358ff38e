"""Hands out the lines of a text file that are text, and rejects the others.

It opens no file: whoever reads one does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from explorer.ingest.encodings import Encoding, LongLine
from explorer.ingest.reader import Table
from explorer.types import LINE, Rejected


def sound_lines(table: Table, lines: Iterable[str], encoding: Encoding) -> Iterator[str]:
    """Yield the lines; in place of one that is no text, or too long, which is rejected, an empty one."""
    for number, line in enumerate(lines):
        reason = line.reason if isinstance(line, LongLine) else encoding.fault(line)
        if reason:
            table.rejected.append(Rejected(table.name, number, reason, f"{LINE} {number + 1:,}"))
        yield "" if reason else line
