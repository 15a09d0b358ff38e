"""Tells what a column of values that are not counted holds – categories, texts, ids, links, pictures, vectors.

It is a view, as numbers and dates are: nothing is converted, and nothing is opened that a value points to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.columns.cells import answered, as_written
from explorer.columns.codes import is_called_code
from explorer.columns.nouns import CATEGORY, ID, LINK, PICTURE, TEXT, VECTOR, Reading
from explorer.columns.strings import are_strings, spread

_NUMBER = r"-?\d+(\.\d+)?([eE][-+]?\d+)?"
_FORMS = {
    LINK: r"(?i)^\s*(https?://|ftp://|www\.)\S+\s*$",
    PICTURE: r"(?i)^[^\n?]*\.(png|jpe?g|jfif|gif|webp|bmp|tiff?|avif|heic|heif)\s*$",
    VECTOR: rf"^\s*[\[(]\s*{_NUMBER}(\s*[,;\s]\s*{_NUMBER}){{2}}",
}
"""How values of a kind look, the surest kind first."""
_NEARLY_ALL, _OFFERED = 0.9, 0.5
_FEW = 20
"""Different values that are categories however seldom each of them is."""
_LEAST, _LONGEST_ID, _LOOKED_AT, _LONG = 4, 64, 2_000, 12
"""Different values that ids are at least; characters of one, and of a value that are looked at; digits of long ones."""


def types_of(values: Any, name: str, choices: Sequence[Reading]) -> tuple[str, tuple[str, ...]]:
    """Return what a pandas Series (n,) under its *name* holds, and all types that may be set of it, by 1,000 of them.

    *choices* are how it may be read, its own reading first, which decides where it is more than categories.  Each
    column may be taken for categories, texts or ids, and for what at least half of a sample looks like.
    """
    there = values.dropna()
    some = answered(there.iloc[spread(np.arange(len(there)))]).dropna()
    texts = as_written(some).astype("string").str.slice(0, _LOOKED_AT)
    shares = {kind: _share(texts, form) for kind, form in _FORMS.items()} if are_strings(values) else {}
    looks = [kind for kind, share in shares.items() if share >= _OFFERED]
    kind = choices[0].kind
    if kind == CATEGORY and (are_strings(values) or _are_long_numbers(texts)):
        kind = _guess(texts, name, shares)
    return kind, tuple(dict.fromkeys([*map(str, choices), TEXT, ID, *looks]))


def _guess(texts: Any, name: str, shares: dict[str, float]) -> str:
    """Return what strings, a pandas Series (m,), are."""
    sure = next((kind for kind, share in shares.items() if share >= _NEARLY_ALL), "")
    if sure or not len(texts):
        return sure or CATEGORY
    different = texts.nunique()
    many = different > _FEW and different > len(texts) / 2
    once = different == len(texts) >= _LEAST or (many and different >= _NEARLY_ALL * len(texts))
    if once and _are_codes(texts, is_called_code(name)):
        return ID
    return TEXT if many else CATEGORY


def _are_long_numbers(texts: Any) -> bool:
    """Whether numbers, as strings (m,), are so long that they count nothing."""
    return len(texts) > 0 and bool(_matching(texts, rf"^-?\d{{{_LONG},}}$").all())


def _are_codes(texts: Any, called_so: bool) -> bool:
    """Whether different strings are ids: without a blank, not long, each with a digit unless the column is named so."""
    short = texts.str.len().to_numpy(np.int64) <= _LONGEST_ID
    coded = called_so | _matching(texts, r"\pN")
    return bool((short & coded & ~_matching(texts, r"\S\s+\S")).all())


def _share(texts: Any, form: str) -> float:
    """Return the share of strings that have a form."""
    return float(_matching(texts, form).mean()) if len(texts) else 0.0


def _matching(texts: Any, form: str) -> NDArray[np.bool_]:
    """Say which strings have a form, in linear time, whatever they are."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.match_substring_regex(pa.array(texts, pa.large_string(), from_pandas=True), form)
    return np.asarray(found.to_numpy(zero_copy_only=False), np.bool_)
