"""Has the encoding worker encode what is searched with; the vectors of the last few queries are known.

It holds no thread while the worker is busy: a coroutine waits.
"""

from __future__ import annotations

import asyncio
import base64
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np

from explorer.kinds import kind_of, packed
from explorer.runs.elsewhere import unpacked_vectors
from explorer.runs.workers import Message, WorkerProcess
from explorer.types import FloatArray, Item

Check = Callable[[str], object]
"""Raises for the name of an encoder that is not to be asked."""
KEPT = 256
_LOOK_SECONDS = 1.0


def any_encoder(_name: str) -> None:
    """Have no encoder refused."""


class QueryVectors:
    """The vectors of queries, computed by a worker; for one event loop.  *check* raises for encoders that it is not to
    ask.
    """

    def __init__(self, worker: WorkerProcess, *, check: Check = any_encoder) -> None:
        self._worker, self._check = worker, check
        self._known: OrderedDict[tuple[str, bytes], FloatArray] = OrderedDict()
        self._words: dict[tuple[str, tuple[str, ...]], FloatArray] = {}

    async def encode(self, encoder: str, item: Item) -> FloatArray:
        """Return the float32 (d,) vector of an item to search with.

        While a run encodes, the answer comes between two of its batches.  Raises what the encoder raises, WorkerDied.
        """
        content = kind_of(item).digest(item)
        key = (encoder, content)
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        self._check(encoder)
        answer = await self._answer({"do": "encode", "encoder": encoder, "item": packed(item)})
        vector = np.frombuffer(base64.b64decode(answer["vector"]), dtype="<f4").astype(np.float32)
        if content:
            self._known[key] = vector
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return vector

    async def encode_words(self, encoder: str, words: Sequence[str]) -> FloatArray:
        """Return the float32 (m, d) vectors of some words together, which are remembered.

        For the few lists that everything is measured with.  Raises as `encode`.
        """
        key = (encoder, tuple(words))
        if key not in self._words:
            self._check(encoder)
            asked = {"do": "encode", "encoder": encoder, "texts": list(words), "queries": True}
            answer = await self._answer(asked)
            self._words[key] = unpacked_vectors(answer)
        return self._words[key]

    async def _answer(self, request: Message) -> Message:
        """Return what the worker answers, which comes between two batches while a run encodes."""
        answer = asyncio.wrap_future(await asyncio.to_thread(self._worker.ask, request))
        while not (await asyncio.wait([answer], timeout=_LOOK_SECONDS))[0]:
            await asyncio.to_thread(self._worker.end_if_stuck)
        return await answer
