"""An encoder elsewhere that is asked for the vector of a text once: phrases, names and searches are remembered.

The items of a dataset are not its business: their vectors lie in results, where `embed` finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any

import numpy as np

from explorer.encoders import Streams, query_vectors
from explorer.types import BoolArray, Encoder, FloatArray, Item
from explorer.workspace import Workspace


class Remembering:
    """The encoder that it is given, its vectors of texts kept in the workspace."""

    def __init__(self, workspace: Workspace, encoder: Encoder) -> None:
        self._texts, self._encoder = workspace.texts, encoder
        self.name, self.fingerprint, self.dim = encoder.name, encoder.fingerprint, encoder.dim
        self.modalities = encoder.modalities

    def batch_size(self, item: Item) -> int:
        """Return how many items like this one are encoded at once."""
        return self._encoder.batch_size(item)

    def encode(self, items: Sequence[Item]) -> FloatArray:
        """Return float32 (m, dim) unit vectors; a row of nan for an item that could not be encoded."""
        return self._through("", items, self._encoder.encode)

    def encode_query(self, items: Sequence[Item]) -> FloatArray:
        """Return the same of what is looked for."""
        return self._through("query:", items, lambda some: query_vectors(self._encoder, some))

    def truncates(self, items: Sequence[Item]) -> BoolArray:
        """Return bool (m,): which items are longer than it reads."""
        return self._encoder.truncates(items)

    def stream(self, items: Sequence[Item], watch: Callable[[str], None]) -> Generator[Any, None, None]:
        """Yield the vectors of the items by parts, as the encoder does; they are kept elsewhere."""
        assert isinstance(self._encoder, Streams)
        yield from self._encoder.stream(items, watch)

    def _through(self, role: str, items: Sequence[Item], encode: Callable[[list[Item]], FloatArray]) -> FloatArray:
        texts = [item for item in items if isinstance(item, str)]
        if len(texts) < len(items):
            return encode(list(items))
        known = dict(self._texts.known(role + self.fingerprint, texts))
        unknown = [text for text in dict.fromkeys(texts) if text not in known]
        if unknown:
            made = encode(list(unknown))
            self._texts.keep(role + self.fingerprint, unknown, made)
            known |= dict(zip(unknown, made, strict=True))
        return np.stack([known[text] for text in texts]) if texts else np.zeros((0, self.dim), np.float32)


def remembering(workspace: Workspace, encoder: Encoder) -> Encoder:
    """Return an encoder that remembers, where each answer is asked for elsewhere; any other as it is."""
    return Remembering(workspace, encoder) if isinstance(encoder, Streams) else encoder
