"""Reports that are sent while they are made: small ones whole, large ones in pieces, none of which is lost."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Response
from fastapi.testclient import TestClient
from starlette.middleware.gzip import GZipMiddleware

from explorer.server.api.downloads import made, saved_as

PIECE = bytes(range(256)) * 2**12
"""A mebibyte."""


def served(media_type: str, pieces: Iterator[bytes]) -> TestClient:
    app = FastAPI()
    app.add_middleware(GZipMiddleware, minimum_size=1_000)

    @app.get("/")
    def answer() -> Response:
        return made(pieces, media_type, "räport.csv")

    return TestClient(app)


@pytest.mark.parametrize("count", [0, 1, 3])
@pytest.mark.parametrize("media_type", ["text/csv; charset=utf-8", "application/octet-stream"])
def test_what_is_sent_is_what_was_made(count: int, media_type: str) -> None:
    asked: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(count):
            asked.append(number)
            yield PIECE + b"."
        yield b"end"

    told = served(media_type, pieces()).get("/", headers={"Accept-Encoding": "identity"})
    assert told.content == (PIECE + b".") * count + b"end"
    assert told.headers["content-disposition"].startswith('attachment; filename="r_port.csv"')
    assert ("content-length" in told.headers) == (count == 0)
    assert asked == list(range(count))


def test_text_is_packed_for_those_who_take_that_and_vectors_are_not() -> None:
    for media_type, packed in (("text/csv; charset=utf-8", True), ("application/octet-stream", False)):
        with served(media_type, iter([PIECE, PIECE])).stream("GET", "/", headers={"Accept-Encoding": "gzip"}) as told:
            raw = b"".join(told.iter_raw())
            assert (told.headers["content-encoding"] == "gzip") == packed
            assert (gzip.decompress(raw) if packed else raw) == PIECE * 2
            assert len(raw) < 2**20 or not packed


def test_what_cannot_be_made_is_told_before_anything_is_sent() -> None:
    def pieces() -> Iterator[bytes]:
        raise OSError("gone")
        yield b""

    with pytest.raises(OSError, match="gone"):
        served("text/csv; charset=utf-8", pieces()).get("/")


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("museum.csv", "museum-items.csv"),
        ("museum_2.csv.gz, version 2", "museum_2, version 2-items.csv"),
        ("a.xlsx (1,000 of 3,000 rows)", "a (1,000 of 3,000 rows)-items.csv"),
        ("v2.1 of the notes", "v2.1 of the notes-items.csv"),
        (".csv", ".csv-items.csv"),
    ],
)
def test_a_download_is_called_after_the_file_without_its_ending(name: str, saved: str) -> None:
    assert saved_as(name, "items.csv") == saved
