"""Names what records of a JSON document know by a number alone, where its other lists have the names.

A board of Trello's has cards with an `idList`, and beside them `lists` of objects with an id and a name.  It reads no
file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_ID, _NAMES = ("id", "_id", "uuid", "key"), ("name", "title", "label", "fullName", "full_name", "username")
_MOST, _LOOKED_AT = 20_000, 2_000
"""Objects of a list that names others; records by which it is judged which members are such numbers."""
_IDS = re.compile(r"(?:id(?:_(?=\w)|(?=[A-Z]))(?P<behind>\w{1,60}))|(?:(?P<before>\w{1,60}?)(?:_ids?|I[dD]s?))")


def with_names(records: Sequence[Any], document: Mapping[str, Any], path: str) -> Sequence[Any]:
    """Return the records with a member more for each of theirs that is the number, or several, of what has a name.

    *path* is where the records are in the document, "board.cards".  None is replaced: `idList` stays beside `list`.
    """
    *within, taken = path.split(".")
    for step in within:
        inner = document.get(step)
        document = inner if isinstance(inner, dict) else {}
    known = [names for key, value in document.items() if key != taken and (names := _known(value))]
    objects = [one for one in records[:_LOOKED_AT] if isinstance(one, dict)]
    if not known or not objects:
        return records
    taken_names = {key for one in objects for key in one}
    made = dict[str, tuple[str, Mapping[str, str]]]()
    for key in dict.fromkeys(key for one in objects for key in one):
        said = _IDS.fullmatch(key)
        called = (said["behind"] or said["before"]) if said else ""
        called = called[:1].lower() + called[1:]
        if called and called not in taken_names and called not in made:
            fit = [one for one in known if _are_all(objects, key, one)]
            if fit:
                made[called] = (key, fit[0])
    if not made:
        return records
    return [{**one, **_more(one, made)} if isinstance(one, dict) else one for one in records]


def _known(value: Any) -> dict[str, str]:
    """Return the names of a list's objects by their ids; nothing where one has none, or two are the same."""
    if not isinstance(value, list) or not 0 < len(value) <= _MOST or not all(isinstance(one, dict) for one in value):
        return {}
    found = {}
    for one in value:
        number = next((one[key] for key in _ID if type(one.get(key)) in (str, int)), None)
        name = next((one[key] for key in _NAMES if type(one.get(key)) is str and one[key].strip()), None)
        if number is None or name is None:
            return {}
        found[str(number)] = name
    return found if len(found) == len(value) else {}


def _are_all(objects: Sequence[dict[str, Any]], key: str, names: Mapping[str, str]) -> bool:
    """Whether all values of a member are ids of what has these names, one or a list, and one at least is there."""
    some = [number for one in objects for number in _numbers(one.get(key))]
    return bool(some) and all(number in names for number in some)


def _numbers(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [str(one) for one in listed if one is not None and one != ""]


def _more(one: dict[str, Any], made: Mapping[str, tuple[str, Mapping[str, str]]]) -> dict[str, Any]:
    more = dict[str, Any]()
    for called, (key, names) in made.items():
        if key in one:
            said = [names.get(number, number) for number in _numbers(one[key])]
            more[called] = said if isinstance(one[key], list) else said[0] if said else None
    return more
