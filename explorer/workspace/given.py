"""How vectors that came with the items of a dataset lie in its folder: `vectors.npy`, as they were given.

It takes them from no column (ingest does) and makes no map of them (`runs` does).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from explorer.types import OwnVectors
from explorer.workspace.room import check_room

FILE = "vectors.npy"
"""The vectors that came with the items, float32 (n, d), of a dataset that has some."""


def write_given(folder: Path, given: OwnVectors | None) -> None:
    """Write the vectors of a dataset, if it has some.  Raises CannotWrite before the disk is full."""
    if given is not None:
        check_room(folder, given.array.nbytes)
        np.save(folder / FILE, given.array, allow_pickle=False)


def given_told(given: OwnVectors | None) -> dict[str, Any]:
    """Return what a record says of the vectors that came with the items; nothing where none did."""
    if given is None:
        return {}
    return {"given": {"column": given.column, "key": given.key, "dim": int(given.array.shape[1])}}


def read_given(folder: Path, record: Mapping[str, Any], rows: int) -> OwnVectors | None:
    """Return the vectors that came with the first *rows* items, mapped from the disk; None where none did."""
    told = record.get("given")
    if told is None:
        return None
    array = np.load(folder / FILE, mmap_mode="r", allow_pickle=False)
    return OwnVectors(told["column"], told["key"], array[:rows])
