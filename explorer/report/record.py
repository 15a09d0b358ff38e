"""Writes everything about a run as one JSON document; README.md says what its members are.

The vectors alone are not in it; `vectors.npy` has them.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from explorer.kinds import each, kind_of
from explorer.report.alike import alike
from explorer.report.long import Marks, as_json, is_large
from explorer.report.tables import TITLE_COLUMNS, clean, title_cells
from explorer.types import NOISE, ClusterSummary, Dataset, Run, let_go, spans, values_of

SCHEMA_VERSION = 1
_AT_ONCE = 10_000
"""Rows that are in memory together."""


def json_record(run: Run, *, near_duplicate: float) -> Iterator[bytes]:
    """Yield UTF-8 JSON; numbers that are not finite are null, rows count from 0, ``labels`` has -1 for noise."""
    embeddings, knn, projection = run.embeddings, run.knn, run.projection
    groups = alike(run, threshold=near_duplicate)
    noise = np.flatnonzero(run.clustering.labels == NOISE)
    marks = Marks()
    record = {
        "schema_version": SCHEMA_VERSION,
        "run": run.key,
        "name": run.name,
        "created": run.created,
        "data": _data(run),
        "encoder": {
            "name": embeddings.encoder,
            "dim": embeddings.dim,
            "truncated": int(embeddings.truncated.sum()),
            **({} if embeddings.unread is None else {"unread": int(embeddings.unread.sum())}),
            "failed": np.flatnonzero(~embeddings.ok),
            "reused": embeddings.reused,
        },
        **({"onto": dict(run.onto)} if run.onto else {}),
        **({"draft": dict(run.draft)} if run.draft else {}),
        "settings": run.config.told(),
        "versions": dict(run.versions),
        "timings": dict(run.timings),
        "quality": {
            "trustworthiness": projection.trustworthiness,
            "continuity": projection.continuity,
            "trust_k": projection.trust_k,
            "trust_rows": projection.trust_rows,
            "projection": projection.method,
            "clustering": run.clustering.method,
            "neighbors": {"metric": knn.metric, "k": knn.k, "exact": knn.exact, "recall": knn.recall},
        },
        "clusters": [_cluster(run, summary, marks.seen(run.dataset)) for summary in run.summaries],
        "noise": {"rows": noise, "size": len(noise), "share": run.clustering.noise},
        **_taken(run),
        "near_duplicates": {"threshold": near_duplicate, "groups": groups},
        "labels": [],
        "items": [],
    }
    yield from marks.spread(_dumped(record).removesuffix(_EMPTY).encode("utf-8"), as_json)
    n = len(run.dataset)
    parts = (run.clustering.labels[at : at + _AT_ONCE].tolist() for at in range(0, n, _AT_ONCE))
    yield from _listed("labels", parts, marks)
    yield b",\n"
    yield from _listed("items", (_items(run, some, marks) for some in _stretches(run)), marks)
    let_go(run.dataset)
    yield b"\n}"


_EMPTY = ' "labels": [],\n "items": []\n}'


def _dumped(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False, indent=1)


def _stretches(run: Run) -> Iterator[slice]:
    """Yield the rows, as many together as are in memory."""
    n = len(run.dataset)
    for start, end in spans(np.arange(n), run.dataset.items, run.dataset.table, most=_AT_ONCE):
        yield slice(start, end)
        let_go(run.dataset)


def _listed(name: str, parts: Iterable[list[Any]], marks: Marks) -> Iterator[bytes]:
    """Yield a member of the record that is a list, which comes in parts; in these *marks* stand for long texts."""
    yield f' "{name}": ['.encode()
    empty = True
    for part in filter(None, parts):
        inner = _dumped(part)[1:-2].replace("\n", "\n ")
        yield from marks.spread(f"{'' if empty else ','}{inner}".encode(), as_json)
        empty = False
    yield b"]" if empty else b"\n ]"


def _data(run: Run) -> dict[str, Any]:
    dataset = run.dataset
    return {
        "key": dataset.key,
        "name": dataset.name,
        "rows": len(dataset),
        "kinds": sorted(dataset.modalities),
        "columns": list(dataset.columns),
        "text_column": dataset.text_column,
        **({"text_columns": list(dataset.text_columns)} if dataset.text_columns else {}),
        **({"asked": dict(dataset.asked)} if dataset.asked else {}),
        "rejected": [dataclasses.asdict(r) for r in dataset.rejected],
        **({"note": dataset.note} if dataset.note else {}),
        **({"version": dataclasses.asdict(dataset.version)} if dataset.version else {}),
    }


def _items(run: Run, some: slice, marks: Marks) -> list[dict[str, Any]]:
    """Return some rows: text or path, place on the map, cluster, strength and metadata; *marks* in a large one."""
    dataset = marks.seen(run.dataset) if is_large(run.dataset, some.start, some.stop) else run.dataset
    points, strengths = run.projection.xy[some].tolist(), run.clustering.strength[some].tolist()
    sure = None if run.sureness is None else run.sureness.rows[some].tolist()
    table = dataset.table.iloc[some]
    names = [str(name) for name in table.columns]
    cells = zip(*(_cells(column) for _, column in table.items()), strict=True)
    told = each(dataset.items[some], lambda kind: kind.record)
    metadata = [dict(zip(names, row, strict=True)) for row in cells] or [{} for _ in points]
    return [
        {
            "row": some.start + row,
            **told[row],
            **dict(zip("xyz", points[row], strict=False)),
            "cluster": int(label),
            "strength": strengths[row],
            **({} if sure is None else {"sureness": sure[row]}),
            "metadata": metadata[row],
        }
        for row, label in enumerate(run.clustering.labels[some].tolist())
    ]


def _cells(column: Any) -> list[Any]:
    """Return a column's cells as JSON knows them: missing is None, dates are ISO text."""
    missing = column.isna().tolist()
    return [None if gone else _cell(cell) for gone, cell in zip(missing, values_of(column), strict=True)]


def _cell(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _taken(run: Run) -> dict[str, Any]:
    """Return which rows of noise are shown in a cluster, if somebody asked for that."""
    if run.clustering.taken is None:
        return {}
    return {"taken_in": {"membership": run.clustering.least, "rows": np.flatnonzero(run.clustering.taken)}}


def _cluster(run: Run, summary: ClusterSummary, dataset: Dataset) -> dict[str, Any]:
    return {
        **dataclasses.asdict(summary),
        "keywords": [{"word": word, "score": score} for word, score in summary.keywords],
        "nearest": [{"label": label, "similarity": similarity} for label, similarity in summary.nearest],
        "exemplars": [_item(dataset, row) for row in summary.exemplars],
        "odd": [_item(dataset, row) for row in summary.odd],
        **({} if run.sureness is None else {"came_back": run.sureness.clusters[summary.label]}),
        **_title(run, summary.label),
    }


def _title(run: Run, label: int) -> dict[str, Any]:
    """Return which language model named a cluster, what its words call it, and the sentence; nothing for the others."""
    title = run.titles.get(label)
    return {} if title is None else dict(zip(TITLE_COLUMNS, title_cells(title), strict=True))


def _item(dataset: Dataset, row: int) -> dict[str, Any]:
    item = dataset.items[row]
    return {"row": row, **kind_of(item).record(item)}


def _plain(value: Any) -> Any:
    """Return the value as JSON knows it."""
    if isinstance(value, dict):
        return {clean(str(name)): _plain(member) for name, member in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int):
        return value
    return clean(str(value))
