"""A full disk, and a workspace that may only be read: what is there is shown and exported, all else says why not."""

import errno
import gc
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from explorer.cli import main
from explorer.errors import CannotWrite, NotReady, UnreadableFile
from explorer.runs import STAGES
from explorer.workspace import Workspace, storing
from explorer.workspace.room import FLOOR_BYTES, check_room
from tests.fire.test_deleted import API, Hands, files, picture, serving
from tests.servers import until
from tests.synthetic import write_run

SIZE = 32 * 2**20


@pytest.fixture
def disk(tmp_path) -> Iterator[Path]:
    """A small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", place], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"needs root: sudo mount -t tmpfs -o size={SIZE} none {place}")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@pytest.fixture
def sealed(tmp_path) -> Iterator[Path]:
    """A workspace with a finished run, that may only be read."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() == 0:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", place], capture_output=True)
        if mounted.returncode:
            pytest.skip(f"needs to mount: sudo mount -t tmpfs -o size={SIZE} none {place}")
        write_run(place / "w", 200, dim=16, clusters=5)
        gc.collect()  # the workspace that wrote it holds a lock in there
        subprocess.run(["mount", "-o", "remount,ro", place], check=True)
        yield place / "w"
        subprocess.run(["umount", "-l", place], check=True)
    else:
        write_run(place / "w", 200, dim=16, clusters=5)
        subprocess.run(["chmod", "-R", "a-w", place], check=True)
        yield place / "w"
        subprocess.run(["chmod", "-R", "u+w", place], check=True)


def fill(disk: Path) -> Path:
    """Take all space that is left."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(2**12))
    assert os.statvfs(disk).f_bavail == 0
    return filler


def looked_at(get, run: str, dataset: str) -> None:
    """Ask for whatever the page shows of a run and its dataset."""
    paths = ["/datasets", "/runs", f"/datasets/{dataset}", f"/runs/{run}", "/encoders", "/healthz"]
    paths += [
        f"/runs/{run}/{what}" for what in ("points", "clusters", "neighbors/3", "items/3", "report.html", "scores")
    ]
    paths += [f"/runs/{run}/{what}" for what in ("report.csv", "columns/kind", "frames?after=0", "space")]
    for path in paths:
        answer = get(f"{API}{path}")
        assert answer.status_code == 200, (path, answer.text)


def refused(answer) -> None:
    """The answer says in a sentence what to do."""
    assert answer.status_code == 507, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    detail = answer.json()["detail"]
    assert detail.endswith(".")
    assert "free some space" in detail or "make its folder writable" in detail
    assert "/tmp" not in detail


def asked_to_write(client, run: str, dataset: str) -> None:
    """Ask for whatever has to be written."""
    texts = {"text": "one\ntwo\n" * 3, "name": "more"}
    refused(client.post(f"{API}/datasets/text", json=texts))
    refused(client.post(f"{API}/datasets", files={"file": ("a.csv", b"text\nfirst line\nsecond line\n")}))
    refused(client.patch(f"{API}/datasets/{dataset}", json={"name": "other"}))
    refused(client.patch(f"{API}/runs/{run}", json={"name": "other"}))
    refused(client.post(f"{API}/runs", json={"dataset": dataset, "n_neighbors": 7}))


def test_a_full_disk_shows_refuses_with_the_cure_and_frees(disk):
    run = write_run(disk / "w", 300, dim=16, clusters=5)
    dataset = Workspace(disk / "w").runs.record(run)["dataset"]
    with serving(disk / "w") as client:
        filler = fill(disk)
        before = files(disk / "w")
        looked_at(client.get, run, dataset)
        asked_to_write(client, run, dataset)
        upload = client.post(f"{API}/uploads").json()["upload"]  # a name and no content: that much a full disk takes
        refused(client.put(f"{API}/uploads/{upload}/file?name=a&offset=0", content=b"text"))
        assert client.delete(f"{API}/uploads/{upload}").status_code == 204
        assert files(disk / "w") == before
        assert client.delete(f"{API}/runs/{run}").status_code == 204
        assert client.get(f"{API}/runs").json()["runs"] == []
        assert client.delete(f"{API}/datasets/{dataset}").status_code == 204
        assert files(disk / "w") == []
        filler.unlink()
        added = client.post(f"{API}/datasets/text", json={"text": "one\ntwo\n", "name": "more"})
        assert added.status_code == 201


@pytest.fixture
def served(monkeypatch):
    """Serve a workspace as the command does, but for the socket: whoever is given asks instead."""

    def serve_and_ask(folder: Path, ask) -> None:
        done = []

        def run(server, sockets):
            ask(TestClient(server.config.app, base_url="http://127.0.0.1:8050"))
            done.append(server)

        monkeypatch.setattr("uvicorn.Server.run", run)
        monkeypatch.setattr("explorer.cli.serving.BEHIND_SECONDS", 1_000)
        monkeypatch.setattr("explorer.runs.one_thread_an_answer", lambda: None)  # this process tests more
        assert main(["serve", "--no-browser", "--port", "0", "--workspace", str(folder)]) == 0
        assert done

    return serve_and_ask


def test_a_server_starts_on_a_full_disk_and_a_state_that_cannot_be_written_is_told(disk, served):
    run = write_run(disk / "w", 200, dim=16, clusters=5)
    dataset = Workspace(disk / "w").runs.record(run)["dataset"]
    Workspace(disk / "w").runs.update(run, state="running")
    filler = fill(disk)

    def asked(client):
        assert client.get(f"{API}/runs/{run}").json()["state"] == "interrupted"
        assert [one["state"] for one in client.get(f"{API}/runs").json()["runs"]] == ["interrupted"]
        looked_at(client.get, run, dataset)
        assert client.get("/").status_code == 200
        assert Workspace(disk / "w").runs.record(run)["state"] == "running"
        filler.unlink()
        assert client.get(f"{API}/runs/{run}").json()["state"] == "interrupted"
        assert Workspace(disk / "w").runs.record(run)["state"] == "interrupted"
        fill(disk)
        assert client.delete(f"{API}/datasets/{dataset}").status_code == 204
        assert files(disk / "w") == []

    served(disk / "w", asked)


class Halting(Hands):
    """Says that it is at it, and waits; it does some *stages* and no more."""

    def __init__(self, workspace: Workspace, stages: tuple[str, ...] = STAGES) -> None:
        super().__init__(workspace)
        self.stages = stages
        self.at, self.go = threading.Event(), threading.Event()

    def call(self, message, **_):
        self.at.set()
        assert self.go.wait(60)
        if message["stage"] not in self.stages:
            raise NotReady("that will do.")
        return super().call(message)


def begun(client, hands: Hands) -> str:
    client.services.jobs._workers.update(encode=hands, map=hands)
    key = client.post(f"{API}/datasets/text", json={"text": "one thing\n" * 3 + "another\n", "name": "t"}).json()[
        "dataset"
    ]
    return client.post(f"{API}/runs", json={"dataset": key}).json()["run"]


def test_a_run_is_cancelled_and_deleted_on_a_full_disk(disk):
    with serving(disk / "w") as client:
        hands = Halting(Workspace(disk / "w"))
        run = begun(client, hands)
        assert hands.at.wait(60)
        fill(disk)
        assert client.delete(f"{API}/runs/{run}/job").status_code == 204
        assert client.get(f"{API}/runs/{run}").json()["state"] == "cancelled"
        assert [one["state"] for one in client.get(f"{API}/runs").json()["runs"]] == ["cancelled"]
        hands.go.set()
        assert client.delete(f"{API}/runs/{run}").status_code == 204
        assert not [name for name in files(disk / "w") if not name.startswith("datasets")]


def test_a_run_stops_before_the_disk_is_full_and_goes_on_when_there_is_room(disk):
    with serving(disk / "w") as client:
        hands = Halting(Workspace(disk / "w"), stages=("embed",))
        run = begun(client, hands)
        assert hands.at.wait(60)
        filler = fill(disk)
        os.truncate(filler, filler.stat().st_size - 2**20)  # room for records, and for nothing else
        hands.go.set()
        status = until(lambda: ended(client, run), 60, "the run to stop")
        assert status["state"] == "failed"
        assert status["error"].startswith("the disk of the workspace is almost full: 1.0 MB are free, 1.6 MB are kept")
        assert Workspace(disk / "w").runs.record(run)["state"] == "failed"
        refused(client.post(f"{API}/runs/{run}/job"))
        filler.unlink()
        assert client.post(f"{API}/runs/{run}/job").status_code == 202
        status = until(lambda: ended(client, run), 60, "the run to end")
        assert status["error"] == "that will do."
        assert [stage["state"] for stage in status["stages"]][:2] == ["done", "waiting"]


def test_a_run_that_failed_on_a_full_disk_has_failed_though_that_is_not_written(disk):
    with serving(disk / "w") as client:
        hands = Halting(Workspace(disk / "w"))
        run = begun(client, hands)
        assert hands.at.wait(60)
        fill(disk)
        hands.go.set()
        assert until(lambda: ended(client, run), 60, "the run to stop")["state"] == "failed"
        assert client.delete(f"{API}/runs/{run}/job").status_code == 204
        assert client.get(f"{API}/runs/{run}").json()["state"] == "failed"


def ended(client, run: str):
    status = client.get(f"{API}/runs/{run}").json()
    return None if status["state"] in ("queued", "running") else status


def test_vectors_without_room_are_a_sentence_and_no_signal(disk):
    workspace = Workspace(disk / "w")
    with pytest.raises(CannotWrite, match="almost full"):
        workspace.results.save("project", "a", {"xy": np.zeros(SIZE // 8)}, {})
    from explorer.embedding import VectorFile

    fill(disk)
    with pytest.raises(CannotWrite, match="is full"), storing(disk):
        VectorFile(
            disk / "w" / "stages" / "embed-a.part", dim=384, hashes=np.zeros((500, 16), np.uint8), fingerprint="x"
        )
    assert workspace.results.has("project", "a") is False


def test_a_picture_is_searched_with_and_a_thumbnail_shown_on_a_full_disk(disk, tmp_path):
    workspace = Workspace(disk / "w")
    fill(disk)
    with workspace.writer.lent(disk / "w" / "uploads" / "query", picture("red") * 20) as path:
        assert path.read_bytes() == picture("red") * 20
    assert not path.exists()
    (tmp_path / "a.png").write_bytes(picture("red"))
    from explorer.kinds import ImageRef

    item = ImageRef(str(tmp_path / "a.png"), "ab" * 32)
    assert workspace.thumbnails.get(item).startswith(b"\xff\xd8")
    assert files(disk / "w") == []


@pytest.mark.parametrize("size", [1_000, 3_000_000])
def test_with_two_full_disks_a_picture_is_refused_with_the_cure_and_leaves_no_file(disk, monkeypatch, size):
    """A file may still be begun where there is no room for what it holds."""
    workspace = Workspace(disk / "w")
    (disk / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(disk / "tmp"))
    fill(disk)
    with pytest.raises(CannotWrite, match="full"), workspace.writer.lent(disk / "w" / "uploads" / "query", b"1" * size):
        pass
    assert files(disk / "w") == []
    assert list((disk / "tmp").iterdir()) == []


def test_a_workspace_that_may_only_be_read_is_served_and_exported(sealed, served, tmp_path, capsys):
    run = Workspace(sealed).runs.records()[0]["run"]
    dataset = Workspace(sealed).runs.records()[0]["dataset"]
    before = files(sealed)

    def asked(client):
        looked_at(client.get, run, dataset)
        asked_to_write(client, run, dataset)
        refused(client.post(f"{API}/uploads"))
        refused(client.delete(f"{API}/runs/{run}"))
        refused(client.delete(f"{API}/datasets/{dataset}"))
        assert client.get("/").status_code == 200

    served(sealed, asked)
    assert main(["report", run, "--workspace", str(sealed), "--out", str(tmp_path / "report.html")]) == 0
    assert main(["neighbors", run, "3", "--workspace", str(sealed)]) == 0
    assert main(["doctor", "--workspace", str(sealed)]) == 0
    assert "it may only be read" in capsys.readouterr().out
    assert files(sealed) == before


@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "is full"), (errno.EDQUOT, "is full"), (errno.EROFS, "only be read")]
)
def test_what_the_disk_says_is_a_sentence_with_the_cure(tmp_path, number, said):
    with pytest.raises(CannotWrite, match=said), storing(tmp_path):
        raise OSError(number, os.strerror(number))


def test_other_errors_stay_what_they_are(tmp_path):
    for error in (FileNotFoundError(errno.ENOENT, "no"), PermissionError(errno.EACCES, "no"), UnreadableFile("x")):
        with pytest.raises(type(error)), storing(tmp_path):
            raise error


def test_the_floor_is_a_twentieth_of_a_small_disk(tmp_path, monkeypatch):
    usage = type("usage", (), {})
    total, free = 100 * 2**20, 6 * 2**20
    monkeypatch.setattr(
        "shutil.disk_usage", lambda _: setattr(usage, "total", total) or setattr(usage, "free", free) or usage
    )
    check_room(tmp_path, 2**20)
    with pytest.raises(
        CannotWrite, match=r"6.0 MB are free, 5.0 MB are kept for records and 2.0 MB are needed; delete"
    ):
        check_room(tmp_path, 2 * 2**20)
    total, free = 2**40, FLOOR_BYTES
    check_room(tmp_path)
    free -= 1
    with pytest.raises(CannotWrite):
        check_room(tmp_path)
