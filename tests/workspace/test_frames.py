"""Pictures of a map in the making: what is in them, how few they are, and that they are drawn when they should be."""

import numpy as np

from explorer.embedding.encoding import DONE, item_hashes
from explorer.embedding.vectors import VectorFile
from explorer.runs.sketch import Sketch
from explorer.workspace import frames
from explorer.workspace.frames import Frames, frames_after, shown_rows


def decoded(body):
    """Return each picture as (number, stage, n, xy with nan)."""
    found, at = [], 0
    while at < len(body):
        assert body[at : at + 4] == b"EEF1"
        number, stage, m, n = np.frombuffer(body, "<u4", 4, at + 4).tolist()
        sides = np.frombuffer(body, "<f4", 4, at + 20).reshape(2, 2)
        steps = np.frombuffer(body, "<u2", 2 * m, at + 36).reshape(2, m).T.astype(float)
        steps[steps == 65535] = np.nan
        found.append((number, stage, n, sides[:, 0] + steps / 65534 * (sides[:, 1] - sides[:, 0])))
        at += 36 + 4 * m
    return found


def test_the_shown_rows_are_all_of_few_and_evenly_spread_among_many(monkeypatch):
    assert shown_rows(5).tolist() == [0, 1, 2, 3, 4]
    monkeypatch.setattr(frames, "SHOWN_ROWS", 4)
    assert shown_rows(10).tolist() == [0, 2, 5, 7]
    assert shown_rows(0).tolist() == []


def test_pictures_come_back_in_order_and_only_those_asked_for(tmp_path):
    first, second = Frames(tmp_path, "embed", "a"), Frames(tmp_path, "project", "b")
    second.add(np.array([[0, 0], [4, 8]], np.float32), 2)
    first.add(np.array([[1, 2], [np.nan, np.nan]], np.float32), 2)
    first.add(np.array([[1, 2], [3, 6]], np.float32), 2)
    keys = {"embed": "a", "project": "b"}
    seen = decoded(frames_after(tmp_path, keys, -1))
    assert [picture[:3] for picture in seen] == [(0, 0, 2), (1, 0, 2), (1000, 1, 2)]
    np.testing.assert_allclose(seen[0][3], [[1, 2], [np.nan, np.nan]], atol=1e-4)
    np.testing.assert_allclose(seen[2][3], [[0, 0], [4, 8]], atol=1e-4)
    assert [picture[0] for picture in decoded(frames_after(tmp_path, keys, 0))] == [1, 1000]
    assert frames_after(tmp_path, keys, 1000) == b""


def test_a_result_that_begins_anew_loses_its_pictures_and_only_a_few_results_keep_theirs(tmp_path):
    Frames(tmp_path, "embed", "a").add(np.zeros((2, 2), np.float32), 2)
    Frames(tmp_path, "embed", "a")
    assert frames_after(tmp_path, {"embed": "a", "project": "none"}, -1) == b""
    for number in range(12):
        Frames(tmp_path, "project", str(number))
    assert len(list(tmp_path.iterdir())) == frames.KEPT_FOLDERS


def test_a_sketch_shows_the_principal_components_of_what_has_a_vector(tmp_path):
    items = [f"text {i}" for i in range(40)]
    file = VectorFile(tmp_path / "v", dim=3, hashes=item_hashes(items), fingerprint="x")
    home = tmp_path / "frames"
    sketch = Sketch(Frames(home, "embed", "k"), file)
    sketch.draw()
    assert frames_after(home, {"embed": "k", "project": "none"}, -1) == b""
    angles = np.linspace(0, 1, 40)
    file.vectors[:] = np.stack([np.cos(angles), np.sin(angles), np.zeros(40)], axis=1)
    file.state[10:30] = DONE
    sketch.draw()
    (picture,) = decoded(frames_after(home, {"embed": "k", "project": "none"}, -1))
    has_place = np.isfinite(picture[3]).all(axis=1)
    np.testing.assert_array_equal(has_place, file.state == DONE)
    along = picture[3][10:30, 0]
    assert (np.diff(along) > 0).all() or (np.diff(along) < 0).all()
    file.state[:] = DONE
    sketch.draw()  # too soon after the first
    assert len(decoded(frames_after(home, {"embed": "k", "project": "none"}, -1))) == 1
    sketch.draw(last=True)
    assert np.isfinite(decoded(frames_after(home, {"embed": "k", "project": "none"}, 0))[0][3]).all()
