"""Finds the kind of an item, and asks the kinds of many items at once.

It knows none but the three that come with the package: others call `register`, or are named by the entry point
``explorer.kinds`` of an installed package, NAME = MODULE:INSTANCE.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from explorer.errors import UnknownKind
from explorer.kinds.kind import Kind
from explorer.kinds.picture import PictureKind
from explorer.kinds.sound import SoundKind
from explorer.kinds.text import TextKind
from explorer.types import TEXT, Additions, Item, KeptItems, Unfit, additions, kind_name, needs

ENTRY_POINTS = "explorer.kinds"
T = TypeVar("T")

BUILT_IN: tuple[Kind, ...] = (TextKind(), PictureKind(), SoundKind())
_kinds: dict[str, Kind] = {kind.name: kind for kind in BUILT_IN}


def register(kind: Kind) -> None:
    """Make a kind known; its name and its own column must be no other kind's.  Raises ValueError."""
    for other in _kinds.values():
        shared = _shared(kind, other)
        if other.name != kind.name and shared:
            raise ValueError(f"the column {shared!r} is that of the kind {other.name}; give {kind.name} another")
    if type(_kinds.get(kind.name, kind)) is not type(kind):
        raise ValueError(f"there is another kind {kind.name!r} already; choose another name")
    _kinds[kind.name] = kind


def kind_of(item: Item) -> Kind:
    """Return the kind of an item.  Raises UnknownKind."""
    return kind_named(kind_name(type(item)))


def kind_named(name: str) -> Kind:
    """Return the kind of this name, from an installed package where need be.  Raises UnknownKind."""
    if name not in _kinds:
        _find(name)
    return _kinds[name]


def nouns_of(names: Iterable[str]) -> tuple[str, str]:
    """Return what one and many items of these kinds together are called."""
    names = list(names)
    if len(names) != 1:
        return "item", "items"
    return _kinds[names[0]].nouns if names[0] in _kinds else (names[0], names[0])


def reads_words(modalities: Iterable[str]) -> bool:
    """Whether an encoder of these modalities takes words, for a search or to describe what says nothing itself."""
    return TEXT in modalities


def described_by_words_near(names: Iterable[str], *, read: Iterable[str]) -> bool:
    """Whether items of some of these kinds say nothing themselves, and an encoder that reads *read* takes words."""
    return reads_words(read) and not all(kind_named(name).has_words for name in names)


def each(items: Sequence[Item], ask: Callable[[Kind], Callable[[Any], T]]) -> list[T]:
    """Return what the kind of each item answers: `each(items, lambda kind: kind.words)`."""
    found = {of: ask(kind_named(kind_name(of))) for of in set(map(type, items))}
    if len(found) == 1:
        return list(map(next(iter(found.values())), items))
    return [found[type(item)](item) for item in items]


def which(items: Sequence[Item], ask: Callable[[Kind], bool]) -> NDArray[np.bool_]:
    """Return bool (n,): the items of whose kind something holds: `which(items, lambda kind: kind.has_picture)`."""
    if isinstance(items, KeptItems):
        kept = [items.are(name) for name in items.kinds if ask(kind_named(name))]
        return np.logical_or.reduce(kept) if kept else np.zeros(len(items), np.bool_)
    found = {of: ask(kind_named(kind_name(of))) for of in set(map(type, items))}
    if len(found) == 1:
        return np.full(len(items), next(iter(found.values())), dtype=np.bool_)
    return np.fromiter(map(found.__getitem__, map(type, items)), np.bool_, len(items))


def by_kind(items: Sequence[Item]) -> dict[str, Sequence[int]]:
    """Return the places of the items of each kind, ascending, by its name."""
    if isinstance(items, KeptItems):
        return {name: np.flatnonzero(items.are(name)).tolist() for name in sorted(items.kinds)}
    names = {of: kind_name(of) for of in set(map(type, items))}
    if len(set(names.values())) == 1:
        return {next(iter(names.values())): range(len(items))}
    places: dict[str, list[int]] = {name: [] for name in names.values()}
    for at, item in enumerate(items):
        places[names[type(item)]].append(at)
    return dict(places)


def asked(query: Item | Path) -> Item:
    """Return the item to search with: *query* itself, or what the file is that somebody sent.  Raises UnknownKind."""
    if not isinstance(query, Path):
        return query
    for kind in reversed(_kinds.values()):  # those that came later first: pictures take any file
        found = _sent(kind, query)
        if found is not None:
            return found
    raise UnknownKind(f"{query} is nothing that can be searched with.")


def _sent(kind: Kind, query: Path) -> Item | None:
    """Return what a kind makes of a file; nothing where one that a package adds raises, as it harms no other kind."""
    try:
        return kind.sent(query)
    except Exception:
        if kind in BUILT_IN:
            raise
        return None


def packed(item: Item) -> dict[str, Any]:
    """Return the item as json can hold it, for another process."""
    kind = kind_of(item)
    return {"kind": kind.name, "columns": {name: list(cells) for name, cells in kind.stored([item], str).items()}}


def unpacked(value: dict[str, Any]) -> Item:
    """Return the item that `packed` gave.  Raises UnknownKind."""
    return kind_named(value["kind"]).restored(value["columns"], str)[0]


@lru_cache(maxsize=1)
def added() -> Additions[Kind]:
    """Return the kinds that installed packages add; loaded when first asked for."""
    taken = [name for kind in BUILT_IN for name in (kind.name, kind.columns[0])]
    return additions(ENTRY_POINTS, check=check_kind, names=_names, taken=taken)


def check_kind(kind: Kind) -> None:
    """Raise Unfit unless the kind has what `Kind` asks for."""
    methods = ("content", "digest", "stored", "restored", "text", "path", "words", "card", "picture", "sent")
    needs(
        kind, name=str, nouns=tuple, columns=tuple, has_words=bool, has_picture=bool, **dict.fromkeys(methods, object)
    )
    if not kind.columns or not all(isinstance(column, str) for column in kind.columns):
        raise Unfit(f"its columns are {kind.columns!r}; the first must be one of its own")
    shared = next((shared for other in BUILT_IN if (shared := _shared(kind, other))), "")
    if shared:
        raise Unfit(f"the name {shared!r} is taken")


def _shared(one: Kind, other: Kind) -> str:
    """Return a column that both kinds have and that one of them knows its items by, or an empty string."""
    return min({one.columns[0], other.columns[0]} & {*one.columns} & {*other.columns}, default="")


def _names(kind: Kind) -> tuple[str, ...]:
    """Return what a kind shares with no other: its name and its own column."""
    return tuple({kind.name, kind.columns[0]})


def _find(name: str) -> None:
    for kind in added().families:
        if kind.name == name:
            register(kind)
    if name not in _kinds:
        why = next((fault.reason.rstrip(".") for fault in added().broken if fault.name == name), "")
        known = ", ".join(_kinds)
        cure = f"it cannot be used: {why}. Mend" if why else f"there are {known}. Install"
        raise UnknownKind(f"there is no kind of item {name!r} here; {cure} the package that adds it.")
