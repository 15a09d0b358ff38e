"""Sends requests for vectors to one address, several at once, and waits with patience where it is told to.

It knows no items (`remote` does).  It runs in a thread of its own, which ends with the process; whoever waits for an
answer may give it up.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from explorer.config import LOOPBACK
from explorer.encoders.transport import BUSY, CONNECT_SECONDS, bounded, later, said_in, waits
from explorer.errors import NoAnswer

A = TypeVar("A")
ANSWER_SECONDS = 120.0
"""An answer that is not complete by then counts as none."""
LONGEST_WAIT, PATIENCE = 300.0, 900.0
"""Seconds that are waited at a server's word, and in all for one request, before it is given up."""
BREAKS = 6
"""How often a request is sent again that came to nothing: no connection, no answer, an error of the server."""
MOST_BYTES = 256 * 2**20
_SPENT = ("insufficient_quota", "billing_hard_limit")
"""What a 429 says that no wait mends."""


class Refused(Exception):
    """A server does not take a request as it is: *status*, and what it *said*."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(f"{status} {said}")
        self.status, self.said = status, said


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_spent(self) -> bool:
        """Whether what was paid for is used up."""
        said = self.body[:4_000].decode("utf-8", "replace")
        return self.status == 402 or (self.status == 429 and any(word in said for word in _SPENT))


class Session:
    """Requests to one *url*; *note* says what is waited for, "" for nothing but answers."""

    def __init__(self, url: str, key: str, variable: str, *, seconds: float = ANSWER_SECONDS) -> None:
        self.url, self.host = url, urlsplit(url).netloc
        self._key, self._variable, self._seconds = key, variable, seconds
        self._guard = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: Any = None
        self._until, self._told = 0.0, ""

    def __repr__(self) -> str:
        return f"Session({self.url!r})"

    @property
    def note(self) -> str:
        """What is waited for, a sentence."""
        loop = self._loop
        left = self._until - loop.time() if loop is not None else 0.0
        return f"{self._told}; going on in {max(1, round(left)):,} s" if left > 0 and self._told else ""

    def start(self, work: Coroutine[Any, Any, A]) -> Future[A]:
        """Have a coroutine run that asks by `ask`, and return at once; the future may be cancelled."""
        with self._guard:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, daemon=True, name="vectors").start()
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def ask(self, asked: Mapping[str, Any]) -> bytes:
        """Return the body of the answer to a request.

        Raises Refused for a request that is not taken as it is, and NoAnswer where patience is of no use or at its end.
        """
        began, tried = self._now(), 0
        while True:
            while (left := self._until - self._now()) > 0:
                await asyncio.sleep(left)  # one of the others was told to wait
            answer = await self._try(asked, tried)
            if answer is not None and answer.status == 200:
                return answer.body
            wait = 2.0**tried if answer is None else self._wait_of(answer, tried)
            tried += 1
            if answer is not None and (wait is None or self._now() + wait - began > PATIENCE):
                raise self._refused(answer)
            wait = wait or 0.0
            self._tell(answer, wait)
            await asyncio.sleep(wait)

    def _wait_of(self, answer: _Answer, tried: int) -> float | None:
        if answer.status not in BUSY and tried >= BREAKS:
            return None
        if answer.is_spent:
            return None
        said = answer.headers.get("retry-after")
        return waits(answer.status, said, tried=tried, longest=LONGEST_WAIT, jitter=True)

    def _tell(self, answer: _Answer | None, wait: float) -> None:
        """Note what is waited for; where there are too many requests, the others wait as long."""
        if answer is not None and answer.status in BUSY:
            self._told, self._until = f"{self.host} takes no more for now", max(self._until, self._now() + wait)

    async def _try(self, asked: Mapping[str, Any], tried: int) -> _Answer | None:
        """Return the answer to a request, None where there is none, but it is worth another try."""
        import httpx

        try:
            async with asyncio.timeout(self._seconds):
                return await self._post(asked)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as exc:
            if tried < 2:  # one that is not there is seldom there soon
                return None
            raise NoAnswer(
                f"{self.host} cannot be reached. Start it, or mend its address; then resume, what came is kept."
            ) from exc
        except (httpx.TimeoutException, TimeoutError) as exc:
            if tried < 2:
                return None
            raise NoAnswer(
                f"{self.host} did not finish an answer in {self._seconds:.0f} s, three times. Resume later, what came "
                "is kept."
            ) from exc
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as exc:
            if tried < BREAKS:
                return None
            raise NoAnswer(
                f"{self.host} breaks off or does not speak HTTP. Mend its address, or resume; what came is kept."
            ) from exc

    async def _post(self, asked: Mapping[str, Any]) -> _Answer:
        if self._client is None:
            self._client = self._connected()
        async with self._client.stream("POST", self.url, json=asked) as got:
            body = await bounded(got, most=MOST_BYTES, what=self.host)
            return _Answer(got.status_code, got.headers, body)

    def _connected(self) -> Any:
        import httpx

        headers = {"Accept-Encoding": "identity", "User-Agent": "embedding-explorer"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        times = httpx.Timeout(self._seconds, connect=min(CONNECT_SECONDS, self._seconds))
        here = urlsplit(self.url).hostname in LOOPBACK  # no proxy leads there
        return httpx.AsyncClient(timeout=times, headers=headers, follow_redirects=False, trust_env=not here)

    def _refused(self, answer: _Answer) -> Exception:
        host, status = self.host, answer.status
        said = said_in(answer.body, self._key)
        again = "resume later, what came is kept"
        if 300 <= status < 400:
            return NoAnswer(f"{host} sends requests on to another address; give that one, if you trust it.")
        if status == 401:
            return NoAnswer(f"{host} wants {'another' if self._key else 'a'} key: {self._cure()}.")
        if status == 403:
            return NoAnswer(f"{host} does not let this key ask that model: take another model, or {self._cure()}.")
        if status == 404:
            return NoAnswer(f"{host} has no such model, or is asked at the wrong address; it mostly ends in /v1.")
        if answer.is_spent:
            return NoAnswer(f"what was paid for at {host} is used up; add to it there and resume, what came is kept.")
        if status in BUSY:
            return NoAnswer(f"{host} takes no more for now{later(answer.headers.get('retry-after'))}; {again}.")
        if status in (400, 413, 422):
            return Refused(status, said)
        return NoAnswer(f"{host} answers with an error ({status}{f': {said}' if said else ''}); {again}.")

    def _cure(self) -> str:
        return f"set {self._variable} in the environment of the program and start it again"

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
