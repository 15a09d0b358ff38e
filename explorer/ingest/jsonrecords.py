"""Finds the records of a JSON document: in an array, an object of columns or of records, or an array within.

It reads no file and makes no table: `jsondocuments` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from explorer.ingest.choosing import chosen
from explorer.ingest.jsoninner import Inner, are_alike, are_by_name, inner_of, reads
from explorer.ingest.jsonlists import (
    BELOW,
    KEY,
    ONE,
    TEXT,
    WHOLE,
    Lists,
    amid_others,
    are,
    are_columns,
    are_objects,
    in_rows,
    is_text,
    labelled,
    side_by_side,
    tables_of_rows,
    told_of,
)
from explorer.ingest.reader import Source, listed
from explorer.ingest.textcolumn import is_code, is_known_name
from explorer.types import Choice

_FEWEST, _VERY_MANY = 2, 30
"""Texts, or lists, of which each may be a record; texts of which each surely is one."""
RECORDS = "records"
_DEEPEST, _MOST = 5, 100
"""How deep arrays are looked for, and how many of them are offered."""
_AS_MUCH, _LOOKED_AT = 0.5, 200
"""How much there is to read in records, as a share of what there is in others; records that are looked at."""


def find_records(source: Source, document: Any) -> tuple[Sequence[Any], list[str], tuple[Choice, ...]]:
    """Return the records of a document, the names of what stands beside them, and what else could be the records.

    Raises BadChoice.
    """
    if not isinstance(document, dict | list):
        return [document], [], ()
    lists = told_of(document) if isinstance(document, dict) else Lists()
    if isinstance(document, list):
        whole, beside, makeshift = in_rows(document), list[str](), False
        found: dict[str, Sequence[Any] | Inner] = {WHOLE: whole, **dict(inner_of(whole))}
    else:
        whole, beside, makeshift = _whole(document)
        found = _within(document, whole, lists, makeshift=makeshift)
        found |= {ONE: [document]} if beside and amid_others(document) else {}
    if len(found) == 1:
        return whole, beside, ()
    makeshift = lists.glued or makeshift or (isinstance(document, dict) and len(whole) < _FEWEST)
    if lists.meant in found:
        best, sure, why = lists.meant, lists.sure, lists.why
    elif ONE in found:
        best, sure, why = WHOLE, False, "its lists have the same length"
    else:
        best, sure, why = _best(found, makeshift=makeshift)
    options = tuple((name, _label(name, len(records), lists)) for name, records in found.items())
    choice = chosen(source, Choice(RECORDS, "Records", best, options, sure=sure, why=why))
    if choice.value == WHOLE:
        return whole, beside, (choice,)
    taken = found[choice.value]
    return (taken.records() if isinstance(taken, Inner) else taken), _left(document, choice.value, lists), (choice,)


def _within(
    document: dict[str, Any], whole: Sequence[Any], lists: Lists, *, makeshift: bool
) -> dict[str, Sequence[Any] | Inner]:
    """Return what may be the records of an object, by the names by which it is chosen."""
    tables: dict[str, Sequence[Any]] = {**dict(_tables(document)), **dict(tables_of_rows(document))}
    inner = {called: one for name, records in tables.items() for called, one in inner_of(records, name)}
    inner = inner if makeshift or lists.glued else {**dict(inner_of(whole)), **inner}
    below = {BELOW: lists.below} if lists.below else {}
    return {WHOLE: whole, **below, **tables, **dict(list(inner.items())[:_MOST]), **tables}


def _left(document: Any, taken: str, lists: Lists) -> list[str]:
    """Return the names of what stands beside the records that are taken."""
    if not isinstance(document, dict) or taken == ONE:
        return []
    return [name for name in document if name not in lists.names] if taken == BELOW else list(_beside(document, taken))


def _best(found: Mapping[str, Sequence[Any] | Inner], *, makeshift: bool) -> tuple[str, bool, str]:
    """Return which records are meant, whether that is sure, and why: the outermost that have much to read.

    Of tables beside one another the largest that has as much to read as any, or half of it; a whole document that is
    a *makeshift* is none.
    """
    told = {
        name: reads(one.records(_LOOKED_AT) if isinstance(one, Inner) else one)
        for name, one in found.items()
        if name != WHOLE or not makeshift
    }
    most = max(told.values(), default=0.0)
    fit = [name for name, much in told.items() if much >= _AS_MUCH * most]
    outer = [name for name in fit if not isinstance(found[name], Inner)]
    if WHOLE in outer:
        return WHOLE, True, ""
    largest = max(outer or fit, key=lambda name: len(found[name]), default=WHOLE)
    others = [name for name, one in found.items() if name not in (WHOLE, largest) and not isinstance(one, Inner)]
    if isinstance(found[largest], Inner):
        return largest, False, "there is the most to read"
    if not others:
        return largest, True, ""
    most_records = all(len(found[name]) <= len(found[largest]) for name in others)
    return largest, False, "it holds the most records" if most_records else "there is the most to read"


def _label(name: str, count: int, lists: Lists) -> str:
    many = f"{count:,} record{'s' * (count != 1)}"
    several = f"{listed(lists.names)}, one below the other" if len(lists.names) > 1 else f"{listed(lists.names)} alone"
    whole = "a row of each place in its lists" if (lists.glued or lists.below) and count > 1 else "the whole document"
    called = {WHOLE: whole, ONE: "the document as one record", BELOW: several}
    return f"{called.get(name, name)} ({many})"


def _whole(document: dict[str, Any]) -> tuple[Sequence[Any], list[str], bool]:
    """Return the records that an object is as a whole, what stands beside them, and whether that is a makeshift."""
    split = _split(document)
    if split is not None:
        return split, [name for name in document if name not in ("columns", "data", "index")], False
    if are(list, document.values()) and len({len(values) for values in document.values()}) == 1:
        (first, *others) = document.values()
        if others or not (are(dict, first) or are(list, first)):
            return side_by_side(document), [], False
    if are(dict, document.values()):
        return _keyed(document), [], not are_alike(document)
    lists = [value for value in document.values() if isinstance(value, list) and all(map(is_text, value))]
    if len(lists) == len(document) > 1 and len(set(map(len, lists))) > 1:
        return labelled(document), [], False
    if are_texts_by_id(document):
        return [{KEY: name, TEXT: text} for name, text in document.items()], [], False
    if columns := amid_others(document):
        return side_by_side({name: document[name] for name in columns}), _others(document, columns), False
    rows = [name for name, value in document.items() if are(list, value if isinstance(value, list) else ())]
    others = [value for name, value in document.items() if name not in rows]
    if len(rows) == 1 and len(document[rows[0]]) > 1 and not any(isinstance(value, list | dict) for value in others):
        return in_rows(document[rows[0]]), _others(document, rows), False
    return [document], [], True


def _others(document: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    return [name for name in document if name not in names]


def are_texts_by_id(document: dict[str, Any]) -> bool:
    """Whether an object has texts by their ids, or very many by other names, and not one record's members."""
    if len(document) < _FEWEST or not all(map(is_text, document.values())):
        return False
    return all(map(is_code, document)) or (len(document) >= _VERY_MANY and not any(map(is_known_name, document)))


def _tables(document: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the arrays of objects within an object, by dotted names, those further out first."""
    level = [("", document)]
    found = 0
    for _ in range(_DEEPEST):
        deeper: list[tuple[str, dict[str, Any]]] = []
        for path, inner in level:
            for name, value in inner.items():
                if are_objects(value):
                    yield f"{path}{name}", value
                    found += 1
                elif isinstance(value, dict) and (are_by_name(value) or are_columns(value)):
                    yield f"{path}{name}", _keyed(value) if are(dict, value.values()) else side_by_side(value)
                    found += 1
                elif isinstance(value, dict) and len(deeper) < _MOST:
                    deeper.append((f"{path}{name}.", value))
                if found == _MOST:
                    return
        level = deeper


def _beside(document: dict[str, Any], path: str) -> Iterator[str]:
    """Yield the dotted names of what stands beside an array, and beside the objects that it is within."""
    before = ""
    inner: Any = document
    while isinstance(inner, dict) and before != f"{path}.":
        on = [name for name in inner if path == f"{before}{name}" or path.startswith(f"{before}{name}.")]
        yield from (f"{before}{name}" for name in inner if name not in on)
        if not on:
            return
        before, inner = f"{before}{on[0]}.", inner[on[0]]


def _split(document: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Return the records of an object with the names of the columns and the rows apart, as pandas writes it."""
    names, rows = document.get("columns") or [], document.get("data") or []
    if not are(str, names) or not are(list, rows) or any(len(row) != len(names) for row in rows):
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
