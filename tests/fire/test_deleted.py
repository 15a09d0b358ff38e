"""Deleted means gone: every file of a workspace is somebody's, and what belongs to nobody goes."""

import asyncio
import io
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image

from explorer.config import Settings
from explorer.kinds import ImageRef
from explorer.portable import packed
from explorer.runs import Plan
from explorer.runs.clusters import sweep_sizes
from explorer.runs.stages import run_stage
from explorer.server import checkup, open_services
from explorer.server.api import mount
from explorer.server.edge import Unforeseen
from explorer.types import Dataset
from explorer.workspace import Workspace
from tests.portable.made import texts
from tests.servers import until
from tests.workspace.test_folder import dataset

API = "/api/v1"
OWN = ("server.lock", "records.lock", "logs", "writers", "workspace.json", "speeds.json")
"""What a server keeps for itself."""
DEAD = "0123456789ab"
"""A writer that has ended."""
KEPT = Path(__file__).parents[1] / "data" / "workspace-before-rooms.zip"


class Drawn:
    """An encoder for tests: an item's vector is drawn by its content."""

    dim, modalities = 8, frozenset({"text", "image"})

    def __init__(self, name: str) -> None:
        self.name = self.fingerprint = name

    def batch_size(self, item):
        return 8

    def encode(self, items):
        drawn = [np.random.default_rng(zlib.crc32(str(item).encode())).normal(size=self.dim) for item in items]
        return np.stack([vector / np.linalg.norm(vector) for vector in drawn]).astype(np.float32)

    def truncates(self, items):
        return np.zeros(len(items), np.bool_)


class Hands:
    """A worker that computes in this process, with `Drawn`."""

    role = "map"

    def __init__(self, workspace: Workspace) -> None:
        self.workspace, self._guard = workspace, threading.Lock()

    @contextmanager
    def turn(self, name, *, waiting, cancelled, yields=False) -> Iterator[None]:
        with self._guard:
            yield

    def call(self, message, **_):
        if message["do"] == "encode":
            return {"vector": "AACAPwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}
        plan = Plan.from_json(message["plan"])
        if message["do"] == "stability":
            sweep_sizes(self.workspace, plan)
            return {}
        return run_stage(self.workspace, plan, message["stage"], encoder=Drawn)

    def close(self):
        pass


@contextmanager
def serving(folder: Path) -> Iterator[TestClient]:
    """A server in this process whose runs are computed here too; ``client.services`` are its services."""
    workspace = Workspace(folder)
    app, services = FastAPI(), open_services(workspace, Settings(workspace.path))
    hands = Hands(workspace)
    services.jobs._workers.update(encode=hands, map=hands)
    services.jobs.spaces._worker = hands
    mount(app, services)
    client = TestClient(app, base_url="http://127.0.0.1:8050")
    client.services = services
    yield client
    services.jobs.close()


def files(folder: Path) -> list[str]:
    """Return every file below a folder but those that a server keeps for itself."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir())
    return sorted(path.as_posix() for path in found if path.parts[0] not in OWN)


def picture(colour) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    return out.getvalue()


def pictures(*colours) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, colour in enumerate(colours):
            archive.writestr(f"{number}.png", picture(colour))
    return out.getvalue()


def add(client, name: str, content: bytes) -> str:
    answer = client.post(f"{API}/datasets", files={"file": (name, content)})
    assert answer.status_code == 201, answer.text
    return answer.json()["dataset"]


def finished(client, key: str) -> str:
    answer = client.post(f"{API}/runs", json={"dataset": key, "n_neighbors": 5, "min_cluster_size": 3})
    run = answer.json()["run"]
    state = until(lambda: ended(client.get(f"{API}/runs/{run}").json()), 120, "the run to end")
    assert state["state"] == "done", state["error"]
    return run


def ended(status):
    return status if status["state"] not in ("queued", "running") else None


def use(client, key: str, run: str, *, shown: bool) -> None:
    """Ask of a run whatever leaves something in the workspace."""
    with mock.patch("explorer.kinds.picture.decode", side_effect=AssertionError("decoded in the server's process")):
        report = client.get(f"{API}/runs/{run}/report.html")
        assert report.status_code == 200
        assert ("data:image/jpeg" in report.text) == shown
    assert client.get(f"{API}/runs/{run}/sweep").status_code == 200
    assert client.post(f"{API}/runs/{run}/space").status_code < 300
    until(lambda: client.get(f"{API}/runs/{run}/space").json()["state"] == "done", 60, "the map in three dimensions")
    if shown:
        assert client.get(f"{API}/datasets/{key}/thumbnails/0.jpg").status_code == 200
        client.post(f"{API}/runs/{run}/search", files={"image": ("q.png", picture("red"))})


def test_after_everything_is_deleted_nothing_is_left(tmp_path):
    with serving(tmp_path / "w") as client:
        before = files(tmp_path / "w")
        texts = "a,b\n" + "".join(
            f"a line about thing {i % 5} number {i},{'more ' * (i % 3)}words {i}\n" for i in range(60)
        )
        colours = [(20 * i, 255 - 20 * i, 90) for i in range(12)]
        sets = {"a.csv": texts.encode(), "p.zip": pictures(*colours), "q.zip": pictures(*colours[:9])}
        keys = [add(client, name, content) for name, content in sets.items()]
        for key in keys[:2]:
            use(client, key, finished(client, key), shown=key != keys[0])
        keys.append(client.services.datasets.read_again(keys[0], text="b")["dataset"])
        kept = files(tmp_path / "w")
        assert {name.split("/")[0] for name in kept} == {"datasets", "runs", "stages", "thumbs", "frames"}
        for key in keys[:-1]:
            assert client.delete(f"{API}/datasets/{key}").status_code == 204
        places = {name.rsplit("/", 1)[0].split("-")[0] for name in files(tmp_path / "w")}
        assert places == {f"datasets/{keys[-1]}", f"datasets/{keys[-1]}/source", "stages/words"}
        assert client.delete(f"{API}/datasets/{keys[-1]}").status_code == 204
        assert files(tmp_path / "w") == before == []


def test_a_thumbnail_stays_as_long_as_a_dataset_shows_it(tmp_path):
    with serving(tmp_path / "w") as client:
        first = add(client, "p.zip", pictures("red", "green"))
        second = add(client, "q.zip", pictures("green", "blue"))
        thumbs = lambda: [name for name in files(tmp_path / "w") if name.startswith("thumbs")]  # noqa: E731
        assert len(thumbs()) == 3
        client.delete(f"{API}/datasets/{first}")
        assert len(thumbs()) == 2
        client.delete(f"{API}/datasets/{second}")
        assert thumbs() == []


def test_pictures_that_were_read_before_an_error_leave_no_thumbnail(tmp_path):
    with serving(tmp_path / "w") as client:
        upload = client.post(f"{API}/uploads").json()["upload"]
        for name, content in {
            "p.zip": pictures("red", "green"),
            "t.csv": b"said,n\nsome words,1\nand more,2\n",
        }.items():
            sent = client.put(f"{API}/uploads/{upload}/file", params={"name": name, "offset": 0}, content=content)
            assert sent.status_code == 204, sent.text
        read = client.post(f"{API}/uploads/{upload}/done", json={"text_column": "nosuch"})  # the table comes last
        assert read.status_code == 422, read.text
        assert not any(name.startswith("thumbs") for name in files(tmp_path / "w"))
        client.delete(f"{API}/uploads/{upload}")
        assert files(tmp_path / "w") == []


LEFT = {
    "a record": "runs/r1.json.new-{}-1",
    "a record of a dataset": "datasets/k1/dataset.json.new-{}-1",
    "a result": "stages/project-abc.new-{}-7/xy.npy",
    "a dataset": "datasets/k2.new-{}-2/items.parquet",
    "links": "uploads/again.new-{}-3/a.csv",
    "a picture to search with": "uploads/query.new-{}-4",
    "a thumbnail": "thumbs/ab/abc.webp.new-{}-5",
    "a name of an upload": "uploads/lent.new-{}-6",
}
NOBODYS = {
    "a result of no run": "stages/embed-nobody/record.json",
    "a checkpoint of no run": "stages/embed-nobody.part/about.json",
    "a lock of no run": "runs/nobody.lock",
    "a lock of no result": "stages/embed-nobody.lock",
    "pictures of no map": "frames/embed-nobody/000001.frame",
    "a thumbnail of no dataset": "thumbs/ab/abcdef.webp",
    "what was being removed": "datasets/k3.gone-12345678/dataset.json",
    "a file that was being removed": "runs/r1.json.gone-12345678",
    "a dataset cut short": "datasets/k4/items.parquet",
    "a writer": f"writers/{DEAD}.lock",
}


def put(folder: Path, name: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"{")


def kept(folder: Path) -> Workspace:
    """Return a workspace with a dataset, a run of it and its results."""
    workspace = Workspace(folder)
    workspace.datasets.add(dataset("k1"))
    workspace.runs.write(
        {"run": "r1", "dataset": "k1", "results": ["embed-e1"], "state": "done", "created": "1", "name": "n"}
    )
    workspace.results.save("embed", "e1", {"vectors": np.zeros((2, 2))}, {})
    return workspace


@pytest.mark.parametrize("name", [name.format(DEAD) for name in LEFT.values()] + list(NOBODYS.values()))
def test_a_sweep_removes_what_is_nobodys_and_nothing_else(tmp_path, name):
    workspace = kept(tmp_path)
    before = files(tmp_path)
    put(tmp_path, name)
    assert [name.startswith(str(path.relative_to(tmp_path))) for path in workspace.leftovers()] == [True]
    workspace.sweep(thumbnails=True)
    assert workspace.leftovers() == []
    assert not (tmp_path / name).exists()
    assert files(tmp_path) == before


def test_what_another_process_is_writing_is_left_to_it(tmp_path):
    workspace = kept(tmp_path)
    before = files(tmp_path)
    asked = [sys.executable, "-c", WRITING, str(tmp_path)]
    with subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        writer = other.stdout.readline().decode().strip()
        for name in LEFT.values():
            put(tmp_path, name.format(writer))
        written = files(tmp_path)
        workspace.sweep(thumbnails=True)
        assert files(tmp_path) == written
        assert workspace.leftovers() == []
        other.kill()
    assert len(workspace.leftovers()) == len(LEFT) + 1  # and its lock
    workspace.sweep()
    assert files(tmp_path) == before


WRITING = """
import sys
from pathlib import Path
from explorer.workspace import Workspace, owner_of
workspace = Workspace(sys.argv[1])
print(owner_of(workspace.writer.temporary(Path("x"))), flush=True)
sys.stdin.read()
"""


def test_a_writer_that_ends_well_takes_its_lock_with_it(tmp_path):
    workspace = kept(tmp_path)
    assert len(list((tmp_path / "writers").iterdir())) == 1
    del workspace
    assert list((tmp_path / "writers").iterdir()) == []


@pytest.mark.parametrize(
    "left", ["runs/r9.json.new-0a1b2c3d", "uploads/again-17", "uploads/query-17", "thumbs/ab/x.webp.9.new"]
)
def test_what_earlier_versions_left_goes_after_an_hour(tmp_path, left):
    workspace = kept(tmp_path)
    put(tmp_path, left)
    workspace.sweep()
    assert (tmp_path / left).exists()
    os.utime(tmp_path / left, (time.time() - 4000,) * 2)
    workspace.sweep()
    assert not (tmp_path / left).exists()


def test_a_record_that_was_being_written_does_not_keep_others_from_being_deleted(tmp_path):
    with serving(tmp_path / "w") as client:
        put(tmp_path / "w", "runs/abcd.json.new-0a1b2c3d")
        os.utime(tmp_path / "w" / "runs/abcd.json.new-0a1b2c3d", (0, 0))
        for _ in range(3):
            key = client.post(f"{API}/datasets/text", json={"text": "one\ntwo"}).json()["dataset"]
            assert client.delete(f"{API}/datasets/{key}").status_code == 204
        assert files(tmp_path / "w") == []


def uploaded(folder: Path) -> Dataset:
    source = folder / "uploads" / "f" / "files"
    source.mkdir(parents=True)
    (source / "a.png").write_bytes(b"picture")
    return dataset(items=[ImageRef(str(source / "a.png"), "ab", "", "a.png")])


def test_an_upload_that_was_complete_becomes_its_dataset_after_a_kill(tmp_path, monkeypatch):
    given = uploaded(tmp_path)
    gone = killed_before(tmp_path, given, "publish", monkeypatch)
    assert not gone.exists()
    workspace = Workspace(tmp_path)
    assert workspace.datasets.records() == []
    workspace.sweep()
    (item,) = workspace.datasets.open("k1").items
    assert Path(item.path).read_bytes() == b"picture"
    assert workspace.leftovers() == []


def test_an_upload_stays_where_it_is_when_a_kill_comes_before_it_is_moved(tmp_path, monkeypatch):
    given = uploaded(tmp_path)
    source = killed_before(tmp_path, given, "_move", monkeypatch)
    workspace = Workspace(tmp_path)
    workspace.sweep()
    assert (source / "a.png").read_bytes() == b"picture"
    assert workspace.datasets.records() == []
    workspace.datasets.keep(given, source=source)
    assert len(workspace.datasets.records()) == 1


def killed_before(folder: Path, given: Dataset, step: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep a dataset in a process that ends at a step, and return where its upload was."""
    source = folder / "uploads" / "f" / "files"
    child = os.fork()
    if not child:
        try:
            monkeypatch.setattr(f"explorer.workspace.datasets.{step}", lambda *_: os._exit(9))
            Workspace(folder).datasets.keep(given, source=source)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    return source


def test_an_upload_that_became_a_dataset_or_came_at_once_is_no_longer_waited_for(tmp_path):
    with serving(tmp_path / "w") as client:
        uploads = client.services.uploads
        waited, done, at_once = uploads.create(), uploads.create(), uploads.create(once=True)
        (tmp_path / "w" / "uploads" / done / "files").rmdir()
        assert uploads.abandoned(3600) == [tmp_path / "w" / "uploads" / done]
        (marker,) = (tmp_path / "w" / "uploads" / at_once).glob("once*")
        marker.rename(marker.with_name(f"once.new-{DEAD}-1"))
        uploads.sweep(3600)
        assert [path.name for path in uploads.folder.iterdir()] == [waited]


def test_the_doctor_shows_what_is_left_over_and_removes_it_when_asked_to(tmp_path):
    before = files(kept(tmp_path).path)
    for name in (*LEFT.values(), *NOBODYS.values()):
        put(tmp_path, name.format(DEAD))
    (tmp_path / "uploads" / ("0" * 32)).mkdir()
    line = next(line for line in checkup(tmp_path) if "belong to nobody" in line)
    assert line.startswith(f"  {len(LEFT) + len(NOBODYS) + 1} files and folders belong to nobody, 0.0 MB: ")
    assert line.endswith("; remove them with: embedding-explorer doctor --repair")
    assert any(line.endswith("; removed") for line in checkup(tmp_path, repair=True))
    assert "  nothing is left over" in checkup(tmp_path)
    assert files(tmp_path) == before


def test_what_an_earlier_version_wrote_is_all_needed(tmp_path):
    with zipfile.ZipFile(KEPT) as archive:
        archive.extractall(tmp_path)
    home = tmp_path / "workspace"
    before = files(home)
    assert len(before) > 40
    with serving(home):
        Workspace(home).sweep(thumbnails=True)
    assert files(home) == before


def test_nothing_that_a_run_names_is_taken_while_its_record_cannot_be_read(tmp_path):
    workspace = kept(tmp_path)
    (tmp_path / "runs" / "r1.json").write_text("{")
    before = files(tmp_path)
    workspace.sweep(thumbnails=True)
    assert files(tmp_path) == before


def test_a_thumbnail_is_made_again_when_it_went_amid_an_answer(tmp_path):
    archive = tmp_path / "p.zip"
    archive.write_bytes(pictures("red"))
    item = ImageRef(str(archive), "ab" * 32, "0.png")
    thumbnails = Workspace(tmp_path / "w").thumbnails
    first = thumbnails.get(item)
    shutil.rmtree(tmp_path / "w" / "thumbs")
    assert thumbnails.get(item) == first
    assert [path.name for path in (tmp_path / "w" / "thumbs").rglob("*.jpg")] == ["ab" * 32 + ".jpg"]


STOPPED = """
import sys
from pathlib import Path
from explorer import ingest
from explorer.cli import serving
from explorer.config import Settings
from explorer.server import DATASET, open_services

def opened(workspace, settings):
    services = open_services(workspace, settings)
    services.undoing.delete_later(DATASET, workspace.datasets.keep(ingest.load_text("one thing\\nanother", name="few")))
    return services

serving.open_services = opened
serving._begin = lambda *_given, **_told: print("ready", flush=True)
serving.serve(Settings(Path(sys.argv[1]), port=0, warm=False))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("how", ["SIGTERM", "SIGHUP"])
def test_a_server_that_is_stopped_in_any_way_deletes_what_waits(tmp_path, how):
    command = [sys.executable, "-c", STOPPED, str(tmp_path / "w")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        while "ready" not in server.stdout.readline():
            assert server.poll() is None
        server.send_signal(getattr(signal, how))
        assert server.wait(30) == -getattr(signal, how)
    assert Workspace(tmp_path / "w").datasets.records() == []


def test_a_dataset_that_is_deleted_while_it_is_downloaded_breaks_the_answer_off_without_a_traceback(tmp_path, caplog):
    workspace = Workspace(tmp_path / "w")
    key = workspace.datasets.keep(texts(tmp_path))
    pieces = packed(workspace, key)
    next(pieces)

    async def answers(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        workspace.datasets.remove(key)
        for _ in pieces:
            pass

    async def heard(_message):
        pass

    asyncio.run(Unforeseen(answers)({"type": "http", "method": "GET", "path": "/x"}, None, heard))
    assert [record.exc_info for record in caplog.records] == [None]
    assert "was deleted while it was saved" in caplog.text
