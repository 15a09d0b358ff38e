"""How a dataset lies in a folder: `dataset.json`, `items.parquet`, `table.parquet`.

It does not read users' files (ingest does) and does not choose the folder (the workspace does).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Any

from explorer.types import Dataset, ImageRef, Item, Rejected

SOURCE = "source"
GROUP_ROWS = 10_000
"""Rows that are read together: the first rows of a large dataset are there without the others."""


def write_dataset(dataset: Dataset, folder: Path, *, source: Path | None, origin: tuple[str, ...]) -> None:
    """Write a dataset into an empty folder; pictures under *source* are kept relative to ``source/``."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns: dict[str, list[str | None]] = {"text": [], "path": [], "member": [], "sha256": [], "name": []}
    for item in dataset.items:
        picture = _relative(item, source) if isinstance(item, ImageRef) else None
        columns["text"].append(item if isinstance(item, str) else None)
        for name in ("path", "member", "sha256", "name"):
            columns[name].append(getattr(picture, name) if picture else None)
    items = pa.table({k: pa.array(v, pa.large_string()) for k, v in columns.items()})
    pq.write_table(items, folder / "items.parquet", row_group_size=GROUP_ROWS)
    dataset.table.to_parquet(folder / "table.parquet", index=False, row_group_size=GROUP_ROWS)
    record = {
        "dataset": dataset.key,
        "name": dataset.name,
        "items_key": dataset.items_key,
        "rows": len(dataset),
        "modalities": sorted(dataset.modalities),
        "columns": list(dataset.columns),
        "text_column": dataset.text_column,
        "rejected": [dataclasses.asdict(r) for r in dataset.rejected],
        "origin": list(origin),
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }
    (folder / "dataset.json").write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")


def read_dataset(folder: Path, *, rows: int | None = None) -> Dataset:
    """Return the dataset that `write_dataset` wrote, or its first *rows* rows alone."""
    import pandas as pd

    record: dict[str, Any] = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
    columns = _read(folder / "items.parquet", rows).to_pydict()
    items: list[Item] = [
        text if text is not None else ImageRef(_absolute(path, folder), sha256, member or "", name or "")
        for text, path, member, sha256, name in zip(
            *(columns[c] for c in ("text", "path", "member", "sha256", "name")), strict=True
        )
    ]
    table = _read(folder / "table.parquet", rows).to_pandas()
    if len(table) != len(items):  # a table without columns forgets how many rows it has
        table = pd.DataFrame(index=pd.RangeIndex(len(items)))
    return Dataset(
        key=record["dataset"],
        name=record["name"],
        items=items,
        table=table,
        rejected=tuple(Rejected(**r) for r in record["rejected"]),
        items_key=record["items_key"],
        columns=tuple(record["columns"]),
        text_column=record["text_column"],
    )


def _read(file: Path, rows: int | None) -> Any:
    """Return an Arrow table of the file's rows, or of its first ones without reading the others."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if rows is None:
        return pq.read_table(file)
    with pq.ParquetFile(file) as stored:
        first = next(stored.iter_batches(batch_size=rows), None)
        return pa.Table.from_batches([first] if first is not None else [], stored.schema_arrow)


def _relative(picture: ImageRef, source: Path | None) -> ImageRef:
    path = Path(picture.path).resolve()
    if source is not None and path.is_relative_to(source.resolve()):
        return dataclasses.replace(picture, path=(Path(SOURCE) / path.relative_to(source.resolve())).as_posix())
    return dataclasses.replace(picture, path=str(path))


def _absolute(path: str, folder: Path) -> str:
    return path if Path(path).is_absolute() else str(folder / path)
