"""The check-up: what it says of weights that are not there."""

from pathlib import Path

import pytest

from explorer import encoders
from explorer.errors import MissingWeights
from explorer.server.doctor import checkup
from explorer.workspace import Workspace, alone
from tests.synthetic import write_run


def test_weights_that_cannot_be_used_are_not_called_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Path:
        raise MissingWeights("the weights are damaged; install the package again.")

    monkeypatch.setattr(encoders.weights, "minilm_folder", missing)
    line = next(line for line in checkup(tmp_path / "w") if line.startswith("  minilm "))
    assert line.split(maxsplit=1)[1] == "not usable: the weights are damaged; install the package again."


def test_clips_that_would_be_downloaded_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders.clip, "is_cached", lambda named: "B-16" in named)
    told = [line for line in checkup(tmp_path / "w") if line.startswith("  clip:")]
    assert len(told) == 3
    assert "605 MB" in told[0]
    assert "not here: a download of" in told[0]
    assert told[1].endswith("downloaded")


def test_a_run_that_nobody_computes_and_uploads_that_are_begun_are_told(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    run = write_run(tmp_path, 12, dim=4, clusters=2)
    workspace.runs.update(run, state="running")  # as it was when the disk was full
    files = tmp_path / "uploads" / ("a" * 32) / "files"
    files.mkdir(parents=True)
    (files / "a.csv").write_bytes(b"x" * 2**20)
    told = "\n".join(checkup(tmp_path))
    assert f"run {run} interrupted" in told
    assert "1 runs (1 interrupted)" in told
    assert "1 uploads are not finished, 1.0 MB" in told
    with alone(workspace.runs.lock(run), waiting=pytest.fail):  # a command computes it
        assert f"run {run} running" in "\n".join(checkup(tmp_path))
    with workspace.exclusive():
        assert f"run {run} running" in "\n".join(checkup(tmp_path))
    assert workspace.runs.record(run)["state"] == "running"
