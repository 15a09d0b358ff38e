"""Turns files, folders and pasted text into one Dataset: items, their table, and everything that was rejected.

It reads no file format itself: the readers do.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from explorer.errors import NothingUsable, UnreadableFile
from explorer.ingest.bounded import bounded_choice
from explorer.ingest.chatmedia import is_of_people
from explorer.ingest.choosing import check_known, named_with, together
from explorer.ingest.columns import texts, typed
from explorer.ingest.decoding import OnFile
from explorer.ingest.documents import judged, the_decoder
from explorer.ingest.edge import Edge
from explorer.ingest.encodings import printable
from explorer.ingest.faults import faults_of, where_of
from explorer.ingest.gathered import Gathered
from explorer.ingest.joining import Joining, candidates, choose, columns_asked, joining
from explorer.ingest.longtexts import Dividing, dividing
from explorer.ingest.media import OnImage, Opened, own_columns, signs_of
from explorer.ingest.metering import Meter, OnProgress
from explorer.ingest.mixed import found, with_sent
from explorer.ingest.naming import dataset_keys
from explorer.ingest.parts import Part, free_name, items_part, put_together, tell_folders, tell_kinds, vectors_of
from explorer.ingest.pictured import Pictured, columns_of, embedded, gather, gather_brought, parts_of
from explorer.ingest.picturevectors import held_by
from explorer.ingest.reader import MEDIA, Content, Source, Table, check_size
from explorer.ingest.registry import read
from explorer.ingest.sources import Upload, as_paths, is_system_file, told_apart
from explorer.ingest.text import clean, pasted_lines
from explorer.ingest.textcolumn import rank
from explorer.ingest.unusable import no_column, no_text, nothing
from explorer.ingest.vectorcolumns import (
    UNPLACED,
    VECTORS,
    Given,
    beside_pictures,
    labels,
    settled,
    without_vectors,
)
from explorer.types import Dataset, Item, OwnVectors, Rejected, digest, frozen, places_of

_CANDIDATES = 100


def load(
    source: str | Path | Sequence[str | Path],
    *,
    text: str | Sequence[str] | None = None,
    choices: Mapping[str, str] | None = None,
    name: str | None = None,
    on_image: OnImage | None = None,
    progress: OnProgress | None = None,
    on_file: OnFile | None = None,
    without: Collection[str] = (),
    alone: Collection[str] = (),
) -> Dataset:
    """Load a file, a folder, or several of them as one dataset; its rows are in the order given, folders' by name.

    *text* names the text column of a table, or several that are joined as the text in this order (`joining`) and stay
    columns too; without it the column that reads most like text is taken.  A column
    ``source`` tells rows apart when several files with texts, or several folders or archives, come together.
    Files of one upload that cannot be read are rejected as long as another one can.  *choices* say how to read them
    where they could be read in several ways, such as ``{"sheet": "Data"}``; `Dataset.choices` tells which there are.
    *on_file* is told which of several files is being read; those *without* which to read are rejected,
    and pictures, by their marks, are decoded *alone*.

    Raises UnreadableFile, NothingUsable, UnknownColumn, BadChoice.
    """
    paths = as_paths(source)
    title = name or _title(paths)
    asked = {key: value for key, value in (choices or {}).items() if value}
    uploads, rejected = _found(paths, asked)
    _mark(uploads)
    gathered = Gathered(rejected=rejected)
    size = sum(leaf.size for upload in uploads for leaf in upload.files())
    meter = Meter(progress, size, on_file=on_file, without=without, alone=alone)
    for upload in uploads:
        _gather(gathered, upload, on_image, meter, alone=len(paths) == 1 and not upload.container)
    named = columns_asked(text)
    if named:  # one that is nowhere is told, also where all tables join pictures
        choose([], named, [list(table.columns) for table in gathered.tables()], title)
    _join(gathered, named, asked, title)
    join = joining(named, asked, title)
    tables = gathered.tables()
    found = tuple((candidates([table.sample() for table in tables]) or labels(tables))[:_CANDIDATES])
    cut = dividing(tables, named or found[:1], asked, title)
    told = together([*gathered.choices, *(join.choices if join and tables else ()), *cut.choices])
    if gathered.parts:
        check_known(asked, told, title)
    described = gathered.all_described()
    own, column = _parts(gathered, found, named, join, cut, title, meter)
    meter.enter("")
    if not own:
        raise gathered.ended or NothingUsable(nothing(title, gathered.rejected))
    title = name or _title_of(own, paths, gathered.rejected) or title
    made = _dataset(title, own, gathered, column, paths[0].name if len(paths) == 1 else None)
    joined_of = named if join and column else ()
    told = tuple(map(bounded_choice, told))
    shown = named_with(title, told)
    return replace(
        made, name=shown, candidates=found, choices=told, asked=asked, text_columns=joined_of, described=described
    )


def load_text(pasted: str, *, name: str = "Pasted text") -> Dataset:
    """Make a dataset of a pasted text, a line an item, also when the lines look like a table: its `choices` say so.

    Raises NothingUsable when every line is blank.
    """
    lines = pasted_lines(pasted, name=name)
    if not lines.items:
        raise NothingUsable("the pasted text is empty. Paste at least one line.")
    made = _dataset(name, [items_part(name, lines)], Gathered(rejected=lines.rejected), None, name)
    return replace(made, choices=lines.choices)


def _title(paths: Sequence[Path]) -> str:
    named = next((path for path in paths if not is_system_file(path.name)), paths[0])
    return (named.name or named.resolve().name) + (f" and {len(paths) - 1} more" if len(paths) > 1 else "")


def _title_of(parts: Sequence[Part], paths: Sequence[Path], rejected: Sequence[Rejected]) -> str:
    """Return the name of the one of several files whose items these are, where the others stand beside it; else ""."""
    names = [path.name for path in paths if not is_system_file(path.name)]
    lost = {one.source for one in rejected if one.noun == "file"}
    return parts[0].source if len(parts) == 1 and parts[0].source in names and not lost & set(names) else ""


def _found(paths: Sequence[Path], choices: Mapping[str, str]) -> tuple[list[Upload], list[Rejected]]:
    uploads: list[Upload] = []
    rejected: list[Rejected] = []
    for path in paths:
        try:
            upload = found(path, choices)
        except UnreadableFile as exc:
            if len(paths) == 1:
                raise
            rejected.append(Rejected(printable(path.name), None, str(exc)))
            continue
        uploads.append(upload)
        rejected += upload.rejected
    return told_apart(with_sent(uploads)), rejected


def _mark(uploads: Sequence[Upload]) -> None:
    """Tell the files what is likely of them as they come together, the first thing that documents are decoded for."""
    the_decoder().begin()
    marked = iter(judged([leaf for upload in uploads for leaf in upload.sources]))
    for upload in uploads:
        upload.sources = list(islice(marked, len(upload.sources)))


def _gather(gathered: Gathered, upload: Upload, on_image: OnImage | None, meter: Meter, *, alone: bool) -> None:
    """Read an upload; where nothing of it is usable, and it was taken for one of its two kinds, the other one."""
    parts = len(gathered.parts)
    if any(source.kind in MEDIA for source in upload.sources):
        _gather_pictures(gathered, upload, on_image, meter)
    else:
        _gather_files(gathered, upload, on_image, meter, alone=alone)
        if upload.brought:
            chats = [part for part in gathered.parts[parts:] if isinstance(part, Table) and is_of_people(part)]
            seen, bad = gather_brought(upload, chats, on_image, meter.finish, meter.decoding)
            gathered.take(seen, bad)
    usable = any(not isinstance(part, Pictured) or part.pictures for part in gathered.parts[parts:])
    if usable or upload.spare is None:
        gathered.rejected += upload.left
        return
    del gathered.parts[parts:]
    _gather(gathered, replace(upload.spare, left=[]), on_image, meter, alone=alone)


def _gather_pictures(gathered: Gathered, upload: Upload, on_image: OnImage | None, meter: Meter) -> None:
    def entered(source: Source) -> Callable[[int], None]:
        meter.enter(source.name)
        return partial(meter.within, source.size)

    meter.enter("")
    seen, bad = gather(upload, on_image, meter.finish, entered, meter.decoding)
    gathered.take(seen, bad)


def _gather_files(gathered: Gathered, upload: Upload, on_image: OnImage | None, meter: Meter, *, alone: bool) -> None:
    for source in upload.sources:
        try:
            if not alone:
                meter.enter(source.name)
            with meter.edge.of(source.name):
                _gather_texts(gathered, source, meter, on_image)
        except UnreadableFile as exc:
            if alone:
                raise
            gathered.leave(source.name, exc)
        check_size("what was given together", rows=0, columns=len(gathered.columns))
        meter.finish(source.size)


def _gather_texts(gathered: Gathered, source: Source, meter: Meter, on_image: OnImage | None) -> None:
    def advance(seen: int) -> None:
        meter.within(source.size, seen)

    table = read(source, advance)
    gathered.rejected += table.rejected
    gathered.choices += table.choices
    if isinstance(table, Content):
        if table.items:
            gathered.parts.append(items_part(source.name, table))
        elif not table.rejected:
            gathered.rejected.append(Rejected(source.name, None, "the file is empty"))
    elif table.pictures:
        within = partial(meter.within, source.size)
        pictures, rows, bad = embedded(table, on_image, lambda _done: within(source.size), meter.decoding)
        gathered.rejected += bad
        gathered.signs |= signs_of(pictures)
        gathered.parts += [_embedded_part(table, pictures, rows)] if pictures else []
    elif len(table) and table.columns:
        gathered.parts.append(table)
        gathered.columns.update(table.columns)
    elif not table.rejected:
        reason = "the table has column names but no rows" if table.columns and source.size else "the file is empty"
        reason = "its records hold no values" if len(table) else reason
        gathered.rejected.append(Rejected(source.name, None, reason))


def _embedded_part(table: Table, pictures: Sequence[Opened], rows: list[int]) -> Part:
    own = tuple(table.columns)
    made = _metadata(table, rows)
    for name, values in own_columns(pictures).items():
        made[free_name(name, own)] = values
    records = array("q", (table.records[row] for row in rows))
    part = Part(table.name, [picture.ref for picture in pictures], made, tuple(made.columns))
    return replace(part, records=records, numbering=table.numbering)


def _join(gathered: Gathered, named: Sequence[str], asked: Mapping[str, str], title: str) -> None:
    """Put together what belongs together of what was read; see which vectors are taken."""
    gathered.join_documents(named)
    _join_pictures(gathered, named, asked)
    gathered.pair(asked, title)
    gathered.join_vectors(asked)
    only = len(gathered.tables()) == len(gathered.parts)
    gathered.choices = settled(gathered.tables(), gathered.choices, asked, alone=only)


def _join_pictures(gathered: Gathered, asked: Sequence[str], choices: Mapping[str, str]) -> None:
    """Make parts of the pictures, with the columns of tables that name them; not of one with the text asked for.

    How a table among them was read is told if that names some, or where one of its *choices* was made.
    """
    sets = [part for part in gathered.parts if isinstance(part, Pictured)]
    if not sets:
        return
    beside = [beside.table for one in sets for beside in one.beside]
    held = held_by([*beside, *gathered.tables()])
    for table in (*beside, *gathered.tables()):  # beside pictures, which are encoded, texts are too
        if not table.only_vectors:
            without_vectors(table)
    gathered.choices = [choice for choice in gathered.choices if choice.name != VECTORS]
    chats = {id(table) for one in sets for table in one.chats}
    loose = [table for table in gathered.tables() if id(table) not in chats and not set(asked) & set(table.columns)]
    columns, joined, vectors = columns_of(sets, loose, choices, held)
    gathered.described, used = joined.described, joined.used
    left = [(one.table.name, one.column) for one in held]
    gathered.rejected += [beside_pictures(*one) for one in left if one not in vectors.offered]
    gathered.rejected += [*joined.rejected, *vectors.rejected]
    gathered.choices += vectors.choices
    for table in (beside.table for one in sets for beside in one.beside):
        if any(table is one for one in used) or any(choice.name in choices for choice in table.choices):
            gathered.choices += [choice for choice in table.choices if choice.name != VECTORS]
    pictured, faults = parts_of(sets, columns, vectors)
    gathered.rejected += faults
    made = iter(pictured)
    parts = [next(made) if isinstance(part, Pictured) else part for part in gathered.parts]
    gathered.parts = [part for part in parts if not any(part is one for one in used) and _is_left(part)]


def _is_left(part: Part | Table) -> bool:
    """Whether there is anything to read in a part beside pictures; whose vectors a file holds has been said."""
    return not part.only_vectors if isinstance(part, Table) else len(part.items) > 0


def _parts(
    gathered: Gathered,
    found: Sequence[str],
    asked: tuple[str, ...],
    join: Joining | None,
    cut: Dividing,
    title: str,
    meter: Meter,
) -> tuple[list[Part], str | None]:
    """Return all parts, the tables' texts taken out of them, and the name of the (first) text column."""
    tables, given = gathered.tables(), Given(gathered.tables(), others=gathered.bring_vectors())
    main = choose(found, asked, [list(table.columns) for table in tables], title)
    if tables and main is None and all(isinstance(part, Table) for part in gathered.parts):
        raise no_text(title, tables)
    parts: list[Part] = []
    for part in gathered.parts:
        if not isinstance(part, Table):
            stays = isinstance(part, Part) and (not given or part.vectors is not None)
            parts += [part] if isinstance(part, Part) and stays else []
            gathered.rejected += [] if stays else [Rejected(part.source, None, UNPLACED)]
            continue
        try:
            if len(gathered.parts) > 1:
                meter.enter(part.name)
            made = _text_part(part, main, asked, join, given, cut, gathered.rejected)
        except UnreadableFile as exc:
            gathered.leave(part.name, exc)
            continue
        if made is not None:
            parts.append(made)
    return parts, main


def _text_part(
    table: Table,
    main: str | None,
    asked: tuple[str, ...],
    join: Joining | None,
    given: Given,
    cut: Dividing,
    rejected: list[Rejected],
) -> Part | None:
    there = [name for name in asked or (main,) if name in table.columns]
    if not there and not asked:
        there = rank(table.sample())[:1]
    if not there:
        rejected.append(Rejected(table.name, None, no_column(table, asked)))
        return None
    own_columns = tuple(table.columns)
    with Edge().of(table.name):
        if join is None:
            written = texts(table.columns.pop(there[0]))
        else:
            written = join.texts({name: texts(table.columns[name]) for name in there}, len(table))
        items, rows, empty = clean(
            table.name, written, table.records, table.numbering, nulls=table.nulls, with_blanks=join is None
        )
        vectors, unplaced = None, list[Rejected]()
        if given:
            kept, vectors, unplaced = given.of(table, rows)
            items, rows = [items[place] for place in kept], [rows[place] for place in kept]
        passages = cut.of(table, items, rows) if cut.size and vectors is None else None
        items, rows = (items, rows) if passages is None else (passages.texts, passages.rows)
        metadata = _metadata(table, rows)
        if passages is not None:
            metadata = metadata.assign(**passages.columns(own_columns))
    rejected += [*(table.ended_early(one) for one in empty), *unplaced]
    records = table.records if _are_all(rows, table) else array("q", (table.records[row] for row in rows))
    part = Part(table.name, items, metadata, own_columns, records=records, numbering=table.numbering)
    part = replace(part, vectors=vectors, vectors_column=table.vectors, text_column=" + ".join(there))
    return part if items else None


def _are_all(rows: Sequence[int], table: Table) -> bool:
    """Whether rows are all of a table's, each once."""
    return len(rows) == len(table) and all(map(int.__eq__, rows, range(len(table))))


def _metadata(table: Table, rows: Sequence[int]) -> Any:
    """Return the rows' other columns as a DataFrame; takes them out of the table, so that none is held twice."""
    import pandas as pd
    import pyarrow as pa

    kept = None if _are_all(rows, table) else pa.array(rows, pa.int64())
    made: dict[str, Any] = {}
    for name in list(table.columns):
        column = table.columns.pop(name)
        made[name] = typed(column if kept is None else column.take(kept), table.recognise)
    return pd.DataFrame(made, index=pd.RangeIndex(len(rows)))


def _dataset(
    name: str, parts: Sequence[Part], gathered: Gathered, text_column: str | None, alone: str | None
) -> Dataset:
    tell_folders(parts)
    items: list[Item] = [item for part in parts for item in part.items] if len(parts) > 1 else list(parts[0].items)
    table, extra = put_together(parts)
    own = dict.fromkeys(column for part in parts for column in (*part.columns, *part.table.columns))
    columns = tuple(dict.fromkeys([*own, *extra, *tell_kinds(items, table, [*own, *extra])]))
    faults = tuple(sorted(gathered.rejected, key=lambda fault: (fault.source, -1 if fault.row is None else fault.row)))
    vectors = vectors_of(parts)
    given = None if vectors is None else OwnVectors(parts[0].vectors_column, digest(vectors), frozen(vectors))
    key, items_key = dataset_keys(items, table, faults, columns, text_column, alone, given)
    counted = [(part.source, part.numbering, part.records, len(part.items)) for part in parts]
    found = faults_of(items, table, faults, where_of(counted), gathered.signs)
    stand = places_of(counted, items_key)
    made = Dataset(key, name, items, table, faults, items_key, columns, text_column, faults=found, places=stand)
    return replace(made, given=given, signs=gathered.signs)
