"""What installed packages add to a seam – encoders, readers, indexes – by an entry point.

It knows no seam: a room says what its families have to be like.  Nothing is looked for before a room asks, and what
cannot be used is kept apart with its reason, so that it harms nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

F = TypeVar("F")
A = TypeVar("A")


class Unfit(Exception):
    """A family is not what its protocol says; the message says in what."""


@dataclass(frozen=True)
class Fault:
    """Why the family that a *package* offers under the entry point *name* cannot be used."""

    name: str
    package: str
    reason: str


@dataclass(frozen=True)
class Added(Generic[F]):
    """A family that can be used, and who offers it under which name."""

    family: F
    name: str
    package: str


@dataclass(frozen=True)
class Additions(Generic[F]):
    """What packages add to one seam: *usable* families, which pass the *check*, and the *broken* ones' faults."""

    check: Callable[[Any], object]
    usable: tuple[Added[F], ...]
    broken: tuple[Fault, ...]

    @property
    def families(self) -> tuple[F, ...]:
        """The families that can be used."""
        return tuple(added.family for added in self.usable)

    def answers(self, question: Callable[[F], A]) -> Iterator[A]:
        """Yield what each usable family answers; one that raises is left out: `faults` tells of it."""
        for added in self.usable:
            answer, fault = _tried(partial(question, added.family))
            if not fault:
                yield answer

    def faults(self) -> tuple[Fault, ...]:
        """Return what is broken, and what does not pass the check any more that it passed when it was found."""
        now = ((added, _tried(partial(self.check, added.family))[1]) for added in self.usable)
        later = tuple(Fault(added.name, added.package, fault) for added, fault in now if fault)
        return self.broken + later


def additions(
    group: str, *, check: Callable[[Any], object], names: Callable[[F], Collection[str]], taken: Iterable[str]
) -> Additions[F]:
    """Load the families that packages offer in a *group* of entry points.

    Each passes the *check*, which raises `Unfit` or anything else, and goes by *names* that are not *taken*.
    """
    known = set(taken)
    usable: list[Added[F]] = []
    entries, broken = _offered(group)
    for entry in sorted(entries, key=lambda entry: (_package(entry), entry.name)):
        family, fault = _tried(partial(_loaded, entry, check, names, known))
        if fault:
            broken.append(Fault(entry.name, _package(entry), fault))
        else:
            known.update(names(family))
            usable.append(Added(family, entry.name, _package(entry)))
    return Additions(check, tuple(usable), tuple(broken))


def _offered(group: str) -> tuple[list[Any], list[Fault]]:
    """Return the entry points of a group, and the packages whose own list of them cannot be read."""
    from importlib.metadata import distributions, entry_points

    found, fault = _tried(lambda: list(entry_points(group=group)))
    if not fault:
        return found, []
    entries: list[Any] = []
    broken: list[Fault] = []
    for package in distributions():
        found, fault = _tried(partial(_of_group, package, group))
        entries += found or []
        if fault:
            broken.append(Fault("entry_points.txt", _named(package), fault))
    return entries, broken


def _of_group(package: Any, group: str) -> list[Any]:
    return list(package.entry_points.select(group=group))


def needs(family: object, **members: type) -> None:
    """Raise Unfit unless the family has these members, each of its type; *object* stands for a method."""
    for name, kind in members.items():
        if not hasattr(family, name):
            raise Unfit(f"it has no {name!r}")
        member = getattr(family, name)
        if not (callable(member) if kind is object else isinstance(member, kind)):
            wanted = "a method" if kind is object else f"of type {kind.__name__}"
            raise Unfit(f"its {name!r} is {member!r}, not {wanted}")


def made(offered: Any) -> Any:
    """Return what is offered, or, if it is a class, one of it."""
    return offered() if isinstance(offered, type) else offered


def _loaded(
    entry: Any, check: Callable[[Any], object], names: Callable[[Any], Collection[str]], taken: Collection[str]
) -> Any:
    family = made(entry.load())
    check(family)
    twice = [name for name in names(family) if name in taken]
    if twice:
        raise Unfit(f"the name {twice[0]!r} is taken")
    return family


def _tried(call: Callable[[], Any]) -> tuple[Any, str]:
    """Return what other people's code returns, and an empty string, or why it did not return."""
    try:
        return call(), ""
    except Unfit as exc:
        return None, str(exc)
    except KeyboardInterrupt:
        raise
    except BaseException as exc:  # noqa: BLE001 - it may raise anything, and must harm nobody
        return None, said(exc)


def said(fault: BaseException) -> str:
    """Return an error's name and its words in one line; its name alone where even they raise."""
    try:
        words = " ".join(str(fault).split())
    except Exception:  # noqa: BLE001 - other people's errors may do anything
        words = ""
    return f"{type(fault).__name__}: {words}" if words else type(fault).__name__


def _package(entry: Any) -> str:
    return _named(entry.dist)


def _named(package: Any) -> str:
    """Return the name and version of an installed package; one whose metadata are gone has none."""
    name, _ = _tried(lambda: package.name)
    version, _ = _tried(lambda: package.version)
    return f"{name} {version or ''}".strip() if name else "an unnamed package"
