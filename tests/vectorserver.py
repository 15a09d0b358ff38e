"""A server of vectors for tests: this machine's own, in the protocols of OpenAI, Cohere and Voyage, well or badly."""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

from tests.languagemodel import send

Asked = dict[str, Any]
Answer = Callable[[BaseHTTPRequestHandler, Asked], None] | None
"""What is done with a request, to answer it otherwise than with vectors."""
DIM = 16


def vector_of(text: str, dim: int = DIM, role: str = "") -> np.ndarray:
    """Return a unit vector that depends on the text alone."""
    seed = int.from_bytes(hashlib.sha256(f"{role}{text}".encode()).digest()[:8], "little")
    vector = np.random.default_rng(seed).normal(size=dim).astype(np.float32)
    return vector / np.linalg.norm(vector)


@dataclass
class Vectors:
    """A server that answers with vectors; the next of *answers* does it first, and *bad* texts are refused with 400."""

    port: int
    answers: list[Answer]
    bad: tuple[str, ...] = ()
    most: int = 10_000
    longest: int = 10**9
    requests: list[Asked] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    guard: Any = field(default_factory=threading.Lock)
    pause: threading.Event | None = None
    after: int = 0
    """Requests that are answered before the others wait for *pause*."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def texts(self) -> list[str]:
        """What was sent, but for the letter by which it is looked at what there is."""
        return [text for asked in self.requests for text in texts_in(asked) if text != "a"]


def texts_in(asked: Asked) -> list[str]:
    return list(asked.get("input") or asked.get("texts") or [])


def answer_of(asked: Asked, path: str) -> bytes:
    texts = texts_in(asked)
    dim = asked.get("dimensions") or asked.get("output_dimension") or DIM
    role = asked.get("input_type", "")
    vectors = [vector_of(text, dim, role) * 3 for text in texts]
    if path.endswith("/embed"):
        return json.dumps({"embeddings": {"float": [vector.tolist() for vector in vectors]}}).encode()
    packed = asked.get("encoding_format") == "base64"
    told = [base64.b64encode(v.astype("<f4").tobytes()).decode() if packed else v.tolist() for v in vectors]
    rows = [{"object": "embedding", "index": at, "embedding": one} for at, one in enumerate(told)]
    return json.dumps({"object": "list", "data": rows[::-1]}).encode()  # not in order: they have an index


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        server: Vectors = self.server.vectors  # type: ignore[attr-defined]
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with server.guard:
            server.requests.append(asked)
            server.headers.append(dict(self.headers))
            server.paths.append(self.path)
            number = len(server.requests)
            answer = server.answers.pop(0) if server.answers else None
        if server.pause is not None and number > server.after:
            server.pause.wait(30)
        try:
            texts = texts_in(asked)
            if answer is not None:
                answer(self, asked)
            elif len(texts) > server.most:
                send(self, 413, json.dumps({"error": f"batch size {len(texts)} > {server.most}"}).encode())
            elif set(texts) & set(server.bad) or any(len(text) > server.longest for text in texts):
                send(self, 400, json.dumps({"error": {"message": "this input cannot be read"}}).encode())
            else:
                send(self, 200, answer_of(asked, self.path))
        except OSError:  # who asked has gone
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def vector_server(*answers: Answer, **more: Any) -> Iterator[Vectors]:
    """Run a server of vectors on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.vectors = Vectors(server.server_port, list(answers), **more)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.vectors  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
