"""Cells that hold JSON as a person would write them: a list by its values, an object by its name.

It is a view: the cell keeps what the file has.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

_LONGEST = 2_000
"""Characters of a cell that is looked at."""
_NAMES = ("name", "title", "label", "displayName", "display_name", "full_name", "fullName", "username", "value", "text")
"""Members of objects that name them, the surest first."""
_OTHERS = frozenset({"id", "_id", "uuid", "guid", "key", "url", "href", "self", "type"})
"""Members that name nothing as long as there are others."""


def members_of(value: str) -> list[Any] | None:
    """Return the plain values of a list in JSON, the names of its objects; of an object its own.

    None for what is none, for vectors, and where an object has no name.
    """
    if len(value) > _LONGEST or value[:1] not in ("[", "{") or value.rstrip()[-1:] not in ("]", "}"):
        return None
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return None
    members = found if isinstance(found, list) else [found] if found else None
    if members is None or (members and all(isinstance(one, int | float) for one in members)):
        return None
    named = [_name(one) if isinstance(one, dict) else one for one in members]
    return None if any(one is None or isinstance(one, dict | list) for one in named) else named


def _name(members: dict[str, Any]) -> Any:
    """Return what names an object: a member that is called so, else the only text; None without."""
    plain = {key: one for key, one in members.items() if one not in (None, "") and not isinstance(one, dict | list)}
    for key in _NAMES:
        if key in plain:
            return plain[key]
    inner = [one for one in members.values() if isinstance(one, dict)]
    if len(members) == 1 and inner:
        return _name(inner[0])
    return _only([one for key, one in plain.items() if key not in _OTHERS]) or _only(list(plain.values()))


def _only(values: Sequence[Any]) -> str | None:
    """Return the only text among values; None where that is not sure."""
    texts = [one for one in values if not isinstance(one, int | float)]
    return texts[0] if len(texts) == 1 else None
