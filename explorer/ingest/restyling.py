"""Rewrites lines of a table that is written in an unusual way as delimited text: drawn, aligned, quoted, or Anki's.

It parts no record: `delimited` does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from explorer.ingest.framing import FRAMED, are_barred, are_framed, bars_of, columns_of, unframed
from explorer.ingest.partlytorn import joining_some
from explorer.ingest.tornnumbers import joining_halves
from explorer.ingest.widths import WIDTHS, parting
from explorer.ingest.wrapping import WRAPPED, are_wrapped, unwrapped

_SAID = re.compile(r'"?sep=([^\ud800-\udfff])"?\s*', re.IGNORECASE)
_TYPE = re.compile(r"#TYPE [\w.+`\[\], =*&-]+")
"""What PowerShell writes above the names of all that it exports."""
_ANKI = re.compile(
    r"#(separator|html|tags column|columns|notetype column|notetype|deck column|deck|guid column|tags):(.*)"
)
_SIGNS = {"comma": ",", "semicolon": ";", "tab": "\t", "space": " ", "pipe": "|", "colon": ":"}


def restyled(start: Sequence[str], *, parted: bool = False) -> tuple[str, Callable[[str], str] | None]:
    """Return what is told of lines that begin so, and what rewrites each; None where they stay as they are.

    *parted*: somebody said by what fields are parted, so that no comma is one of a number.
    """
    if are_wrapped(start):
        return WRAPPED, unwrapped
    if are_framed(start):
        dashes = are_barred(start)
        bars = bars_of(start) if dashes else ()
        return FRAMED, partial(unframed, columns=columns_of(start), dashes=dashes, bars=bars)
    torn = None if parted else joining_halves(start) or joining_some(start)
    if torn is not None:
        return torn
    part = parting(start)
    return (WIDTHS, part) if part is not None else ("", None)


def said_in(start: list[str]) -> tuple[str | None, int | None]:
    """Return the delimiter that the first lines say themselves, and which line has the names: -1 for none.

    None where they say nothing.  These lines are made empty, as no records.
    """
    said = _SAID.fullmatch(start[0]) if start else None
    if said:
        start[0] = "\n"
        return said[1], None
    if len(start) > 1 and _TYPE.fullmatch(start[0].removeprefix("\ufeff").strip()):
        return None, 1
    if not start or not start[0].removeprefix("\ufeff").startswith("#separator:"):
        return None, None
    return _anki(start)


def _anki(start: list[str]) -> tuple[str | None, int | None]:
    """Take the lines that Anki writes above its notes."""
    sign, names = "\t", -1
    for at, line in enumerate(start):
        found = _ANKI.match(line.removeprefix("\ufeff").rstrip("\r\n"))
        if found is None:
            break
        word, value = found[1], found[2].strip()
        if word == "separator":
            sign = _SIGNS.get(value.lower(), value or "\t")
        start[at] = "\n"
        if word == "columns":
            start[at], names = f"{found[2]}\n", at
    return sign, names


def is_anki(lines: Sequence[str]) -> bool:
    """Say whether lines are notes that Anki exported."""
    return bool(lines) and lines[0].removeprefix("\ufeff").lower().startswith("#separator:")


def are_drawn(lines: Sequence[str]) -> bool:
    """Say whether lines are a table that is drawn, or whose columns stand below one another."""
    ended = [f"{line}\n" for line in lines]
    return are_framed(ended) or parting(ended) is not None
