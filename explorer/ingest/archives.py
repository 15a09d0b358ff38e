"""Lists the entries of a zip or tar archive, with what speaks against each; nothing is ever extracted to disk.

It does not open the entries: `Source.open` and `kinds.files` do.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from explorer.config import PORTABLE
from explorer.errors import UnreadableFile
from explorer.ingest.columns import utf8
from explorer.ingest.edge import why
from explorer.ingest.guessing import Guess, guessed
from explorer.ingest.reader import ARCHIVE, HEAD, NamedFormat
from explorer.ingest.unnamed import called_wrongly
from explorer.kinds import TAR_SUFFIXES, Member, Tar, is_tar, open_archive

MAX_ENTRIES = 200_000
MAX_UNPACKED = 64 * 2**30
MAX_RATIO = 500
RATIO_MATTERS = 2**30
"""Archives that unpack to less than this many bytes may be packed however tightly (a drawing is, a table too)."""

_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_DOS = ("cp850", "cp852")
"""What Windows writes names with Latin letters in."""
_DOS_OTHERS = ("cp866", "cp932", "gb18030", "big5", "cp949")
_STANDARD = "cp437"
"""What names are in by the standard, and are read as by zipfile."""
_NO_FILES = {
    "link": "it is a link, and links in archives are not followed; pack the file itself",
    "sparse": "it is a sparse file; pack it without holes",
    "other": "it is no file but a device or the like",
}
"""Why entries of a tar archive that are no plain files are not read."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


@dataclass(frozen=True)
class Entry:
    """One file of an archive: *member* as the archive calls it, *name* cleaned, *fault* empty when it can be read."""

    name: str
    member: str
    size: int
    fault: str = ""


def entries(path: Path) -> Iterator[Entry]:
    """Yield the files of the archive in its own order.  Raises UnreadableFile for a broken or hostile archive."""
    archive = _opened(path)
    if isinstance(archive, Tar):
        yield from _tar_entries(path, archive)
        return
    infos = [info for info in archive.infolist() if not info.is_dir()]
    _check_sizes(path, infos)
    if any(info.filename == PORTABLE for info in infos):
        cure = "take it in by itself: drop it alone on the page, or use: embedding-explorer import"
        raise UnreadableFile(f"{path.name} is a dataset that was saved with its maps; {cure}.")
    codec = _codec_of_names(infos)
    for info in infos:
        fault = _fault(info)
        if not fault and archive.getinfo(info.filename) is not info:
            fault = "a later entry of the archive has the same name"
        yield Entry(clean_name(_decoded(info, codec)), info.filename, info.file_size, fault)


def clean_name(name: str) -> str:
    """Return the path with "/" between its parts and without drive, leading slash, "." and ".."."""
    parts = re.sub(r"^[A-Za-z]:", "", name.replace("\\", "/")).split("/")
    return "/".join(part for part in parts if part not in ("", ".", "..")) or "unnamed"


def _opened(path: Path) -> zipfile.ZipFile | Tar:
    try:
        return open_archive(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as exc:
        what = "tar" if is_tar(path.name) else "zip"
        other = called_wrongly(path.name, _start(path)) if what == "zip" else ""
        if other:
            raise UnreadableFile(f"cannot read {path.name}: it is not a whole zip archive: {other}.") from exc
        raise UnreadableFile(
            f"cannot read {path.name}: it is not a whole {what} archive ({why(exc)}). Pack it again and load it again."
        ) from exc


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError:
        return b""


def _tar_entries(path: Path, archive: Tar) -> Iterator[Entry]:
    names = [member.written for member in archive.members if utf8(member.written) is None]
    guess = guessed(names) if names else None
    for member in archive.members:
        fault = _NO_FILES.get(member.kind, "")
        if not fault and not archive.latest(member):
            fault = "a later entry of the archive has the same name"
        yield Entry(clean_name(_tar_name(member, guess)), member.name, member.size, fault)
    if archive.torn:
        yield Entry(path.name, "", 0, f"it is not whole ({archive.torn}); what follows its last good entry is lost")


def _tar_name(member: Member, guess: Guess | None) -> str:
    if guess is None or utf8(member.written) is not None:
        return member.name
    try:
        return member.written.decode(guess.codec)
    except UnicodeDecodeError:
        return member.name


def _check_sizes(path: Path, infos: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(info.file_size for info in infos)
    packed = max(path.stat().st_size, 1)
    if len(infos) > MAX_ENTRIES:
        found, limit = f"holds {len(infos):,} files", f"{MAX_ENTRIES:,}"
    elif unpacked > MAX_UNPACKED:
        found, limit = f"unpacks to {unpacked / 2**30:,.0f} GiB", f"{MAX_UNPACKED // 2**30} GiB"
    elif unpacked > RATIO_MATTERS and unpacked > MAX_RATIO * packed:
        found, limit = f"unpacks to {unpacked // packed:,} times its size", f"{MAX_RATIO} times"
    else:
        return
    raise UnreadableFile(f"{path.name} {found}; the limit is {limit}. Unpack it and load the folder instead.")


def _fault(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _ENCRYPTED:
        return "it is encrypted; pack it without a password"
    if info.compress_type not in _METHODS:
        return f"it is packed by a method (number {info.compress_type}) that is not known; pack it as a plain zip"
    return ""


def _codec_of_names(infos: list[zipfile.ZipInfo]) -> str:
    """Return how the names without the flag of UTF-8 are written, by all of them: programs of old wrote their own."""
    names = [name for info in infos if (name := _as_written(info))]
    if all(utf8(name) is not None for name in names):
        return _STANDARD
    guess = guessed(names, latin=_DOS, others=_DOS_OTHERS)
    return guess.codec if guess is not None else _STANDARD


def _decoded(info: zipfile.ZipInfo, codec: str) -> str:
    """Return the entry's name, as its archive's names are written."""
    written = _as_written(info)
    if not written:
        return info.filename
    text = utf8(written)
    try:
        return written.decode(codec) if text is None else text
    except UnicodeDecodeError:
        return info.filename


def _as_written(info: zipfile.ZipInfo) -> bytes:
    """Return the bytes of a name beyond ASCII that is not said to be UTF-8; of others none.

    As the archive has them: zipfile puts "/" for what it takes for a backslash, and that may be half of a letter.
    """
    if info.flag_bits & _UTF8_NAME or info.orig_filename.isascii():
        return b""
    try:
        return info.orig_filename.encode(_STANDARD)
    except UnicodeEncodeError:
        return b""


ZIP = NamedFormat(
    name="a zip of pictures",
    suffixes=(".zip",),
    summary="Many files packed as one: the pictures or sounds in it, or else its tables and texts.",
    kind=ARCHIVE,
    cures={".gz": "unpack it first", **dict.fromkeys((".rar", ".7z"), "pack it as .zip")},
)
TAR = NamedFormat(
    name="a tar of them",
    suffixes=TAR_SUFFIXES,
    summary="The same as a zip, packed or not; links in it are not followed.",
    kind=ARCHIVE,
)
