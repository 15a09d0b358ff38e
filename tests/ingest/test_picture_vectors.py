"""A file of vectors beside pictures: it is asked about, the order is told, and each vector is its own picture's."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import numpy as np
import pytest

from explorer.errors import BadChoice, NothingUsable, UnreadableFile
from explorer.ingest import load, preview
from explorer.kinds import each
from explorer.types import Choice, Dataset
from tests import sounds
from tests.ingest.test_beside import folder
from tests.ingest.test_pictures import encoded, zipped


def saved(path: Path, numbers: list[int]) -> Path:
    """Write an array whose rows tell their number by their direction."""
    np.save(path, np.array([[np.cos(one / 9), np.sin(one / 9), 1] for one in numbers], np.float32))
    return path


def numbers_of(dataset: Dataset) -> list[int]:
    assert dataset.given is not None
    array = np.asarray(dataset.given.array)
    return [round(float(9 * np.arctan2(y, x))) for x, y, _ in array]


def asked(choices: tuple[Choice, ...]) -> Choice:
    (choice,) = [one for one in choices if one.name == "vectors"]
    return choice


def pictures(names: list[str]) -> dict[str, bytes]:
    return {name: encoded(color=(at, 9, 9)) for at, name in enumerate(names)}


def test_vectors_beside_pictures_are_asked_about_and_the_order_is_told(tmp_path: Path) -> None:
    place = folder(tmp_path / "set", pictures(["a.png", "b.png", "c.png"]))
    saved(place / "embeddings.npy", [0, 1, 2])
    plain = load(place)
    choice = asked(plain.choices)
    assert (plain.given, choice.value, choice.sure) == (None, "no", False)
    told = "in the order of the pictures' names: row 1 for a.png … row 3 for c.png"
    assert dict(choice.options)["names"] == f"of the file embeddings.npy, {told}"
    assert choice.why == f"embeddings.npy holds vectors, which can be taken: {told}"
    (note,) = plain.rejected
    assert (note.source, note.what) == ("embeddings.npy", "note on a file")
    assert "--read vectors=names" in note.reason
    taken = load(place, choices={"vectors": "names"})
    assert numbers_of(taken) == [0, 1, 2]
    assert (asked(taken.choices).sure, taken.rejected, taken.key != plain.key) == (True, (), True)
    assert not load(place, choices={"vectors": "no"}).rejected
    for wanted in ({}, {"vectors": "names"}, {"vectors": "no"}):
        assert preview(place, choices=wanted).choices == load(place, choices=wanted).choices
    with pytest.raises(BadChoice, match="Possible are no, names"):
        load(place, choices={"vectors": "rows"})


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("way", ["folder", "zip", "files"])
def test_every_vector_is_its_own_pictures_whatever_their_names_and_with_broken_ones_amid(
    tmp_path: Path, seed: int, way: str
) -> None:
    chance = random.Random(seed)
    within = ["", "x/", "x y/", "z/1/"] if way != "files" else [""]
    names = list({f"{chance.choice(within)}{chance.choice('aBé_')}{chance.randrange(200)}.png" for _ in range(14)})
    chance.shuffle(names)
    files = pictures(names)
    broken, blank = chance.sample(names, 2)
    files[broken] = b"\x89PNG\r\n\x1a\nno picture"
    place = folder(tmp_path / "set", files)
    paths = [place / name for name in names]
    source: Path | list[Path] = place
    if way == "files":
        source = [*paths, tmp_path / "v.npy"]
    for order, value in ((sorted(names), "names"), (chance.sample(names, len(names)), "rows")):
        row = {name: at for at, name in enumerate(order)}
        array = np.array([[np.cos(at / 9), np.sin(at / 9), 1] for at in range(len(order))], np.float32)
        array[row[blank]] = 0
        np.save(place / "v.npy" if way != "files" else tmp_path / "v.npy", array)
        if value == "rows":
            table = "\n".join(["file,says", *(f"{name},word {at}" for at, name in enumerate(order))]).encode()
            (place / "told.csv").write_bytes(table)
            source = [*source, place / "told.csv"] if isinstance(source, list) else source
        if way == "zip":
            content = {one.relative_to(place).as_posix(): one.read_bytes() for one in place.rglob("*") if one.is_file()}
            source = zipped(tmp_path / f"{value}.zip", content)
        found = load(source, choices={"vectors": value})
        known = each(found.items, lambda kind: kind.label)
        assert sorted(known) == sorted(set(names) - {broken, blank})
        assert numbers_of(found) == [row[name] for name in known]
        lost = {one.source: one.reason for one in found.rejected}
        assert lost[blank] == "its vector is all zeros, and so points nowhere"
        assert broken in lost
        if value == "rows":
            assert found.table["says"].tolist() == [f"word {row[name]}" for name in known]


def test_where_numbers_in_names_sort_otherwise_both_orders_are_offered_and_told_apart(tmp_path: Path) -> None:
    place = folder(tmp_path / "set", pictures([f"{at}.png" for at in range(1, 13)]))
    saved(place / "emb.npy", list(range(12)))
    options = dict(asked(load(place).choices).options)
    assert list(options) == ["no", "names", "numbers"]
    assert options["names"].endswith("names: row 1 for 1.png, row 2 for 10.png … row 12 for 9.png")
    assert options["numbers"].endswith("by their size: row 1 for 1.png, row 2 for 2.png … row 12 for 12.png")
    for value, key in (("names", str), ("numbers", lambda name: int(name[:-4]))):
        found = load(place, choices={"vectors": value})
        known = each(found.items, lambda kind: kind.label)
        assert [known[at] for at in np.argsort(numbers_of(found))] == sorted(known, key=key)


def test_a_table_says_whose_the_rows_are_also_of_pictures_that_are_not_here(tmp_path: Path) -> None:
    place = folder(tmp_path / "set", pictures(["a.png", "b.png", "c.png"]))
    (place / "told.csv").write_text("file,says\nc.png,one\ngone.png,two\na.png,three\n")
    saved(place / "emb.npy", [5, 6, 7])
    told = dict(asked(load(place).choices).options)
    assert told["rows"].endswith("in the order of the rows of told.csv: row 1 for c.png … row 3 for a.png")
    found = load(place, choices={"vectors": "rows"})
    assert dict(zip(each(found.items, lambda kind: kind.label), numbers_of(found), strict=True)) == {
        "a.png": 7,
        "c.png": 5,
    }
    assert {one.source: one.reason for one in found.rejected}["b.png"] == "it has no vector"
    (place / "told.csv").write_text("file,says\nc.png,one\nc.png,two\na.png,three\n")  # one picture twice: of which?
    assert "rows" not in dict(asked(load(place).choices).options)


def test_counts_that_do_not_fit_are_told_and_so_are_two_that_do(tmp_path: Path) -> None:
    files = pictures(["a.png", "b.png", "c.png"]) | {"d.png": b"\x89PNG\r\n\x1a\nno"}
    place = folder(tmp_path / "set", files)
    saved(place / "emb.npy", [0, 1, 2])
    found = load(place)
    said = {one.source: one.reason for one in found.rejected}["emb.npy"]
    assert said.startswith("it has 3 vectors, and there are 4 pictures, 1 of which cannot be read: nothing says which")
    assert not [one for one in found.choices if one.name == "vectors"]
    saved(place / "full.npy", [0, 1, 2, 3])
    assert numbers_of(load(place, choices={"vectors": "names"})) == [0, 1, 2]
    saved(place / "more.npy", [0, 1, 2, 3])
    reasons = [one.reason for one in load(place).rejected if one.source in ("full.npy", "more.npy")]
    assert [one.startswith("2 files of vectors have as many rows as there are pictures") for one in reasons] == [
        True
    ] * 2


def test_the_rows_of_an_array_are_no_names_of_pictures_that_are_called_by_numbers(tmp_path: Path) -> None:
    place = folder(tmp_path / "set", pictures([f"{at}.png" for at in range(1, 6)]))
    saved(place / "emb.npy", list(range(5)))
    assert not {"row", "vectors"} & set(load(place).table.columns)


def test_with_vectors_of_pictures_texts_have_none_and_that_is_said(tmp_path: Path) -> None:
    files = pictures(["a.png", "b.png"]) | {f"{name}.txt": b"a caption of several words" for name in "ab"}
    place = folder(tmp_path / "set", files)
    saved(place / "emb.npy", [3, 4])
    assert numbers_of(load(place, choices={"vectors": "names"})) == [3, 4]
    with pytest.raises(BadChoice, match="are those of its pictures: their texts have none"):
        load(place, choices={"vectors": "names", "items": "both"})
    (tmp_path / "other.csv").write_text("text\nsome words of a row\nother words of a row\n")
    found = load([place, tmp_path / "other.csv"], choices={"vectors": "names"})
    assert numbers_of(found) == [3, 4]
    assert [one.source for one in found.rejected] == ["other.csv"]


def test_a_table_with_a_column_of_vectors_of_its_own_does_not_stand_in_the_way(tmp_path: Path) -> None:
    place = folder(tmp_path / "set", pictures(["a.png", "b.png", "c.png"]))
    (place / "told.csv").write_text("file,emb\n" + "\n".join(f'{one}.png,"[1, 2, 3.5]"' for one in "bca"))
    saved(place / "emb.npy", [5, 6, 7])
    for wanted in ({}, {"vectors": "rows"}):
        assert asked(preview(place, choices=wanted).choices) == asked(load(place, choices=wanted).choices)
    assert numbers_of(load(place, choices={"vectors": "rows"})) == [7, 5, 6]


def test_vectors_beside_sounds_are_theirs(tmp_path: Path) -> None:
    tones = {f"{name}.wav": sounds.encoded(np.sin(np.arange(800) / (at + 3))) for at, name in enumerate("ab")}
    place = folder(tmp_path / "set", tones)
    saved(place / "emb.npy", [3, 4])
    assert "in the order of the sounds' names: row 1 for a.wav … row 2 for b.wav" in asked(load(place).choices).why
    assert numbers_of(load(place, choices={"vectors": "names"})) == [3, 4]


def array_of(numbers: list[int]) -> np.ndarray:
    return np.array([[np.cos(one / 9), np.sin(one / 9), 1] for one in numbers], np.float32)


@pytest.mark.parametrize("seed", range(12))
def test_arrays_of_one_file_and_columns_of_tables_are_their_own_pictures_however_they_are_named(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    names = sorted(f"{chance.choice('aBé_')}{at}.png" for at in range(9))
    order = names if (named := seed % 2 == 0) is False else chance.sample(names, len(names))
    place = folder(tmp_path / "set", pictures(names))
    vectors = array_of([names.index(one) for one in order])
    beside = {"name": np.array(order)} if named else {}
    if seed % 3 == 0:
        np.savez(place / "emb.npz", emb=vectors, **beside)
    else:
        lists = [json.dumps([float(one) for one in row]) for row in vectors]
        rows = [[*([name] if named else []), "word", one] for name, one in zip(order, lists, strict=True)]
        with (place / "emb.csv").open("w", newline="") as file:
            csv.writer(file).writerows([[*(["file"] if named else []), "says", "emb"], *rows])
    plain = load(place)
    choice = asked(plain.choices)
    assert (plain.given, choice.value, choice.sure, len(choice.options)) == (None, "no", False, 2)
    (note,) = [one for one in plain.rejected if one.what == "note on a file"]
    value = choice.options[1][0]
    assert f"--read vectors={value})" in note.reason
    taken = load(place, choices={"vectors": value})
    labels = each(taken.items, lambda kind: kind.label)
    assert dict(zip(labels, numbers_of(taken), strict=True)) == {name: at for at, name in enumerate(names)}
    for wanted in ({}, {"vectors": value}):
        assert asked(preview(place, choices=wanted).choices) == asked(load(place, choices=wanted).choices)


def test_of_several_columns_of_vectors_one_is_taken_and_rows_without_a_good_one_say_why(tmp_path: Path) -> None:
    place = folder(tmp_path / "set", pictures(["a.png", "b.png", "c.png"]))
    (place / "t.csv").write_text('file,one,two\nc.png,"[1, 2, 3]","[4, 5]"\na.png,"[0, 0, 0]","[6, 7]"\n')
    np.savez(place / "more.npz", v=array_of([5, 6, 7]), few=np.ones(2), odd=np.array([{}, {}, {}], object))
    options = [value for value, _ in asked(load(place).choices).options]
    assert options == ["no", "names", "one"]
    found = load(place, choices={"vectors": "one"})
    assert (each(found.items, lambda kind: kind.label), np.asarray(found.given.array).tolist()) == (
        ["c.png"],
        [[1, 2, 3]],
    )
    told = {one.source: one.reason for one in found.rejected if one.source.endswith(".png")}
    assert told == {"a.png": "its vector is all zeros, and so points nowhere", "b.png": "it has no vector"}
    said = [one.reason for one in found.rejected if one.source == "more.npz"]
    assert "its array “few” is left out: it has 2 values, and “v” has 3 rows" in said
    assert any(one.startswith("its array “odd” is left out") for one in said)


@pytest.mark.parametrize("content", [b"PK\x03\x04no", b"", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_file_of_arrays_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises((UnreadableFile, NothingUsable), match=r"a\.npz"):
        load(tmp_path / "a.npz")


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("taken", [False, True])
def test_a_column_of_vectors_beside_pictures_stays_as_it_is_written(tmp_path: Path, seed: int, taken: bool) -> None:
    chance = random.Random(seed)
    names = [f"p{at}.png" for at in range(6)]
    ways = [lambda one: f"{one:.3f}", lambda one: f"{one:.2e}", lambda one: f"{one:.16f}", lambda one: f"{one:.1f}0"]
    cells = ["[" + ", ".join(chance.choice(ways)(chance.uniform(-3, 3)) for _ in range(4)) + "]" for _ in names]
    files = pictures(names) | {
        "t.csv": (
            "file,emb\n" + "".join(f'{name},"{cell}"\n' for name, cell in zip(names, cells, strict=True))
        ).encode()
    }
    found = load(folder(tmp_path / "set", files), choices={"vectors": "emb"} if taken else {})
    assert found.table["emb"].tolist() == cells
    assert (found.given is not None) == taken
