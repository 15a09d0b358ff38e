"""Codes the columns that can colour the map – those of the table, and what was computed of each row – a byte a row.

It chooses no colours; a code is a category, or a step on a scale that a few extreme values do not stretch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.columns import (
    CATEGORY,
    CLOCK,
    DATE,
    Seen,
    as_labels,
    decimal_of,
    in_order,
    on_scale,
    only_stands_for_none,
    parse_reading,
    read,
    readings,
    spellings,
    surveyed,
    ticked,
    types_of,
)
from explorer.errors import NotFound, NotReady
from explorer.neighbors import SCORE_K
from explorer.projection import MIN_ROWS
from explorer.questions import several
from explorer.questions.recurring import (
    DAYTIME,
    WEEKDAY,
    by_daytime,
    by_weekday,
    is_round,
    parse_view,
    views_of,
    with_times,
)
from explorer.questions.scales import MISSING, dated, limits, packed, scale, ticks, timed
from explorer.types import NAME, NOISE, Dataset, FloatArray, Run, told_apart

CATEGORIES = 20
"""Values of a column, the most frequent ones, that have a colour of their own."""
FOUND = 50
_EXAMPLES = 4

__all__ = [
    "CATEGORIES",
    "COMPUTED",
    "categories",
    "choices",
    "column",
    "columns_of",
    "computed",
    "found",
    "limits",
    "ticks",
]


@dataclass(frozen=True)
class Computed:
    """Something computed of each row: its name on screen, what it means in plain words, what a row without it is.

    *term* is the technical term that is explained with it, if any.
    """

    title: str
    meaning: str
    missing: str = "not known"
    term: str = ""


COMPUTED: Mapping[str, Computed] = {
    "neighbor_preservation": Computed(
        "Its neighbours are beside it",
        "The share of a row's {trust_k} nearest in the original space that are among its {trust_k} nearest on the map. "
        "1: the map shows its true surroundings; 0: none of them.",
    ),
    "outlier_score": Computed(
        "How far it stands apart",
        "How far a row stands apart from its {k} neighbours. About 1: as close to them as they are to theirs; higher: "
        "it stands apart.",
        term="outlier",
    ),
    "local_density": Computed(
        "How many are like it",
        "Mean similarity to the {k} nearest rows in the original space. High: many rows are like it.",
        term="cosine",
    ),
    "cluster_strength": Computed(
        "How surely in its cluster",
        "How surely a row is part of its cluster, from 0 at its rim to 1 in its core.",
        missing="in no cluster",
    ),
    "sureness": Computed(
        "How often it stayed",
        "How often a row stayed with its cluster when nine in ten rows were clustered again, ten times. 1: always; a "
        "row in no cluster stays by being in none again.",
    ),
}
"""What can colour the map beside the table's columns, by the name that the REST API gives it."""


def column(
    run: Run,
    name: str,
    read_as: str | None = None,
    also: Sequence[str] = (),
    *,
    has: str | None = None,
    decimal: str | None = None,
) -> dict[str, Any]:
    """Return one metadata column as colour codes, a byte a row: see `categories` and `scales.scale`.

    *read_as* is how it is read, as `parse_view` has it, instead of what was set or recognised; *also* names values
    that have a code of their own however rare they are.  *has* is an answer of a column of several answers a
    row: the column is who has it and who has not.  *decimal* is the sign of the table's other columns, if known.
    Raises NotFound for a column, or an answer, that the table does not have, BadSetting for a reading that is none.
    """
    values = _column_of(run.dataset, name)
    wanted, view = parse_view(read_as)
    seen = _dates(run.dataset, name, wanted, decimal) if view else _seen(run.dataset, name, wanted, decimal)
    described: dict[str, Any] = {"described": run.dataset.described[name]} if name in run.dataset.described else {}
    absent = only_stands_for_none(values, among_words=seen.numbers is None)
    if absent.any():
        described |= {"absent": int(absent.sum()), "absent_examples": _different(values[absent])}
    if seen.numbers is None:
        texts = as_labels(values)
        answers = ticked(texts, values)
        if has is not None:
            return {**several.has(name, answers, has), **described}
        return {**categories(name, values, also, texts), **several.told(answers), **described}
    if has is not None:
        raise NotFound(f"the column {name!r} is read as {seen.reading.kind}, and has no answers.")
    told = {"column": name, "kind": seen.reading.kind, "values": None, **described}
    reading = f"{seen.reading}:{view}" if view else str(seen.reading)
    read = {"read_as": reading, "sure": seen.reading.sure, "doubt": seen.reading.doubt}
    if view == DAYTIME:
        seen = with_times(seen, values)
    numbers = by_weekday(name, seen) if view == WEEKDAY else by_daytime(seen) if view else _on_scale(seen)
    return {**told, **numbers, **read, "unread": seen.unread, "unread_examples": list(seen.examples)}


def _on_scale(seen: Seen) -> dict[str, Any]:
    """Return numbers, dates or times on their scale; times that go round the day on its circle."""
    assert seen.numbers is not None
    if seen.reading.form == CLOCK:
        whole = is_round(seen.numbers)
        return {**timed(seen.numbers, whole_day=whole), **({"circle": True} if whole else {})}
    return dated(seen.numbers, seen.zone) if seen.reading.kind == DATE else scale(seen.numbers)


def columns_of(dataset: Dataset) -> list[dict[str, Any]]:
    """Return for each column of a table how it is read, what may be set instead, and what could not be read so.

    *kind* is how it colours the map, *type* what it holds, *types* all that may be set of it.  *distinct* is how many
    different values there are, None of numbers and dates; *answers*, where a row may have several, how many of these.
    *doubt* names what of that is not *sure*.  Of the *missing* ones *absent* have something written that stands for no
    value, such as “k. A.”.
    """
    decimal = decimal_of(dataset.table)
    return [_described(dataset, str(name), decimal) for name in dataset.table.columns]


def _described(dataset: Dataset, name: str, decimal: str) -> dict[str, Any]:
    values, given = _column_of(dataset, name), dataset.readings.get(name)
    wanted = parse_reading(given) if given else None
    seen, found = surveyed(values, name, wanted, decimal=decimal)
    kind, types = types_of(values, name, found)
    found_type = kind if found[0].kind == CATEGORY else str(found[0])
    if given is not None:
        kind = seen.reading.kind
    texts: Any = as_labels(values) if seen.numbers is None else None
    none = texts.isna() if seen.numbers is None else np.isnan(seen.numbers)
    answers = None if texts is None else ticked(texts, values)
    absent = only_stands_for_none(values, among_words=seen.numbers is None)
    return {
        "column": name,
        "kind": CATEGORY if seen.numbers is None else seen.reading.kind,
        "type": kind,
        "types": list(types),
        "read_as": str(seen.reading),
        "sure": seen.reading.sure,
        "doubt": seen.reading.doubt,
        "set": given is not None,
        "found": found_type,
        "choices": [str(one) for one in found],
        "missing": int(none.sum()) - seen.unread,
        "absent": int(absent.sum()),
        "absent_examples": _different(values[absent]),
        "unread": seen.unread,
        "unread_examples": list(seen.examples),
        "distinct": None if texts is None else int(texts.nunique()),
        **({} if answers is None else {"answers": len(answers.answers)}),
    }


def _different(values: Any) -> list[str]:
    """Return the first different ones of many values, as they are written."""
    return [str(value).strip() for value in values.head(_EXAMPLES * 10).unique()[:_EXAMPLES]]


def choices(run: Run, name: str, decimal: str) -> list[str]:
    """Return how a column may be read, its own reading first; of dates also how they come again."""
    found = [str(one) for one in readings(_column_of(run.dataset, name), name, decimal=decimal)]
    return [*found, *views_of(_seen(run.dataset, name, None, decimal))]


def _dates(dataset: Dataset, name: str, read_as: str | None, decimal: str | None) -> Seen:
    """Return a column read as dates, as is wanted or was set, or in the form it has; raises NotFound without any."""
    given = read_as or dataset.readings.get(name) or DATE
    seen = _seen(dataset, name, given if parse_reading(given).kind == DATE else DATE, decimal)
    if seen.numbers is None or seen.reading.form == CLOCK:
        raise NotFound(f"the column {name!r} has no dates, of which a time of day or a day of the week could be told.")
    return seen


def _seen(dataset: Dataset, name: str, read_as: str | None, decimal: str | None) -> Seen:
    words = read_as or dataset.readings.get(name)
    wanted = parse_reading(words) if words else None
    known = decimal_of(dataset.table) if decimal is None else decimal
    return read(_column_of(dataset, name), name, wanted, decimal=known)


def _column_of(dataset: Dataset, name: str) -> Any:
    table: Any = dataset.table
    if name not in table.columns:
        raise NotFound(f"there is no column {name!r}; the columns are {', '.join(map(str, table.columns)) or 'none'}.")
    return table[name] if hasattr(table, "through") else _told_apart(table[name])


def _told_apart(values: Any) -> Any:
    """Return a column with what tells long texts apart in place of these, as one on the disk has it already."""
    if getattr(values.dtype, "kind", "") != "O" and str(values.dtype) not in ("str", "string"):
        return values
    long = values.map(lambda value: isinstance(value, str) and len(value) > NAME).to_numpy(bool)
    if not long.any():
        return values
    short = values[long].map(told_apart)
    values = values.copy()
    values[long] = short
    return values


def computed(run: Run) -> list[dict[str, Any]]:
    """Return what was computed of each row of a run: name, title, meaning, and whether it is *known* of this one."""
    return [
        {"score": name, "title": what.title, "meaning": meaning_of(run, name), "known": not missing_because(run, name)}
        for name, what in COMPUTED.items()
        if name != "sureness" or run.sureness is not None
    ]


def score(run: Run, name: str) -> dict[str, Any]:
    """Return a computed column as `column` returns one of numbers, with its title, its meaning and what missing means.

    Raises NotFound for a name that is none, NotReady for a run of which it is not known.
    """
    values = score_values(run, name)
    what = COMPUTED[name]
    return {
        "column": name,
        "kind": "number",
        "values": None,
        "title": what.title,
        "meaning": meaning_of(run, name),
        "missing_is": what.missing,
        **scale(np.asarray(values, np.float64).copy()),
    }


def score_values(run: Run, name: str) -> FloatArray:
    """Return a computed column, float32 (n,), nan where it cannot be said; raises as `score`."""
    if name not in COMPUTED:
        raise NotFound(f"there is no score {name!r}; there are {', '.join(COMPUTED)}.")
    why = missing_because(run, name)
    if why:
        raise NotReady(why)
    return _values(run, name)


def missing_because(run: Run, name: str) -> str:
    """Return the sentence that says why nothing is known of a computed column; "" when something is."""
    if np.isfinite(_values(run, name)).any():
        return ""
    title = COMPUTED[name].title
    if name == "cluster_strength":
        return f"“{title}” is not known here: no row is in a cluster."
    if name == "sureness":
        return f"{title} is not measured yet; open the list of clusters and wait a moment."
    if len(run.dataset) < MIN_ROWS:
        return f"“{title}” is not known here: {len(run.dataset)} rows are too few; it takes {MIN_ROWS}."
    return f"“{title}” is not known here: an earlier version made this map. Press Explore to make it anew."


def meaning_of(run: Run, name: str) -> str:
    """Return what a computed column means, with the numbers of neighbours that were looked at."""
    return COMPUTED[name].meaning.format(trust_k=run.projection.trust_k, k=max(1, min(SCORE_K, run.knn.k - 1)))


def _values(run: Run, name: str) -> FloatArray:
    """Return the values of a known name as they lie in the run."""
    if name == "cluster_strength":
        labels = np.asarray(run.clustering.labels)
        return np.where(labels == NOISE, np.float32(np.nan), np.asarray(run.clustering.strength)).astype(np.float32)
    if name == "sureness":
        missing = np.full(len(run.dataset), np.nan, np.float32)
        return missing if run.sureness is None else np.asarray(run.sureness.rows)
    found = {
        "neighbor_preservation": run.projection.preservation,
        "outlier_score": run.scores.outlier,
        "local_density": run.scores.density,
    }
    return np.asarray(found[name])


def categories(name: str, values: Any, also: Sequence[str] = (), texts: Any = None) -> dict[str, Any]:
    """Category codes 0…, the most frequent first, scores in their order; the rarer ones share "others"; 255 is missing.

    Values named by *also* that are rarer have codes after these, in that order: *extra* of them.  Where the first ones
    are answers of a scale, *scale* says which of them stand on it.  *texts* are the values as labels, if known.
    """
    import pandas as pd

    texts = as_labels(values) if texts is None else texts
    counts = texts.value_counts().sort_index(kind="stable").sort_values(ascending=False, kind="stable")
    named = [str(value) for value in counts.index[:CATEGORIES]]
    rare = counts.index[CATEGORIES:]
    extra = [value for value in dict.fromkeys(also) if value in rare]
    named = in_order(named) or named
    lumped = len(rare) - len(extra)
    values_told = [*named, *([f"{lumped:,} others"] if len(rare) else []), *extra]
    code_of = {value: code for code, value in enumerate(values_told) if code != len(named) or not len(rare)}
    places, distinct = pd.factorize(texts)
    codes = np.array([*(code_of.get(value, len(named)) for value in distinct), MISSING], np.uint8)[places]
    return {
        "column": name,
        "kind": "category",
        "values": values_told,
        "others": lumped,
        "counts": np.bincount(codes[codes != MISSING], minlength=max(1, len(values_told))).tolist(),
        "min": None,
        "max": None,
        "missing": int((codes == MISSING).sum()),
        "codes": packed(codes),
        **({"extra": len(extra)} if extra else {}),
        **({"scale": on} if (on := on_scale(named)) else {}),
        **_several_ways(values, values_told),
    }


def _several_ways(values: Any, told: Sequence[str]) -> dict[str, Any]:
    """Return under "spellings" how those of the categories are written that are written in several ways."""
    ways = {value: list(told_so) for value, told_so in spellings(values).items() if value in told}
    return {"spellings": ways} if ways else {}


def found(run: Run, name: str, words: str, limit: int = FOUND) -> dict[str, Any]:
    """Return the values of a column that contain *words*, the most frequent first, and how many do."""
    texts = as_labels(_column_of(run.dataset, name))
    counts = texts.value_counts().sort_index(kind="stable").sort_values(ascending=False, kind="stable")
    sought = words.casefold().strip()
    kept = [(str(value), int(count)) for value, count in counts.items() if sought in str(value).casefold()]
    shown = [{"value": value, "count": count} for value, count in kept[:limit]]
    return {"column": name, "count": len(kept), "values": shown}
