"""Tells whether a folder or an archive with pictures or sounds and others is one of these: what most are is read.

What has the name of a picture belongs to it, and a table that names pictures makes the upload one of them; sounds
likewise.  Of tables it reads beginnings; nothing is decoded: `loading` takes the other kind where nothing of this one
is usable.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from explorer.errors import UnreadableFile
from explorer.ingest.chatlines import is_chat
from explorer.ingest.chatmedia import is_of_people
from explorer.ingest.edge import DAMAGED
from explorer.ingest.images import PICTURES
from explorer.ingest.pictured import are_named, beginnings
from explorer.ingest.reader import ITEMS, MEDIA, TABLE, Source
from explorer.ingest.sources import Upload, find
from explorer.ingest.textcolumn import rank
from explorer.types import Rejected

_PAGES, _MOST_TEXTS, _LOOKED_AT, _START = (".html", ".htm", ".xhtml"), 20, 200, 2**21
"""Endings of web pages; texts beside pictures, lines of a chat and bytes of either that are looked at."""
_FILE = re.compile(
    r"([^\s/\\\"'<>()|:=]{1,200}\.(?:jpe?g|png|gif|webp|heic|bmp|tiff?|avif|opus|og[ga]|mp3|wav|flac|aiff?))(?![\w.])",
    re.IGNORECASE,
)
_JSON = (".json", ".jsonl", ".ndjson")
_MESSAGES = re.compile(r'"messages"\s*:\s*\[')
_AMONG = "it lies among texts or tables and is a {}; load it by itself to see it on a map"


def found(path: Path, choices: Mapping[str, str]) -> Upload:
    """Return what the path holds, as `find` does: pictures or sounds, or the other files, whichever are more.

    The rest is its spare.  Raises UnreadableFile.
    """
    upload = find(path, choices)
    if not any(source.kind in (TABLE, ITEMS) for source in upload.others):
        return upload
    read = [source for source in upload.others if source.kind not in MEDIA]
    seen = [*upload.sources, *(source for source in upload.others if source.kind in MEDIA)]
    left = [Rejected(source.name, None, _AMONG.format(source.kind)) for source in seen]
    texts = Upload(upload.name, upload.container, read, upload.rejected, left=left)
    if _is_of_messages(upload):
        return replace(texts, brought=[source for source in seen if source.kind == PICTURES.kind], spare=upload)
    pictured = _is_of_pictures(upload)
    return replace(upload, spare=texts) if pictured else replace(texts, spare=upload)


def _is_of_messages(upload: Upload) -> bool:
    """Whether a messenger's export is among the files: JSON of what people wrote at their times."""
    likely = [one for one in upload.beside if one.suffix in _JSON and _MESSAGES.search(_beginning(one))]
    return any(is_of_people(one.table) for one in beginnings(replace(upload, beside=likely)))


def _is_of_pictures(upload: Upload) -> bool:
    if _are_illustrations(upload):
        return False
    stems = {_stem(source.name) for source in upload.sources}
    others = [one for one in upload.others if one.kind not in MEDIA and _stem(one.name) not in stems]
    if len(others) < len(upload.sources):
        return True
    tables = beginnings(upload)
    if are_named(upload, tables):
        return True
    readable = len(others) > sum(source.kind == TABLE for source in others)
    if not readable and not any(rank(beside.table.sample()) for beside in tables):
        return True  # no table has a text
    return len(others) == len(upload.sources) and all(source.kind != TABLE for source in others)


def _are_illustrations(upload: Upload) -> bool:
    """Whether most of the pictures are those of a web page, or some were sent in a chat, which names them."""
    names = {PurePosixPath(source.name).name.casefold() for source in upload.sources}
    said: set[str] = set()
    for source in [one for one in upload.others if one.kind == ITEMS][:_MOST_TEXTS]:
        text = _beginning(source)
        named = {unquote(name).casefold() for name in _FILE.findall(text)}
        if source.suffix in _PAGES:
            said |= named
        elif named & names and is_chat([line for line in text.splitlines() if line.strip()][:_LOOKED_AT]):
            return True
    return 2 * len(names & said) > len(names)


def _beginning(source: Source) -> str:
    """Return the beginning of a text file, roughly decoded; nothing of one that cannot be opened."""
    try:
        with source.open() as file:
            return file.read(_START).decode("utf-8-sig", "ignore")
    except (UnreadableFile, *DAMAGED):
        return ""


def _stem(name: str) -> str:
    return PurePosixPath(name).stem.casefold()
