"""Count where the page puts the names of clusters: `python -m tests.bench names [FILE …] [--assets DIR]`.

Every FILE, the two samples and a made set of 3,000 rows in 47 clusters are placed as the page does, by its own modules
under Node, in the map of six windows, whole and three times as near.  *wrong*: names that a stranger would take for
another cluster's (`tests/browser_units/stranger.mjs`): most of what is nearest to the name or to its bar is of others,
or lies under it, or its line is not seen, ends amid others, runs through another cluster's points or a name or over
another's picture; *named*: share of the clusters in view that have a name or number of their own; *covered*: share of
the points in view under one;
*aside*: names whose point lies clearly farther from the rows that they say best than from their cluster's all in all.
Of texts also of how many rows the names are true (`titles.said`).
--workspace keeps the runs for the next time; --assets counts another tree of the browser's code, one of before perhaps.
"""

from __future__ import annotations

import argparse
import base64
import dataclasses
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from explorer.kinds import which
from explorer.questions import answers
from explorer.types import NOISE, NamedGroup, Run
from explorer.workspace import shipped
from tests.bench import titles

COLUMNS = ("set", "window", "zoom", "names", "broad", "wrong", "clusters", "named", "covered", "aside", "cut",
           "overlapping", "buttons", "lines", "longest", "ms")  # fmt: skip
SAMPLES = ("city_messages.csv", "drawn_scenes.zip")
MADE_ROWS, MADE_CLUSTERS = 3_000, 47
PLACING = "tests/bench/names.mjs"


def runs(files: list[Path], workspace: Path) -> Iterator[tuple[str, Run]]:
    """Yield a name and a finished run for each file, and for the set that is made here."""
    from explorer import load, run

    for file in files:
        yield file.name, run(load(file), workspace=workspace)
    yield f"made {MADE_ROWS}", made(workspace)


def made(workspace: Path, *, seed: int = 0) -> Run:
    """Return a run of made rows: names of two to five words, and about seven broad ones over them."""
    from scipy.cluster.hierarchy import fcluster, linkage

    from explorer import open_run
    from tests import synthetic

    run = open_run(synthetic.write_run(workspace, MADE_ROWS, clusters=MADE_CLUSTERS, seed=seed), workspace=workspace)
    rng = np.random.default_rng(seed)
    labels = np.asarray(run.clustering.labels)
    middles = np.stack([run.projection.xy[labels == label].mean(axis=0) for label in range(run.clustering.count)])
    over = fcluster(linkage(middles, "average"), 7, "maxclust").astype(np.int32) - 1
    broad = [tuple(np.flatnonzero(over == group).tolist()) for group in range(int(over.max()) + 1)]
    level = np.where(labels >= 0, over[labels], NOISE).astype(np.int32)
    sizes = np.bincount(labels[labels >= 0]).tolist()
    summaries = tuple(dataclasses.replace(s, name=phrase(rng, s.label)) for s in run.summaries)
    fine = tuple(NamedGroup(s.name, s.size, (s.label,)) for s in summaries)
    groups = tuple(NamedGroup(phrase(rng, 90 + i), sum(sizes[c] for c in of), of) for i, of in enumerate(broad))
    clustering = dataclasses.replace(run.clustering, levels=np.stack([level, labels]))
    return dataclasses.replace(run, clustering=clustering, summaries=summaries, levels=(groups, fine))


def phrase(rng: np.random.Generator, number: int) -> str:
    """Return two to seven words and a number, with a comma somewhere."""
    from tests import synthetic

    words = [str(word) for word in rng.choice(synthetic.WORDS, int(rng.integers(2, 5)))]
    return f"{' '.join(words[:2])} {number}" + (f", {' '.join(words[2:])}" if words[2:] else "")


def told(name: str, run: Run) -> dict[str, Any]:
    """Return what the page is told of a run, as json can hold it."""
    found = answers.clusters(run)
    worth = answers.pictures(run)
    return {
        "name": name,
        "points": base64.b64encode(answers.points(run)).decode(),
        "worth": base64.b64encode(worth).decode() if any(worth[8:]) else None,
        "levels": found["levels"],
        "clusters": [
            {
                **{one: c[one] for one in ("cluster", "name", "size")},
                **c["anchor"],
                "near": list(run.summaries[c["cluster"]].near_name),
            }
            for c in found["clusters"]
        ],
    }


def counted(name: str, run: Run, assets: Path) -> list[dict[str, Any]]:
    """Return a line for each window and zoom."""
    from tests.browser_units import node

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "set.json"
        file.write_text(json.dumps(told(name, run)), encoding="utf-8")
        done = node.run(PLACING, str(file), str(assets))
    if done.returncode != 0:
        sys.exit(done.stdout)
    lines: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return lines


def shown(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def summary(lines: list[dict[str, Any]]) -> str:
    """Return the worst and the mean of a set in a sentence."""
    named = [line["named"] for line in lines]
    return (
        f"{lines[0]['set']}: {sum(line['wrong'] for line in lines)} of {sum(line['names'] for line in lines)} names "
        f"wrong; {sum(named) / len(named):.0%} of the clusters named, at worst {min(named):.0%}; "
        f"at most {max(line['covered'] for line in lines):.1%} of the points covered; "
        f"{sum(line['aside'] for line in lines)} names aside"
    )


def truth(run: Run) -> str:
    """Return of how many rows the names of a set of texts are true, see `titles.said`; "" for other sets."""
    names = [one.name for one in run.summaries]
    if not names or not which(run.dataset.items, lambda kind: kind.has_words).all():
        return ""
    found = titles.said(names, run.dataset.items, np.asarray(run.clustering.labels))
    return (
        f"; {found['told']:.1%} of the rows say a word of their name, in the middle cluster {found['true']:.0%} all of "
        f"a phrase; {found['details']:.0%} of the names with a detail of fewer than a sixth"
    )


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench names", description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--assets", type=Path, default=shipped("assets"))
    parser.add_argument("--workspace", type=Path, help="a folder for the runs (default: one that is removed)")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    args = parser.parse_args(argv)
    files = [*(shipped("sample_data") / name for name in SAMPLES), *args.files]
    said, all_lines = [], []
    print("\t".join(COLUMNS))
    with tempfile.TemporaryDirectory() as folder:
        for name, run in runs(files, args.workspace or Path(folder)):
            lines = counted(name, run, args.assets.resolve())
            for line in lines:
                print("\t".join(shown(line[column]) for column in COLUMNS), flush=True)
            said.append(summary(lines) + truth(run))
            all_lines += lines
    print("\n".join(said))
    if args.json:
        args.json.write_text(json.dumps(all_lines, indent=1), encoding="utf-8")
