"""Texts with blanks around them: they are read and shown without, kept and handed out as the file has them."""

from __future__ import annotations

import csv
import json
import pickle
import random
import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from explorer.embedding import item_hashes
from explorer.ingest import Change, load, next_version
from explorer.kinds import kind_of, packed, padded, unpacked
from explorer.report.tables import rows_between
from explorer.types import KeptItems
from explorer.workspace import datafiles
from explorer.workspace.datafiles import read_dataset, read_item, write_dataset

BLANKS = ("", "", "", " ", "  ", "\n", "\t", "\u00a0", " \n ")


def texts_of(seed: int) -> list[str]:
    """Return texts of which some have blanks around them."""
    dice = random.Random(seed)
    return [f"{dice.choice(BLANKS)}the bus number {at} was late{dice.choice(BLANKS)}" for at in range(30)]


def written(path: Path, texts: list[str]) -> Path:
    """Write a table of texts as the file's ending says."""
    rows = [{"id": f"n{at}", "text": text, "town": f" {at} "} for at, text in enumerate(texts)]
    frame = pd.DataFrame(rows)
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            maker = csv.DictWriter(file, ["id", "text", "town"], quoting=csv.QUOTE_ALL)
            maker.writeheader()
            maker.writerows(rows)
    elif path.suffix == ".jsonl":
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    elif path.suffix == ".json":
        path.write_text(json.dumps(rows), encoding="utf-8")
    elif path.suffix == ".parquet":
        frame.to_parquet(path)
    elif path.suffix == ".xlsx":
        frame.to_excel(path, index=False)
    else:
        with sqlite3.connect(path) as base:
            frame.to_sql("rows", base, index=False)
        base.close()
    return path


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".jsonl", ".json", ".parquet", ".sqlite"])
def test_what_is_handed_out_is_to_the_last_blank_what_the_file_has(tmp_path: Path, suffix: str) -> None:
    for seed in range(2):
        texts = texts_of(seed)
        found = load(written(tmp_path / f"{seed}{suffix}", texts))
        assert list(found.items) == [text.strip() for text in texts]
        assert list(found.columns) == ["id", "text", "town"]
        lines = rows_between(found, 0, len(found), shown=(True, False))
        assert lines["text"].tolist() == texts
        assert lines["town"].tolist() == [f" {at} " for at in range(30)]
        assert [kind_of(item).record(item)["text"] for item in found.items] == texts
        assert [kind_of(item).card(item)["text"] for item in found.items] == list(found.items)


@pytest.mark.parametrize("on_disk", [True, False])
def test_blanks_are_kept_with_the_dataset_and_its_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_disk: bool
) -> None:
    monkeypatch.setattr(datafiles, "LOOK_BYTES", 100)
    texts = texts_of(3)
    found = load(written(tmp_path / "a.csv", texts))
    (tmp_path / "kept").mkdir()
    write_dataset(found, tmp_path / "kept", source=None, origin=())
    again = read_dataset(tmp_path / "kept", on_disk=on_disk)
    assert isinstance(again.items, KeptItems) is on_disk
    assert [kind_of(item).exact(item) for item in again.items] == texts
    assert [kind_of(item).exact(item) for item in again.items[5:9]] == texts[5:9]
    assert kind_of(one := read_item(tmp_path / "kept", 4)).exact(one) == texts[4]
    made, _ = next_version(again, Change(removed=[0], edited={1: "another"}))
    assert [kind_of(item).exact(item) for item in made.items] == ["another", *texts[2:]]


def test_the_same_text_has_one_vector_with_blanks_or_without_and_another_key(tmp_path: Path) -> None:
    bare, around = "the bus was late", padded(" the bus was late\n")
    assert (around, kind_of(around).exact(around)) == (bare, " the bus was late\n")
    assert item_hashes([bare]).tolist() == item_hashes([around]).tolist()
    assert kind_of(bare).content(bare) != kind_of(around).content(around)
    for same in (pickle.loads(pickle.dumps(around)), unpacked(json.loads(json.dumps(packed(around))))):
        assert kind_of(same).exact(same) == " the bus was late\n"
    assert padded(bare) is bare
    keys = {
        load(written(tmp_path / f"{at}.csv", [f"{one}a b c", "d e f"])).items_key for at, one in enumerate(("", " "))
    }
    assert len(keys) == 2
