"""Gathers the pictures or sounds of an upload with what lies beside them, and makes columns of both.

It decodes nothing (`media` does) and decides no joins (`beside` does).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from explorer.errors import UnreadableFile
from explorer.ingest.arraysets import NPY
from explorer.ingest.beside import Beside, Joined, join, noun_of
from explorer.ingest.captions import read_captions
from explorer.ingest.chatmedia import brought
from explorer.ingest.decoding import Decoding
from explorer.ingest.media import OnImage, Opened, folders, own_columns, read_media
from explorer.ingest.parts import Part, free_name
from explorer.ingest.picturevectors import Held, PictureVectors, held_by, most_rows, placed
from explorer.ingest.reader import MEDIA, Advance, Content, Source, Table
from explorer.ingest.registry import read
from explorer.ingest.sources import Upload
from explorer.ingest.textcolumn import SAMPLE_ROWS
from explorer.ingest.vectorcolumns import VECTORS
from explorer.kinds import CAMERA_FIELDS, kind_of
from explorer.types import PART, Choice, Rejected

_MOST_FILES = 20
"""Tables beside pictures whose beginnings are looked at."""


@dataclass
class Pictured:
    """The pictures or sounds of an upload: the paths of all, the numbers of those read, these, what is beside."""

    source: str
    container: bool
    names: list[str]
    good: list[int]
    pictures: list[Opened]
    beside: list[Beside] = field(default_factory=list)
    chats: list[Table] = field(default_factory=list)
    """Chats whose messages bring them; these are items, too."""

    def place(self, name: str) -> str:
        """Return a path of the upload as it is among others."""
        return f"{PurePosixPath(self.source).stem}/{name}" if self.container else name


def gather(
    upload: Upload,
    on_image: OnImage | None,
    finish: Callable[[int], None],
    advance: Callable[[Source], Advance],
    decoding: Decoding,
) -> tuple[Pictured, list[Rejected]]:
    """Read the pictures of an upload and what lies beside them; what cannot be read is returned with its reason.

    *finish* is called with the size of each file that is done, what *advance* returns within one; both may raise.
    *decoding* is told what is decoded.
    """
    pictures, rejected = read_media(upload.sources, on_image, finish, decoding)
    number = {(str(source.path.absolute()), source.member): row for row, source in enumerate(upload.sources)}
    good = [number[picture.ref.path, picture.ref.member] for picture in pictures]
    found = Pictured(upload.name, upload.container, [source.name for source in upload.sources], good, pictures)
    captions, bad = read_captions(upload.name, upload.captions, finish)
    found.beside, rejected = captions, rejected + bad
    for source in upload.beside:
        try:
            table = read(_unasked(source), advance(source))
            found.beside += _as_beside(table, found)
        except UnreadableFile as exc:
            rejected.append(Rejected(source.name, None, str(exc)))
        finish(source.size)
    return found, rejected


def gather_brought(
    upload: Upload, chats: list[Table], on_image: OnImage | None, finish: Callable[[int], None], decoding: Decoding
) -> tuple[Pictured, list[Rejected]]:
    """Read the pictures that messages of the upload's chats bring, with what these say; others stay what is left."""
    at, said = brought(chats, [source.name for source in upload.brought])
    named = [upload.brought[one] for one in at]
    finish(sum(source.size for source in upload.brought) - sum(source.size for source in named))
    gone = {source.name for source in named}
    upload.left = [one for one in upload.left if one.source not in gone]
    only = Upload(upload.name, upload.container, named)
    found, rejected = gather(only, on_image, finish, lambda _source: _ignore, decoding)
    return replace(found, beside=said, chats=chats), rejected


def embedded(
    table: Table, on_image: OnImage | None, advance: Callable[[int], None], decoding: Decoding
) -> tuple[list[Opened], list[int], list[Rejected]]:
    """Return the pictures in the rows of a table that can be read, their rows, and a rejection for each other row.

    *advance* is called after each and may raise to stop, *decoding* is told what is decoded.
    """
    pictures, faults = read_media(table.pictures, on_image, advance, decoding)
    number = {source.member: row for row, source in enumerate(table.pictures)}
    rows = [number[picture.ref.member] for picture in pictures]
    good = set(rows)
    bad = [row for row in range(len(table.pictures)) if row not in good]
    unread = [fault for fault in faults if fault.what != PART]
    told = [table.without(row, fault.reason) for row, fault in zip(bad, unread, strict=True)]
    told += [replace(fault, source=table.name) for fault in faults if fault.what == PART]
    return pictures, rows, told


def _unasked(source: Source) -> Source:
    """Return a file beside pictures without what was asked of vectors: whose those are is found out of all files."""
    return replace(source, choices={name: value for name, value in source.choices.items() if name != VECTORS})


def _as_beside(table: Table | Content, pictured: Pictured) -> list[Beside]:
    if isinstance(table, Content):
        return []
    folder = PurePosixPath(pictured.place(table.name)).parent.as_posix()
    return [Beside(table, "" if folder == "." else folder)]


def columns_of(
    sets: Sequence[Pictured], loose: Iterable[Table], asked: Mapping[str, str], held: Sequence[Held] = ()
) -> tuple[list[dict[str, Any]], Joined, PictureVectors]:
    """Return the columns of the pictures of each set, pandas Series, with those of the tables that name pictures.

    And what was joined, and what becomes of files of vectors and of columns of such, *held* by tables, as somebody
    *asked*.  *loose* are tables that were given beside folders and archives.  Raises BadChoice.
    """
    names = [pictured.place(name) for pictured in sets for name in pictured.names]
    given = [Beside(table, inside=False) for table in loose]
    arrays = [one.table for one in (*given, *(one for each in sets for one in each.beside)) if one.table.only_vectors]
    tables, good = [one for one in given if not one.table.only_vectors], list[int]()
    start = 0
    for pictured in sets:
        good += [start + row for row in pictured.good]
        for beside in pictured.beside:
            owners = None if beside.owners is None else beside.owners + start
            if not beside.table.only_vectors:
                tables.append(Beside(beside.table, beside.folder, owners=owners))
        start += len(pictured.names)
    joined = join(names, good, tables)
    unread = len(names) - len(good)
    vectors = placed(_called(sets), noun_of(names), arrays, joined.naming, asked, unread, held)
    inside = (one.table for each in sets for one in each.beside if one.table.only_vectors)
    joined.rejected += [one for table in inside for one in table.rejected]
    told = {
        one.table.name for one in tables if all((one.table.name, of) in vectors.offered for of in one.table.columns)
    }
    joined.rejected = [one for one in joined.rejected if one.row is not None or one.what or one.source not in told]
    return _by_set(sets, joined.columns), joined, vectors


def parts_of(
    sets: Sequence[Pictured], columns: Sequence[Mapping[str, Any]], vectors: PictureVectors
) -> tuple[list[Part], list[Rejected]]:
    """Return a part for each set with its columns, and the vectors that came with it, where these are taken.

    Then pictures without a usable one are none of its items: they are returned with their reasons.
    """
    made, rejected, start = list[Part](), list[Rejected](), 0
    for pictured, own in zip(sets, columns, strict=True):
        kept, numbers, faults = vectors.of([start + number for number in pictured.good])
        refs, table = [picture.ref for picture in pictured.pictures], _frame(own, kept)
        part = Part(pictured.source, [refs[row] for row in kept], table, tuple(table.columns))
        made.append(replace(part, loose=not pictured.container, vectors=numbers, vectors_column=vectors.column))
        for ref, fault in zip(refs, faults, strict=True):
            noun = kind_of(ref).nouns[0]
            rejected += [Rejected(ref.name, None, fault, what=noun)] if fault else []
        start += len(pictured.names)
    return made, rejected


def _called(sets: Sequence[Pictured]) -> list[str]:
    """Return what all pictures are called: of one upload their paths in it."""
    return [name if len(sets) == 1 else one.place(name) for one in sets for name in one.names]


def _frame(columns: Mapping[str, Any], rows: Sequence[int]) -> Any:
    import pandas as pd

    whole = pd.DataFrame(columns)
    return whole if len(rows) == len(whole) else whole.iloc[list(rows)].reset_index(drop=True)


def beginning(
    uploads: Sequence[Upload], loose: Iterable[Table], limit: int, arrays: Sequence[Source], asked: Mapping[str, str]
) -> tuple[list[dict[str, str]], list[Table], list[Choice]]:
    """Return the names of the first *limit* pictures with what tables say of them, by the beginnings of these.

    Tables of *loose*, and those beside pictures, are returned when they name pictures.  And the choice of vectors, by
    files of such beside them and those given with them, *arrays*.  Raises BadChoice.
    """
    sets = [_unread(upload) for upload in uploads]
    names = [one.place(name) for one in sets for name in one.names]
    tables, start = [Beside(table, inside=False) for table in loose], 0
    inside = [source for upload in uploads for source in upload.beside if source.suffix in NPY.suffixes]
    vectors = [one for source in (*arrays, *inside) for one in _whole(source, len(names)) if one.only_vectors]
    enough = max(SAMPLE_ROWS, most_rows(len(names)) + 1) if vectors else SAMPLE_ROWS
    for one, upload in zip(sets, uploads, strict=True):
        for beside in [*_captions(upload, limit), *beginnings(upload, enough)]:
            if beside.table.only_vectors:
                continue
            owners = None if beside.owners is None else beside.owners + start
            tables.append(Beside(beside.table, beside.folder, beside.inside, owners))
        start += len(one.names)
    joined = join(names, range(len(names)), tables)
    said = {name: values.iloc[:limit].astype(object) for name, values in joined.columns.items()}
    shown = {
        name: ["" if gap else str(v) for v, gap in zip(column, column.isna(), strict=True)]
        for name, column in said.items()
    }
    first = [name for one in sets for name in one.names][:limit]
    rows = [{"name": name, **{of: shown[of][row] for of in shown}} for row, name in enumerate(first)]
    held = held_by(one.table for one in tables)
    return rows, joined.used, placed(_called(sets), noun_of(names), vectors, joined.naming, asked, held=held).choices


def _whole(source: Source, pictures: int) -> list[Table]:
    """Return a file of vectors as far as it says whether it has one for each picture, or a row of a table's."""
    with suppress(UnreadableFile):
        table = read(source, _ignore, limit=most_rows(pictures) + 1)
        return [table] if isinstance(table, Table) else []
    return []


def _unread(upload: Upload) -> Pictured:
    names = [source.name for source in upload.sources if source.kind in MEDIA]
    return Pictured(upload.name, upload.container, names, list(range(len(names))), [])


def _captions(upload: Upload, limit: int) -> list[Beside]:
    first = [(source, rows) for source, rows in upload.captions if min(rows) < limit]
    return read_captions(upload.name, first, _ignore)[0]


def are_named(upload: Upload, tables: Sequence[Beside]) -> bool:
    """Whether one of the tables names a picture of the upload."""
    names = [_unread(upload).place(source.name) for source in upload.sources]
    return bool(join(names, range(len(names)), tables).used)


def beginnings(upload: Upload, rows: int = SAMPLE_ROWS) -> list[Beside]:
    """Return the first tables among the pictures of an upload, as far as a sample goes, or so many *rows*."""
    found, pictured = list[Beside](), _unread(upload)
    for source in upload.beside[:_MOST_FILES]:
        with suppress(UnreadableFile):
            found += _as_beside(read(_unasked(source), _ignore, limit=rows), pictured)
    return found


def _ignore(_seen: int) -> None:
    """Report to nobody."""


def _by_set(sets: Sequence[Pictured], columns: dict[str, Any]) -> list[dict[str, Any]]:
    made, start = [], 0
    for pictured in sets:
        own = _own_columns(pictured, columns)
        end = start + len(pictured.pictures)
        for name, values in columns.items():
            free, number = name, 2
            while free in own or (free != name and free in columns):
                free, number = f"{name}_{number}", number + 1
            own[free] = values.iloc[start:end].reset_index(drop=True)
        made.append(own)
        start = end
    return made


def _own_columns(pictured: Pictured, others: Iterable[str]) -> dict[str, Any]:
    """Return the columns of the pictures themselves; what cameras wrote gives way to *others* of the same name."""
    import pandas as pd

    found = own_columns(pictured.pictures)
    own = {
        free_name(name, {*others, *(found.keys() - {name})}) if name in CAMERA_FIELDS else name: pd.Series(values)
        for name, values in found.items()
    }
    within = folders([picture.ref.name for picture in pictured.pictures])
    return {"folder": pd.Series(within), **own} if any(within) else own
