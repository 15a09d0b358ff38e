"""Takes a run of a saved dataset into a workspace: its results under keys that are made here, its record last.

Whether its results fit, `checking` says.  A run whose keys follow from what is in the file keeps them; one of another
version, or of a dataset that has another key here, gets keys of its own, so that it is never taken for what is
computed here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from explorer.columns import parse_reading
from explorer.embedding import item_hashes
from explorer.errors import Cancelled, CannotWrite, ExplorerError, UnreadableFile
from explorer.portable.checking import Array, Unfit, about_embedding, check_run
from explorer.portable.manifest import FAULTS, Contents, record_of
from explorer.portable.told import run_told
from explorer.runs import Plan, facts_of, open_run, plan_of, titles_told, vocabulary_words
from explorer.types import Dataset, digest
from explorer.workspace import Workspace, erase


@dataclass(frozen=True)
class Place:
    """Where a run goes: the workspace, the file it comes from, its dataset as it is kept, and what unpacks an entry."""

    workspace: Workspace
    given: Contents
    dataset: Dataset
    unpack: Callable[[str, Path], None]

    @cached_property
    def hashes(self) -> Array:
        """The hashes (n, 16) of the items."""
        return item_hashes(self.dataset.items)


def take_run(place: Place, entry: str) -> tuple[str, str]:
    """Take in the run that an entry of the file tells of; return its key there and its key here.

    Raises UnreadableFile, with the reason why it is left out, and CannotWrite.
    """
    told = str(entry)
    try:
        record = record_of(place.given, entry)
        told = str(record.get("name", entry))[:100]
        record = run_told(record)
        before = Plan.from_json(record["plan"])
        after = _plan_here(before, place.dataset)
        parts = _parts(record["parts"], before, after)
        if not place.workspace.runs.want(after.run):
            with _staged(place, parts, after) as staged:
                _publish(place, staged, after, record, entry)
        return before.run, after.run
    except Unfit as exc:
        raise _left_out(told, str(exc)) from exc
    except (CannotWrite, Cancelled):
        raise
    except (ExplorerError, *FAULTS, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError) as exc:
        raise _left_out(told, "its record cannot be read") from exc


def _left_out(name: str, why: str) -> UnreadableFile:
    return UnreadableFile(f"the map “{name}” was left out: {why}. Make it anew from the rows.")


def _plan_here(before: Plan, dataset: Dataset) -> Plan:
    """Return the plan of a run under the keys that it has here.  Raises what a plan that is none raises."""
    for words_of in before.readings.values():
        parse_reading(words_of)
    words = vocabulary_words(before.config.embed.encoder) if "words" in before.keys else None
    facts = replace(facts_of(dataset), readings=before.readings)
    config = before.config.resolved(facts.rows, encoder=before.config.embed.encoder)
    made = plan_of(facts, config, before.fingerprint, words, made_by=before.made_by)
    if made.run == before.run and dict(made.keys) == dict(before.keys):
        return made
    if made.run == before.run and {**made.keys, "describe": before.keys["describe"]} == dict(before.keys):
        named = digest("imported", "describe", before.keys["describe"], dataset.key)  # after those of other runs
        return replace(made, keys={**made.keys, "describe": named})
    keys = {part: digest("imported", part, key, dataset.key) for part, key in before.keys.items()}
    run = digest("imported run", dataset.key, before.run)
    return replace(before, run=run, dataset=dataset.key, keys=keys)


def _results(plan: Plan) -> dict[str, str]:
    """Return the names of the results of a plan by what they are to it, those that are made when asked for too."""
    derived = {
        "terms": f"terms-{plan.terms}",
        "phrases": f"phrases-{plan.phrases}",
        "codes": f"codes-{plan.keys['embed']}",
        "sureness": f"sureness-{plan.sureness}",
        "space": f"project-{plan.space}",
    }
    return {**{part: f"{part}-{key}" for part, key in plan.keys.items()}, **derived}


def _parts(parts: Mapping[str, str], before: Plan, after: Plan) -> dict[str, tuple[str, str]]:
    """Return the names of results there and here; of those made when asked for, the ones of this version."""
    there, here = _results(before), _results(after)
    if set(before.keys) - set(parts):
        raise Unfit("parts of it are missing")
    return {part: (name, here[part]) for part, name in there.items() if parts.get(part) == name}


@contextmanager
def _staged(place: Place, parts: Mapping[str, tuple[str, str]], plan: Plan) -> Iterator[dict[str, Path]]:
    """Unpack the results that are not here and look through all; give their folders by the names they are to have."""
    with ExitStack() as stack:
        folders, staged = dict[str, Path](), dict[str, Path]()
        for part, (there, here) in parts.items():
            home = place.workspace.results.folder(*here.split("-", 1))
            if not (home / "record.json").exists():
                home = staged[here] = place.workspace.writer.temporary(home)
                stack.callback(erase, home)
                _unpack(place, there, home)
            folders[part] = home
        check_run(folders, plan, place.hashes)
        if about_embedding(folders["embed"]) != _about(plan, folders["embed"]):
            raise Unfit("its vectors are of another encoder than its settings say")
        yield staged


def _unpack(place: Place, name: str, home: Path) -> None:
    found = [entry for entry in place.given.entries if entry.startswith(f"stages/{name}/")]
    if not found:
        raise Unfit(f"its {name.split('-')[0]} is missing")
    for entry in found:
        try:
            place.unpack(entry, home / entry.rsplit("/", 1)[1])
        except UnreadableFile as exc:
            raise Unfit(f"its {name.split('-')[0]} is damaged") from exc


def _about(plan: Plan, home: Path) -> dict[str, Any]:
    import numpy as np

    shape = np.load(home / "vectors.npy", mmap_mode="r", allow_pickle=False).shape
    return {"fingerprint": plan.vectors_by, "dim": shape[1], "rows": shape[0]}


def _publish(place: Place, staged: Mapping[str, Path], plan: Plan, record: Mapping[str, Any], entry: str) -> None:
    """Put the results where they belong and write the run's record, within one turn: no sweep comes between."""
    workspace, titles = place.workspace, f"{entry.removesuffix('.json')}.titles.json"
    with workspace.turn():
        for name, folder in staged.items():
            stage, key = name.split("-", 1)
            workspace.results.adopt(stage, key, folder)
        workspace.runs.write(_record(plan, record, place.dataset))
    try:
        if titles in place.given.entries:
            workspace.runs.keep_titles(plan.run, titles_told(record_of(place.given, titles)))
        open_run(plan.run, workspace=workspace)
    except (ExplorerError, *FAULTS, TypeError, AttributeError, LookupError, ArithmeticError) as exc:
        workspace.delete_run(plan.run)
        raise Unfit("its parts do not fit together") from exc


def _record(plan: Plan, told: Mapping[str, Any], dataset: Dataset) -> dict[str, Any]:
    return {
        "run": plan.run,
        "name": told["name"],
        "dataset": plan.dataset,
        "settings": plan.config.flat(),
        "device": "auto",
        "plan": plan.to_json(),
        "results": plan.results(),
        "state": "done",
        "error": "",
        "reused": len(dataset),
        "created": told["created"],
        "wanted": time.time_ns(),
        "versions": told["versions"],
    }
