"""Has the encoding worker encode what is searched with; the vectors of the last few queries are known.

It holds no thread while the worker is busy: a coroutine waits.
"""

from __future__ import annotations

import asyncio
import base64
from collections import OrderedDict

import numpy as np

from explorer.kinds import kind_of, packed
from explorer.runs.workers import WorkerProcess
from explorer.types import FloatArray, Item

KEPT = 256
_LOOK_SECONDS = 1.0


class QueryVectors:
    """The vectors of queries, computed by a worker; for one event loop."""

    def __init__(self, worker: WorkerProcess) -> None:
        self._worker = worker
        self._known: OrderedDict[tuple[str, bytes], FloatArray] = OrderedDict()

    async def encode(self, encoder: str, item: Item) -> FloatArray:
        """Return the float32 (d,) vector of an item to search with.

        While a run encodes, the answer comes between two of its batches.  Raises what the encoder raises, WorkerDied.
        """
        content = kind_of(item).digest(item)
        key = (encoder, content)
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        request = {"do": "encode", "encoder": encoder, "item": packed(item)}
        answer = asyncio.wrap_future(await asyncio.to_thread(self._worker.ask, request))
        while not (await asyncio.wait([answer], timeout=_LOOK_SECONDS))[0]:
            await asyncio.to_thread(self._worker.end_if_stuck)
        vector = np.frombuffer(base64.b64decode((await answer)["vector"]), dtype="<f4").astype(np.float32)
        if content:
            self._known[key] = vector
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return vector
