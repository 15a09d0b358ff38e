"""Reads times as people write them, “07:45”, “7:05 PM”, “18.30 Uhr”, “1 day, 1:02:59”: of a day, or how long it took.

It reads no dates: `dates` does.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.columns.dates import bare

_CLOCK = re.compile(
    r"(?i)(?:(?P<days>\d{1,4}) days?,? )?"
    r"(?P<h>\d{1,3})(?:(?P<sign>[:h.])(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<frac>\d{1,9}))?)?)?"
    r" ?(?:(?P<half>[ap])\.? ?m\.?)?(?P<words> ?(?:uhr|o['’]?clock|h))?"
)
_NEARLY_ALL = 0.9
_DAY = 86_400.0


def seconds_of(texts: Any) -> NDArray[np.float64]:
    """Return strings, an arrow array (m,), as seconds since midnight, float64 (m,), nan where one is no time."""
    import pyarrow.compute as pc

    plain = texts if pc.all(pc.string_is_ascii(texts)).as_py() in (True, None) else bare(texts)
    return np.array([_seconds(text) for text in plain.to_pylist()], np.float64)


def are_times(texts: Any) -> bool:
    """Say whether strings, an arrow array (m,), at least one, are times, and all of them that have a colon."""
    import pyarrow.compute as pc

    seconds = seconds_of(texts)
    with_colon = pc.match_substring_regex(texts, r"^\d+:\d").to_numpy(zero_copy_only=False)
    valid = np.isfinite(seconds)
    return bool(valid.mean() >= _NEARLY_ALL and not (np.asarray(with_colon, np.bool_) & ~valid).any())


def written(seconds: float) -> str:
    """Return seconds since midnight as a clock shows them, with seconds where there are some: “07:45”."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}" + (f":{rest:02d}" if rest else "")


def are_of_a_day(seconds: NDArray[np.float64]) -> bool:
    """Say whether times may be of a day: none is later than its end."""
    return bool((seconds[np.isfinite(seconds)] <= _DAY).all())


def _seconds(text: str | None) -> float:
    found = _CLOCK.fullmatch(text) if text else None
    if found is None or (found["m"] is None and not (found["half"] or found["words"])):
        return np.nan
    if found["sign"] == "." and not (found["half"] or found["words"]):  # 7.45 is a number
        return np.nan
    hours, minutes, seconds = int(found["h"]), int(found["m"] or 0), int(found["s"] or 0)
    if minutes > 59 or seconds > 59 or (found["half"] and not 0 <= hours <= 12):
        return np.nan
    if found["half"]:
        hours = hours % 12 + 12 * (found["half"].lower() == "p")
    fraction = float(f"0.{found['frac']}") if found["frac"] else 0.0
    return int(found["days"] or 0) * _DAY + hours * 3600.0 + minutes * 60.0 + seconds + fraction
