"""Cells that hold a list as programs write one: Python's, NumPy's, R's, Java's, PostgreSQL's, JSON's, objects of flags.

A cell of prose in brackets looks the same: who asks must know that all cells of a column are such.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from explorer.columns.jsoncells import members_of

_LONGEST = 2_000
"""Characters of a cell that is looked at."""
_ITEM = r"""'(?:[^'\\]|\\.|'')*+' | "(?:[^"\\]|\\.|"")*+" | [^\s'"\[\](){},](?:[^"\[\](){},]*[^\s"\[\](){},])?+"""
_LIST = re.compile(
    rf"""(?:(?P<brackets>\[)|(?P<braces>\{{)|(?P<called>(?:c|list|array|set|frozenset)?\())\s*
    (?P<inner>(?:(?:{_ITEM})(?:\s*,\s*|\s+(?=['"])))*(?:{_ITEM})?)\s*,?\s*(?:\]|\}}|\))""",
    re.VERBOSE | re.DOTALL,
)
_ITEMS = re.compile(_ITEM, re.VERBOSE | re.DOTALL)
_NONE = frozenset({"none", "null", "nan", "na", "<na>"})
_PRINTED = re.compile(r"""\[\s*['"]""")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def list_in(cell: str) -> list[str] | None:
    """Return the values of a list, of an object of flags the keys that are true; None for what is none, and vectors.

    O(characters).
    """
    cell = cell.strip()
    if not 1 < len(cell) <= _LONGEST or cell[-1] not in "])}":
        return None
    flags = _flags(cell)
    if flags is not None:
        return flags
    named = members_of(cell) if cell[0] == "[" else None
    if named is not None:
        return [str(one).strip() for one in named]
    found = _LIST.fullmatch(cell)
    if found is None:
        return None
    written = _ITEMS.findall(found["inner"])
    quoted = [one[0] in "'\"" for one in written]
    if written and not any(quoted) and (found["called"] or _are_numbers(written, whole=bool(found["braces"]))):
        return None
    return [
        _unquoted(one) if is_quoted else one
        for one, is_quoted in zip(written, quoted, strict=True)
        if is_quoted or one.casefold() not in _NONE
    ]


def members_in(cell: str) -> list[Any] | None:
    """Return what `members_of` does, and the texts of a list as Python and NumPy print it; None for what is none."""
    found = members_of(cell)
    return list_in(cell) if found is None and _PRINTED.match(cell) else found


def _are_numbers(written: Sequence[str], *, whole: bool) -> bool:
    """Whether items are those of a vector; where they are none as long as they are *whole*, these are not."""
    parts = " ".join(written).split()
    return all(map(_NUMBER.fullmatch, parts)) and not (whole and all(map(str.isdecimal, parts)))


def _flags(cell: str) -> list[str] | None:
    """Return the keys that are true of an object in JSON, or in Python, whose values are all true, false or none."""
    if cell[0] != "{" or ":" not in cell:
        return None
    for text in (cell, _as_json(cell)):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and found and all(one in (True, False, None) for one in found.values()):
            return [key.strip() for key, one in found.items() if one]
        return None
    return None


def _as_json(cell: str) -> str:
    """Return what Python prints of a dictionary as JSON, where its texts have no quotation marks within."""
    bare = re.sub(r"\b(?:True|False)\b", lambda found: found[0].lower(), cell.replace('"', '\\"').replace("'", '"'))
    return re.sub(r"\bNone\b", "null", bare)


def _unquoted(item: str) -> str:
    mark = item[0]
    return re.sub(r"\\(.)", r"\1", item[1:-1].replace(mark * 2, mark), flags=re.DOTALL).strip()
