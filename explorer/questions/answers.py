"""What is said about a run, as plain values: the same objects on the page, over REST and with ``--json``.

It does not compute neighbours or vectors; it turns rows, hits and summaries into dictionaries that json can hold.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from explorer.clustering import percent_of
from explorer.columns import longcells
from explorer.config import COMMUNITIES, DENSITY
from explorer.description import anchors_of, reach_of
from explorer.kinds import kind_of, which
from explorer.projection import bounds, quantised
from explorer.questions.asking import check_row
from explorer.questions.chance import NO_LIMITS, Limits, levels_of
from explorer.questions.cuts import colors_of
from explorer.questions.edges import edges_of, said_of
from explorer.questions.exact import mark_same, saying
from explorer.questions.ofkind import missing_kinds
from explorer.questions.passages import around
from explorer.questions.selection import shape_of
from explorer.questions.surroundings import Surroundings
from explorer.questions.views import taken_by_cluster
from explorer.types import (
    NOISE,
    REPEATS,
    ClusterSummary,
    FloatArray,
    Hits,
    IntArray,
    Item,
    NamedGroup,
    Outcome,
    Run,
    cut,
    items_of,
    through,
    values_of,
)

POINTS_MAGIC, MEMBERSHIP_MAGIC, PICTURES_MAGIC = b"EEP1", b"EEM1", b"EEW1"
WORTH_OF_STRENGTH, WORTH_OF_EXAMPLE = 200, 255
NOISE_NAME = "noise"
CARD_CHARS, ITEM_CHARS, LEAST_CHARS = 10_000, 1_000_000, 100
"""Characters of a text that a card shows at most, of which one answer has many; of an item by itself, and of all the
cells beside it together; and of each of these at least."""
VARIED = {DENSITY: "the rows (90 % each time)", COMMUNITIES: "the rows (90 % each time) and the seed"}
"""What the repeats that say how sure a cluster is vary, by method."""


def figures(of: Outcome) -> dict[str, Any]:
    """Return what a finished run amounts to: the keys that ``--json`` prints."""
    return {
        "run": of.key,
        "dataset": of.dataset,
        "name": of.name,
        "rows": of.rows,
        "rejected": of.unreadable + int((~of.embeddings.ok).sum()),
        "reused": of.embeddings.reused,
        "truncated": int(of.embeddings.truncated.sum()),
        **({} if of.embeddings.unread is None else {"unread": int(of.embeddings.unread.sum())}),
        "clusters": of.clustering.count,
        "encoder": of.embeddings.encoder,
        "dim": of.embeddings.dim,
        "noise": round(of.clustering.noise, 6),
        "projection": of.projection.method,
        "trustworthiness": number(of.projection.trustworthiness),
        "continuity": number(of.projection.continuity),
        "recall": number(of.knn.recall),
        **{name: dict(told) for name, told in (("onto", of.onto), ("draft", of.draft)) if told},
        "timings": dict(of.timings),
    }


def briefs(run: Run, rows: Sequence[int], *, most: int = CARD_CHARS) -> list[dict[str, Any]]:
    """Return what cards show of rows: text or path, cluster, where a picture is; *most* characters of each."""
    items = items_of(through(run.dataset, longcells.beginnings(most)).items, rows)
    return [_brief(run, int(row), item, most) for row, item in zip(rows, items, strict=True)]


def _brief(run: Run, row: int, item: Item, most: int) -> dict[str, Any]:
    label = int(run.clustering.labels[row])
    kind = kind_of(item)
    said = {name: cut(text, most) for name, text in kind.card(item).items()}
    answer: dict[str, Any] = {"row": row, "place": run.dataset.place(row), "kind": kind.name, **said}
    if kind.has_picture:
        base = f"/api/v1/runs/{run.key}"
        answer |= {"thumbnail": f"{base}/thumbnails/{row}.jpg", "image": f"{base}/images/{row}"}
    if kind.has_sound:
        answer["sound"] = f"/api/v1/runs/{run.key}/sounds/{row}"
    taken = run.clustering.taken
    if taken is not None:
        answer["taken_in"] = bool(taken[row])
    return {**answer, "cluster": label, "cluster_name": cluster_name(run, label)}


def cluster_name(run: Run, label: int) -> str:
    """Return the name of a cluster, "noise" for -1."""
    return run.summaries[label].name if 0 <= label < len(run.summaries) else NOISE_NAME


def item(run: Run, row: int) -> dict[str, Any]:
    """Return all that is known of a row; texts are cut to ITEM_CHARS, cells to their share of as many."""
    check_row(run, row)
    point = [number(value) for value in run.projection.xy[row]]
    share = max(LEAST_CHARS, min(CARD_CHARS, ITEM_CHARS // max(1, run.dataset.table.shape[1])))
    cells_of = through(run.dataset, longcells.beginnings(share)).cells(row)
    metadata = {str(name): _short(plain(value), share) for name, value in cells_of.items()}
    return {
        **briefs(run, [row], most=ITEM_CHARS)[0],
        "strength": number(run.clustering.strength[row]),
        "neighbor_preservation": number(run.projection.preservation[row]),
        "outlier_score": number(run.scores.outlier[row]),
        "local_density": number(run.scores.density[row]),
        **_belonging(run, row),
        **dict(zip("xyz", point, strict=False)),
        "truncated": bool(run.embeddings.truncated[row]),
        **({} if run.embeddings.unread is None else {"unread": bool(run.embeddings.unread[row])}),
        "metadata": metadata,
        **({"other_kinds": others} if (others := missing_kinds(run, [row])) else {}),
        **({"passages": beside} if (beside := around(run.dataset, row)) else {}),
        **({"described": told} if (told := _described(run, metadata)) else {}),
    }


def _described(run: Run, names: Iterable[str]) -> dict[str, str]:
    """Return what the file says of columns, such as the question that a survey asked."""
    return {name: run.dataset.described[name] for name in names if name in run.dataset.described}


def cells(run: Run, rows: Sequence[int], names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the values that rows have in these columns, as the file had them; unknown columns are left out.

    Texts are cut as on cards.
    """
    known = [name for name in names if name in run.dataset.table.columns]
    short = longcells.beginnings(CARD_CHARS)
    table = through(run.dataset, lambda part: short(part.select(known))).table.iloc[list(rows)]
    values = {name: values_of(table[name]) for name in known}
    return [{name: _short(plain(values[name][at])) for name in known} for at in range(len(rows))]


def _short(value: Any, most: int = CARD_CHARS) -> Any:
    return cut(value, most) if isinstance(value, str) else value


def _belonging(run: Run, row: int) -> dict[str, Any]:
    """Return how far a row, noise too, belongs to which cluster; nothing where that was not measured."""
    belongs, nearest = run.clustering.belongs, run.clustering.nearest
    if belongs is None or nearest is None:
        return {}
    label = int(nearest[row])
    return {"belongs": {"cluster": label, "name": cluster_name(run, label), "membership": number(belongs[row])}}


def neighbors(run: Run, row: int, around: Surroundings, *, metric: str) -> dict[str, Any]:
    """Return a row's neighbours, nearest first, without the row itself, and who is near to it on the map alone.

    *map_rank* is 1 for the row nearest on the map, null without a place; more than *near_ranks* is *far_on_map*.
    *map_dims* says which map that is.  Of a graph's node its *edges* are told, too, and how many *edges_in_all* are;
    of each what its file says of it, where it says something (*told*).
    """
    near, strangers = _scored(around.hits), _scored(around.only_on_map)
    told = briefs(run, [other for other, _ in near + strangers])
    found = [
        {**card, "similarity": score, "map_rank": rank or None, "far_on_map": far}
        for card, (_, score), rank, far in zip(
            told[: len(near)], near, around.ranks.tolist(), around.far.tolist(), strict=True
        )
    ]
    alone = [{**card, "similarity": score} for card, (_, score) in zip(told[len(near) :], strangers, strict=True)]
    return {
        "row": row,
        "k": len(found),
        "metric": metric,
        "near_ranks": around.near,
        "map_dims": around.dims,
        "neighbors": found,
        "only_on_map": alone,
        **_edges(run, row),
    }


def _edges(run: Run, row: int) -> dict[str, Any]:
    """Return the edges of a node, the heaviest first; nothing for a row of what is no graph."""
    found = edges_of(run, row)
    if found is None:
        return {}
    edges, count = found
    cards = briefs(run, [edge.row for edge in edges])
    told = [
        {**card, "weight": number(edge.weight), "way": edge.way, **said_of(edge)}
        for card, edge in zip(cards, edges, strict=True)
    ]
    return {"edges": told, "edges_in_all": count}


def hits(
    run: Run,
    query: str,
    found: Hits,
    *,
    limits: Limits = NO_LIMITS,
    words: str = "",
    among: IntArray | None = None,
    remark: str = "",
    most: int | None = None,
    asked: str = "",
) -> dict[str, Any]:
    """Return what a search found, best first, what is weak behind all others; of more than *most* the best.

    Hits below the *limits*' level are *weak*, each kind by its own, unless they say the *words* that were searched
    with; where all are weak and one reaches their doubt, the answer is *doubtful*.  *among* are the rows (m,) that have
    what was asked for word for word: these were found, however near they are, *having* says how many, and *rows* which,
    as a selection has them, where not all are among the hits.  *remark* is what has to be known of how that was told.
    Hits of another kind than the one *asked* with are *across*.
    """
    having = None if among is None else len(among)
    levels = levels_of(run, _scored(found), limits)
    pairs = _scored(found)[:most]
    cards = briefs(run, [row for row, _ in pairs])
    scored = [{**card, "score": score} for card, (_, score) in zip(cards, pairs, strict=True)]
    for hit in scored:
        level = levels[hit["kind"]]
        far = having is None and level is not None and hit["score"] < level
        hit["weak"] = far and not saying(run.dataset.items[hit["row"]], words)
        hit |= {"across": True} if asked and hit["kind"] != asked else {}
    scored.sort(key=lambda hit: bool(hit["weak"]))
    mark_same(scored)
    others = missing_kinds(run, [hit["row"] for hit in scored])
    answer: dict[str, Any] = {"query": query, "hits": scored, **({"other_kinds": others} if others else {})}
    answer["searched"] = int(np.count_nonzero(run.embeddings.ok))
    answer["chance"] = None if limits.chance is None else round(limits.chance, 4)
    if among is not None:
        return {**answer, "having": having, **(shape_of(among, len(run.dataset)) if len(among) > len(scored) else {})}
    doubtful = all(hit["weak"] for hit in scored) and any(limits.of(hit["kind"]).may_be(hit["score"]) for hit in scored)
    return {**answer, **({"remark": remark} if remark else {}), **({"doubtful": True} if doubtful else {})}


def clusters(run: Run) -> dict[str, Any]:
    """Return every cluster with what describes it, the noise, and the levels of names, the broadest first.

    With noise taken in, sizes and shares count it, and *taken_in* says how many rows of it each cluster has.  One that
    a language model named has *named_by*, the model, *name_before* and a sentence as *summary*.
    """
    noise = int((run.clustering.labels == NOISE).sum())
    anchors = anchors_of(run.projection.xy, run.clustering.labels, run.clustering.count, densest=True)
    found = [_cluster(run, summary, anchors[summary.label]) for summary in run.summaries]
    answer: dict[str, Any] = {"size": noise, "share": round(run.clustering.noise, 6)}
    if run.clustering.taken is not None:
        for cluster, taken in zip(found, taken_by_cluster(run), strict=True):
            cluster["taken_in"] = taken
        answer["taken_in"] = int(run.clustering.taken.sum())
    if run.sureness is not None:
        for cluster, back in zip(found, run.sureness.clusters.tolist(), strict=True):
            cluster["came_back"] = back
    for label, title in run.titles.items():
        found[label] |= {"named_by": title.model, "name_before": title.before, "summary": title.sentence}
    return {"clusters": found, "noise": answer, "levels": _levels(run), "colors": colors_of(found, run.colors)}


def sureness(run: Run) -> dict[str, Any]:
    """Return in how many of ten repeats each cluster came back, and what the repeats varied; null: not measured."""
    back = [None] * run.clustering.count if run.sureness is None else run.sureness.clusters.tolist()
    return {
        "run": run.key,
        "repeats": REPEATS,
        "varied": VARIED[run.config.cluster.method],
        "clusters": [{"cluster": at, "name": cluster_name(run, at), "came_back": n} for at, n in enumerate(back)],
    }


def _levels(run: Run) -> list[list[dict[str, Any]]]:
    """Return the named groups of each level with their place on the map."""
    if run.clustering.levels is None:
        return []
    found = []
    for groups, labels in zip(run.levels, np.asarray(run.clustering.levels), strict=True):
        near = [group.near_name for group in groups]
        places = anchors_of(run.projection.xy, labels, len(groups), densest=True, near_name=near)
        reaches = reach_of(run.projection.xy, labels, len(groups))
        found.append(
            [
                {**_group(group), "x": x, "y": y, "reach": round(reach, 6)}
                for group, (x, y), reach in zip(groups, places, reaches, strict=True)
            ]
        )
    return found


def _group(group: NamedGroup) -> dict[str, Any]:
    """Return a named group; *true_of* only where it was measured."""
    told = {name: value for name, value in dataclasses.asdict(group).items() if value is not None}
    return {name: value for name, value in told.items() if name != "near_name"}


def membership(run: Run) -> bytes:
    """Return how far each row belongs to its nearest cluster, little-endian: 5 bytes a row.

    Bytes 0–3 ``EEM1``, then u4 n, then i4 cluster[n] (-1: none), u1 percent[n], whole percent rounded down.
    """
    clustering = run.clustering
    n = len(clustering.labels)
    nearest = np.full(n, NOISE, "<i4") if clustering.nearest is None else np.asarray(clustering.nearest, "<i4")
    percent = np.zeros(n, np.uint8) if clustering.belongs is None else percent_of(clustering.belongs)
    return MEMBERSHIP_MAGIC + np.array([n], "<u4").tobytes() + nearest.tobytes() + percent.tobytes()


def pictures(run: Run) -> bytes:
    """Return which rows have a picture and how well it stands for its cluster, little-endian: a byte a row.

    Bytes 0–3 ``EEW1``, then u4 n, then u1 worth[n]: 0 no picture, else 1 to 200 by the row's strength; a cluster's
    examples are above, the best 255.
    """
    strength = np.nan_to_num(np.asarray(run.clustering.strength, np.float32)).clip(0, 1)
    worth = (1 + (WORTH_OF_STRENGTH - 1) * strength).astype(np.uint8)
    for summary in run.summaries:
        for place, row in enumerate(summary.exemplars[: WORTH_OF_EXAMPLE - WORTH_OF_STRENGTH]):
            worth[row] = WORTH_OF_EXAMPLE - place
    worth[~which(run.dataset.items, lambda kind: kind.has_picture)] = 0
    return PICTURES_MAGIC + np.array([len(worth)], "<u4").tobytes() + worth.tobytes()


def points(run: Run, xy: FloatArray | None = None) -> bytes:
    """Return the map, or other places *xy* of its rows, as binary columns, little-endian: 8 bytes a point in 2-D.

    Bytes 0–3 ``EEP1``, then u4 n, u4 dims, u4 zero, f4 low and high of x, y, z (zeros in 2-D): 40 bytes in all.
    Then i4 label[n] (-1 noise), u2 x[n], u2 y[n], in 3-D u2 z[n].  A coordinate is low + q / 65534 · (high - low);
    q = 65535 says that the row has no point.
    """
    xy = np.asarray(run.projection.xy if xy is None else xy, np.float32)
    n, dims = xy.shape
    low, high = bounds(xy)
    columns = quantised(xy, low, high)
    sides = np.zeros(6, "<f4")
    sides[: 2 * dims] = np.column_stack([low, high]).ravel()
    header = POINTS_MAGIC + np.array([n, dims, 0], "<u4").tobytes() + sides.tobytes()
    labels = np.asarray(run.clustering.labels, "<i4").tobytes()
    return header + labels + b"".join(np.ascontiguousarray(columns[:, i]).tobytes() for i in range(dims))


def plain(value: Any) -> Any:
    """Return a table's value as json can hold it: missing is None, dates are ISO text."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if hasattr(value, "isoformat"):
        text = str(value.isoformat())
        return None if text == "NaT" else text.removesuffix("T00:00:00")
    if hasattr(value, "item"):
        value = value.item()
        return None if isinstance(value, float) and math.isnan(value) else value
    return value if isinstance(value, str | int | float | bool) else None if str(value) == "<NA>" else str(value)


def _cluster(run: Run, summary: ClusterSummary, anchor: tuple[float | None, float | None]) -> dict[str, Any]:
    return {
        "cluster": summary.label,
        "name": summary.name,
        "size": summary.size,
        "share": round(summary.share, 6),
        "cohesion": number(summary.cohesion),
        "keywords": [{"word": word, "score": number(score)} for word, score in summary.keywords],
        "exemplars": briefs(run, summary.exemplars),
        "odd": briefs(run, summary.odd),
        "nearest": [
            {"cluster": label, "name": cluster_name(run, label), "similarity": number(score)}
            for label, score in summary.nearest
        ],
        "enrichment": [
            {
                "column": found.column,
                "value": found.value,
                "share": number(found.share),
                "overall": number(found.overall),
                "lift": number(found.lift),
                "p": number(found.p),
            }
            for found in summary.enrichment
        ],
        "anchor": {"x": anchor[0], "y": anchor[1]},
    }


def _scored(found: Hits) -> list[tuple[int, float]]:
    return [(row, round(score, 6)) for row, score in found.pairs()]


def number(value: Any) -> float | None:
    """Return a number as json can hold it: six digits after the point, None for nan."""
    if value is None:
        return None
    number = float(value)
    return round(number, 6) if math.isfinite(number) else None
