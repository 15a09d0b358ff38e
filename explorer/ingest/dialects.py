"""How delimited text is written, and what reads records that are written so.

It finds nothing out: `shape` does, or somebody says it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_STANDS_FOR = "\x1e"
"""What a delimiter of several characters is written as for Python's csv, which knows only those of one."""


@dataclass(frozen=True)
class Dialect:
    """How a file is written: its delimiter, whether blanks follow it, its column names, whether a line gave them.

    *titles* lines stand above these, *explained* records right below say more of the columns; *quote* surrounds
    fields, none where it is empty, *escaped* when a backslash stands before one within.  *sure* of the names, *marked*
    surely by these marks; *doubt* says what makes the names unsure, where there is more to say.
    """

    delimiter: str
    skip_blanks: bool
    names: tuple[str, ...]
    has_header: bool
    titles: int = 0
    quote: str = '"'
    escaped: bool = False
    explained: int = 0
    sure: bool = True
    marked: bool = True
    doubt: str = ""

    def reader(self, lines: Iterable[str], *, strict: bool) -> Iterator[list[str]]:
        """Return what reads records from lines."""
        delimiter = self.delimiter if len(self.delimiter) == 1 else _STANDS_FOR
        if self.escaped:
            lines = map(self._with_plain_backslashes, lines)
        return csv.reader(
            lines if len(self.delimiter) == 1 else (line.replace(self.delimiter, delimiter) for line in lines),
            delimiter=delimiter,
            skipinitialspace=self.skip_blanks,
            quotechar=self.quote or None,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            strict=strict,
            escapechar="\\" if self.escaped else None,
            doublequote=not self.escaped,
        )

    def _with_plain_backslashes(self, line: str) -> str:
        """Return a line in which a backslash before no sign of the dialect is one of the text, as `\\N` has it."""
        if "\\" not in line:
            return line
        signs = re.escape(self.quote + self.delimiter[0])
        return re.sub(rf"\\([\\\r\n{signs}])|\\", lambda found: found[0] if found[1] else r"\\", line)


@dataclass(frozen=True)
class Asked:
    """What somebody said of how a file is written, or the file of itself; None is found out.

    *quote* is a `Dialect`'s quote and escaped; *names* the line of the column names, from 0, -1 for none.
    """

    delimiter: str | None = None
    quote: tuple[str, bool] | None = None
    names: int | None = None
