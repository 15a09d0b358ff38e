"""Tells which files of a folder are its table, where that is kept as Delta Lake or Iceberg keep it, or by partitions.

What was deleted or replaced lies there still: the log says what is valid.  It reads no rows: the readers do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

from explorer.errors import UnreadableFile
from explorer.ingest.edge import DAMAGED
from explorer.ingest.reader import Source, Table
from explorer.types import PART, Rejected

_LOG = "_delta_log"
_COMMIT, _CHECKPOINT = re.compile(r"\d{20}\.json"), re.compile(r"(\d{20})\.checkpoint\.parquet")
_ICEBERG = re.compile(r"(?:^|/)metadata/[^/]+\.(?:metadata\.json|avro|stats|crc)$|(?:^|/)metadata/version-hint\.text$")
_MOST = 2**26
"""Bytes of one file of a log that are read."""
REPLACED = "its table has it no more: the log beside it (_delta_log) says that it was deleted or replaced"
_UNSURE = (
    "it is kept by Delta Lake, whose log is not whole here: rows that were deleted may be among these. Export the "
    "table as Parquet or CSV"
)
_SOME_ROWS = "some of its rows are deleted, which is noted apart and not read: they are among these. Export the table"
_ICE = "it is kept by Iceberg: rows that were deleted may be among these. Export the table as Parquet or CSV"
_PARTITION = re.compile(r"([^=/]{1,100})=([^/]*)")
_NONE = "__HIVE_DEFAULT_PARTITION__"


def of_tables(sources: Sequence[Source]) -> tuple[list[Source], list[Rejected]]:
    """Return the files without what the logs of tables say is none of these, and that file by file."""
    rejected: list[Rejected] = []
    kept = list(sources)
    for root in sorted({root for one in sources if (root := _root_of(one.name)) is not None}):
        kept, told = _by_log(kept, root)
        rejected += told
    ice = sorted({one.name.rpartition("metadata/")[0] for one in kept if _ICEBERG.search(one.name)})
    tables = [root for root in ice if any(one.name.startswith(f"{root}data/") for one in kept)]
    rejected += [Rejected(root.rstrip("/") or "metadata", None, _ICE, what=PART) for root in tables]
    return [one for one in kept if not _is_iceberg(one.name, tables)], rejected


def _is_iceberg(name: str, roots: Sequence[str]) -> bool:
    return bool(_ICEBERG.search(name)) and name.rpartition("metadata/")[0] in roots


def _root_of(name: str) -> str | None:
    """Return the folder, with its slash, of the table whose log a file is of; None of another file."""
    parts = PurePosixPath(name).parts
    if _LOG not in parts[:-1]:
        return None
    above = parts[: parts.index(_LOG)]
    return "/".join(above) + "/" if above else ""


def _by_log(sources: Sequence[Source], root: str) -> tuple[list[Source], list[Rejected]]:
    log = [one for one in sources if _root_of(one.name) == root]
    others = [one for one in sources if _root_of(one.name) != root]
    valid, some_rows = _valid(log)
    if valid is None:
        return others, [Rejected(root.rstrip("/") or _LOG, None, _UNSURE, what=PART)]
    kept, rejected = [], []
    for one in others:
        within = one.name.startswith(root) and one.suffix == ".parquet"
        if within and one.name.removeprefix(root) not in valid:
            rejected.append(Rejected(one.name, None, REPLACED, what=PART))
            continue
        kept.append(one)
        if within and one.name.removeprefix(root) in some_rows:
            rejected.append(Rejected(one.name, None, _SOME_ROWS, what=PART))
    there = {one.name.removeprefix(root) for one in kept}
    missing = "its table has it, by the log beside it (_delta_log), and it is not here. Get the folder anew"
    rejected += [Rejected(root + name, None, missing, what=PART) for name in sorted(valid - there)]
    return kept, rejected


def _valid(log: Sequence[Source]) -> tuple[set[str] | None, set[str]]:
    """Return the files of a table by its log, and those with deleted rows; None where the log has no beginning."""
    commits = sorted((one for one in log if _COMMIT.fullmatch(_base(one))), key=lambda one: one.name)
    points = sorted((one for one in log if _CHECKPOINT.fullmatch(_base(one))), key=lambda one: one.name)
    valid, some_rows, since = set[str](), set[str](), -1
    if commits and int(_base(commits[0])[:20]) > 0:
        if not points or (read := _checkpoint(points[-1])) is None:
            return None, set()
        valid, since = read, int(_base(points[-1])[:20])
    for commit in commits:
        if int(_base(commit)[:20]) <= since:
            continue
        actions = _actions(commit)
        if actions is None:
            return None, set()
        for action in actions:
            gone, new = (_path(action.get(kind)) for kind in ("remove", "add"))
            valid.discard(gone)
            if new:
                valid.add(new)
                some_rows.discard(new)
                some_rows |= {new} if action["add"].get("deletionVector") else set()
    return (valid if commits else None), some_rows


def _base(source: Source) -> str:
    return PurePosixPath(source.name).name


def _path(told: Any) -> str:
    return unquote(str(told.get("path", ""))) if isinstance(told, dict) else ""


def _actions(source: Source) -> list[dict[str, Any]] | None:
    """Return what one version of a table did; None where it cannot be read."""
    with suppress(UnreadableFile, ValueError, RecursionError, *DAMAGED), source.open() as file:
        lines = file.read(_MOST + 1)
        if len(lines) <= _MOST:
            told = [json.loads(line) for line in lines.splitlines() if line.strip()]
            return [one for one in told if isinstance(one, dict)]
    return None


def _checkpoint(source: Source) -> set[str] | None:
    """Return the files that a table had when its log was put together; None where that cannot be read."""
    import pyarrow as pa
    from pyarrow import parquet

    if source.size > _MOST:
        return None
    with suppress(UnreadableFile, pa.ArrowException, KeyError, TypeError, *DAMAGED), source.open_whole() as file:
        paths = parquet.read_table(file, columns=["add.path"]).column(0).to_pylist()
        return {_path(one if isinstance(one, dict) else {"path": one}) for one in paths if one}
    return None


def partitions_of(name: str) -> Iterator[tuple[str, str | None]]:
    """Yield the columns that the folders of a file are, such as ``ward=North``, with the value in it."""
    for part in PurePosixPath(name).parts[:-1]:
        if found := _PARTITION.fullmatch(part):
            yield unquote(found[1]), None if found[2] == _NONE else unquote(found[2])


def with_partitions(table: Table, source: Source) -> Table:
    """Return the table of a file with the columns that its folders are."""
    import pyarrow as pa

    for name, value in partitions_of(source.name):
        if name not in table.columns and table.columns and len(table):
            table.columns[name] = pa.chunked_array([pa.array([value] * len(table), pa.large_string())])
    return table
