"""Recognises how a text file is encoded: UTF-8, UTF-16, UTF-32, with or without a mark, or what `guessing` knows.

It rejects nothing: `fault` gives the reader the reason, and the reader knows the row.
"""

from __future__ import annotations

import codecs
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import IO, TypeVar

from explorer.errors import UnreadableFile
from explorer.ingest.codepages import (
    ENCODING,
    asked_codec,
    check_wide,
    codec_of,
    encoding_choice,
    label_of,
    wide,
)
from explorer.ingest.guessing import guessed
from explorer.ingest.reader import Source
from explorer.ingest.unmarked import KOREAN, SIGNS, is_ebcdic, seven_bits, unmarked_codec
from explorer.types import Choice

Line = TypeVar("Line", str, bytes)
SAMPLE_BYTES = 4 * 2**20
LINE_LIMIT = 32 * 2**20
"""Characters of the longest line that is read."""
_PIECE = 2**20
START = 8192
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_LINES, _LINE_SHOWN, _PROPER_LINES = 200, 300, 20
_WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|table)\b", re.IGNORECASE)
_ESCAPED = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff][^\n]*+")
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Encoding:
    """A codec, whether some lines do not decode with it (*faulty*), and whether there are NUL characters to drop.

    *sure* is False for a guess that could as well be another; *choices* tells which others there are.
    """

    codec: str
    faulty: bool = False
    nul: bool = False
    sure: bool = True
    choices: tuple[Choice, ...] = ()

    @property
    def label(self) -> str:
        """Its name as people know it."""
        return label_of(self.codec)

    def fault(self, text: str) -> str:
        """Return why the text was not decoded faithfully, or an empty string."""
        if isinstance(text, LongLine):
            return text.reason
        if not self.faulty:
            return ""
        escaped = _ESCAPED.search(text)
        if escaped:
            return f"it cannot be decoded: byte 0x{ord(escaped[0]) - 0xDC00:02x} is not valid {self.label}"
        if "\ufffd" in text and wide(self.codec):
            return f"it cannot be decoded as {self.label}"
        return ""


def printable(text: str) -> str:
    """Return the text with U+FFFD for bytes that were not decoded, and for half characters."""
    return _HALF.sub("\ufffd", text)


class LongLine(str):
    """The beginning of a line that is longer than what is read of one; the rest of it is skipped."""

    reason = f"the line is longer than {LINE_LIMIT:,} characters"


def detect(source: Source, *, sample: bool = False) -> Encoding:
    """Return the encoding that was asked for, else that of the file, or with *sample* of its first 4 MiB.

    An older encoding is guessed when more lines are not UTF-8 than are, beyond ASCII; otherwise, and where nothing
    fits, a line that is not UTF-8 is a fault of that line.  Raises UnreadableFile for a binary file, BadChoice.
    """
    with source.open() as file:
        start = file.read(START)
    codec = next((codec for mark, codec in _MARKS if start.startswith(mark)), None)
    unmarked = None if codec else unmarked_codec(start)
    asked = source.choices.get(ENCODING, "")
    given = codec_of(asked) or ""
    if wide(given):
        check_wide(source, given, start)
    if wide(given) or (not asked and (unmarked or wide(codec or ""))):
        return _wide(source, given or codec or unmarked or "", sample=sample, marked=codec is not None)
    _check_is_text(source, start)
    with source.open() as file:
        blocks = _blocks(file)
        seen = _Lines.of(beginning(blocks, SAMPLE_BYTES) if sample else blocks)
    if seen.within:
        source.nuls.append(seen.within)
    asked = asked_codec(source, seen.beyond())
    return _chosen(asked, seen) if asked else _found(codec, seen)


def _wide(source: Source, codec: str, *, sample: bool, marked: bool) -> Encoding:
    asked = bool(source.choices.get(ENCODING))
    why = "" if marked or asked else "every second byte is empty"
    choice = encoding_choice(codec, (), sure=True, why=why, asked=asked)
    if not marked:
        options = tuple((one, label_of(one)) for one in ("utf-16-le", "utf-16-be"))
        choice = replace(choice, options=tuple(dict([*choice.options, *options]).items()))
    return Encoding(codec, *_wide_faults(source, codec, sample), choices=(choice,))


def _chosen(codec: str, seen: _Lines) -> Encoding:
    """Return the encoding that was asked for: lines beyond those that were tried may still not decode."""
    codec = "utf-8-sig" if codec == "utf-8" else codec
    choice = encoding_choice(codec, seen.beyond(), sure=True, why="", asked=True)
    return Encoding(codec, faulty=True, nul=seen.nul, choices=(choice,))


def _found(codec: str | None, seen: _Lines) -> Encoding:
    signed = seen.signed or seen.shifted
    seven = seven_bits(signed) if codec is None and not seen.broken and not seen.proper else None
    if seven is not None:
        choice = encoding_choice(seven, signed, sure=True, why="its signs for other letters", asked=False)
        return Encoding(seven, faulty=True, nul=seen.nul, choices=(choice,))
    guess = guessed(seen.broken_sample()) if codec is None and seen.broken > seen.proper else None
    if guess is not None:
        why = "guessed by its letters" if guess.sure else "its letters could be another's as well"
        choice = encoding_choice(guess.codec, seen.beyond(), sure=guess.sure, why=why, asked=False)
        return Encoding(guess.codec, faulty=True, nul=seen.nul, sure=guess.sure, choices=(choice,))
    why = f"{seen.broken:,} line{'s are' if seen.broken > 1 else ' is'} not UTF-8" if seen.broken else ""
    choice = encoding_choice(codec or "utf-8", seen.beyond(), sure=True, why=why, asked=False)
    return Encoding(codec or "utf-8", faulty=seen.broken > 0, nul=seen.nul, choices=(choice,))


def decoded(file: IO[bytes], encoding: Encoding, *, newline: str | None) -> io.TextIOWrapper:
    """Return the file as text; bytes that do not decode are escaped for `Encoding.fault` to find."""
    errors = "replace" if wide(encoding.codec) else "surrogateescape"
    return io.TextIOWrapper(file, encoding=encoding.codec, errors=errors, newline=newline)


def lines_of(text: io.TextIOWrapper, encoding: Encoding) -> Iterator[str]:
    """Yield the lines without NUL characters; of one beyond LINE_LIMIT a `LongLine`."""
    for line in iter(partial(text.readline, LINE_LIMIT), ""):
        if len(line) == LINE_LIMIT and line[-1] not in "\r\n":
            _skip_line(text)
            yield LongLine(line[:START])
        else:
            yield line.replace("\0", "") if encoding.nul else line


class Lines(Iterator[str]):
    """The lines of a text as `lines_of` has them, or many of them at once, as one string."""

    def __init__(self, text: io.TextIOWrapper, encoding: Encoding) -> None:
        self._text, self._encoding = text, encoding
        self._waiting: deque[str] = deque()
        self._others = lines_of(text, encoding)

    def __next__(self) -> str:
        return self._waiting.popleft() if self._waiting else next(self._others)

    def block(self) -> str:
        """Return the next lines, about a MiB of them, whole; "" at the end, and while some wait to be read by one."""
        if self._waiting:
            return ""
        most = min(_PIECE, LINE_LIMIT)
        block, end = self._text.read(most), self._text.readline(LINE_LIMIT)
        block += end
        if len(end) > LINE_LIMIT - most:
            self._part_long(block)
            return ""
        return block.replace("\0", "") if self._encoding.nul else block

    def waiting(self) -> Iterator[str]:
        """Yield the lines that wait to be read one by one, and no others."""
        while self._waiting:
            yield self._waiting.popleft()

    def put_back(self, lines: Sequence[str]) -> None:
        """Have these lines come next, one by one."""
        self._waiting.extendleft(reversed(lines))

    def put_back_block(self, block: str) -> None:
        """Have the lines of a block come next, one by one."""
        self.put_back(list(io.StringIO(block, newline="")))

    def _part_long(self, block: str) -> None:
        """Have the lines of a block wait whose last one may be too long."""
        *lines, last = io.StringIO(block, newline="")
        if len(last) > LINE_LIMIT or (len(last) == LINE_LIMIT and last[-1] not in "\r\n"):
            if last[-1] not in "\r\n":
                _skip_line(self._text)
            last = LongLine(last[:START])
        elif self._encoding.nul:
            last = last.replace("\0", "")
        self.put_back([*(line.replace("\0", "") if self._encoding.nul else line for line in lines), last])


def _skip_line(text: io.TextIOWrapper) -> None:
    while (rest := text.readline(_PIECE)) and rest[-1] not in "\r\n":
        pass


@dataclass
class _Lines:
    """Lines beyond ASCII: how many are *proper* UTF-8, how many *broken*; of these some from everywhere.

    *whole* are the beginnings of the first proper ones, *signed* those within ASCII with a sign for other letters,
    *shifted* those with one of UTF-7.
    *within* are the NUL characters before the file's end, *behind* those after all else.
    """

    proper: int = 0
    broken: int = 0
    nul: bool = False
    within: int = 0
    behind: int = 0
    first: list[bytes] = field(default_factory=list)
    later: list[bytes] = field(default_factory=list)
    every: int = 1
    whole: list[bytes] = field(default_factory=list)
    signed: list[bytes] = field(default_factory=list)
    shifted: list[bytes] = field(default_factory=list)

    @classmethod
    def of(cls, blocks: Iterable[bytes]) -> _Lines:
        """Look at blocks of whole lines, line by line only where one is not UTF-8."""
        seen = cls()
        for block in blocks:
            if b"\0" in block:
                seen._take_nul(block)
            elif seen.behind and block.strip():
                seen.within, seen.behind = seen.within + seen.behind, 0
            if block.isascii():
                seen._take_signed(block)
                continue
            try:
                block.decode("utf-8-sig")
            except UnicodeDecodeError:
                for line in io.BytesIO(block):
                    seen._take(line)
                continue
            seen._take_proper(block)
        return seen

    def broken_sample(self) -> list[bytes]:
        """Return broken lines from the beginning and from everywhere, in their order."""
        return [*self.first, *self.later]

    def beyond(self) -> list[bytes]:
        """Return lines by which encodings can be told apart."""
        return self.broken_sample() or self.whole or self.signed or self.shifted

    def _take_nul(self, block: bytes) -> None:
        """Count NUL characters; those behind all else, as a power cut leaves them, are of no text."""
        self.nul = True
        text = block.rstrip(b"\0\r\n")
        if text:
            self.within, self.behind = self.within + self.behind + text.count(0), 0
        self.behind += block.count(0) - text.count(0)

    def _take_signed(self, block: bytes) -> None:
        for sign, kept in zip(SIGNS, (self.signed, self.shifted), strict=True):
            if len(kept) < _PROPER_LINES and sign.search(block):
                signed = (line[:START] for line in io.BytesIO(block) if sign.search(line[:START]))
                kept += islice(signed, _PROPER_LINES - len(kept))

    def _take(self, line: bytes) -> None:
        if line.isascii():
            return
        try:
            line.decode("utf-8-sig")
        except UnicodeDecodeError:
            self._take_broken(line)
        else:
            self._take_proper(line)

    def _take_proper(self, block: bytes) -> None:
        self.proper += len(_BEYOND_ASCII.findall(block))
        if len(self.whole) < _PROPER_LINES:
            beyond = (line[:_LINE_SHOWN] for line in io.BytesIO(block) if not line.isascii())
            self.whole += islice(beyond, _PROPER_LINES - len(self.whole))

    def _take_broken(self, line: bytes) -> None:
        """Count a broken line, and keep it: the first ones, then every so many-th."""
        if len(self.first) < _SAMPLE_LINES:
            self.first.append(line[:_LINE_SHOWN])
        elif self.broken % self.every == 0:
            self.later.append(line[:_LINE_SHOWN])
            if len(self.later) == 2 * _SAMPLE_LINES:
                self.later, self.every = self.later[::2], 2 * self.every
        self.broken += 1


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines, about a MiB of them at a time, one beyond that in pieces that part no character of UTF-8."""
    begun = b""
    while block := file.read(_PIECE):
        end = file.readline(_PIECE)
        block, begun = begun + block + end, b""
        if len(end) == _PIECE and not block.endswith(b"\n"):
            tail = block[-3:]
            starts = [at for at in range(len(tail)) if tail[at] >= 0xC0]
            if starts:
                cut = len(block) - len(tail) + starts[-1]
                block, begun = block[:cut], block[cut:]
        yield block
    if begun:
        yield begun


def beginning(lines: Iterable[Line], most: int) -> Iterator[Line]:
    """Yield the first lines, to the one with which they are longer than *most* bytes, or characters, in all."""
    seen = 0
    for line in lines:
        yield line
        seen += len(line)
        if seen > most:
            return


def _wide_faults(source: Source, codec: str, sample: bool) -> tuple[bool, bool]:
    """Return whether decoding strictly fails somewhere, and whether NULs occur."""
    nul = False
    with source.open() as file:
        decoder = codecs.getincrementaldecoder(codec)()
        try:
            for chunk in islice(iter(lambda: file.read(2**20), b""), 4 if sample else None):
                nul = "\0" in decoder.decode(chunk) or nul
            if not sample:
                decoder.decode(b"", final=True)
        except UnicodeError:
            return True, True
    return False, nul


_KINDS = {
    b"xl/worksheets": "an Excel workbook (.xlsx)", b"spreadsheetml": "an Excel workbook (.xlsx)",
    b"opendocument.spreadsheet": "an OpenDocument spreadsheet (.ods)", b"word/document": "a Word document (.docx)",
    b"PAR1": "a Parquet file (.parquet)", b"%PDF": "a PDF (.pdf)", b"PK\x03\x04": "a zip (.zip)",
    b"\x1f\x8b": "packed (.gz)", b"\xd0\xcf\x11\xe0": "an old Excel or Word file (.xls, .doc)",
}  # fmt: skip
"""What stands in the beginning of files that are no text, and what these are called; the first one found."""


def _check_is_text(source: Source, start: bytes) -> None:
    check_no_web_page(source, start)
    if source.packed and start.startswith(b"\x1f\x8b"):
        raise UnreadableFile(f"{source.name} is packed twice. Unpack it once, and load what comes out.")
    if is_ebcdic(start):
        raise UnreadableFile(
            f"{source.name} is written in EBCDIC, as mainframes write. Convert it to UTF-8 "
            "(iconv -f CP037 -t UTF-8), or have it sent as text."
        )
    usual = (0, 1, 9, 10, 11, 12, 13, 27) + ((14, 15) if KOREAN.search(start) else ())
    control = sum(start.count(code) for code in range(32) if code not in usual)
    if start.startswith((b"PK\x03\x04", b"PAR1", b"%PDF", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")) or (
        control + (start.rstrip(bytes(1)) or start).count(0) > 0.3 * len(start) or control > 0.02 * len(start)
    ):
        what = next((f"is {kind}" for sign, kind in _KINDS.items() if sign in start), "is not a text file")
        raise UnreadableFile(
            f"{source.name} {what}, though its name says {source.suffix}. "
            "Rename it, or export it from its program as CSV or plain text (UTF-8)."
        )


def is_web_page(start: bytes) -> bool:
    """Say whether a file that begins so is a web page."""
    return _WEB_PAGE.match(start) is not None


def check_no_web_page(source: Source, start: bytes) -> None:
    """Raise UnreadableFile for a web page, as programs write that export tables under another name."""
    if is_web_page(start):
        raise UnreadableFile(
            f"{source.name} is a web page, though its name says {source.suffix}. "
            "Open it in a spreadsheet program and save it as CSV."
        )
