"""Tells paragraphs: what stands between empty lines; and whether a text is a list of such.

It reads no file: `text` and `documents.plain` do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import median

PARAGRAPHS = "paragraphs"
PARAGRAPHS_ARE = (PARAGRAPHS, "what stands between empty lines")
WHY = "most of what stands between empty lines has several lines"
_FEWEST, _SEVERAL = 3, 0.6
"""Paragraphs that a list of them has, at least, and the share of them that have several lines."""
_LONGEST, _MOST_LINES = 2_000, 12
"""Characters and lines of a usual one in such a list; longer ones are parts of a document."""


def paragraphs(numbered: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield what stands between empty lines, with the number of its first line; *numbered* are all lines, in order."""
    first, gathered = 0, list[str]()
    for number, line in numbered:
        if line.strip():
            first = first if gathered else number
            gathered.append(line.rstrip())
        elif gathered:
            yield first, "\n".join(gathered)
            gathered = []
    if gathered:
        yield first, "\n".join(gathered)


def are_listed(lines: Sequence[str]) -> bool:
    """Whether lines are a list of paragraphs: several, most of several lines, and short."""
    found = [one for _, one in paragraphs(enumerate(lines))]
    counts = [one.count("\n") + 1 for one in found]
    if len(found) < _FEWEST or sum(count > 1 for count in counts) < _SEVERAL * len(found):
        return False
    return median(map(len, found)) <= _LONGEST and median(counts) <= _MOST_LINES


def are_there(lines: Sequence[str]) -> bool:
    """Whether an empty line stands between others, and some paragraph has several lines."""
    counts = [one.count("\n") + 1 for _, one in paragraphs(enumerate(lines))]
    return len(counts) > 1 and max(counts) > 1
