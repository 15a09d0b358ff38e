"""Parses json that somebody sent: what no answer could hold, and more than anybody writes, is refused.

What it has to be, `shapes` and the types of what is made of it say.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from explorer.types import is_of

MOST_TEXT = 10_000
"""Characters of a text of a record: a note has as many, a name or a reason far fewer."""
MOST_TEXTS = 16 * 2**20
"""Characters of all texts of a record together."""
MOST_PARTS = 2_000_000
_WHOLE = 2**63
_NAME, _MODEL, _VERSIONS = 200, 500, 50


def parsed(content: bytes) -> Any:
    """Return what json holds.  Raises ValueError, also for a number that is none and for half characters."""
    value = json.loads(content, parse_constant=_no_number, parse_int=_whole, parse_float=_finite)
    json.dumps(value, ensure_ascii=False).encode()
    return value


def check_size(told: Any, *, most: int = MOST_TEXT, rows: int = 0) -> None:
    """Raise ValueError for a value with a text of more than *most* characters, or more in all than of so many rows."""
    waiting, parts, length = [told], 0, 0
    while waiting:
        one = waiting.pop()
        parts += 1
        if isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one
        elif is_of(one, str):
            length += len(one)
            if len(one) > most:
                raise ValueError(f"a text of it has {len(one):,} characters")
        if parts > MOST_PARTS + 100 * rows or length > MOST_TEXTS + 1_000 * rows:
            raise ValueError("it is longer than a record is")


@dataclass(frozen=True)
class _Plan:
    run: str
    dataset: str
    settings: dict[str, str | int | float | bool | None]
    fingerprint: str
    keys: dict[str, str]
    readings: dict[str, str] = field(default_factory=dict)
    made_by: str = ""


@dataclass(frozen=True)
class _Run:
    """What a run's record tells, as far as that is read; more may stand there."""

    name: str
    plan: _Plan
    parts: dict[str, str]
    created: str
    versions: dict[str, str]


def run_told(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is read of a run's record, names at the length that they may have.  Raises ValueError."""
    told = {name: record[name] for name in _Run.__dataclass_fields__ if name in record}
    check_size(told)
    plan = told.get("plan")
    if isinstance(plan, dict):
        told["plan"] = {name: plan[name] for name in _Plan.__dataclass_fields__ if name in plan}
    if not is_of(told, _Run) or not _is_name(told["plan"]["settings"].get("encoder")):
        raise ValueError("it is no record of a run")
    created = dt.datetime.fromisoformat(told["created"])
    created = created if created.tzinfo is not None else created.replace(tzinfo=dt.UTC)
    versions = [(name[:100], version[:100]) for name, version in told["versions"].items()]
    return {
        **told,
        "name": told["name"][:_NAME],
        "created": created.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "versions": dict(versions[:_VERSIONS]),
    }


def _is_name(encoder: Any) -> bool:
    return is_of(encoder, str) and 0 < len(encoder) <= _MODEL and encoder.isprintable()


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _whole(digits: str) -> int:
    number = int(digits)
    if not -_WHOLE <= number < _WHOLE:
        raise ValueError("a whole number of it has more than 64 bits")
    return number


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number of it is beyond all that can be counted")
    return number
