"""Pictures of a map in the making, for the page to show while a run works: places of a fair sample of rows.

It makes no pictures (`stages` does).  Nothing depends on them, and they may be deleted at any time.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explorer.projection import bounds, quantised
from explorer.types import FloatArray
from explorer.workspace.files import children

SHOWN_ROWS = 20_000
"""Rows in a picture at most: 80 kB, and more than a picture of the whole can tell apart."""
KEPT_FOLDERS = 8
MAGIC = b"EEF1"
HEADER_BYTES = 36
NUMBERS_A_STAGE = 1_000
WATCHED = ("embed", "project")
"""The stages that are watched, in order."""


def shown_rows(n: int) -> NDArray[np.int64]:
    """Return the rows that stand for all n in every picture, evenly spread: int64 (min(n, SHOWN_ROWS),)."""
    shown = min(n, SHOWN_ROWS)
    return np.arange(shown, dtype=np.int64) * n // max(shown, 1)


class Frames:
    """The pictures of one stage result, in a folder; opening it begins anew and removes the oldest of other results."""

    def __init__(self, home: Path, stage: str, key: str) -> None:
        self._folder, self._next = folder_of(home, stage, key), WATCHED.index(stage) * NUMBERS_A_STAGE
        self._stage = WATCHED.index(stage)
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        others = sorted((path for path in home.iterdir() if path != self._folder), key=_age)
        for path in others[: max(0, len(others) + 1 - KEPT_FOLDERS)]:
            shutil.rmtree(path, ignore_errors=True)

    def add(self, places: FloatArray, n: int) -> None:
        """Keep a picture: float (m, ≥ 2) places of the `shown_rows` of n rows, nan for a row that has none yet."""
        xy = places[:, :2]
        low, high = bounds(xy)
        sides = np.column_stack([low, high]).ravel().astype("<f4")
        header = MAGIC + np.array([self._next, self._stage, len(xy), n], "<u4").tobytes() + sides.tobytes()
        columns = quantised(xy, low, high)
        path = self._folder / f"{self._next:06d}.frame"
        new = path.with_suffix(".new")
        with suppress(OSError):  # on a full disk a map is made without pictures of it
            new.write_bytes(header + columns[:, 0].tobytes() + columns[:, 1].tobytes())
            new.replace(path)
        self._next += 1


def folder_of(home: Path, stage: str, key: str) -> Path:
    """Return where the pictures of a stage result are."""
    return home / f"{stage}-{key}"


def frames_after(home: Path, keys: Mapping[str, str], number: int) -> bytes:
    """Return the pictures of the watched stages that have a greater number, in the layout that REST documents.

    *keys* are those of the stages' results.
    """
    folders = [folder_of(home, stage, keys[stage]) for stage in WATCHED]
    found = (path for folder in folders for path in children(folder) if path.suffix == ".frame")
    paths = [path for path in found if int(path.stem) > number]
    parts = []
    for path in sorted(paths, key=lambda path: path.stem):
        try:
            parts.append(path.read_bytes())
        except FileNotFoundError:  # begun anew meanwhile
            continue
    return b"".join(parts)


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
