"""Report files made of others: everything in one zip, and the items of a selection.

It formats nothing by itself: `files` and `piecewise` do.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from typing import Any

from numpy.typing import NDArray

from explorer.report.files import NEAR_DUPLICATE, pieces
from explorer.report.pictures import Thumbnail
from explorer.report.piecewise import Sink, csv_of_items
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


def bundle(run: Run, *, near_duplicate: float = NEAR_DUPLICATE, thumbnail: Thumbnail | None = None) -> Iterator[bytes]:
    """Yield a zip archive with the report in every format, piece by piece."""
    sink = Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, kind in MEMBERS.items():
            info = zipfile.ZipInfo(name, dt.datetime.now().timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=True) as member:
                for piece in pieces(run, kind, near_duplicate=near_duplicate, thumbnail=thumbnail):
                    member.write(piece)
                    yield sink.taken()
    yield sink.taken()


def selected_items(run: Run, rows: NDArray[Any]) -> Iterator[bytes]:
    """Yield the items of some rows, ascending, as CSV, with the columns of ``items.csv``."""
    return csv_of_items(run, rows)
