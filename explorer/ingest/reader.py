"""What a reader is: the file that it is given, the table or the items that it returns, what is told of its format.

It reads nothing and lists no readers: `registry` does.
"""

from __future__ import annotations

import io
import zipfile
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Protocol, TypeAlias, cast

from explorer.errors import UnknownKind, UnreadableFile
from explorer.ingest.columns import PLAIN, is_strings
from explorer.ingest.edge import why
from explorer.ingest.packing import MARK_BYTES, is_packed, packing_of, suffix_of, unpacked_file
from explorer.ingest.textcolumn import NULLS, SAMPLE_ROWS
from explorer.kinds import by_kind, kind_named, open_archive
from explorer.types import Choice, Item, Numbering, Rejected, cut_at_word

NO_RESULT = (
    "have no result in the file: its program never computed them. Open it in a spreadsheet program, save it there, and "
    "load it again"
)
TABLE, ITEMS, PICTURE, SOUND, ARCHIVE = "table", "items", "picture", "sound", "archive"
"""What a file of a format gives: a table whose text column is still to be chosen, items, one item, other files."""
MEDIA = (PICTURE, SOUND)
"""Of these a file is one item, and is decoded."""

BATCH = 20_000
MAX_COLUMNS = 10_000
MAX_ROWS = 10_000_000
MAX_CELLS = 200_000_000
"""How large a table may be, judged before it is in memory; a cell takes about eight bytes, a column about 10 kB."""
_SAMPLE_CELLS = 1_000_000
_NAMES_SHOWN, _NAME_SHOWN, _TITLE_SHOWN = 30, 100, 200
_BUFFER = 2**18

Advance: TypeAlias = Callable[[int], None]
"""Called with the bytes of the present file that have been read so far; may raise to stop."""


NO_NULS = "left out: no text has such"


def nuls_left_out(count: int) -> str:
    """Return what is told of so many NUL characters."""
    return f"{count:,} NUL character{'s are' if count > 1 else ' is'} {NO_NULS}"


@dataclass(frozen=True)
class Source:
    """One file to read: at *path*, or the entry *member* of the archive at *path*; *name* is its path in the upload.

    *choices* are the ways to read it that somebody asked for, by the names of `Choice`; a reader takes those that it
    knows, and raises BadChoice for a value that cannot be.
    """

    name: str
    path: Path
    format: Format | None
    size: int
    member: str = ""
    choices: Mapping[str, str] = field(default_factory=dict, hash=False)
    likely: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What the whole upload says of it, where nobody chose: what is likely, and why."""
    torn: list[str] = field(default_factory=list, compare=False, hash=False)
    nuls: list[int] = field(default_factory=list, compare=False, hash=False)
    """How many NUL characters its text has, which are left out; once that was looked for, in ever more of it."""
    """Why what it is packed in could not be read to its end, once that was tried."""

    @property
    def kind(self) -> str:
        """What it gives; empty for a file that is not read."""
        return "" if self.format is None else self.format.kind

    @property
    def suffix(self) -> str:
        """The ending of its name, in lower case."""
        return suffix_of(self.name)

    @property
    def packed(self) -> bool:
        """Whether what the format reads has to be unpacked first."""
        return bool(self._packing)

    @cached_property
    def _packing(self) -> str:
        """How it is packed, by what it begins with, whatever its name says; "" where it is not.  Raises UnreadableFile.

        One that cannot be told by that, as an empty one, is what its name says.
        """
        if self.format is None or self.kind in (*MEDIA, ARCHIVE):
            return ""
        named = self.suffix if is_packed(self.name) and self.suffix not in self.format.suffixes else ""
        with self._opened() as file:
            beginning = file.read(MARK_BYTES)
        return packing_of(beginning) if beginning else named

    def open(self) -> IO[bytes]:
        """Open it for reading from the start, unpacked; of what is torn its whole lines.  Raises UnreadableFile.

        How far one has got, the file says in bytes of what is packed; only one that is not packed can be sought in.
        """
        packing, file = self._packing, self._opened()
        return unpacked_file(packing, file, self._tear) if packing else file

    def _tear(self, why: str) -> None:
        if not self.torn:
            self.torn.append(why)

    def open_whole(self) -> IO[bytes]:
        """Open it so that it can be sought in: from memory, where it lies in an archive or is packed."""
        file = self._opened()
        if not self.member and not self.packed:
            return file
        with unpacked_file(self._packing, file) if self.packed else file as file:
            return io.BytesIO(file.read())

    def _opened(self) -> IO[bytes]:
        try:
            if self.member:
                # Buffered: a long line of an entry would be looked for in pieces of 512 bytes.
                return io.BufferedReader(cast(io.RawIOBase, open_archive(self.path).open(self.member)), _BUFFER)
            return self.path.open("rb")
        except (OSError, KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile) as exc:
            raise UnreadableFile(f"cannot open {self.name}: {why(exc)}. Check the file and load it again.") from exc


@dataclass
class Table:
    """Equally long arrow columns by name, the record number of each row, what was rejected, what can be chosen."""

    name: str
    columns: dict[str, Any]
    records: array[int]
    rejected: list[Rejected] = field(default_factory=list)
    recognise: int = PLAIN
    choices: tuple[Choice, ...] = ()
    pictures: Sequence[Source] = ()
    """Where the picture of each row is, if these are the items; then no column is the text."""
    text: str = ""
    """The column that is the text, where the format says so."""
    only_vectors: bool = False
    """Whether its file holds nothing but vectors."""
    array: str = ""
    """What the array of such a file is called in it; "" where it has no name."""
    arrays: tuple[str, ...] = ()
    """Of a file of several arrays: the columns that are vectors; the others have as many values."""
    words: bool = False
    """Whether the text of each row is a word or a name by itself: “null” is one then, and no gap."""
    said: bool = False
    """Whether the text of each row is what somebody said: “null” and “-” are that then, too."""
    graph: Any = None
    """The graph whose nodes it has: a `Graph` (`nodes`)."""
    vectors: str = ""
    """The column that has the vectors of the rows, where they are given."""
    numbering: Numbering = field(default_factory=Numbering)
    """What the records are called where the file is opened, and their numbers there."""
    short: dict[int, str] = field(default_factory=dict)
    """Of records that ended early, and lack their last cells: how many they have where."""
    untold: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Of records that can have no text: why, and what they are, such as a note of a chat itself."""
    asides: dict[str, Any] = field(default_factory=dict)
    """Columns that are left out, as only rows without a text have them: what a message brings beside no words."""
    described: Mapping[str, str] = field(default_factory=dict)
    """What the file says of columns beside their names, such as the question of a survey."""

    def __len__(self) -> int:
        return len(self.records)

    @property
    def nulls(self) -> frozenset[str]:
        """What in its text stands for none."""
        return frozenset() if self.words or self.said else NULLS

    def check(self) -> None:
        """Raise ValueError unless every column has a value for every row, and every fault is one."""
        _equally_long(self.columns, len(self))
        _faults(self.rejected)

    def without(self, row: int, reason: str) -> Rejected:
        """Return the rejection of one of its rows."""
        return Rejected(self.name, self.records[row], reason, self.numbering.place(self.records[row]))

    def ended_early(self, rejected: Rejected) -> Rejected:
        """Return a rejection for want of a text; of a record that ended before its text, or has none, it says that."""
        if (row := rejected.row) is not None and row in self.untold:
            reason, what = self.untold[row]
            return replace(rejected, reason=reason, what=what)
        said = self.short.get(-1 if rejected.row is None else rejected.row)
        return replace(rejected, reason=f"{said}: it ends before its text") if said else rejected

    def sample(self) -> dict[str, list[str]]:
        """Return for each string column the first rows' values that are not missing: fewer where columns are many."""
        rows = min(SAMPLE_ROWS, max(20, _SAMPLE_CELLS // max(1, len(self.columns))))
        return {
            name: [value for value in column.slice(0, rows).to_pylist() if value is not None]
            for name, column in self.columns.items()
            if is_strings(column) and self.text in ("", name)
        }


def check_size(name: str, *, rows: int, columns: int) -> None:
    """Raise UnreadableFile when a table is larger than can be explored."""
    if columns > MAX_COLUMNS:
        raise UnreadableFile(f"{name} has {columns:,} columns; the limit is {MAX_COLUMNS:,}. Keep those that you need.")
    if rows > MAX_ROWS:
        raise UnreadableFile(f"{name} has more than {MAX_ROWS:,} rows; that is the limit. Load a part of them.")
    if rows * columns > MAX_CELLS:
        raise UnreadableFile(
            f"{name} has {rows:,} rows of {columns:,} columns; the limit is {MAX_CELLS:,} cells. "
            "Keep the columns that you need, or a part of the rows."
        )


def above_names(title: str) -> str:
    """Return the reason why a line, or a row, above the column names is none of the records."""
    return f"it stands above the column names: {cut_at_word(title, _TITLE_SHOWN)}"


def below_table(said: str) -> str:
    """Return the reason why a row below the last one of a table is none of the records."""
    return f"it stands below the table: {cut_at_word(said, _TITLE_SHOWN)}"


def below_names(said: str) -> str:
    """Return the reason why a row below the column names is none of the records."""
    return f"it explains the column names: {cut_at_word(said, _TITLE_SHOWN)}"


def listed(names: Iterable[str]) -> str:
    """Return the names for a sentence: a few dozen of them, and how many there are besides."""
    known = list(names)
    shown = ", ".join(name[:_NAME_SHOWN] for name in known[:_NAMES_SHOWN])
    return f"{shown} and {len(known) - _NAMES_SHOWN:,} more" if len(known) > _NAMES_SHOWN else shown


def joined(parts: list[Any]) -> Any:
    """Return arrow arrays one below the other as one column; of none, an empty one of strings."""
    import pyarrow as pa

    return pa.chunked_array(parts, type=None if parts else pa.large_string())


@dataclass
class Content:
    """Items, equally long columns of plain values beside them, what was rejected, and what can be chosen."""

    items: Sequence[Item]
    rejected: list[Rejected] = field(default_factory=list)
    columns: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    records: Sequence[int] | None = None
    """The record number of each item, where it is known."""
    numbering: Numbering = field(default_factory=Numbering)

    def __post_init__(self) -> None:
        _equally_long(self.columns, len(self.items))

    def check(self) -> None:
        """Raise ValueError unless columns and items are equally long, of known kinds, and every fault is one."""
        _equally_long(self.columns, len(self.items))
        if self.records is not None:
            _equally_long({"of records": self.records}, len(self.items))
        _faults(self.rejected)
        try:
            for name in by_kind(self.items):
                kind_named(name)
        except UnknownKind as exc:
            raise ValueError(str(exc)) from exc


def _equally_long(columns: Mapping[str, Any], rows: int) -> None:
    for name, values in columns.items():
        if len(values) != rows:
            raise ValueError(f"{rows} rows but {len(values)} values in the column {name!r}")


def placed(found: Table | Content) -> None:
    """Give what was rejected its place in words, where the reader gave it none."""
    for at, one in enumerate(found.rejected):
        if one.row is not None and not one.place:
            found.rejected[at] = replace(one, place=found.numbering.place(one.row))


def _faults(rejected: Sequence[object]) -> None:
    strange = next((fault for fault in rejected if not isinstance(fault, Rejected)), None)
    if strange is not None:
        raise ValueError(f"{strange!r} among what it rejected is no Rejected")


class Format(Protocol):
    """A family of file formats: its *name* in a sentence, its endings in lower case, what it takes, what it gives."""

    @property
    def name(self) -> str:
        """What a user calls its files, such as "JSON lines"."""
        ...

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The endings of its files' names, in lower case, with their dots."""
        ...

    @property
    def summary(self) -> str:
        """What is made of such a file, in a sentence."""
        ...

    @property
    def kind(self) -> str:
        """TABLE or ITEMS; PICTURE, SOUND and ARCHIVE are ours."""
        ...

    def recognises(self, head: bytes, name: str, /) -> bool:
        """Whether a file is surely one of these, by its first `HEAD` bytes; else its ending decides."""
        ...


class Reader(Format, Protocol):
    """A format with what reads it."""

    def read(self, source: Source, advance: Advance, /, *, limit: int | None = None) -> Table | Content:
        """Read the file, or with *limit* about its first so many records.  Raises UnreadableFile.

        A bad record is rejected with its reason, under the source's name.  What could be read in another way is told
        in `choices`, whether it was asked for in the source's or not.
        """
        ...


HEAD = 4096


@dataclass(frozen=True, kw_only=True)
class NamedFormat:
    """A format whose files are known by their names' endings; *cures* say what to do with others like it.

    *choices* are the names of what can be read in another way, *limits* say how large a file may be.
    """

    name: str
    suffixes: tuple[str, ...]
    summary: str
    kind: str
    cures: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    limits: str = ""

    def recognises(self, _head: bytes, _name: str) -> bool:
        """Return False: the ending decides."""
        return False


@dataclass(frozen=True, kw_only=True)
class FileReader(NamedFormat):
    """A reader whose files are known by their names' endings."""

    read: Callable[..., Table | Content]
