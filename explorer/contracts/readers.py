"""What every reader of files promises, tried on an example of its format.

Not what it makes of which content: its own tests say that.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from explorer.contracts.contract import Contract, checks_in, promised
from explorer.errors import ContractBroken, UnreadableFile
from explorer.ingest import Content, Reader, Source, Table, check_reader
from explorer.types import Rejected

FAULTS = (UnreadableFile, OSError, EOFError)
"""What a reader may raise for a file that it cannot read."""


@dataclass
class ReaderSubject:
    """A reader, an example of what it reads, and a folder to write into."""

    reader: Reader
    example: Path
    folder: Path

    def source(self, path: Path | None = None, *, member: str = "") -> Source:
        """Return the example, or another file, as a reader is given it."""
        path = path or self.example
        return Source(member or path.name, path, self.reader, path.stat().st_size, member=member)

    def read(self, *, limit: int | None = None) -> Table | Content:
        """Read the example."""
        return self.reader.read(self.source(), _ignore, limit=limit)

    def written(self, content: bytes) -> Source:
        """Return a file with another content than the example's, under its name."""
        self.folder.mkdir(exist_ok=True)
        path = self.folder / self.example.name
        path.write_bytes(content)
        return self.source(path)


class _Stop(Exception):
    """Raised from `advance`, as a caller does who has had enough."""


def check_it_says_what_it_reads(subject: ReaderSubject) -> None:
    """A reader has a name, a summary and the endings of its files in lower case, among them its example's."""
    reader = subject.reader
    promised(reader.name and reader.summary, f"its name is {reader.name!r}, its summary {reader.summary!r}")
    promised(all(one.startswith(".") and one == one.lower() for one in reader.suffixes), f"endings {reader.suffixes}")
    known = subject.source().suffix in reader.suffixes
    start = subject.example.read_bytes()[:4096]
    promised(known or reader.recognises(start, subject.example.name), f"it does not know {subject.example.name}")


def check_it_recognises_or_does_not_and_never_fails(subject: ReaderSubject) -> None:
    """Whether a content is one of its own is True or False, whatever the content, and False for none."""
    for head in (b"", b"\0", b"\xff" * 4096, subject.example.read_bytes()[:4096]):
        said = subject.reader.recognises(head, "a file without a name that says anything")
        promised(isinstance(said, bool), f"{said!r} for {head[:20]!r}")
    promised(not subject.reader.recognises(b"", "empty"), "True for no content")


def check_it_reads_its_example(subject: ReaderSubject) -> None:
    """Of its example it makes at least one row, and everything in it is equally long."""
    found = subject.read()
    promised(isinstance(found, Table | Content), f"it returned {type(found).__name__}")
    promised(_rows(found) > 0, f"no rows, and {len(found.rejected)} rejected")
    lengths = {name: len(values) for name, values in found.columns.items()}
    promised(set(lengths.values()) <= {_rows(found)}, f"{_rows(found)} rows and columns of {lengths}")
    if isinstance(found, Table):
        promised(found.columns, "a table without columns")
        promised(len(set(found.records)) == len(found.records), "two rows with the number of one record")


def check_reading_twice_gives_the_same(subject: ReaderSubject) -> None:
    """Reading the same file twice gives the same."""
    promised(_plain(subject.read()) == _plain(subject.read()), "another content")


def check_a_limit_reads_the_beginning(subject: ReaderSubject) -> None:
    """With a limit it reads the beginning: the first row is the same, and there are no more than without."""
    whole, some = subject.read(), subject.read(limit=1)
    promised(0 < _rows(some) <= _rows(whole), f"{_rows(some)} rows of {_rows(whole)}")
    first, same = _first(whole), _first(some)
    differ = [name for name in same if str(same[name]) != str(first.get(name))]
    promised(not differ, f"the first row has {same} with a limit, {first} without")


def check_it_tells_how_far_it_is(subject: ReaderSubject) -> None:
    """It tells at least once how many bytes are read: never fewer than before, never more than there are."""
    seen: list[int] = []
    subject.reader.read(subject.source(), seen.append)
    size = subject.example.stat().st_size
    promised(seen and seen == sorted(seen) and seen[-1] <= size, f"it tells of {seen} of {size} bytes")


def check_it_stops_when_it_is_told_to(subject: ReaderSubject) -> None:
    """What is raised by the function that it tells how far it is goes through it unchanged."""

    def stop(_seen: int) -> None:
        raise _Stop

    try:
        subject.reader.read(subject.source(), stop)
    except _Stop:
        return
    raise ContractBroken("it went on")


def check_an_empty_file_is_empty(subject: ReaderSubject) -> None:
    """An empty file has no rows, or cannot be read, and says so."""
    found = _tried(lambda: subject.reader.read(subject.written(b""), _ignore))
    promised(found is None or _rows(found) == 0, f"{_rows(found) if found else 0} rows of nothing")


def check_a_damaged_file_is_rejected_with_a_reason(subject: ReaderSubject) -> None:
    """A damaged file raises UnreadableFile or has rejected rows, each with its source, its number and a reason."""
    good = subject.example.read_bytes()
    half = good[: len(good) // 2]
    for content in (half, half + b"\0\xff\xfe\x80" + good[len(good) // 2 + 4 :], b"\xff\x00nonsense\n" * 40):
        source = subject.written(content)
        found = _tried(lambda source=source: subject.reader.read(source, _ignore))  # type: ignore[misc]
        for fault in found.rejected if found else ():
            _check_rejected(fault, source)


def check_it_reads_the_same_from_an_archive(subject: ReaderSubject) -> None:
    """A file in a zip archive, opened through its source, gives what it gives by itself."""
    subject.folder.mkdir(exist_ok=True)
    archive = subject.folder / "packed.zip"
    name = f"inner/{subject.example.name}"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(subject.example, name)
    source = replace(subject.source(archive, member=name), name=subject.example.name)
    found = subject.reader.read(source, _ignore)
    alone = subject.read()
    promised(_rows(found) == _rows(alone), f"{_rows(found)} rows instead of {_rows(alone)}")
    promised(_columns(found) == _columns(alone), "other columns")


def subjects(reader: Any, examples: Sequence[str], folder: Path) -> list[ReaderSubject]:
    """Return the reader with each of the examples."""
    check_reader(reader)
    if not examples:
        raise ContractBroken("no example is given; name a file that the reader reads, too.")
    return [ReaderSubject(reader, Path(example), folder / str(at)) for at, example in enumerate(examples)]


def _ignore(_seen: int) -> None:
    """Listen to nothing."""


def _tried(read: Callable[[], Table | Content]) -> Table | Content | None:
    try:
        return read()
    except FAULTS:
        return None


def _check_rejected(fault: Rejected, source: Source) -> None:
    promised(isinstance(fault, Rejected), f"{fault!r} among the rejected")
    promised(fault.source == source.name, f"{fault.source!r} instead of {source.name!r}")
    promised(fault.row is None or fault.row >= 0, f"the row {fault.row!r}")
    promised(fault.reason.strip(), "no reason")


def _rows(found: Table | Content) -> int:
    return len(found) if isinstance(found, Table) else len(found.items)


def _columns(found: Table | Content) -> dict[str, list[Any]]:
    if isinstance(found, Table):
        return {name: values.to_pylist() for name, values in found.columns.items()}
    return {name: list(values) for name, values in found.columns.items()}


def _plain(found: Table | Content) -> str:
    own = list(found.records) if isinstance(found, Table) else list(found.items)
    return repr((own, _columns(found), list(found.rejected)))


def _first(found: Table | Content) -> dict[str, Any]:
    row = {name: values[0] for name, values in _columns(found).items()}
    return row if isinstance(found, Table) else {**row, "": found.items[0]}


READER = Contract(subjects, checks_in(globals()), "files that the reader reads")
