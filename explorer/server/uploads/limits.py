"""How much uploads may bring: judged when one is begun, by what its sender says of it, and again while it is written.

It keeps and counts nothing: `incoming` does.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from explorer.errors import CannotWrite, ServerBusy, UploadRefused

KEEP_FREE = 256 * 2**20
"""Bytes of disk that an upload never takes."""
MAX_FILES = 200_000
MOST_OPEN = 64
"""Uploads that are begun and neither finished nor cancelled."""


class Planned(NamedTuple):
    """What the sender says that an upload will be: how many files, their bytes in all, those of the largest."""

    files: int
    bytes: int
    largest: int


class Incomplete(UploadRefused):
    """An upload is to be read before all of it is here."""

    status = 409


@dataclass(frozen=True)
class Limits:
    """The most bytes of an upload and of one of its files, and what of the disk of *folder* it leaves free."""

    folder: Path
    limit_bytes: int
    file_limit_bytes: int
    keep_free: int

    def judge(self, planned: Planned) -> None:
        """Raise UploadRefused or CannotWrite for an upload that cannot become complete."""
        if planned.files > MAX_FILES:
            raise too_many_files()
        if planned.largest > self.file_limit_bytes:
            raise UploadRefused(
                f"a file of {human(planned.largest)} is larger than {human(self.file_limit_bytes)}, the most for one "
                "file here; pack or split it."
            )
        self.judge_all(planned.bytes)
        free = self.free()
        if free - planned.bytes < self.keep_free:
            raise CannotWrite(
                f"the server's disk has only {human(max(0, free - self.keep_free))} to spare, too little for these "
                f"{human(planned.bytes)}; free some space and send them again."
            )

    def judge_file(self, name: str, size: int) -> None:
        """Raise UploadRefused when file *name* grows to *size* bytes and may not."""
        if size > self.file_limit_bytes:
            raise UploadRefused(f"{name!r} is larger than {human(self.file_limit_bytes)}, the most for one file here.")

    def judge_room(self, name: str, more: int) -> None:
        """Raise CannotWrite when *more* bytes of file *name* would leave too little of the disk free."""
        free = self.free()
        if free - more < self.keep_free:
            raise CannotWrite(
                f"the server's disk has only {human(free)} left, too little for {name!r}; free some space and go on."
            )

    def judge_all(self, size: int) -> None:
        """Raise UploadRefused when an upload grows to *size* bytes in all."""
        if size > self.limit_bytes:
            raise UploadRefused(f"this upload is larger than {human(self.limit_bytes)}, the most for one upload.")

    def free(self) -> int:
        """Return the bytes that the disk has left."""
        there = next(path for path in (self.folder, *self.folder.parents) if path.exists())
        return shutil.disk_usage(there).free


def check_arrived(planned: Planned, sizes: Mapping[str, int]) -> None:
    """Raise Incomplete unless the files of these *sizes* are all that was *planned*."""
    count, size = len(sizes), sum(sizes.values())
    if count < planned.files or size < planned.bytes:
        raise Incomplete(
            f"only {count:,} of {planned.files:,} files are here, {human(size)} of {human(planned.bytes)}; "
            "send the rest, then finish the upload."
        )


def too_many_files() -> UploadRefused:
    """Return the error that says that an upload has too many files."""
    return UploadRefused(f"more than {MAX_FILES:,} files in one upload; put them in a zip file instead.")


def too_many_open(count: int) -> ServerBusy:
    """Return the error that says that no further upload can be begun."""
    return ServerBusy(
        f"{count} uploads are under way here already; finish or cancel one, then try again.", retry_seconds=30
    )


def human(size: int) -> str:
    """Return *size* in the largest unit that leaves at least 1: ``20 GB``."""
    for unit, scale in (("GB", 2**30), ("MB", 2**20), ("KB", 2**10)):
        if size >= scale:
            return f"{size / scale:.3g} {unit}"
    return f"{size} bytes"
