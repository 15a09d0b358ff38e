"""What a dataset's file tells of itself, which entries it may have, and how large they may be.

It neither packs nor unpacks.

    dataset/  dataset.json items.parquet table.parquet places.parquet rejected.jsonl vectors.npy    as in a workspace
    dataset/source/…              what was uploaded, or the files that the dataset was read from
    items.csv                     the rows, for people
    runs/KEY.json  KEY.titles.json
    stages/STAGE-KEY/…            as in a workspace
    checksums.txt                 SHA-256 of each entry above, as `sha256sum -c` reads it
    embedding-explorer.json       the manifest: the last entry, so that a file that was cut short has none
"""

from __future__ import annotations

import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explorer.config import PORTABLE as MANIFEST
from explorer.errors import UnreadableFile
from explorer.portable.told import parsed

FORMAT, SCHEMA = "embedding-explorer dataset", 1
CHECKSUMS = "checksums.txt"
ITEMS_CSV = "items.csv"
SOURCE = "dataset/source/"
MOST_ENTRIES = 500_000
MOST_RATIO, RATIO_MATTERS = 500, 2**30
"""A file that unpacks to more than the latter has nothing to be packed that tightly: vectors and pictures are not."""
MOST_TOLD = 64 * 2**20
"""Bytes of an entry that is parsed as a whole: the manifest, a record."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_NAME = r"[A-Za-z0-9_-]{1,64}"
_ENTRY = re.compile(
    rf"dataset/(dataset\.json|(items|table|places)\.parquet|rejected\.jsonl|vectors\.npy)|{re.escape(ITEMS_CSV)}|{re.escape(CHECKSUMS)}"
    rf"|{re.escape(MANIFEST)}|runs/{_NAME}(\.titles)?\.json|stages/[a-z]{{1,20}}-{_NAME}/{_NAME}\.(npy|json)"
)
_CHECKSUM = re.compile(r"([0-9a-f]{64})  (.+)")


@dataclass(frozen=True)
class Contents:
    """An archive that may be unpacked: its entries by name, what its manifest tells, and their checksums."""

    archive: zipfile.ZipFile
    entries: Mapping[str, zipfile.ZipInfo]
    told: Mapping[str, Any]
    checksums: Mapping[str, str]

    @property
    def size(self) -> int:
        """Bytes that it takes when it is unpacked."""
        return sum(info.file_size for info in self.entries.values())


def is_portable(path: Path) -> bool:
    """Whether a file is a dataset that was saved as one: a zip with a manifest of ours."""
    if not path.is_file() or not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return _manifest(archive).get("format") == FORMAT
    except (*FAULTS, UnreadableFile):
        return False


_UNPACKING = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError)
FAULTS = (*_UNPACKING, OSError, ValueError, KeyError, NotImplementedError, RuntimeError)
"""What a damaged archive raises."""


def contents(archive: zipfile.ZipFile, name: str) -> Contents:
    """Judge an archive by what it says of itself, before anything of it is unpacked.  Raises UnreadableFile."""
    entries: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        if not is_expected(info.filename) or info.filename in entries:
            raise refused(name, f"it holds {info.filename[:100]!r}, which has no place in it")
        if info.flag_bits & _ENCRYPTED or info.compress_type not in _METHODS:
            raise refused(name, f"{info.filename[:100]!r} is packed in a way that is not ours")
        entries[info.filename] = info
    _check_sizes(archive, entries, name)
    told = _manifest(archive)
    if told.get("format") != FORMAT:
        raise refused(name, "it has no manifest")
    if not isinstance(told.get("schema"), int) or told["schema"] > SCHEMA:
        raise UnreadableFile(
            f"{name} was saved by a newer version of Embedding Explorer; update this one, and try again."
        )
    checksums = _checksums(archive, entries, told, name)
    return Contents(archive, entries, told, checksums)


def is_expected(name: str) -> bool:
    """Whether an entry of this name has a place in a dataset's file, and leads nowhere else."""
    if not name.startswith(SOURCE):
        return bool(_ENTRY.fullmatch(name))
    parts = name.removeprefix(SOURCE).split("/")
    return all(part not in ("", ".", "..") and "\\" not in part and "\0" not in part for part in parts)


def refused(name: str, why: str) -> UnreadableFile:
    """Return the error that says why a file is no dataset that can be taken in."""
    return UnreadableFile(f"{name} cannot be taken in as a saved dataset: {why}. Save it anew where it comes from.")


def record_of(contents: Contents, name: str) -> dict[str, Any]:
    """Return a small entry that is a json object.  Raises one of FAULTS, RecursionError."""
    value = parsed(small(contents.archive, contents.entries[name]))
    if not isinstance(value, dict):
        raise ValueError(f"{name} is no object")
    return value


def small(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return the bytes of an entry that is parsed as a whole.  Raises one of FAULTS."""
    if info.file_size > MOST_TOLD:
        raise ValueError(f"{info.filename} is too large")
    return archive.read(info)


def _check_sizes(archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], name: str) -> None:
    if len(entries) > MOST_ENTRIES:
        raise refused(name, f"it holds {len(entries):,} files; the limit is {MOST_ENTRIES:,}")
    unpacked = sum(info.file_size for info in entries.values())
    packed = max(1, Path(archive.filename or "").stat().st_size)
    if unpacked > RATIO_MATTERS and unpacked > MOST_RATIO * packed:
        raise refused(name, f"it unpacks to {unpacked // packed:,} times its size; the limit is {MOST_RATIO} times")


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        told = json.loads(small(archive, archive.getinfo(MANIFEST)))
    except RecursionError as exc:
        raise ValueError("the manifest is nested too deeply") from exc
    return told if isinstance(told, dict) else {}


def _checksums(
    archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], told: Mapping[str, Any], name: str
) -> dict[str, str]:
    import hashlib

    info = entries.get(CHECKSUMS)
    listed = small_list(archive, info) if info is not None else b""
    if hashlib.sha256(listed).hexdigest() != told.get("checksums"):
        raise refused(name, f"{CHECKSUMS} is not what it was when it was saved")
    lines = (_CHECKSUM.fullmatch(line) for line in listed.decode("utf-8").split("\n") if line)
    known = {found[2]: found[1] for found in lines if found is not None}
    if known.keys() != entries.keys() - {CHECKSUMS, MANIFEST}:
        raise refused(name, "files of it are missing or were added")
    return known


def small_list(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return the list of checksums, which has a line for each entry.  Raises ValueError."""
    if info.file_size > MOST_ENTRIES * 1_200:
        raise ValueError(f"{info.filename} is too large")
    return archive.read(info)
