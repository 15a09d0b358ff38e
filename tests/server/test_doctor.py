"""The check-up: what it says of weights that are not there."""

from pathlib import Path

import pytest

from explorer import encoders
from explorer.errors import MissingWeights
from explorer.server.doctor import checkup


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
