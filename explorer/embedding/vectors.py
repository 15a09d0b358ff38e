"""Where vectors lie while they are computed and afterwards, and how those of the same item are found again.

It does not compute vectors (embed does): it is the checkpoint that `embed` writes to and the lookup it asks.
A folder holds ``vectors.npy`` (n, d), ``hashes.npy`` (n, 16), ``state.npy`` and ``truncated.npy`` (n,), and
``about.json`` with the fingerprint of the encoder; it is the same before and after the run is finished.  Until then
``fresh.npy`` (n,) tells of rows that have a vector which the disk may not have yet.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.embedding.encoding import DONE, REUSED, TODO, Hashes
from explorer.types import BoolArray, FloatArray

FRESH = "fresh.npy"
_LENGTH = 0.01
"""How far from 1 the length of a vector may be that is whole."""
_CUT = 128
"""In ``fresh.npy`` beside the state: the item is longer than the encoder reads."""


class VectorFile:
    """A checkpoint on disk: opening it again after a kill finds every row that was kept, after a crash of the machine
    every row that was saved.

    Both arrays that are written row by row are mapped: the system has what is written there, whatever becomes of this
    process.  Should the machine itself stop, the disk may lack a vector that ``fresh.npy`` tells of; it is then not of
    unit length, and the row is taken for one without.
    """

    def __init__(self, folder: Path, *, dim: int, hashes: Hashes, fingerprint: str) -> None:
        self.folder = folder
        n = len(hashes)
        about = {"fingerprint": fingerprint, "dim": dim, "rows": n}
        if _about(folder) != about or not (folder / "vectors.npy").exists():
            folder.mkdir(parents=True, exist_ok=True)
            np.save(folder / "hashes.npy", hashes)
            _reserve(folder / "vectors.npy", n, dim)
            self.state, self.truncated = np.zeros(n, np.uint8), np.zeros(n, np.bool_)
            self._save_columns()
            (folder / FRESH).unlink(missing_ok=True)
            (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")
        self.vectors: FloatArray = np.load(folder / "vectors.npy", mmap_mode="r+")
        state = np.load(folder / "state.npy")
        self.state = np.where((state == DONE) | (state == REUSED), REUSED, TODO).astype(np.uint8)
        self.truncated = np.load(folder / "truncated.npy")
        self._fresh: NDArray[np.uint8] = self._take_fresh(n)

    def keep(self, rows: NDArray[np.int64]) -> None:
        """Tell of rows that have a vector now, without waiting for the disk."""
        self._fresh[rows] = self.state[rows] | np.where(self.truncated[rows], _CUT, 0).astype(np.uint8)

    def save(self) -> None:
        """Flush the vectors, then say which rows have one: in this order a kill in between loses no truth."""
        self._flush()
        self._fresh[:] = 0

    def close(self) -> None:
        """Let go of what tells of rows that are not saved: all are."""
        self._fresh = np.zeros(0, np.uint8)
        (self.folder / FRESH).unlink(missing_ok=True)

    def _take_fresh(self, n: int) -> NDArray[np.uint8]:
        """Return the mapped array that tells of rows since the last save, after taking those that it tells of."""
        path = self.folder / FRESH
        try:
            fresh: NDArray[np.uint8] = np.load(path, mmap_mode="r+")
        except (OSError, ValueError):
            fresh = np.zeros(0, np.uint8)
        if fresh.shape != (n,) or fresh.dtype != np.uint8:
            _map(path, np.uint8, (n,))
            return np.asanyarray(np.load(path, mmap_mode="r+"))
        rows = np.flatnonzero(((fresh & ~np.uint8(_CUT)) == DONE) & (self.state == TODO))
        rows = rows[np.abs(np.linalg.norm(self.vectors[rows], axis=1) - 1) < _LENGTH]
        self.state[rows], self.truncated[rows] = REUSED, (fresh[rows] & _CUT) != 0
        self._flush()
        fresh[:] = 0
        return fresh

    def _flush(self) -> None:
        self.vectors.flush()  # type: ignore[attr-defined]
        self._save_columns()

    def _save_columns(self) -> None:
        for name, column in (("truncated", self.truncated), ("state", self.state)):
            new = self.folder / f"{name}.new.npy"
            np.save(new, column)
            new.replace(self.folder / f"{name}.npy")


def _reserve(path: Path, n: int, dim: int) -> None:
    """Make a file of float32 (n, dim) zeros that has all its space on the disk; raises OSError where that is lacking.

    A file with holes would end the process by a signal when a hole cannot be filled.
    """
    _map(path, np.float32, (n, dim))


def _map(path: Path, dtype: type[np.generic], shape: tuple[int, ...]) -> None:
    np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=shape).flush()
    if hasattr(os, "posix_fallocate"):
        with path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)


class KnownVectors:
    """Finds vectors of the same items and the same encoder in the folders of other embeddings.

    *used* is told of those folders that had some.
    """

    def __init__(
        self, folders: Sequence[Path], *, fingerprint: str, used: Callable[[Path], object] = lambda folder: None
    ) -> None:
        self._used = used
        self._folders = [f for f in folders if (_about(f) or {}).get("fingerprint") == fingerprint]

    def __call__(self, hashes: Hashes) -> tuple[BoolArray, FloatArray, BoolArray]:
        """Return which of the (m, 16) hashes are known, and the vectors and truncation flags of those, in order."""
        found = np.zeros(len(hashes), np.bool_)
        vectors: FloatArray | None = None
        truncated = np.zeros(len(hashes), np.bool_)
        for folder in self._folders:
            wanted = np.flatnonzero(~found)
            here, rows = _match(hashes[wanted], folder)
            if not len(rows):
                continue
            try:
                stored, cut = np.load(folder / "vectors.npy", mmap_mode="r"), np.load(folder / "truncated.npy")
            except (OSError, ValueError):  # removed just now
                continue
            if vectors is None:
                vectors = np.zeros((len(hashes), stored.shape[1]), np.float32)
            vectors[wanted[here]], truncated[wanted[here]] = stored[rows], cut[rows]
            found[wanted[here]] = True
            self._used(folder)
        if vectors is None:
            return found, np.zeros((0, 0), np.float32), truncated[found]
        return found, vectors[found], truncated[found]


def _match(hashes: Hashes, folder: Path) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the positions in *hashes* that the folder has a vector for, and its rows with those vectors."""
    try:
        stored, state = np.load(folder / "hashes.npy"), np.load(folder / "state.npy")
    except (OSError, ValueError):  # another process is just making or removing it
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    rows = np.flatnonzero((state == DONE) | (state == REUSED))
    if not len(rows) or not len(hashes):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    prefixes = _prefix(stored[rows])
    order = np.argsort(prefixes, kind="stable")
    at = np.minimum(np.searchsorted(prefixes[order], _prefix(hashes)), len(rows) - 1)
    candidates = rows[order[at]]
    same = np.flatnonzero((stored[candidates] == hashes).all(axis=1))
    return same, candidates[same]


def _prefix(hashes: Hashes) -> NDArray[np.uint64]:
    return np.ascontiguousarray(hashes[:, :8]).view(np.uint64).ravel()


def _about(folder: Path) -> dict[str, Any] | None:
    try:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return about if isinstance(about, dict) else None
