"""On a map of pictures and texts one asks for the nearest of either kind; kinds are told by a column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer.errors import BadSetting
from explorer.ingest import load
from explorer.questions import answers, neighbors_of, of_kind, search, surroundings_of
from explorer.runs import run
from explorer.types import Run
from explorer.workspace import Workspace
from tests import tiny_clip
from tests.runs.test_named_makers import texts


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Drawings and their captions, by a CLIP that knows them."""
    folder = tmp_path_factory.mktemp("mixed")
    lines = ["file,words"]
    for at, pair in enumerate(tiny_clip.PAIRS):
        tiny_clip.draw(*pair, seed=at).resize((64, 64)).save(folder / f"{at}.png")
        lines.append(f"{at}.png,{tiny_clip.caption(*pair)}")
    (folder / "t.csv").write_text("\n".join(lines))
    clip = tiny_clip.unpack(tmp_path_factory.mktemp("clip"))
    home = Workspace(tmp_path_factory.mktemp("home"))
    return run(load(folder, choices={"items": "both"}), workspace=home, encoder=f"clip:local-dir:{clip}")


def test_a_caption_finds_its_drawing_and_a_drawing_its_caption(mixed: Run) -> None:
    n = len(tiny_clip.PAIRS)
    kinds = mixed.dataset.table["kind"].tolist()
    assert kinds == ["picture"] * n + ["text"] * n
    found = [int(neighbors_of(mixed, row, k=1, kind="image").rows[0, 0]) for row in range(n, 2 * n)]
    assert np.mean(np.array(found) == np.arange(n)) > 0.9
    back = [int(neighbors_of(mixed, row, k=1, kind="text").rows[0, 0]) for row in range(n)]
    assert np.mean(np.array(back) == np.arange(n, 2 * n)) > 0.9


def test_every_hit_is_of_the_kind_that_is_asked_for_and_scores_stay(mixed: Run) -> None:
    everything = search(mixed, "a red circle", k=96)
    scores = dict(zip(everything.rows[0].tolist(), everything.scores[0].tolist(), strict=True))
    for kind, low in (("image", 0), ("picture", 0), ("text", 48)):
        for found in (search(mixed, "a red circle", k=10, kind=kind), search(mixed, "= a red circle", k=10, kind=kind)):
            rows = found.rows[0]
            assert ((rows >= low) & (rows < low + 48)).all()
            assert found.scores[0].tolist() == pytest.approx([scores[row] for row in rows.tolist()], abs=1e-5)
    around = surroundings_of(of_kind(mixed, "text", row=3), 3, k=5)
    assert (around.hits.rows >= 48).all()
    assert (around.only_on_map.rows >= 48).all()
    with pytest.raises(BadSetting, match=r"no 'sound' on this map; its kinds of item are image, text"):
        search(mixed, "a red circle", kind="sound")


def test_answers_tell_which_kinds_are_not_among_them(mixed: Run) -> None:
    assert answers.item(mixed, 3)["other_kinds"] == ["text"]
    words = answers.hits(mixed, "q", search(mixed, "a red circle", kind="text"))
    assert words["other_kinds"] == ["image"]
    both = answers.hits(mixed, "q", search(mixed, "a red circle", k=96))
    missed = {"image", "text"} - {hit["kind"] for hit in both["hits"][:10]}
    assert set(both.get("other_kinds", ())) == missed


@pytest.mark.parametrize("asked", ["text", "image", ""])
def test_hits_of_another_kind_than_what_was_searched_with_say_so(mixed: Run, asked: str) -> None:
    found = answers.hits(mixed, "q", search(mixed, "a red circle", k=96), asked=asked)["hits"]
    assert {hit["kind"] for hit in found} == {"image", "text"}
    assert all(hit.get("across", False) == (bool(asked) and hit["kind"] != asked) for hit in found)


def test_maps_of_one_kind_have_no_such_column_and_no_others(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,kind\n" + "\n".join(f"{text},mine" for text in texts(0, 12)))
    assert set(load(tmp_path / "a.csv").table["kind"]) == {"mine"}


def test_the_kind_of_items_names_no_cluster(mixed: Run) -> None:
    assert mixed.summaries
    assert not [one.name for one in mixed.summaries if one.name.split(":")[0].split()[0] in ("picture", "text")]
