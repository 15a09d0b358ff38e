"""Ends a process at every step of an operation on a workspace, and tells what was wrong afterwards.

`python -m tests.fire.crashing FOLDER 1` prints a line of json for each operation: its name, how many ends were tried,
and what did not hold; with 3 in place of 1 it tries every third step.  A step is whatever changes the disk; the process
ends before it, or, where a file is written, when half of it is.  It is a process of its own, since it forks.
"""

import contextlib
import gc
import json
import os
import shutil
import sys
import traceback
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import filelock  # noqa: F401 - here, so that no fork has to import it
import numpy as np
import pandas as pd
import pandas.io.parquet
import pyarrow.dataset
import pyarrow.parquet  # noqa: F401
from PIL import Image, WebPImagePlugin  # noqa: F401

from explorer.kinds import ImageRef
from explorer.portable import export_dataset, import_dataset
from explorer.runs import open_run
from explorer.runs.plan import Plan
from explorer.server.uploads import KEPT_SECONDS, Planned, Uploads
from explorer.types import Dataset
from explorer.workspace import Workspace
from tests.portable.made import texts, with_run

UPLOAD = "0" * 32
FOLDERS_KEPT = ("writers", "logs", "server.lock", "records.lock", "workspace.json", "speeds.json")
CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
ENDS = ENDED, WRITING = 9, 10
"""How a process ends that was ended: before any step, or before one that writes a file."""


def given(key: str, items: list[Any]) -> Dataset:
    return Dataset(key, key, items, pd.DataFrame(index=range(len(items))), (), f"i{key}", ("text",), "text")


def run(key: str, dataset: str, *results: str) -> dict[str, Any]:
    return {"run": key, "dataset": dataset, "results": [*results], "state": "done", "created": key, "name": key}


def prepare(folder: Path) -> None:
    """Two datasets, one with a picture, three runs that share results, thumbnails, and an upload."""
    workspace = Workspace(folder)
    (folder / "p.png").write_bytes(b"p")
    picture = ImageRef(str(folder / "p.png"), "ab" * 32)
    workspace.datasets.keep(given("k1", [picture]))
    workspace.datasets.keep(given("k2", ["one", "two"]))
    (folder / "thumbs" / "ab").mkdir()
    workspace.thumbnails.path(picture).write_bytes(b"thumbnail")
    for record in (run("r1", "k1", "embed-1"), run("r2", "k2", "embed-2", "project-2"), run("r3", "k2", "embed-2")):
        workspace.runs.write(record)
        for name in record["results"]:
            workspace.results.save(*name.split("-"), {"a": np.zeros(2)}, {})
    given_texts = texts(folder)
    with_run(folder / "elsewhere", given_texts)
    export_dataset(given_texts, folder / "saved.zip", workspace=folder / "elsewhere")
    shutil.rmtree(folder / "elsewhere")
    files = folder / "uploads" / UPLOAD / "files"
    files.mkdir(parents=True)
    (files / "a.csv").write_text("text\none\n")
    (files.parent / "names.jsonl").write_text('["a.csv", "a.csv"]')


def uploads(workspace: Workspace) -> Uploads:
    return Uploads(workspace.path / "uploads", limit_bytes=2**20, keep_free=0, writer=workspace.writer)


def keep_upload(workspace: Workspace) -> None:
    source = workspace.path / "uploads" / UPLOAD / "files"
    if source.is_dir():
        workspace.datasets.keep(given("k3", ["one"]), source=source)
        uploads(workspace).remove(UPLOAD)


def send(workspace: Workspace) -> None:
    kept = uploads(workspace)
    begun = [path.name for path in kept.folder.iterdir() if path.name != UPLOAD and len(path.name) == len(UPLOAD)]
    key = begun[0] if begun else kept.create(planned=Planned(2, 25, 21))
    for name, content in (("a/b.txt", b"one piece and another"), ("c.txt", b"text")):
        at = kept.offset(key, name)
        for start in range(at, len(content), 10):
            kept.append(key, name, offset=start, chunks=[content[start : start + 10]])


def compute(workspace: Workspace) -> None:
    plan = Plan("r4", "k2", None, "", {})  # type: ignore[arg-type]
    record = {**run("r4", "k2", "embed-4", "project-4"), "state": "queued"}
    with workspace.turn():
        if not workspace.runs.has(plan.run):
            workspace.runs.write(record)
    workspace.runs.update("r4", state="running")
    if not workspace.results.has("embed", "4"):
        part = workspace.results.unfinished("embed", "4")
        part.mkdir(exist_ok=True)
        np.save(part / "a.npy", np.ones(2))
        workspace.results.finish("embed", "4", {"seconds": 1})
    workspace.results.save("project", "4", {"a": np.ones(2)}, {})
    workspace.runs.update("r4", state="done")


def read_again(workspace: Workspace) -> None:
    """As `read_again` does: read links to an upload, keep what comes of it, delete what was before."""
    if not workspace.datasets.has("k2"):
        return
    links = workspace.writer.temporary(workspace.path / "uploads" / "again")
    links.mkdir()
    os.link(workspace.path / "p.png", links / "p.png")
    workspace.datasets.keep(given("k4", ["three"]), source=links)
    workspace.delete_dataset("k2")


def thumbnail(workspace: Workspace) -> None:
    workspace.thumbnails.keep(ImageRef("", "cd" * 32), Image.new("RGB", (8, 8)))
    workspace.datasets.keep(given("k5", [ImageRef("", "cd" * 32)]))


def gently(act: Callable[..., Any], *words: str) -> Callable[[Workspace], None]:
    """Return an operation that may be repeated: what is gone already is no error."""
    from explorer.errors import NotFound

    def does(workspace: Workspace) -> None:
        with contextlib.suppress(NotFound):
            act(workspace, *words)

    return does


def take_in(workspace: Workspace) -> None:
    import_dataset(workspace.path / "saved.zip", workspace=workspace)


def rename(workspace: Workspace) -> None:
    workspace.runs.update("r1", name="other")


def rename_dataset(workspace: Workspace) -> None:
    workspace.datasets.rename("k1", "other")


def tidy(workspace: Workspace) -> None:
    dead = f"new-{'0' * 12}-1"
    for path in (f"stages/x.{dead}", f"datasets/k9.{dead}", "stages/embed-nobody", "frames/embed-x"):
        (workspace.path / path).mkdir(parents=True, exist_ok=True)
        (workspace.path / path / "a").touch()
    (workspace.path / f"runs/r1.json.{dead}").touch()
    workspace.sweep(thumbnails=True)


OPERATIONS: dict[str, Callable[[Workspace], None]] = {
    "add a dataset": lambda workspace: workspace.datasets.keep(given("k3", ["one"])),  # type: ignore[dict-item,return-value]
    "add an upload": keep_upload,
    "send an upload": send,
    "read again": read_again,
    "rename a dataset": rename_dataset,
    "rename a run": rename,
    "compute a run": compute,
    "make a thumbnail": thumbnail,
    "delete a run": gently(Workspace.delete_run, "r2"),
    "delete a dataset": gently(Workspace.delete_dataset, "k1"),
    "sweep": tidy,
    "take in a saved dataset": take_in,
}
LONG = {"take in a saved dataset": 7}
"""How many times as far the steps are apart of what has very many."""


def state(folder: Path) -> dict[str, Any]:
    """Return what somebody sees of a workspace; raises whatever is wrong with it."""
    workspace = Workspace(folder)
    runs = {one["run"]: [one["name"], one["state"]] for one in workspace.runs.records()}
    sets = {}
    for record in workspace.datasets.records():
        key = record["dataset"]
        content = [(folder / "datasets" / key / name).read_bytes() for name in ("items.parquet", "table.parquet")]
        sources = [path.name for path in workspace.datasets.source_files(key)]
        sets[key] = [record["name"], [*map(zlib.crc32, content)], sources]
    for record in workspace.runs.records():
        assert record["dataset"] in sets, f"the run {record['run']} has no dataset"
        if "plan" in record:
            open_run(record["run"], workspace=workspace)
            continue
        for name in record["results"] if record["state"] == "done" else ():
            assert workspace.results.load(*name.split("-")).arrays["a"].shape == (2,), name
    sent = uploads(workspace)
    brought = [path.name for path in sent.folder.iterdir() if len(path.name) == len(UPLOAD)]
    there = sorted([file.name, file.path.read_text()] for key in brought for file in sent.files(key))
    return {"runs": runs, "datasets": sets, "uploads": there}


def files(folder: Path) -> set[str]:
    """Return all files; uploads have no name of their own, and a checkpoint that of its result."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {"/".join(map(_shown, path.parts)) for path in found if path.parts[0] not in FOLDERS_KEPT}


def _shown(name: str) -> str:
    return "KEY" if len(name) == len(UPLOAD) else name.removesuffix(".part")


def swept(folder: Path) -> None:
    workspace = Workspace(folder)
    workspace.sweep(thumbnails=True)
    uploads(workspace).sweep(KEPT_SECONDS)
    left = [str(path.relative_to(folder)) for path in workspace.leftovers()]
    assert not left, f"left over: {left}"


def end_at(number: int, folder: Path, *, torn: bool) -> None:
    """End this process before the step of that number below a folder, or amid it."""
    count = 0

    def look(event: str, args: tuple[Any, ...]) -> None:
        nonlocal count
        writes = event == "open" and isinstance(args[0], str) and bool((args[2] or 0) & WRITES)
        if not (writes and args[0].startswith(str(folder))) and event not in CHANGES:
            return
        count += 1
        if count == number:
            if torn and not args[0].endswith(".lock"):
                how = "ab" if args[2] & os.O_APPEND else "wb"
                count = number + 1
                with open(args[0], how, buffering=0) as file:  # noqa: PTH123
                    file.write(b'\n["ha')
            os._exit(WRITING if writes else ENDED)

    sys.addaudithook(look)


def forked(do: Callable[[], Any]) -> tuple[int, Any]:
    """Do something in a fork; return how it ended, and what it returned or the error that it raised."""
    theirs, ours = os.pipe()
    child = os.fork()
    if child:
        os.close(ours)
        with os.fdopen(theirs, "rb") as said:
            answer = said.read()
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), json.loads(answer or b"null")
    status = 1
    try:
        answer = json.dumps(do()).encode()
        status = 0
    except BaseException:  # noqa: BLE001
        answer = json.dumps(traceback.format_exc()[-1500:]).encode()
    os.write(ours, answer)
    os._exit(status)


def whole(operation: Callable[[Workspace], None], folder: Path) -> list[Any]:
    """Do an operation to its end; return the state before and after, and all files of both."""
    before, had = state(folder), files(folder)
    operation(Workspace(folder))
    swept(folder)
    return [before, state(folder), sorted(had | files(folder))]


def afterwards(operation: Callable[[Workspace], None], folder: Path, known: list[Any]) -> str:
    """Look at a workspace after an end: it opens, is as before or after, is swept clean, and the operation goes on."""
    before, after, names = known
    seen = state(folder)
    for part, was in before.items():
        for key in was if isinstance(was, dict) else ():
            if key in after[part]:
                assert key in seen[part], f"{key} is lost"
    swept(folder)
    seen = state(folder)
    kept = [*seen["datasets"], *(name for name, _ in seen["uploads"])]
    wanted = "a.csv" if any(name == "a.csv" for name, _ in before["uploads"]) else ""
    assert not wanted or wanted in kept or seen["datasets"].get("k3", [0, 0, []])[2] == [wanted], "the upload is lost"
    strange = files(folder) - set(names)
    assert not strange, f"files of nobody: {strange}"
    operation(Workspace(folder))
    swept(folder)
    assert state(folder) == after, f"{state(folder)} instead of {after}"
    return ""


def crashed(name: str, template: Path, work: Path, *, every: int) -> dict[str, Any]:
    """Try the ends of an operation before every so many of its steps, and amid those that write."""
    operation, tried, wrong = OPERATIONS[name], 0, []
    shutil.copytree(template, work / "whole")
    ended, known = forked(lambda: whole(operation, work / "whole"))
    if ended:
        return {"operation": name, "tried": 0, "wrong": [known]}

    def at(number: int, *, torn: bool) -> int:
        folder = work / "point"
        shutil.copytree(template, folder)

        def act() -> None:
            end_at(number, folder, torn=torn)
            operation(Workspace(folder))

        ended, said = forked(act)
        bad, found = forked(lambda: afterwards(operation, folder, known)) if ended in ENDS else (bool(ended), said)
        if bad:
            wrong.append(f"{'amid' if torn else 'before'} step {number}: {found}")
        shutil.rmtree(folder)
        return ended

    number, ended = 1, ENDS[0]
    while ended in ENDS:
        ended = at(number, torn=False)
        tried += ended in ENDS
        if ended == WRITING:
            tried += at(number, torn=True) in ENDS
        number += every * LONG.get(name, 1) if every > 1 else 1
    return {"operation": name, "tried": tried, "wrong": wrong}


def main() -> None:
    work, every = Path(sys.argv[1]), int(sys.argv[2])
    gc.disable()  # it would touch, and so copy, all that a fork shares
    forked(lambda: prepare(work / "template"))
    for name in sys.argv[3:] or OPERATIONS:
        place = work / name.replace(" ", "-")
        place.mkdir()
        print(json.dumps(crashed(name, work / "template", place, every=every)), flush=True)


if __name__ == "__main__":
    main()
