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


def check_shape(name: str, array: NDArray[Any], expected: tuple[int | None, ...]) -> None:
    """See that an array has the shape that it should have, None for any length; raises ValueError."""
    fits = array.ndim == len(expected) and all(
        want is None or want == have for want, have in zip(expected, array.shape, strict=True)
    )
    if not fits:
        raise ValueError(f"{name} has shape {array.shape}; expected {expected}")
