"""Sounds on a server: named by folders, played in parts, found by a sound, seen with their length."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import explorer as ex
from explorer.errors import WrongModality
from explorer.report import render
from explorer.server.api import mount
from explorer.server.api.sounds import part_of
from explorer.ui.cards import content
from explorer.ui.markup import markup
from explorer.ui.panels import inspector
from explorer.ui.panels.map import view_of
from explorer.ui.stores import Place
from tests import sounds
from tests.hereworker import services_here

KINDS = ("tone", "noise", "clicks")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("sounds")
    for kind in KINDS:
        (home / kind).mkdir()
        for number in range(8):
            suffix = (".wav", ".flac", ".mp3")[number % 3]
            made = sounds.encoded(sounds.made(kind, number, seconds=0.5 + number / 10), suffix)
            (home / kind / f"{number}{suffix}").write_bytes(made)
    return home


@pytest.fixture(scope="module")
def finished(folder, tmp_path_factory):
    packed = tmp_path_factory.mktemp("packed") / "sounds.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(folder.rglob("*.*")):
            archive.write(path, path.relative_to(folder))
    return ex.run(ex.load(packed), workspace=packed.parent / "w", min_cluster_size=4)


@pytest.fixture(scope="module")
def services(finished):
    return services_here(Path(str(finished.dataset.items[0])).parent / "w")


@pytest.fixture(scope="module")
def client(services):
    app = FastAPI()
    mount(app, services)
    return TestClient(app, base_url="http://127.0.0.1:8050")


def test_sounds_without_words_are_named_by_their_folders(finished):
    assert finished.embeddings.encoder == "melstats"
    assert sorted(summary.name for summary in finished.summaries) == sorted(KINDS)
    assert all(summary.size == 8 for summary in finished.summaries)


def test_a_sound_is_played_whole_or_in_parts(client, finished, folder):
    row = next(at for at, item in enumerate(finished.dataset.items) if item.name == "noise/1.flac")
    address, content_of = f"/api/v1/runs/{finished.key}/sounds/{row}", (folder / "noise/1.flac").read_bytes()
    whole = client.get(address)
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, content_of, "audio/flac")
    assert whole.headers["accept-ranges"] == "bytes"
    part = client.get(address, headers={"Range": "bytes=100-199", "If-Range": whole.headers["etag"]})
    assert (part.status_code, part.content) == (206, content_of[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(content_of)}"
    assert client.get(address, headers={"Range": "bytes=-7"}).content == content_of[-7:]
    assert client.get(address, headers={"Range": "bytes=9-", "If-Range": '"other"'}).status_code == 200
    past = client.get(address, headers={"Range": f"bytes={len(content_of)}-"})
    assert (past.status_code, past.headers["content-range"]) == (416, f"bytes */{len(content_of)}")
    assert client.get(f"/api/v1/runs/{finished.key}/sounds/999").status_code == 404


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("", None), ("bytes=0-", (0, 50)), ("bytes=10-19", (10, 20)), ("bytes=40-99", (40, 50)), ("bytes=-5", (45, 50)),
        ("bytes=-99", (0, 50)), ("bytes=50-", (50, 50)), ("bytes=-0", (50, 50)), ("bytes=-", None), ("bytes=9-3", None),
        ("bytes=0-1,4-5", None), ("lines=0-1", None), ("bytes=0-" + "9" * 400, None), ("bytes=١-", None),
    ],
)  # fmt: skip
def test_a_range_is_read_or_all_is_sent(asked: str, part: tuple[int, int] | None) -> None:
    assert part_of(asked, 50) == part


def test_a_sound_finds_sounds_and_words_are_refused_with_a_reason(client, finished, folder):
    content_of = (folder / "clicks/2.mp3").read_bytes()
    found = client.post(f"/api/v1/runs/{finished.key}/search/image?k=5", content=content_of).json()
    assert found["query"] == "the sound"
    assert {hit["path"].split("/")[0] for hit in found["hits"]} == {"clicks"}
    assert found["hits"][0]["path"] == "clicks/2.mp3"
    told = client.get(f"/api/v1/runs/{finished.key}/search?q=noise").json()
    assert {one["path"].split("/")[0] for one in told["by_name"]} == {"noise"}
    assert told["unread"]
    told = client.get(f"/api/v1/runs/{finished.key}/search?q=thunder").json()
    assert told["detail"].startswith(
        "No name has “thunder”. This map's encoder reads sounds, so only names are searched"
    )
    with pytest.raises(WrongModality, match="reads sounds, not pictures; choose conse"):
        ex.search(finished, ex.ImageRef("a.png", ""))


def test_the_page_shows_a_sound_with_its_length_and_plays_it(services, finished):
    told = services.questions.item(finished.key, 0)
    assert (told["kind"], told["length"], told["sound"]) == (
        "sound", "500 ms", f"/api/v1/runs/{finished.key}/sounds/0",
    )  # fmt: skip
    card = markup(content(told))
    assert "· 500 ms" in card
    assert f'src="{told["thumbnail"]}"' in card
    point = markup(inspector.point(told, Place(finished.key, 0)))
    (player,) = re.findall("<audio[^>]*>", point)
    assert f'src="{told["sound"]}"' in player
    assert 'controls=""' in player
    assert 'data-plays="1"' in point
    view = view_of(services, services.runs.status(finished.key))
    assert (view["searched"], view["searched_by"], view["pictures"]) == (
        False,
        [{"type": "audio", "noun": "sound"}],
        True,
    )


def test_the_report_shows_spectra_with_lengths(finished):
    page = render(finished, "html").decode()
    assert "24 sounds were compared by how they sound" in page
    assert page.count('<img src="data:image/') >= 9
    assert ", 500 ms" in page
    told = json.loads(render(finished, "json"))
    assert told["data"]["kinds"] == ["sound"]
    assert told["items"][0]["path"] == "clicks/0.wav"


def test_a_dataset_of_sounds_is_saved_and_taken_in_elsewhere(finished, tmp_path):
    home = Path(str(finished.dataset.items[0])).parent / "w"
    ex.export_dataset(finished.dataset.key, tmp_path / "saved.zip", workspace=home)
    taken = ex.import_dataset(tmp_path / "saved.zip", workspace=tmp_path / "other")
    again = ex.open_run(finished.key, workspace=tmp_path / "other")
    assert [item.seconds for item in again.dataset.items] == [item.seconds for item in finished.dataset.items]
    assert np.array_equal(again.embeddings.vectors, finished.embeddings.vectors)
    assert taken.dataset == finished.dataset.key
