"""Uploads whose server is killed in the middle of a piece, and requests that mean them ill."""

import subprocess
import sys
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from explorer.server.uploads import Uploads

PIECE, PIECES = 3 * 2**20, 6
SENDER = """
import os, signal, sys
from pathlib import Path
from explorer.server.uploads import Uploads
uploads = Uploads(Path(sys.argv[1]), limit_bytes=2**40, keep_free=0)
piece, key = int(sys.argv[2]), uploads.create()
def dying():
    yield bytes([3]) * (piece // 2)
    os.kill(os.getpid(), signal.SIGKILL)
for number in range(3):
    print(uploads.append(key, "a.bin", offset=number * piece, chunks=[bytes([number]) * piece]), flush=True)
uploads.append(key, "a.bin", offset=3 * piece, chunks=dying())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills its process the Unix way")
def test_a_server_that_is_killed_at_half_loses_no_piece_that_it_answered(tmp_path: Path) -> None:
    asked = [sys.executable, "-c", SENDER, str(tmp_path / "uploads"), str(PIECE)]
    ended = subprocess.run(asked, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    answered = [int(line) for line in ended.stdout.split()]
    assert (ended.returncode, answered) == (-9, [PIECE, 2 * PIECE, 3 * PIECE]), ended.stderr
    uploads = Uploads(tmp_path / "uploads", limit_bytes=2**40, keep_free=0)
    (root,) = uploads.folder.iterdir()
    whole = b"".join(bytes([number]) * PIECE for number in range(PIECES))
    at = uploads.offset(root.name, "a.bin")
    sent = 3 * PIECE + PIECE // 2  # before the end: of the last piece, half
    assert answered[-1] <= at <= sent
    while at < len(whole):
        piece = whole[at : at + PIECE]
        at = uploads.append(root.name, "a.bin", offset=at, chunks=[piece])
        sent += len(piece)
    (file,) = uploads.files(root.name)
    assert file.path.read_bytes() == whole
    assert sent - len(whole) <= PIECE


HOSTILE = [
    ("PUT", "/{}/file?offset=0", 422),
    ("PUT", "/{}/file?name=a&offset=-1", 422),
    ("PUT", "/{}/file?name=a&offset=1e3", 422),
    ("PUT", "/{}/file?name=a&offset=9007199254740993", 422),
    ("PUT", "/{}/file?name=a&offset=9007199254740992", 409),
    ("PUT", "/{}/file?name=" + "x" * 4097 + "&offset=0", 422),
    ("PUT", "/{}/file?name=../../../out.txt&offset=0", 204),
    ("PUT", "/{}/file?name=names.jsonl&offset=0", 204),
    ("PUT", "/{}/file?name=%00&offset=0", 204),
    ("PUT", "/..%2F{}/file?name=a&offset=0", 404),
    ("PUT", "/" + "A" * 32 + "/file?name=a&offset=0", 404),
    ("GET", "/" + "0" * 32, 404),
    ("GET", "/..%2F..", 404),
    ("DELETE", "/..%2F..", 404),
]


def test_hostile_requests_are_refused_or_stay_inside_their_upload(tmp_path: Path) -> None:
    from fastapi import APIRouter, FastAPI

    from explorer.config import Settings
    from explorer.server.api.problems import answer_errors
    from explorer.server.api.uploads import upload_routes
    from explorer.server.services import open_services
    from explorer.workspace import Workspace

    services = open_services(Workspace(tmp_path / "w"), Settings(workspace=tmp_path / "w"))
    app, router = FastAPI(), APIRouter()
    upload_routes(router, services)
    app.include_router(router)
    answer_errors(app, tmp_path / "w")
    outside = {path for path in tmp_path.rglob("*") if path.is_file()}
    with TestClient(app) as client:
        key = client.post("/uploads").json()["upload"]
        for method, rest, status in HOSTILE:
            answer = client.request(method, "/uploads" + rest.format(key), content=b"x" if method == "PUT" else None)
            assert answer.status_code == status, (method, rest, answer.text)
    root = tmp_path / "w" / "uploads" / key
    made = {path for path in tmp_path.rglob("*") if path.is_file()} - outside
    inside = {str(path.relative_to(root)) for path in made if path.is_relative_to(root)}
    assert inside == {"names.jsonl", "files/out.txt", "files/names.jsonl", "files/unnamed"}
    assert not [path for path in made if "uploads" in path.parts and not path.is_relative_to(root)]
