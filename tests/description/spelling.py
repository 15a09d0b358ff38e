"""An encoder that loads nothing: a text is where its words point, each word in a direction of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from explorer.types import TEXT, BoolArray, FloatArray


def direction(word: str, dim: int) -> FloatArray:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).normal(size=dim).astype(np.float32)


class SpellingEncoder:
    """Texts that share words are near; words too common to mean anything count little."""

    name, fingerprint, modalities = "spelling", "spelling", frozenset({TEXT})

    def __init__(self, dim: int = 64) -> None:
        self.dim = dim

    def batch_size(self, item: Any) -> int:
        return 64

    def encode(self, items: Sequence[Any]) -> FloatArray:
        small = {"a", "the", "my", "is", "it", "was", "i", "to", "for", "of", "and", "on", "in", "at"}
        vectors = np.zeros((len(items), self.dim), np.float32)
        for at, text in enumerate(items):
            for word in str(text).lower().replace(",", " ").replace(".", " ").split():
                vectors[at] += direction(word.rstrip("s"), self.dim) * (0.1 if word in small else 1.0)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    def truncates(self, items: Sequence[Any]) -> BoolArray:
        return np.zeros(len(items), np.bool_)
