"""Arrow's own files and ORC: the same table whichever, with its types; what is damaged or too large is refused."""

from __future__ import annotations

import datetime as dt
import decimal
import gzip
import struct
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import feather, orc, parquet

from explorer.errors import UnreadableFile
from explorer.ingest import load, preview
from explorer.ingest.columns import packed_spans
from tests.ingest.test_pictures import zipped

WORDS = ["the battery died after a day", "a wonderful little machine", "it came late and broken"]
TABLE = pa.table(
    {
        "text": WORDS,
        "n": pa.array([2**60, None, 3]),
        "code": ["007", "1.10", "NA"],
        "price": pa.array([decimal.Decimal("3.30"), None, decimal.Decimal("0.10")], pa.decimal128(9, 2)),
        "day": pa.array([dt.date(2020, 1, 2), None, dt.date(1600, 1, 1)]),
        "flag": [True, False, None],
        "kind": pa.array(["a", "b", "a"]).dictionary_encode(),
        "tags": [["x", "y"], [], None],
    }
)


def write(path: Path, table: pa.Table = TABLE, **more: Any) -> Path:
    if path.suffix == ".feather":
        feather.write_feather(table, path, **more)
    elif path.suffix == ".orc":
        kind = table.schema.get_field_index("kind")
        orc.write_table(table.set_column(kind, "kind", table["kind"].cast(pa.string())), path)
    elif path.suffix == ".parquet":
        parquet.write_table(table, path)
    else:
        made = pa.ipc.new_file if path.suffix == ".arrow" else pa.ipc.new_stream
        with made(path, table.schema) as writer:
            writer.write_table(table, max_chunksize=2)
    return path


def plain(table: pd.DataFrame) -> dict[str, list[Any]]:
    return {name: [None if pd.isna(v) else v for v in column] for name, column in table.items()}


@pytest.mark.parametrize("name", ["a.arrow", "a.ipc", "a.feather", "a.orc"])
def test_the_same_table_is_read_from_each(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name)
    dataset, known = load(path), load(write(tmp_path / "a.parquet"))
    assert list(dataset.items) == WORDS
    assert plain(dataset.table) == plain(known.table)
    assert dataset.table["n"].tolist()[0] == 2**60
    (tmp_path / f"{name}.gz").write_bytes(gzip.compress(path.read_bytes()))
    assert load(tmp_path / f"{name}.gz").items_key == dataset.items_key
    inside = load(zipped(tmp_path / "z.zip", {f"x/{name}": path.read_bytes()}))
    assert plain(inside.table) == plain(known.table)
    assert len(preview(path, limit=1).rows) == 1


@pytest.mark.parametrize("name", ["a.arrow", "a.ipc", "a.feather", "a.orc"])
def test_a_cut_file_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UnreadableFile, match=r"a\.\w+ is not a whole (Arrow|ORC) file"):
        load(path)


def test_rows_without_bytes_are_counted_before_anything_is_made_of_them(tmp_path: Path) -> None:
    names = pa.RecordBatch.from_arrays([pa.nulls(4_000_000)], ["nothing"])
    with pa.ipc.new_stream(tmp_path / "a.arrow", names.schema) as writer:
        for _ in range(4):
            writer.write_batch(names)
    assert (tmp_path / "a.arrow").stat().st_size < 2_000
    with pytest.raises(UnreadableFile, match="more than 10,000,000 rows"):
        load(tmp_path / "a.arrow")


def test_feathers_first_version_is_named_with_its_cure(tmp_path: Path) -> None:
    (tmp_path / "a.feather").write_bytes(b"FEA1" + bytes(100))
    with pytest.raises(UnreadableFile, match="Feather's first version"):
        load(tmp_path / "a.feather")


def test_categories_as_polars_writes_them_are_their_texts(tmp_path: Path) -> None:
    wishes = [f"More benches for the park, wish number {at}" for at in range(6)]
    wards = pa.array(["north", "south", None, "north", "west", "south"])
    for kind in (pa.string_view(), pa.binary_view(), pa.large_string()):
        coded = pa.DictionaryArray.from_arrays(
            wards.dictionary_encode().indices.cast(pa.uint32()), wards.dictionary_encode().dictionary.cast(kind)
        )
        table = pa.table({"wish": wishes, "ward": pa.chunked_array([coded, coded.slice(0, 0)])})
        with pa.OSFile(str(tmp_path / "a.arrow"), "wb") as file, pa.ipc.new_file(file, table.schema) as out:
            out.write_table(table)
        found = load(tmp_path / "a.arrow")
        assert found.table["ward"].astype(object).where(found.table["ward"].notna(), None).tolist() == wards.to_pylist()


def test_bytes_with_controls_are_no_text(tmp_path: Path) -> None:
    spans = [bytes([0, 0, 0, 0, at, 0, 0, 0, 64, 66, 15, 0]) for at in range(3)]
    parquet.write_table(pa.table({"text": WORDS, "span": pa.array(spans, pa.binary(12))}), tmp_path / "a.parquet")
    assert load(tmp_path / "a.parquet").table["span"].tolist() == [f"<12 bytes: {one.hex()}>" for one in spans]


def test_spans_of_time_are_written_as_iso_has_them(tmp_path: Path) -> None:
    spans = pa.array(
        [(1, 2, 3_500_000_000), (14, 0, 0), None, (0, 0, 0), (-1, 5, -(10**9))], pa.month_day_nano_interval()
    )
    said = [f"this is the text of row {at}" for at in range(5)]
    with (
        pa.OSFile(str(tmp_path / "a.arrow"), "wb") as file,
        pa.ipc.new_file(file, pa.schema([("text", pa.string()), ("took", spans.type)])) as writer,
    ):
        writer.write_batch(pa.record_batch([pa.array(said), spans], ["text", "took"]))
    found = load(tmp_path / "a.arrow").table["took"]
    assert [None if gap else one for one, gap in zip(found, found.isna(), strict=True)] == [
        "P1M2DT3.5S", "P1Y2M", None, "PT0S", "P-1M5DT-1S",
    ]  # fmt: skip
    packed = pa.chunked_array([pa.array([struct.pack("<3I", 25, 1, 60_001), None, bytes(12)], pa.binary(12))])
    assert packed_spans(packed).to_pylist() == ["P2Y1M1DT60.001S", None, "PT0S"]
