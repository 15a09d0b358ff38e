"""Reads a table of a SQLite database: only ever looked at, none of its views, triggers and extensions is run.

It chooses no text column and builds no items: `loading` does.
"""

from __future__ import annotations

import math
import sqlite3
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from explorer.errors import UnreadableFile
from explorer.ingest.choosing import chosen
from explorer.ingest.columnnames import unique_names
from explorer.ingest.columns import flat, from_values, sized, texts, utf8
from explorer.ingest.reader import (
    BATCH,
    MAX_ROWS,
    TABLE,
    Advance,
    FileReader,
    Source,
    Table,
    check_size,
    joined,
    listed,
)
from explorer.ingest.textcolumn import rank, score
from explorer.ingest.writeahead import has_log, log_of, with_log
from explorer.types import PART, ROW, Choice, Numbering, Rejected

_MAGIC, _START = b"SQLite format 3\0", 100
NO_LOG = (
    "newer rows may be missing: its program keeps them in “{}-wal” beside it. Load the folder or a zip with both, or "
    "close the program first"
)
_JOURNAL, _PLAIN_JOURNAL = slice(18, 20), b"\1\1"
"""Where the file says by what journal it is written; one in memory can have the plain one only."""
_LONGEST = 2**28
"""Bytes of the longest value."""
_MOST_TABLES = 1_000
_JUDGED = 200
"""Rows by which a table is judged to hold text, and tables that are."""
_CALLED_TEXT = 0.1
"""How much a column reads like text that is only called so."""
_CURE = " (the database is damaged: save it anew by sqlite3's “.recover”, or take an older copy)"
_FTS = ("content", "docsize", "segments", "segdir", "stat")
_OWN = {
    "fts3": _FTS,
    "fts4": _FTS,
    "fts5": ("content", "docsize", "data", "idx", "config"),
    "rtree": ("node", "parent", "rowid"),
}
"""What the tables that hold a virtual table end in, behind its name, by what makes it."""
_NOT_RUN = frozenset({"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"})


@dataclass(frozen=True)
class _Known:
    """A table of the database: how many rows it has (no more than are read, and one), and how much of it is text.

    *reads* is how much its best column reads like text, times the logarithm of how many such texts there are; *fault*
    why what follows these rows cannot be read; *within* the virtual table that it is a part of.
    """

    name: str
    rows: int
    reads: float = 0.0
    fault: str = ""
    within: str = ""

    def why_left(self) -> str:
        """Return why it is not read, and what to do; "" where nothing is in it."""
        if self.fault and not self.rows:
            return f"the table {self.name[:100]} cannot be read: {self.fault}{_CURE}"
        damaged = f"; what follows its row {self.rows:,} cannot be read: {self.fault}{_CURE}" if self.fault else ""
        return f"the table {self.name[:100]} is left out; choose it{damaged}" if self.rows and not self.within else ""


def read_sqlite(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the table that was chosen, or the one with most text; or its first *limit* rows.

    Other tables and views are listed.  Raises UnreadableFile, BadChoice.
    """
    newer: list[Rejected] = []
    try:
        with _opened(source, newer) as database:
            known, others = _tables(source, database)
            if not known:
                raise UnreadableFile(f"{source.name} has no table. Save what is to be read as one.")
            choice = _choice(source, known)
            taken = next(one for one in known if one.name == choice.value)
            if taken.fault and not taken.rows:
                lost = "; ".join(one.why_left() for one in known if one.fault and not one.rows)
                raise UnreadableFile(f"{source.name} has nothing that can be read: {lost}.")
            table = _read(source, database, choice.value, taken.rows, advance, limit)
    except sqlite3.Error as exc:
        raise UnreadableFile(f"{source.name} cannot be read as a SQLite database: {exc}. Export it again.") from exc
    table.choices = (choice,)
    table.rejected += newer
    left = [why for one in known if one.name != choice.value and (why := one.why_left())]
    own = [] if taken.rows or taken.fault else [f"the table {choice.value[:100]} has no rows"]
    reasons = [*own, *left, *others]
    table.rejected += [Rejected(source.name, None, reason, what=TABLE) for reason in reasons]
    advance(source.size)
    return table


@contextmanager
def _opened(source: Source, rejected: list[Rejected]) -> Iterator[sqlite3.Connection]:
    """Give the database, in which nothing can be done but to look at its tables; newer rows may be *rejected*."""
    with source.open() as file:
        start = file.read(_START)
    if not start.startswith(_MAGIC):
        said = "is empty" if not start else "is no SQLite database, or is encrypted"
        raise UnreadableFile(f"{source.name} {said}. Export its table as CSV.")
    log = log_of(source) if has_log(start) else b""
    if has_log(start) and not log:
        rejected.append(Rejected(source.name, None, NO_LOG.format(source.name), what=PART))
    if source.member or source.packed or log:
        with source.open_whole() as file:
            content = bytearray(with_log(file.read(), log))
        content[_JOURNAL] = _PLAIN_JOURNAL
        database = sqlite3.connect(":memory:")
        database.deserialize(bytes(content))
    else:
        database = sqlite3.connect(f"{source.path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        for said in ("trusted_schema=OFF", "query_only=ON", "cell_size_check=ON"):
            database.execute(f"PRAGMA {said}")
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        database.set_authorizer(_allowed)
        database.text_factory = _text
        yield database
    finally:
        database.close()


def _allowed(action: int, first: str | None, second: str | None, _database: str | None, _within: str | None) -> int:
    looks = action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
    counts = action == sqlite3.SQLITE_FUNCTION and (second or first) not in _NOT_RUN
    return sqlite3.SQLITE_OK if looks or counts else sqlite3.SQLITE_DENY


def _text(value: bytes) -> str | bytes:
    text = utf8(value)
    return value if text is None else text


def _tables(source: Source, database: sqlite3.Connection) -> tuple[list[_Known], list[str]]:
    """Return the tables, and why what else is called like one is not read."""
    found = database.execute("SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
    known: list[_Known] = []
    others: list[str] = []
    virtual = {str(name): _made_by(told) for kind, name, told in found if kind == "table" and _is_virtual(told)}
    within = {f"{name}_{part}": name for name, module in virtual.items() for part in _OWN.get(module, ())}
    for kind, name, told in found:
        if not isinstance(name, str) or name.startswith("sqlite_"):
            continue
        if kind == "view":
            others.append(f"the view {name[:100]} is not run; save what it shows as a table")
        elif _is_virtual(told):
            others.append(f"the virtual table {name[:100]} is not read; save it as a table")
        elif len(known) < _MOST_TABLES:
            one = _counted(source, database, name, judge=len(known) < _JUDGED)
            known.append(replace(one, within=within.get(name, "")))
        else:
            others.append(f"the table {name[:100]} is not looked at: only the first {_MOST_TABLES:,} are")
    return known, others


def _is_virtual(told: Any) -> bool:
    return str(told).upper().lstrip().startswith("CREATE VIRTUAL")


def _made_by(told: Any) -> str:
    """Return what makes a virtual table, as "fts5"."""
    words = str(told).casefold().split("using", 1)[-1].split("(")[0].split()
    return words[0] if words else ""


def _counted(source: Source, database: sqlite3.Connection, name: str, *, judge: bool) -> _Known:
    rows, fault = _count(database, f"SELECT 1 FROM {_quoted(name)} LIMIT {MAX_ROWS + 1}")
    if fault:  # an index may be whole whose table is not
        rows, fault = _count(database, f"SELECT * FROM {_quoted(name)} LIMIT {MAX_ROWS + 1}")
    if not judge or not rows or source.choices.get("table"):
        return _Known(name, rows, fault=fault)
    read, names = list[Any](), tuple[str, ...]()
    try:
        cursor = database.execute(f"SELECT * FROM {_quoted(name)} LIMIT {min(rows, _JUDGED)}")
        names = unique_names(column[0] for column in cursor.description)
        for row in cursor:
            read.append(row)
    except sqlite3.DatabaseError as exc:
        rows, fault = len(read), str(exc)
    values = list(zip(*read, strict=True)) or [()] * len(names)
    sample = {
        one: [value for value in column if isinstance(value, str)] for one, column in zip(names, values, strict=True)
    }
    reads = _reads({one: column for one, column in sample.items() if column}, rows)
    return _Known(name, rows, reads, fault)


def _reads(sample: Mapping[str, Sequence[str]], rows: int) -> float:
    """Return how much there is to read in a table of so many rows: few texts that come again and again are little."""
    best = rank(sample)[:1]
    if not best:
        return 0.0
    texts = sample[best[0]]
    distinct = len(set(texts))
    told = rows * len(texts) / min(rows, _JUDGED) if 2 * distinct > len(texts) else distinct
    return max(score(texts, best[0]), _CALLED_TEXT) * math.log2(1 + told)


def _count(database: sqlite3.Connection, asked: str) -> tuple[int, str]:
    """Return how many rows an answer has, of a damaged table those before the damage, and what is said of this."""
    try:
        return int(database.execute(f"SELECT count(*) FROM ({asked})").fetchone()[0]), ""
    except sqlite3.DatabaseError as exc:
        rows, fault = 0, str(exc)
        with suppress(sqlite3.DatabaseError):
            for _ in database.execute(asked):
                rows += 1
        return rows, fault


def _choice(source: Source, known: Sequence[_Known]) -> Choice:
    options = tuple((one.name, f"{one.name[:100]} ({one.rows:,} rows)") for one in known)
    own = [one for one in known if not one.within and (one.rows or one.fault)]
    best = own or [one for one in known if one.name.endswith("_content")] or known
    most = max(best, key=lambda one: (one.reads, one.rows))
    rivals = [one for one in best if bool(one.reads) == bool(most.reads) and one.rows]
    why = "" if len(rivals) < 2 else "it has the most " + ("text" if most.reads else "rows")
    if lost := [one.name[:100] for one in best if one.fault and not one.rows and one is not most]:
        why = f"{why or 'it is what can be read'}; the database is damaged, and {listed(lost)} cannot be read"
    elif most.within:
        why = f"it is part of the virtual table {most.within[:100]}, which is not read itself"
    return chosen(source, Choice("table", "Table", most.name, options, sure=not why, why=why))


def _read(
    source: Source, database: sqlite3.Connection, name: str, rows: int, advance: Advance, limit: int | None
) -> Table:
    most = f" LIMIT {int(limit)}" if limit is not None else ""
    cursor = database.execute(f"SELECT * FROM {_quoted(name)}{most}")
    names = unique_names(column[0] for column in cursor.description)
    check_size(source.name, rows=rows if limit is None else 0, columns=len(names))
    table = Table(source.name, {}, array("q"), numbering=Numbering(ROW, name[:100]))
    parts = [list[Any]() for _ in names]
    try:
        for batch in _batches(cursor):
            for part, values in zip(parts, zip(*batch, strict=True), strict=True):
                part.append(_column(values))
            table.records.extend(range(len(table), len(table) + len(batch)))
            advance(source.size * min(len(table), rows) // max(rows, 1))
    except sqlite3.Error as exc:
        reason = f"what follows its row {len(table):,} cannot be read: {exc}"
        table.rejected.append(Rejected(source.name, None, reason, what=PART))
    table.columns = {name: _united(part) for name, part in zip(names, parts, strict=True)}
    return table


def _batches(cursor: sqlite3.Cursor) -> Iterator[list[Any]]:
    """Yield the rows, many at a time, also those right before the damage that is then raised."""
    rows: list[Any] = []
    try:
        for row in cursor:
            rows.append(row)
            if len(rows) == BATCH:
                yield rows
                rows = []
    except sqlite3.Error:
        if rows:
            yield rows
        raise
    if rows:
        yield rows


def _column(values: Sequence[Any]) -> Any:
    """Return the values of some rows as an arrow array: of bytes those that are UTF-8 as text, others by their size."""
    import pyarrow as pa

    kinds = {type(value) for value in values} - {type(None)}
    if not kinds:
        return pa.nulls(len(values))
    if kinds == {bytes}:
        return flat(pa.chunked_array([pa.array(values, pa.large_binary())])).combine_chunks()
    return from_values([_told(value) if isinstance(value, bytes) else value for value in values])


def _told(value: bytes) -> str:
    text = utf8(value)
    return sized(value) if text is None else text


def _united(parts: Sequence[Any]) -> Any:
    """Return a column of its parts, as text where these are of several types."""
    import pyarrow as pa

    kinds = {part.type for part in parts if not pa.types.is_null(part.type)}
    if len(kinds) > 1:
        return joined([pa.array(texts(part), pa.large_string()) for part in parts])
    kind = next(iter(kinds), pa.large_string())
    return joined([part.cast(kind) if part.type != kind else part for part in parts])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


SQLITE = FileReader(
    name="SQLite",
    suffixes=(".sqlite", ".sqlite3", ".db"),
    summary="A table of the database: the one with most text, or the one chosen.",
    kind=TABLE,
    read=read_sqlite,
    choices=("table",),
)
