"""Keeps the vectors of a file of words so that any word's is found at once: converted once, then mapped from disk.

It makes no vectors of texts; `averaging` does.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b, file_digest
from itertools import pairwise
from pathlib import Path
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray

from explorer.config import cache_folder
from explorer.errors import MissingWeights
from explorer.kinds.wordvectors import layout_of, pieces
from explorer.types import FloatArray, digest

VERSION = 1
"""To be raised when what is kept of a file changes."""
_HEAD = 2**22
_VECTORS, _HASHES, _ROWS, _TOLD = "vectors.f32", "hashes.npy", "rows.npy", "told.json"
_ALPHABET, _SORTED = 1_000, 0.99
"""Words whose order is looked at, and from which share of them on that follow each other it is that of the alphabet."""


@dataclass(frozen=True)
class WordTable:
    """Vectors of n words, float32 (n, d), mapped; *hashes* of the words, sorted, and the row of each.

    *ranked*: the most frequent words come first, as far as is known.
    """

    vectors: FloatArray
    hashes: NDArray[np.uint64]
    rows: NDArray[np.int64]
    ranked: bool

    def find(self, words: Sequence[str]) -> NDArray[np.int64]:
        """Return the row of each word, -1 for one that the file does not have.  O(m · log n)."""
        wanted = _hashes(words)
        at = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        return np.where(self.hashes[at] == wanted, self.rows[at], -1)


def table_of(path: Path) -> WordTable:
    """Return the words of a file, converted the first time: 2 million of 300 numbers take a minute then.

    Raises MissingWeights.
    """
    folder = cache_folder() / "words" / f"{VERSION}-{content_of(path)}"
    if not (folder / _TOLD).is_file():
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            _convert(path, folder)
        except OSError as exc:
            raise MissingWeights(f"cannot keep the words of {path} in {folder.parent} ({exc}); make room.") from exc
    told = json.loads((folder / _TOLD).read_bytes())
    vectors: FloatArray = np.memmap(folder / _VECTORS, np.float32, "r", shape=(told["words"], told["numbers"]))
    return WordTable(vectors, np.load(folder / _HASHES), np.load(folder / _ROWS), bool(told["ranked"]))


def content_of(path: Path) -> str:
    """Return a digest of a file's content, read once while it does not change.  Raises MissingWeights."""
    try:
        stat = path.stat()
    except OSError as exc:
        raise no_words(path, exc.strerror or str(exc)) from exc
    return _content(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=16)
def _content(path: Path, changed: int, size: int) -> str:
    known = cache_folder() / "words" / f"seen-{digest(str(path), changed, size)}"
    try:
        return known.read_text()
    except OSError:
        pass
    try:
        with path.open("rb") as file:
            found = file_digest(file, lambda: blake2b(digest_size=16)).hexdigest()
    except OSError as exc:
        raise no_words(path, exc.strerror or str(exc)) from exc
    try:
        known.parent.mkdir(parents=True, exist_ok=True)
        known.write_text(found)
    except OSError:
        return found  # then it is read again another time
    return found


def no_words(path: Path, why: str) -> MissingWeights:
    """Return the error for a file that holds no word vectors."""
    return MissingWeights(
        f"{path} is no file of word vectors ({why}); name one of word2vec's, GloVe's or fastText's, .vec, .txt or "
        ".bin, as in words:FILE, or choose minilm, which is here."
    )


def _opened(path: Path) -> IO[bytes]:
    """Open a file for reading from the start, unpacked where it is gzip's."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return cast(IO[bytes], gzip.open(path)) if packed else path.open("rb")


def _convert(path: Path, folder: Path) -> None:
    """Write what is kept of a file, under another name until it is whole."""
    made = Path(tempfile.mkdtemp(prefix=f".{os.getpid()}-", dir=folder.parent))
    try:
        with _opened(path) as file:
            layout = layout_of(file.read(_HEAD))
        if layout is None:
            raise no_words(path, "it does not begin like one")
        seen: dict[int, int] = {}
        first: list[str] = []
        count = 0
        with _opened(path) as file, (made / _VECTORS).open("wb") as out:
            for piece in pieces(file, layout):
                good = np.asarray(np.isfinite(piece.vectors).all(axis=1))
                out.write(np.ascontiguousarray(piece.vectors[good], "<f4").data)
                words = [word for word, ok in zip(piece.words, good.tolist(), strict=True) if ok]
                for at, key in enumerate(_hashes(words).tolist(), count):
                    seen.setdefault(key, at)
                count += len(words)
                first += words[: max(0, _ALPHABET - len(first))]
        if not count:
            raise no_words(path, "it has not one word that can be used")
        hashes = np.fromiter(seen.keys(), np.uint64, len(seen))
        rows = np.fromiter(seen.values(), np.int64, len(seen))
        order = np.argsort(hashes, kind="stable")
        np.save(made / _HASHES, hashes[order])
        np.save(made / _ROWS, rows[order])
        told = {"words": count, "numbers": layout.numbers, "ranked": not _are_sorted(first)}
        (made / _TOLD).write_text(json.dumps(told))
        made.rename(folder)
    except OSError:
        if not (folder / _TOLD).is_file():  # somebody else was quicker
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _are_sorted(words: Sequence[str]) -> bool:
    """Whether words stand in the order of the alphabet, so that their places tell nothing of how frequent they are."""
    told = [one.casefold() <= other.casefold() for one, other in pairwise(words)]
    return len(told) > 1 and sum(told) >= _SORTED * len(told)


def _hashes(words: Iterable[str]) -> NDArray[np.uint64]:
    joined = b"".join(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest() for word in words)
    return np.frombuffer(joined, "<u8").astype(np.uint64)
