"""A look at uploaded files before they are read whole: first rows, some from anywhere, what the columns hold.

A process apart looks, as one reads; nothing of it is kept but the last few answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from explorer.errors import NotFound
from explorer.server.once import Once
from explorer.server.readers import Readers
from explorer.server.uploads import Uploads
from explorer.types import cut
from explorer.workspace import LOOK_CHARS

LOOKS_KEPT = 8
LOOK_COLUMNS, LOOK_SIZE = 300, 2**20
"""Columns that a look tells of at most, and about how many characters in all."""
_LEAST_CHARS = 100


class Early:
    """Looks at uploads whose files are here; safe to use from several threads."""

    def __init__(self, uploads: Uploads, readers: Readers) -> None:
        self._uploads, self._readers = uploads, readers
        self._looks = Once(LOOKS_KEPT)

    def look(self, upload: str) -> dict[str, Any]:
        """Return what `told_of` tells, the upload's name and its bytes; in the same time whatever its size.

        Once it was asked for it is known for a while, also when the upload has become a dataset.  Raises NotFound, what
        ingest raises, and ReadingEnded.
        """
        return self._looks.get(upload, lambda: self._look(upload))

    def _look(self, upload: str) -> dict[str, Any]:
        tops = tops_of(self._uploads, upload)
        if not tops:
            raise NotFound(f"the upload {upload} has no files to look at; send some.")
        name = Path(tops[0]).name
        named = name if len(tops) == 1 else f"{name} and {len(tops) - 1:,} more"
        size = self._uploads.size(upload)
        return {"upload": upload, "name": named, "bytes": size, **self._readers.look(tops)}


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
