"""Says whether the results of a run that came from elsewhere fit together, before anything looks at them.

Who sent them is not known: every array has to be of the kind and shape that its stage leaves, every row number within
the dataset.  It does not judge whether they are true: of what was embedded elsewhere only that can be said.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from explorer.config import METRICS
from explorer.description import MOST_COLORS
from explorer.embedding import FAILED
from explorer.errors import ExplorerError
from explorer.portable.manifest import FAULTS
from explorer.portable.told import check_size as check_told
from explorer.runs import Plan, levels_from, summary_from
from explorer.types import ClusterSummary, NamedGroup, is_of
from explorer.workspace import result_in

BLOCK_BYTES = 2**26
MOST_NAME, MOST_TERM = 2_000, 200_000
"""Characters of a name that is shown, and of a word that is counted, at most."""
MOST_TOLD, MOST_LEVELS = 1_000, 100
"""Rows, words and facts that are told of one group, and levels of a map, at most: there are some ten of each."""
MOST_NUMBER = 1e15
"""What is measured is less."""
Array: TypeAlias = NDArray[Any]
Found: TypeAlias = Mapping[str, Array]
_KINDS = {"f": "float32", "F": "float64", "i": "int32", "l": "int64", "b": "int8", "u": "uint8", "?": "bool"}


class Unfit(Exception):
    """What does not fit, as the end of a sentence."""


def check_run(folders: Mapping[str, Path], plan: Plan, hashes: Array) -> None:
    """Look through the results of a run, each in a folder, by what they are to it; *hashes* (n, 16) are of its items.

    Raises Unfit.
    """
    for part, folder in folders.items():
        kind = "project" if part == "space" else part
        if kind not in _PARTS:
            raise Unfit(f"it has a part “{part[:20]}” that is not known here")
        try:
            stored = result_in(folder)
            check_told(stored.record, most=MOST_TERM, rows=len(hashes))
            json.dumps(stored.record, ensure_ascii=False).encode()  # half characters
            _number(stored.record.get("seconds", 0.0))
            _PARTS[kind](stored.arrays, stored.record, len(hashes))
        except (*FAULTS, TypeError, AttributeError, LookupError, ArithmeticError, ExplorerError) as exc:
            raise Unfit(f"its {part} cannot be read") from exc
    _check_together(folders, plan, hashes)


def _check_together(folders: Mapping[str, Path], plan: Plan, hashes: Array) -> None:
    stored = {part: result_in(folders[part]) for part in ("embed", "cluster", "describe", "project")}
    if not np.array_equal(stored["embed"].arrays["hashes"], hashes):
        raise Unfit("its vectors are of other items")
    if "reduce" in folders:
        points = result_in(folders["reduce"]).arrays["points"]
        _measured(points, np.asarray(stored["embed"].arrays["state"]) != FAILED)
    if stored["project"].arrays["xy"].shape[1] != plan.config.project.dims:
        raise Unfit("its map has other dimensions than its settings say")
    count = int(stored["cluster"].arrays["labels"].max(initial=-1)) + 1
    if len(stored["describe"].record["summaries"]) != count:
        raise Unfit("its clusters are not those that are described")
    levels = stored["cluster"].arrays.get("levels")
    named = levels_from(stored["describe"].record)
    if len(named) != (0 if levels is None else len(levels)):
        raise Unfit("its levels are not those that have names")
    if levels is not None and any(
        len(level) <= int(row.max(initial=-1)) for row, level in zip(levels, named, strict=True)
    ):
        raise Unfit("groups of its map have no name")
    for group in (group for level in named for group in level):
        if not all(0 <= label < count for label in group.clusters):
            raise Unfit("a group of its map is of no cluster")


def about_embedding(folder: Path) -> dict[str, Any]:
    """Return the record that vectors are found by.  Raises Unfit."""
    try:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        return {"fingerprint": str(about["fingerprint"]), "dim": int(about["dim"]), "rows": int(about["rows"])}
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as exc:
        raise Unfit("its vectors do not say of which encoder they are") from exc


def _is(found: Found, name: str, kind: str, *shape: int | None) -> Array:
    """Return an array of the kind and shape that is asked for, None for any length."""
    array = found[name]
    fits = len(array.shape) == len(shape) and all(b is None or a == b for a, b in zip(array.shape, shape, strict=True))
    if array.dtype != np.dtype(_KINDS[kind]) or not fits or not array.flags.c_contiguous:
        raise Unfit(f"“{name[:20]}” is {array.dtype} {array.shape}")
    return array


def _within(array: Array, low: int, high: int) -> None:
    """Look at all numbers, a block at a time."""
    flat = array.reshape(-1)
    step = max(1, BLOCK_BYTES // max(1, array.itemsize))
    for at in range(0, len(flat), step):
        block = flat[at : at + step]
        if int(block.min()) < low or int(block.max()) > high:
            raise Unfit("it names rows or groups that there are not")


def _optional(found: Found, kind: str, names: tuple[str, ...], *shape: int | None) -> None:
    for name in names:
        if name in found:
            _is(found, name, kind, *shape)


def _only(found: Found, *names: str) -> None:
    if not found.keys() <= set(names):
        raise Unfit("it has arrays that are not known here")


def _csr(found: Found, m: int) -> None:
    """Look at a sparse matrix (m, m); there may be none."""
    if "data" not in found:
        return
    starts = np.asarray(found["indptr"])
    if starts.dtype.kind != "i" or found["indices"].dtype.kind != "i" or found["data"].dtype.kind != "f":
        raise Unfit("its graph has other kinds of numbers")
    size = len(found["indices"])
    if starts.shape != (m + 1,) or starts[0] != 0 or starts[-1] != size or (np.diff(starts) < 0).any():
        raise Unfit("its graph has another size")
    _is_flat(found["indices"], size)
    _is_flat(found["data"], size)
    _within(found["indices"], 0, m - 1)


def _is_flat(array: Array, size: int) -> None:
    if array.shape != (size,):
        raise Unfit("its graph has another size")


def _embed(found: Found, record: Mapping[str, Any], n: int) -> None:
    _only(found, "vectors", "hashes", "state", "truncated", "unread", "raw")
    vectors = _is(found, "vectors", "f", n, None)
    _is(found, "hashes", "u", n, 16)
    _within(_is(found, "state", "u", n), 1, 3)
    _measured(vectors, np.asarray(found["state"]) != FAILED)
    _is(found, "truncated", "?", n)
    _optional(found, "?", ("unread",), n)
    if "raw" in found:
        _measured(_is(found, "raw", "f", *vectors.shape))
    if not all(isinstance(row, int) and 0 <= row < n for row in record["failed"]):
        raise Unfit("rows that could not be encoded are none")


def _neighbors(found: Found, record: Mapping[str, Any], n: int) -> None:
    _only(found, "rows", "distances")
    rows = _is(found, "rows", "i", n, None)
    _within(rows, -1, n - 1)
    _measured(_is(found, "distances", "f", *rows.shape))
    if record["metric"] not in METRICS or not isinstance(record["exact"], bool):
        raise Unfit("its neighbours are not told how they were found")
    _number(record["recall"])


def _project(found: Found, record: Mapping[str, Any], n: int) -> None:
    _only(found, "xy", "preservation", "outlier", "density")
    if _is(found, "xy", "f", n, None).shape[1] not in (2, 3):
        raise Unfit("its map has other dimensions than two or three")
    _optional(found, "f", ("preservation", "outlier", "density"), n)
    for array in found.values():
        _measured(array)
    if ("outlier" in found) != ("density" in found):
        raise Unfit("its scores are not whole")
    for name in ("trustworthiness", "continuity", "trust_k", "trust_rows"):
        _number(record.get(name))
    _text(record["method"])


def _reduce(found: Found, record: Mapping[str, Any], n: int) -> None:
    _only(found, "points")
    _is(found, "points", "f", n, None)


def _linkage(found: Found, record: Mapping[str, Any], n: int) -> None:
    _only(found, "tree", "data", "indices", "indptr")
    tree, m = _is(found, "tree", "F", None, 4), int(record["rows"])
    if not 0 <= m <= n or len(tree) > max(0, m - 1):
        raise Unfit("its tree is of other rows")
    if len(tree):
        children = np.asarray(tree[:, :2])
        if not (children == np.floor(children)).all() or (children < 0).any() or (children > 2 * m - 2).any():
            raise Unfit("its tree names rows that there are not")
        if (children.max(axis=1) >= m + np.arange(len(tree))).any():
            raise Unfit("its tree goes in a circle")
    _csr(found, m)


def _communities(found: Found, record: Mapping[str, Any], n: int) -> None:
    _only(found, "steps", "copies", "data", "indices", "indptr")
    steps = found["steps"]
    m = int(record["rows"])
    if steps.dtype != np.int32 or steps.ndim != 2 or steps.shape[1] != m or not 0 <= m <= n:
        raise Unfit("its communities are of other rows")
    _within(steps, 0, max(0, m - 1))
    _within(_is(found, "copies", "i", m), 0, max(0, m - 1))
    _csr(found, m)


def _cluster(found: Found, record: Mapping[str, Any], n: int) -> None:
    _only(found, "labels", "strength", "belongs", "nearest", "levels")
    labels = _is(found, "labels", "i", n)
    _within(labels, -1, max(0, n - 1))
    count = int(labels.max(initial=-1)) + 1
    _optional(found, "f", ("strength", "belongs"), n)
    _optional(found, "i", ("nearest",), n)
    _optional(found, "i", ("levels",), None, n)
    _measured(_is(found, "strength", "f", n))
    if "belongs" in found:
        _measured(found["belongs"])
    if "nearest" in found:
        _within(found["nearest"], -1, max(0, count - 1))
    if "levels" in found and found["levels"].size:
        _within(found["levels"], -1, n)
    _text(record["method"])


def _base(found: Found, record: Mapping[str, Any], n: int) -> None:
    _only(found, "held", "xy", "labels", "strength", "belongs", "nearest", "levels")
    _is(found, "held", "?", n)
    if _is(found, "xy", "f", n, None).shape[1] not in (2, 3):
        raise Unfit("its map has other dimensions than two or three")
    _cluster({name: array for name, array in found.items() if name not in ("held", "xy")}, record, n)
    _measured(found["xy"])
    if set(record["onto"]) != set(_ONTO):
        raise Unfit("it stands on more than a map")
    if not all(isinstance(color, int) and 0 <= color < MOST_COLORS for color in record.get("colors", ())):
        raise Unfit("its clusters have colours that there are not")
    _text(*record["names"], record["projection"], *record["onto"].values())
    named = (found["labels"], record["names"]), *zip(found.get("levels", ()), record["levels"], strict=True)
    if any(int(np.max(labels, initial=-1)) >= len(names) for labels, names in named):
        raise Unfit("groups of it have no name")
    _groups(record, n)


_ONTO = ("run", "name", "dataset", "dataset_name")


def _describe(found: Found, record: Mapping[str, Any], n: int) -> None:
    _only(found)
    for label, told in enumerate(record["summaries"]):
        one = summary_from(told)
        if one.label != label or not is_of(one, ClusterSummary):
            raise Unfit("a cluster is described in another form")
        for rows in (one.exemplars, one.odd, one.near_name):
            _rows(rows, n)
        if max(map(len, (one.keywords, one.nearest, one.enrichment))) > MOST_TOLD:
            raise Unfit("a cluster is described at a length at which none is")
        others = [near for near, _ in one.nearest]
        if not all(isinstance(near, int) and 0 <= near < len(record["summaries"]) for near in others):
            raise Unfit("a cluster is near one that there is not")
        _text(one.name, *(word for word, _ in one.keywords), *(e.column for e in one.enrichment))
        _text(*(e.value for e in one.enrichment))
    _groups(record, n)


def _groups(record: Mapping[str, Any], n: int) -> None:
    levels = levels_from(record)
    if len(levels) > MOST_LEVELS or any(len(level) > n for level in levels):
        raise Unfit("its map has more groups than it can have")
    for group in (group for level in levels for group in level):
        if len(group.clusters) > n or not is_of(group, NamedGroup):
            raise Unfit("a group of its map is told in another form")
        _text(group.name)
        _rows(group.near_name, n)


def _rows(rows: tuple[Any, ...], n: int) -> None:
    """Look at the rows that a record names."""
    if len(rows) > MOST_TOLD or not all(is_of(row, int) and row < n for row in rows):
        raise Unfit("it is described by rows that there are not")


def _checked(found: Found, record: Mapping[str, Any], n: int) -> None:
    _only(found)
    _rows(tuple(record["rows"]), n)
    for one in record["cosines"]:
        _number(one)


def _words(found: Found, record: Mapping[str, Any], n: int, *, told: str = "words") -> None:
    _only(found, "vectors")
    _is(found, "vectors", "f", len(record[told]), None)
    _text(*record[told], most=MOST_TERM)


def _phrases(found: Found, record: Mapping[str, Any], n: int) -> None:
    _words(found, record, n, told="phrases")


def _terms(found: Found, record: Mapping[str, Any], n: int) -> None:
    _only(found, "starts", "columns", "whole", "parts")
    count = len(record["terms"])
    _is(found, "whole", "?", count)
    _within(_is(found, "parts", "i", count, None), -1, count - 1)
    starts, columns = np.asarray(_is(found, "starts", "l", n + 1)), _is(found, "columns", "i", None)
    if starts[0] != 0 or starts[-1] != len(columns) or (np.diff(starts) < 0).any():
        raise Unfit("its words are of other texts")
    if len(columns):
        _within(columns, 0, count - 1)
    _text(*record["terms"], most=MOST_TERM)


def _codes(found: Found, record: Mapping[str, Any], n: int) -> None:
    _only(found, "codes", "steps", "errors")
    _is(found, "codes", "b", n, None)
    _optional(found, "f", ("steps", "errors"), n)


def _sureness(found: Found, record: Mapping[str, Any], n: int) -> None:
    _only(found, "clusters", "rows")
    _within(_is(found, "clusters", "i", None), 0, 2**31 - 1) if len(found["clusters"]) else None
    _is(found, "rows", "f", n)


_PARTS: Mapping[str, Callable[[Found, Mapping[str, Any], int], None]] = {
    "checked": _checked,
    "embed": _embed,
    "words": _words,
    "neighbors": _neighbors,
    "project": _project,
    "reduce": _reduce,
    "linkage": _linkage,
    "communities": _communities,
    "cluster": _cluster,
    "base": _base,
    "describe": _describe,
    "terms": _terms,
    "phrases": _phrases,
    "codes": _codes,
    "sureness": _sureness,
}


def _number(value: Any) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise Unfit("a number in it is none")
    if value is not None and abs(value) > MOST_NUMBER:  # nan is: what was not measured
        raise Unfit("a number in it is beyond all that is counted")


def _measured(array: Array, where: Array | None = None) -> None:
    """Look at broken numbers, a block at a time: none may be nan of the rows *where* there are some, others may."""
    step = max(1, BLOCK_BYTES // max(1, array[:1].nbytes))
    for at in range(0, len(array), step):
        block = array[at : at + step]
        block = block if where is None else block[where[at : at + step]]
        if (np.abs(block) > MOST_NUMBER).any() or (where is not None and np.isnan(block).any()):
            raise Unfit("numbers of it are none")


def _text(*values: Any, most: int = MOST_NAME) -> None:
    if not all(isinstance(value, str) and len(value) <= most for value in values):
        raise Unfit("a name in it is none")
