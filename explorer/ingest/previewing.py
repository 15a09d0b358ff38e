"""Shows the beginning of a file, a folder or an upload before anything is loaded.

It reads no more than the first records: what it does not see may still be rejected by `load`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from explorer.errors import UnreadableFile
from explorer.ingest.arraysbeside import is_of_another
from explorer.ingest.catalogues import listing
from explorer.ingest.choosing import check_known, together
from explorer.ingest.columns import texts
from explorer.ingest.delimited import DELIMITED
from explorer.ingest.documents import judged
from explorer.ingest.joining import Joining, candidates, choose, columns_asked, joining
from explorer.ingest.longtexts import dividing
from explorer.ingest.looking import Look, looks, sampled
from explorer.ingest.mixed import found, with_sent
from explorer.ingest.pictured import beginning
from explorer.ingest.reader import ITEMS, MEDIA, PICTURE, SOUND, TABLE, Content, Source, Table
from explorer.ingest.registry import read
from explorer.ingest.slack import NO_CHAT
from explorer.ingest.sources import Upload, as_paths
from explorer.ingest.textcolumn import SAMPLE_ROWS
from explorer.ingest.vectorcolumns import VECTORS, labels, settled
from explorer.kinds import kind_of
from explorer.types import Choice

_MOST_FILES = 20
_SAMPLED = 500
_MOST_JUDGED = 200
"""Columns, at most, that are told about: a table of ten thousand has no such preview."""


@dataclass(frozen=True)
class Preview:
    """The beginning of an upload: *kind* is "table", "text", "images", "sounds" or "mixed".

    *candidates* are the columns that read like text, best first; *text_column* the first of them or the one asked
    for – of several what they are called together –, None when there is none.  *rows* are the first records, every
    value as a string, missing ones empty; a line of text is {"text": …}, a picture or a sound {"name": …}.  *choices*
    are what could be read in another way.  Of a table in a large file *sample* has records from anywhere in it; *looks*
    are what the columns of the first 1,000 records and of these hold.
    """

    kind: str
    columns: tuple[str, ...]
    text_column: str | None
    candidates: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    choices: tuple[Choice, ...] = ()
    sample: tuple[dict[str, str], ...] = ()
    looks: tuple[Look, ...] = ()


@dataclass
class _Seen:
    """What has been read: tables, the first rows, those by which columns are judged, what can be chosen."""

    tables: list[Table] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    judged: list[dict[str, str]] = field(default_factory=list)
    sample: list[dict[str, str]] = field(default_factory=list)
    arrays: list[Source] = field(default_factory=list)
    """Files that hold nothing but vectors, and come with others."""


def preview(
    source: str | Path | Sequence[str | Path],
    *,
    text: str | Sequence[str] | None = None,
    choices: Mapping[str, str] | None = None,
    limit: int = 10,
) -> Preview:
    """Show the first *limit* records and the text column that `load` will take, with the same *choices*.

    Reads the first 1,000 records of each file (4 MiB to recognise its encoding), of at most 20 files; of a large one of
    delimited text also some 500 from anywhere.
    Raises UnreadableFile when nothing can be read, UnknownColumn when *text* is no column, BadChoice.
    """
    paths = as_paths(source)
    asked = {key: value for key, value in (choices or {}).items() if value}
    uploads, problem = _uploads(paths, asked)
    sources = judged([leaf for upload in uploads for leaf in upload.sources])
    seen = _Seen()
    for leaf in [leaf for leaf in sources if leaf.kind not in MEDIA and NO_CHAT not in leaf.likely][:_MOST_FILES]:
        try:
            _look(leaf, seen, limit, alone=len(sources) == 1)
        except UnreadableFile as exc:
            problem = exc
    named = columns_asked(text)
    beside = [*_leave_listings(sources, seen, named), *_add_pictures(uploads, seen, limit, named, asked)]
    if not beside:
        _leave_arrays(seen)
    if not seen.rows and problem is not None:
        raise problem
    alone = not beside and {leaf.kind for leaf in sources} == {TABLE}
    seen.choices = settled(seen.tables, seen.choices, asked, alone=alone)
    join = joining(named, asked, paths[0].name)
    samples = [table.sample() for table in seen.tables]
    names = [list(table.columns) for table in seen.tables]
    texts_found = tuple(candidates(samples) or labels(seen.tables))
    cut = dividing(seen.tables, named or texts_found[:1], asked, paths[0].name)
    told = together([*seen.choices, *(join.choices if join and seen.tables else ()), *cut.choices])
    check_known(asked, told, paths[0].name)
    taken = choose(texts_found, named, names, paths[0].name)
    if join and taken:
        _join(seen, join, taken)
    columns = tuple(dict.fromkeys(name for own in [*names, *beside] for name in own))
    return Preview(
        "table" if seen.tables and _kind(sources) == "text" else _kind(sources),
        columns,
        taken,
        texts_found,
        tuple(seen.rows[:limit]),
        told,
        tuple(seen.sample[:limit]),
        looks([*seen.judged, *seen.sample], named or ([taken] if taken else [])),
    )


def _join(seen: _Seen, join: Joining, label: str) -> None:
    """Give the rows of tables the text that their columns make together."""
    for row in seen.rows:
        there = {name: [row[name]] for name in join.columns if name in row}
        if there:
            row[label] = join.texts(there, 1)[0] or ""


def _uploads(paths: Sequence[Path], choices: Mapping[str, str]) -> tuple[list[Upload], UnreadableFile | None]:
    uploads: list[Upload] = []
    problem: UnreadableFile | None = None
    for path in paths:
        try:
            uploads.append(found(path, choices))
        except UnreadableFile as exc:
            if len(paths) == 1:
                raise
            problem = problem or exc
    if not any(upload.sources for upload in uploads) and problem is None:
        name = paths[0].name
        problem = UnreadableFile(f"there is nothing to read in {name}. Add files such as .csv, .txt or .jpg.")
    return with_sent(uploads), problem


def _add_pictures(
    uploads: Sequence[Upload], seen: _Seen, limit: int, named: Sequence[str], asked: Mapping[str, str]
) -> list[list[str]]:
    """Add the first pictures to what is seen, and return the columns of tables that name them, which are no texts."""
    pictured = [upload for upload in uploads if any(leaf.kind in MEDIA for leaf in upload.sources)]
    if not pictured:
        return []
    loose = [table for table in seen.tables if not set(named) & set(table.columns)]
    rows, used, choices = beginning(pictured, loose, limit, seen.arrays, asked)
    seen.rows += rows
    seen.choices = [*(choice for choice in seen.choices if choice.name != VECTORS), *choices]
    seen.tables = [table for table in seen.tables if not any(table is one for one in used)]
    return [list(table.columns) for table in used]


def _leave_listings(sources: Sequence[Source], seen: _Seen, asked: Sequence[str]) -> list[list[str]]:
    """Leave the rows of tables that list the documents beside them, and return their columns, which are no texts."""
    loose = [table for table in seen.tables if not set(asked) & set(table.columns)]
    used = listing([leaf.name for leaf in sources if leaf.kind == ITEMS], loose).tables
    seen.tables = [table for table in seen.tables if not any(table is one for one in used)]
    left = [set(table.columns) for table in used]
    seen.rows = [row for row in seen.rows if set(row) not in left]
    return [list(table.columns) for table in used]


def _leave_arrays(seen: _Seen) -> None:
    """Leave files of arrays that have nothing to read beside other tables, whose vectors they are."""
    left = [table for table in seen.tables if is_of_another(table)]
    if not left or len(left) == len(seen.tables):
        return
    seen.tables = [table for table in seen.tables if not any(table is one for one in left)]
    names = [set(table.columns) for table in left]
    seen.rows = [row for row in seen.rows if set(row) not in names]
    gone = {id(choice) for table in left for choice in table.choices}
    seen.choices = [choice for choice in seen.choices if id(choice) not in gone]


def _look(leaf: Source, seen: _Seen, limit: int, *, alone: bool) -> None:
    """Add what a file begins with; not vectors that come with other files: what they are of, loading finds out."""
    table = read(leaf, _ignore, limit=max(limit, SAMPLE_ROWS) if leaf.kind == ITEMS else SAMPLE_ROWS)
    if isinstance(table, Table) and table.only_vectors and not alone:
        seen.arrays.append(leaf)
        return
    seen.choices += table.choices
    if isinstance(table, Content):
        seen.rows += [_shown(table, row) for row in range(min(limit, len(table.items)))]
        return
    if not table.pictures:
        seen.tables.append(table)
    shown = {name: texts(column.slice(0, SAMPLE_ROWS)) for name, column in table.columns.items()}
    first = [{"name": picture.name} for picture in table.pictures] or [dict[str, str]()] * len(table)
    rows = [
        {**first[row], **{name: shown[name][row] or "" for name in shown}} for row in range(len(table))[:SAMPLE_ROWS]
    ]
    seen.rows += rows[:limit]
    if len(shown) <= _MOST_JUDGED:
        seen.judged += rows
        seen.sample += sampled(leaf, _SAMPLED) if leaf.format is DELIMITED and table.graph is None else []


def _shown(content: Content, row: int) -> dict[str, str]:
    item = content.items[row]
    kind = kind_of(item)
    path = kind.path(item)
    first = {"text": kind.text(item) or ""} if path is None else {"name": path}
    others = {name: "" if values[row] is None else str(values[row]) for name, values in content.columns.items()}
    return {**others, **first}


def _ignore(_seen: int) -> None:
    """Report to nobody."""


def _kind(sources: Sequence[Source]) -> str:
    names = {PICTURE: "images", SOUND: "sounds", ITEMS: "text"}
    kinds = {names.get(leaf.kind, "table") for leaf in sources}
    if kinds == {"text", "table"}:
        return "table"
    return kinds.pop() if len(kinds) == 1 else "mixed"
