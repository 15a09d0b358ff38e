"""The arrays that nouns hold: their types, their shapes checked, frozen."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float32]
IntArray: TypeAlias = NDArray[np.int32]
BoolArray: TypeAlias = NDArray[np.bool_]


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Return the array, contiguous and read-only."""
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array


def unknown(n: int) -> FloatArray:
    """Return the values of n rows of which nothing is known: nan."""
    return frozen(np.full(n, np.nan, np.float32))


def sorted_unique(values: NDArray[Any]) -> NDArray[Any]:
    """Return the different values of numbers without nan, ascending; (m,).

    By a sort: from release 2.3 on, numpy.unique without a second result puts values into a table by their hashes,
    which takes a hundred times as long for millions of different ones (5.0 s, 0.05), and several times the memory.
    """
    ordered = np.sort(values, axis=None)
    return np.asarray(ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]])


def values_of(column: Any) -> list[Any]:
    """Return the values of a pandas Series as Python has them, those of 16 and 32 bits by the digits that they mean.

    0.1 and not 0.10000000149011612.
    """
    kind = column.dtype
    if isinstance(kind, np.dtype) and kind.kind == "f" and kind.itemsize < np.dtype(float).itemsize:
        return [float(str(value)) for value in column.to_numpy()]
    return list(column.tolist())


def check_shape(name: str, array: NDArray[Any], expected: tuple[int | None, ...]) -> None:
    """See that an array has the shape that it should have, None for any length; raises ValueError."""
    fits = array.ndim == len(expected) and all(
        want is None or want == have for want, have in zip(expected, array.shape, strict=True)
    )
    if not fits:
        raise ValueError(f"{name} has shape {array.shape}; expected {expected}")
