"""A language model for tests: a server of this machine that speaks OpenAI's protocol, well or badly."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Asked = dict[str, Any]
Answer = str | Callable[[BaseHTTPRequestHandler, Asked], None]
"""What the model says; or what is done with a request, to answer it otherwise."""


@dataclass
class Model:
    """A server that answers each request with the next of *answers*, the last again and again."""

    address: str
    answers: list[Answer]
    requests: list[Asked] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def told(self) -> list[Asked]:
        """What was said of each group."""
        return [json.loads(request["messages"][-1]["content"]) for request in self.requests]


def named(name: str, summary: str = "They are alike.") -> str:
    return json.dumps({"name": name, "summary": summary})


def completion(content: Any, **more: Any) -> bytes:
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content, **more}}]}).encode()


def send(request: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    request.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(body)


def status(code: int, body: bytes = b"{}", **headers: str) -> Callable[[BaseHTTPRequestHandler, Asked], None]:
    return lambda request, asked: send(request, code, body, **headers)


def endless(pause: float, part: bytes = b" ") -> Callable[[BaseHTTPRequestHandler, Asked], None]:
    """Answer without an end: *part* again and again until the other side goes."""

    def answer(request: BaseHTTPRequestHandler, asked: Asked) -> None:
        request.send_response(200)
        request.end_headers()
        while True:
            request.wfile.write(part)
            time.sleep(pause)

    return answer


def counted(request: BaseHTTPRequestHandler, asked: Asked) -> None:
    """Answer with a name of its own each time."""
    number = len(request.server.model.requests)  # type: ignore[attr-defined]
    send(request, 200, completion(f"```json\n{named(f'Group number {number}', f'The {number}th.')}\n```"))


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        model: Model = self.server.model  # type: ignore[attr-defined]
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = model.answers[min(len(model.requests), len(model.answers) - 1)]
        model.requests.append(asked)
        model.headers.append(dict(self.headers))
        model.paths.append(self.path)
        try:
            if callable(answer):
                answer(self, asked)
            else:
                send(self, 200, completion(answer))
        except OSError:  # who asked has gone
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def language_model(*answers: Answer) -> Iterator[Model]:
    """Run a language model that gives these answers, one a request; none: a name of its own each time."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.model = Model(f"http://127.0.0.1:{server.server_port}/v1", list(answers) or [counted])  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.model  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
