"""What a handler may be given: values of the types that it names, and of stores the fields that the page writes.

It judges no content: whether there is such a run or row, the handler says.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Sequence
from typing import Any, Union, get_args, get_origin, get_type_hints

from explorer.errors import BadSetting
from explorer.ui import ids
from explorer.ui.stores import Place

NUMBER = (int, float)
FIELDS: dict[str, dict[str, Any]] = {
    ids.STATUS: {"run": str, "state": str},
    ids.VIEW: {"run": str, "columns": list},
    ids.SEARCH_ASKED: {"run": str, "words": str},
    ids.HITS: {"run": str, "hits": list, "query": str},
    ids.CLUSTER_FOCUS: {"labels": list},
    ids.SELECTION: {"run": str, "shape": dict},
    ids.CUT: {"run": str, "at": NUMBER},
    ids.RECUT_KEEP: {"run": str, "at": NUMBER},
    ids.PICK_SIZE: {"run": str, "size": NUMBER},
    ids.REJECTED_OPEN: {"dataset": str},
    ids.UPLOAD_LOOK: {"upload": str},
    ids.TYPE_ASKED: {"column": str, "read_as": str},
    ids.UPLOADED: {"dataset": str},
    "library-action": {"do": str, "kind": str, "key": str},
    "library-editing": {"kind": str, "key": str, "how": str},
}
"""Of stores that hold something: fields that handlers count on."""
MAY_HAVE: dict[str, dict[str, Any]] = {"library-action": {"name": str}, ids.HITS: {"having": NUMBER}}
"""Fields that are there with some of what the page writes."""
WITHIN: dict[str, dict[str, Any]] = {
    ids.HITS: {"hits": {"row": NUMBER, "cluster": NUMBER, "score": NUMBER, "weak": bool}},
    ids.VIEW: {"columns": str},
}
"""What lists among those fields hold."""
_KINDS = {str: (str,), int: NUMBER, float: NUMBER, bool: (bool,), dict: (dict,), list: (list,)}
_OF_PLACE = get_type_hints(Place)


def check_values(names: Sequence[str], hints: Sequence[Any], values: Sequence[Any]) -> None:
    """Raise BadSetting for a value that this page never sends; *names* are the ids that it is the value of."""
    for name, hint, value in zip(names, hints, values, strict=True):
        if not fits(value, hint) or not _has_fields(name, value):
            raise BadSetting(f"the page never sends such a value of {name}; reload it.")


def hints_of(handler: Callable[..., Any], count: int) -> list[Any]:
    """Return the types that a handler names for *count* values; Any for those that it gathers, or says nothing of."""
    hints = get_type_hints(handler)
    found = [
        (hints.get(one.name, Any), one.kind is one.VAR_POSITIONAL)
        for one in inspect.signature(handler).parameters.values()
    ]
    alone = [hint for hint, gathers in found if not gathers]
    return [*alone[:count], *([Any] * (count - len(alone)))]


def fits(value: Any, hint: Any) -> bool:
    """Whether a value from json is of a type, as far as its outermost kind tells; None is what has no value yet."""
    if value is None:
        return True
    if get_origin(hint) in (Union, types.UnionType):
        return any(fits(value, one) for one in get_args(hint))
    if hint is types.NoneType:
        return False
    kinds = _KINDS.get(get_origin(hint) or hint)
    if kinds is None:
        return True
    return isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))


def _has_fields(name: str, value: Any) -> bool:
    if name == ids.PLACE and value:
        return isinstance(value, dict) and all(
            field in _OF_PLACE and fits(one, _OF_PLACE[field]) for field, one in value.items()
        )
    if name not in FIELDS or not value:
        return True
    if not isinstance(value, dict):
        return False
    may = {field: kind for field, kind in MAY_HAVE.get(name, {}).items() if field in value}
    return _has(value, {**FIELDS[name], **may}) and all(
        _has(one, within) if isinstance(within, dict) else isinstance(one, within)
        for field, within in WITHIN.get(name, {}).items()
        for one in value[field]
    )


def _has(value: Any, fields: dict[str, Any]) -> bool:
    return isinstance(value, dict) and all(
        isinstance(value.get(field), kind) and (kind is bool or not isinstance(value.get(field), bool))
        for field, kind in fields.items()
    )
