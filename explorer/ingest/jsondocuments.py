"""Reads JSON documents: an array, an object of columns, an object of records, or one that holds the records within.

It chooses no text column and builds no items: `loading` does.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import islice
from typing import Any

from explorer.errors import UnreadableFile
from explorer.ingest.chatfiles import ITEMS, begins_with_chats, chat_in, read_chat_lines
from explorer.ingest.encodings import decoded, detect
from explorer.ingest.jsonlines import kind_of_json, parsed, read_json_lines
from explorer.ingest.jsontables import Members
from explorer.ingest.reader import MAX_CELLS, MAX_ROWS, TABLE, Advance, FileReader, Source, Table, check_size, listed
from explorer.types import Rejected

MAX_CHARACTERS = 2**29
"""Length of the longest document: it is in memory as a whole, and several times so while it is parsed."""
KEY, TEXT = "key", "text"
"""Names of the columns for what has none: the name of a record in an object of records, a text in an array of texts."""


def read_json_document(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the records of a document, or its first *limit* ones; JSON lines that are called so are read as such.

    Raises UnreadableFile.
    """
    try:
        document = parsed(_text(source))
    except ValueError as exc:
        lines = read_json_lines(source, advance, limit=limit)
        if len(lines):
            return lines
        raise UnreadableFile(f"{source.name} is not JSON: {exc}. Write it again, or save it as CSV.") from exc
    advance(source.size)
    chat = chat_in(source, document, limit)
    if chat is not None:
        return chat
    records, beside = _records(document)
    table, members = Table(source.name, {}, array("q")), Members()
    check_size(source.name, rows=len(records), columns=0)
    if beside:
        table.rejected.append(
            Rejected(source.name, None, f"what stands beside its records is not read: {listed(beside)}")
        )
    for number, record in enumerate(islice(records, limit)):
        if kind_of_json(record) == "a string":
            record = {TEXT: record}
        if isinstance(record, dict):
            members.add(len(table), record)
            table.records.append(number)
        else:
            table.rejected.append(Rejected(source.name, number, f"it is {kind_of_json(record)}, not a JSON object"))
    members.into(table)
    return table


def read_lines_or_document(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read JSON lines, or its first *limit* ones; where no line is an object, what the file is as a whole."""
    if begins_with_chats(source):
        return read_chat_lines(source, advance, limit=limit)
    table = read_json_lines(source, advance, limit=limit)
    if len(table) or not table.rejected:
        return table
    try:
        document = read_json_document(source, advance, limit=limit)
    except UnreadableFile:
        return table
    return document if len(document) else table


def _text(source: Source) -> str:
    encoding = detect(source)
    with source.open() as file, decoded(file, encoding, newline=None) as opened:
        text = opened.read(MAX_CHARACTERS + 1)
    if len(text) > MAX_CHARACTERS:
        raise UnreadableFile(
            f"{source.name} has more than {MAX_CHARACTERS:,} characters, which is the limit of one document. "
            "Save it as JSON lines (.jsonl), one object a line."
        )
    fault = encoding.fault(text)
    if fault:
        raise UnreadableFile(f"{source.name}: {fault}. Save it as UTF-8.")
    return text


def _records(document: Any) -> tuple[Sequence[Any], list[str]]:
    """Return the records of a document, and the names of what stands beside them."""
    if not isinstance(document, dict):
        return (document, []) if isinstance(document, list) else ([document], [])
    split = _split(document)
    if split is not None:
        return split, [name for name in document if name not in ("columns", "data", "index")]
    if _are(list, document.values()) and len({len(values) for values in document.values()}) == 1:
        columns = list(document.values())
        if len(columns) > 1 or not _are(dict, columns[0]):
            return [dict(zip(document, row, strict=True)) for row in zip(*columns, strict=True)], []
    if _are(dict, document.values()):
        return _keyed(document), []
    within = {name: value for name, value in document.items() if isinstance(value, list) and _are(dict, value)}
    if within:
        largest = max(within, key=lambda name: len(within[name]))
        return within[largest], [name for name in document if name != largest]
    return [document], []


def _are(kind: type, values: Any) -> bool:
    """Whether there are values, all of this kind."""
    return bool(values) and all(isinstance(value, kind) for value in values)


def _split(document: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Return the records of an object with the names of the columns and the rows apart, as pandas writes it."""
    names, rows = document.get("columns") or [], document.get("data") or []
    if not _are(str, names) or not _are(list, rows) or any(len(row) != len(names) for row in rows):
        return None
    return [dict(zip(names, row, strict=True)) for row in rows]


def _keyed(document: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the records of an object of objects: of columns, where these number their values, else of records."""
    numbered = list(next(iter(document.values())))
    if (
        numbered
        and all(key.isdecimal() for key in numbered)
        and all(list(part) == numbered for part in document.values())
    ):
        return [{name: part[key] for name, part in document.items()} for key in numbered]
    key = KEY if not any(KEY in record for record in document.values()) else f"{KEY}_2"
    return [{key: name, **record} for name, record in document.items()]


JSON = FileReader(
    name="JSON",
    suffixes=(".json",),
    summary="An array of objects, or an object of columns or records: one member is the text, the others are kept; "
    "of chats a message, or a conversation, is an item.",
    kind=TABLE,
    read=read_json_document,
    choices=(ITEMS,),
    limits=f"{MAX_CHARACTERS:,} characters, {MAX_ROWS:,} rows, {MAX_CELLS:,} cells",
)
JSON_LINES = FileReader(
    name="JSON lines",
    suffixes=(".jsonl", ".ndjson"),
    summary="An object a line: one member is the text, the others are kept; of chats a message, or a conversation, is "
    "an item.",
    kind=TABLE,
    read=read_lines_or_document,
    choices=(ITEMS,),
)
