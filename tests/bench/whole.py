"""From vectors to described clusters, as a server's worker does it: `python -m tests.bench whole --rows 25000 50000`.

Every size is a fresh process that is warmed up first.  Made texts and vectors (`vectors.py`) lie in a workspace as if
an encoder had left them, which is loaded for the phrases that clusters are named by alone; then the stages run one
after the other, as in a run with default settings.  Prints seconds
of wall clock and of the processor for each stage, the memory after it, and how much longer twice the rows take.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from explorer.config import RunConfig
from explorer.embedding.encoding import DONE
from explorer.runs.facts import facts_of
from explorer.runs.pipeline import cached_encoder, open_record, open_run
from explorer.runs.plan import STAGES, Plan, make_plan
from explorer.runs.stages import run_stage
from explorer.types import Dataset, IntArray, digest
from explorer.workspace.folder import Workspace
from tests.bench.vectors import text_like

ENCODER, DIM = "minilm", 384
COMMON, RARE, PER_TOPIC = 400, 40_000, 25
STAGES_HERE = STAGES[1:]
_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]


def made_words(count: int, rng: np.random.Generator) -> list[str]:
    """Return *count* different words of two to four syllables."""
    found: dict[str, None] = {}
    while len(found) < count:
        lengths = rng.integers(2, 5, count)
        found |= dict.fromkeys("".join(rng.choice(_SYLLABLES, length)) for length in lengths.tolist())
    return list(found)[:count]


def texts_of(topics: IntArray, *, seed: int = 0) -> list[str]:
    """Return a line of 5 to 12 words for each row: a third of its topic, the others common or rare."""
    rng = np.random.default_rng(seed)
    words = made_words(COMMON + RARE + PER_TOPIC * (int(topics.max()) + 1), rng)
    common = rng.zipf(1.4, size=4 * len(topics)) % COMMON
    rare = COMMON + rng.zipf(1.2, size=4 * len(topics)) % RARE
    lines: list[str] = []
    for row, topic in enumerate(topics.tolist()):
        spread = 4 * row
        own = COMMON + RARE + PER_TOPIC * topic + rng.zipf(1.5, size=4) % PER_TOPIC if topic >= 0 else rare[:0]
        chosen = np.concatenate([common[spread : spread + 4], rare[spread : spread + 1 + row % 4], own])
        rng.shuffle(chosen)
        lines.append(" ".join(words[at] for at in chosen.tolist()).capitalize() + ".")
    return lines


def prepared(folder: Path, rows: int) -> str:
    """Write a dataset with its vectors into a workspace, everything else still to be done; return the run's key."""
    workspace = Workspace(folder)
    given = folder / "made.npy"
    _, topics = text_like(rows, d=DIM, out=given)
    table = pd.DataFrame({"topic": topics, "length": np.arange(rows) % 97})
    key = digest("whole", topics)
    texts = texts_of(topics)
    dataset = Dataset(key, f"{rows:,} made texts", texts, table, (), key, ("text", *table.columns), "text")
    workspace.datasets.keep(dataset)
    plan = make_plan(facts_of(dataset), RunConfig.from_flat({"encoder": ENCODER}))
    open_record(workspace, plan)
    unfinished = workspace.results.unfinished("embed", plan.keys["embed"])
    unfinished.mkdir(parents=True)
    given.rename(unfinished / "vectors.npy")
    np.save(unfinished / "hashes.npy", np.zeros((rows, 16), np.uint8))
    np.save(unfinished / "state.npy", np.full(rows, DONE, np.uint8))
    np.save(unfinished / "truncated.npy", np.zeros(rows, np.bool_))
    (unfinished / "about.json").write_text(json.dumps({"fingerprint": plan.fingerprint, "dim": DIM, "rows": rows}))
    workspace.results.finish("embed", plan.keys["embed"], {"seconds": 0.0, "failed": [], "dim": DIM})
    return plan.run


def computed(folder: Path, key: str) -> dict[str, Any]:
    """Run the stages after embedding in this process; return the seconds and the memory of each."""
    from explorer import clustering, neighbors, projection

    warnings.simplefilter("ignore")
    workspace = Workspace(folder)
    plan = Plan.from_json(workspace.runs.record(key)["plan"])
    neighbors.warm_up()
    projection.warm_up()
    clustering.warm_up()
    cached_encoder(ENCODER, "cpu").encode(["warm"])
    told: dict[str, Any] = {}
    whole = time.perf_counter()
    for stage in STAGES_HERE:
        wall, used = time.perf_counter(), time.process_time()
        run_stage(workspace, plan, stage, encoder=lambda name: cached_encoder(name, "cpu"))
        told[stage] = round(time.perf_counter() - wall, 1)
        told[f"{stage}_cpu"] = round(time.process_time() - used, 1)
        told[f"{stage}_gb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2)
        print(json.dumps({stage: told[stage], "peak_gb": told[f"{stage}_gb"]}), file=sys.stderr, flush=True)
    told["total"] = round(time.perf_counter() - whole, 1)
    run = open_run(key, workspace=workspace)
    told |= {"clusters": run.clustering.count, "noise": round(run.clustering.noise, 3)}
    told |= {"recall": run.knn.recall, "trust": run.projection.trustworthiness}
    told["names"] = [summary.name for summary in run.summaries[:3]]
    return told


def main(argv: list[str]) -> None:
    """Measure each size in a process of its own and print a table, then json."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench whole", description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[25_000, 50_000])
    args = parser.parse_args(argv)
    print("".join(f"{column:>11}" for column in ("rows", *STAGES_HERE, "total", "cpu", "peak_gb", "ratio")))
    lines: list[dict[str, Any]] = []
    for rows in args.rows:
        with tempfile.TemporaryDirectory() as folder:
            key = prepared(Path(folder), rows)
            command = [sys.executable, "-m", "tests.bench.whole", folder, key]
            said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1]
        line: dict[str, Any] = {"rows": rows, **json.loads(said)}
        before = next((other["total"] for other in lines if 2 * other["rows"] == rows), None)
        lines.append({**line, "ratio": round(line["total"] / before, 2) if before else None})
        processor = round(sum(line[f"{stage}_cpu"] for stage in STAGES_HERE), 1)
        figures = [rows, *(line[stage] for stage in STAGES_HERE), line["total"], processor, line["describe_gb"]]
        print("".join(f"{figure:>11}" for figure in (*figures, lines[-1]["ratio"] or "")), flush=True)
    print(json.dumps(lines))


if __name__ == "__main__":
    print(json.dumps(computed(Path(sys.argv[1]), sys.argv[2])))
