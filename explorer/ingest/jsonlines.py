"""Reads JSON lines: a record a line, each with its number, each bad one with its reason.

It chooses no text column and builds no items: `loading` does.
"""

from __future__ import annotations

import json
import math
import re
from array import array
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from explorer.ingest.columns import Written
from explorer.ingest.encodings import Encoding, decoded, detect, lines_of
from explorer.ingest.jsonletters import Letters, are_likely, letters_in, tell_of_letters
from explorer.ingest.jsonrepeats import Again, Repeats, members_into
from explorer.ingest.jsontables import Members
from explorer.ingest.reader import BATCH, MAX_COLUMNS, Advance, Source, Table, check_size
from explorer.types import LINE, Numbering, Rejected

MAX_DEPTH = 200
_SAMPLE = 10_000
"""Lines by which a preview tells letters that were coded twice."""
TOO_DEEP = "its JSON is nested too deeply"
NO_OBJECT = "the line holds {}, not a JSON object"
_ACTIONS = ("index", "create", "update", "delete")
_NO_DOCUMENT = "it says what is done with a document, and none follows"
_MOST_VALUES = 2**29
"""Characters of lines that are no objects, which are in memory as a whole."""
_LISTED = re.compile(r"\},\s*\Z")
"""The end of an object that somebody has cut out of an array."""
_BLANKS = re.compile(r"[\s,]*+")
"""What stands between objects of one line."""
_DECODER = json.JSONDecoder()
_LONG_NUMBER = re.compile(r"\d[\d.]{15}|\d[eE][-+]?\d{3}")
"""What a number has that a float may not hold: very many digits, or an exponent of three."""
_ODD_NUMBER = re.compile(r"\d\.\d{0,15}?0(?![\d.])|\d[eE][-+\d]|-0(?![\d.])")
"""What a number has that is written in another way than Python writes it: 1.10, 1E5, -0."""


def read_json_lines(source: Source, advance: Advance, *, limit: int | None = None, in_lists: bool = False) -> Table:
    """Read the objects of a file, or its first *limit* ones, as a table of all their members.

    *in_lists* are read those of lines that hold a list of them, too: each is a record, with its line as a member.
    """
    encoding = detect(source, sample=limit is not None)
    table = Table(source.name, {}, array("q"), choices=encoding.choices, numbering=Numbering(LINE))
    members = Members()
    records = records_of(source, advance, table.rejected, encoding, table.numbering, in_lists=in_lists)
    letters = letters_of_lines(source, encoding, in_lists=in_lists, sample=limit is not None)
    for number, record in _documents(source, records, table.rejected):
        members.add(len(table), record if letters is None else letters.read(record))
        table.records.append(number)
        if len(members) > MAX_COLUMNS or (limit is not None and len(table) >= limit):
            break
    members.into(table)
    tell_of_letters(table, letters)
    return table


def letters_of_lines(
    source: Source, encoding: Encoding, *, in_lists: bool = False, sample: bool = False
) -> Letters | None:
    """Return how letters that were coded twice are read, by all lines, or by a *sample* of them."""
    if not are_likely(source):
        return None
    records = records_of(source, lambda _seen: None, [], encoding, Numbering(LINE), in_lists=in_lists)
    return letters_in(source, (record for _, record in islice(records, _SAMPLE if sample else None)))


def records_of(
    source: Source,
    advance: Advance,
    rejected: list[Rejected],
    encoding: Encoding,
    numbering: Numbering,
    *,
    in_lists: bool = False,
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the objects of a file with their numbers, those of one line one after another; reject other lines.

    And tell, among what is rejected, of keys that come again in an object.
    """
    repeats = Repeats(source.name, rejected)
    with source.open() as file, decoded(file, encoding, newline=None) as text:
        records = (
            (at, *told)
            for at, line in enumerate(lines_of(text, encoding), 1)
            if line.strip()
            for told in (_listed_in(line, encoding, at) if in_lists else _records_in(line, encoding))
        )
        for number, (at, record, reason, twice) in enumerate(records):
            numbering.note(number, at)
            if record is None:
                rejected.append(Rejected(source.name, number, reason))
            else:
                repeats.note(twice, numbering.place(number))
                yield number, record
            if number % BATCH == 0:
                advance(file.tell())
                check_size(source.name, rows=number, columns=0)


def values_of(source: Source) -> list[tuple[int, Any]]:
    """Return the values of a file whose lines are all texts, or all lists, with the numbers of the lines; else none."""
    encoding, values = detect(source), list[tuple[int, Any]]()
    size = 0
    with source.open() as file, decoded(file, encoding, newline=None) as text:
        lines = (line for line in lines_of(text, encoding) if line.strip())
        for number, line in enumerate(lines):
            size += len(line)
            try:
                value = parsed(line)
            except ValueError:
                return []
            if encoding.fault(line) or type(value) not in (str, list) or size > _MOST_VALUES:
                return []
            if values and type(value) is not type(values[0][1]):
                return []
            values.append((number, value))
    return values


def _documents(
    source: Source, records: Iterator[tuple[int, dict[str, Any]]], rejected: list[Rejected]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the objects, those that only say what is done with the next one as a part of that: its id in an index.

    Elasticsearch writes and takes documents so, by turns with such lines.  Those that no object follows are rejected,
    and what a document says of the same name keeps that name.
    """
    action: dict[str, Any] = {}
    begun = -1
    for number, record in records:
        told = next(iter(record.values()), None) if len(record) == 1 else None
        if isinstance(told, dict) and next(iter(record)) in _ACTIONS and all(name.startswith("_") for name in told):
            if begun >= 0:
                rejected.append(Rejected(source.name, begun, _NO_DOCUMENT))
            action, begun = told, number
            continue
        yield number, {**_apart(action, record), **record} if action else record
        action, begun = {}, -1
    if begun >= 0:
        rejected.append(Rejected(source.name, begun, _NO_DOCUMENT))


def _apart(action: dict[str, Any], record: dict[str, Any]) -> dict[str, Any]:
    """Return what is said of a document, under other names where it says otherwise itself."""
    return {f"{name}_2" if name in record and record[name] != value else name: value for name, value in action.items()}


def _record(line: str, encoding: Encoding, twice: list[Again]) -> tuple[dict[str, Any] | None, str]:
    reason = encoding.fault(line)
    if reason:
        return None, reason
    try:
        record = parsed(_LISTED.sub("}", line), twice)
    except ValueError as exc:
        return None, TOO_DEEP if str(exc) == TOO_DEEP else f"the line is not JSON: {_why(exc)}"
    if not isinstance(record, dict):
        return None, NO_OBJECT.format(kind_of_json(record))
    return record, ""


def _records_in(line: str, encoding: Encoding) -> Iterator[tuple[dict[str, Any] | None, str, list[Again]]]:
    """Yield the object of a line, or those that stand one after another in it, each as `_record` says it.

    Programs that add to a file without a break write so.
    """
    twice = list[Again]()
    record, reason = _record(line, encoding, twice)
    parts = _parts_of(line) if record is None else []
    if len(parts) < 2:
        yield record, reason, twice
        return
    for part in parts:
        twice = []
        yield *_record(part, encoding, twice), twice


def _listed_in(line: str, encoding: Encoding, at: int) -> Iterator[tuple[dict[str, Any] | None, str, list[Again]]]:
    """Yield the objects of a line, the *at*-th, as `_records_in` does, those of a list of them with their line."""
    twice = list[Again]()
    held = _listed(line, twice) if line.lstrip("\ufeff \t").startswith("[") and not encoding.fault(line) else []
    if not held:
        yield from _records_in(line, encoding)
    for number, one in enumerate(held, 1):
        if isinstance(one, dict):
            name = LINE if LINE not in one else f"{LINE}_2"
            yield {name: at, **one} if len(held) > 1 else one, "", twice if number == 1 else []
        else:
            yield None, f"item {number:,} of the line's list is {kind_of_json(one)}, not a JSON object", []


def _listed(line: str, twice: list[Again]) -> list[Any]:
    """Return what a line's list holds, where objects are among it; [] otherwise."""
    try:
        held = parsed(line, twice)
    except ValueError:
        return []
    return held if isinstance(held, list) and any(isinstance(one, dict) for one in held) else []


def _parts_of(line: str) -> list[str]:
    """Return the objects that stand one after another in a line, a last one that breaks off, too; else [].

    O(characters).
    """
    text, found, at = line.lstrip("\ufeff"), list[str](), 0
    while (at := _BLANKS.match(text, at).end()) < len(text):  # type: ignore[union-attr]
        if text[at] != "{":
            return []
        try:
            _, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            return [*found, text[at:]]
        found.append(text[at:end])
        at = end
    return found


def _why(exc: ValueError) -> str:
    """Return what Python says of a line that is not JSON, with the character of the line alone."""
    if not isinstance(exc, json.JSONDecodeError):
        return str(exc)
    return f"{exc.msg[:1].lower()}{exc.msg[1:].removesuffix(' at')}, at character {exc.pos + 1:,} of the line"


def parsed(text: str, twice: list[Again] | None = None) -> Any:
    """Return what the JSON says, with U+FFFD for half characters.  Raises ValueError, also when it is TOO_DEEP.

    What a key says again in one object is kept under another name, which is added to *twice*.
    """
    exact = _exact if _LONG_NUMBER.search(text) or _ODD_NUMBER.search(text) else None
    members = members_into([] if twice is None else twice)
    try:
        value = json.loads(
            text.lstrip("\ufeff"), parse_float=exact, parse_int=exact and _whole, object_pairs_hook=members
        )
    except RecursionError:
        raise ValueError(TOO_DEEP) from None
    if text.count("[") + text.count("{") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise ValueError(TOO_DEEP)
    return _whole_characters(value) if r"\ud" in text or r"\uD" in text else value


def _whole_characters(value: Any) -> Any:
    """Return a value with U+FFFD in place of half characters; as it is where it has none."""
    said = json.dumps(value, ensure_ascii=False)
    try:
        said.encode("utf-8")
    except UnicodeEncodeError:
        return json.loads(said.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    return value


def _exact(digits: str) -> float | str:
    """Return a number with a point or an exponent, as text where a float would not be that number."""
    number = float(digits)
    if not (math.isfinite(number) and Decimal(repr(number)) == Decimal(digits)):
        return digits
    return number if repr(number) == digits else Written(digits)


def _whole(digits: str) -> int | float:
    return int(digits) if digits != "-0" else Written(digits)


def _depth(value: Any) -> int:
    """Return how deep lists and objects lie in each other; O(size), without recursion."""
    depth, level = 0, [value]
    while level := [member for member in level if isinstance(member, dict | list)]:
        depth += 1
        level = [inner for member in level for inner in (member.values() if isinstance(member, dict) else member)]
    return depth


def kind_of_json(value: Any) -> str:
    """Return what a JSON value that is no object is, for a sentence."""
    if value is None:
        return "null"
    names = {list: "a list", str: "a string", bool: "true or false"}
    return names.get(type(value), "a number")
