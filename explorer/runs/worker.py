"""What a worker process runs: `python -m explorer.runs.worker ROLE WORKSPACE DEVICE LINE`, ROLE being encode or map.

It does not decide what to compute: requests come as json lines on its standard input, answers go as json lines to
its standard output (what libraries print goes to standard error).  It ends when its input ends, or the line that it
hangs on (see `lifeline`), and so with the process that started it, however that one ended.

    → {"id": 1, "do": "warm", "role": "encode", "encoders": […]}  ← {"id": 1, "done": {}}
    → {"id": 2, "do": "stage", "plan": {…}, "stage": "embed"}     ← {"id": 2, "begun": {}}, {"id": 2, "progress": {…}} …
                                                                  ← {"id": 2, "done": {…}}
    → {"id": 3, "do": "stability", "plan": {…}}                   ← {"id": 3, "done": {}}
    → {"id": 4, "do": "encode", "encoder": "minilm", "item": {…}} ← {"id": 4, "done": {"vector": base64 of float32}}
    → {"id": 5, "do": "encode", "encoder": "minilm", "texts": […]} ← {"id": 5, "done": {"vectors": base64, "dim": 384}}
    → {"id": 6, "do": "stage", "plan": {…}, "stage": "describe"}  ← {"id": 6, "ask": {"encoder": …, "texts": […]}}
    → {"id": 6, "do": "told", "vectors": base64, "dim": 384}      ← {"id": 6, "done": {…}}
    → {"do": "cancel", "id": 2}                                   ← {"id": 2, "error": {"kind": "Cancelled", …}}
"""

from __future__ import annotations

import base64
import dataclasses
import json
import logging
import os
import queue
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from explorer import errors
from explorer.config import loading, share_cores
from explorer.encoders import query_vectors, use_workspace
from explorer.kinds import kind_of, reads_words, unpacked
from explorer.runs.clusters import measure_agreement, measure_sureness, sweep_sizes
from explorer.runs.elsewhere import EncoderElsewhere, packed_vectors, unpacked_vectors
from explorer.runs.lifeline import tie
from explorer.runs.pipeline import cached_encoder
from explorer.runs.plan import Plan
from explorer.runs.remembering import remembering
from explorer.runs.stages import run_stage
from explorer.types import Encoder, FloatArray, Progress
from explorer.workspace import Workspace

log = logging.getLogger(__name__)
PROGRESS_SECONDS = 0.2


class Inbox:
    """Reads requests in a thread of its own, so that a cancel or a query is seen while a stage computes."""

    def __init__(self, source: BinaryIO) -> None:
        self.waiting: queue.Queue[dict[str, Any]] = queue.Queue()
        self.queries: deque[dict[str, Any]] = deque()
        self.told: queue.Queue[dict[str, Any]] = queue.Queue()
        self.cancelled: set[int] = set()
        threading.Thread(target=self._read, args=(source,), daemon=True).start()

    def _read(self, source: BinaryIO) -> None:
        for line in source:
            message = json.loads(line)
            if message["do"] == "cancel":
                self.cancelled.add(message["id"])
            elif message["do"] == "encode":
                self.queries.append(message)
                self.waiting.put({"do": "queries"})
            elif message["do"] == "told":
                self.told.put(message)
            else:
                self.waiting.put(message)
        os._exit(0)


class Worker:
    """Answers requests one after the other; queries between the batches of a stage."""

    def __init__(self, workspace: Workspace, device: str, inbox: Inbox, out: BinaryIO) -> None:
        self.workspace, self.device, self.inbox, self._out = workspace, device, inbox, out
        self._sent = 0.0

    def serve(self) -> None:
        """Answer requests until the input ends."""
        while True:
            message = self.inbox.waiting.get()
            if message["do"] == "queries":
                self._answer_queries()
            else:
                self._answer(message)

    def _answer(self, message: dict[str, Any]) -> None:
        number = message["id"]
        try:
            self._send({"id": number, "done": self._do(message)})
        except errors.ExplorerError as exc:
            self._send({"id": number, "error": {"kind": type(exc).__name__, "text": str(exc)}})
        except Exception as exc:
            log.exception("request %s failed", message.get("do"))
            self._send({"id": number, "error": {"kind": "", "text": f"{type(exc).__name__}: {exc}"}})

    def _do(self, message: dict[str, Any]) -> dict[str, Any]:
        if message["do"] == "warm":
            return self._warm(message["role"], message["encoders"])
        if message["do"] == "encode":
            return self._encode(message)
        self._stop_if_cancelled(message["id"])
        self._send({"id": message["id"], "begun": {}})
        plan = Plan.from_json(message["plan"])

        def progress(p: Progress) -> None:
            self._between(message["id"], p)

        if message["do"] == "stability":
            sweep_sizes(self.workspace, plan, progress=progress)
            return {}
        if message["do"] == "sureness":
            measure_sureness(self.workspace, plan, progress=progress)
            return {}
        if message["do"] == "agreement":
            measure_agreement(self.workspace, plan, progress=progress)
            return {}

        def encoder(name: str) -> Encoder:
            return cached_encoder(name, message["device"])

        def elsewhere(name: str) -> EncoderElsewhere:
            return EncoderElsewhere(lambda texts: self._asked(message["id"], name, texts))

        try:
            stage = message["stage"]
            return run_stage(self.workspace, plan, stage, encoder=encoder, wording=elsewhere, progress=progress)
        finally:
            if not self.workspace.runs.has(plan.run):  # deleted meanwhile: nobody needs what came of it
                self.workspace.sweep()

    def _between(self, number: int, progress: Progress) -> None:
        self._stop_if_cancelled(number)
        self._answer_queries()
        now = time.monotonic()
        if now - self._sent >= PROGRESS_SECONDS or progress.done == progress.total or progress.note:
            self._sent = now
            self._send({"id": number, "progress": dataclasses.asdict(progress)})

    def _stop_if_cancelled(self, number: int) -> None:
        if number in self.inbox.cancelled:
            raise errors.Cancelled("the run was cancelled.")

    def _answer_queries(self) -> None:
        while self.inbox.queries:
            self._answer(self.inbox.queries.popleft())

    def _warm(self, role: str, encoders: Sequence[str]) -> dict[str, Any]:
        if role == "encode":
            for name in encoders:
                model = self._encoder(name)
                if reads_words(model.modalities):
                    model.encode(["warm"])
                self._answer_queries()
        else:
            from explorer import clustering, neighbors, projection

            with loading():
                neighbors.warm_up()
                projection.warm_up()
                clustering.warm_up()
        return {}

    def _encode(self, message: Mapping[str, Any]) -> dict[str, Any]:
        if "texts" in message:
            model, texts = self._encoder(message["encoder"]), message["texts"]
            return packed_vectors(query_vectors(model, texts) if message.get("queries") else model.encode(texts))
        item = unpacked(message["item"])
        vector = query_vectors(self._encoder(message["encoder"]), [item])[0]
        if not np.isfinite(vector).all():
            kind = kind_of(item)
            raise errors.UnreadableFile(f"this {kind.nouns[0]} could not be opened; {kind.cure}")
        return {"vector": base64.b64encode(vector.astype("<f4").tobytes()).decode()}

    def _asked(self, number: int, encoder: str, texts: list[str]) -> FloatArray:
        """Have the worker that holds the encoder encode some texts for request *number*, and wait for it."""
        self._send({"id": number, "ask": {"encoder": encoder, "texts": texts}})
        while True:
            try:
                told = self.inbox.told.get(timeout=PROGRESS_SECONDS)
            except queue.Empty:
                self._stop_if_cancelled(number)
                continue
            if told["id"] != number:
                continue  # of a request that was cancelled
            if "error" in told:
                raise errors.WorkerDied(told["error"])
            return unpacked_vectors(told)

    def _encoder(self, name: str) -> Encoder:
        return remembering(self.workspace, cached_encoder(name, self.device))

    def _send(self, message: Mapping[str, Any]) -> None:
        self._out.write(json.dumps(message).encode() + b"\n")
        self._out.flush()


def main() -> None:
    """Serve requests from standard input until it ends."""
    _role, folder, device, line = sys.argv[1:5]
    tie(line)
    share_cores()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(name)s %(message)s")
    use_workspace(Path(folder))
    inbox = Inbox(sys.stdin.buffer)
    Worker(Workspace(folder), device, inbox, out).serve()


if __name__ == "__main__":
    main()
