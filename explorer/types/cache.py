"""Arrays that take long to make and are the same each time: kept in the user's cache folder, for all processes.

Nothing here is anybody's data: what is lost, torn or cannot be written is made again.
"""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from explorer.config import cache_folder
from explorer.types.keys import digest

Arrays: TypeAlias = Mapping[str, NDArray[Any]]
KEPT_SECONDS = 30 * 86_400


def cached_arrays(name: str, depends: tuple[Any, ...], make: Callable[[], Arrays]) -> Arrays:
    """Return what *make* returns, as it was kept under this name, with all that it *depends* on, for `digest`."""
    path = cache_folder() / f"{name}-{digest(depends)}.npz"
    kept = _read(path)
    if kept is None:
        kept = make()
        _write(path, name, kept)
    return kept


def _read(path: Path) -> Arrays | None:
    unusable = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)
    with suppress(*unusable), path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        return {name: kept[name] for name in kept.files}
    return None


def _write(path: Path, name: str, arrays: Arrays) -> None:
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob(f"{name}-*.npz"):  # of another version, or left by a kill
            if time.time() - old.stat().st_mtime > KEPT_SECONDS:
                old.unlink()
        with NamedTemporaryFile(dir=path.parent, prefix=f"{name}-", suffix=".npz", delete=False) as new:
            try:
                np.savez(new, allow_pickle=False, **arrays)
            except BaseException:
                Path(new.name).unlink()
                raise
        Path(new.name).replace(path)
