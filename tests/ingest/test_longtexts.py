"""Long texts in a column of a table: divided into passages where that is chosen, with all that their row has."""

from __future__ import annotations

import csv
import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.errors import BadChoice
from explorer.ingest import Change, load, next_version, preview

PASSAGES = {"texts": "passages", "passage size": "40"}
WORDS = ("bread", "birds", "engines", "oil", "morning", "rain", "winter", "song", "flour", "rye", "dawn", "street")


def sentences(chance: random.Random, count: int) -> str:
    return " ".join(" ".join(chance.choices(WORDS, k=9)).capitalize() + "." for _ in range(count))


def table(path: Path, texts: list[str], *, seed: int = 0) -> Path:
    chance = random.Random(seed)
    rows = [{"id": f"n{at}", "body": text, "score": chance.randint(0, 9)} for at, text in enumerate(texts)]
    if path.suffix == ".jsonl":
        path.write_text("\n".join(map(json.dumps, rows)))
    elif path.suffix == ".parquet":
        import pandas as pd

        pd.DataFrame(rows).to_parquet(path)
    else:
        with path.open("w", newline="") as file:
            written = csv.DictWriter(file, ["id", "body", "score"])
            written.writeheader()
            written.writerows(rows)
    return path


def bare(text: str) -> str:
    return " ".join(text.replace("…", " ").split())


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_lost_and_every_other_column_comes_along(tmp_path: Path, suffix: str, seed: int) -> None:
    chance = random.Random(seed)
    texts = [sentences(chance, chance.choice([1, 2, 30, 60])) for _ in range(12)]
    path = table(tmp_path / f"a{suffix}", texts, seed=seed)
    whole, cut = load(path), load(path, choices=PASSAGES)
    assert list(whole.items) == texts
    assert len(cut) > len(texts)
    noun = whole.place(0).split()[0]
    assert noun in ("line", "record", "row")
    assert cut.columns == (*whole.columns, noun, "passage", "place")
    ids = cut.table["id"].tolist()
    for at, text in enumerate(texts):
        own = [row for row, name in enumerate(ids) if name == f"n{at}"]
        assert bare(" ".join(str(cut.items[row]) for row in own)) == bare(text)
        assert cut.table["passage"].tolist()[own[0] : own[-1] + 1] == list(range(1, len(own) + 1))
        assert {cut.table["score"][row] for row in own} == {whole.table["score"][at]}
        assert {cut.place(row) for row in own} == {whole.place(at)}
        assert {f"{cut.table[noun][row]}" for row in own} == {whole.place(at).split()[1].replace(",", "")}
        for row in own if len(own) > 1 else ():
            start, end = map(int, str(cut.table["place"][row]).removeprefix("characters ").split("–"))
            assert bare(text[start - 1 : end]) == bare(str(cut.items[row]))


def test_texts_left_out_and_texts_divided_may_come_to_as_many_rows(tmp_path: Path) -> None:
    texts = [sentences(random.Random(1), 8), "", "null", *(f"number {at} is short" for at in range(5))]
    cut = load(table(tmp_path / "a.csv", texts), choices={"texts": "passages", "passage size": "40"})
    assert [fault.place for fault in cut.rejected] == ["line 3", "line 4"]
    assert len(cut) == len(texts)
    assert cut.table["id"].tolist() == ["n0", "n0", "n0", "n3", "n4", "n5", "n6", "n7"]
    assert cut.place(7) == "line 9"


def test_it_is_offered_where_texts_are_long_and_no_vectors_are_beside(tmp_path: Path) -> None:
    long, short = [sentences(random.Random(1), 60)] * 3, ["bread at dawn", "birds in the rain"]
    for path, names in ((table(tmp_path / "a.csv", long), ["texts"]), (table(tmp_path / "b.csv", short), [])):
        for found in (load(path), preview(path)):
            assert [one.name for one in found.choices if one.name in ("texts", "passage size", "overlap")] == names
    asked = {"texts": "passages", "overlap": "20"}
    for found in (load(tmp_path / "a.csv", choices=asked), preview(tmp_path / "a.csv", choices=asked)):
        assert {one.name: one.value for one in found.choices if one.asked} == asked
        assert {"texts", "passage size", "overlap"} <= {one.name for one in found.choices}
    rows = [f'{text},"[{at}, 1, 2.5]"' for at, text in enumerate(long)]
    (tmp_path / "v.csv").write_text("\n".join(["body,embedding", *rows]))
    with pytest.raises(BadChoice, match=r"nothing of v\.csv can be read by “texts”"):
        load(tmp_path / "v.csv", choices={"vectors": "embedding", "texts": "passages"})
    for name, value in (("passage size", "3"), ("texts", "chapters")):
        with pytest.raises(BadChoice):
            load(tmp_path / "a.csv", choices={"texts": "passages", name: value})


def test_several_columns_together_and_columns_of_the_same_names_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"line,title,body\nmine,About bread,{sentences(random.Random(2), 40)}\nyours,Short,One line.\n")
    cut = load(path, text=["title", "body"], choices=PASSAGES)
    assert str(cut.items[0]).startswith("About bread")
    assert cut.columns == ("line", "title", "body", "line_2", "passage", "place")
    assert cut.table["line"].tolist()[-1] == "yours"
    assert cut.table["line_2"].tolist()[-1] == 3


def test_passages_added_to_those_of_an_older_version_have_their_numbers_in_its_column(tmp_path: Path) -> None:
    texts = [sentences(random.Random(at), 60) for at in range(3)]
    path = table(tmp_path / "a.csv", texts)
    new, again = load(path, choices=PASSAGES), load(table(tmp_path / "b.csv", texts[::-1]), choices=PASSAGES)
    columns = tuple("row" if name == "line" else name for name in new.columns)
    old = replace(new, table=new.table.rename(columns={"line": "row"}), columns=columns)
    made, _ = next_version(old, Change(), again)
    assert (set(made.table.columns) - {"version"}, "line" in made.columns) == (set(old.table.columns), False)
    assert made.table["row"].tolist() == [*new.table["line"], *again.table["line"]]


def test_it_is_said_of_how_many_texts_only_the_beginning_counts(tmp_path: Path) -> None:
    sentence = "The road was closed after a storm in the night. "
    long, nearly, short = sentence * 60, sentence * 23, "a"
    said = {}
    for name, texts in {
        "all": [f"{at} {long}" for at in range(30)],
        "some": [f"{at} {long if at < 7 else short}" for at in range(30)],
        "many": [f"{at} {long}" for at in range(400)],
        "nearly": [f"{at} {nearly}" for at in range(30)],
    }.items():
        (choice,) = [one for one in load(table(tmp_path / f"{name}.csv", texts)).choices if one.name == "texts"]
        said[name] = choice.why
    counts = "longer than encoders read: only the beginning of each counts"
    assert said["all"] == f"all 30 texts are {counts}"
    assert said["some"] == f"7 of 30 texts are {counts}"
    assert said["many"] == f"300 of the first 300 texts are {counts}"
    assert said["nearly"] == "some are nearly as long as encoders read"
