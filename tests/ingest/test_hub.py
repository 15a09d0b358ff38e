"""What Hugging Face's `datasets` writes, made by hand: pictures in columns, labels, splits, sound."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from explorer.errors import NothingUsable
from explorer.ingest import arrowtables, load, preview
from explorer.kinds import close_archives, kind_of, open_image, read_bytes
from explorer.workspace import Workspace
from tests import sounds
from tests.ingest.test_pictures import encoded, refs, zipped

COLORS = [(number * 9, 250 - number * 9, 40) for number in range(9)]
PICTURES = [encoded(color=color) for color in COLORS]
FILE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
FEATURES = {
    "image": {"_type": "Image"},
    "label": {"names": ["cat", "dog"], "_type": "ClassLabel"},
    "caption": {"dtype": "string", "_type": "Value"},
}


def table(
    pictures: Sequence[bytes | None] = PICTURES, *, features: dict[str, Any] = FEATURES, **columns: Any
) -> pa.Table:
    n = len(pictures)
    files = [{"bytes": content, "path": f"{row}.png" if row else None} for row, content in enumerate(pictures)]
    made = {
        "image": pa.array(files, FILE),
        "label": pa.array([(0, 1, -1)[row % 3] for row in range(n)]),
        "caption": pa.array([f"a picture of number {row}" for row in range(n)]),
        **columns,
    }
    told = json.dumps({"info": {"features": features}})
    return pa.table(made).replace_schema_metadata({"huggingface": told})


def write(path: Path, made: pa.Table) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        pq.write_table(made, path, row_group_size=4)
        return path
    opened = pa.ipc.new_file if path.suffix == ".feather" else pa.ipc.new_stream
    with opened(path, made.schema) as writer:
        writer.write_table(made, max_chunksize=4)
    return path


@pytest.mark.parametrize("suffix", [".parquet", ".arrow", ".feather"])
def test_a_column_of_pictures_makes_items_with_the_other_columns_beside(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"a{suffix}", table())
    dataset = load(path)
    assert [ref.name for ref in refs(dataset)] == ["a/0", *(f"{row}.png" for row in range(1, 9))]
    assert dataset.table["label"].tolist()[:2] == ["cat", "dog"]
    assert dataset.table["label"].isna().tolist()[2]
    assert dataset.table["caption"].tolist() == [f"a picture of number {row}" for row in range(9)]
    assert list(dataset.table) == ["label", "caption", "width", "height"]
    close_archives()
    for row in (8, 3, 0, 5):
        assert open_image(refs(dataset)[row]).getpixel((0, 0)) == COLORS[row]
    shown = preview(path, limit=2)
    assert shown.rows[1] == {"name": "1.png", "label": "dog", "caption": "a picture of number 1"}
    assert shown.text_column is None


def test_such_pictures_are_kept_and_opened_again(tmp_path: Path) -> None:
    path = write(tmp_path / "up" / "a.parquet", table())
    workspace = Workspace(tmp_path / "w")
    kept = workspace.datasets.add(load(path, on_image=workspace.thumbnails.keep), source=tmp_path / "up")
    assert not path.exists()
    assert workspace.thumbnails.path(kept.items[4]).exists()
    assert open_image(refs(kept)[4]).getpixel((0, 0)) == COLORS[4]


def test_the_rows_may_be_the_items(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", table())
    (choice,) = load(path).choices
    assert (choice.name, choice.value) == ("items", "pictures")
    rows = load(path, choices={"items": "rows"})
    assert rows.text_column == "caption"
    assert len(rows) == 9


def test_a_bad_picture_and_none_cost_their_rows(tmp_path: Path) -> None:
    path = write(tmp_path / "a.arrow", table([PICTURES[0], None, b"?", PICTURES[3]]))
    dataset = load(path)
    assert dataset.table["caption"].tolist() == ["a picture of number 0", "a picture of number 3"]
    told = [(fault.row, fault.reason) for fault in dataset.rejected]
    assert told[0] == (1, "it cannot be read: the row has no picture")
    assert told[1][0] == 2
    assert "not a JPEG" in told[1][1]


def test_a_folder_that_was_saved_to_disk_is_one_dataset_with_its_splits(tmp_path: Path) -> None:
    for split, some in (("train", PICTURES[:6]), ("test", PICTURES[6:])):
        write(tmp_path / split / "data-00000-of-00001.arrow", table(some))
        (tmp_path / split / "state.json").write_text('{"_data_files": [{"filename": "data-00000-of-00001.arrow"}]}')
        (tmp_path / split / "dataset_info.json").write_text('{"features": {"caption": {"_type": "Value"}}}')
    (tmp_path / "dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    dataset = load(tmp_path)
    assert len(dataset) == 9
    assert dataset.table["split"].value_counts().to_dict() == {"train": 6, "test": 3}
    assert dataset.rejected == ()


def test_shards_of_texts_keep_their_labels_by_name_and_their_split(tmp_path: Path) -> None:
    for shard in range(2):
        made = table().drop_columns(["image"]).slice(shard * 4, 4)
        write(tmp_path / "data" / f"train-0000{shard}-of-00002.parquet", made)
    dataset = load(tmp_path)
    assert list(dataset.items)[:2] == ["a picture of number 0", "a picture of number 1"]
    assert set(dataset.table["label"].dropna()) == {"cat", "dog"}
    assert set(dataset.table["split"]) == {"train"}


def test_raw_bytes_are_pictures_too_and_others_are_not(tmp_path: Path) -> None:
    raw = pa.table({"jpg": pa.array(PICTURES, pa.binary()), "n": list(range(9))})
    assert len(refs(load(write(tmp_path / "a.parquet", raw)))) == 9
    words = pa.table({"text": ["some words are here", "and some more"], "b": pa.array([b"\xff", b"x"], pa.binary())})
    assert load(write(tmp_path / "b.parquet", words)).text_column == "text"


def test_sounds_in_rows_are_items_where_there_are_no_pictures(tmp_path: Path) -> None:
    heard = [sounds.encoded(sounds.made("tone", at, seconds=0.2)) for at in range(3)]
    column = pa.array([{"bytes": one, "path": f"{at}.wav"} for at, one in enumerate(heard)], FILE)
    features = {"label": FEATURES["label"], "audio": {"_type": "Audio"}}
    path = write(tmp_path / "a.parquet", table(PICTURES[:3], features=features, audio=column).drop_columns(["image"]))
    dataset = load(path)
    assert [item.kind for item in dataset.items] == ["sound"] * 3
    assert [str(kind_of(item).path(item)) for item in dataset.items] == ["0.wav", "1.wav", "2.wav"]
    assert dataset.table["length (s)"].tolist() == [0.2] * 3
    assert not dataset.rejected
    (choice,) = dataset.choices
    assert (choice.value, [value for value, _ in choice.options]) == ("sounds", ["sounds", "rows"])
    assert kind_of(dataset.items[1]).media(dataset.items[1]).size == len(heard[1])


def test_sounds_beside_pictures_in_rows_are_told(tmp_path: Path) -> None:
    sound = pa.array([{"bytes": b"RIFF....", "path": "a.wav"}] * 9, FILE)
    made = table(features={**FEATURES, "audio": {"_type": "Audio"}}, audio=sound)
    dataset = load(write(tmp_path / "a.parquet", made))
    assert "the column audio holds sounds, which are left out, as they are not the items" in [
        fault.reason for fault in dataset.rejected
    ]
    only = write(tmp_path / "b.parquet", table(features={"audio": {"_type": "Audio"}}, audio=sound).select(["audio"]))
    with pytest.raises(NothingUsable, match=r"no column of b\.parquet reads like text"):
        load(only)


@pytest.mark.parametrize("ending", [".parquet", ".arrow"])
def test_pictures_in_the_rows_of_files_in_an_archive_are_read_opened_and_kept(tmp_path: Path, ending: str) -> None:
    path = write(tmp_path / f"a{ending}", table())
    alone = load(path)
    archive = zipped(tmp_path / "a.zip", {f"x/a{ending}": path.read_bytes(), f"y/b{ending}": path.read_bytes()})
    dataset = load(archive)
    assert [one.sha256 for one in refs(dataset)] == 2 * [one.sha256 for one in refs(alone)]
    assert dataset.table["caption"].tolist() == 2 * alone.table["caption"].tolist()
    assert open_image(refs(dataset)[10]).size == open_image(refs(alone)[1]).size
    workspace = Workspace(tmp_path / "ws")
    kept = workspace.datasets.open(workspace.datasets.add(dataset, origin=(str(archive),)).key)
    assert [read_bytes(one) for one in refs(kept)] == 2 * [read_bytes(one) for one in refs(alone)]
    assert refs(dataset) == refs(load(archive, choices={"items": "pictures"}))
    assert load(archive, choices={"items": "rows"}).text_column == "caption"


def test_in_an_archive_a_file_too_large_to_hold_is_named_with_the_cure(tmp_path: Path, monkeypatch) -> None:
    path = write(tmp_path / "a.parquet", table())
    monkeypatch.setattr(arrowtables, "MOST_INSIDE", 100)
    dataset = load(zipped(tmp_path / "a.zip", {"x/a.parquet": path.read_bytes()}))
    assert dataset.text_column == "caption"
    assert any("unpack it, and load the file itself" in fault.reason for fault in dataset.rejected)


@pytest.mark.parametrize("told", [b"{", b"[]", b'{"info": 3}', b'{"info": {"features": {"label": 3}}}', b"\xff"])
def test_what_is_said_of_the_columns_may_be_anything(tmp_path: Path, told: bytes) -> None:
    made = table().replace_schema_metadata({"huggingface": told})
    assert len(load(write(tmp_path / "a.parquet", made))) == 9
