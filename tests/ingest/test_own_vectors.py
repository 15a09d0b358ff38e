"""Vectors in a column of a table: offered, taken as they are, and what of them cannot be used is told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from explorer.errors import BadChoice, BadSetting
from explorer.ingest import Change, load, next_version, preview, sampled
from explorer.types import Dataset

N, DIM = 60, 8
MATRIX = np.random.default_rng(0).normal(size=(N, DIM))
TEXTS = [f"the row with the number {row} says some words" for row in range(N)]
CHOSEN = {"vectors": "embedding"}


def written(row: int) -> str:
    return json.dumps(MATRIX[row].tolist())


def csv(path: Path, cells: list[str]) -> Path:
    quoted = "\n".join(f'{row},{TEXTS[row]},"{cell}"' for row, cell in enumerate(cells))
    path.write_text(f"id,text,embedding\n{quoted}\n", encoding="utf-8")
    return path


def array_of(dataset: Dataset) -> np.ndarray:
    assert dataset.given is not None
    return np.asarray(dataset.given.array)


def files(folder: Path) -> dict[str, Path]:
    records = [{"text": TEXTS[row], "embedding": MATRIX[row].tolist()} for row in range(N)]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, records)))
    (folder / "a.json").write_text(json.dumps(records))
    for name, kind in (("list", pa.list_(pa.float64())), ("fixed", pa.list_(pa.float32(), DIM))):
        table = pa.table({"text": TEXTS, "embedding": pa.array([list(map(float, row)) for row in MATRIX], kind)})
        pq.write_table(table, folder / f"{name}.parquet")
    csv(folder / "a.csv", [written(row) for row in range(N)])
    csv(folder / "printed.csv", [str(MATRIX[row]) for row in range(N)])
    csv(
        folder / "german.csv",
        ["[" + "; ".join(str(x).replace(".", ",") for x in MATRIX[row]) + "]" for row in range(N)],
    )
    return {path.name: path for path in folder.iterdir()}


def test_a_column_of_vectors_is_taken_as_they_are_from_every_kind_of_table(tmp_path: Path) -> None:
    for name, path in files(tmp_path).items():
        plain = load(path)
        assert plain.given is None, name
        offered = {choice.name: choice for choice in plain.choices}["vectors"]
        assert (offered.value, [value for value, _ in offered.options]) == ("no", ["no", "embedding"]), name
        dataset = load(path, choices=CHOSEN)
        near = 1e-6 if name != "printed.csv" else 1e-3
        assert np.allclose(array_of(dataset), MATRIX, atol=near), name
        assert list(dataset.items) == TEXTS, name
        assert "embedding" not in dataset.table.columns, name
        assert dataset.key != plain.key, name
        assert dataset.items_key == plain.items_key, name


def test_rows_whose_vector_cannot_be_used_are_rejected_each_with_its_reason(tmp_path: Path) -> None:
    cells = [written(row) for row in range(N)]
    cells[3], cells[5], cells[7], cells[9], cells[11], cells[13] = "", "[1, 2, 3]", "[1, NaN]", "oh", "[1e999]", "[[1]]"
    cells[15] = json.dumps([0.0] * DIM)
    cells[17] = json.dumps([*MATRIX[17].tolist()[:-1], float("nan")])
    dataset = load(csv(tmp_path / "a.csv", cells), choices=CHOSEN)
    told = {fault.row: fault.reason for fault in dataset.rejected}
    assert told == {
        3: "it has no vector",
        5: f"its vector has 3 numbers, most have {DIM}",
        7: f"its vector has 2 numbers, most have {DIM}",
        9: "its vector is no list of numbers",
        11: f"its vector has 1 numbers, most have {DIM}",
        13: "its vector is no list of numbers",
        15: "its vector is all zeros, and so points nowhere",
        17: "its vector has a number that is not finite",
    }
    assert len(dataset) == N - len(told)
    assert array_of(dataset)[3].tolist() == MATRIX[4].astype(np.float32).tolist()
    assert dataset.place(3) == "line 6"


def test_missing_and_broken_vectors_of_arrow_lists_are_rejected(tmp_path: Path) -> None:
    rows: list[list[float | None] | None] = [list(map(float, row)) for row in MATRIX]
    rows[0], rows[1], rows[2], rows[4] = None, [], [1.0, None], [float("inf")] * DIM
    pq.write_table(pa.table({"text": TEXTS, "embedding": rows}), tmp_path / "a.parquet")
    dataset = load(tmp_path / "a.parquet", choices=CHOSEN)
    assert [fault.row for fault in dataset.rejected] == [0, 1, 2, 4]
    assert np.allclose(array_of(dataset), MATRIX[[3, *range(5, N)]], atol=1e-6)


def test_where_nothing_reads_like_text_vectors_are_taken_by_themselves(tmp_path: Path) -> None:
    body = "\n".join(f'w{row},"{written(row)}"' for row in range(N))
    (tmp_path / "a.csv").write_text(f"word,vector\n{body}\n")
    dataset = load(tmp_path / "a.csv")
    assert dataset.text_column == "word"
    assert list(dataset.items)[:2] == ["w0", "w1"]
    assert array_of(dataset).shape == (N, DIM)
    seen = preview(tmp_path / "a.csv")
    assert seen.text_column == "word"
    assert [choice.value for choice in seen.choices if choice.name == "vectors"] == ["vector"]


def test_a_file_beside_others_that_have_texts_alone_keeps_its_rows_and_theirs(tmp_path: Path) -> None:
    csv(tmp_path / "a.csv", [written(row) for row in range(N)])
    (tmp_path / "b.csv").write_text("text\n" + "\n".join(f"other words of {row}" for row in range(9)))
    assert len(load(tmp_path)) == N + 9
    dataset = load(tmp_path, choices=CHOSEN)
    assert len(dataset) == N
    assert [fault.source for fault in dataset.rejected] == ["b.csv"]
    assert "nothing says where its rows belong" in dataset.rejected[0].reason


def test_a_column_that_is_none_of_vectors_is_refused(tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", [written(row) for row in range(N)])
    with pytest.raises(BadChoice, match="cannot be read with vectors “id”"):
        load(path, choices={"vectors": "id"})
    (tmp_path / "b.csv").write_text("text\nsome words here\nother words there\n")
    with pytest.raises(BadChoice, match="nothing of"):
        load(tmp_path / "b.csv", choices=CHOSEN)


def test_parts_and_versions_keep_the_vectors_of_their_rows(tmp_path: Path) -> None:
    dataset = load(csv(tmp_path / "a.csv", [written(row) for row in range(N)]), choices=CHOSEN)
    part = sampled(dataset, 10)
    assert [TEXTS.index(str(item)) for item in part.items] == [
        int(np.argmin(np.abs(MATRIX - row).sum(axis=1))) for row in array_of(part)
    ]
    version, _ = next_version(dataset, Change(removed=(0, 5), edited={1: "another text"}), sampled(dataset, 3))
    assert np.allclose(array_of(version)[:-3], MATRIX[[1, 2, 3, 4, *range(6, N)]], atol=1e-6)
    assert array_of(version).shape == (N + 1, DIM)
    with pytest.raises(BadSetting, match="rows that are added need such a column too"):
        next_version(dataset, Change(), load(tmp_path / "a.csv"))


def test_the_same_file_has_another_key_with_other_vectors(tmp_path: Path) -> None:
    cells = [written(row) for row in range(N)]
    first = load(csv(tmp_path / "a.csv", cells), choices=CHOSEN)
    again = load(csv(tmp_path / "a.csv", cells), choices=CHOSEN)
    cells[0] = json.dumps([1.0] * DIM)
    other = load(csv(tmp_path / "a.csv", cells), choices=CHOSEN)
    assert first.key == again.key != other.key


def test_cells_that_are_too_much_cost_their_row_alone(tmp_path: Path) -> None:
    cells = [written(row) for row in range(N)]
    cells[1], cells[2] = "[" * 200_000 + "1" + "]" * 200_000, f"[{', '.join(['1'] * 70_000)}]"
    cells[3], cells[4] = f"[{'9' * 5_000}]", f"[1e{'9' * 400}]"
    dataset = load(csv(tmp_path / "a.csv", cells), choices=CHOSEN)
    assert {fault.row for fault in dataset.rejected} == {1, 2, 3, 4}
    assert len(dataset) == N - 4


def test_numbers_of_32_bits_are_written_as_short_as_they_mean(tmp_path) -> None:
    vectors = pa.array([[0.1, 0.25, 1e-7], None], pa.list_(pa.float32()))
    pq.write_table(pa.table({"text": ["some words of it", "and some more"], "v": vectors}), tmp_path / "a.parquet")
    assert load(tmp_path / "a.parquet").table["v"].tolist()[0] == "[0.1, 0.25, 1e-07]"
    assert preview(tmp_path / "a.parquet").rows[0]["v"] == "[0.1, 0.25, 1e-07]"


def test_vectors_that_are_not_taken_beside_texts_are_asked_about(tmp_path) -> None:
    texts = [f"the bus of number {at} was late" for at in range(12)]
    vectors = [list(vector) for vector in np.random.default_rng(0).normal(size=(12, 16)).astype("f4")]
    pq.write_table(pa.table({"wish": texts, "emb": vectors}), tmp_path / "a.parquet")
    asked = next(choice for choice in load(tmp_path / "a.parquet").choices if choice.name == "vectors")
    assert (asked.value, asked.sure) == ("no", False)
    assert asked.why == "emb holds vectors, which can be taken as they are"
    taken = load(tmp_path / "a.parquet", choices={"vectors": "emb"})
    assert taken.given is not None
    assert next(choice for choice in taken.choices if choice.name == "vectors").sure
