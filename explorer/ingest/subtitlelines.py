"""Parts the lines of subtitles into captions; what is no part of one is listed, and no line is both.

It takes no tags out and puts nothing together: `subtitles` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from explorer.ingest.encodings import Encoding, LongLine
from explorer.ingest.reader import Table
from explorer.ingest.subtitletimes import are_as_written, is_cut, is_torn, seconds, times_of
from explorer.types import LINE, NOTE, PART, Rejected

_ASIDE = re.compile(r"(NOTE|STYLE|REGION)\b")
_HEADER = "WEBVTT"
_SHOWN, _LONGEST_NUMBER = 100, 8
_HEADING = "it is the heading of the file, and no caption: "
_TURNED = "it ends before it starts; its text is an item by itself, with its times as they are written: "
_SAID = "it looks like times, amid what a caption says, and is read as a part of that: "
_TORN = "when it is shown cannot be read, so what it says has no times: "


@dataclass
class Caption:
    """A caption: the number of its first line, from 1, from when to when it is shown, who speaks, its lines, its name.

    *start* and *end* are "" where they cannot be read.
    """

    line: int
    start: str
    end: str
    person: str = ""
    lines: list[str] = field(default_factory=list)
    name: str = ""

    @property
    def is_turned(self) -> bool:
        """Whether it ends before it starts."""
        return (seconds(self.end) or 0.0) < (seconds(self.start) or 0.0)

    @property
    def text(self) -> str:
        """What it says, in one line."""
        return " ".join(" ".join(self.lines).split())


def captions_of(table: Table, lines: Iterable[str], encoding: Encoding) -> Iterator[Caption]:
    """Yield the captions; what is none, and no part of one, is rejected, and so are times that cannot be read."""
    parting = _Parting(table)
    for number, line in enumerate(lines, 1):
        reason = line.reason if isinstance(line, LongLine) else encoding.fault(line)
        if reason:
            table.rejected.append(Rejected(table.name, number - 1, reason, f"{LINE} {number:,}"))
        elif (whole := parting.take(number, line)) is not None:
            yield whole
    if (last := parting.end()) is not None:
        yield last


class _Parting:
    """The lines since the last empty one or the last times, *apart* below an empty line, and the caption so far."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._current: Caption | None = None
        self._block: list[tuple[int, str]] = []
        self._apart = True
        self._is_webvtt = False
        self._strict = False
        """Whether times were as these formats have them."""
        self._last: int | None = None
        """The number of the present caption; None where captions have none."""

    def take(self, number: int, line: str) -> Caption | None:
        """Take a line; return the caption that ends with it."""
        times = times_of(line)
        if times is not None and not are_as_written(line) and self._is_said():
            self._tell(number, f"{_SAID}{line.strip()}", NOTE)
            self._block.append((number, line.strip()))
            return None
        self._strict = self._strict or (times is not None and are_as_written(line))
        if times is not None or is_torn(line, expected=self._expects_times()):
            return self._begin(number, line, times)
        if line.strip():
            self._block.append((number, line.strip()))
        else:
            self._close()
            self._apart = True
        return None

    def _is_said(self) -> bool:
        """Whether a line stands where none of times does: amid what a caption says, in a file whose times are whole."""
        last = self._block[-1][1] if self._block else ""
        return self._strict and not _is_number(last) and (not self._apart or len(self._block) > 1)

    def end(self) -> Caption | None:
        """Return the last caption; the number of one that breaks off there, and its times, are no part of it."""
        (_, first), *others = self._block or [(0, "")]
        follows = self._last is not None and first.isdecimal() and first == str(self._last + 1)
        if follows and self._apart and len(others) < 2 and all(is_cut(line) for _, line in others):
            self._reject("the file ends amid a caption: ")
        self._close()
        return self._current

    def _begin(self, number: int, line: str, times: tuple[str, str, str] | None) -> Caption | None:
        """Begin a caption with its times; what is above them is its number or name."""
        name = self._block.pop() if self._is_named() else None
        self._close()
        start, end, besides = times or ("", "", "")
        whole, self._current = self._current, Caption(number, start, end, lines=[besides] if besides else [])
        if name is not None:
            self._current.name = self._name(*name)
        self._apart = False
        if times is None:
            self._tell(number, f"{_TORN}{line.strip()}")
        elif self._current.is_turned:
            self._tell(number, f"{_TURNED}{line.strip()}", NOTE)
        return whole

    def _expects_times(self) -> bool:
        """Whether nothing but the number of a caption stands above a line."""
        return self._apart and len(self._block) == 1 and _is_number(self._block[0][1])

    def _is_named(self) -> bool:
        """Whether the line right above the times is a number or a name: alone below an empty line, or numbers go on."""
        if not self._block:
            return False
        last = self._block[-1][1]
        if self._current is None and self._block[0][1].lstrip("\ufeff").startswith(_HEADER):
            return False
        alone = self._apart and len(self._block) == 1
        return alone or (_is_number(last) and (self._current is None or self._last is not None))

    def _name(self, number: int, name: str) -> str:
        """Return the name of a caption, as WebVTT has them; of SubRip's it is told that it is no number."""
        shown = name.lstrip("\ufeff")
        self._last = int(shown) if _is_number(shown) else None
        if self._is_webvtt:
            return shown
        if self._last is None:
            self._tell(number, f"it stands where the number of a caption would: {shown}")
        return ""

    def _close(self) -> None:
        """Give lines that belong together to the present caption; what is a note of the file itself is rejected."""
        if not self._block:
            return
        first = self._block[0][1].lstrip("\ufeff")
        if self._current is None and first.startswith(_HEADER):
            self._is_webvtt = True
            said = " ".join(
                [first.removeprefix(_HEADER).strip(" \t-–—"), *(line for _, line in self._block[1:])]
            ).strip()
            if said:
                self._tell(self._block[0][0], f"{_HEADING}{said}")
        elif self._is_webvtt and self._apart and _ASIDE.match(first):
            self._reject("it is none of the captions: ", PART)
        elif self._current is None:
            self._reject("it is none of the captions: ")
        else:
            self._current.lines += [line for _, line in self._block]
        self._block = []

    def _reject(self, why: str, what: str = "") -> None:
        shown = " ".join(line.lstrip("\ufeff") for _, line in self._block)
        number = self._block[0][0]
        reason = f"{why}{shown[:_SHOWN]}"
        self._table.rejected.append(Rejected(self._table.name, number - 1, reason, f"{LINE} {number:,}", what=what))
        self._block = []

    def _tell(self, number: int, reason: str, what: str = PART) -> None:
        said = reason[: _SHOWN + len(_TORN)]
        self._table.rejected.append(Rejected(self._table.name, number - 1, said, f"{LINE} {number:,}", what=what))


def _is_number(line: str) -> bool:
    shown = line.lstrip("\ufeff")
    return shown.isdecimal() and len(shown) < _LONGEST_NUMBER
