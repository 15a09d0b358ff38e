"""Estimates what a run takes on this machine, before it is asked for: seconds, memory, room on the disk.

What runs of this workspace took decides (`Workspace.speeds`: ratios to the reference below); before there are any, what
another encoder took, or nothing but the reference.  It opens no dataset: what its record tells is enough.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from explorer.config import AUTO, GIVEN, default_workspace, is_given, maker_of
from explorer.ingest import languages_of
from explorer.kinds import each, kind_named
from explorer.runs.facts import encoder_for
from explorer.runs.plan import STAGES, Plan, timings
from explorer.types import Dataset
from explorer.workspace import READ_BYTES, Workspace

RUNS, OTHERS, REFERENCE = "runs", "other runs", "reference"
"""What an estimate goes by: what runs with this encoder took here, what others took, or another machine."""


@dataclass(frozen=True)
class Cost:
    """Seconds of an encoder on the reference machine: for a picture, a text, a byte that it reads; to be loaded."""

    picture: float
    text: float
    byte: float = 0.0
    load: float = 10.0


# Two cores of a server's processor with bf16; of a text `Workspace` counts the bytes that are read at most.
_COSTS = {
    GIVEN: Cost(0.0, 0.0, load=0.0),
    "minilm": Cost(0.0, 7e-5, 20e-6, load=5.0),
    "muse": Cost(0.0, 1e-4, 12e-6, load=3.0),
    "conse": Cost(0.019, 7e-5, 20e-6, load=5.0),
    "melstats": Cost(0.02, 0.0, load=0.5),
    "clap:laion": Cost(0.35, 0.018),
    "clip:ViT-B-32": Cost(0.032, 0.018),
    "clip:ViT-B-16": Cost(0.09, 0.018),
    "clip:ViT-L-14": Cost(0.38, 0.025),
}
_UNKNOWN = Cost(0.09, 1e-3, 100e-6)
"""Of any other encoder, until it has run here: like a base model of each kind."""
_MAP_ROWS = (300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
_MAP_SECONDS = (3.0, 5.0, 8.0, 11.0, 28.0, 62.0, 160.0, 500.0)
"""Everything after the vectors on the same machine: neighbours, map, clusters, names."""
_MAP = "map"
"""What all after the vectors is called among the speeds."""
_BASE_BYTES, _ENCODER_BYTES = 1.1e9, 0.9e9
_VECTOR_COPIES = 1.7
"""How many times the vectors are in memory at once, at most."""
_ROW_BYTES, _KEPT_ROW_BYTES = 400, 300
_USUAL_DIM = 512
_LETTERS = 100
"""Of the texts that a speed is told in."""
LEAST_SECONDS = 0.2
"""Stages that took less say nothing of the machine."""


@dataclass(frozen=True)
class Estimate:
    """What a run of so many *rows* takes with an *encoder*: *seconds* in all, of these *encoding*; bytes.

    *by* says what that goes by: RUNS, OTHERS or REFERENCE.
    """

    encoder: str
    rows: int
    seconds: float
    encoding: float
    memory: int
    disk: int
    by: str

    def words(self) -> str:
        """Return it in a few words: ``about 40 s and 2.1 GB of memory``."""
        sure = "" if self.by == RUNS else ", as far as can be told before a first map"
        return f"about {_in_words(self.seconds)} and {self.memory / 1e9:.1f} GB of memory{sure}"


def _in_words(seconds: float) -> str:
    """Return a time as one says it of something that is not known well."""
    if seconds < 60:
        return f"{max(5, 5 * round(seconds / 5))} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    return f"{round(seconds / 3600)} h"


def estimate(
    dataset: Dataset | Mapping[str, Any],
    encoder: str = AUTO,
    *,
    rows: int | None = None,
    workspace: Workspace | Path | str | None = None,
    loaded: bool = False,
) -> Estimate:
    """Return what a run of a dataset (or of one by its record), or of *rows* of its rows, takes on this machine.

    What runs in the *workspace* (the default one if None) took decides; *loaded*: the encoder is in memory already.
    Raises UnknownEncoder, and WrongModality for an encoder that does not read the items.
    """
    if not isinstance(workspace, Workspace):
        workspace = Workspace(workspace or default_workspace())
    record = _facts(dataset) if isinstance(dataset, Dataset) else dataset
    own = record.get("given")
    name = encoder_for(encoder, frozenset(record["modalities"]), own=bool(own), languages=record.get("languages") or {})
    taken = min(rows or record["rows"], record["rows"])
    share = taken / max(1, record["rows"])
    ratios = workspace.speeds.all()
    factor, by = _factor(ratios, name)
    encoding = share * _encoding(record, name) * factor
    loading = 0.0 if loaded else _cost(name).load * factor
    vectors = taken * (int(own["dim"]) if own and is_given(name) else _dim(name)) * 4
    held = int(share * record.get("bytes", 0))
    return Estimate(
        encoder=name,
        rows=taken,
        seconds=loading + encoding + _mapping(taken) * ratios.get(_MAP, 1.0),
        encoding=encoding,
        memory=int(_BASE_BYTES + _ENCODER_BYTES + vectors * _VECTOR_COPIES + taken * _ROW_BYTES + 2 * held),
        disk=int(vectors + taken * _KEPT_ROW_BYTES + (vectors // 4 if taken > _MAP_ROWS[5] else 0)),
        by=by,
    )


def note_encoding(workspace: Workspace, record: Mapping[str, Any], encoder: str, seconds: float, share: float) -> None:
    """Note how long encoding a *share* of a dataset's rows took, by which the next estimates go."""
    if seconds >= LEAST_SECONDS and share > 0:
        workspace.speeds.note(encoder, seconds / (share * _encoding(record, encoder)))


def speed_of(speeds: Mapping[str, float], encoder: str, kinds: Collection[str]) -> float | None:
    """Return how many items an encoder reads a second here: pictures, or texts of 100 letters; None until it ran here.

    *speeds* are those of a workspace, *kinds* those that it reads.
    """
    ratio = speeds.get(encoder)
    cost = _cost(encoder)
    seconds = (
        cost.picture if not all(kind_named(kind).has_words for kind in kinds) else cost.text + _LETTERS * cost.byte
    )
    return None if ratio is None or not seconds else 1 / (seconds * ratio)


def note_mapping(workspace: Workspace, plan: Plan) -> None:
    """Note how long a run took from its vectors on; all of that must have been computed for it, and nothing placed."""
    if plan.is_placed:
        return
    spent = timings(workspace, plan)
    taken = sum(spent.get(stage, 0.0) for stage in STAGES[1:])
    if taken >= LEAST_SECONDS:
        workspace.speeds.note(_MAP, taken / _mapping(int(workspace.datasets.record(plan.dataset)["rows"])))


def _mapping(rows: int) -> float:
    """Return the seconds from vectors to names on the reference machine."""
    known = float(np.exp(np.interp(np.log(max(rows, 1)), np.log(_MAP_ROWS), np.log(_MAP_SECONDS))))
    return known * max(1.0, rows / _MAP_ROWS[-1])


def _factor(ratios: Mapping[str, float], encoder: str) -> tuple[float, str]:
    """Return how much longer than the reference encoding takes here, and by what that is known."""
    if encoder in ratios:
        return ratios[encoder], RUNS
    others = [ratio for name, ratio in ratios.items() if name != _MAP]
    if others:
        return float(np.exp(np.mean(np.log(others)))), OTHERS
    return 1.0, REFERENCE


def _encoding(record: Mapping[str, Any], encoder: str) -> float:
    """Return the seconds that encoding a whole dataset takes on the reference machine."""
    cost = _cost(GIVEN if is_given(encoder) else encoder)
    load = record.get("load") or _supposed(record)
    return float(load["pictures"] * cost.picture + load["texts"] * cost.text + load["read"] * cost.byte)


def _cost(encoder: str) -> Cost:
    name = maker_of(encoder) or encoder
    return _COSTS.get(name.partition("/")[0], _UNKNOWN)


def _facts(dataset: Dataset) -> dict[str, Any]:
    """Return what a record would tell of a dataset that is not kept."""
    sizes = [len(words.encode("utf-8", "replace")) for words in each(dataset.items, lambda kind: kind.words) if words]
    read = sum(min(size, READ_BYTES) for size in sizes)
    load = {"texts": len(sizes), "read": read, "pictures": len(dataset) - len(sizes)}
    told: dict[str, Any] = {"modalities": sorted(dataset.modalities), "languages": languages_of(dataset.items)}
    if dataset.given is not None:
        told["given"] = {"dim": dataset.given.array.shape[1]}
    return {"rows": len(dataset), "load": load, "bytes": sum(sizes), **told}


def _supposed(record: Mapping[str, Any]) -> dict[str, int]:
    """Return what there is to encode in a dataset that an earlier version wrote, which did not count it."""
    if all(kind_named(name).has_words for name in record["modalities"]):
        return {"texts": record["rows"], "read": 100 * record["rows"], "pictures": 0}
    return {"texts": 0, "read": 0, "pictures": record["rows"]}


def _dim(encoder: str) -> int:
    from explorer.encoders import list_encoders

    return next((spec.dim for spec in list_encoders() if spec.name == encoder and spec.dim), _USUAL_DIM)
