"""Keeps the value of a key of JSON that comes again in its object, under a name of its own, and tells of it.

JSON's usual readers keep the last value and drop those before it without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from explorer.types import NOTE, Rejected, cut

TWICE = "stands twice in an object"
"""What is told of a key that comes again."""
_SHOWN, _FIRST = 100, 3
_PLAIN = (str, int, bool, type(None))


class Again(str):
    """The name under which a key's second value is kept, which is *of* that key."""

    __slots__ = ("of",)

    of: str

    def __new__(cls, name: str, of: str) -> Again:
        """Make one."""
        made = super().__new__(cls, name)
        made.of = of
        return made


def members_into(twice: list[Again]) -> Callable[[list[tuple[str, Any]]], dict[str, Any]]:
    """Return what makes an object of its members, and adds to *twice* the names of those whose key had come before.

    A value that is the same again is one.
    """

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        return made if len(made) == len(pairs) else _apart(pairs, twice)

    return members


def _apart(pairs: Sequence[tuple[str, Any]], twice: list[Again]) -> dict[str, Any]:
    keys = {key for key, _ in pairs}
    made = dict[str, Any]()
    following = dict[str, int]()
    for key, value in pairs:
        if key not in made:
            made[key] = value
        elif not (type(value) is type(made[key]) in _PLAIN and value == made[key]):
            number = following.get(key, 2)
            while f"{key}_{number}" in keys:
                number += 1
            following[key] = number + 1
            name = Again(f"{key}_{number}", key)
            keys.add(name)
            made[name] = value
            twice.append(name)
    return made


def within(value: Any) -> Iterator[Again]:
    """Yield the names that stand for keys that came again in a value, however deep."""
    level = [value]
    while level:
        dicts = [one for one in level if isinstance(one, dict)]
        for one in dicts:
            yield from (key for key in one if isinstance(key, Again))
        inner = [member for one in dicts for member in one.values()]
        inner += [member for one in level if isinstance(one, list) for member in one]
        level = [one for one in inner if isinstance(one, dict | list)]


class Repeats:
    """What is told of the keys of a source that come again: an entry a key of *rejected*, with the first places."""

    def __init__(self, source: str, rejected: list[Rejected]) -> None:
        self._source, self._rejected = source, rejected
        self._at = dict[tuple[str, str], tuple[int, list[str], int]]()

    def note(self, names: Sequence[Again], place: str) -> None:
        """Say that an object at a place, “line 5”, has these."""
        for name in names:
            called = (name.of, str(name))
            at, places, more = self._at.get(called, (len(self._rejected), [], 0))
            if len(places) < _FIRST:
                places.append(place)
            else:
                more += 1
            told = Rejected(self._source, None, self._reason(name, places, more), what=NOTE)
            self._rejected[at : at + 1] = [told]
            self._at[called] = (at, places, more)

    @staticmethod
    def _reason(name: Again, places: Sequence[str], more: int) -> str:
        there = f"{', '.join(filter(None, dict.fromkeys(places)))}{f' and {more:,} more' if more else ''}"
        where = f" ({there})" if there else ""
        key = cut(name.of, _SHOWN)
        return f"the key “{key}” {TWICE}{where}: what it says again is kept as “{cut(name, _SHOWN)}”"
