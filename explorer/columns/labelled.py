"""Numbers of a scale that are written with what they mean: “10 - very likely”, “0 = gar nicht”, “5 (sehr gut)”.

It decides of a column whether they are such; what a number is otherwise, `numbers` says.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_LABELLED = (
    r"^(?P<number>-?\d{1,3}) ?(?:(?:[-–—=:.)]|->|→) ?(?P<after>[^\s\pN\pP]\PN*)"
    r"|\((?P<within>[^\s\pN\pP][^\pN()]*)\))$"
)
_OF_MOST = r"^(?P<number>\d{1,3}(?:[.,]\d{1,2})?) ?(?:/|of|out of|von|sur|de|di|van|av|z) ?(?P<most>\d{1,3})$"
"""A mark out of the most that one can give, “4 / 5”."""
_LONGEST = 81
"""Characters of a label at most; told in the pattern, it would take a quarter of a second to be compiled, each time."""
_PLAIN = r"^-?\d{1,3}(?:[.,]\d{1,2})?$"
_LEAST = 0.5
"""The share of a column's values that are plain numbers, at least, for the others to be numbers with their labels."""


def parted(texts: Any) -> tuple[Any, Any]:
    """Return the numbers and the labels of strings, arrow arrays (m,), both null where a string is not two such."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = pc.extract_regex(texts, _LABELLED)
    after, within = pc.struct_field(parts, "after"), pc.struct_field(parts, "within")
    label = pc.if_else(pc.equal(after, ""), within, after)
    nothing = pa.scalar(None, pa.string())
    number, label = (
        pc.if_else(pc.less_equal(pc.utf8_length(label), _LONGEST), part.cast(pa.string()), nothing)
        for part in (pc.struct_field(parts, "number"), label)
    )
    return number, pc.utf8_lower(pc.utf8_trim_whitespace(label)).cast(pa.large_string())


def are_labelled(texts: Any) -> bool:
    """Say whether strings, an arrow array (m,), are numbers of which some have their label.

    Most are plain numbers, and a number has one label: “12 - Main Street” beside “12 - Park Lane” is an address.
    """
    import pyarrow.compute as pc

    plain = _known(pc.match_substring_regex(texts, _PLAIN), true=True).sum()
    if plain < _LEAST * len(texts) or plain == len(texts):
        return False
    number, label = parted(texts)
    found = np.flatnonzero(_known(number))
    if not len(found):
        return False
    pairs = set(zip(number.take(found).to_pylist(), label.take(found).to_pylist(), strict=True))
    return len(pairs) == len({one for one, _ in pairs})


def are_out_of(texts: Any) -> bool:
    """Say whether strings, an arrow array (m,), are all marks out of one most, “4 / 5”, and none is more than that."""
    import pyarrow.compute as pc

    parts = pc.extract_regex(texts, _OF_MOST)
    if not len(parts) or parts.null_count:
        return False
    most = set(pc.struct_field(parts, "most").to_pylist())
    marks = {float(one.replace(",", ".")) for one in pc.unique(pc.struct_field(parts, "number")).to_pylist()}
    return len(most) == 1 and len(marks) > 1 and max(marks) <= int(most.pop())


def without_most(texts: Any) -> Any:
    """Return strings, an arrow array (m,), with the marks in place of those out of a most."""
    import pyarrow.compute as pc

    return pc.coalesce(pc.struct_field(pc.extract_regex(texts, _OF_MOST), "number").cast(texts.type), texts)


def without_labels(texts: Any) -> Any:
    """Return strings, an arrow array (m,), with their numbers in place of numbers with labels."""
    import pyarrow.compute as pc

    return pc.coalesce(parted(texts)[0].cast(texts.type), texts)


def _known(values: Any, *, true: bool = False) -> NDArray[np.bool_]:
    import pyarrow.compute as pc

    told = pc.fill_null(values, False) if true else values.is_valid()
    return np.asarray(told.to_numpy(zero_copy_only=False), np.bool_)
