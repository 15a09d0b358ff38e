"""Shows a run under the names that a language model gave its clusters, as they are kept beside its record.

It asks for none (`naming` does).  What is kept, with the names by which it goes on where it was left:

    {"used": true, "clusters": {"0": ENTRY}, "groups": {"1,4": ENTRY}, "last": {…}}
    ENTRY = {"name", "sentence", "model", "asked": a digest of how it was asked for}
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from explorer.types import NamedGroup, Run, Title


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
