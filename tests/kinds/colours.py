"""A kind of item that the package does not know: colours, with what reads a file of them and an encoder of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from explorer.errors import WrongModality
from explorer.ingest.naming import dataset_keys
from explorer.kinds import Columns, Kind, Move, by_kind
from explorer.types import BoolArray, Dataset, FloatArray, Item, Rejected

if TYPE_CHECKING:
    from PIL.Image import Image

NAMES = {"red": "#ff0000", "green": "#00ff00", "blue": "#0000ff"}


@dataclass(frozen=True)
class Colour:
    """A colour, 0…255 a channel."""

    r: int
    g: int
    b: int
    kind: ClassVar[str] = "colour"

    @classmethod
    def of(cls, text: str) -> Colour:
        """Return the colour that ``#rrggbb`` says; raises ValueError."""
        return cls(*bytes.fromhex(text.strip().removeprefix("#")))


class ColourKind(Kind):
    """Colours: they are seen, and read as ``#rrggbb``."""

    name = "colour"
    nouns = ("colour", "colours")
    columns = ("colour",)
    has_picture = True

    def content(self, item: Colour) -> bytes:
        return self.text(item).encode()

    def stored(self, items: Sequence[Colour], move: Move) -> Columns:
        return {"colour": [self.text(item) for item in items]}

    def restored(self, columns: Columns, move: Move) -> list[Item]:
        return [Colour.of(text or "") for text in columns["colour"]]

    def text(self, item: Colour) -> str:
        return f"#{item.r:02x}{item.g:02x}{item.b:02x}"

    def picture(self, item: Colour, *, size: int | None = None) -> Image:
        from PIL import Image

        return Image.new("RGB", (size or 64, size or 64), (item.r, item.g, item.b))

    def sent(self, path: Path) -> Item | None:
        content = path.read_bytes()
        return Colour.of(content.decode()) if content.startswith(b"#") else None


class ColourEncoder:
    """Colours near to each other as they look; of texts it knows some names of colours."""

    name = "swatch"
    fingerprint = "swatch:1"
    dim = 16
    modalities = frozenset({"colour", "text"})

    def batch_size(self, item: Item) -> int:
        return 64

    def encode(self, items: Sequence[Item]) -> FloatArray:
        others = by_kind(items).keys() - self.modalities
        if others:
            raise WrongModality(f"the encoder {self.name} reads no {', '.join(others)}.")
        vectors = np.zeros((len(items), self.dim), np.float32)
        for row in by_kind(items).get("colour", ()):
            vectors[row] = self._seen(items[row])
        for row in by_kind(items).get("text", ()):
            word = str(items[row])
            vectors[row] = self._seen(Colour.of(NAMES[word])) if word in NAMES else self._meant(word)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def truncates(self, items: Sequence[Item]) -> BoolArray:
        return np.zeros(len(items), np.bool_)

    def _seen(self, item: Item) -> FloatArray:
        assert isinstance(item, Colour)
        return np.array([item.r, item.g, item.b, 40, *[0] * (self.dim - 4)], np.float32) / 255

    def _meant(self, word: str) -> FloatArray:
        noise = np.random.default_rng(list(hashlib.sha256(word.encode()).digest())).normal(size=self.dim - 4)
        return np.array([0.1, 0.1, 0.1, 0, *noise], np.float32)


class BlindEncoder(ColourEncoder):
    """The same for colours alone."""

    name = "blind"
    fingerprint = "blind:1"
    modalities = frozenset({"colour"})


def read_colours(path: Path) -> Dataset:
    """Return the colours of a file, one a line, and every line that is none."""
    items: list[Item] = []
    rejected: list[Rejected] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        try:
            items.append(Colour.of(line))
        except (ValueError, TypeError):
            rejected.append(Rejected(path.name, number, f"{line!r} is no colour"))
    table = pd.DataFrame({"line": range(len(items))})
    key, items_key = dataset_keys(items, table, rejected, ("line",), None, path.name)
    return Dataset(key, path.name, items, table, tuple(rejected), items_key, ("line",))


COLOURS, ENCODERS = ColourKind(), {encoder.name: encoder for encoder in (ColourEncoder(), BlindEncoder())}
