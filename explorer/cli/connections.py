"""What a connection may take before its request is there: bytes of the head, seconds, and how many are open at once.

It answers no request.  Without this a head may grow as long as a client sends, and waits for its end for ever.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

HEAD_BYTES = 64 * 1024
"""Bytes of a request line and its headers; a piece of what comes may be read beyond it."""
HEAD_SECONDS = 30.0
"""Until the head of a connection's first request is there, and of a later one from its first byte on."""
_SAID = b"The head is larger than 64 kB.\n"
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"connection: close\r\ncontent-length: %d\r\n\r\n%b" % (len(_SAID), _SAID)
)
_OPEN_FILES = 65_536


def bounded_protocol() -> Any:
    """Return uvicorn's protocol over httptools with bounds; without httptools h11's, which has bounds of its own."""
    try:
        from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
    except ImportError:
        return "auto"

    class Bounded(HttpToolsProtocol):
        """A connection that is closed when its head is too large or too late."""

        _in_head, _in_request, _begun, _head_bytes, _late = False, False, 0, 0, None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            self._wait(no_longer=True)
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            # Where in a piece a request begins is not told: unless at its start, what came of its head is not counted.
            begins, self._begun = not self._in_request, 0
            super().data_received(data)
            self._head_bytes = (self._head_bytes + len(data)) if self._begun <= begins else 0
            if self._in_head and self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
                self.transport.write(_TOO_LARGE)
                self.transport.close()

        def on_message_begin(self) -> None:
            self._in_head, self._in_request, self._head_bytes = True, True, 0
            self._begun += 1
            self._wait()
            super().on_message_begin()

        def on_headers_complete(self) -> None:
            self._in_head = False
            self._wait(no_longer=True)
            super().on_headers_complete()

        def on_message_complete(self) -> None:
            self._in_request = False
            super().on_message_complete()

        def _wait(self, *, no_longer: bool = False) -> None:
            if self._late is not None:
                self._late.cancel()
            self._late = None if no_longer else self.loop.call_later(HEAD_SECONDS, self.transport.close)

    return Bounded


def open_many_files() -> None:
    """Let this process have as many connections and files open as the system lets it, where it says less by default."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
