"""A client that costs little and sends what a library would not: one connection, kept open, every byte of it chosen."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass
class Connection:
    """One connection to a server, which asks one thing after the other."""

    host: str
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def to(cls, address: str) -> Connection:
        place = urlsplit(address)
        reader, writer = await asyncio.open_connection(place.hostname, place.port, limit=2**24)
        return cls(place.netloc, reader, writer)

    async def renew(self) -> None:
        """Open the connection again if the server closed it, which lets nobody wait who asks for nothing for long."""
        if self.reader.at_eof() or self.writer.is_closing():
            name, _, port = self.host.rpartition(":")
            self.reader, self.writer = await asyncio.open_connection(name, int(port), limit=2**24)

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Return status and body of the answer."""
        kind = "Content-Type: application/json\r\n" if body else ""
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}\r\n{kind}Content-Length: {len(body)}\r\n\r\n"
        status, _, answer = await self.send(head.encode() + body, bodiless=method == "HEAD")
        return status, answer

    async def send(self, request: bytes, *, bodiless: bool = False) -> tuple[int, dict[str, str], bytes]:
        """Send *request* as it is; return status, headers by small letters, and body."""
        self.writer.write(request)
        await self.writer.drain()
        first, *lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        named = (line.partition(":") for line in lines if line)
        headers = {name.lower(): value.strip() for name, _, value in named}
        status = int(first.split()[1])
        if bodiless or status in (204, 304):
            return status, headers, b""
        if "content-length" in headers:
            return status, headers, await self.reader.readexactly(int(headers["content-length"]))
        return status, headers, await self._chunks()

    async def _chunks(self) -> bytes:
        body = b""
        while size := int(await self.reader.readline(), 16):
            body += await self.reader.readexactly(size)
            await self.reader.readline()
        await self.reader.readline()
        return body
