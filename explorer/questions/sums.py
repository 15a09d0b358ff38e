"""Sums and differences of meanings, "= king - man + woman", and the order of rows between two of them.

It encodes nothing and phrases no answer: what encodes a text is given to it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from explorer.config import GIVEN
from explorer.errors import BadSetting, NoEncoder
from explorer.kinds import kind_of
from explorer.questions.asking import check_row
from explorer.questions.edges import is_graph
from explorer.questions.exact import row_saying
from explorer.types import FloatArray, Hits, Item, Run

MARK = "="
"""What a query begins with that is a sum."""
BETWEEN = "<>"
"""What stands between the two ends of an axis."""
SELECTION = "selection"
MOST_TERMS, MOST_ROWS = 20, 1_000
_TERM = re.compile(
    r"""\s*(?P<sign>[+\-\u2212]?)\s*                                # + or -, a minus sign too
    (?:(?P<weight>\d+(?:\.\d+)?|\.\d+)\s*[*×·]\s*)?               # a weight
    (?:"(?P<quoted>[^"]+)"|“(?P<curly>[^”]+)”                        # a phrase in quotation marks
      |\#(?P<rows>\d+(?:\s*,\s*\d+)*)                                # rows by their numbers
      |\[(?P<vector>[^\[\]]*)\]                                      # a vector
      |(?P<words>(?![+\-\u2212]\s)(?:(?!\s[+\-\u2212](?:\s|$))[^"“”])+))""",
    re.VERBOSE,
)


_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")


@dataclass(frozen=True)
class Term:
    """A part of a sum: *text*, the mean of *rows*, or a *vector* as it was pasted, times *weight*."""

    weight: float
    text: str = ""
    rows: tuple[int, ...] = ()
    is_selection: bool = False
    vector: tuple[float, ...] = ()


Encode = Callable[[str], FloatArray]
"""From a text to its float32 (d,) vector."""


def is_sum(query: Item | Path) -> bool:
    """Whether what is searched with is a sum."""
    words = None if isinstance(query, Path) else kind_of(query).words(query)
    return words is not None and words.lstrip().startswith(MARK) and bool(words.lstrip()[1:].strip())


def terms_of(query: str) -> tuple[Term, ...]:
    """Return the terms of "= king - man + woman", "= #17 + 0.5 * "at night"", "= selection - rain".

    ``#17`` is row 17 and ``#3,9`` the mean of rows; ``[0.1, …]`` a vector; ``selection`` the rows that are selected.
    Words go together up to a plus or minus between blanks, so that hyphens stay.  Raises BadSetting.
    """
    rest, found = query.strip().removeprefix(MARK), list[Term]()
    at = 0
    while rest[at:].strip():
        match = _TERM.match(rest, at)
        text = (match["quoted"] or match["curly"] or match["words"] or "").strip() if match else ""
        known = match is not None and (text or match["rows"] or match["vector"])
        if match is None or (found and not match["sign"]) or not known:
            raise BadSetting(
                f"{rest[at:].strip()[:60]!r} is no part of a sum; write it as = king - man + woman, with blanks around "
                'each sign, rows as #17 and phrases as "at night".'
            )
        weight = float(match["weight"] or 1) * (1 if match["sign"] in ("", "+") else -1)
        rows = tuple(int(number) for number in (match["rows"] or "").split(",") if number.strip())
        is_selection = match["words"] is not None and text.casefold() == SELECTION
        vector = numbers_in(match["vector"]) if match["vector"] else ()
        found.append(Term(weight, "" if is_selection else text, rows, is_selection, vector))
        at = match.end()
    if not found:
        raise BadSetting("the sum is empty; write it as = king - man + woman.")
    if len(found) > MOST_TERMS or any(len(term.rows) > MOST_ROWS for term in found):
        raise BadSetting(f"a sum has {MOST_TERMS} parts at most, and {MOST_ROWS:,} rows in one.")
    return tuple(found)


def numbers_in(written: str) -> tuple[float, ...]:
    """Return the numbers of a pasted vector, with commas or blanks between them.  Raises BadSetting."""
    parts = _parted(written)
    try:
        numbers = tuple(map(float, parts))
    except ValueError:
        odd = next(part for part in parts if not _NUMBER.fullmatch(part))
        raise BadSetting(f"{odd[:30]!r} in the vector is no number; paste numbers with commas between them.") from None
    if not all(map(math.isfinite, numbers)):
        raise BadSetting("the vector has a number that is not finite; mend it.")
    return numbers


def is_vector(query: str, dim: int) -> bool:
    """Whether a query is a pasted vector and nothing else: brackets around as many numbers as a map's vectors have."""
    inside = query.strip()
    if inside[:1] != "[" or inside[-1:] != "]":
        return False
    parts = _parted(inside[1:-1])
    return len(parts) == dim and all(map(_NUMBER.fullmatch, parts))


def _parted(written: str) -> list[str]:
    """Return what stands between commas, semicolons and blanks."""
    return written.replace(",", " ").replace(";", " ").split()


def with_selection(terms: Sequence[Term], rows: Sequence[int] | None) -> tuple[Term, ...]:
    """Return the terms with the rows that are selected in place of the word.  Raises BadSetting where none are."""
    if any(term.is_selection for term in terms) and not rows:
        raise BadSetting("nothing is selected; select rows first, or write “selection” in quotation marks.")
    chosen = tuple(rows or ())
    return tuple(replace(term, rows=chosen, is_selection=False) if term.is_selection else term for term in terms)


def texts_in(run: Run, terms: Sequence[Term]) -> list[str]:
    """Return the texts that have to be encoded: none where the vectors came with the data."""
    if run.embeddings.encoder == GIVEN:
        return []
    return list(dict.fromkeys(term.text for term in terms if term.text and term.weight))


def sum_of(run: Run, terms: Sequence[Term], encode: Encode) -> FloatArray:
    """Return the float32 (d,) vector of length 1 that the terms add up to.

    Each term is a vector of length 1 – of a text, or of the mean of rows – times its weight.  Where the vectors came
    with the data, a text is the row that says it.  Raises NotFound, BadSetting where nothing is left, NoEncoder.
    """
    counted = [term for term in terms if term.weight]
    if not counted:
        raise BadSetting("all weights are 0; give one part another.")
    parts = [np.asarray(_vector_of(run, term, encode), np.float64) for term in counted]
    if len(parts) == 1 and counted[0].weight > 0:
        return parts[0].astype(np.float32)
    total = np.sum([term.weight * part for term, part in zip(counted, parts, strict=True)], axis=0)
    length = float(np.linalg.norm(total))
    if not math.isfinite(length) or length < 1e-6:
        raise BadSetting("the parts of the sum cancel each other out; change one of them.")
    return np.asarray(total / length, np.float32)


def _vector_of(run: Run, term: Term, encode: Encode) -> FloatArray:
    known = run.embeddings
    if term.vector:
        return _pasted(term.vector, known.dim)
    if not term.rows:
        if known.encoder != GIVEN:
            return encode(term.text)
        row = row_saying(run.dataset.items, term.text, known.ok)
        if row is None:
            if is_graph(run):
                raise NoEncoder(f"no node is called “{term.text[:60]}”. Nodes are searched by their names.")
            raise NoEncoder(
                f"no item says “{term.text[:60]}”. The vectors of this map came with the data, and what made them is "
                "not known: only items that are here can be searched with."
            )
        return np.asarray(known.vectors[row])
    for row in term.rows:
        check_row(run, row)
    rows = np.array([row for row in term.rows if known.ok[row]], np.int64)
    if not len(rows):
        raise BadSetting(f"row {term.rows[0]} has no vector; take another one.")
    mean = known.vectors[rows].mean(axis=0, dtype=np.float64)
    length = float(np.linalg.norm(mean))
    if length < 1e-6:
        raise BadSetting("the mean of these rows points nowhere; take fewer of them.")
    return np.asarray(mean / length if len(rows) > 1 else known.vectors[rows[0]], np.float32)


def _pasted(numbers: tuple[float, ...], dim: int) -> FloatArray:
    if len(numbers) != dim:
        raise BadSetting(
            f"the vector has {len(numbers):,} numbers, those of this map have {dim:,}; paste one of its own."
        )
    length = math.hypot(*numbers)
    if not length:
        raise BadSetting("the vector is all zeros, and so points nowhere; paste another one.")
    return np.asarray(numbers, np.float32) / np.float32(length)


def measured_as(run: Run, terms: Sequence[Term]) -> tuple[Item | None, bool]:
    """Return an item of the kind that a sum is compared as, and whether it is of words alone, as other searches are.

    With rows in it, or a vector, it is as near to others as rows are to each other.
    """
    counted = [term for term in terms if term.weight]
    words = next((term.text for term in counted if term.text), None)
    if run.embeddings.encoder != GIVEN and words is not None and all(term.text for term in counted):
        return words, True
    rows = [row for term in counted for row in term.rows if 0 <= row < len(run.dataset)]
    row = rows[0] if rows else next(iter(np.flatnonzero(run.embeddings.ok)[:1].tolist()), None)
    return (None if row is None else run.dataset.items[row]), False


def nearest_to_sum(run: Run, terms: Sequence[Term], vector: FloatArray, *, k: int) -> Hits:
    """Return the k rows nearest to a sum's *vector*, best first, (1, k), without those that are in it.

    Rows that say no more than a text of the sum are in it too, as is usual of analogies, unless that text is all of it:
    with the weights 1 and 0 it is the plain search, which finds the row of that name, too.
    """
    from explorer.neighbors import nearest_to

    counted = [term for term in terms if term.weight]
    inside = {row for term in counted for row in term.rows}
    said = {term.text.casefold() for term in counted if term.text and len(counted) > 1}
    known, wanted = run.embeddings, k + len(inside)
    while True:
        found = nearest_to(known.vectors, vector, min(wanted, known.n), ok=known.ok, codes=known.codes)
        kept = [at for at, row in enumerate(found.rows[0].tolist()) if row >= 0 and not _in_sum(run, row, inside, said)]
        if len(kept) >= k or wanted >= known.n:
            return Hits(found.rows[:, kept[:k]], found.scores[:, kept[:k]])
        wanted = min(known.n, 2 * wanted + k)


def _in_sum(run: Run, row: int, inside: set[int], said: set[str]) -> bool:
    if row in inside:
        return True
    item = run.dataset.items[row] if said else None
    return item is not None and (kind_of(item).text(item) or "").strip().casefold() in said


@dataclass(frozen=True)
class Axis:
    """Rows between two meanings: *low* and *high* as they were written, *values* float32 (n,), nan without a vector.

    A row's value is where its vector stands along the line from one meaning to the other: 0 in the middle of them, -1
    and 1 at the meanings themselves; most rows are far from either end.
    """

    low: str
    high: str
    values: FloatArray


def ends_of(query: str) -> tuple[str, str] | None:
    """Return the ends of "cheap <> expensive"; None for any other query."""
    low, mark, high = query.partition(BETWEEN)
    return (low.strip(), high.strip()) if mark and low.strip() and high.strip() else None


def end_terms(end: str) -> tuple[Term, ...]:
    """Return the terms of one end: a sum, a row as #17, or words as they stand.  Raises BadSetting."""
    if is_sum(end) or re.fullmatch(r"#\d+(\s*,\s*\d+)*", end):
        return terms_of(end if is_sum(end) else MARK + end)
    return (Term(1.0, end.strip('"“”')),)


def axis_between(run: Run, low: str, high: str, ends: tuple[FloatArray, FloatArray]) -> Axis:
    """Return the rows between two meanings whose float32 (d,) vectors are the *ends*.  Raises BadSetting.

    O(n·d).
    """
    one, other = (np.asarray(end, np.float64) for end in ends)
    way = other - one
    length = float(way @ way)
    if length < 1e-6:
        raise BadSetting("both ends of the line mean the same; change one of them.")
    known = run.embeddings
    middle = float((one + other) @ way) / 2
    values = np.where(known.ok, 2 * (known.vectors @ np.asarray(way, np.float32) - middle) / length, np.nan)
    return Axis(low, high, np.asarray(values, np.float32))
