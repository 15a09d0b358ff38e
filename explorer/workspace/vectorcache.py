"""Vectors that outlive the maps they were made for: what was encoded once is taken from here, not encoded again.

    DIR/stages/embed-KEY[.part]/      those of maps that are there: they belong to these (see `sweeping`)
    DIR/vectors/NAME-0123abcd/        of maps that are deleted: the same files, moved here
    DIR/vectors/texts.sqlite          of single texts that an encoder elsewhere was asked for: phrases, searches

It is bounded: what was used last longest ago goes first, and all of it where the disk is nearly full.  With a dataset
goes all that was made for it: what is deleted is gone.  A run takes the vectors that it finds into its own folder
before anything else, so that nothing it needs is lost by that.
"""

from __future__ import annotations

import json
import os
import shutil
import time
import uuid
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from explorer.config import CACHE_MEMORY, GIVEN, gigabytes
from explorer.errors import CannotWrite
from explorer.workspace.files import children, erase, is_whole, set_aside
from explorer.workspace.room import FLOOR_BYTES

FOLDER = "vectors"
USUAL_BYTES = 4 * 2**30
OF = "dataset.json"
"""In the folder of an embedding: the dataset that it was made for.  With that it goes."""
_ABOUT = "about.json"
_KEPT = ("vectors.npy", "hashes.npy", "state.npy", "truncated.npy", _ABOUT, OF)
_PREFIX = "embed-"


@dataclass(frozen=True)
class CacheState:
    """How large the cache is, how large it may be, in bytes, and of which encoders how many: by fingerprint."""

    size: int
    limit: int
    used_by_maps: int
    encoders: Mapping[str, int]


class VectorCache:
    """The vectors of the workspace at *workspace*."""

    def __init__(self, workspace: Path) -> None:
        self._workspace, self._home = workspace, workspace / FOLDER

    @property
    def path(self) -> Path:
        """The folder of vectors that belong to no map."""
        return self._home

    @property
    def limit(self) -> int:
        """How many bytes they may have.  Raises BadSetting for a setting that is no number."""
        if os.environ.get(CACHE_MEMORY, "").strip() in ("0", "0.0"):
            return 0
        said = gigabytes(CACHE_MEMORY)
        return USUAL_BYTES if said is None else said

    def folders(self) -> list[Path]:
        """Return the folders in which vectors are looked for: those of maps first, finished and not."""
        stages = sorted(path for path in children(self._workspace / "stages") if _is_embedding(path))
        return [*stages, *sorted(self._own())]

    def retire(self, folder: Path) -> None:
        """Take the vectors of an embedding that no map needs any more; *folder* is gone afterwards.

        What cannot be kept is erased.
        """
        if self.limit and _worth(folder):
            with suppress(OSError):
                self._home.mkdir(exist_ok=True)
                kept = self._home / f"{_PREFIX}{uuid.uuid4().hex[:16]}"
                folder.rename(kept)
                for path in children(kept):
                    if path.name not in _KEPT:
                        erase(path)
                os.utime(kept / _ABOUT)
                return
        erase(folder)

    def used(self, folder: Path) -> None:
        """Note that vectors of a folder were of use just now."""
        with suppress(OSError):
            os.utime(folder / _ABOUT)

    def forget(self, datasets: Collection[str]) -> None:
        """Remove what was made for none of the *datasets*, and the vectors of single texts: nobody knows of which."""
        gone = [path for path in self._own() if _read(path / OF).get("dataset") not in datasets]
        with suppress(CannotWrite):
            for path in (*gone, *(path for path in self._everything() if not path.is_dir())):
                erase(set_aside(path))

    def prune(self, *, to: int | None = None) -> int:
        """Remove what was used longest ago until no more than *to* bytes, the limit, are left; return how many went."""
        most = self.limit if to is None else to
        kept = sorted(((_used(path), _size(path), path) for path in self._everything()), reverse=True)
        total, gone = 0, 0
        for _, size, path in kept:
            total += size
            if total > most:
                with suppress(CannotWrite):
                    erase(set_aside(path))
                    gone += size
        return gone

    def make_room(self, more: int) -> None:
        """Remove vectors, the least used first, where *more* bytes would not leave the floor of free space."""
        with suppress(OSError):
            missing = more + 2 * FLOOR_BYTES - shutil.disk_usage(self._workspace).free
            if missing > 0 and (size := self.size()):
                self.prune(to=max(0, size - missing))

    def size(self) -> int:
        """Return the bytes of vectors that belong to no map."""
        return sum(map(_size, self._everything()))

    def state(self) -> CacheState:
        """Return how large the cache is, and whose vectors there are."""
        counts: dict[str, int] = {}
        for path in self._own():
            name = str(_about(path).get("fingerprint", "?"))
            counts[name] = counts.get(name, 0) + _size(path)
        maps = [path for path in children(self._workspace / "stages") if _is_embedding(path)]
        return CacheState(self.size(), self.limit, sum(map(_size, maps)), counts)

    def _own(self) -> list[Path]:
        return [path for path in children(self._home) if path.name.startswith(_PREFIX) and is_whole(path)]

    def _everything(self) -> list[Path]:
        return [path for path in children(self._home) if is_whole(path) and path.suffix != ".lock"]


def is_embedding(name: str) -> bool:
    """Whether a name in the folder of results is that of an embedding, finished or not."""
    return name.startswith(_PREFIX) and not name.endswith(".lock")


def _is_embedding(path: Path) -> bool:
    return is_embedding(path.name) and is_whole(path) and path.is_dir()


def _worth(folder: Path) -> bool:
    """Whether there are vectors in a folder of an encoder that may be asked again: not those that came with data."""
    import numpy as np

    about = _about(folder)
    try:
        made = bool((np.load(folder / "state.npy") != 0).any())
        return made and not str(about["fingerprint"]).startswith(f"{GIVEN}:")
    except (OSError, ValueError, KeyError, AttributeError):
        return False


def _about(folder: Path) -> dict[str, object]:
    return _read(folder / _ABOUT)


def _read(path: Path) -> dict[str, object]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _used(path: Path) -> float:
    try:
        return (path / _ABOUT if path.is_dir() else path).stat().st_mtime
    except OSError:
        return time.time()


def _size(path: Path) -> int:
    size = 0
    with suppress(OSError):
        size = sum(map(_size, children(path))) if path.is_dir() else path.stat().st_size
    return size
