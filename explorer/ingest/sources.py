"""Finds the files of an upload: single files, the files of a folder, the entries of a zip archive.

It reads no more of a content than says what it is: the readers do, from the `Source`s it returns.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from explorer.errors import UnreadableFile
from explorer.ingest import archives
from explorer.ingest.captions import TEXT, bear_names
from explorer.ingest.delimited import DELIMITED
from explorer.ingest.encodings import printable
from explorer.ingest.hub import without_records
from explorer.ingest.lakes import of_tables
from explorer.ingest.reader import ARCHIVE, ITEMS, MEDIA, TABLE, Source
from explorer.ingest.registry import called_otherwise, known, known_by_content, unknown_type
from explorer.ingest.writeahead import base_of, lies_beside
from explorer.kinds import is_tar
from explorer.types import LINK, NOTE, Rejected, cut_middle

_AS_FOUND: Mapping[str, str] = MappingProxyType({})
_LINK = "it is a link to a folder, and is not followed; load that folder itself"
_AMONG = "it lies among {}s and is not one; load it by itself to read it"
_ABOUT = "it explains the tables beside it and is no row of theirs; load it by itself to read it"
_ABOUT_FILES = "it explains the files beside it and is none of them; load it by itself to read it"
_EXPLAINS = re.compile(
    r"(?:read[ _-]?me|licen[cs]e|copying|notice|change ?log|contributing|authors|citation|code[ _-]of[ _-]conduct"
    r"|data(?:set)?[ _-]card)(?:[._-][a-z]{2}(?:[_-][a-z]{2})?)?"
)
"""Names of files that explain others, also in one of several languages ("README.de")."""
_UNNAMED = "its name does not end as one of a known format does; {}, it was read as {}"
_ALL_UNNAMED = (
    "the names of {:,} of its files do not end as those of known formats do; by what is in them, they were read"
)
_NO_UTF8 = "its name is not UTF-8; rename it"


@dataclass
class Upload:
    """What one given path holds: *sources* to read, *rejected* ones; *container*: a folder or archive.

    *beside*: tables that lie among its pictures or sounds; *captions*: what bears names of some, with their numbers.
    *left*: what is not read as it lies among what is; *others*: all that lies among pictures and is none.
    *spare*: the same as the other kind, for where nothing of this one is usable.  *unnamed* are files whose names say
    nothing, and are read where there are no others.  *brought*: pictures and sounds that its chats may name.
    """

    name: str
    container: bool
    sources: list[Source] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    beside: list[Source] = field(default_factory=list)
    captions: list[tuple[Source, list[int]]] = field(default_factory=list)
    left: list[Rejected] = field(default_factory=list)
    others: list[Source] = field(default_factory=list)
    spare: Upload | None = None
    unnamed: list[Source] = field(default_factory=list)
    brought: list[Source] = field(default_factory=list)

    def files(self) -> list[Source]:
        """Return all that is read of it."""
        return [*self.sources, *self.beside, *(source for source, _ in self.captions), *self.brought]


def find(path: Path, choices: Mapping[str, str] = _AS_FOUND) -> Upload:
    """Return what the path holds, pictures or sounds first among a container's contents, in the order of their names.

    *choices* are the ways to read it that somebody asked for.
    Raises UnreadableFile for a path that does not exist, is of no known type, or is a broken or hostile archive.
    """
    upload = _found(path)
    for sources in (upload.sources, upload.beside, upload.others):
        sources[:] = [replace(source, choices=choices) for source in sources]
    return upload


def _found(path: Path) -> Upload:
    if not _is_utf8(path):
        raise UnreadableFile(f"cannot read {printable(path.name)}: {_NO_UTF8}.")
    if path.is_dir():
        return _chosen(_folder(path))
    if not path.exists():
        raise UnreadableFile(f"{path} does not exist. Check the path.")
    source = known(Source(path.name, path, None, path.stat().st_size))
    told = list[Rejected]()
    if not source.kind:
        source, how = known_by_content(source)
        if source.format is None:
            raise UnreadableFile(f"cannot read {path.name}: {unknown_type(path.name)}.")
        told.append(Rejected(path.name, None, _UNNAMED.format(how, source.format.name), what=NOTE))
    if source.kind == ARCHIVE:
        upload = _chosen(_archive(path))
        said = called_otherwise(source)
        upload.rejected += [*told, *([Rejected(path.name, None, said, what=NOTE)] if said else [])]
        return upload
    return Upload(path.name, False, [source], told)


def _is_utf8(path: Path) -> bool:
    """Whether the path can be written down: a name in another encoding cannot."""
    text = str(path)
    return printable(text) == text


def is_system_file(name: str) -> bool:
    """Say whether a path inside an upload belongs to the operating system, not to the user."""
    parts = PurePosixPath(name).parts
    locked = PurePosixPath(name).name.startswith("~$")  # what Office keeps beside a file that is open
    return locked or any(_is_hidden(part) or part in ("__MACOSX", "Thumbs.db", "desktop.ini") for part in parts)


def _is_hidden(part: str) -> bool:
    return part.startswith(".") and not part.startswith("..")  # "...and justice.jpg" is somebody's title


def _folder(path: Path) -> Upload:
    upload = Upload(path.resolve().name, True)
    for folder, inner, files in os.walk(path, onerror=_refuse):
        inner[:] = sorted(name for name in inner if not is_system_file(name))
        linked = [Path(folder, name) for name in inner if Path(folder, name).is_symlink()]
        upload.rejected += [
            Rejected(printable(link.relative_to(path).as_posix()), None, _LINK, what=LINK) for link in linked
        ]
        for file in files:
            where = Path(folder, file)
            name = where.relative_to(path).as_posix()
            if is_system_file(name):
                continue
            if not _is_utf8(where):
                upload.rejected.append(Rejected(printable(name), None, _NO_UTF8))
                continue
            try:
                _sort_in(upload, known(Source(cut_middle(name), where, None, where.stat().st_size)), "folder")
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
        source = known(Source(cut_middle(entry.name), path, None, entry.size, member=entry.member))
        _sort_in(upload, source, f"{_kind_of_archive(path.name)} archive")
    return upload


def _sort_in(upload: Upload, source: Source, inside: str) -> None:
    if source.kind == ARCHIVE:
        reason = f"a {_kind_of_archive(source.name)} archive inside a {inside} is not opened; load it by itself"
        upload.rejected.append(Rejected(source.name, None, reason))
    elif not source.kind:
        upload.unnamed.append(source)
        upload.rejected.append(Rejected(source.name, None, unknown_type(source.name)))
    else:
        upload.sources.append(source)


def _kind_of_archive(name: str) -> str:
    return "tar" if is_tar(name) else "zip"


def _chosen(upload: Upload) -> Upload:
    """Keep a container's pictures, or sounds, alone when it has any; `mixed` tells whether others are rather read.

    Of both the more numerous: an album has a cover, a talk its slides.
    """
    _take_unnamed(upload)
    sources, gone = of_tables(without_records(upload.sources))
    sources, about = _without_explanations(sources)
    upload.rejected += [*gone, *about]
    upload.sources = sorted(sources, key=lambda source: source.name)
    counts = Counter(source.kind for source in upload.sources if source.kind in MEDIA)
    if counts:
        kind = max(MEDIA, key=lambda one: counts[one])
        others = [source for source in upload.sources if source.kind != kind]
        upload.sources, upload.others = [source for source in upload.sources if source.kind == kind], others
        _set_beside(upload, others)
    there = {source.name for source in upload.sources}
    upload.rejected = [fault for fault in upload.rejected if base_of(fault.source) not in there]
    upload.rejected.sort(key=lambda fault: fault.source)
    return upload


def _take_unnamed(upload: Upload) -> None:
    """Have files whose names say nothing be read by what is in them, where there are no others but such as explain."""
    if any(not _explains(source) for source in upload.sources):
        return
    told = [one for one, _ in map(known_by_content, upload.unnamed) if one.kind and one.kind != ARCHIVE]
    found = [one for one in told if not _explains(one)]
    if not found:
        return
    gone = {one.name for one in told}
    upload.rejected = [fault for fault in upload.rejected if fault.source not in gone]
    about = [*upload.sources, *(one for one in told if _explains(one))]
    upload.rejected += [Rejected(one.name, None, _ABOUT_FILES) for one in about]
    upload.rejected.append(Rejected(upload.name, None, _ALL_UNNAMED.format(len(found)), what=NOTE))
    upload.sources = found


def _explains(source: Source) -> bool:
    return source.kind == ITEMS and bool(_EXPLAINS.fullmatch(PurePosixPath(source.name).stem.lower()))


def _without_explanations(sources: Sequence[Source]) -> tuple[list[Source], list[Rejected]]:
    """Return the files without what explains the tables among them, as a README does: it is no row of theirs."""
    if not any(source.kind == TABLE for source in sources):
        return list(sources), []
    about = [one for one in sources if _explains(one)]
    gone = {one.name for one in about}
    return [one for one in sources if one.name not in gone], [Rejected(one.name, None, _ABOUT) for one in about]


def _set_beside(upload: Upload, others: Sequence[Source]) -> None:
    """Sort what lies among pictures, or sounds: tables may name them, some bear their names, the rest is not read."""
    named = bear_names(others, upload.sources)
    upload.captions = [(source, named[source.name]) for source in others if source.name in named]
    for source in others:
        if source.name in named:
            continue
        if source.kind == TABLE:
            upload.beside.append(source)
        elif source.kind == ITEMS and source.suffix == TEXT:
            upload.beside.append(replace(source, format=DELIMITED))  # captions.txt: a table that is called so
        else:
            upload.left.append(Rejected(source.name, None, _AMONG.format(upload.sources[0].kind)))


def as_paths(source: str | Path | Sequence[str | Path]) -> list[Path]:
    """Return the given path or paths as a list, without what is read with another one of them.

    Raises UnreadableFile when there is none.
    """
    given = [source] if isinstance(source, str | Path) else list(source)
    if not given:
        raise UnreadableFile("no file was given. Name at least one file or folder.")
    paths = [Path(path).expanduser() for path in given]
    return [path for path in paths if not lies_beside(path, paths)]


def told_apart(uploads: Sequence[Upload]) -> list[Upload]:
    """Return uploads that were given together, their files of one name told apart: by what they lie in, or by number.

    Pictures and sounds keep their names, by which tables know them.
    """
    names = Counter(name for upload in uploads for name in {source.name for source in upload.sources})
    taken, seen = set(names), set[str]()
    for upload in uploads:
        for at, source in enumerate(upload.sources):
            name = source.name
            if source.kind in MEDIA or names[name] == 1:
                continue
            made = cut_middle(f"{upload.name}/{name}") if upload.container else name
            number = 2
            while made in (seen if made == name else taken | seen):
                path = PurePosixPath(name)
                made, number = f"{path.with_suffix('')} ({number}){path.suffix}", number + 1
            seen.add(made)
            upload.sources[at] = replace(source, name=made)
    return list(uploads)
