"""Report files made of others: everything in one zip, and the items of a selection.

It formats nothing by itself: `files` and `tables` do.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from numpy.typing import NDArray

from explorer.report import tables
from explorer.report.files import NEAR_DUPLICATE, render
from explorer.report.pictures import Thumbnail
from explorer.types import Run

MEMBERS = {
    "report.html": "html",
    "report.json": "json",
    "items.csv": "csv",
    "items.parquet": "parquet",
    "clusters.csv": "clusters.csv",
    "clusters.parquet": "clusters.parquet",
    "faults.csv": "faults.csv",
    "vectors.npy": "npy",
}


def bundle(run: Run, *, near_duplicate: float = NEAR_DUPLICATE, thumbnail: Thumbnail | None = None) -> bytes:
    """Return a zip archive with the report in every format."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, kind in MEMBERS.items():
            archive.writestr(name, render(run, kind, near_duplicate=near_duplicate, thumbnail=thumbnail))
    return buffer.getvalue()


def selected_items(run: Run, rows: NDArray[Any]) -> bytes:
    """Return the items of some rows as CSV, with the columns of ``items.csv``."""
    return tables.as_csv(tables.items_table(run).iloc[rows])
