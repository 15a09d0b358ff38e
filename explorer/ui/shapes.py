"""What a handler may be given: values of the types that it names, and of stores what `stored.py` says of them.

It judges no content: whether there is such a run or row, the handler says.
"""

from __future__ import annotations

import inspect
import math
import types
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from explorer.errors import BadSetting
from explorer.ui import ids
from explorer.ui.stored import STORES
from explorer.ui.stores import Place

_MOST = 2**63
_OF_PLACE = get_type_hints(Place)


def check_values(names: Sequence[str], hints: Sequence[Any], values: Sequence[Any]) -> None:
    """Raise BadSetting for a value that this page never sends; *names* are the ids that it is the value of."""
    for name, hint, value in zip(names, hints, values, strict=True):
        if not fits(value, hint) or not _is_stored(name, value):
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
    """Whether a value from json is of a type, all that is in it too; None is what has no value yet."""
    return value is None or _is_of(value, hint)


def _is_of(value: Any, hint: Any) -> bool:
    """Whether a value is of a type: numbers are finite, whole ones of 64 bits; an object may have more fields."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(_is_of(value, one) for one in inner)
    if origin is Literal:
        return isinstance(value, str) and value in inner
    if is_typeddict(hint):
        return _has_fields(value, hint)
    kind = origin or hint
    if kind in (list, Sequence):
        return isinstance(value, list) and all(_is_of(one, inner[0]) for one in value if inner)
    if kind in (dict, Mapping):
        return isinstance(value, dict) and all(_is_of(one, inner[1]) for one in value.values() if inner)
    if kind in (int, float):
        return isinstance(value, int | float) and not isinstance(value, bool) and _is_bounded(value, kind)
    if kind in (str, bool):
        return isinstance(value, kind)
    return value is None if kind in (None, types.NoneType) else _is_json(value)


def _is_bounded(value: float, kind: type) -> bool:
    return abs(value) < (_MOST if kind is int or isinstance(value, int) else math.inf)


def _is_json(value: Any) -> bool:
    """Whether a value of any type, which may be nested deeply, has no number that nothing can hold."""
    left = [value]
    while left:
        one = left.pop()
        left += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        if isinstance(one, int | float) and not _is_bounded(one, float):
            return False
    return True


def _has_fields(value: Any, hint: Any) -> bool:
    needed, known = _fields(hint)
    if not isinstance(value, dict) or not needed <= value.keys():
        return False
    return all(_is_of(value[name], of) for name, of in known.items() if name in value)


@cache
def _fields(hint: Any) -> tuple[frozenset[str], Mapping[str, Any]]:
    """Return the names of fields that must be there, and of all fields their types."""
    written = get_type_hints(hint, include_extras=True)
    must = {name for name, of in written.items() if hint.__total__ and get_origin(of) is not NotRequired}
    return frozenset(must), get_type_hints(hint)


def _is_stored(name: str, value: Any) -> bool:
    """Whether a store may hold a value; what is empty is nothing."""
    if name == ids.PLACE and value:
        return isinstance(value, dict) and all(
            field in _OF_PLACE and fits(one, _OF_PLACE[field]) for field, one in value.items()
        )
    return name not in STORES or not value or _is_of(value, STORES[name])
