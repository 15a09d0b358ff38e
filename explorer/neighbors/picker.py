"""Chooses which rows may be among the nearest of which, by blocks of all pairs: torch, on CUDA where there is room.

What it chooses is ranked again exactly (`exact.ranked`), so that the device decides the time and not the result.  Few
rows are paired up by numpy, sooner than torch is imported.
"""

from __future__ import annotations

import warnings
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from explorer.types import FloatArray

CPU, CUDA = "cpu", "cuda"
CPU_BLOCK, CUDA_BLOCK = 64 * 2**20, 2 * 2**30
"""Bytes that a block of scores may take: on CUDA so many that every multiplication keeps it busy, if they are free."""
FEW = 8_192
"""Rows up to which numpy is used: 10,000 take it 1.9 s of the processor and torch 1.2, and its import one more."""
_MOST_ROWS = {CPU: 1024, CUDA: 8192}
_LEAST_CUDA_BLOCK = 2**28
_BLOCKS = 3
"""Blocks that exist at once: the scores, and what choosing the best of them needs."""
_USED = 0.9
"""Share of a CUDA device's free memory that is used."""


def cuda_block(n: int, d: int) -> int:
    """Return the bytes that a block of scores may take beside float32 (n, d) vectors on a CUDA device; 0: too few."""
    import torch

    if not torch.cuda.is_available():
        return 0
    free, _ = torch.cuda.mem_get_info()
    room = int((_USED * free - 4 * n * d) / _BLOCKS)
    return min(room, CUDA_BLOCK) if room >= _LEAST_CUDA_BLOCK else 0


def block_rows(n: int, device: str, room: int) -> int:
    """Return how many rows can be compared with all *n* in *room* bytes."""
    return max(16, min(_MOST_ROWS[device], room // (4 * max(1, n))))


class Picker(Protocol):
    """Picks candidate neighbours among float32 (n, d) vectors, *block* rows of them at a time."""

    device: str
    block: int

    def pick(self, start: int, stop: int, c: int) -> NDArray[np.int64]:
        """Return the c closest rows of rows start…stop, unordered, each row among its own."""


def picker_of(vectors: FloatArray, *, metric: str, device: str | None = None) -> Picker:
    """Return what picks among vectors: torch on the *device*, "cpu" or "cuda", to which they are copied.

    None is numpy for up to FEW rows, else CUDA if it has room for them.
    """
    if device is None and len(vectors) <= FEW:
        return _Numpy(vectors, metric=metric)
    return _Torch(vectors, metric=metric, device=device)


class _Numpy:
    """Takes 1.6 times as long as torch, whose import takes a second."""

    def __init__(self, vectors: FloatArray, *, metric: str) -> None:
        self.device, self.block = CPU, block_rows(len(vectors), CPU, CPU_BLOCK)
        self._vectors = np.ascontiguousarray(vectors, np.float32)
        self._half_squares = (self._vectors**2).sum(1) / 2 if metric == "euclidean" else None

    def pick(self, start: int, stop: int, c: int) -> NDArray[np.int64]:
        close = self._vectors[start:stop] @ self._vectors.T
        if self._half_squares is not None:
            close -= self._half_squares
        own = np.arange(stop - start)
        close[own, start + own] = np.inf
        return np.argpartition(close, -c, axis=1)[:, -c:]


class _Torch:
    """Has a top-k that is eight times as fast as numpy's on a processor."""

    def __init__(self, vectors: FloatArray, *, metric: str, device: str | None) -> None:
        import torch

        n, d = vectors.shape
        room = 0 if device == CPU else cuda_block(n, d)
        self.device = device or (CUDA if room else CPU)
        self.block = block_rows(n, self.device, room if self.device == CUDA else CPU_BLOCK)
        self._torch = torch
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "The given NumPy array is not writable")
            self._vectors = torch.from_numpy(np.ascontiguousarray(vectors, np.float32)).to(self.device)
        self._half_squares: Any = (self._vectors**2).sum(1) / 2 if metric == "euclidean" else None

    def pick(self, start: int, stop: int, c: int) -> NDArray[np.int64]:
        with self._torch.inference_mode():
            close = self._vectors[start:stop] @ self._vectors.T
            if self._half_squares is not None:
                close -= self._half_squares
            own = self._torch.arange(stop - start, device=self.device)
            close[own, start + own] = float("inf")
            return np.asarray(close.topk(c, dim=1, sorted=False).indices.cpu().numpy())
