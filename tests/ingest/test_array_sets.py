"""Several arrays of NumPy in one file: which are vectors, of whom, what else they hold, and what cannot be used."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.errors import BadChoice, UnreadableFile
from explorer.ingest import load, preview
from explorer.types import Choice, Dataset

N, WIDTH = 6, 4
TABLE = [f"{at},bus late {at}" for at in range(N)]
BESIDE = {
    "float": np.array([0.5, np.nan, 1.5, np.inf, 2.5, -0.0]),
    "float32": np.array([0.5, np.nan, 1.5, 2, 2.5, 3], np.float32),
    "day": np.array(["2024-01-01", "NaT", "2024-01-03", "2024-01-04", "2024-01-05", "2024-01-06"], "M8[D]"),
    "words": np.array(["a", "", "none", "d", "e", "f"]),
}


def made(seed: int) -> np.ndarray:
    return np.round(np.random.default_rng(seed).normal(size=(N, WIDTH)), 3).astype(np.float32)


def vectors_of(found: Dataset) -> np.ndarray:
    assert found.given is not None
    return np.asarray(found.given.array)


def choice_of(found: Dataset) -> Choice:
    (choice,) = [one for one in found.choices if one.name == "vectors"]
    return choice


def beside_table(folder: Path, **arrays: np.ndarray) -> list[Path]:
    (folder / "t.csv").write_text("id,text\n" + "\n".join(TABLE) + "\n", encoding="utf-8")
    np.savez(folder / "e.npz", **arrays)
    return [folder / "t.csv", folder / "e.npz"]


@pytest.mark.parametrize("seed", range(6))
def test_arrays_beside_a_table_of_as_many_rows_are_its_vectors_and_columns(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    beside = {f"more_{name}": BESIDE[name] for name in dice.sample(sorted(BESIDE), seed % 3)}
    ids = {"ids": np.arange(N)} if seed % 2 else {}
    arrays = list({"emb": made(seed), **beside, **ids}.items())
    paths = beside_table(tmp_path, **dict(dice.sample(arrays, len(arrays))))
    sure = bool(ids) or "more_words" not in beside
    dice.shuffle(paths)
    found = load(paths)
    assert list(found.items) == [f"bus late {at}" for at in range(N)]
    np.testing.assert_array_equal(vectors_of(found), made(seed))
    assert (choice_of(found).value, choice_of(found).sure) == ("emb" if beside or ids else "e", sure)
    assert set(found.table.columns) == {"id", *beside, *ids}
    assert load(paths, choices={"vectors": "no"}).given is None
    shown = preview(paths, choices={})
    assert (shown.text_column, set(shown.columns)) == ("text", {"id", "text"}) or beside.keys() & {"more_words"}


@pytest.mark.parametrize("seed", range(4))
def test_vectors_follow_the_column_that_names_the_rows_in_both(tmp_path: Path, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(N)
    found = load(beside_table(tmp_path, emb=made(seed)[order], key=order, label=np.array([f"l{at}" for at in order])))
    np.testing.assert_array_equal(vectors_of(found), made(seed))
    assert found.table["label"].tolist() == [f"l{at}" for at in range(N)]
    assert choice_of(found).sure


@pytest.mark.parametrize(
    "more",
    [
        {"text": np.array(list("abcdef"))},
        {"id": np.arange(10, 16)},
        {"id": np.array([5, 5, 3, 2, 1, 0])},
        {"b": made(9)},
    ],
)
def test_where_arrays_beside_a_table_say_something_else_it_is_asked(
    tmp_path: Path, more: dict[str, np.ndarray]
) -> None:
    found = load(beside_table(tmp_path, emb=made(1), **more))
    assert list(found.items) == [f"bus late {at}" for at in range(N)]
    assert not choice_of(found).sure
    if "b" in more:
        assert [value for value, _ in choice_of(found).options] == ["no", "emb", "b"]
        assert found.table["b"].notna().all()
        other = load([tmp_path / "t.csv", tmp_path / "e.npz"], choices={"vectors": "b"})
        np.testing.assert_array_equal(vectors_of(other), made(9))


@pytest.mark.parametrize("seed", range(6))
def test_every_row_with_a_vector_is_an_item_whatever_else_it_lacks(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    names = dice.sample([name for name in BESIDE if name != "words"], 1 + seed % 3)
    np.savez(tmp_path / "a.npz", emb=made(seed), **{name: BESIDE[name] for name in names})
    found = load(tmp_path / "a.npz")
    np.testing.assert_array_equal(vectors_of(found), made(seed))
    assert list(found.items) == [str(at + 1) for at in range(N)]
    assert found.rejected == ()
    for name in names:
        gaps = np.isnat(BESIDE[name]) if name == "day" else np.isnan(BESIDE[name])
        assert found.table[name].isna().tolist() == gaps.tolist()


@pytest.mark.parametrize("beside", [{}, {"label": np.arange(10, 16)}])
def test_of_two_arrays_of_vectors_it_is_asked_which_and_the_other_is_kept(
    tmp_path: Path, beside: dict[str, np.ndarray]
) -> None:
    np.savez(tmp_path / "a.npz", a=made(1), **beside, b=made(2)[:, :3])
    found = load(tmp_path / "a.npz")
    assert list(found.items) == ([str(at + 10) for at in range(N)] if beside else [str(at + 1) for at in range(N)])
    assert (choice_of(found).value, choice_of(found).sure) == ("a", False)
    assert found.table["b"].notna().all()
    other = load(tmp_path / "a.npz", choices={"vectors": "b"})
    np.testing.assert_array_equal(vectors_of(other), made(2)[:, :3])
    assert list(other.items) == list(found.items)


def test_what_is_too_large_or_of_three_dimensions_is_said_to_be_that(tmp_path: Path) -> None:
    numbers = made(3).astype(np.float64)
    numbers[2], numbers[4, 0] = numbers[2] * 1e300, np.nan
    np.savez(tmp_path / "large.npz", emb=numbers)
    np.savez(tmp_path / "deep.npz", emb=np.zeros((N, 2, 3)), n=np.arange(N))
    told = {one.row: one.reason for one in load(tmp_path / "large.npz").rejected}
    assert told.keys() == {2, 4}
    assert "too large for float32" in told[2]
    assert "too large" not in told[4]
    with pytest.raises(UnreadableFile, match=r"“emb”.* 6 × 2 × 3 of float64.*reshape.*“n” has 6 values"):
        load(tmp_path / "deep.npz")


@pytest.mark.parametrize("look", [load, preview])
def test_vectors_that_no_array_of_a_file_is_called_are_refused_by_the_names_that_there_are(
    tmp_path: Path, look: Callable[..., Any]
) -> None:
    for more in ({}, {"n": np.array(N)}, {"short": np.array(["a"])}):
        np.savez(tmp_path / "one.npz", emb=made(0), **more)
        with pytest.raises(BadChoice, match=r"vectors “xyz”\. Possible are emb"):
            look(tmp_path / "one.npz", choices={"vectors": "xyz"})
        assert "row" in look(tmp_path / "one.npz", choices={"vectors": "emb"}).columns
    np.save(tmp_path / "one.npy", made(0))
    with pytest.raises(BadChoice, match="Possible are vectors"):
        look(tmp_path / "one.npy", choices={"vectors": "emb"})
    np.savez(tmp_path / "e.npz", emb=made(0), names=np.array([*"abcdef"]))
    with pytest.raises(BadChoice, match="Possible are no, emb"):
        look(tmp_path / "e.npz", choices={"vectors": "xyz"})
