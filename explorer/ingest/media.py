"""Reads files of which each is one item – pictures, sounds: each is decoded once to be sure that it can be.

It decodes nothing itself, the formats do, and keeps nothing of what was decoded: items are opened again, late.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from explorer.errors import UnreadableFile
from explorer.ingest.decoding import Decoding, mark
from explorer.ingest.edge import Edge, why
from explorer.ingest.reader import HEAD, Advance, Content, FileReader, Source
from explorer.ingest.unnamed import called_wrongly, ending_of
from explorer.kinds import BITS, MAX_BYTES, FileRef, kind_of, read_bytes
from explorer.types import PART, Item, Rejected

if TYPE_CHECKING:
    from PIL.Image import Image

_one_large = threading.Lock()
"""Held while a large file is decoded: one at a time."""
TITLE, ARTIST = "title", "artist"
USUAL: Mapping[str, Any] = {BITS: 8, TITLE: "", ARTIST: ""}
"""What says nothing of files that all have it: the bits of greys that are shown, no title."""
_DAMAGED = ", or its start is damaged"
_UNTOLD = (".txt",)
"""What anything may look like of which nobody knows more."""
_THREADS = 4
_AHEAD = 64

OnImage: TypeAlias = Callable[[Item, "Image"], None]
"""Called with each good item and what it looks like, a large JPEG at a fraction of its size, from several threads."""


@dataclass(frozen=True)
class Opened:
    """One file that can be opened: its item, what stands in its columns, what it looks like, what is said of it."""

    ref: FileRef
    columns: Mapping[str, Any] = field(default_factory=dict)
    sign: bytes = b""
    """What it looks like, see `resembling`; nothing where that is not to be compared."""
    note: str = ""
    """What of it was not read."""

    @property
    def content(self) -> bytes:
        """What its kind knows it by."""
        return kind_of(self.ref).content(self.ref)


Opens: TypeAlias = Callable[[Source, bytes], "tuple[Opened, Callable[[], Image]]"]
"""Opens a file, given where it is and its bytes: what it is, and what gives its picture.

Raises UnreadableFile with the bare reason.
"""


def _alone(source: Source, advance: Advance, *, limit: int | None = None) -> Content:
    """Read one file by itself; there is no less of it than all."""
    opened, rejected = read_media([source], None, advance)
    return Content([one.ref for one in opened], rejected, own_columns(opened))


@dataclass(frozen=True, kw_only=True)
class MediaReader(FileReader):
    """A reader of files that are one item each; *huge* says what to do with one that is larger than is read.

    *is_large*: whether a file of these bytes takes so much memory that it is decoded while no other such is.
    """

    read: Callable[..., Content] = _alone
    opens: Opens
    is_large: Callable[[bytes], bool]
    huge: str


def read_media(
    sources: Sequence[Source],
    on_image: OnImage | None,
    advance: Callable[[int], None],
    decoding: Decoding | None = None,
) -> tuple[list[Opened], list[Rejected]]:
    """Decode every file, in a few threads; results keep the order of *sources*, which have a `MediaReader` each.

    *advance* is called with the size of each file that is done and may raise to stop the rest; *decoding* is told
    what is decoded.
    """
    opened: list[Opened] = []
    rejected: list[Rejected] = []
    for source, seen in _looked_at(sources, on_image, decoding or Decoding()):
        if isinstance(seen, Opened):
            opened.append(seen)
            if seen.note:
                rejected.append(Rejected(source.name, None, seen.note, what=PART))
        else:
            rejected.append(seen)
        advance(source.size)
    return opened, rejected


def ref_of(of: type[FileRef], source: Source, content: bytes, **more: Any) -> FileRef:
    """Return the item that a file is, of a class of references."""
    digest = hashlib.sha256(content).hexdigest()
    return of(str(source.path.absolute()), digest, member=source.member, name=source.name, **more)


def own_columns(opened: Sequence[Opened]) -> dict[str, list[Any]]:
    """Return the columns that such files come with, None where one has none.

    A column in which all have what is `USUAL` there says nothing, as that of titles where no file has one.
    """
    names = dict.fromkeys(name for one in opened for name in one.columns)
    columns = {name: [one.columns.get(name) for one in opened] for name in names}
    return {
        name: [None if value == "" else value for value in values]
        for name, values in columns.items()
        if name not in USUAL or any(value != USUAL[name] for value in values)
    }


def signs_of(opened: Sequence[Opened]) -> dict[bytes, bytes]:
    """Return what files look like, by their content, where that is to be compared."""
    return {one.content: one.sign for one in opened if one.sign}


def folders(names: Sequence[str]) -> list[str | None]:
    """Return the folder of each path inside one upload, None at its top.

    A top folder that holds everything is left out, unless it is the only one there is.
    """
    parents = [PurePosixPath(name).parts[:-1] for name in names]
    if len({parts[:1] for parts in parents}) == 1 and any(len(parts) > 1 for parts in parents):
        parents = [parts[1:] for parts in parents]
    return ["/".join(parts) or None for parts in parents]


def _looked_at(
    sources: Sequence[Source], on_image: OnImage | None, decoding: Decoding
) -> Iterator[tuple[Source, Opened | Rejected]]:
    alone = {mark(one): _look(one, on_image, decoding) for one in sources if decoding.is_doubted(one)}

    def look(source: Source) -> Opened | Rejected:
        return alone.pop(mark(source), None) or _look(source, on_image, decoding)

    pool = ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1), thread_name_prefix="media")
    try:
        # A window at a time: nothing is queued for long when the caller stops.
        for start in range(0, len(sources), _AHEAD):
            window = sources[start : start + _AHEAD]
            yield from zip(window, pool.map(look, window), strict=True)
    finally:
        pool.shutdown(cancel_futures=True)


def _look(source: Source, on_image: OnImage | None, decoding: Decoding) -> Opened | Rejected:
    reader = cast(MediaReader, source.format)
    try:
        if source.size > MAX_BYTES:
            size, limit = source.size / 2**20, MAX_BYTES // 2**20
            raise UnreadableFile(f"the {reader.kind} is huge: {size:,.0f} MiB; the limit is {limit}. {reader.huge}")
        with decoding.of(source):
            with Edge().of(source.name):
                content = _content(source)
                turn = _one_large if reader.is_large(content) else nullcontext()
            with turn:
                return _opened(reader, source, content, on_image)
    except UnreadableFile as exc:
        return Rejected(source.name, None, str(exc), what=reader.kind)


def _opened(reader: MediaReader, source: Source, content: bytes, on_image: OnImage | None) -> Opened:
    with Edge().of(source.name):
        try:
            opened, picture = reader.opens(source, content)
        except UnreadableFile as exc:
            other = called_wrongly(source.name, content[:HEAD])
            if not other or ending_of(content[:HEAD]) in (*reader.suffixes, *_UNTOLD):
                raise
            raise UnreadableFile(f"{str(exc).removesuffix(_DAMAGED)}: {other}") from exc
        image = None if on_image is None else picture()
    if on_image is not None and image is not None:
        on_image(opened.ref, image)
    return opened


def _content(source: Source) -> bytes:
    try:
        return read_bytes(FileRef(str(source.path), "", member=source.member))
    except UnreadableFile as exc:
        raise UnreadableFile(f"it cannot be read: {why(exc.__cause__ or exc)}") from exc
