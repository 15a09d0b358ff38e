"""One stable digest for strings, numbers, arrays and dataclasses: the names of datasets, stages and runs.

It does not hash files (ingest does, while it reads them) and knows nothing of what the keys are for.
"""

import dataclasses
import hashlib
from typing import Any

import numpy as np

from explorer.config import LATER

KEY_LENGTH = 16


def digest(*parts: Any) -> str:
    """Return a 16-digit hexadecimal key that depends on nothing but the values of *parts*.

    Accepts None, bool, int, float, str, bytes, numpy arrays, dataclasses and (nested) sequences and
    mappings of these. Values of different types never collide: each is written with its type and length.
    """
    state = hashlib.blake2b(digest_size=KEY_LENGTH // 2)
    for part in parts:
        _feed(state, part)
    return state.hexdigest()


def _feed(state: "hashlib.blake2b", part: Any) -> None:
    if part is None or isinstance(part, bool | int | float | str):
        encoded = repr(part).encode() if not isinstance(part, str) else part.encode("utf-8", "surrogatepass")
        state.update(f"{type(part).__name__}:{len(encoded)}:".encode() + encoded)
    elif isinstance(part, bytes):
        state.update(f"bytes:{len(part)}:".encode() + part)
    elif isinstance(part, np.ndarray):
        state.update(f"array:{part.dtype.str}:{part.shape}:".encode())
        state.update(np.ascontiguousarray(part).data)
    elif dataclasses.is_dataclass(part) and not isinstance(part, type):
        state.update(f"dataclass:{type(part).__name__}:".encode())
        for field in dataclasses.fields(part):
            if field.metadata.get(LATER) and getattr(part, field.name) == field.default:
                continue
            _feed(state, field.name)
            _feed(state, getattr(part, field.name))
    elif isinstance(part, dict):
        state.update(f"dict:{len(part)}:".encode())
        for name in sorted(part):
            _feed(state, name)
            _feed(state, part[name])
    elif isinstance(part, list | tuple | set | frozenset):
        members = sorted(part) if isinstance(part, set | frozenset) else part
        state.update(f"sequence:{len(members)}:".encode())
        for member in members:
            _feed(state, member)
    else:
        raise TypeError(f"cannot digest a {type(part).__name__}")
