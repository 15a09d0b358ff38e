"""Talks to a language model over the network, by the protocol of OpenAI that Ollama, llama.cpp and vLLM speak too.

It decides neither what is sent nor what an answer means.  Nothing that a server answers is followed elsewhere, the key
goes into one header and into no message.  Source: https://platform.openai.com/docs/api-reference/chat/create
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from explorer.config import LOOPBACK, NAMES_KEY
from explorer.encoders import CONNECT_SECONDS, base_of, bounded, checked_key, later, waits
from explorer.errors import BadReply, BadSetting, ExplorerError, NoAnswer

Watch = Callable[[], None]
LOOK_SECONDS = 0.2
"""Between two looks at whether an answer is still wanted."""
ANSWER_SECONDS = 180.0
"""An answer that is not complete by then is given up: a large model on a processor takes a minute."""
MOST_BYTES = 2**20
WHAT = "the language model"
LONGEST_WAIT = 60.0
"""A server that asks to wait longer is not waited for."""
TRIES = 4
_LONGEST_MODEL = 200
_SAID = 200
"""Characters of a server's own words that an error repeats."""


@dataclass(frozen=True)
class Endpoint:
    """Where a language model is asked: *address* ends in /v1 or the like; the key is in no representation."""

    address: str
    model: str
    key: str = field(default="", repr=False)

    @classmethod
    def at(cls, address: str, model: str, *, key: str = "") -> Endpoint:
        """Return the endpoint at an address as people give it: with /v1 and /chat/completions, or without.

        Raises BadSetting.
        """
        if not 0 < len(model.strip()) <= _LONGEST_MODEL:
            raise BadSetting("say which model is to be asked, by its name there, as llama3.2 or gpt-4.1-mini.")
        base = base_of(address, ends="/chat/completions", what="a language model", key=NAMES_KEY)
        return cls(base, model.strip(), checked_key(key, NAMES_KEY))

    @property
    def host(self) -> str:
        """The name or number, and the port, that requests go to."""
        return urlsplit(self.address).netloc


class Talk:
    """A conversation with one endpoint, to be used in a `with`; requests go one after the other.

    They run in a thread of their own, so that *watch*, called while an answer is waited for, may raise to give it up.
    """

    def __init__(self, endpoint: Endpoint, *, seconds: float = ANSWER_SECONDS) -> None:
        self.endpoint, self._seconds = endpoint, seconds
        self._stack = ExitStack()

    def __enter__(self) -> Talk:
        import httpx
        from anyio.from_thread import start_blocking_portal

        headers = {"Accept-Encoding": "identity", "User-Agent": "embedding-explorer"}
        if self.endpoint.key:
            headers["Authorization"] = f"Bearer {self.endpoint.key}"
        times = httpx.Timeout(self._seconds, connect=min(CONNECT_SECONDS, self._seconds))
        self._portal = self._stack.enter_context(start_blocking_portal())
        here = urlsplit(self.endpoint.address).hostname in LOOPBACK  # no proxy leads there
        self._client = httpx.AsyncClient(timeout=times, headers=headers, follow_redirects=False, trust_env=not here)
        self._stack.callback(self._portal.call, self._client.aclose)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def ask(self, messages: Sequence[Mapping[str, str]], *, watch: Watch) -> str:
        """Return what the model answers, after a wait if that is asked for.  Raises NoAnswer, and what *watch* does."""
        import time

        for left in range(TRIES - 1, -1, -1):
            status, headers, body = self._fetch(messages, watch)
            wait = waits(status, headers.get("retry-after"), tried=TRIES - 1 - left, longest=LONGEST_WAIT)
            if wait is None or not left:
                break
            end = time.monotonic() + wait
            while time.monotonic() < end:
                watch()
                time.sleep(min(LOOK_SECONDS, wait))
        if status != 200:
            raise self._refused(status, body, headers.get("retry-after"))
        return _content(body)

    def _fetch(self, messages: Sequence[Mapping[str, str]], watch: Watch) -> tuple[int, Mapping[str, str], bytes]:
        waiting = self._portal.start_task_soon(self._post, messages)
        try:
            while True:
                watch()
                try:
                    return waiting.result(timeout=LOOK_SECONDS)
                except TimeoutError:
                    if waiting.done():
                        return waiting.result()
        finally:
            waiting.cancel()

    async def _post(self, messages: Sequence[Mapping[str, str]]) -> tuple[int, Mapping[str, str], bytes]:
        import anyio
        import httpx

        # No temperature, no limit of tokens: some models refuse a request with them.
        asked = {"model": self.endpoint.model, "messages": list(messages), "stream": False}
        host = self.endpoint.host
        try:
            with anyio.fail_after(self._seconds):
                async with self._client.stream("POST", f"{self.endpoint.address}/chat/completions", json=asked) as got:
                    return got.status_code, got.headers, await bounded(got, most=MOST_BYTES, what=WHAT)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as exc:
            raise NoAnswer(
                f"the language model at {host} cannot be reached. Start it, or mend the address; then ask again."
            ) from exc
        except (httpx.TimeoutException, TimeoutError) as exc:
            raise NoAnswer(
                f"the language model at {host} did not finish an answer in {self._seconds:.0f} s. Ask again to go on, "
                "send fewer items, or take a smaller model."
            ) from exc
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as exc:
            raise NoAnswer(f"{host} broke off or does not speak HTTP. Mend the address, or ask again.") from exc

    def _refused(self, status: int, body: bytes, retry_after: str | None) -> ExplorerError:
        host, model = self.endpoint.host, self.endpoint.model
        cures = {
            401: f"{host} wants another key: set {NAMES_KEY} in the environment of the program and start it again.",
            403: f"{host} does not let this key ask {model}: take another model, or set {NAMES_KEY} to another key.",
            404: f"{host} has no model {model}, or is asked at the wrong address; it mostly ends in /v1.",
            429: f"{host} takes no more for now{later(retry_after)}; ask again later, it goes on where it stopped.",
        }
        if 300 <= status < 400:
            return NoAnswer(f"{host} sends requests on to another address; give that one, if you trust it.")
        if status in cures:
            return NoAnswer(cures[status])
        said = self._said(body)
        return NoAnswer(f"{host} answers with an error ({status}{f': {said}' if said else ''}). Ask again to go on.")

    def _said(self, body: bytes) -> str:
        """Return the words of a server's error, in one short line and without the key."""
        from explorer.description import plain_line

        try:
            error = json.loads(body).get("error")
            said = plain_line(error.get("message") if isinstance(error, dict) else error)
        except (ValueError, AttributeError, RecursionError):
            return ""
        return (said.replace(self.endpoint.key, "…") if self.endpoint.key else said)[:_SAID]


def _content(body: bytes) -> str:
    """Return the text of an answer; raises NoAnswer for what is none, and BadReply for a refusal."""
    try:
        choice = json.loads(body)["choices"][0]
        message = choice["message"]
        content, refusal = message.get("content"), message.get("refusal")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as exc:
        raise NoAnswer(
            "what came back is no answer of a language model. Mend the address: it mostly ends in /v1."
        ) from exc
    if refusal or choice.get("finish_reason") == "content_filter":
        raise BadReply("it refused")
    value = content
    if not isinstance(value, str) or not value.strip():
        raise BadReply("it answered nothing")
    return value
