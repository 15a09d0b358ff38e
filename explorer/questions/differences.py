"""Tells how two runs differ as plain values: figures, sentences, which clusters became which, the rows that moved.

It measures nothing; `comparing` does.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from explorer.errors import NotFound
from explorer.questions import answers
from explorer.questions.agreeing import counted
from explorer.questions.asking import check_row
from explorer.questions.comparing import Comparison, Kept, beats_guessing, kept_columns, most_moved
from explorer.types import NOISE, Clustering, ClusterSummary, IntArray, Run

if TYPE_CHECKING:
    from explorer.report import Thumbnail

MOVED = 20
"""Rows that are told of those which moved most."""
_PART, _MOST = 0.2, 0.5
"""The share of a cluster from which another counts as a part of it, and as most of it."""
_MEANINGS = (
    (1.0, "They see the same neighbours: which one you take changes nothing in that."),
    (0.8, "They see nearly the same neighbours: which one you take changes little."),
    (0.5, "They agree on most neighbours and differ in the detail."),
    (0.25, "They agree on what is broadly alike, but on less than half of the neighbours: expect other borders."),
    (0.0, "They take different things for alike: look at the rows that moved most before you choose one."),
)
COMPARE_MAGIC = b"EEC1"
NOT_COMPARED = 255


def called(a: Run, b: Run) -> tuple[str, str]:
    """Return what two runs are called where they stand side by side: by encoder, else by what else is different."""
    if a.embeddings.encoder != b.embeddings.encoder:
        return a.embeddings.encoder, b.embeddings.encoder
    ours, theirs = a.config.told(), b.config.told()
    differ = [name for name in {**ours, **theirs} if ours.get(name) != theirs.get(name)]
    if differ:
        return _settings(ours, differ), _settings(theirs, differ)
    names = a.name or a.key, b.name or b.key
    return names if names[0] != names[1] else (f"{names[0]} (A)", f"{names[1]} (B)")


def _settings(settings: dict[str, Any], names: Sequence[str]) -> str:
    values = ((name, settings.get(name)) for name in names)
    return ", ".join(f"{name.replace('_', ' ')} {'automatic' if value is None else value}" for name, value in values)


def compared(found: Comparison, *, moved: int = MOVED) -> dict[str, Any]:
    """Return the whole comparison as plain values; what *comparing* measures is measured now.

    *a* and *b*: the runs.  *said*: what it means, in sentences.  *columns*: see `Kept`.  *clusters*: see
    `cluster_changes`.  *moved*: the rows with the least overlap, each as `row_compared` tells it.
    """
    names, columns = called(found.a, found.b), kept_columns(found)
    sides = [_side(run, name) for run, name in zip((found.a, found.b), names, strict=True)]
    return {
        "a": sides[0],
        "b": sides[1],
        "rows": len(found.rows_a),
        "rows_apart": len(found.a.dataset) - len(found.rows_a),
        "distinct": len(found.distinct),
        "k": found.k,
        "agreement": answers.number(found.agreement),
        "chance": answers.number(found.chance),
        "recall": answers.number(found.recall),
        "rand": answers.number(found.rand),
        "information": answers.number(found.information),
        "said": sentences(found, names),
        "columns": [{**asdict(kept), "said": kept_said(kept, names)} for kept in columns],
        "clusters": cluster_changes(found),
        "moved": [row_compared(found, int(found.rows_a[place])) for place in most_moved(found, moved)],
    }


def _side(run: Run, name: str) -> dict[str, Any]:
    return {
        "run": run.key,
        "name": run.name,
        "called": name,
        "encoder": run.embeddings.encoder,
        "dims": run.embeddings.dim,
        "clusters": run.clustering.count,
        "noise": answers.number(run.clustering.noise),
    }


def sentences(found: Comparison, names: tuple[str, str]) -> list[str]:
    """Return what the agreement of two runs means, the most important first."""
    k, agreement, u = found.k, found.agreement, len(found.distinct)
    least = next(words for level, words in _MEANINGS if agreement >= level)
    said = [
        f"Of a row’s {k} nearest by {names[0]}, {k * agreement:.1f} are among its {k} nearest by {names[1]} on average "
        f"({agreement:.0%}); by chance it would be {k * found.chance:.2g}. {least}",
        f"The clusters agree by an adjusted Rand index of {found.rand:.2f}: 1 is the same clusters, 0 is what chance "
        "gives. Rows in no cluster count as a group.",
    ]
    apart = len(found.a.dataset) - len(found.rows_a), len(found.b.dataset) - len(found.rows_b)
    if any(apart):
        said.append(
            f"{len(found.rows_a):,} rows are in both and could be read by both; {apart[0]:,} of the first map and "
            f"{apart[1]:,} of the second are left out."
        )
    if u < len(found.first):
        said.append(f"Rows that say the same count once: {u:,} different ones.")
    if found.recall < 1:
        said.append(
            f"The neighbours of so many rows are found approximately, {found.recall:.1%} of the true ones at least: "
            "the true agreement is a little higher."
        )
    return said


def kept_said(kept: Kept, names: tuple[str, str]) -> str:
    """Return which run keeps a column better, in a sentence."""
    a, b = kept.accuracy
    shares = f"for {a:.1%} of rows by {names[0]}, for {b:.1%} by {names[1]}; always guessing the usual {kept.usual:.1%}"
    head = f"What most of its neighbours have in “{kept.column}” is right {shares}."
    if not any(beats_guessing(one, kept.usual, kept.rows) for one in kept.accuracy):
        return f"{head} Neither tells it better than a guess."
    if kept.better is None:
        return f"{head} So small a difference may be chance."
    return f"{head} {names[kept.better]} keeps it better."


def cluster_changes(found: Comparison) -> list[dict[str, Any]]:
    """Return for each cluster of *a*, the largest first, which clusters of *b* its rows are in, the most first.

    *parts* are those with a fifth of its rows or more; -1, “noise”, are rows in none.  *became* is "kept" where one of
    them has most of its rows and most of that one's rows are its, "merged" where one has most of its rows but most of
    that one's are others', "split" where no single one has most of them.
    """
    a, b = (np.asarray(run.clustering.labels)[rows] for run, rows in _sides(found))
    table = counted(a + 1, b + 1)
    rows_of_b = table.sum(axis=0)
    told = []
    for label in range(table.shape[0] - 1):
        line = table[label + 1]
        size = int(line.sum())
        if size == 0:
            continue
        order = [int(at) for at in np.argsort(-line, kind="stable") if line[at] >= _PART * size]
        parts = [
            {
                "cluster": at - 1,
                "name": answers.cluster_name(found.b, at - 1),
                "rows": int(line[at]),
                "share": round(int(line[at]) / size, 4),
            }
            for at in order
        ]
        largest = order[0] if order else NOISE
        most = largest > 0 and line[largest] > _MOST * size
        own = most and line[largest] > _MOST * rows_of_b[largest]
        became = "kept" if own else "merged" if most else "split"
        name = answers.cluster_name(found.a, label)
        told.append({"cluster": label, "name": name, "rows": size, "became": became, "parts": parts})
    return told


def _sides(found: Comparison) -> tuple[tuple[Run, IntArray], tuple[Run, IntArray]]:
    return (found.a, found.rows_a), (found.b, found.rows_b)


def row_compared(found: Comparison, row: int) -> dict[str, Any]:
    """Return a row of *a* with its neighbours by each run, nearest first, each with whether it is *shared* by both.

    *row* is its number in either; of *b* in *row_b*.  Raises NotFound for a row that is not in both.
    """
    check_row(found.a, row)
    place = int(np.searchsorted(found.rows_a, row))
    if place == len(found.rows_a) or found.rows_a[place] != row:
        raise NotFound(f"row {row} is not in both maps, or one of them could not read it; choose another row.")
    near_a, near_b, in_b, in_a = found.near(place)
    card = answers.briefs(found.a, [row])[0]
    other = answers.briefs(found.b, [int(found.rows_b[place])])[0]
    return {
        **card,
        "row_b": other["row"],
        "cluster_b": other["cluster"],
        "cluster_name_b": other["cluster_name"],
        "overlap": answers.number(found.overlap[place]),
        "near_a": _cards(found.a, found.rows_a[near_a], in_b, found.rows_a[near_a]),
        "near_b": _cards(found.b, found.rows_b[near_b], in_a, found.rows_a[near_b]),
    }


def _cards(run: Run, rows: IntArray, both: Any, rows_of_a: IntArray) -> list[dict[str, Any]]:
    """Return cards of rows of a run; their *row* is that of the first run, for a page that names rows by it."""
    cards = answers.briefs(run, [int(row) for row in rows])
    return [
        {**card, "row": int(row), "shared": bool(one)} for card, one, row in zip(cards, both, rows_of_a, strict=True)
    ]


def side_by_side(found: Comparison) -> bytes:
    """Return what two maps beside each other are drawn from, little-endian binary columns.

    Bytes 0–3 ``EEC1``, then u4 n, rows of the first run, u4 m, rows of the second, u4 zero; f4 x[m], y[m] of the second
    map laid on the first, nan without a place; i4 other[n], the row of the second that is the same item, -1 for none;
    u1 overlap[n], in whole percent, 255: not compared.
    """
    xy, overlap = np.asarray(found.turned(), "<f4"), found.overlap_of_rows()
    percent = np.where(np.isnan(overlap), NOT_COMPARED, np.round(100 * np.nan_to_num(overlap))).astype(np.uint8)
    head = COMPARE_MAGIC + np.array([len(percent), len(xy), 0], "<u4").tobytes()
    columns = [np.ascontiguousarray(xy[:, 0]).tobytes(), np.ascontiguousarray(xy[:, 1]).tobytes()]
    return b"".join([head, *columns, found.others().astype("<i4").tobytes(), percent.tobytes()])


def page(found: Comparison, told: dict[str, Any] | None = None, *, thumbnail: Thumbnail | None = None) -> str:
    """Return the comparison as one HTML page that loads nothing; *told* is what `compared` says of it, if known.

    The second map is drawn where it lies on the first, in the colours and under the names of the first one's clusters.
    """
    from explorer.report import comparison_page

    labels = np.full(len(found.b.dataset), NOISE, np.int32)
    labels[found.rows_b] = np.asarray(found.a.clustering.labels)[found.rows_a]
    clustering = Clustering(labels, np.zeros(len(labels), np.float32), found.a.clustering.method)
    place = dict(zip(found.rows_a.tolist(), found.rows_b.tolist(), strict=True))
    summaries = tuple(_seen_in(summary, place) for summary in found.a.summaries)
    laid = replace(found.b.projection, xy=found.turned())
    seen = replace(found.b, clustering=clustering, summaries=summaries, projection=laid, sureness=None, levels=())
    return comparison_page(compared(found) if told is None else told, found.a, seen, thumbnail)


def _seen_in(summary: ClusterSummary, place: dict[int, int]) -> ClusterSummary:
    """Return what one cluster is, its rows by their numbers in the other run."""

    def there(rows: Sequence[int]) -> tuple[int, ...]:
        return tuple(place[row] for row in rows if row in place)

    exemplars, odd, near_name = map(there, (summary.exemplars, summary.odd, summary.near_name))
    return replace(summary, exemplars=exemplars, odd=odd, near_name=near_name)


def write_comparison(found: Comparison, path: str | os.PathLike[str]) -> Path:
    """Write a comparison as an HTML page to *path*, and return that.  Raises BadSetting where it cannot be written."""
    from explorer.report import write_page

    return write_page(page(found), path)
