"""Joins what lies beside pictures or sounds to them: tables that name them by path, what bears the name of one.

It reads no files: tables come read, and what bears a picture's name is read by `captions`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePosixPath
from typing import Any
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from explorer.ingest.columns import PLAIN, is_strings, texts, typed
from explorer.ingest.images import PICTURES
from explorer.ingest.listednames import listed_in
from explorer.ingest.reader import Table
from explorer.ingest.sounds import SOUNDS
from explorer.types import Rejected, cut, sorted_unique

_ENDINGS = (*PICTURES.suffixes, *SOUNDS.suffixes)
ALL = "_all"
"""What the name of a column ends in that has, as JSON, all values of pictures that have several."""
_MOST, _SURELY = 0.5, 0.8
_DEEPEST = 8
"""Folders of a path that are looked at, from its end."""
_SAMPLE, _SHOWN = 1000, 200
_CAPTION = re.compile(r"(?<=\w)#\d{1,4}\Z")
"""What tells the captions of one picture apart in lists of Flickr's: `1000.jpg#0`."""
_NONE, _SEVERAL = -1, -2
_ELSEWHERE = 0.1
"""The share of bare names that name files of other folders from which they say nothing of the folder."""


@dataclass
class Beside:
    """A table beside pictures: the *folder* it lies in; *inside*: within the same folder or archive as pictures.

    *owners*, where they are known: int64 (rows,), the picture of each row.
    """

    table: Table
    folder: str = ""
    inside: bool = True
    owners: NDArray[np.int64] | None = None


@dataclass
class Joined:
    """What tables say of pictures: columns as long as there are pictures; *used*: the tables that name some."""

    columns: dict[str, Any] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    used: list[Table] = field(default_factory=list)
    described: dict[str, str] = field(default_factory=dict)
    """What the tables, and what was made of them, say of the columns beside their names."""
    naming: list[tuple[Table, NDArray[np.int64]]] = field(default_factory=list)
    """Tables that name pictures by path, with the number of the picture of each row, below 0 for none."""


class Paths:
    """The paths of pictures, found by themselves or by their last parts, with or without their endings."""

    def __init__(self, names: Iterable[str], *, endings: bool = True) -> None:
        self._exact: dict[str, int] = {}
        self._ends: dict[str, int] = {}
        self._names: list[str] = []
        for row, name in enumerate(names):
            parts = _parts(name)
            if not endings:
                parts[-1] = PurePosixPath(parts[-1]).stem
            self._names.append("/".join(parts))
            self._put(self._exact, self._names[-1], row)
            for count in range(1, min(len(parts), _DEEPEST) + 1):
                self._put(self._ends, "/".join(parts[-count:]).casefold(), row)

    @staticmethod
    def _put(into: dict[str, int], key: str, row: int) -> None:
        into[key] = row if into.get(key, row) == row else _SEVERAL

    def find(self, value: str, *, folder: str = "", drop: int = 0) -> int:
        """Return the picture that *value* names, seen from *folder*, without its first *drop* parts.

        _NONE where there is none, _SEVERAL where more than one may be meant.
        """
        parts = _parts(value)[drop:]
        if not parts:
            return _NONE
        path = "/".join(parts)
        near = self._exact.get(f"{folder}/{path}" if folder else path, _NONE)
        return near if near >= 0 else self._ends.get(path.casefold(), _NONE)

    def numbers(self) -> dict[int, int] | None:
        """Return the row of each number that a name is, zeros in front, _SEVERAL of two; None of other names."""
        last = [name.rsplit("/", 1)[-1] for name in self._names]
        if not all(name.isascii() and name.isdigit() and len(name) <= 18 for name in last):
            return None
        often = Counter(map(int, last))
        return {int(name): row if often[int(name)] == 1 else _SEVERAL for row, name in enumerate(last)}

    def told_apart(self, values: Sequence[str | None], found: NDArray[np.int64], folder: str = "") -> NDArray[np.int64]:
        """Return what rows name, int64 (rows,), _SEVERAL where a bare name may be that of others, too.

        It may where the table names what lies elsewhere by bare names, too, or has as many rows of that name as there
        are files of it, and of most files one.
        """
        bare = np.array([value is not None and len(_parts(value)) == 1 for value in values], np.bool_)
        rows = np.flatnonzero(bare & (found >= 0))
        near = np.array(
            [self._exact.get(f"{folder}/{self._end(at)}" if folder else self._end(at)) == at for at in found[rows]]
        )
        doubted = {at for at in found[rows].tolist() if self._ends.get(self._end(at).casefold()) == _SEVERAL}
        if not doubted:
            return found
        if (~near).mean() < _ELSEWHERE:
            counts = Counter(found[rows].tolist())
            again = {at for at, count in counts.items() if count > 1}
            ends = self._unnamed(set(counts) - again, folder) if 2 * len(again) < len(counts) else Counter[str]()
            doubted = {at for at in doubted & again if 1 < ends[self._end(at).casefold()] <= counts[at]}
        return np.where(np.isin(found, list(doubted)) & bare, _SEVERAL, found)

    def _end(self, row: int) -> str:
        return self._names[row].rsplit("/", 1)[-1]

    def _unnamed(self, named: set[int], folder: str) -> Counter[str]:
        """Return how many files of a folder there are of each name, without those that are *named*."""
        within = (row for row, name in enumerate(self._names) if not folder or name.startswith(f"{folder}/"))
        return Counter(self._end(row).casefold() for row in within if row not in named)


@dataclass(frozen=True)
class _Match:
    """How a column names pictures: its values, and for each row the picture, _NONE or _SEVERAL."""

    column: str
    values: Sequence[str | None]
    found: NDArray[np.int64]

    @property
    def rows(self) -> int:
        return int((self.found >= 0).sum())

    def covers(self, pictures: int) -> bool:
        """Whether most pictures are named."""
        return self.rows > 0 and len(sorted_unique(self.found[self.found >= 0])) >= _MOST * pictures

    def names(self, pictures: int) -> bool:
        """Whether most values name a picture, or most pictures are named."""
        given = [value for value in self.values if value is not None]
        padded = any(len(value.strip()) > 1 and value.strip().startswith("0") for value in given)
        if all(value.strip().isdigit() for value in given) and not padded:  # a count of something is the name of 1.jpg
            return 0 < self.rows >= _SURELY * len(given) and self.covers(pictures)
        return 0 < self.rows >= _MOST * len(given) or self.covers(pictures)


def join(names: Sequence[str], good: Sequence[int], tables: Sequence[Beside]) -> Joined:
    """Return what the tables say of the pictures *good*, as numbers of *names*, all paths that pictures were given by.

    A picture without a row has gaps.  One with several keeps the first value of each column; columns in which some
    differ come once more, with all of them as JSON.  Rows that name no picture that can be read are rejected.
    """
    joined = Joined()
    rows = np.full(len(names), _NONE, np.int64)
    rows[list(good)] = np.arange(len(good))
    paths, stems, noun = Paths(names), Paths(names, endings=False), noun_of(names)
    kept: list[tuple[Table, NDArray[np.int64], NDArray[np.int64]]] = []
    for beside in tables:
        owners, table = beside.owners, beside.table
        if owners is None:
            match, reason = _matched(beside, paths, stems, noun, len(names))
            if (listed := _listed(beside, paths, len(names), match.rows if match else 0)) is not None:
                table, match = listed
            if match is None:
                if beside.inside:
                    joined.rejected.append(Rejected(beside.table.name, None, reason))
                continue
            joined.rejected += _unnamed(table, match, rows, noun)
            owners = match.found
            if listed is None:
                joined.naming.append((table, owners))
        here = np.flatnonzero((owners >= 0) & (rows[owners] >= 0))
        kept.append((table, here, rows[owners[here]]))
        joined.used.append(beside.table)
        joined.rejected += beside.table.rejected if beside.inside else []
    joined.columns, joined.described = _columns(kept, len(good))
    for table in joined.used:
        joined.described = {**table.described, **joined.described}
    return joined


def noun_of(names: Sequence[str]) -> str:
    """Return what the files of these paths are: pictures, sounds, or files where some are of each."""
    sounds = sum(name.lower().endswith(SOUNDS.suffixes) for name in names)
    return "picture" if not sounds else "sound" if sounds == len(names) else "file"


def _matched(beside: Beside, paths: Paths, stems: Paths, noun: str, pictures: int) -> tuple[_Match | None, str]:
    """Return how the table names pictures, or None and why it is left out."""
    table = beside.table
    named = [name for name, column in table.columns.items() if _are_names(column)]
    found = [_best(beside, name, paths) for name in named] or [
        match for name in table.columns if (match := _stems(beside, name, stems, pictures)) is not None
    ]
    best = max(found, key=lambda match: match.rows, default=None)
    if best is not None and best.rows and (best.names(pictures) or (beside.inside and named)):
        return best, ""
    doubts = found if named else [match for name in table.columns if (match := _by_stem(beside, name, stems))]
    least = 0 if named else _SURELY * len(table)
    doubted = next((match for match in doubts if (match.found == _SEVERAL).sum() > least), None)
    if doubted is not None:
        shown = (doubted.values[int(np.flatnonzero(doubted.found == _SEVERAL)[0])] or "")[:_SHOWN]
        said = f"what its column {doubted.column[:_SHOWN]!r} names, as {shown}, may be one of several {noun}s"
        return None, f"{said}; write the folder before each name, or load it by itself to read it"
    if named:
        said = f"it lies among {noun}s, but none of those that its column {named[0][:_SHOWN]!r} names is here"
        return None, f"{said}; add them, or load it by itself to read it"
    return None, f"it lies among {noun}s, and no column names them by path or file name; load it by itself to read it"


def _listed(beside: Beside, paths: Paths, pictures: int, known: int) -> tuple[Table, _Match] | None:
    """Return the table by a column whose cells list pictures, a row for each; None where that finds no more."""

    def find(name: str) -> int:
        deep = range(min(len(_parts(name)), _DEEPEST))
        return next((at for drop in deep if (at := paths.find(name, folder=beside.folder, drop=drop)) >= 0), _NONE)

    listed = listed_in(beside.table, _ENDINGS, find)
    if listed is None or listed.count <= known:
        return None
    match = _Match(listed.column, listed.values, listed.found)
    return (listed.table, match) if beside.inside or match.names(pictures) else None


def _are_names(column: Any) -> bool:
    """Whether most of the first values of a column are names of picture or sound files."""
    if not is_strings(column):
        return False
    values = list(islice((value for value in column.slice(0, 4 * _SAMPLE).to_pylist() if value), _SAMPLE))
    endings = sum(_plain(value)[-6:].lower().endswith(_ENDINGS) for value in values)
    return bool(values) and endings >= _MOST * len(values)


def _best(beside: Beside, name: str, paths: Paths) -> _Match:
    """Return how a column of file names finds most pictures: as it is, or without its first folders."""
    values = texts(beside.table.columns[name])
    deepest = max((len(_parts(value)) for value in values[:_SAMPLE] if value), default=1)
    tried = (
        _Match(name, values, found if not drop else _once(values, found))
        for drop in range(min(deepest, _DEEPEST))
        for found in [_found(values, paths, beside.folder, drop)]
    )
    return max(tried, key=lambda match: match.rows)


def _stems(beside: Beside, name: str, stems: Paths, pictures: int) -> _Match | None:
    """Return how a column names pictures without their endings.

    Numbers may count anything: they are names where none comes again and most pictures are among them.
    """
    match = _by_stem(beside, name, stems)
    if match is None or not match.names(pictures):
        return None
    known = [value for value in match.values if value]
    counts = all(value.isdecimal() for value in known)
    return None if counts and not (len(set(known)) == len(known) and match.covers(pictures)) else match


def _by_stem(beside: Beside, name: str, stems: Paths) -> _Match | None:
    column = beside.table.columns[name]
    if not is_strings(column) and "int" not in str(column.type):
        return None
    values = texts(column)
    return _Match(name, values, _found(values, stems, beside.folder, 0))


def _found(values: Sequence[str | None], paths: Paths, folder: str, drop: int) -> NDArray[np.int64]:
    found = [_NONE if not value else paths.find(value, folder=folder, drop=drop) for value in values]
    return paths.told_apart(values, np.array(found, np.int64), folder)


def _once(values: Sequence[str | None], found: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the pictures found, _SEVERAL for those that different paths would name."""
    first: dict[int, str] = {}
    torn: set[int] = set()
    for value, at in zip(values, found.tolist(), strict=True):
        if at >= 0 and value is not None and _plain(first.setdefault(at, value)) != _plain(value):
            torn.add(at)
    return np.where(np.isin(found, list(torn)), _SEVERAL, found) if torn else found


def _unnamed(table: Table, match: _Match, rows: NDArray[np.int64], noun: str) -> list[Rejected]:
    """Return a rejection for each row whose picture is not there, could not be read, or may be one of several."""
    rejected = []
    for at, (value, found) in enumerate(zip(match.values, match.found.tolist(), strict=True)):
        shown = (value or "")[:_SHOWN]
        if found >= 0 and rows[found] >= 0:
            continue
        if found >= 0:
            reason = f"its {noun}, {shown}, could not be read"
        elif found == _SEVERAL:
            reason = f"{shown} may be one of several {noun}s; name it by its whole path"
        elif shown:
            reason = f"its {noun}, {shown}, is not here; add it, or correct its name"
        else:
            reason = f"it names no {noun} in {match.column[:_SHOWN]}"
        rejected.append(table.without(at, reason))
    return rejected


def _columns(
    kept: Sequence[tuple[Table, NDArray[np.int64], NDArray[np.int64]]], pictures: int
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the columns of the tables' rows by picture, as pandas Series; *kept*: table, its rows, their pictures.

    And what those are that no table has.
    """
    made: dict[str, Any] = {}
    described: dict[str, str] = {}
    for name in dict.fromkeys(name for table, _, _ in kept for name in table.columns):
        having = [(table, here, owners) for table, here, owners in kept if name in table.columns]
        column = _one_below_the_other([table.columns[name].take(here) for table, here, _ in having])
        recognise = min(table.recognise for table, _, _ in having)
        valid = _filled(column)
        owners = np.concatenate([owners for _, _, owners in having])[valid]
        first = np.full(pictures, _NONE, np.int64)
        first[owners[::-1]] = valid[::-1]
        made[name] = typed(_taken(column, first), recognise)
        written = texts(column.take(valid))
        if _differ(written, owners):
            free = next(f"{name}{ALL}{n or ''}" for n in range(len(kept) + 9) if f"{name}{ALL}{n or ''}" not in made)
            made[free] = _lists(written, owners, pictures)
            described[free] = (
                f"all that “{cut(name, _SHOWN)}” says, where several rows name one picture; it has the first"
            )
    return made, described


def _filled(column: Any) -> NDArray[np.int64]:
    """Return the rows of an arrow column that hold a value: no gap, no NaN, nothing blank."""
    import pyarrow.compute as pc

    there = pc.invert(pc.is_null(column, nan_is_null=True))
    if is_strings(column):
        there = pc.and_(there, pc.fill_null(pc.not_equal(pc.utf8_trim_whitespace(column), ""), False))
    return np.flatnonzero(there.to_numpy())


def _one_below_the_other(parts: Sequence[Any]) -> Any:
    import pyarrow as pa

    chunked = [part if isinstance(part, pa.ChunkedArray) else pa.chunked_array([part]) for part in parts]
    if len({part.type for part in chunked}) > 1:
        chunked = [pa.chunked_array([pa.array(texts(part), pa.large_string())]) for part in chunked]
    return pa.chunked_array([chunk for part in chunked for chunk in part.chunks], chunked[0].type)


def _taken(column: Any, rows: NDArray[np.int64]) -> Any:
    import pyarrow as pa

    return column.take(pa.array(rows, mask=rows < 0))


def _differ(values: Sequence[str | None], owners: NDArray[np.int64]) -> bool:
    first: dict[int, str | None] = {}
    return any(first.setdefault(owner, value) != value for value, owner in zip(values, owners.tolist(), strict=True))


def _lists(values: Sequence[str | None], owners: NDArray[np.int64], pictures: int) -> Any:
    """Return for each picture its values, one after the other, as JSON; None for one that has none."""
    import pyarrow as pa

    lists: list[list[str | None]] = [[] for _ in range(pictures)]
    for value, owner in zip(values, owners.tolist(), strict=True):
        lists[owner].append(value)
    said = [json.dumps(found, ensure_ascii=False) if found else None for found in lists]
    return typed(pa.chunked_array([pa.array(said, pa.large_string())]), PLAIN)


def _plain(value: str) -> str:
    """Return a path as it stands in a column without what is around it: blanks, an address's query, a number."""
    value = _CAPTION.sub("", value.strip().replace("\\", "/"))
    return value.split("?", 1)[0].split("#", 1)[0] if "://" in value[:16] else value


def _parts(value: str) -> list[str]:
    """Return the parts of a path, without ".", each ".." with the part before it."""
    parts: list[str] = []
    for part in normalize("NFC", _plain(value)).split("/"):  # a letter with its accent may be one sign or two
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return parts or [""]
