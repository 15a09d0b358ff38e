"""Vectors of single texts that an encoder elsewhere was asked for: phrases, names, searches; nobody pays for one twice.

It holds no texts: a text is known by its digest.  What cannot be read or written is as if it were not there.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import numpy as np

from explorer.types import FloatArray

FILE = "texts.sqlite"
MOST_ROWS = 200_000
"""Vectors that are kept; those used longest ago go first."""
_TABLE = """CREATE TABLE IF NOT EXISTS vectors
(encoder TEXT, text BLOB, used REAL, vector BLOB, PRIMARY KEY (encoder, text)) WITHOUT ROWID"""
_SECONDS = 5.0
_AT_ONCE = 500


class TextVectors:
    """The vectors in the file at *path*, by fingerprint of an encoder and role of the text; several processes may."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def known(self, encoder: str, texts: Sequence[str]) -> Mapping[str, FloatArray]:
        """Return those of the texts that are known with their float32 (d,) vectors."""
        digests = {_digest(text): text for text in texts}
        found: dict[str, FloatArray] = {}
        if not self._path.exists():
            return found
        with suppress(sqlite3.Error, OSError), self._opened() as file:
            for some in _some(list(digests)):
                marks = ",".join("?" * len(some))
                rows = file.execute(
                    f"SELECT text, vector FROM vectors WHERE encoder = ? AND text IN ({marks})",
                    (encoder, *some),
                )
                found |= {digests[text]: np.frombuffer(told, "<f4").astype(np.float32) for text, told in rows}
                file.execute(
                    f"UPDATE vectors SET used = ? WHERE encoder = ? AND text IN ({marks})",
                    (time.time(), encoder, *some),
                )
        return found

    def keep(self, encoder: str, texts: Sequence[str], vectors: FloatArray) -> None:
        """Keep float32 (m, d) vectors of texts, but for those of nan."""
        now = time.time()
        rows = [
            (encoder, _digest(text), now, vector.astype("<f4").tobytes())
            for text, vector in zip(texts, vectors, strict=True)
            if np.isfinite(vector).all()
        ]
        with suppress(sqlite3.Error, OSError):
            self._path.parent.mkdir(exist_ok=True)
            with self._opened() as file:
                file.execute(_TABLE)
                file.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)", rows)
                count = file.execute("SELECT count(*) FROM vectors").fetchone()[0]
                if count > MOST_ROWS:
                    file.execute(
                        "DELETE FROM vectors WHERE used <= (SELECT used FROM vectors ORDER BY used LIMIT 1 OFFSET ?)",
                        (count - MOST_ROWS + MOST_ROWS // 10,),
                    )

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=_SECONDS)) as file, file:
            yield file


def _some(digests: list[bytes]) -> Iterator[list[bytes]]:
    yield from (digests[at : at + _AT_ONCE] for at in range(0, len(digests), _AT_ONCE))


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
