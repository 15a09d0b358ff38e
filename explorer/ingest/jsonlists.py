"""Tells what the lists of a JSON object are: columns of one table, tables beside one another, or texts under labels.

It reads no file and chooses nothing: `jsonrecords` does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean
from typing import Any

from explorer.ingest.columnnames import names_for, unique_names
from explorer.ingest.firstrecord import looks_like_data
from explorer.ingest.jsoninner import reads
from explorer.ingest.jsonlines import kind_of_json
from explorer.ingest.textcolumn import is_known_name, score

KEY = "key"
"""The name of the column for the name of a record in an object of records, or of the list that it comes from."""
TEXT = "text"
"""The name of the column of texts that have no other."""
WHOLE, BELOW, ONE = "(whole)", "(lists)", "(one)"
"""What the records are: those of the document, of an object of lists its columns; all lists' members; one record."""
_FEWEST, _ENOUGH, _MANY = 2, 5, 20
"""Lists, and members of one, at least; members from which it is no chance that lists have as many."""
_LOOKED_AT, _MOST = 200, 100
_ALIKE, _APART, _DIFFERENT = 0.5, 2.0, 0.8
"""The share of names that lists of objects have in common; how many times the words of others texts may have, and how
many of them are different, where lists are of one kind."""
_WORD = re.compile(r"\w{4,}|\d+")
_CHANCE = 2.0
"""Standard deviations by which texts at one place are more alike than others."""


@dataclass(frozen=True)
class Lists:
    """What an object's lists are: which of the records is *meant* – "" where what there is to read decides –, and why.

    *below* are the members of its lists *names*, one below the other; none where these are of several kinds.
    *glued*: a row of each place in all lists would have nothing in common but that place.
    """

    meant: str = ""
    sure: bool = True
    why: str = ""
    glued: bool = False
    names: tuple[str, ...] = ()
    below: tuple[Any, ...] = ()


def told_of(document: Mapping[str, Any]) -> Lists:
    """Return what the lists of an object are, by what they hold; O(members)."""
    lists = {name: value for name, value in document.items() if isinstance(value, list) and value}
    if len(lists) < _FEWEST:
        return Lists()
    tables = {name: in_rows(value) for name, value in lists.items() if are_objects(value) or _is_table(value)}
    if len(tables) >= _FEWEST:
        return _tables(tables, glued=len(tables) == len(lists))
    if len(lists) < len(document) or len({len(value) for value in lists.values()}) > 1:
        return Lists()
    objects = [name for name, value in lists.items() if are_objects(value)]
    return _beside_others(lists, objects[0]) if objects else _columns(lists)


def are_columns(document: Mapping[str, Any]) -> bool:
    """Say whether an object holds lists of one length and nothing else, which are the columns of a table."""
    lists = list(document.values())
    if len(lists) < _FEWEST or not all(isinstance(one, list) and one for one in lists):
        return False
    several = len(lists[0]) >= _FEWEST and len({len(one) for one in lists}) == 1
    return several and told_of(document).meant == WHOLE


def amid_others(document: Mapping[str, Any]) -> list[str]:
    """Return the lists of an object that are columns beside plain values, “text” and “label” beside “version”."""
    lists = {name: value for name, value in document.items() if isinstance(value, list)}
    others = [value for name, value in document.items() if name not in lists]
    if not others or any(isinstance(value, dict) for value in others) or not are_columns(lists):
        return []
    return list(lists) if len(next(iter(lists.values()))) >= _ENOUGH else []


def side_by_side(lists: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Return a record of each place in lists of one length."""
    return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]


def tables_of_rows(document: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[Any]]]:
    """Yield the lists of an object that are rows of cells, where there are several, as objects."""
    found = [(name, value) for name, value in document.items() if isinstance(value, list) and _is_table(value)]
    if len(found) >= _FEWEST:
        yield from ((name, in_rows(value)) for name, value in found)


def in_rows(records: Sequence[Any]) -> Sequence[Any]:
    """Return records that are lists as objects, by the names that the first list has, or by their places.

    Others are returned as they are.  A list may end early.
    """
    if len(records) < _FEWEST or not are(list, records):
        return records
    width = max(map(len, records))
    told = [["" if cell is None else str(cell) for cell in row] + [""] * (width - len(row)) for row in records[:_MOST]]
    first = records[0]
    headed = len(first) == width and all(map(is_text, first)) and not looks_like_data(told)
    names = unique_names(first) if headed else names_for(width)
    return [dict(zip(names, row, strict=False)) for row in records[headed:]]


def labelled(lists: Mapping[str, Sequence[Any]]) -> list[Any]:
    """Return the members of lists, one below the other, each with the name of its list; what is no record as it is."""
    own = {name for members in lists.values() for one in members if isinstance(one, dict) for name in one}
    key = KEY if KEY not in own else f"{KEY}_2"
    made = list[Any]()
    for name, members in lists.items():
        for one in members:
            record = {TEXT: one} if is_text(one) else one
            made.append({key: name, **record} if isinstance(record, dict) else one)
    return made


def are(kind: type, values: Any) -> bool:
    """Whether there are values, all of this kind."""
    return bool(values) and all(isinstance(value, kind) for value in values)


def are_objects(values: Any) -> bool:
    """Whether a value is a list of objects, between which some may be missing."""
    return isinstance(values, list) and are(dict, [one for one in values if one is not None])


def is_text(value: Any) -> bool:
    """Whether a value of JSON is a string."""
    return kind_of_json(value) == "a string"


def _tables(tables: Mapping[str, Sequence[Any]], *, glued: bool) -> Lists:
    """Return what tables beside one another are: those are one below the other that have the same members."""
    names = {name: frozenset(key for one in some[:_LOOKED_AT] for key in one or ()) for name, some in tables.items()}
    groups = list[list[str]]()
    for name in tables:
        group = next((one for one in groups if _are_alike(names[one[0]], names[name])), None)
        groups.append([name]) if group is None else group.append(name)
    best = max(groups, key=lambda group: (sum(len(tables[name]) for name in group), len(group)))
    if len(best) < _FEWEST:
        return Lists(glued=glued)
    below = tuple(labelled({name: tables[name] for name in best}))
    if len(groups) > 1:
        return Lists(glued=glued, names=tuple(best), below=below)
    return Lists(BELOW, sure=False, why="its lists have the same members", glued=glued, names=tuple(best), below=below)


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) > _ALIKE * len(one | other)


def _is_table(value: Sequence[Any]) -> bool:
    """Whether a list has rows of cells, some of them words: not the numbers of vectors."""
    return (
        len(value) >= _FEWEST
        and are(list, value)
        and any(isinstance(cell, str) for row in value[:_MOST] for cell in row)
    )


def _beside_others(lists: Mapping[str, Sequence[Any]], objects: str) -> Lists:
    """Return what one list of objects beside others of its length is: the records, where there is the most to read."""
    most = max(reads(value) for name, value in lists.items() if name != objects)
    if reads(lists[objects]) > most:
        return Lists(objects, sure=False, why="there is the most to read", glued=True)
    many = len(lists[objects]) >= _MANY
    return Lists(WHOLE, sure=many, why="" if many else "its lists have the same length")


def _columns(lists: Mapping[str, Sequence[Any]]) -> Lists:
    """Return what lists of one length are: columns, unless all have texts of one kind that do not go together."""
    if any(map(_is_called_column, lists)):
        return Lists(WHOLE)
    said = {name: value for name, value in lists.items() if all(map(is_text, value))}
    names, below = tuple(said), tuple(labelled(said))
    if len(said) < len(lists) or not _are_of_one_kind(list(said.values())):
        sure = len(next(iter(lists.values()))) >= _MANY or not all(name.endswith("s") for name in lists)
        return Lists(WHOLE, sure=sure, why="" if sure else "its lists have the same length", names=names, below=below)
    if any(_go_together(one, other) for one, other in combinations(list(said.values())[:_ENOUGH], 2)):
        why = "texts at one place of its lists have words in common"
        return Lists(WHOLE, sure=False, why=why, names=names, below=below)
    return Lists(BELOW, sure=False, why="its lists have texts of one kind", glued=True, names=names, below=below)


def _are_of_one_kind(lists: Sequence[Sequence[str]]) -> bool:
    """Whether lists of texts all have something to read, hardly a text twice, and texts of about as many words."""
    some = [[text for text in value[:_LOOKED_AT] if text.strip()] for value in lists]
    if not all(one and len(set(one)) >= _DIFFERENT * len(one) and score(one, "") > 0 for one in some):
        return False
    words = [fmean(len(text.split()) for text in one) for one in some]
    return max(words) < _APART * min(words)


def _is_called_column(name: str) -> bool:
    """Whether a list is called as a column is, “title”, and not as many things are, “reviews”."""
    return is_known_name(name) and not (name.endswith("s") and is_known_name(name[:-1]))


def _go_together(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether texts at one place have more words in common than others, by more than chance."""
    first, second = ([frozenset(_WORD.findall(text.lower())) for text in texts[:_LOOKED_AT]] for texts in (one, other))
    n = len(first)
    if n < _ENOUGH:
        return False
    step = n // 2
    here = [len(a & b) for a, b in zip(first, second, strict=True)]
    there = [len(first[at] & second[(at + step) % n]) for at in range(n)]
    more = sum(a > b for a, b in zip(here, there, strict=True))
    less = sum(a < b for a, b in zip(here, there, strict=True))
    return more - less > _CHANCE * math.sqrt(more + less)
