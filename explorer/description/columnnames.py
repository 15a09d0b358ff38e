"""Names groups of pictures by what a column beside them says: a label, a folder, where nearly all of a group have it.

Texts say themselves what they are about; of pictures a column knows more than words that an encoder finds near.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from explorer.columns import UNTOLD, answered, as_written, decimal_of, parse_reading, read
from explorer.description.enrich import NO_READINGS
from explorer.description.words import is_unspaced
from explorer.types import BoolArray, IntArray

if TYPE_CHECKING:
    import pandas as pd

_SHARE, _ODDS, _LEAST = 0.8, 4.0, 3
"""Of a group at least this share has the value, with odds so many times those of the other rows, in so many rows."""
_MOST_VALUES, _LONGEST = 1_000, 60
"""Values of a column, and characters of one, at most: more is no label."""
_SHORTEST = 3
"""Letters of a value at least, of a script with an alphabet: "A" or "T2" tells a stranger nothing."""


def said_by_columns(
    table: pd.DataFrame,
    labels: IntArray,
    count: int,
    pictures: BoolArray,
    readings: Mapping[str, str] = NO_READINGS,
) -> dict[int, str]:
    """Return for label 0…count-1 the value that explains it, for those of which most rows are *pictures*; O(cells).

    *readings* are how columns are read where somebody set that: only categories tell.
    Of several columns the one that most of the group's rows share tells, of equal ones the rarer value.
    """
    labelled = np.asarray(labels) >= 0
    sizes = np.bincount(labels[labelled], minlength=count)
    drawn = 2 * np.bincount(labels[labelled & pictures], minlength=count) >= sizes
    best: dict[int, tuple[float, float, str]] = {}
    if not drawn.any():
        return {}
    for codes, values in _labels_of(table, readings):
        overall = np.bincount(codes[codes >= 0], minlength=len(values)) / len(codes)
        own = labelled & (codes >= 0)
        pairs, inside = np.unique(labels[own].astype(np.int64) * len(values) + codes[own], return_counts=True)
        group, value = np.divmod(pairs, len(values))
        share, usual = inside / sizes[group], overall[value]
        telling = np.array([_says_much(word) for word in values])[value]
        telling &= (share >= _SHARE) & (inside >= _LEAST) & drawn[group] & (_odds(share) >= _ODDS * _odds(usual))
        for at in np.flatnonzero(telling).tolist():
            found = (float(share[at]), -float(usual[at]), values[value[at]])
            if found[:2] > best.get(int(group[at]), (0.0, 0.0, ""))[:2]:
                best[int(group[at])] = found
    return {label: word for label, (_, _, word) in best.items()}


def with_values(names: Sequence[str], values: Mapping[int, str], unsure: Collection[int] = ()) -> list[str]:
    """Return the names with the values in their stead; where several have one value, each with its name behind it.

    Names of which it is *unsure* whether they are true say nothing: such groups are numbered ("signs 1", "signs 2").
    """
    often = Counter(word.casefold() for word in values.values())
    taken = {name.casefold() for at, name in enumerate(names) if at not in values}
    made = list(names)
    numbers: Counter[str] = Counter()
    for at, word in sorted(values.items()):
        alone = often[word.casefold()] == 1 and word.casefold() not in taken
        name = word if alone else f"{word}: {names[at]}"
        if not alone and at in unsure:
            numbers[word.casefold()] += 1
            name = f"{word} {numbers[word.casefold()]}"
        if name.casefold() in taken:
            continue  # its own name differs from all others
        taken.add(name.casefold())
        made[at] = name
    return made


def _odds(share: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(share / np.maximum(1 - share, 1e-9))


def _labels_of(table: pd.DataFrame, readings: Mapping[str, str]) -> Iterator[tuple[NDArray[np.int64], list[str]]]:
    """Yield of each column that holds labels the (n,) codes of its values, -1 for none, and these values."""
    import pandas as pd

    decimal = decimal_of(table)
    for name in table.columns:
        wanted = parse_reading(readings[str(name)]) if str(name) in readings else None
        if (wanted and wanted.kind in UNTOLD) or not _is_words(table[name]):
            continue
        if read(table[name], str(name), wanted, decimal=decimal).numbers is not None:
            continue
        codes, values = pd.factorize(as_written(answered(table[name])).str.strip())
        words = [str(value) for value in values]
        if 2 <= len(words) <= min(_MOST_VALUES, len(codes) // 2) and all(_is_label(word) for word in words):
            yield np.asarray(codes, np.int64), words


def _is_words(values: Any) -> bool:
    import pandas as pd

    kinds = pd.api.types
    return not kinds.is_numeric_dtype(values) and not kinds.is_datetime64_any_dtype(values)


def _is_label(word: str) -> bool:
    return len(word) <= _LONGEST and any(letter.isalpha() for letter in word)


def _says_much(word: str) -> bool:
    letters = [letter for letter in word if letter.isalpha()]
    return len(letters) >= _SHORTEST or any(is_unspaced(letter) for letter in letters)
