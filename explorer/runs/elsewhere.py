"""An encoder that another process holds: one model in memory is enough for vectors, searches and names.

It sends nothing itself: how the texts get there and the vectors back, `worker` and `workers` know.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from explorer.types import FloatArray, Item


class EncoderElsewhere:
    """Encodes texts by *ask*, which returns float32 (m, d) for a list of them; nothing but texts."""

    def __init__(self, ask: Callable[[list[str]], FloatArray]) -> None:
        self._ask = ask

    @cached_property
    def dim(self) -> int:
        """Numbers in a vector."""
        return int(self._ask(["a"]).shape[1])

    def encode(self, items: Sequence[Item]) -> FloatArray:
        """Return float32 (m, dim) unit vectors of texts."""
        return self._ask([str(item) for item in items])


def packed_vectors(vectors: FloatArray) -> dict[str, Any]:
    """Return float32 (m, d) vectors as json can hold them."""
    return {"vectors": base64.b64encode(vectors.astype("<f4").tobytes()).decode(), "dim": vectors.shape[1]}


def unpacked_vectors(told: Mapping[str, Any]) -> FloatArray:
    """Return the vectors that `packed_vectors` packed."""
    return np.frombuffer(base64.b64decode(told["vectors"]), "<f4").astype(np.float32).reshape(-1, told["dim"])
