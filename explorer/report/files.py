"""Writes a run's report files, each whole or not at all, and renders one of them, piece by piece.

It does not decide what is in them; `tables`, `record` and `page` do.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

from explorer.errors import BadSetting
from explorer.report import tables
from explorer.report.alike import alike
from explorer.report.faults import csv_of_faults, faults_of
from explorer.report.page import html_page
from explorer.report.pictures import Thumbnail
from explorer.report.piecewise import csv_of_items, npy_of_vectors, parquet_of_items
from explorer.report.record import json_record
from explorer.types import Run

FORMATS = ("html", "csv", "parquet", "json", "npy")
_FILES = {
    "html": ("report.html",),
    "csv": ("clusters.csv", "items.csv", "faults.csv"),
    "parquet": ("clusters.parquet", "items.parquet"),
    "json": ("report.json",),
    "npy": ("vectors.npy",),
}
NEAR_DUPLICATE = 0.98


def write_report(
    run: Run,
    path: str | os.PathLike[str],
    *,
    format: str | None = None,
    near_duplicate: float = NEAR_DUPLICATE,
    thumbnail: Thumbnail | None = None,
) -> list[Path]:
    """Write the report to *path* and return the files written.

    A path that ends in .html, .csv, .parquet, .json or .npy is that one file (the items for csv and parquet); a
    path without suffix is a folder and gets every file of *format*, or of all formats when it is None.
    *near_duplicate* is the cosine from which rows count as near-duplicates; *thumbnail* gives a small picture
    for an image in place of opening it.  Raises BadSetting for a format that there is not, or a place that cannot
    be written.
    """
    target = Path(path).expanduser()
    _check_threshold(near_duplicate)
    if format is not None:
        _known(format)
    if target.suffix == "" or target.is_dir():
        chosen = [format] if format else list(FORMATS)
        places = {name: target / name for kind in chosen for name in _FILES[kind]}
    else:
        places = {_one_file(target, format): target}
    _make_folder(next(iter(places.values())).parent)
    for name, place in places.items():
        _write(place, pieces(run, name, near_duplicate=near_duplicate, thumbnail=thumbnail))
    return list(places.values())


def write_page(page: str, path: str | os.PathLike[str]) -> Path:
    """Write an HTML page to *path*, and return that.  Raises BadSetting for a place that cannot be written."""
    target = Path(path).expanduser()
    _make_folder(target.parent)
    _write(target, [page.encode("utf-8")])
    return target


def render(
    run: Run, format: str, *, near_duplicate: float = NEAR_DUPLICATE, thumbnail: Thumbnail | None = None
) -> bytes:
    """Return one file: html, json, npy, csv and parquet (the items), clusters.csv, clusters.parquet or faults.csv.

    Raises BadSetting for any other format, and for a threshold outside its range.
    """
    return b"".join(pieces(run, format, near_duplicate=near_duplicate, thumbnail=thumbnail))


def pieces(
    run: Run, format: str, *, near_duplicate: float = NEAR_DUPLICATE, thumbnail: Thumbnail | None = None
) -> Iterator[bytes]:
    """Return what `render` does piece by piece: of a large run no file is ever in memory.  Raises at once."""
    _check_threshold(near_duplicate)
    makers: dict[str, Callable[[], Iterable[bytes]]] = {
        "html": lambda: [html_page(run, near_duplicate=near_duplicate, thumbnail=thumbnail).encode("utf-8")],
        "json": lambda: json_record(run, near_duplicate=near_duplicate),
        "csv": lambda: csv_of_items(run),
        "parquet": lambda: parquet_of_items(run),
        "clusters.csv": lambda: [tables.as_csv(tables.clusters_table(run))],
        "faults.csv": lambda: [csv_of_faults(faults_of(run, alike(run, threshold=near_duplicate)))],
        "clusters.parquet": lambda: [tables.as_parquet(tables.clusters_table(run))],
        "npy": lambda: npy_of_vectors(run),
    }
    kind = {"report.html": "html", "report.json": "json", "vectors.npy": "npy"}.get(format, format)
    kind = kind.removeprefix("items.")
    if kind not in makers:
        raise BadSetting(f"there is no report format {format!r}; the formats are {', '.join(makers)}.")
    made = iter(makers[kind]())
    return chain([next(made, b"")], made)


def _check_threshold(near_duplicate: float) -> None:
    if not 0 < near_duplicate <= 1:
        raise BadSetting(f"near_duplicate is {near_duplicate!r}; it must be above 0 and at most 1.")


def _known(format: str) -> str:
    if format not in FORMATS:
        raise BadSetting(f"there is no report format {format!r}; the formats are {', '.join(FORMATS)}.")
    return format


def _one_file(target: Path, format: str | None) -> str:
    """Return which file a path with a suffix asks for."""
    suffix = target.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        known = ", ".join(f".{name}" for name in FORMATS)
        raise BadSetting(f"{target.name} ends in .{suffix}; a report ends in {known}, or in nothing for a folder.")
    if format is not None and format != suffix:
        raise BadSetting(f"{target.name} ends in .{suffix} but the format is {format}; give one of the two.")
    return suffix


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise _unwritable(folder, exc) from exc


def _write(place: Path, content: Iterable[bytes]) -> None:
    """Write to a temporary name beside *place*, then rename, so that no half file is ever seen."""
    temporary = place.with_name(f".{place.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        try:
            with temporary.open("wb") as file:
                file.writelines(content)
            temporary.replace(place)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as exc:
        raise _unwritable(place, exc) from exc


def _unwritable(place: Path, exc: OSError) -> BadSetting:
    reason = exc.strerror or type(exc).__name__
    return BadSetting(f"cannot write {place}: {reason.lower()}. Choose a place that you may write to.")
