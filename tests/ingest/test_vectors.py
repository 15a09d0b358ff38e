"""Files of vectors beside what they stand for: they are joined to it by their rows, and bad ones are refused."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from explorer.errors import BadChoice, NothingUsable, UnreadableFile
from explorer.ingest import load, preview
from explorer.server.rereading import files_apart
from explorer.types import Dataset
from explorer.workspace import Workspace
from tests.ingest.test_beside import folder
from tests.ingest.test_pictures import encoded, refs, zipped

VECTORS = np.random.default_rng(0).normal(size=(40, 16))
TSV = "\n".join("\t".join(f"{value:.6g}" for value in row) for row in VECTORS).encode() + b"\n"
WORDS = "\n".join(["word\tcount", *(f"a few words about thing {row}\t{row}" for row in range(40))]).encode()


def given(dataset: Dataset) -> np.ndarray:
    assert dataset.given is not None
    return np.asarray(dataset.given.array)


def test_of_a_projector_pair_the_vectors_are_those_of_the_texts(tmp_path: Path) -> None:
    dataset = load(folder(tmp_path, {"vectors.tsv": TSV, "metadata.tsv": WORDS}))
    assert (len(dataset), dataset.text_column, list(dataset.rejected)) == (40, "word", [])
    assert np.allclose(given(dataset), VECTORS, atol=1e-4)
    with pytest.raises(NothingUsable, match="holds nothing but vectors"):
        load(tmp_path / "vectors.tsv")


def test_an_array_of_numpy_is_of_the_table_with_as_many_rows(tmp_path: Path) -> None:
    np.save(tmp_path / "emb.npy", VECTORS)
    (tmp_path / "a.tsv").write_bytes(WORDS)
    dataset = load(tmp_path)
    assert np.allclose(given(dataset), VECTORS, atol=1e-6)
    assert "emb" not in dataset.table.columns
    (told,) = [choice for choice in dataset.choices if choice.name == "vectors"]
    assert (told.value, told.why) == ("emb", "it has as many rows as a.tsv")
    assert load(tmp_path, choices={"vectors": "emb"}).key == dataset.key
    plain = load(tmp_path, choices={"vectors": "no"})
    assert plain.given is None
    assert [fault.reason for fault in plain.rejected] == ["its vectors are not used: they were chosen to be others"]
    with pytest.raises(BadChoice, match="Possible are no, emb"):
        load(tmp_path, choices={"vectors": "count"})
    assert preview(tmp_path).columns == ("word", "count")
    zipped(tmp_path / "packed.zip", {"a.tsv": WORDS, "emb.npy": (tmp_path / "emb.npy").read_bytes()})
    assert np.array_equal(given(load(tmp_path / "packed.zip")), given(dataset))


def test_rows_that_cannot_be_read_keep_the_others_at_their_vectors(tmp_path: Path) -> None:
    np.save(tmp_path / "emb.npy", VECTORS)
    lines = WORDS.splitlines()
    lines[11] = b"one\ttoo\tmany\tcells"
    lines[21] = b"\t20"
    (tmp_path / "a.tsv").write_bytes(b"\n".join(lines))
    dataset = load(tmp_path)
    assert len(dataset) == 38
    assert np.allclose(given(dataset), np.delete(VECTORS, [10, 20], axis=0), atol=1e-6)


def test_an_array_alone_is_mapped_by_its_rows_numbers_and_one_of_nobody_is_named(tmp_path: Path) -> None:
    np.save(tmp_path / "emb.npy", VECTORS.astype(np.float16))
    dataset = load(tmp_path / "emb.npy")
    assert (list(dataset.items)[:2], given(dataset).shape) == (["1", "2"], (40, 16))
    (tmp_path / "a.csv").write_text("text\nonly one text is here\n")
    other = load(tmp_path)
    assert list(other.items) == ["only one text is here"]
    assert [fault.source for fault in other.rejected] == ["emb.npy"]


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.zeros((2, 3, 4)), "2 × 3 × 4 of float64"),
        (np.array(["a", "b"]), "no table of numbers"),
        (np.ones((2, 70_000)), "the limit is 65,536 each"),
    ],
)
def test_an_array_that_is_no_table_of_numbers_is_refused(tmp_path: Path, array: np.ndarray, said: str) -> None:
    np.save(tmp_path / "a.npy", array)
    with pytest.raises(UnreadableFile, match=said):
        load(tmp_path / "a.npy")


def test_an_array_that_is_kept_column_by_column_is_the_same(tmp_path: Path) -> None:
    for name, array in (("rows", VECTORS), ("columns", np.asfortranarray(VECTORS))):
        home = tmp_path / name
        home.mkdir()
        np.save(home / "emb.npy", array)
        (home / "a.tsv").write_bytes(WORDS)
    assert np.array_equal(given(load(tmp_path / "rows")), given(load(tmp_path / "columns")))
    assert len(preview(tmp_path / "columns" / "emb.npy", limit=3).rows) == 3


def test_vectors_of_which_nobody_knows_whose_they_are_are_not_used_and_that_is_said(tmp_path: Path) -> None:
    np.save(tmp_path / "emb.npy", VECTORS[:-1])
    (tmp_path / "a.tsv").write_bytes(WORDS)
    found = load(tmp_path)
    (said,) = found.rejected
    assert (len(found), said.source) == (40, "emb.npy")
    assert said.reason.startswith("it has 39 vectors, and a.tsv has 40 rows: nothing says which vector is of which row")
    assert not [choice for choice in found.choices if choice.name == "vectors"]
    np.save(tmp_path / "emb.npy", VECTORS)
    np.save(tmp_path / "more.npy", VECTORS)
    reasons = [fault.reason for fault in load(tmp_path).rejected]
    assert [reason.startswith("several files of vectors come together") for reason in reasons] == [True, True]


def test_hostile_arrays_are_refused_in_a_sentence(tmp_path: Path) -> None:
    objects, whole = io.BytesIO(), io.BytesIO()
    np.save(objects, np.array([{"a": 1}], object), allow_pickle=True)
    np.save(whole, np.ones((4, 5)))
    bombs = (
        objects.getvalue(),
        whole.getvalue()[:-8],
        whole.getvalue()[:40],
        whole.getvalue().replace(b"(4, 5), }   ", b"(9999999, 5)}"[:12].ljust(12)),
        b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 70_000,
        b"",
    )
    for bomb in bombs:
        (tmp_path / "a.npy").write_bytes(bomb)
        with pytest.raises((UnreadableFile, NothingUsable)):
            load(tmp_path / "a.npy")


def test_what_may_run_code_is_named_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(encoded())
    (tmp_path / "b.pkl").write_bytes(b"x")
    np.save(tmp_path / "emb.npy", VECTORS)
    dataset = load(tmp_path)
    assert len(refs(dataset)) == 1
    told = {fault.source: fault.reason for fault in dataset.rejected}
    assert "may run code" in told["b.pkl"]
    assert "it has 40 vectors, and there is 1 picture" in told["emb.npy"]


def test_a_table_of_few_numbers_is_no_file_of_vectors(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n" + "\n".join(f"{row}.5,{row}" for row in range(30)))
    with pytest.raises(NothingUsable, match=r"no column of a\.csv reads like text"):
        load(tmp_path / "a.csv")


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300, 0, 1e-320])
def test_vectors_of_which_none_is_one_are_a_rejected_file_beside_a_good_table(tmp_path: Path, value: float) -> None:
    np.save(tmp_path / "emb.npy", np.full((40, 5), value))
    dataset = load([tmp_path / "emb.npy", *folder(tmp_path / "t", {"a.tsv": WORDS}).iterdir()])
    assert (len(dataset), dataset.text_column, dataset.given) == (40, "word", None)
    assert [(one.source, one.reason[:30]) for one in dataset.rejected] == [
        ("emb.npy", "none of its vectors can be use")
    ]


@pytest.mark.parametrize("others", [["a.tsv"], ["a.tsv", "b.tsv"], []])
def test_beside_pictures_a_file_of_vectors_is_listed_and_all_else_is_read(tmp_path: Path, others: list[str]) -> None:
    np.save(tmp_path / "emb.npy", VECTORS)
    (tmp_path / "p.png").write_bytes(encoded())
    for name in others:
        (tmp_path / name).write_bytes(WORDS)
    paths = [tmp_path / name for name in ("p.png", "emb.npy", *others)]
    for dataset in (load(paths), load(list(reversed(paths)))):
        assert [fault.source for fault in dataset.rejected] == ["emb.npy"]
        assert "it has 40 vectors, and there is 1 picture: nothing says" in dataset.rejected[0].reason
        assert (len(dataset), dataset.given) == (1 + 40 * len(others), None)


@pytest.mark.parametrize("way", ["folder", "zip", "files"])
def test_a_column_of_vectors_beside_pictures_is_asked_about_and_taken_where_that_is_said(
    tmp_path: Path, way: str
) -> None:
    numbers = [" ".join(f"{value:.4f}" for value in row[:4]) for row in VECTORS]
    lines = ["file,says,emb", *(f"p{at}.png,a thing of number {at},[{numbers[at]}]" for at in range(6))]
    files = {f"p{at}.png": encoded() for at in range(6)} | {"told.csv": "\n".join(lines).encode()}
    where = folder(tmp_path / "set", files)
    given = (
        zipped(tmp_path / "set.zip", files) if way == "zip" else sorted(where.iterdir()) if way == "files" else where
    )
    dataset = load(given)
    assert (len(dataset), dataset.given) == (6, None)
    (note,) = [one for one in dataset.rejected if "the vectors of its column emb are not taken, though" in one.reason]
    assert note.source.endswith("told.csv")
    assert note.what == "note on a file"
    assert note.reason.endswith("--read vectors=emb)")
    assert numbers[2] in str(dataset.table["emb"][2])  # it is kept as it was written
    for asked in ({}, {"vectors": "emb"}):
        shown, told = (
            [one for one in found.choices if one.name == "vectors"]
            for found in (preview(given, choices=asked), load(given, choices=asked))
        )
        assert (shown, len(shown)) == (told, 1)
    taken = load(given, choices={"vectors": "emb"})
    assert taken.given is not None
    np.testing.assert_allclose(np.asarray(taken.given.array), VECTORS[:6, :4], atol=1e-3)


def test_a_table_with_its_vectors_beside_it_is_no_rows_below_rows(tmp_path: Path) -> None:
    np.save(tmp_path / "emb.npy", VECTORS)
    (tmp_path / "tickets.tsv").write_bytes(WORDS)
    (tmp_path / "more.tsv").write_bytes(WORDS)
    workspace = Workspace(tmp_path / "workspace")

    def apart(*names: str) -> tuple[str, list[Path]]:
        dataset = load([tmp_path / name for name in names])
        key = workspace.datasets.keep(dataset, origin=[str(tmp_path / name) for name in names])
        return dataset.name, files_apart(workspace, key)

    assert apart("emb.npy", "tickets.tsv") == ("tickets.tsv", [])
    assert apart("tickets.tsv", "emb.npy") == ("tickets.tsv", [])
    name, files = apart("tickets.tsv", "more.tsv")
    assert (name, len(files)) == ("tickets.tsv and 1 more", 2)
