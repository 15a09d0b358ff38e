"""What could not be read is counted by what it is: “3 rows left out, and 2 lines above the column names beside them”.

Records are counted apart from what is around them.  Why it could not be read, its reason says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from explorer.types.asides import ABOVE, AGAIN, AROUND, BELOW, CHAT_LINE, FOOT, PART
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
_WHERE = re.compile(r" (?:above|below|of|on|that|in|with) ")
"""What stands before the place where something was, which is said in full elsewhere."""
_SHORT = 2


def left_out(rejected: Iterable[Rejected]) -> dict[str, int]:
    """Return how many there are of each noun, rows first, without notes, which lose nothing; O(n)."""
    return in_order(Counter(one.noun for one in rejected if one.noun != NOTE))


def count_notes(rejected: Iterable[Rejected]) -> int:
    """Return how many only say something of a file; O(n)."""
    return sum(one.what == NOTE for one in rejected)


def in_order(counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts by noun, rows first, then what there is most of."""
    return dict(sorted(counts.items(), key=lambda pair: (pair[0] != "row", -pair[1], pair[0])))


def lost(counts: Mapping[str, int], count: int) -> int:
    """Return how many of *count* that were left out are rows, pictures or files, by counts of nouns.

    The lines around a table, and what else is none of its records, are not among them.
    """
    return count - sum(n for noun, n in counts.items() if noun in AROUND)


def said_left_out(counts: Mapping[str, int], count: int, notes: int = 0) -> str:
    """Return what was left out in words, and how many *notes* there are: “3 rows left out; 1 note on a file”.

    Of a dataset of an earlier version only that it is *count* in all.
    """
    said = f"{notes:,} {NOTE if notes == 1 else 'notes on files'}" if notes else ""
    return "; ".join(filter(None, (_lost(counts, count), said)))


def said_short(counts: Mapping[str, int], count: int) -> str:
    """Return how much of a file's records was left out, or, where none was, how much of what is around them."""
    records = lost(counts, count)
    if records:
        return f"{records:,} left out"
    short = Counter[str]()
    for noun, n in counts.items():
        short[_WHERE.split(noun)[0]] += n
    return f"{_listed(short)} left out" if len(short) <= _SHORT else f"{count:,} parts left out"


def _lost(counts: Mapping[str, int], count: int) -> str:
    if sum(counts.values()) != count:
        return f"{count:,} left out"
    records = _listed({noun: n for noun, n in counts.items() if noun not in AROUND})
    around = _listed({noun: n for noun, n in counts.items() if noun in AROUND})
    if records and around:
        return f"{records} left out, and {around} beside them"
    return f"{records or around} left out" if records or around else ""


def _listed(counts: Mapping[str, int]) -> str:
    parts = [f"{n:,} {noun if n == 1 else _PLURALS.get(noun, f'{noun}s')}" for noun, n in counts.items() if n]
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else ""
