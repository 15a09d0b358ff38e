"""Tells whether a folder or an archive with pictures or sounds and others is one of these: what most are is read.

What has the name of a picture belongs to it, and a table that names pictures makes the upload one of them; sounds
likewise.  Of tables it reads beginnings; nothing is decoded: `loading` takes the other kind where nothing of this one
is usable.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from explorer.errors import UnreadableFile
from explorer.ingest.chatfiles import ITEMS as CHOSEN
from explorer.ingest.chatlines import is_chat
from explorer.ingest.chatmedia import is_of_people
from explorer.ingest.chats import MESSAGES
from explorer.ingest.edge import DAMAGED
from explorer.ingest.jsonrecords import RECORDS
from explorer.ingest.mentioned import LONGEST, Mentioned
from explorer.ingest.pictured import are_named, beginnings
from explorer.ingest.reader import ITEMS, MEDIA, TABLE, Source, Table
from explorer.ingest.slack import NO_CHAT
from explorer.ingest.sources import Upload, find
from explorer.ingest.textcolumn import rank
from explorer.types import Rejected

_PAGES, _MOST_TEXTS, _LOOKED_AT, _START = (".html", ".htm", ".xhtml"), 20, 200, 2**21
"""Endings of web pages; texts beside pictures, lines of a chat and bytes of either that are looked at."""
_ENDINGS = (
    *(".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".bmp", ".tif", ".tiff", ".avif"),
    *(".opus", ".ogg", ".oga", ".mp3", ".wav", ".flac", ".aif", ".aiff"),
)
_FILES = Mentioned(_ENDINGS, r"""\s/\\\"'<>()|:=""")
_MOST_PIECES = 32
"""Pieces of a chat that are looked through for what is given with it."""
_JSON = (".json", ".jsonl", ".ndjson")
_TURNS = re.compile(r'"chat_messages"\s*:\s*\[(?!\s*\])|"mapping"\s*:\s*\{')
"""What conversations with a model have in the exports of accounts."""
_MESSAGES = re.compile(
    r'"messages"\s*:\s*\[(?!\s*\])|"(?:sender_name|date_unixtime|origin_server_ts|MessageList|messagetype|messageType'
    r'|created_date|isPinned|embeds)"\s*:|"ts"\s*:\s*"\d{9,10}\.\d|"sender"\s*:[^{}]{0,2000}"body"\s*:'
    r'|"body"\s*:[^{}]{0,2000}"sender"\s*:'
)
"""What messages of a messenger have, in an object of a conversation or in a bare list."""
_FEWEST = 2
_NO_CHAT = "it holds no messages, as the chats beside it do; load it by itself to read it"
_AMONG = "it lies among texts or tables and is a {}; load it by itself to see it on a map"


def found(path: Path, choices: Mapping[str, str]) -> Upload:
    """Return what the path holds, as `find` does: pictures or sounds, or the other files, whichever are more.

    The rest is its spare.  Where chats of a messenger, or with a model, are among the files, other JSON, pages and
    texts are told to be none: an export of one's account holds who one's friends are, too, and what one was shown.
    Raises UnreadableFile.
    """
    upload = _found(path, choices)
    if choices.get(RECORDS) or not upload.container:
        return upload
    documents = [one for one in upload.sources if one.kind == TABLE and one.suffix in _JSON]
    texts = [one for one in upload.sources if one.kind == ITEMS and one.suffix in (*_PAGES, ".txt")]
    if not documents or len(documents) + len(texts) < _FEWEST:
        return upload
    if not (_are_of_people(documents) or _are_of_models(documents)):
        return upload
    beside = [one for one in texts if not _is_chat(_beginning(one))]
    left = [*upload.left, *(Rejected(one.name, None, _NO_CHAT) for one in beside)]
    gone, others = set(map(id, beside)), {id(one) for one in documents if not _may_be_chat(one)}
    return replace(
        upload,
        left=left,
        sources=[
            replace(one, likely={**one.likely, NO_CHAT: _NO_CHAT}) if id(one) in others else one
            for one in upload.sources
            if id(one) not in gone
        ],
    )


def _found(path: Path, choices: Mapping[str, str]) -> Upload:
    upload = find(path, choices)
    if not any(source.kind in (TABLE, ITEMS) for source in upload.others):
        return upload
    read = [source for source in upload.others if source.kind not in MEDIA]
    seen = [*upload.sources, *(source for source in upload.others if source.kind in MEDIA)]
    left = [Rejected(source.name, None, _AMONG.format(source.kind)) for source in seen]
    texts = Upload(upload.name, upload.container, read, upload.rejected, left=left)
    if _is_of_messages(upload) or _names_sent(upload):
        return replace(texts, brought=seen, spare=upload)
    pictured = _is_of_pictures(upload)
    return replace(upload, spare=texts) if pictured else replace(texts, spare=upload)


def _may_be_chat(source: Source) -> bool:
    if source.likely or _MESSAGES.search(_beginning(source)):
        return True
    return any(table.said for table in _tables_of(source))


def _tables_of(source: Source) -> list[Table]:
    """Return what the beginning of one file is as tables."""
    return [one.table for one in beginnings(Upload("", False, beside=[source]))]


def with_sent(uploads: Sequence[Upload]) -> list[Upload]:
    """Return uploads that were given together: pictures that a chat among them names go with it, as from one folder."""
    seen = [one for one in uploads if one.sources and _is_of_media(one)]
    gone = {id(one) for one in seen}
    chats = [one for one in uploads if id(one) not in gone and _are_messages(one.sources)] if seen else []
    if not chats:
        return list(uploads)
    named = [
        replace(source, name=f"{one.name}/{source.name}" if one.container else source.name)
        for one in seen
        for source in one.sources
    ]
    files = {PurePosixPath(source.name).name.casefold() for source in named}
    if not any(_names_one(source, files) for chat in chats for source in chat.sources):
        return list(uploads)
    first, *others = chats
    single = [one for one in others if not one.container]
    gone |= {id(one) for one in single}
    left = [*first.left, *(Rejected(source.name, None, _AMONG.format(source.kind)) for source in named)]
    sources = [*first.sources, *(source for one in single for source in one.sources)]
    whole = replace(first, sources=sources, left=left, brought=[*first.brought, *named], spare=None)
    return [whole if one is first else one for one in uploads if id(one) not in gone]


def _is_of_media(upload: Upload) -> bool:
    return not (upload.beside or upload.captions or upload.others) and all(one.kind in MEDIA for one in upload.sources)


def _are_messages(sources: Sequence[Source]) -> bool:
    """Whether a chat is among files: a messenger's JSON, or one that was written out as text."""
    texts = [one for one in sources if one.kind == ITEMS][:_MOST_TEXTS]
    return _are_of_people([one for one in sources if one.kind == TABLE]) or any(
        _is_chat(_beginning(one)) for one in texts
    )


def _names_one(source: Source, files: Collection[str]) -> bool:
    """Whether a file names one of these, as far as is looked."""
    try:
        with source.open() as opened:
            before = ""
            for _ in range(_MOST_PIECES):
                piece = opened.read(_START).decode("utf-8-sig", "ignore")
                if any(unquote(name).casefold() in files for name in _FILES(before + piece)):
                    return True
                if not piece:
                    break
                before = piece[-LONGEST:]
    except (UnreadableFile, *DAMAGED):
        return False
    return False


def _is_of_messages(upload: Upload) -> bool:
    """Whether a messenger's export is among the files: JSON of what people wrote at their times."""
    return _are_of_people(upload.beside)


def _are_of_people(tables: Sequence[Source]) -> bool:
    likely = (
        replace(one, choices={**one.choices, CHOSEN: MESSAGES})  # a conversation as an item has no author and no time
        for one in tables
        if one.suffix in _JSON and _MESSAGES.search(_beginning(one))
    )
    return any(is_of_people(table) for source in likely for table in _tables_of(source))


def _are_of_models(documents: Sequence[Source]) -> bool:
    """Whether conversations with a model are among an account's files, which are few."""
    some = documents if len(documents) <= _MOST_TEXTS else ()
    likely = [one for one in some if _TURNS.search(_beginning(one))]
    return any(table.said for source in likely for table in _tables_of(source))


def _names_sent(upload: Upload) -> bool:
    """Whether a chat that was written out as text names one of the pictures or sounds."""
    names = {PurePosixPath(source.name).name.casefold() for source in upload.sources}
    for source in [one for one in upload.others if one.kind == ITEMS and one.suffix not in _PAGES][:_MOST_TEXTS]:
        text = _beginning(source)
        if {unquote(name).casefold() for name in _FILES(text)} & names and _is_chat(text):
            return True
    return False


def _is_chat(text: str) -> bool:
    return is_chat([line for line in text.splitlines() if line.strip()][:_LOOKED_AT])


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
    """Whether most of the pictures are those of a web page."""
    names = {PurePosixPath(source.name).name.casefold() for source in upload.sources}
    pages = [one for one in upload.others if one.kind == ITEMS and one.suffix in _PAGES][:_MOST_TEXTS]
    said = {unquote(name).casefold() for source in pages for name in _FILES(_beginning(source))}
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
