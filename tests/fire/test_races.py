"""Renaming, deleting, sweeping, writing at the same time: a thousand orders of their steps, and a crowd of threads."""

import gc
import shutil
import sys
import threading
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from explorer.config import RunConfig
from explorer.errors import ExplorerError, NotFound
from explorer.runs import facts_of, make_plan
from explorer.runs.pipeline import open_record
from explorer.workspace import Workspace
from tests.fire.test_deleted import files, kept, serving
from tests.fire.turns import Turns, interleaved
from tests.synthetic import write_run
from tests.workspace.test_folder import dataset

ORDERS = 100


def upload(folder: Path, name: str) -> None:
    source = folder / "uploads" / name / "files"
    source.mkdir(parents=True)
    (source / "a.csv").write_text("text")


def begin(workspace: Workspace) -> None:
    """Begin a run that shares a result with the one that is there, and save another result."""
    with workspace.turn():
        workspace.datasets.record("k1")
        results = ["embed-e1", "project-p2"]
        record = {"run": "r2", "dataset": "k1", "results": results, "state": "done", "created": "2", "name": "n"}
        workspace.runs.write(record)
    if not workspace.results.has("embed", "e1"):
        workspace.results.save("embed", "e1", {"vectors": np.zeros((2, 2))}, {})
    workspace.results.save("project", "p2", {}, {})


def look(workspace: Workspace) -> None:
    """Read whatever there is."""
    for record in workspace.runs.records():
        workspace.runs.record(record["run"])
        workspace.results.load("embed", "e1")
    for record in workspace.datasets.records():
        workspace.datasets.open(record["dataset"])
        workspace.datasets.source_files(record["dataset"])


DO = {
    "rename the run": lambda w: w.runs.update("r1", name="other"),
    "tell its state": lambda w: w.runs.update("r1", state="cancelled"),
    "delete the run": lambda w: w.delete_run("r1"),
    "rename the dataset": lambda w: w.datasets.rename("k1", "other"),
    "delete the dataset": lambda w: w.delete_dataset("k1"),
    "begin another run": begin,
    "look at all": look,
    "sweep": lambda w: w.sweep(thumbnails=True),
    "keep an upload": lambda w: w.datasets.keep(dataset("k2"), source=w.path / "uploads" / "f" / "files"),
    "keep the same": lambda w: w.datasets.keep(dataset("k2"), source=w.path / "uploads" / "g" / "files"),
}
AT_ONCE = [
    ("rename the run", "delete the run", "tell its state"),
    ("rename the run", "tell its state"),
    ("rename the dataset", "delete the dataset", "look at all"),
    ("tell its state", "delete the dataset", "rename the dataset"),
    ("begin another run", "delete the run", "sweep"),
    ("begin another run", "delete the dataset"),
    ("keep an upload", "sweep", "delete the dataset"),
    ("keep an upload", "keep the same", "sweep"),
    ("delete the run", "delete the run", "look at all"),
    ("delete the dataset", "delete the run", "sweep"),
]
assert len(AT_ONCE) * ORDERS >= 1_000


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    kept(folder)
    upload(folder, "f")
    upload(folder, "g")
    return folder


@pytest.mark.parametrize("names", AT_ONCE, ids=", ".join)
def test_whatever_the_order_nothing_comes_back_nothing_is_lost_and_nothing_breaks(template, tmp_path, names):
    orders = set()
    for seed in range(ORDERS):
        folder = tmp_path / str(seed)
        shutil.copytree(template, folder)
        own = [Workspace(folder) for _ in names]  # each as in a process of its own
        turns = Turns(seed)
        with interleaved(turns):
            ended = turns.run(*(partial(DO[name], workspace) for name, workspace in zip(names, own, strict=True)))
        orders.add(turns.steps)
        check(folder, list(zip(names, ended, strict=True)))
        shutil.rmtree(folder)
    assert len(orders) > 1  # the seeds did make a difference


def check(folder: Path, ended: list[tuple[str, object]]) -> None:
    """Whatever was answered holds."""
    for name, answer in ended:
        assert not isinstance(answer, Exception) or isinstance(answer, NotFound), (name, answer)
    workspace = Workspace(folder)
    workspace.sweep(thumbnails=True)
    assert workspace.leftovers() == []
    runs = {record["run"]: record for record in workspace.runs.records()}
    sets = {record["dataset"]: record for record in workspace.datasets.records()}
    assert all(record["dataset"] in sets for record in runs.values())
    gone = {name for name, answer in ended if name.startswith("delete") and answer is None}
    asked = {name for name, _ in ended}
    assert ("r1" in runs) == (not gone)
    assert ("k1" in sets) == ("delete the dataset" not in gone)
    if "r1" in runs:
        assert runs["r1"]["name"] == ("other" if "rename the run" in asked else "n")
        assert runs["r1"]["state"] == ("cancelled" if "tell its state" in asked else "done")
    if "r2" in runs:
        assert all(workspace.results.has(*name.split("-")) for name in runs["r2"]["results"])
    if "keep an upload" in asked:
        assert (folder / "datasets" / "k2" / "source" / "a.csv").read_text() == "text"
    if not sets:
        assert [name for name in files(folder) if not name.startswith("uploads")] == []


def test_the_steps_of_an_order_are_the_same_for_the_same_seed(template, tmp_path):
    def steps(seed: int, folder: Path) -> int:
        shutil.copytree(template, folder)
        turns = Turns(seed)
        with interleaved(turns):
            turns.run(lambda: DO["rename the run"](Workspace(folder)), lambda: DO["delete the run"](Workspace(folder)))
        return turns.steps

    assert steps(3, tmp_path / "a") == steps(3, tmp_path / "b")


def test_what_the_collector_ends_is_no_step():
    class Gone:
        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            Path().stat()

    def act() -> None:
        for _ in range(20):
            Path().stat()
            Gone()

    turns, often = Turns(1), gc.get_threshold()
    gc.set_threshold(5)
    try:
        with interleaved(turns):
            assert turns.run(act, act) == [None, None]
    finally:
        gc.set_threshold(*often)
    assert turns.steps == 40
    assert gc.isenabled()


def test_who_waits_for_the_other_is_told_and_leaves_the_next_order_alone():
    lock = threading.Lock()

    def act() -> None:
        for _ in range(20):
            with lock:
                Path().stat()

    def tried() -> None:
        turns = Turns(2)
        with interleaved(turns):
            turns.run(act, act, seconds=0.5)

    with pytest.raises(AssertionError, match=r"they wait for each other:\n[\s\S]*in act"):
        tried()
    assert lock.acquire(timeout=5)
    lock.release()


def test_without_one_writer_a_deleted_run_comes_back(template, tmp_path, monkeypatch):
    """The orders do find what they are for."""
    monkeypatch.setattr("explorer.workspace.locks.OneWriter._held", lambda _: None)
    back = 0
    for seed in range(ORDERS):
        folder = tmp_path / str(seed)
        shutil.copytree(template, folder)
        turns = Turns(seed)
        first, second = Workspace(folder), Workspace(folder)
        with interleaved(turns):
            turns.run(partial(DO["rename the run"], first), partial(DO["delete the run"], second))
        back += Workspace(folder).runs.has("r1")
    assert back > 0


def test_a_crowd_renames_deletes_lists_and_looks_and_gets_answers(tmp_path):
    runs = [write_run(tmp_path / "w", 120, dim=8, clusters=4, seed=seed) for seed in range(6)]
    with serving(tmp_path / "w") as client:
        services, wrong, deleted = client.services, [], []

        def delete(run: str) -> None:
            deleted.append(run)
            services.runs.delete(run)

        def rename_set(run: str) -> None:
            services.datasets.rename(services.workspace.runs.record(run)["dataset"], "other")

        def rename(run: str) -> None:
            services.runs.rename(run, "another")

        def look(_: str) -> None:
            services.runs.all()
            services.datasets.all()

        def ask(number: int) -> None:
            for turn in range(24):
                run = runs[(number + turn // 2) % len(runs)]
                does = (rename, look, services.runs.status, services.run, rename_set, delete)
                try:
                    does[turn % 6 if turn > 10 else number % 5](run)
                except ExplorerError:
                    pass
                except Exception as exc:  # noqa: BLE001
                    wrong.append(exc)

        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-5)
        try:
            threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            sys.setswitchinterval(interval)
        assert wrong == []
        assert deleted
        left = {record["run"] for record in services.workspace.runs.records()}
        assert not left & set(deleted)
        for run in deleted:
            with pytest.raises(NotFound):
                services.run(run)
        services.workspace.sweep(thumbnails=True)
        needed = {name for record in services.workspace.runs.records() for name in record["results"]}
        assert {path.name for path in (tmp_path / "w" / "stages").iterdir()} <= needed


def test_a_run_that_begins_while_its_dataset_is_deleted_is_not_there_or_gone_with_it(tmp_path):
    for seed in range(20):
        folder = tmp_path / str(seed)
        workspace = Workspace(folder)
        workspace.datasets.add(dataset())
        plan = make_plan(facts_of(workspace.datasets.record("k1")), RunConfig.from_flat({"encoder": "minilm"}))
        own = [Workspace(folder) for _ in range(2)]
        turns = Turns(seed)
        with interleaved(turns):
            turns.run(partial(open_record, own[0], plan), partial(own[1].delete_dataset, "k1"))
        assert workspace.runs.records() == workspace.datasets.records() == []
