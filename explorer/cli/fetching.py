"""Finds what a command's words name: files and folders here, patterns that no shell expanded, addresses elsewhere.

Addresses are opened by fsspec, here alone: what a page or REST is sent never is an address.  Nothing is read of files.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from explorer.errors import UnreadableFile
from explorer.types import Progress
from explorer.workspace import Workspace, check_room, erase, storing

SCHEMES = ("s3", "gs", "gcs", "hf", "http", "https", "memory")
MAX_FILES = 200_000
_ADDRESS = re.compile(r"\A([A-Za-z][A-Za-z0-9+.-]+)://")
_PATTERN = re.compile(r"[*?\[]")
_PIECE = 2**20
_EXTRA = "install the extra: pip install 'embedding-explorer[remote]'"


@dataclass(frozen=True)
class Found:
    """The *paths* to read; *fetched*: the folder of the workspace that they were fetched into, else None."""

    paths: tuple[Path, ...]
    fetched: Path | None = None


def is_address(word: str) -> bool:
    """Whether a word is an address, such as s3://bucket/reviews.csv."""
    return _ADDRESS.match(word) is not None


def here(words: Sequence[str]) -> list[Path]:
    """Return the files and folders that words name, patterns expanded.  Raises UnreadableFile for an address."""
    found: list[Path] = []
    for word in words:
        if is_address(word):
            raise UnreadableFile(f"{word} is an address; embedding-explorer run {word} fetches it.")
        path = Path(word).expanduser()
        matching = [] if path.exists() or not _PATTERN.search(word) else _expanded(path)
        found += matching or [path]
    return found


def _expanded(pattern: Path) -> list[Path]:
    return sorted(Path(name) for name in glob.glob(str(pattern), recursive=True))  # noqa: PTH207 - it knows no absolute ones


@contextmanager
def found(
    words: Sequence[str], workspace: Workspace, progress: Callable[[Progress], None], *, most: int
) -> Iterator[Found]:
    """Give what the words name; what is at addresses is fetched first, no more than *most* bytes, and goes at the end.

    It stays where a dataset took it in.  Raises UnreadableFile, CannotWrite.
    """
    if not any(map(is_address, words)):
        yield Found(tuple(here(words)))
        return
    if not all(map(is_address, words)):
        raise UnreadableFile("addresses and files cannot be given together; fetch one of them first.")
    folder = workspace.writer.temporary(workspace.path / "uploads" / "fetched")
    try:
        with storing(workspace.path):
            folder.mkdir(parents=True)
            fetching = _Fetching(folder, progress, most)
            for word in words:
                fetching.fetch(word)
        yield Found(tuple(fetching.tops), folder)
    finally:
        erase(folder)


class _Fetching:
    """Writes what is at addresses into a folder, and adds up how much that is."""

    def __init__(self, folder: Path, progress: Callable[[Progress], None], most: int) -> None:
        self._folder, self._progress, self._most = folder, progress, most
        self._done, self._total = 0, 0
        self.tops: list[Path] = []

    def fetch(self, address: str) -> None:
        """Fetch the file, the files of the folder, or those that match.  Raises UnreadableFile."""
        try:
            files, base, system = _listed(address)
            self._check(address, sum(size or 0 for _, size in files), len(files))
            self._total += sum(size or 0 for _, size in files)
            for path, _ in files:
                self._take(address, system, path, _name(path, base))
        except ImportError as exc:
            raise UnreadableFile(f"{address} cannot be fetched: {exc}; {_EXTRA}.") from exc
        except UnreadableFile:
            raise
        except Exception as exc:
            said = str(exc).strip().splitlines()[0][:300] if str(exc).strip() else type(exc).__name__
            raise UnreadableFile(
                f"{address} cannot be fetched: {said}. Check the address and who may read it."
            ) from exc

    def _check(self, address: str, size: int, files: int) -> None:
        if not files:
            raise UnreadableFile(f"there is nothing at {address}. Check the address.")
        if files > MAX_FILES:
            raise UnreadableFile(f"{address} holds {files:,} files; the limit is {MAX_FILES:,}. Name a part of them.")
        if self._done + size > self._most:
            limit = f"{self._most / 2**30:,.1f} GiB (EXPLORER_MAX_UPLOAD_GB)"
            raise UnreadableFile(f"{address} is larger than may be fetched, {limit}. Name a part of it.")
        check_room(self._folder, size)

    def _take(self, address: str, system: Any, path: str, name: PurePosixPath) -> None:
        top = self._folder / name.parts[0]
        target = self._folder / name
        if top not in self.tops:
            self.tops.append(top)
        target.parent.mkdir(parents=True, exist_ok=True)
        with system.open(path, "rb") as source, storing(self._folder), target.open("xb") as file:
            while piece := source.read(_PIECE):
                self._done += len(piece)
                self._check(address, 0, 1)
                file.write(piece)
                self._progress(Progress("fetch", self._done, max(self._total, self._done)))


def _listed(address: str) -> tuple[list[tuple[str, int | None]], str, Any]:
    """Return the files at an address with their sizes, the folder that names are told from, and how to open them."""
    scheme = address.split("://", 1)[0].lower()
    if scheme not in SCHEMES or "::" in address:
        raise UnreadableFile(f"{address} cannot be fetched; what can be begins with {'://, '.join(SCHEMES)}://.")
    import fsspec

    system, path = fsspec.core.url_to_fs(address)
    if _PATTERN.search(path) and scheme not in ("http", "https"):
        paths = system.glob(path)
        base = str(PurePosixPath(_PATTERN.split(path, maxsplit=1)[0] + "x").parent)
    elif scheme not in ("http", "https") and system.isdir(path):
        paths, base = system.find(path), str(PurePosixPath(path).parent)
    else:
        paths, base = [path], str(PurePosixPath(path).parent)
    told = [(one, system.info(one)) for one in paths[: MAX_FILES + 1]]
    return [(one, info.get("size")) for one, info in told if info.get("type") != "directory"], base, system


def _name(path: str, base: str) -> PurePosixPath:
    """Return where a file goes: its path from *base*, of parts that can be names of files anywhere."""
    plain = path.split("?", 1)[0].split("#", 1)[0]
    within = plain.removeprefix(base).strip("/") if plain.startswith(base) else PurePosixPath(plain).name
    parts = [re.sub(r'[\\:*?"<>|\x00-\x1f]', "_", part) for part in within.split("/") if part not in ("", ".", "..")]
    return PurePosixPath(*parts) if parts else PurePosixPath("fetched")
