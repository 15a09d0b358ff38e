"""Shows a run under the names that a language model gave its clusters, as they are kept beside its record.

It asks for none (`naming` does).  What is kept, with the names by which it goes on where it was left:

    {"used": true, "clusters": {"0": ENTRY}, "groups": {"1,4": ENTRY}, "last": {…}}
    ENTRY = {"name", "sentence", "model", "asked": a digest of how it was asked for}
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from explorer.description import MOST_NAME, MOST_SENTENCE, plain_line
from explorer.types import NamedGroup, Run, Title, is_of
from explorer.workspace import Workspace

_MODEL, _PROMPT = 500, 20_000
_KEY = re.compile(r"(0|[1-9]\d{0,8})(,(0|[1-9]\d{0,8})){0,9999}")


@dataclass(frozen=True)
class _Entry:
    name: str
    sentence: str
    model: str
    asked: str = ""


@dataclass(frozen=True)
class _Last:
    host: str = ""
    model: str = ""
    items: int = 0
    characters: int = 0
    prompt: str = ""


@dataclass(frozen=True)
class _Kept:
    used: bool = False
    clusters: dict[str, _Entry] = field(default_factory=dict)
    groups: dict[str, _Entry] = field(default_factory=dict)
    last: _Last = _Last()


def titles_told(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return the names of a run as they may be kept, whoever sends them.  Raises ValueError for what are none."""
    if not is_of(dict(kept), _Kept) or max(map(len, map(str, kept.get("last", {}).values())), default=0) > _PROMPT:
        raise ValueError("they are no names of clusters")
    parts = {part: kept.get(part, {}) for part in ("clusters", "groups")}
    keys = [key for entries in parts.values() for key in entries]
    if not all(map(_KEY.fullmatch, keys)) or any("," in key for key in parts["clusters"]):
        raise ValueError("they are names of no clusters")
    return {**kept, **{part: {key: _entry(one) for key, one in entries.items()} for part, entries in parts.items()}}


def _entry(told: Mapping[str, str]) -> dict[str, str]:
    plain = {name: plain_line(text) for name, text in told.items()}
    most = {"name": MOST_NAME, "sentence": MOST_SENTENCE}
    if not plain["name"] or any(len(text) > most.get(name, _MODEL) for name, text in plain.items()):
        raise ValueError("they are longer than names are, or empty")
    return plain


def titles_of(workspace: Workspace, run: str) -> dict[str, Any]:
    """Return the names that are kept of a run's clusters; {} where nothing is, or what is kept are none."""
    kept = workspace.runs.titles(run)
    try:
        return titles_told(kept) if kept else {}
    except ValueError:  # a run is as good without
        return {}


def titled(run: Run, kept: Mapping[str, Any]) -> Run:
    """Return the run with the names that are kept, unless they are not to be used; within a level all names differ.

    *run* has the names that its words give.
    """
    entries = kept.get("clusters", {}) if kept.get("used") else {}
    if not entries:
        return run
    before = [summary.name for summary in run.summaries]
    given = {int(label): entry for label, entry in entries.items() if int(label) < len(before)}
    names = _different(before, {label: entry["name"] for label, entry in given.items()})
    titles = {
        label: Title(names[label], entry["sentence"], entry["model"], before[label]) for label, entry in given.items()
    }
    summaries = tuple(dataclasses.replace(s, name=name) for s, name in zip(run.summaries, names, strict=True))
    levels = tuple(_level(level, before, names, kept.get("groups", {})) for level in run.levels)
    return dataclasses.replace(run, summaries=summaries, levels=levels, titles=titles)


def moved(kept: Mapping[str, Any], number: Mapping[str, str]) -> dict[str, Any]:
    """Return names that are kept of a run for another one, *number* has the labels there by those here.

    What has none is left out, as is a group of several clusters of which one has none.
    """
    clusters = {number[label]: entry for label, entry in kept.get("clusters", {}).items() if label in number}
    groups = {
        key_of([int(number[one]) for one in key.split(",")]): entry
        for key, entry in kept.get("groups", {}).items()
        if all(one in number for one in key.split(","))
    }
    return {**kept, "clusters": clusters, "groups": groups}


def key_of(clusters: Sequence[int]) -> str:
    """Return what the name of a group of several clusters is kept under."""
    return ",".join(map(str, sorted(clusters)))


def _level(
    level: Sequence[NamedGroup], before: Sequence[str], names: Sequence[str], groups: Mapping[str, Any]
) -> tuple[NamedGroup, ...]:
    """Return a level: a group that is as good as one cluster has its name, a part of one its own as before."""
    given: dict[int, str] = {}
    for at, group in enumerate(level):
        if len(group.clusters) == 1 and group.name == before[group.clusters[0]]:
            given[at] = names[group.clusters[0]]
        elif len(group.clusters) > 1 and key_of(group.clusters) in groups:
            given[at] = groups[key_of(group.clusters)]["name"]
    made = _different([group.name for group in level], given)
    return tuple(dataclasses.replace(group, name=name) for group, name in zip(level, made, strict=True))


def _different(before: Sequence[str], given: Mapping[int, str]) -> list[str]:
    """Return the names, those *given* instead of those *before*; one that is there already with its old name behind."""
    made = list(before)
    taken = {name.casefold() for at, name in enumerate(before) if at not in given}
    for at, name in given.items():
        tried = (name, f"{name} ({before[at]})", *(f"{name} ({number})" for number in range(2, 4)))
        free = (text for text in tried if text.casefold() not in taken)
        made[at] = next(free, None) or next(t for i in count(4) if (t := f"{name} ({i})").casefold() not in taken)
        taken.add(made[at].casefold())
    return made
