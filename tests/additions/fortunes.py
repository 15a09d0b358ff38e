"""An encoder of texts by their letters, and a reader of fortune files: sayings with a line "%" between them."""

import re
import zlib

import numpy as np

from explorer.encoders import EncoderSpec, OneEncoder
from explorer.errors import WrongModality
from explorer.ingest import ITEMS, Content
from explorer.types import Rejected

DIM = 256


class Letters:
    name = "letters"
    fingerprint = "letters:1"
    dim = DIM
    modalities = frozenset({"text"})

    def batch_size(self, item):
        return 1000

    def encode(self, items):
        vectors = np.zeros((len(items), DIM), np.float32)
        for row, item in enumerate(items):
            if not isinstance(item, str):
                raise WrongModality("the encoder letters reads texts only; choose conse.")
            padded = f"  {item} "
            for at in range(len(padded) - 2):
                vectors[row, zlib.crc32(padded[at : at + 3].encode("utf-8", "replace")) % DIM] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def truncates(self, items):
        return np.zeros(len(items), np.bool_)


LETTERS = OneEncoder(
    EncoderSpec("letters", "Texts by their letters.", Letters.modalities, DIM, 0, "MIT", offline=True),
    identify=lambda: Letters.fingerprint,
    open=lambda device: Letters(),
)


class Fortunes:
    name = "fortune files"
    suffixes = (".fortune",)
    summary = "Sayings with a line % between them; who said one becomes a column."
    kind = ITEMS

    def recognises(self, head, name):
        return head.startswith(b"%%\n")

    def read(self, source, advance, *, limit=None):
        with source.open() as file:
            sayings = file.read().decode("utf-8", "replace").removeprefix("%%\n").split("\n%\n")
        advance(source.size)
        content = Content([], columns={"by": []})
        for row, saying in enumerate(sayings[:limit]):
            text, _, by = saying.strip().partition("\n-- ")
            if re.search(r"\w", text):
                content.items.append(text)
                content.columns["by"].append(by or None)
            else:
                content.rejected.append(Rejected(source.name, row, "nothing is said"))
        return content
