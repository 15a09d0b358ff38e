"""Reads JSON documents: an array, an object of columns, an object of records, or one that holds the records within.

It chooses no text column and builds no items: `loading` does.
"""

from __future__ import annotations

import json
import re
from array import array
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Any

from explorer.errors import BadChoice, UnreadableFile
from explorer.ingest.chatfiles import ITEMS, begins_with_chats, chat_in, read_chat_lines
from explorer.ingest.codepages import ENCODING
from explorer.ingest.encodings import Encoding, decoded, detect
from explorer.ingest.jsonletters import LETTERS, tell_of_letters, with_letters
from explorer.ingest.jsonlines import NO_OBJECT, kind_of_json, parsed, read_json_lines, values_of
from explorer.ingest.jsonlists import TEXT, are_objects, in_rows
from explorer.ingest.jsonnames import with_names
from explorer.ingest.jsonrecords import RECORDS, find_records
from explorer.ingest.jsonrelaxed import relaxed
from explorer.ingest.jsonrepeats import Again, Repeats, within
from explorer.ingest.jsontables import Members
from explorer.ingest.reader import MAX_CELLS, MAX_ROWS, TABLE, Advance, FileReader, Source, Table, check_size, listed
from explorer.ingest.textpieces import beginning_of
from explorer.types import PART, RECORD, Rejected, in_words

_BLANKS = re.compile(r"[\s,]*+")
_PIECE = 2**20
MAX_CHARACTERS = 2**29
"""Length of the longest document: it is in memory as a whole, and several times so while it is parsed."""


def read_json_document(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the records of a document, or its first *limit* ones; JSON lines that are called so are read as such.

    Raises UnreadableFile.
    """
    encoding, notes, twice = detect(source), list[str](), list[Again]()
    try:
        document: Any = parsed(_text(source, encoding), twice)
    except ValueError as exc:
        lines = read_json_lines(source, advance, limit=limit)
        if len(lines) and not lines.rejected:
            return lines
        twice.clear()
        document, is_torn = _one_after_another(_text(source, encoding), twice)
        if len(lines) and not (is_torn and len(document) > len(lines)):
            return lines
        if document == [] and not _text(source, encoding).strip():
            return Table(source.name, {}, array("q"), choices=encoding.choices)
        document, notes = (document, []) if document else relaxed(_text(source, encoding), twice)
        if is_torn and document:
            source.torn.append("it ends amid a record")
        elif document is None or document == []:
            raise UnreadableFile(f"{source.name} is not JSON: {exc}. Write it again, or save it as CSV.") from exc
    advance(source.size)
    document, letters = with_letters(source, _text(source, encoding), document)
    chat = chat_in(source, document, limit)
    if chat is not None:
        chat.choices = (*encoding.choices, *chat.choices)
        _tell_of_repeats(source, document if isinstance(document, list) else [document], twice, chat.rejected)
        tell_of_letters(chat, letters if chat.columns else None)
        return chat
    records, beside, choices = find_records(source, document)
    if choices and isinstance(document, dict):
        records = with_names(records, document, choices[0].value)
    table, members = Table(source.name, {}, array("q"), choices=(*encoding.choices, *choices)), Members()
    check_size(source.name, rows=len(records), columns=0)
    table.rejected += [Rejected(source.name, None, note, what=PART) for note in notes]
    if beside:
        table.rejected.append(
            Rejected(source.name, None, f"what stands beside its records is not read: {listed(beside)}", what=PART)
        )
    _tell_of_repeats(source, records, twice, table.rejected)
    objects = [record for record in records if isinstance(record, dict)]
    among_texts = not objects or any(TEXT in record for record in objects)
    for number, record in enumerate(islice(records, limit)):
        if among_texts and kind_of_json(record) == "a string":
            record = {TEXT: record}
        if isinstance(record, dict):
            members.add(len(table), record)
            table.records.append(number)
        else:
            table.rejected.append(Rejected(source.name, number, f"it is {kind_of_json(record)}, not a JSON object"))
    members.into(table)
    tell_of_letters(table, letters)
    return table


def _tell_of_repeats(source: Source, records: Sequence[Any], twice: Sequence[Again], rejected: list[Rejected]) -> None:
    """Tell of the keys that come again in a document, by the records that have them; of others without a place."""
    if not twice:
        return
    repeats, left = Repeats(source.name, rejected), Counter(map(id, twice))
    for number, record in enumerate(records):
        names = list(within(record))
        repeats.note(names, in_words(RECORD, number + 1))
        left.subtract(map(id, names))
    repeats.note([name for name in twice if left[id(name)] > 0], "")


def _one_after_another(text: str, twice: list[Again]) -> tuple[list[Any], bool]:
    """Return objects that stand one after another, as programs print them, or those of an array that has no end; O(n).

    And whether it is such an array, torn amid an object; nothing of what is neither.
    """
    decoder, found = json.JSONDecoder(), list[Any]()
    text = text.lstrip("\ufeff").strip()
    is_array = text.startswith("[")
    at, is_torn = int(is_array), False
    try:
        while at < len(text) and (at := _BLANKS.match(text, at).end()) < len(text):  # type: ignore[union-attr]
            _, end = decoder.raw_decode(text, at)
            found.append(parsed(text[at:end], twice))
            at = end
    except (ValueError, RecursionError):
        is_torn = True
    whole = all(isinstance(one, dict) for one in found)
    if is_array:  # one that has its end is broken elsewhere
        return (found, True) if whole and not text.endswith("]") else ([], False)
    return (found, False) if len(found) > 1 and whole and not is_torn else ([], False)


def read_lines_or_document(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read JSON lines, or its first *limit* ones; where no line is an object, what the file is as a whole."""
    if begins_with_chats(source):
        return read_chat_lines(source, advance, limit=limit)
    table = read_json_lines(source, advance, limit=limit)
    if len(table) and any(one.reason == NO_OBJECT.format("a list") for one in table.rejected):
        return read_json_lines(source, advance, limit=limit, in_lists=True)
    if len(table) > 1 or (len(table) and limit == 1) or (not len(table) and not table.rejected):
        return table
    if len(table):  # one line alone may be a document that holds its records
        try:
            document = read_json_document(source, advance, limit=limit)
        except UnreadableFile:
            return table
        return document if len(document) > 1 and not table.rejected else table
    values = values_of(source)
    if len(values) > 1 and any(map(are_objects, (value for _, value in values))):
        return read_json_lines(source, advance, limit=limit, in_lists=True)
    if len(values) > 1:
        return _values(source, table, values, limit)
    try:
        document = read_json_document(source, advance, limit=limit)
    except BadChoice:
        raise
    except UnreadableFile:
        return table
    return document if len(document) else table


def _values(source: Source, lines: Table, values: Sequence[Any], limit: int | None) -> Table:
    """Return a table of lines that are all texts, or all lists, of which the first may have the names."""
    records = in_rows([value for _, value in values])
    places = [at for at, _ in values][len(values) - len(records) :]
    table, members = Table(source.name, {}, array("q"), choices=lines.choices, numbering=lines.numbering), Members()
    for number, record in islice(zip(places, records, strict=True), limit):
        members.add(len(table), {TEXT: record} if kind_of_json(record) == "a string" else record)
        table.records.append(number)
    members.into(table)
    return table


def _text(source: Source, encoding: Encoding) -> str:
    with source.open() as file, decoded(file, encoding, newline=None) as opened:
        text = beginning_of(opened, MAX_CHARACTERS)
    if len(text) > MAX_CHARACTERS:
        raise UnreadableFile(
            f"{source.name} has more than {MAX_CHARACTERS:,} characters, which is the limit of one document. "
            "Save it as JSON lines (.jsonl), one object a line."
        )
    fault = encoding.fault(text)
    if fault:
        raise UnreadableFile(f"{source.name}: {fault}. Save it as UTF-8.")
    return text


JSON = FileReader(
    name="JSON",
    suffixes=(".json", ".geojson"),
    summary="An array of objects, or an object of columns or records: one member is the text, the others are kept; "
    "of chats a message, or a conversation, is an item, and in an archive pictures that messages name.",
    kind=TABLE,
    read=read_json_document,
    choices=(ENCODING, RECORDS, ITEMS, LETTERS),
    limits=f"{MAX_CHARACTERS:,} characters, {MAX_ROWS:,} rows, {MAX_CELLS:,} cells",
    cures={
        ".js": "keep what stands behind its first “=”, without a semicolon at the end, and save that as .json",
        ".xml": "save it as CSV or JSON from its program, or as a web page (.html)",
    },
)
JSON_LINES = FileReader(
    name="JSON lines",
    suffixes=(".jsonl", ".ndjson"),
    summary="An object a line: one member is the text, the others are kept; of chats a message, or a conversation, is "
    "an item.",
    kind=TABLE,
    read=read_lines_or_document,
    choices=(ENCODING, RECORDS, ITEMS, LETTERS),
)
