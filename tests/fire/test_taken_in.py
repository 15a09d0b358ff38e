"""A saved dataset in which any one thing is another: it is refused, or left out, or can be looked at for ever after."""

from __future__ import annotations

import copy
import dataclasses
import io
import json
import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from explorer.errors import ExplorerError, UnreadableFile
from explorer.portable import export_dataset, import_dataset
from explorer.runs import titles_of
from explorer.types import Version
from explorer.workspace import Workspace
from tests.fire.test_deleted import API, serving
from tests.fire.test_portable import places
from tests.portable.made import ROWS, changed, npy, texts, with_run

SEED, TRIED = 11, 24
JUNK: tuple[Any, ...] = (
    None, True, -1, 7, 10**30, 1.5, math.nan, math.inf, "", "x", "../../x", "\ud800", "\x1b[31m\u202e<b>",
    "x" * 300_000, [], [1], ["x"], [[]], [10**6], {}, {"a": 1}, {"a": None},
)  # fmt: skip
LARGEST = 3_000_000
"""Bytes of an answer, at most: the whole dataset has a few thousand."""
TITLES = {
    "used": True,
    "clusters": {str(at): {"name": f"n{at}", "sentence": "s", "model": "m", "asked": "a"} for at in range(3)},
    "groups": {"0,1": {"name": "g", "sentence": "s", "model": "m", "asked": "a"}},
    "last": {"host": "h", "model": "m", "items": 5, "characters": 500, "prompt": "p"},
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("taken")
    given = dataclasses.replace(
        texts(home), note="a note", version=Version("p" * 16, "second", "first", 2, files=("a",))
    )
    run = with_run(home / "w", given)
    workspace = Workspace(home / "w")
    workspace.runs.keep_titles(run, TITLES)
    export_dataset(given, home / "a.zip", workspace=workspace)
    return home


def in_json(entry: str, path: tuple[Any, ...], junk: Any) -> Any:
    def change(entries: dict[str, bytes]) -> None:
        told = json.loads(entries[entry])
        within = told
        for at in path[:-1]:
            within = within[at]
        within[path[-1]] = copy.deepcopy(junk)
        entries[entry] = json.dumps(told).encode()

    return change


def in_array(entry: str, kind: str, chance: random.Random) -> Any:
    def change(entries: dict[str, bytes]) -> None:
        array = np.load(io.BytesIO(entries[entry]))
        flat = array.reshape(-1)
        if len(flat):
            value = {"least": np.iinfo, "most": np.iinfo}.get(kind)
            if array.dtype.kind == "f":
                flat[chance.randrange(len(flat))] = {"least": math.nan, "most": math.inf}.get(kind, -1e38)
            elif array.dtype.kind in "iu" and value is not None:
                flat[chance.randrange(len(flat))] = getattr(np.iinfo(array.dtype), "min" if kind == "least" else "max")
            else:
                flat[:] = flat[::-1].copy()
        if kind == "all" and array.dtype.kind == "f":
            flat[:] = math.nan
        entries[entry] = npy(array)

    return change


def lies(home: Path, chance: random.Random) -> Iterator[tuple[str, Any]]:
    """Yield every one thing that can be another, named, and the change; each value by one piece of junk by chance."""
    import zipfile

    with zipfile.ZipFile(home / "a.zip") as archive:
        for entry in archive.namelist():
            if entry.endswith(".json") and entry != "embedding-explorer.json":
                for path in places(json.loads(archive.read(entry))):
                    junk = chance.choice(JUNK)
                    yield f"{entry} {path} {str(junk)[:40]!r}", in_json(entry, path, junk)
            elif entry.endswith(".npy"):
                for kind in ("least", "most", "low", "all"):
                    yield f"{entry} {kind}", in_array(entry, kind, chance)


ROUTES = (
    "", "/clusters", "/names", "/points", "/membership", "/scores", "/scores/outlier", "/sureness", "/placed", "/space",
    "/items/0", "/items/7", "/neighbors/3", "/map.svg", "/selection.csv?shape={}", "/columns/stars", "/values/stars",
    "/report.html", "/report.json", "/report.zip", "/clusters.csv", "/faults.csv",
)  # fmt: skip


def failures(client: Any, key: str, runs: tuple[str, ...]) -> list[str]:
    """Return what fails of what is answered about a dataset and its runs."""
    asked = [("GET", f"/datasets{more}") for more in ("", *(f"/{key}{one}" for one in DATASET_ROUTES))]
    asked += [("GET", "/runs"), *(("GET", f"/runs/{run}{one}") for run in runs for one in ROUTES)]
    asked += [(how, f"/runs/{run}/names/used") for run in runs for how in ("PUT",)]
    asked += [("GET", f"/runs/{run}{one}") for run in runs for one in ("", "/clusters", "/report.html")]
    wrong = []
    for how, path in asked:
        try:
            said = client.request(how, f"{API}{path}", json={"used": True} if how == "PUT" else None)
        except Exception as exc:  # noqa: BLE001 - in a server it is logged and answered with 500
            wrong.append(f"{how} {path}: {type(exc).__name__}: {str(exc)[:200]}")
            continue
        if said.status_code >= 500 or len(said.content) > LARGEST:
            wrong.append(f"{how} {path}: {said.status_code}, {len(said.content):,} bytes: {said.text[:100]}")
    return wrong


DATASET_ROUTES = ("", "/rejected", "/faults", "/faults.csv", "/columns", "/estimates", "/dataset.zip")


def tried(home: Path, folder: Path, which: list[tuple[str, Any]]) -> dict[str, list[str]]:
    """Return what failed of each."""
    wrong: dict[str, list[str]] = {}
    with serving(folder / "w") as client:
        workspace = client.services.workspace
        for what, change in which:
            lie = changed(home / "a.zip", folder / "lie.zip", change)
            try:
                got = import_dataset(lie, workspace=workspace)
            except ExplorerError:
                continue
            except Exception as exc:  # noqa: BLE001
                wrong[what] = [f"import: {type(exc).__name__}: {exc}"]
                continue
            found = failures(client, got.dataset, got.runs)
            if found:
                wrong[what] = found
            client.services.datasets.delete(got.dataset)
    return wrong


def titles(told: Any) -> Any:
    """Return the change that has names by a language model be others."""

    def change(entries: dict[str, bytes]) -> None:
        entries[next(entry for entry in entries if entry.endswith(".titles.json"))] = json.dumps(told).encode()

    return change


def near_name(told: Any) -> Any:
    """Return the change that has the rows be others that a name on the map says best."""

    def change(entries: dict[str, bytes]) -> None:
        entry = next(entry for entry in entries if entry.startswith("stages/describe"))
        record = json.loads(entries[entry])
        group = {"name": "g", "size": ROWS, "clusters": [0, 1], "near_name": told}
        record["levels"] = [[group]]
        labels = next(entry for entry in entries if entry.startswith("stages/cluster") and entry.endswith("labels.npy"))
        entries[labels.replace("labels", "levels")] = npy(np.zeros((1, ROWS), np.int32))
        entries[entry] = json.dumps(record).encode()

    return change


TITLE = {"name": "n", "sentence": "s", "model": "m"}


def size(told: Any) -> Any:
    """Return the change that has a cluster be of so many rows."""

    def change(entries: dict[str, bytes]) -> None:
        entry = next(entry for entry in entries if entry.startswith("stages/describe"))
        record = json.loads(entries[entry])
        record["summaries"][0]["size"] = told
        entries[entry] = json.dumps(record).encode()

    return change


SEEN = {  # each was taken in, and then failed for ever
    "names that were asked for by nobody": titles({"used": False, "clusters": {}, "last": [1]}),
    "names that are a number": titles({"used": False, "clusters": 5}),
    "a name of no cluster": titles({"used": False, "clusters": {"x": TITLE}}),
    "a name that is a number": titles({"used": False, "clusters": {"0": 5}}),
    "a sentence that is none": titles({"used": True, "clusters": {"0": {**TITLE, "sentence": {"a": 1}}}}),
    "names of megabytes": titles({"used": True, "clusters": {"0": dict.fromkeys(TITLE, "x" * 3_000_000)}}),
    "rows that a name says best and that there are not": near_name([10**6]),
    "more rows than can be counted": size(10**30),
    "no number of rows": size(None),
    "rows that a name says best and that are a text": near_name("xxx"),
}


def test_levels_whose_names_are_best_said_by_rows_of_the_dataset_are_taken_in(home: Path, tmp_path: Path) -> None:
    got = import_dataset(changed(home / "a.zip", tmp_path / "a.zip", near_name([3, 5])), workspace=tmp_path / "w")
    assert len(got.runs) == 1


@pytest.mark.parametrize("what", SEEN)
def test_what_was_once_taken_in_and_then_failed_is_left_out(home: Path, tmp_path: Path, what: str) -> None:
    got = import_dataset(changed(home / "a.zip", tmp_path / "a.zip", SEEN[what]), workspace=tmp_path / "w")
    assert (got.runs, len(got.left_out)) == ((), 1)


ODD = {
    "lists": pa.array([[1, 2]] * ROWS),
    "objects": pa.array([{"a": 1}] * ROWS),
    "pairs": pa.array([[("a", 1)]] * ROWS, pa.map_(pa.string(), pa.int64())),
    "bytes": pa.array([b"\xff\x00"] * ROWS),
    "bytes in a list of values": pa.array([b"a"] * ROWS).dictionary_encode(),
    "texts that are none": pa.Array.from_buffers(
        pa.large_string(), ROWS, [None, pa.py_buffer(np.arange(ROWS + 1).tobytes()), pa.py_buffer(b"\xff" * ROWS)]
    ),
    "moments of another zone": pa.array([5] * ROWS, pa.timestamp("us", tz="No/Where")),
}


@pytest.mark.parametrize("what", ODD)
@pytest.mark.parametrize(("entry", "column"), [("table", "stars"), ("items", "text"), ("items", "path")])
def test_a_column_that_no_dataset_has_is_refused(
    home: Path, tmp_path: Path, what: str, entry: str, column: str
) -> None:
    def change(entries: dict[str, bytes]) -> None:
        table = pq.read_table(io.BytesIO(entries[f"dataset/{entry}.parquet"]))
        out = io.BytesIO()
        pq.write_table(table.set_column(table.column_names.index(column), column, ODD[what]), out)
        entries[f"dataset/{entry}.parquet"] = out.getvalue()

    with pytest.raises(UnreadableFile, match="cannot be taken in as a saved dataset"):
        import_dataset(changed(home / "a.zip", tmp_path / "a.zip", change), workspace=tmp_path / "w")
    assert Workspace(tmp_path / "w").datasets.records() == []


def test_names_that_an_earlier_version_took_in_are_as_none(home: Path, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w")
    (run,) = import_dataset(home / "a.zip", workspace=workspace).runs
    assert titles_of(workspace, run)["clusters"].keys() == {"0", "1", "2"}
    workspace.runs.keep_titles(run, {"used": True, "clusters": 5})
    with serving(workspace.path) as client:
        assert client.get(f"{API}/runs/{run}/clusters").json()["clusters"][0]["name"]
        assert client.get(f"{API}/runs/{run}/names").json()["named"] == 0


def test_what_is_taken_in_can_be_looked_at_whatever_is_another_in_it(home: Path, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    every = list(lies(home, chance))
    wrong = tried(home, tmp_path, chance.sample(every, TRIED))
    assert not wrong, "\n".join(f"{what}: {found[0]}" for what, found in wrong.items())
