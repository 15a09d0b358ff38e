"""Finds the files of an upload: single files, the files of a folder, the entries of a zip archive.

It reads no content: the readers do, from the `Source`s it returns.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from explorer.errors import UnreadableFile
from explorer.ingest import archives
from explorer.kinds import open_archive
from explorer.types import Rejected

PICTURE, TABLE, LINES, ARCHIVE = "picture", "table", "lines", "archive"
KINDS = {
    ".csv": TABLE,
    ".tsv": TABLE,
    ".jsonl": TABLE,
    ".ndjson": TABLE,
    ".parquet": TABLE,
    ".txt": LINES,
    ".zip": ARCHIVE,
    ".jpg": PICTURE,
    ".jpeg": PICTURE,
    ".png": PICTURE,
    ".webp": PICTURE,
    ".gif": PICTURE,
    ".bmp": PICTURE,
}
SUFFIXES = tuple(KINDS)
"""The file name endings that are read, in lower case; upper case is read too."""

_CURES = {
    ".xlsx": "save it as CSV",
    ".xls": "save it as CSV",
    ".ods": "save it as CSV",
    ".json": "save it as JSON lines (.jsonl), one object a line",
    ".pdf": "save its text as .txt, or its records as CSV",
    ".docx": "save it as plain text (.txt)",
    ".doc": "save it as plain text (.txt)",
    ".gz": "unpack it first",
    ".tar": "pack it as .zip",
    ".rar": "pack it as .zip",
    ".7z": "pack it as .zip",
    ".heic": "save it as JPEG",
    ".tif": "save it as PNG",
    ".tiff": "save it as PNG",
    ".svg": "save it as PNG",
}


@dataclass(frozen=True)
class Source:
    """One file to read: at *path*, or the entry *member* of the archive at *path*; *name* is its path in the upload."""

    name: str
    path: Path
    kind: str
    size: int
    member: str = ""

    @property
    def suffix(self) -> str:
        """The ending of its name, in lower case."""
        return suffix_of(self.name)

    def open(self) -> IO[bytes]:
        """Open it for reading from the start.  Raises UnreadableFile."""
        try:
            if self.member:
                return open_archive(self.path).open(self.member)
            return self.path.open("rb")
        except (OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile) as exc:
            raise UnreadableFile(f"cannot open {self.name}: {exc}. Check the file and load it again.") from exc


@dataclass
class Upload:
    """What one given path holds: *sources* to read, *rejected* ones; *container*: a folder or archive."""

    name: str
    container: bool
    sources: list[Source] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


def suffix_of(name: str) -> str:
    """Return the ending of a file name, in lower case, with its dot."""
    return PurePosixPath(name).suffix.lower()


def unknown_type(name: str) -> str:
    """Return the reason why a file of this name is not read, and the cure."""
    suffix = suffix_of(name)
    what = f"the type {suffix} is not read" if suffix else "a file without an ending is not read"
    return f"{what}; {_CURES.get(suffix, 'accepted are ' + ', '.join(SUFFIXES))}"


def find(path: Path) -> Upload:
    """Return what the path holds, pictures first among a container's contents, all in the order of their names.

    Raises UnreadableFile for a path that does not exist, is of no known type, or is a broken or hostile archive.
    """
    if path.is_dir():
        return _chosen(_folder(path))
    if not path.exists():
        raise UnreadableFile(f"{path} does not exist. Check the path.")
    kind = KINDS.get(suffix_of(path.name))
    if kind is None:
        cure = f"Accepted are {', '.join(SUFFIXES)} and folders."
        raise UnreadableFile(f"cannot read {path.name}: {unknown_type(path.name).split('; accepted')[0]}. {cure}")
    if kind == ARCHIVE:
        return _chosen(_archive(path))
    return Upload(path.name, False, [Source(path.name, path, kind, path.stat().st_size)])


def is_system_file(name: str) -> bool:
    """Say whether a path inside an upload belongs to the operating system, not to the user."""
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") or part in ("__MACOSX", "Thumbs.db", "desktop.ini") for part in parts)


def _folder(path: Path) -> Upload:
    upload = Upload(path.resolve().name, True)
    for folder, inner, files in os.walk(path, onerror=_refuse):
        inner[:] = sorted(name for name in inner if not is_system_file(name))
        for file in files:
            where = Path(folder, file)
            name = where.relative_to(path).as_posix()
            if is_system_file(name):
                continue
            try:
                _sort_in(upload, Source(name, where, KINDS.get(suffix_of(file), ""), where.stat().st_size), "folder")
            except OSError as exc:
                upload.rejected.append(Rejected(name, None, f"cannot be read: {exc.strerror}"))
    return upload


def _refuse(error: OSError) -> None:
    raise UnreadableFile(f"cannot list {error.filename}: {error.strerror}. Check its permissions.") from error


def _archive(path: Path) -> Upload:
    upload = Upload(path.name, True)
    for entry in archives.entries(path):
        if is_system_file(entry.name):
            continue
        if entry.fault:
            upload.rejected.append(Rejected(entry.name, None, entry.fault))
            continue
        kind = KINDS.get(suffix_of(entry.name), "")
        _sort_in(upload, Source(entry.name, path, kind, entry.size, member=entry.member), "zip archive")
    return upload


def _sort_in(upload: Upload, source: Source, inside: str) -> None:
    if source.kind == ARCHIVE:
        reason = f"a zip archive inside a {inside} is not opened; load it by itself"
        upload.rejected.append(Rejected(source.name, None, reason))
    elif not source.kind:
        upload.rejected.append(Rejected(source.name, None, unknown_type(source.name)))
    else:
        upload.sources.append(source)


def _chosen(upload: Upload) -> Upload:
    """Keep a container's pictures alone when it has any: tables and notes beside them are not items."""
    upload.sources.sort(key=lambda source: source.name)
    pictures = [source for source in upload.sources if source.kind == PICTURE]
    if pictures:
        upload.rejected += [
            Rejected(source.name, None, "it lies among pictures and is not one; load it by itself to read it")
            for source in upload.sources
            if source.kind != PICTURE
        ]
        upload.sources = pictures
    upload.rejected.sort(key=lambda fault: fault.source)
    return upload


def as_paths(source: str | Path | Sequence[str | Path]) -> list[Path]:
    """Return the given path or paths as a list.  Raises UnreadableFile when there is none."""
    given = [source] if isinstance(source, str | Path) else list(source)
    if not given:
        raise UnreadableFile("no file was given. Name at least one file or folder.")
    return [Path(path).expanduser() for path in given]
