"""Compares what json holds with the types of what is to be made of it: a saved dataset is believed nothing.

It makes nothing: whoever reads the json does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

_MOST = 2**63
_HALF = re.compile("[\ud800-\udfff]")


def is_of(told: Any, kind: Any) -> bool:
    """Whether a value that json holds, or a dataclass that was made of it, is of this type, all that is in it too.

    Of a dataclass, an object with its fields, the ones without a default at least; whole numbers are from 0 on and
    of 64 bits, others finite, texts without half characters.
    """
    if isinstance(kind, type) and is_dataclass(kind):
        hints, needed = _fields(kind)
        values = {name: getattr(told, name) for name in hints} if isinstance(told, kind) else told
        if not isinstance(values, dict) or not needed <= values.keys() <= hints.keys():
            return False
        return all(is_of(value, hints[name]) for name, value in values.items())
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return any(is_of(told, one) for one in inner)
    if origin in (tuple, list):
        if not isinstance(told, list | tuple):
            return False
        if origin is list or inner[-1] is Ellipsis:
            return all(is_of(one, inner[0]) for one in told)
        return len(told) == len(inner) and all(map(is_of, told, inner))
    if origin in (dict, Mapping):
        return isinstance(told, dict) and all(is_of(k, inner[0]) and is_of(v, inner[1]) for k, v in told.items())
    if kind is int:
        return isinstance(told, int) and not isinstance(told, bool) and 0 <= told < _MOST
    if kind is float:
        return isinstance(told, int | float) and not isinstance(told, bool) and abs(told) < math.inf
    if kind is str:
        return _is_text(told)
    return told is None if kind in (None, NoneType) else isinstance(told, kind)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and (value.isascii() or not _HALF.search(value))


@cache
def _fields(kind: Any) -> tuple[Mapping[str, Any], frozenset[str]]:
    hints = get_type_hints(kind)
    made = [field for field in fields(kind) if field.init]
    needed = frozenset(field.name for field in made if field.default is field.default_factory)
    return {field.name: hints[field.name] for field in made}, needed
