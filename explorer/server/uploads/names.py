"""What is known of one upload, all of it derived from its folder: which file is kept under which name.

It writes no content; what is kept and in which pieces it comes, `uploads` decides.
"""

from __future__ import annotations

import errno
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

from explorer.errors import CannotWrite, ExplorerError, NotFound, NotReady, UploadRefused
from explorer.server.uploads import limits
from explorer.server.uploads.filenames import clean_name
from explorer.server.uploads.limits import Planned

_NAMES = "names.jsonl"
_PLANNED = "planned.json"


class OffsetMismatch(UploadRefused):
    """A piece does not begin where the file ends; ``offset`` is where to go on."""

    status = 409

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass
class Upload:
    """One upload: its folder, its files' names, those being written now, and the bytes that they hold."""

    root: Path
    names: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    busy: set[str] = field(default_factory=set)
    read: bool = False
    """Whether it is being read into a dataset, and takes nothing more."""
    tried: dict[tuple[str, int], int] = field(default_factory=dict)
    """The number that a name's last variant had: those before it are taken."""
    bytes: int = 0
    planned: Planned | None = None
    """What its sender said that it will be."""

    def claim(self, name: str) -> str:
        """Return the relative name under which *name* is kept: its own, or the next free variant of it."""
        parts: list[str] = []
        *parents, leaf = clean_name(name).split("/")
        for parent in parents:
            parts.append(self._variant(parts, parent, self.taken))
        relative = "/".join([*parts, self._variant(parts, leaf, self.taken, self.folders)])
        self.remember(name, relative)
        return relative

    def remember(self, name: str, relative: str) -> None:
        """Enter one name, and the folders it is in."""
        self.names[name] = relative
        self.taken.add(_same(relative))
        above = relative.split("/")[:-1]
        self.folders.update(_same("/".join(above[: i + 1])) for i in range(len(above)))

    def note(self, name: str) -> None:
        """Choose the name under which *name* is kept, and note it; raises NotFound, UploadRefused, CannotWrite."""
        kept = self.claim(name)
        try:
            with (self.root / _NAMES).open("a", encoding="utf-8") as lines:
                lines.write("\n" + json.dumps([name, kept]))  # first the break: the last line may have been cut short
        except FileNotFoundError as exc:
            raise unknown_upload(self.root.name) from exc
        except OSError as exc:
            raise refused_by_disk(name, exc) from exc

    def reserve(self, name: str) -> str:
        """Return the relative name for *name*, noted on disk at first contact, and mark it as being written.

        Raises NotReady while the upload is read, OffsetMismatch while the file is written, UploadRefused, CannotWrite.
        """
        if self.read:
            raise NotReady(f"the upload is being read, without {name!r}; send it in another upload.")
        if name in self.busy:
            size = self.size_of(name) or 0
            raise OffsetMismatch(f"{name!r} is still being written by an earlier request; wait and go on.", size)
        if name not in self.names:
            if len(self.names) >= limits.MAX_FILES:
                raise limits.too_many_files()
            self.note(name)
        self.busy.add(name)
        return self.names[name]

    def _variant(self, parents: list[str], leaf: str, *taken: set[str]) -> str:
        """Return *leaf*, or ``leaf (2)`` and so on, the first below *parents* that is in none of the sets *taken*."""
        plain = _same("/".join([*parents, leaf])), len(taken)
        variant, count = leaf, self.tried.get(plain, 1)
        if count > 1:
            variant = _numbered(leaf, count)
        while any(_same("/".join([*parents, variant])) in names for names in taken):
            count += 1
            variant = _numbered(leaf, count)
        self.tried[plain] = count
        return variant

    def size_of(self, name: str) -> int | None:
        """Return the bytes of the file that came as *name*; None while there is none."""
        try:
            return (files_in(self.root) / self.names[name]).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return None


def note_planned(root: Path, planned: Planned) -> None:
    """Write down what an upload will be; raises OSError."""
    (root / _PLANNED).write_text(json.dumps(planned._asdict()), encoding="utf-8")


def _planned_of(root: Path) -> Planned | None:
    try:
        return Planned(**json.loads((root / _PLANNED).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None  # never said, or by a server that ended before it had written it


def read_upload(root: Path) -> Upload:
    """Return the upload in a folder, as what lies there tells it."""
    upload = Upload(root, planned=_planned_of(root))
    journal = root / _NAMES
    for line in journal.read_text(encoding="utf-8").splitlines() if journal.is_file() else ():
        try:
            name, relative = json.loads(line)
        except ValueError:
            continue  # a line that the server's end cut short; its file was not begun
        upload.remember(name, relative)
        upload.bytes += upload.size_of(name) or 0
    return upload


def _numbered(leaf: str, count: int) -> str:
    return f"{Path(leaf).stem} ({count}){Path(leaf).suffix}"


def _same(relative: str) -> str:
    """Return what two names share that this system's disks take for one: most but Linux's ignore case."""
    return relative if sys.platform.startswith("linux") else relative.casefold()


def files_in(root: Path) -> Path:
    """Return the folder of an upload's files."""
    return root / "files"


def unknown_upload(key: str) -> NotFound:
    """Return the error that says that an upload is not here."""
    return NotFound(f"there is no upload {key!r}; it was cancelled or finished. Start again.")


def refused_by_disk(name: str, exc: OSError) -> ExplorerError:
    """Return the error that says why the disk did not take a file."""
    if exc.errno == errno.EROFS:
        return CannotWrite("the workspace may only be read; make its folder writable, and go on.")
    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return CannotWrite(f"the server's disk is full, {name!r} is not complete; free some space and go on.")
    return UploadRefused(f"{name!r} could not be written ({exc.strerror or exc}); give it another name and try again.")
