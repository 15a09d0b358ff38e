"""The values of a column as text, as its file has them: what labels say, and what columns of several types become.

It recognises nothing: a column that has types keeps them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.columns.strings import are_strings, never_answers

_TRUTHS = {True: "true", False: "false"}
_NOTHING_SEEN = r"^[\pZ\p{Cc}]*$"
"""Whatever any library takes for blank, and some more."""


def as_written(values: Any) -> Any:
    """Return the values of a pandas Series as strings, missing ones missing: 1.0 is "1", True "true" as in JSON.

    A day is "2024-01-31".
    """
    import pandas as pd

    kinds = pd.api.types
    if kinds.is_float_dtype(values):
        return in_full(values).str.replace(r"\.0$", "", regex=True)
    if kinds.is_datetime64_any_dtype(values):
        return _moments(values)
    return truths(values).astype("string")


def truths(values: Any) -> Any:
    """Return a Series with True and False as "true" and "false", as JSON, Arrow and Parquet write them; others as is.

    What a CSV has is text, and stays as it is.
    """
    import pandas as pd

    if pd.api.types.is_bool_dtype(values.dtype):
        return values.map(_TRUTHS, na_action="ignore").astype("string")
    if values.dtype == object and any(isinstance(value, bool | np.bool_) for value in values):
        told = [_TRUTHS[bool(one)] if isinstance(one, bool | np.bool_) else one for one in values]
        return pd.Series(told, values.index, dtype=object)
    return values


def filled(values: Any) -> Any:
    """Return a Series with blank strings missing, as every view of a column has them; others as they are."""
    if not are_strings(values) or not _may_be_blank(values):
        return values
    return values.mask(values.str.strip().eq("").fillna(False).astype(bool))


def answered(values: Any) -> Any:
    """Return a Series as `filled` does, and what only stands for no value missing too, such as “n/a” and “-”."""
    kept = filled(values)
    if not are_strings(kept):
        return kept
    return kept.mask(never_answers(kept))


def _may_be_blank(values: Any) -> bool:
    """Say whether some string may be blank, many times faster than each is stripped."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        texts = pa.array(values, from_pandas=True)
    except (pa.ArrowException, UnicodeEncodeError):  # no Unicode
        return True
    if pa.types.is_dictionary(texts.type):
        texts = texts.cast(texts.type.value_type)
    return pa.types.is_null(texts.type) or bool(pc.any(pc.match_substring_regex(texts, _NOTHING_SEEN)).as_py())


def in_full(values: Any) -> Any:
    """Return the values as `as_written` does, floats with their point: those of CSV stood there so."""
    import pandas as pd

    if not pd.api.types.is_float_dtype(values):
        return as_written(values)
    there = values.dropna()
    return _series(map(str, there.to_numpy()), there.index).reindex(values.index)


def _moments(values: Any) -> Any:
    """Return moments of any year in ISO 8601, those with a zone in its hours, days without a time as days."""
    there = values.dropna()
    if values.dt.tz is not None:
        return _series([moment.isoformat() for moment in there], there.index).reindex(values.index)
    moments = there.to_numpy()
    whole = moments.astype("datetime64[s]")
    exact = bool((whole.astype(moments.dtype) == moments).all())
    finer = "us" if bool((moments.astype("datetime64[us]").astype(moments.dtype) == moments).all()) else "ns"
    texts = _series(np.datetime_as_string(whole if exact else moments.astype(f"datetime64[{finer}]")), there.index)
    return texts.str.replace(r"T00:00:00(\.0+)?$", "", regex=True).reindex(values.index)


def _series(texts: Any, index: Any) -> Any:
    import pandas as pd

    return pd.Series(list(texts), index=index, dtype="string")
