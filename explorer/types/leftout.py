"""What could not be read is counted by what it is: “3 rows, 1 sheet and 2 lines above the column names”.

Why it could not be read, its reason says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from explorer.types.asides import ABOVE, AGAIN, BELOW, CHAT_LINE, FOOT, PART
from explorer.types.items import Rejected

NOTE = "note on a file"
"""What is only said of a file, of which nothing is lost: it is counted by itself."""
_PLURALS = {
    ABOVE: "lines above the column names",
    BELOW: "lines that explain the column names",
    AGAIN: "lines that repeat the column names",
    FOOT: "lines below the table",
    PART: "parts of files",
    CHAT_LINE: "lines of the chat itself",
}


def left_out(rejected: Iterable[Rejected]) -> dict[str, int]:
    """Return how many there are of each noun, rows first, without notes, which lose nothing; O(n)."""
    return in_order(Counter(one.noun for one in rejected if one.noun != NOTE))


def count_notes(rejected: Iterable[Rejected]) -> int:
    """Return how many only say something of a file; O(n)."""
    return sum(one.what == NOTE for one in rejected)


def in_order(counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts by noun, rows first, then what there is most of."""
    return dict(sorted(counts.items(), key=lambda pair: (pair[0] != "row", -pair[1], pair[0])))


def said_left_out(counts: Mapping[str, int], count: int, notes: int = 0) -> str:
    """Return what was left out in words, and how many *notes* there are: “3 rows left out; 1 note on a file”.

    Of a dataset of an earlier version only that it is *count* in all.
    """
    said = f"{notes:,} {NOTE if notes == 1 else 'notes on files'}" if notes else ""
    return "; ".join(filter(None, (_lost(counts, count), said)))


def _lost(counts: Mapping[str, int], count: int) -> str:
    if sum(counts.values()) != count:
        return f"{count:,} left out"
    parts = [f"{n:,} {noun if n == 1 else _PLURALS.get(noun, f'{noun}s')}" for noun, n in counts.items() if n]
    return f"{' and '.join(filter(None, (', '.join(parts[:-1]), parts[-1])))} left out" if parts else ""
