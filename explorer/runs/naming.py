"""Has a language model name the clusters of a finished run, one after the other, and the groups that join them.

It talks through `endpoint`, shows through `titled` and runs in whoever calls it.  Every name is kept as it comes, so
that what is interrupted goes on; what fails leaves the names of before.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.columns import longcells
from explorer.config import NAMES_KEY
from explorer.description import Asking, Material, messages, read_reply
from explorer.errors import BadReply, NoAnswer
from explorer.kinds import kind_of
from explorer.runs.endpoint import ANSWER_SECONDS, Endpoint, Talk
from explorer.runs.pipeline import open_run
from explorer.runs.titled import key_of, titles_of
from explorer.types import ClusterSummary, Progress, Report, Run, digest, silent, through
from explorer.workspace import Workspace

_WORDS = 10
_LOOKED_AT = 20_000
"""Rows of a cluster among which those of its middle are found."""
_TRIES = 2
"""How often a group is asked for whose answer holds no name, or that of another one."""
_UNUSABLE = 3
"""After so many groups in a row without a usable name the model is taken for one that cannot do it."""
_NAMES_TOLD = 40
_CHARS = 10_000
"""Characters of an item, and of a cell, that are looked at; a prompt has room for fewer."""


@dataclass(frozen=True)
class Group:
    """What is to be named: a cluster, or several that a level of the map joins; its name is kept under *key*."""

    part: str
    key: str
    clusters: tuple[int, ...]


def key_in_environment() -> str:
    """Return the key of the language model, "" for none; it is asked for when it is sent."""
    return os.environ.get(NAMES_KEY, "").strip()


def name_clusters(
    workspace: Workspace,
    run: str,
    endpoint: Endpoint,
    asking: Asking,
    *,
    again: bool = False,
    progress: Report = silent,
    seconds: float = ANSWER_SECONDS,
) -> dict[str, Any]:
    """Have the clusters of a run named, and return how many were and how many could not be: `named`, `unusable`.

    Those that were named in the same way are not asked for *again* unless that is wished.  Calls *progress* often;
    whatever it raises stops it, and the names that came are kept.  Raises NoAnswer, NotFound, NotReady, BadSetting.
    """
    asking.check()
    shown, kept = open_run(run, workspace=workspace, titles=False, on_disk=True), titles_of(workspace, run)
    groups, asked = groups_of(shown), how(endpoint, asking)
    entries = {part: dict(kept.get(part, {})) for part in ("clusters", "groups")}
    due = [group for group in groups if again or entries[group.part].get(group.key, {}).get("asked") != asked]
    last = {"host": endpoint.host, "model": endpoint.model, **vars(asking)}
    unusable: list[str] = []
    missed = 0
    with Talk(endpoint, seconds=seconds) as talk:
        for number, group in enumerate(due):
            told = Progress("name", len(groups) - len(due) + number, len(groups))
            try:
                name, sentence = _named(talk, shown, group, asking, entries, lambda told=told: progress(told))
            except BadReply as exc:
                unusable.append(str(exc))
                missed += 1
                if missed == min(_UNUSABLE, len(due)):
                    raise NoAnswer(_useless(endpoint, exc)) from exc
                continue
            missed = 0
            entries[group.part][group.key] = {
                "name": name, "sentence": sentence, "model": endpoint.model, "asked": asked,
            }  # fmt: skip
            workspace.runs.keep_titles(run, {"used": True, **entries, "last": last})
    progress(Progress("name", len(groups), len(groups)))
    return {"named": len(due) - len(unusable), "unusable": len(unusable), "reasons": sorted(set(unusable))}


def groups_of(run: Run) -> list[Group]:
    """Return what is named, in this order: every cluster, and every group of several that has a name on the map."""
    found = [Group("clusters", str(s.label), (s.label,)) for s in run.summaries]
    joined = {key_of(group.clusters): group.clusters for level in run.levels for group in level}
    return found + [Group("groups", key, clusters) for key, clusters in joined.items() if len(clusters) > 1]


def how(endpoint: Endpoint, asking: Asking) -> str:
    """Return a digest of how names are asked for; the key is not in it."""
    return digest("names", endpoint.address, endpoint.model, asking.items, asking.characters, asking.prompt.strip())


def requests_of(run: Run, asking: Asking) -> Iterator[tuple[str, list[Mapping[str, str]]]]:
    """Yield what would be sent for each group, and what it is called now; later requests may name earlier names."""
    asking.check()
    for group in groups_of(run):
        name = ", ".join(run.summaries[label].name for label in group.clusters)
        yield name, messages(material_of(run, group, asking.items, {}), asking)


def material_of(run: Run, group: Group, items: int, entries: Mapping[str, Any]) -> Material:
    """Return what is told of a group: *items* rows of a cluster's middle, or the names of the clusters it joins."""

    def called(label: int) -> str:
        entry = entries.get(str(label))
        return str(entry["name"]) if entry else run.summaries[label].name

    if len(group.clusters) > 1:
        return Material(parts=tuple(called(label) for label in group.clusters))
    summary = run.summaries[group.clusters[0]]
    return Material(
        items=tuple(filter(None, (_told(run, row) for row in _central(run, summary, items)))),
        words=tuple(word for word, _ in summary.keywords[:_WORDS]),
        rich_in=tuple(f"{found.column}: {found.value}" for found in summary.enrichment),
        beside=tuple(called(label) for label, _ in summary.nearest),
    )


def _named(
    talk: Talk, run: Run, group: Group, asking: Asking, entries: Mapping[str, Any], watch: Any
) -> tuple[str, str]:
    """Return the name and the sentence of a group; a name that another one has is asked for once more."""
    material = material_of(run, group, asking.items, entries["clusters"])
    others = {e["name"].casefold(): e["name"] for key, e in entries[group.part].items() if key != group.key}
    taken: list[str] = []
    fault: BadReply | None = None
    found = ("", "")
    for _ in range(_TRIES):
        try:
            found = read_reply(talk.ask(messages(material, asking, taken=taken), watch=watch))
        except BadReply as exc:
            fault = exc
            continue
        if found[0].casefold() not in others:
            return found
        taken = [found[0], *(name for name in others.values() if name != found[0])][:_NAMES_TOLD]
    if not found[0]:
        raise fault or BadReply("it gave no name")
    return found  # the same twice: `titled` writes its old name behind it


def _central(run: Run, summary: ClusterSummary, items: int) -> list[int]:
    """Return the rows of a cluster's middle: its examples, which differ from each other, and then the nearest."""
    chosen = list(summary.exemplars[:items])
    if len(chosen) == items:
        return chosen
    rows = np.flatnonzero(np.asarray(run.clustering.labels) == summary.label)
    rows = rows[:: max(1, -(-len(rows) // _LOOKED_AT))]
    vectors = np.asarray(run.embeddings.vectors[rows], np.float32)
    nearest = rows[np.argsort(-(vectors @ vectors.mean(axis=0)), kind="stable")].tolist()
    return [*chosen, *(row for row in nearest if row not in set(chosen))][:items]


def _told(run: Run, row: int) -> str:
    """Return what an item says in words; for one without, what its line of the table says of it."""
    begun = through(run.dataset, longcells.beginnings(_CHARS))
    item = begun.items[row]
    words = kind_of(item).words(item)
    if words is not None:
        return words
    import pandas as pd

    told = {
        name: value
        for name, value in begun.cells(row).items()
        if not (pd.api.types.is_scalar(value) and pd.isna(value))
    }
    return "; ".join(f"{name}: {value}" for name, value in told.items())


def _useless(endpoint: Endpoint, exc: BadReply) -> str:
    return (
        f"{endpoint.model} at {endpoint.host} was asked {_TRIES} times for each of the last names, and {exc}. "
        "Take another model, or change the prompt; the names of before stay."
    )
