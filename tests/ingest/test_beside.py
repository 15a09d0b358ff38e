"""What lies beside pictures: tables that name them, texts that bear their names; what joins, what is rejected."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from explorer.ingest import load, preview
from explorer.ingest.beside import Paths
from explorer.types import Dataset
from tests.ingest.test_pictures import encoded, refs, zipped

RED, BLUE = encoded(color="red"), encoded(color="blue")
CSV = b'file_name,code,caption\na.png,007,"a red, flat thing"\nb.png,1.10,NA\n'


def folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def told(dataset: Dataset) -> list[tuple[str, int | None, str]]:
    return [(fault.source, fault.row, fault.reason) for fault in dataset.rejected]


def columns(dataset: Dataset) -> dict[str, Any]:
    table = dataset.table.drop(columns=["width", "height"])
    return {name: [None if pd.isna(v) else v for v in values] for name, values in table.items()}


JOINED = {"file_name": ["a.png", "b.png"], "code": ["007", "1.10"], "caption": ["a red, flat thing", "NA"]}


def test_a_table_among_pictures_joins_its_columns_by_the_path(tmp_path: Path) -> None:
    files = {"a.png": RED, "b.png": BLUE, "metadata.csv": CSV}
    for given in (folder(tmp_path / "photos", files), zipped(tmp_path / "photos.zip", files)):
        dataset = load(given)
        assert [ref.name for ref in refs(dataset)] == ["a.png", "b.png"]
        assert columns(dataset) == JOINED
        assert told(dataset) == []
        assert dataset.columns == ("width", "height", "file_name", "code", "caption")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_match_whether_accents_are_part_of_their_letters_or_not(tmp_path: Path, form: str) -> None:
    other = {"NFC": "NFD", "NFD": "NFC"}[form]
    name, said = unicodedata.normalize(form, "über.png"), unicodedata.normalize(other, "über.png")
    table = f"file_name,caption\n{said},above\nb.png,below\n".encode()
    dataset = load(folder(tmp_path / "one", {name: RED, "b.png": BLUE, "t.csv": table}))
    assert sorted(columns(dataset)["caption"]) == ["above", "below"]
    texts = {name: RED, "b.png": BLUE, said.replace("png", "txt"): b"above", "b.txt": b"below"}
    assert len(columns(load(folder(tmp_path / "two", texts)))) > 0


@pytest.mark.parametrize("suffix", [".jsonl", ".json", ".parquet", ".tsv", ".csv.gz"])
def test_tables_of_every_kind_join(tmp_path: Path, suffix: str) -> None:
    table = pd.DataFrame({"image": ["img/b.png", "img/a.png"], "n": [2**40 + 1, 3]})
    path = folder(tmp_path, {"img/a.png": RED, "img/b.png": BLUE}) / f"list{suffix}"
    if suffix == ".parquet":
        table.to_parquet(path)
    elif suffix in (".json", ".jsonl"):
        table.to_json(path, orient="records", lines=suffix == ".jsonl")
    else:
        table.to_csv(path, index=False, sep="\t" if suffix == ".tsv" else ",")
    assert columns(load(tmp_path)) == {
        "folder": ["img", "img"],
        "image": ["img/a.png", "img/b.png"],
        "n": [3, 2**40 + 1],
    }


def test_a_missing_picture_a_damaged_one_and_an_empty_name_reject_their_rows(tmp_path: Path) -> None:
    rows = b"image;n\na.png;1\ngone.png;2\nbad.png;3\n;4\n"
    dataset = load(folder(tmp_path, {"a.png": RED, "b.png": BLUE, "bad.png": b"?", "t.csv": rows}))
    assert columns(dataset) == {"image": ["a.png", None], "n": [1, None]}
    assert str(dataset.table["n"].dtype) == "Int64"
    rows_told = [fault for fault in told(dataset) if fault[0] == "t.csv"]
    assert rows_told == [
        ("t.csv", 1, "its picture, gone.png, is not here; add it, or correct its name"),
        ("t.csv", 2, "its picture, bad.png, could not be read"),
        ("t.csv", 3, "it names no picture in image"),
    ]


def test_a_picture_keeps_each_of_its_captions(tmp_path: Path) -> None:
    rows = b"image,caption,year\na.png,first one,1990\nb.png,only one,1991\na.png,second one,1990\n"
    dataset = load(folder(tmp_path, {"a.png": RED, "b.png": BLUE, "captions.txt.csv": rows}))
    assert columns(dataset) == {
        "image": ["a.png", "b.png"],
        "caption": ["first one", "only one"],
        "caption_all": [json.dumps(["first one", "second one"]), json.dumps(["only one"])],
        "year": [1990, 1991],
    }
    assert dataset.described == {
        "caption_all": "all that “caption” says, where several rows name one picture; it has the first"
    }


def test_two_tables_fill_each_others_gaps(tmp_path: Path) -> None:
    files = {"train/a.png": RED, "test/a.png": BLUE}
    files |= {"train/metadata.csv": b"file_name,n\na.png,1\n", "test/metadata.jsonl": b'{"file_name":"a.png","n":2}\n'}
    dataset = load(folder(tmp_path, files))
    assert columns(dataset) == {"folder": ["test", "train"], "file_name": ["a.png", "a.png"], "n": ["2", "1"]}
    assert told(dataset) == []


def test_paths_may_begin_elsewhere_but_never_find_a_picture_of_another_folder(tmp_path: Path) -> None:
    files = {"train/1.png": RED, "test/2.png": BLUE}
    rows = b"path,n\nC:\\data\\train\\1.png,1\nC:\\data\\test\\2.png,2\nC:\\data\\train\\2.png,3\n"
    dataset = load(folder(tmp_path, {**files, "t.csv": rows}))
    assert columns(dataset)["n"] == [2, 1]
    assert [row for _, row, _ in told(dataset)] == [2]


def test_a_name_that_several_pictures_bear_is_not_guessed(tmp_path: Path) -> None:
    files = {"x/a.png": RED, "y/a.png": BLUE, "z/b.png": encoded(color="green")}
    dataset = load(folder(tmp_path, {**files, "t.csv": b"image,n\na.png,1\nb.png,2\n"}))
    assert columns(dataset)["n"] == [None, None, 2]
    assert told(dataset) == [("t.csv", 0, "a.png may be one of several pictures; name it by its whole path")]


def test_ids_name_pictures_without_their_endings_and_counts_do_not(tmp_path: Path) -> None:
    files = {"i/ISIC_1.png": RED, "i/ISIC_2.png": BLUE}
    ids = load(folder(tmp_path / "ids", {**files, "t.csv": b"image_id,age\nISIC_2,70\nISIC_1,30\n"}))
    assert columns(ids)["age"] == [30, 70]
    files = {"0.png": RED, "1.png": BLUE}
    counts = load(folder(tmp_path / "counts", {**files, "t.csv": b"label,score\n0,0.5\n1,0.25\n0,0.125\n"}))
    assert "label" not in counts.table
    assert told(counts)[0][2].startswith("it lies among pictures, and no column names them")


def test_a_table_that_names_other_pictures_is_left_out_with_its_reason(tmp_path: Path) -> None:
    dataset = load(folder(tmp_path, {"a.png": RED, "t.csv": b"image,n\nx.png,1\n"}))
    assert told(dataset)[0][2].startswith("it lies among pictures, but none of those that its column 'image' names")


def test_pictures_and_their_table_may_be_given_side_by_side(tmp_path: Path) -> None:
    folder(tmp_path, {"a.png": RED, "b.png": BLUE, "t.csv": CSV})
    loose = load([tmp_path / name for name in ("t.csv", "a.png", "b.png")])
    assert columns(loose) == JOINED
    packed = zipped(tmp_path / "photos.zip", {"a.png": RED, "b.png": BLUE})
    assert columns(load([packed, tmp_path / "t.csv"])) == JOINED
    texts = load([packed, tmp_path / "t.csv"], text="caption")
    assert len(texts) == 4


def test_a_table_of_texts_beside_pictures_that_it_does_not_name_stays_texts(tmp_path: Path) -> None:
    rows = b"review,photo\nthe battery died after a day,x.png\na wonderful little machine,a.png\nno words,y.png\n"
    folder(tmp_path, {"a.png": RED, "b.png": BLUE, "c.png": encoded(color="green"), "t.csv": rows})
    dataset = load([tmp_path / name for name in ("a.png", "b.png", "c.png", "t.csv")])
    assert len(dataset) == 6
    assert dataset.text_column == "review"


@pytest.mark.parametrize(
    "content",
    [
        b'image,caption\na.png,first one here\na.png,second one here\nb.png,"only one, here"\n',
        b"a.png#0\tfirst one here\na.png#1\tsecond one here\nb.png#0\tonly one, here\n",
    ],
)
def test_a_list_of_captions_that_is_called_a_text_joins_too(tmp_path: Path, content: bytes) -> None:
    dataset = load(folder(tmp_path, {"a.png": RED, "b.png": BLUE, "captions.txt": content}))
    assert [json.dumps(["first one here", "second one here"]), json.dumps(["only one, here"])] in [
        values.tolist() for _, values in dataset.table.items()
    ]
    assert told(dataset) == []


def test_a_text_or_an_object_with_the_name_of_a_picture_is_its_own(tmp_path: Path) -> None:
    files = {"i/a.png": RED, "i/b.png": BLUE, "i/a.txt": "ein großes\nDing\n".encode("latin-1")}
    files |= {"i/b.json": b'{"tags": ["x"], "by": {"name": "Ann"}}', "i/notes.txt": b"nothing"}
    dataset = load(folder(tmp_path, files))
    assert columns(dataset) == {
        "folder": ["i", "i"],
        "caption": ["ein großes\nDing", None],
        "tags": [None, '["x"]'],
        "by.name": [None, "Ann"],
    }
    assert told(dataset) == [
        (
            "i/notes.txt",
            None,
            "it lies among pictures, and no column names them by path or file name; load it by itself to read it",
        )
    ]


def test_texts_beside_pictures_that_cannot_be_read_are_listed(tmp_path: Path) -> None:
    names = ("a", "b", "c", "d")
    bad = {"a.txt": b" \n", "b.txt": b"x" * (2**20 + 1), "c.json": b"{", "d.json": b"[1]"}
    dataset = load(
        folder(tmp_path, {**{f"{name}.png": encoded(color=(i, 0, 0)) for i, name in enumerate(names)}, **bad})
    )
    assert len(dataset) == 4
    assert list(dataset.table) == ["width", "height"]
    reasons = {source: reason for source, _, reason in told(dataset)}
    assert reasons["a.txt"] == "the text is empty"
    assert reasons["b.txt"].startswith("it has 1,048,577 bytes; the limit")
    assert reasons["c.json"].startswith("it is not JSON")
    assert reasons["d.json"] == "it holds a list, not a JSON object"


def test_columns_that_pictures_have_already_get_another_name(tmp_path: Path) -> None:
    dataset = load(folder(tmp_path, {"a.png": RED, "t.csv": b"image,width\na.png,12 cm\n"}))
    assert dataset.table.to_dict("list") == {"width": [8], "height": [6], "image": ["a.png"], "width_2": ["12 cm"]}


def test_a_preview_shows_what_is_beside_pictures(tmp_path: Path) -> None:
    shown = preview(folder(tmp_path, {"a.png": RED, "b.png": BLUE, "t.csv": CSV}))
    assert shown.kind == "images"
    assert shown.rows[0] == {"name": "a.png", "file_name": "a.png", "code": "007", "caption": "a red, flat thing"}
    assert shown.columns == ("file_name", "code", "caption")
    loose = preview([tmp_path / "a.png", tmp_path / "t.csv"])
    assert loose.rows[-1] == shown.rows[0]
    assert loose.text_column is None


def test_looking_for_paths_takes_no_more_than_their_last_parts() -> None:
    deep = "/".join("d" * 5 for _ in range(20_000))
    paths = Paths([f"{deep}/a.png"])
    assert len(paths._ends) == 8
    assert paths.find("d/a.png") == -1
    assert paths.find("ddddd/a.png") == 0


def test_a_letter_with_its_accent_is_the_same_as_one_sign_or_two(tmp_path: Path) -> None:
    table = "file,caption\nu\u0308.png,one\n\u00e4.png,other\n".encode()
    dataset = load(folder(tmp_path, {"\u00fc.png": RED, "a\u0308.png": BLUE, "l.csv": table}))
    assert sorted(columns(dataset)["caption"]) == ["one", "other"]
    assert told(dataset) == []


def test_numbers_with_zeros_in_front_name_pictures_also_of_a_larger_list(tmp_path: Path) -> None:
    table = "image_id,label\n" + "".join(f"{at:05},A{at}\n" for at in range(30))
    pictures = {f"{at:05}.png": encoded(color=(at, 0, 0)) for at in range(5)}
    dataset = load(folder(tmp_path, {**pictures, "l.csv": table.encode()}))
    assert columns(dataset)["label"] == [f"A{at}" for at in range(5)]
    assert len(told(dataset)) == 25


@pytest.mark.parametrize("named", ["a.png", "./a.png"])
def test_a_name_that_two_pictures_have_is_told_as_such_and_the_folder_is_the_cure(tmp_path: Path, named: str) -> None:
    table = f"file,label\n{named},old house\n".encode()
    found = told(load(folder(tmp_path / "photos", {"x/a.png": RED, "y/a.png": BLUE, "labels.csv": table})))
    assert [reason for source, _, reason in found if source == "labels.csv"] == [
        f"what its column 'file' names, as {named}, may be one of several pictures; "
        "write the folder before each name, or load it by itself to read it"
    ]
    cured = b"file,label\nx/a.png,old house\n"
    joined = load(folder(tmp_path / "cured", {"x/a.png": RED, "y/a.png": BLUE, "labels.csv": cured}))
    assert columns(joined)["label"] == ["old house", None]


def test_cells_that_list_several_pictures_tell_of_each_of_them(tmp_path: Path) -> None:
    names = ["a.png", "b, c.png", "in/d.png", "e.png", "f.png"]
    ways = {"json": json.dumps, "objects": lambda some: json.dumps([{"uri": one, "size": 3} for one in some])}
    ways |= {sign.strip() or "line": sign.join for sign in ("; ", " | ", ", ")}
    cells = [["a.png", "in/d.png"], ["b, c.png"], [], ["e.png", "gone.png"]]
    for at, (way, write) in enumerate(ways.items()):
        rows = [{"said": f"words {row}", "files": write(cell) if cell else ""} for row, cell in enumerate(cells)]
        pictures = {name: encoded(color=(at, row, 9)) for row, name in enumerate(names)}
        for ending, content in (("csv", pd.DataFrame(rows).to_csv(index=False, quoting=1)), ("json", json.dumps(rows))):
            path = folder(tmp_path / f"{at}{ending}", {**pictures, f"rows.{ending}": content.encode()})
            found = load(path)
            said = dict(zip([ref.name for ref in refs(found)], columns(found)["said"], strict=True))
            expected = {"a.png": "words 0", "in/d.png": "words 0", "b, c.png": "words 1", "e.png": "words 3"}
            assert said == {**expected, "f.png": None}, way
            reasons = [reason for _, _, reason in told(found)]
            assert reasons == [
                "it names no picture in files",
                "its picture, gone.png, is not here; add it, or correct its name",
            ]
            assert columns(found)["files"][0] == rows[0]["files"]
