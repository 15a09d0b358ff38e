"""Sheets of small pictures: the right picture in each square, what is no picture, what may be kept."""

import io
from pathlib import Path

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image

from explorer.config import Settings
from explorer.kinds import ImageRef, close_archives, picture_type
from explorer.server.api import mount
from explorer.server.services import open_services
from explorer.workspace.folder import Workspace
from explorer.workspace.sprites import COLUMNS
from tests.synthetic import color_of, write_run

ROWS = 60
PICTURES = 45


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("sprites")


@pytest.fixture(scope="module")
def run(home):
    return write_run(home / "workspace", ROWS, dim=8, clusters=4, pictures=PICTURES / ROWS)


@pytest.fixture(scope="module")
def client(home, run):
    app = FastAPI()
    mount(app, open_services(Workspace(home / "workspace"), Settings(home / "workspace")))
    return TestClient(app, base_url="http://127.0.0.1:8050")


def squares(content: bytes, count: int, side: int) -> list[tuple[float, ...]]:
    """Return the mean colour of the middle of each of the first *count* squares."""
    pixels = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), np.float64)
    edge = side // 4
    corners = [(k // COLUMNS * side + edge, k % COLUMNS * side + edge) for k in range(count)]
    return [tuple(pixels[y : y + side - 2 * edge, x : x + side - 2 * edge].mean(axis=(0, 1))) for y, x in corners]


@pytest.mark.parametrize("side", [32, 160])
def test_every_square_shows_the_picture_of_its_row_in_the_order_asked_for(client, run, side):
    rows = [17, 3, 44, 0, 8, 9, 16, 33, 3, 2, 40]
    answer = client.get(f"/api/v1/runs/{run}/sprites", params={"rows": ",".join(map(str, rows)), "side": side})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/webp"
    assert Image.open(io.BytesIO(answer.content)).size == (COLUMNS * side, 2 * side)
    for row, seen in zip(rows, squares(answer.content, len(rows), side), strict=True):
        assert seen == pytest.approx(color_of(row), abs=8), row
        alone = client.get(f"/api/v1/runs/{run}/thumbnails/{row}.jpg")
        assert seen == pytest.approx(np.asarray(Image.open(io.BytesIO(alone.content))).mean(axis=(0, 1)), abs=8)


def test_a_sheet_of_pictures_may_be_kept_and_one_row_makes_a_small_one(client, run):
    answer = client.get(f"/api/v1/runs/{run}/sprites?rows=5&side=64")
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert "rows-without-picture" not in answer.headers
    assert Image.open(io.BytesIO(answer.content)).size == (64, 64)
    assert answer.content == client.get(f"/api/v1/runs/{run}/sprites?rows=5&side=64").content


def test_texts_and_pictures_that_are_gone_are_told_and_such_a_sheet_is_not_kept(tmp_path):
    run = write_run(tmp_path / "w", 8, dim=8, clusters=2, pictures=0.5)
    services = open_services(Workspace(tmp_path / "w"), Settings(tmp_path / "w"))
    services.pictures.sheet(run, "0,1", 32)  # their thumbnails are here from now on
    close_archives()
    next(tmp_path.glob("*.zip")).unlink()
    made = services.pictures.sheet(run, "0,5,3,1", 32)
    assert made.without == (5, 3)
    seen = squares(made.content, 4, 32)
    assert seen[0] == pytest.approx(color_of(0), abs=8)
    assert seen[3] == pytest.approx(color_of(1), abs=8)
    assert seen[1] == pytest.approx((128, 128, 128), abs=8)

    app = FastAPI()
    mount(app, services)
    answer = TestClient(app, base_url="http://127.0.0.1:8050").get(f"/api/v1/runs/{run}/sprites?rows=0,5,3&side=32")
    assert answer.headers["rows-without-picture"] == "5,3"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("rows=60", "rows of this run are 0 to 59"),
        ("rows=1,x", "'x'"),
        ("rows=-1", "'-1'"),
        ("rows=", "''"),
        ("rows=1,,2", "''"),
        ("rows=²", "'²'"),
        ("rows=1&side=50", "32, 64, 96, 160"),
        ("rows=1&side=big", "side"),
        ("side=32", "rows"),
        ("rows=" + ",".join(["1"] * 257), "at most 256"),
    ],
)
def test_rows_and_sides_that_make_no_sense_are_told_in_a_sentence(client, run, query, says):
    answer = client.get(f"/api/v1/runs/{run}/sprites?{query}")
    assert answer.status_code == 422
    assert says in answer.json()["detail"]


def test_no_sheet_of_a_run_that_is_not_there(client):
    assert client.get("/api/v1/runs/nosuch/sprites?rows=1&side=32").status_code == 404
    assert client.get("/api/v1/runs/nosuch/pictures").status_code == 404


def test_which_rows_have_pictures_and_whose_stand_for_their_cluster(client, run):
    answer = client.get(f"/api/v1/runs/{run}/pictures")
    assert answer.content[:4] == b"EEW1"
    assert int.from_bytes(answer.content[4:8], "little") == ROWS
    worth = np.frombuffer(answer.content, np.uint8, offset=8)
    assert (worth[:PICTURES] > 0).all()
    assert (worth[PICTURES:] == 0).all()
    clusters = client.get(f"/api/v1/runs/{run}/clusters").json()["clusters"]
    for cluster in clusters:
        examples = [example["row"] for example in cluster["exemplars"]]
        assert [worth[row] for row in examples] == [0 if row >= PICTURES else 255 - i for i, row in enumerate(examples)]
    others = set(range(PICTURES)) - {example["row"] for c in clusters for example in c["exemplars"]}
    assert all(1 <= worth[row] <= 200 for row in others)


def test_a_thumbnail_is_made_once(home, client, run):
    client.get(f"/api/v1/runs/{run}/sprites?rows=7&side=32")
    folder: Path = home / "workspace" / "thumbs"
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.jpg")}
    client.get(f"/api/v1/runs/{run}/sprites?rows=7&side=96")
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.jpg")} == before


def test_thumbnails_of_earlier_releases_are_shown_as_they_are_and_not_made_again(tmp_path):
    original = tmp_path / "0.png"
    Image.new("RGB", (400, 300), "red").save(original)
    item = ImageRef(str(original), "ab" * 32)
    thumbnails = Workspace(tmp_path / "w").thumbnails
    made = thumbnails.get(item)
    assert (picture_type(made), Image.open(io.BytesIO(made)).size) == ("image/jpeg", (160, 120))
    kept = thumbnails.path(item)
    earlier = kept.with_suffix(".webp")
    Image.new("RGB", (160, 120), "red").save(earlier)
    kept.unlink()
    assert picture_type(thumbnails.get(item)) == "image/webp"
    thumbnails.keep(item, Image.open(original))
    assert list(kept.parent.iterdir()) == [earlier]
    original.unlink()
    assert thumbnails.large(item) == earlier.read_bytes()
