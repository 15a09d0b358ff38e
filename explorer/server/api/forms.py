"""Receives a form that brings one file: the file is handed on piece by piece as it comes, nothing of it is held here.

It knows no place of files: whoever asks says where the pieces go.  Forms of fields alone, FastAPI reads.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from explorer.errors import UploadRefused

FIELD = 64 * 1024
"""Bytes of all fields beside the file together: they are held in memory."""
FIELDS = 16
HEAD = 16 * 1024
"""Bytes of what is said of one part before its content."""

Take: TypeAlias = Callable[[str, AsyncIterator[bytes]], Awaitable[object]]
"""Called with the name of the file and its content, piece by piece; has taken all of it when it returns."""

BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary", "title": "File"},
                    "text": {"type": "array", "items": {"type": "string"}, "title": "Text"},
                    "choices": {"type": "string", "default": "{}", "title": "Choices"},
                },
            }
        }
    },
}
"""The body of such a form, as OpenAPI tells it."""


class UnreadableForm(UploadRefused):
    """A form is cut short, too large beside its file, or none."""

    status = 400


class NoFile(UploadRefused):
    """A form brings no file."""

    status = 422


@dataclass
class _Head:
    """What begins a part: the name of the field, and that of the file if it is one."""

    name: str = ""
    filename: str | None = None


@dataclass
class _Piece:
    """What came of the content of a part."""

    content: bytearray


@dataclass
class _End:
    """The end of a part."""


@dataclass
class _Parts:
    """What the parser calls: gathers what a piece of a form says, for `taken` to hand out."""

    said: list[_Head | _Piece | _End] = field(default_factory=list)
    _name: bytearray = field(default_factory=bytearray)
    _value: bytearray = field(default_factory=bytearray)
    _disposition: bytes = b""
    _head: int = 0

    def parser(self, boundary: bytes) -> MultipartParser:
        """Return the parser of a form whose parts are told apart by *boundary*."""
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda text, start, end: self._more(self._name, text[start:end]),
                "on_header_value": lambda text, start, end: self._more(self._value, text[start:end]),
                "on_header_end": self._header,
                "on_headers_finished": self._named,
                "on_part_data": self._content,
                "on_part_end": lambda: self.said.append(_End()),
            },
        )

    def taken(self) -> list[_Head | _Piece | _End]:
        """Return what was gathered, and forget it."""
        said, self.said = self.said, []
        return said

    def _begin(self) -> None:
        self._disposition, self._head = b"", 0

    def _more(self, into: bytearray, piece: bytes) -> None:
        self._head += len(piece)
        if self._head > HEAD:
            raise UnreadableForm(f"a part of the form is headed by more than {HEAD // 1024} KB; shorten its name.")
        into += piece

    def _header(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._name.clear()
        self._value.clear()

    def _named(self) -> None:
        told = parse_options_header(self._disposition)[1]
        if b"name" not in told:
            raise UnreadableForm("a part of the form has no name; send the file as its field `file`.")
        filename = told[b"filename"].decode("utf-8", "replace") if b"filename" in told else None
        self.said.append(_Head(told[b"name"].decode("utf-8", "replace"), filename))

    def _content(self, text: bytes, start: int, end: int) -> None:
        if not self.said or not isinstance(self.said[-1], _Piece):
            self.said.append(_Piece(bytearray()))
        last = self.said[-1]
        assert isinstance(last, _Piece)
        last.content += memoryview(text)[start:end]


async def receive_form(kind: str, body: AsyncIterable[bytes], take: Take) -> dict[str, list[str]]:
    """Hand on the one file of a form, its field `file`, and return the other fields; *kind* is its content type.

    Raises NoFile, UnreadableForm, and whatever *take* and *body* do.
    """
    fields: dict[str, list[str]] = {}
    files, many, held = 0, 0, 0
    async with aclosing(_said(_boundary(kind), body)) as said:
        async for head in said:
            if not isinstance(head, _Head):
                continue
            if head.filename is None:
                many += 1
                if many > FIELDS:
                    raise UnreadableForm(f"the form has more than {FIELDS} fields; leave out what it does not take.")
                text = await _text(said, FIELD - held)
                held += len(text)
                fields.setdefault(head.name, []).append(text)
                continue
            files += 1
            if files > 1 or head.name != "file":
                raise UnreadableForm("a form brings one file, as its field `file`; several come packed.")
            async with aclosing(_content(said)) as content:
                await take(head.filename or "upload", content)
    if not files:
        raise NoFile("file: Field required")
    return fields


def _boundary(kind: str) -> bytes:
    form, told = parse_options_header(kind)
    if form != b"multipart/form-data":
        raise NoFile("file: Field required, in a body of multipart/form-data")
    boundary = told.get(b"boundary", b"")
    if not 0 < len(boundary) <= 200:
        raise UnreadableForm("the form does not say what its parts are told apart by; name a boundary.")
    return boundary


async def _said(boundary: bytes, body: AsyncIterable[bytes]) -> AsyncGenerator[_Head | _Piece | _End, None]:
    """Yield what a body says, in order; raises UnreadableForm at what is no form, or half of one."""
    parts, within = _Parts(), False
    parser = parts.parser(boundary)
    async for piece in body:
        try:
            parser.write(piece)
        except FormParserError as exc:
            raise UnreadableForm(f"this is no form ({str(exc)[:200]}); send the file as its field `file`.") from exc
        for one in parts.taken():
            within = not isinstance(one, _End)
            yield one
    if within:
        raise UnreadableForm("the form ends within a part; send it again.")


async def _content(said: AsyncIterator[_Head | _Piece | _End]) -> AsyncGenerator[bytes, None]:
    async for one in said:
        if isinstance(one, _End):
            return
        if isinstance(one, _Piece):
            yield bytes(one.content)


async def _text(said: AsyncIterator[_Head | _Piece | _End], most: int) -> str:
    text = bytearray()
    async for piece in _content(said):
        text += piece
        if len(text) > most:
            raise UnreadableForm(f"the fields beside the file are larger than {FIELD // 1024} KB; shorten them.")
    return text.decode("utf-8", "replace")
