"""Tells whether a folder or an archive with pictures and other files is one of pictures: what most are is read.

What has the name of a picture belongs to it, and a table that names pictures makes the upload one of them.  Of tables
it reads beginnings; no picture is decoded: `loading` takes the other kind where nothing of this one is usable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from explorer.ingest.pictured import are_named, beginnings
from explorer.ingest.reader import ITEMS, TABLE
from explorer.ingest.sources import Upload, find
from explorer.ingest.textcolumn import rank
from explorer.types import Rejected

_AMONG = "it lies among texts or tables and is a picture; load it by itself to see it on a map"


def found(path: Path, choices: Mapping[str, str]) -> Upload:
    """Return what the path holds, as `find` does: pictures or the other files, whichever are more, the rest as spare.

    Raises UnreadableFile.
    """
    upload = find(path, choices)
    if not any(source.kind in (TABLE, ITEMS) for source in upload.others):
        return upload
    left = [Rejected(source.name, None, _AMONG) for source in upload.sources]
    texts = Upload(upload.name, upload.container, upload.others, upload.rejected, left=left)
    pictured = _is_of_pictures(upload)
    return replace(upload, spare=texts) if pictured else replace(texts, spare=upload)


def _is_of_pictures(upload: Upload) -> bool:
    stems = {_stem(source.name) for source in upload.sources}
    others = [source for source in upload.others if _stem(source.name) not in stems]
    if len(others) < len(upload.sources):
        return True
    tables = beginnings(upload)
    if are_named(upload, tables):
        return True
    readable = len(others) > sum(source.kind == TABLE for source in others)
    if not readable and not any(rank(beside.table.sample()) for beside in tables):
        return True  # no table has a text
    return len(others) == len(upload.sources) and all(source.kind != TABLE for source in others)


def _stem(name: str) -> str:
    return PurePosixPath(name).stem.casefold()
