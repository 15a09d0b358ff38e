"""Codes the columns that can colour the map – those of the table, and what was computed of each row – a byte a row.

It chooses no colours; a code is a category, or a step on a scale that a few extreme values do not stretch.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import NotFound, NotReady
from explorer.neighbors import SCORE_K
from explorer.projection import MIN_ROWS
from explorer.questions.answers import plain
from explorer.types import NOISE, FloatArray, Run

CATEGORIES = 19
MISSING = 255
TICKS = 5
"""Most ticks beside the first on a scale of numbers."""
_ENDS = (1, 99)
_STRETCH = 0.25
"""Extremes that are no farther beyond these percentiles than this share of what is between are on the scale."""
_FEW_NUMBERS = 12
_HALF_YEAR = 182
_DATE_STEPS = (
    ("D", 1, 3),
    ("W-MON", 7, 3),
    ("MS", 30, 4),
    ("QS", 91, 4),
    ("QS", _HALF_YEAR, 4),
    *(("YS", 365 * years, 4) for years in (1, 2, 5, 10, 20, 50)),
)
"""Steps between ticks of dates: pandas' name, days, and how many ticks there is room for."""


@dataclass(frozen=True)
class Computed:
    """Something computed of each row: its name on screen, what it means in plain words, what a row without it is."""

    title: str
    meaning: str
    missing: str = "not known"


COMPUTED: Mapping[str, Computed] = {
    "neighbor_preservation": Computed(
        "Neighbour preservation",
        "The share of a row's {trust_k} nearest in the original space that are among its {trust_k} nearest on the map. "
        "1: the map shows its true surroundings; 0: none of them.",
    ),
    "outlier_score": Computed(
        "Outlier score",
        "Local outlier factor among {k} neighbours. About 1: as close to them as they are to theirs; higher: it stands "
        "apart.",
    ),
    "local_density": Computed(
        "Local density",
        "Mean cosine similarity to the {k} nearest rows in the original space. High: many rows are like it.",
    ),
    "cluster_strength": Computed(
        "Cluster strength",
        "How surely a row is part of its cluster, from 0 at its rim to 1 in its core.",
        missing="noise, in no cluster",
    ),
    "sureness": Computed(
        "How sure",
        "How often a row stayed with its cluster when nine in ten rows were clustered again, ten times. 1: always; a "
        "row in no cluster stays by being in none again.",
    ),
}
"""What can colour the map beside the table's columns, by the name that the REST API gives it."""


def column(run: Run, name: str) -> dict[str, Any]:
    """Return one metadata column as colour codes, a byte a row: see `_categories` and `_scale`.

    Raises NotFound for a column that the table does not have.
    """
    import pandas as pd

    table = run.dataset.table
    if name not in table.columns:
        raise NotFound(f"there is no column {name!r}; the columns are {', '.join(map(str, table.columns)) or 'none'}.")
    values = table[name]
    if pd.api.types.is_datetime64_any_dtype(values):
        return _dates(name, values)
    numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    if numeric and values.nunique() > _FEW_NUMBERS:
        numbers = pd.to_numeric(values).to_numpy(np.float64, na_value=np.nan).copy()
        return {"column": name, "kind": "number", "values": None, **_scale(numbers)}
    return _categories(name, values)


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
        **_scale(np.asarray(values, np.float64).copy()),
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
        return f"{title} is not known here: no row is in a cluster."
    if name == "sureness":
        return f"{title} is not measured yet; open the list of clusters and wait a moment."
    if len(run.dataset) < MIN_ROWS:
        return f"{title} is not known here: {len(run.dataset)} rows are too few; it takes {MIN_ROWS}."
    return f"{title} is not known here: an earlier version made this map. Press Explore to make it anew."


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


def _categories(name: str, values: Any) -> dict[str, Any]:
    """Category codes 0…, the most frequent first, numbers by value; the rarer ones share "others"; 255 is missing."""
    import pandas as pd

    numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    texts = (values.map("{:.12g}".format, na_action="ignore") if numeric else values).astype("string")
    counts = texts.value_counts().sort_index(kind="stable").sort_values(ascending=False, kind="stable")
    named = [str(value) for value in counts.index[:CATEGORIES]]
    if numeric:
        named.sort(key=float)
    code_of = {value: code for code, value in enumerate(named)}
    other = len(named)
    places, distinct = pd.factorize(texts)
    codes = np.array([*(code_of.get(value, other) for value in distinct), MISSING], np.uint8)[places]
    lumped = len(counts) - other
    return {
        "column": name,
        "kind": "category",
        "values": [*named, f"{lumped:,} others"] if lumped else named,
        "others": lumped,
        "counts": np.bincount(codes[codes != MISSING], minlength=1).tolist(),
        "min": None,
        "max": None,
        "missing": int((codes == MISSING).sum()),
        "codes": _text(codes),
    }


def _scale(numbers: NDArray[np.float64]) -> dict[str, Any]:
    """Codes 0…254 from *low* to *high*, 255 missing; *numbers* (n,) is used up.

    *below* and *above* rows lie beyond the scale, at *min* and *max* at most, and have the codes of its ends.  *firsts*
    and *lasts* are the least and the greatest value that has each code, None where no row has it.
    """
    numbers[~np.isfinite(numbers)] = np.nan
    low, high = limits(numbers)
    with np.errstate(invalid="ignore"):
        steps = np.clip(np.rint((numbers - low) / (high - low or 1.0) * (MISSING - 1)), 0, MISSING - 1)
        codes = np.where(np.isnan(steps), MISSING, steps).astype(np.uint8)
        below, above = int((numbers < low).sum()), int((numbers > high).sum())
    missing = int((codes == MISSING).sum())
    known = missing < len(numbers)
    return {
        "min": float(np.nanmin(numbers)) if known else None,
        "max": float(np.nanmax(numbers)) if known else None,
        "low": low if known else None,
        "high": high if known else None,
        "below": below,
        "above": above,
        **_extents(numbers, codes),
        "ticks": [_tick(tick, low, high, tick) for tick in ticks(low, high)] if known else [],
        "missing": missing,
        "codes": _text(codes),
    }


def _extents(numbers: NDArray[np.float64], codes: NDArray[np.uint8]) -> dict[str, list[float | None]]:
    """Return the least and the greatest number of each code 0…254."""
    firsts, lasts = np.full(MISSING, np.inf), np.full(MISSING, -np.inf)
    there = codes != MISSING
    np.minimum.at(firsts, codes[there], numbers[there])
    np.maximum.at(lasts, codes[there], numbers[there])
    ends = {"firsts": firsts, "lasts": lasts}
    return {name: [float(v) if np.isfinite(v) else None for v in values.tolist()] for name, values in ends.items()}


def limits(numbers: NDArray[np.float64]) -> tuple[float, float]:
    """Return the ends of a scale for (n,) numbers, nan left out: the extremes, or percentiles if those lie far out."""
    there = numbers[np.isfinite(numbers)]
    if not len(there):
        return 0.0, 0.0
    least, most = float(there.min()), float(there.max())
    first, last = (float(value) for value in np.percentile(there, _ENDS))
    room = _STRETCH * (last - first)
    if room <= 0:
        return least, most
    return (least if first - least <= room else first), (most if most - last <= room else last)


def ticks(low: float, high: float) -> list[float]:
    """Return two to six round numbers from *low* to *high*; the one there is when they are equal."""
    if not high > low:
        return [low]
    least = (high - low) / TICKS
    magnitude = 10.0 ** math.floor(math.log10(least))
    step = next(size * magnitude for size in (1, 2, 2.5, 5, 10) if size * magnitude >= least * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{at * step:.12g}") for at in range(first, last + 1)]


def _dates(name: str, values: Any) -> dict[str, Any]:
    """Return a column of dates as `_scale` does one of numbers; its ends, extremes and ticks are ISO text."""
    import pandas as pd

    moments = pd.to_datetime(values, utc=True)
    numbers = moments.astype("datetime64[ns, UTC]").astype("int64").to_numpy().astype(np.float64)
    numbers[moments.isna().to_numpy()] = np.nan
    low, high = limits(numbers)
    told = _scale(numbers)
    if told["missing"] == len(values):
        return {"column": name, "kind": "date", "values": None, **told}
    first, last = (pd.Timestamp(int(end)) for end in (low, high))

    def cut(moment: Any) -> Any:
        return moment.round("s").tz_localize("UTC").tz_convert(values.dt.tz)  # to None: without a zone, as the values

    ends = {
        "min": values.min(),
        "max": values.max(),
        "low": cut(first) if told["below"] else values.min(),
        "high": cut(last) if told["above"] else values.max(),
    }
    told |= {end: plain(value) for end, value in ends.items()}
    for ends_of in ("firsts", "lasts"):
        told[ends_of] = [None if value is None else plain(cut(pd.Timestamp(int(value)))) for value in told[ends_of]]
    told["ticks"] = [_tick(float(tick.value), low, high, words) for tick, words in _date_ticks(first, last)]
    return {"column": name, "kind": "date", "values": None, **told}


def _date_ticks(low: Any, high: Any) -> list[tuple[Any, str]]:
    """Return the first days of the finest steps – days, weeks, months, quarters, years – of which there are few."""
    import pandas as pd

    days = (high - low) / pd.Timedelta(days=1)
    for step, length, most in _DATE_STEPS:
        if days / length > most + 1:
            continue
        found = pd.date_range(low.ceil("D"), high, freq=step)
        if length == _HALF_YEAR:
            found = found[found.month % 6 == 1]
        found = found[found.year % max(1, length // 365) == 0]
        if 2 <= len(found) <= most:
            form = "%Y" if length >= 365 else "%Y-%m" if length >= 30 else "%Y-%m-%d"
            return [(tick.as_unit("ns"), tick.strftime(form)) for tick in found]
    return []


def _tick(value: float, low: float, high: float, words: float | str) -> dict[str, Any]:
    """Return a tick: its words, and *at* which share of the scale it stands."""
    return {"at": round((value - low) / (high - low), 6) if high > low else 0.5, "value": words}


def _text(codes: NDArray[np.uint8]) -> str:
    return base64.b64encode(codes.tobytes()).decode()
