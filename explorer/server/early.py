"""A look at uploaded files before they are read whole: first rows, some from anywhere, what the columns hold.

A process apart looks, as one reads; nothing of it is kept but the last few answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from explorer.errors import NotFound
from explorer.server.once import Once
from explorer.server.readers import Readers
from explorer.server.uploads import Uploads
from explorer.types import cut, digest
from explorer.workspace import LOOK_CHARS

LOOKS_KEPT = 8
LOOK_COLUMNS, LOOK_SIZE = 300, 2**20
"""Columns that a look tells of at most, and about how many characters in all."""
_LEAST_CHARS = 100


class Early:
    """Looks at uploads whose files are here; safe to use from several threads.

    *lives* says whether an upload that is gone became a dataset that is here.
    """

    def __init__(self, uploads: Uploads, readers: Readers, lives: Callable[[str], bool]) -> None:
        self._uploads, self._readers, self._lives = uploads, readers, lives
        self._looks = Once(LOOKS_KEPT)
        self._last: dict[str, str] = {}

    def look(self, upload: str) -> dict[str, Any]:
        """Return what `told_of` tells, the upload's name and its bytes; in the same time whatever its size.

        Once it was asked for it is known for a while, as long as its files, or the dataset that it became, are here.
        Raises NotFound, what ingest raises, and ReadingEnded.
        """
        self.sweep()
        files = self._uploads.files(upload) if upload not in self._last or _has(self._uploads, upload) else ()
        if files:
            self._last[upload] = digest(*((file.name, *_state(file.path)) for file in files))
        last = self._last.get(upload, "")
        answer = self._looks.get((upload, last), lambda: self._look(upload))
        self.sweep()  # it may be gone by now
        return answer

    def forget(self, _dataset: str) -> None:
        """Let go of what was seen of the upload that a dataset was, if that is deleted."""
        self.sweep()

    def sweep(self) -> None:
        """Let go of what was seen of uploads that are deleted, and of those whose dataset is."""
        for upload in list(self._last):
            if not (_has(self._uploads, upload) or self._lives(upload)):
                self._last.pop(upload, None)
                self._looks.forget(upload)

    def _look(self, upload: str) -> dict[str, Any]:
        tops = tops_of(self._uploads, upload)
        if not tops:
            raise NotFound(f"the upload {upload} has no files to look at; send some.")
        name = Path(tops[0]).name
        named = name if len(tops) == 1 else f"{name} and {len(tops) - 1:,} more"
        size = self._uploads.size(upload)
        return {"upload": upload, "name": named, "bytes": size, **self._readers.look(tops)}


def _has(uploads: Uploads, upload: str) -> bool:
    try:
        return bool(uploads.home(upload))
    except NotFound:
        return False


def _state(file: Path) -> tuple[int, int]:
    """Return what tells whether a file has changed; zeros for one that is gone."""
    try:
        stat = file.stat()
    except OSError:
        return 0, 0
    return stat.st_size, stat.st_mtime_ns


def tops_of(uploads: Uploads, upload: str) -> tuple[str, ...]:
    """Return what lies at the top of an upload, files and folders; raises NotFound."""
    home = uploads.home(upload)
    return tuple(sorted({str(home / file.name.split("/")[0]) for file in uploads.files(upload)}))


def told_of(paths: Sequence[str]) -> dict[str, Any]:
    """Return as plain values what `ingest.preview` shows of files, long cells cut, and very many columns left out."""
    from explorer import ingest

    seen = ingest.preview(paths)
    columns = seen.columns[:LOOK_COLUMNS]
    rows = [*seen.rows, *seen.sample]
    most = max(_LEAST_CHARS, min(LOOK_CHARS, LOOK_SIZE // max(1, len(rows) * (len(columns) + 1))))

    def shown(some: Sequence[dict[str, str]]) -> list[dict[str, str]]:
        kept = {*columns, "text", "name", seen.text_column}
        return [{name: cut(cell, most) for name, cell in row.items() if name in kept} for row in some]

    return {
        "kind": seen.kind,
        "columns": list(columns),
        "more_columns": len(seen.columns) - len(columns),
        "text_column": seen.text_column,
        "rows": shown(seen.rows),
        "sample": shown(seen.sample),
        "looks": [asdict(one) for one in seen.looks if one.name in columns],
    }
