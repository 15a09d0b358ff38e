"""What an encoder may have beside `Encoder`'s methods: vectors by parts as they come, and another reading of queries.

It has no encoder.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from explorer.types import BoolArray, FloatArray, Item

_BYTES_A_TOKEN = 4
"""Of UTF-8: about right for European languages, and for Chinese, where a token is a little more than one character."""


@dataclass(frozen=True)
class Part:
    """Vectors float32 (m, d) of the items at *rows* among those asked for, nan for one without; bool (m,) if cut."""

    rows: list[int]
    vectors: FloatArray
    cut: BoolArray


@runtime_checkable
class Streams(Protocol):
    """An encoder whose vectors come by parts, in any order: what came is kept, whatever happens to the others."""

    def stream(self, items: Sequence[Item], watch: Callable[[str], None]) -> Generator[Part, None, None]:
        """Yield the vectors of the items; *watch* is called often, with what is waited for, and may raise."""
        ...


@runtime_checkable
class TellsQueries(Protocol):
    """An encoder that reads what is looked for otherwise than what is to be found."""

    def encode_query(self, items: Sequence[Item]) -> FloatArray:
        """Return float32 (m, dim) unit vectors; a row of nan for an item that could not be opened."""
        ...


def query_vectors(encoder: object, items: Sequence[Item]) -> FloatArray:
    """Return float32 (m, dim) unit vectors of what is looked for, as the encoder reads such."""
    if isinstance(encoder, TellsQueries):
        return encoder.encode_query(items)
    vectors: FloatArray = encoder.encode(items)  # type: ignore[attr-defined]
    return vectors


def tokens_in(text: str) -> int:
    """Return about how many tokens a text has: no tokenizer is asked, they differ."""
    return -(-len(text.encode("utf-8", "replace")) // _BYTES_A_TOKEN)
