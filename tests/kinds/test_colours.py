"""A kind of item that a test brings along goes all the way: file, vectors, map, click, search, reports, reopening."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image

from explorer import encoders
from explorer.errors import UnknownKind, WrongModality
from explorer.kinds import ImageRef, kind_of, register, registry
from explorer.questions import answers, neighbors_of, search
from explorer.report import render
from explorer.runs import facts_of, make_plan, open_run, run, stages
from explorer.runs.worker import Worker
from explorer.server.api import mount
from explorer.ui import preview
from explorer.ui.cards import content
from explorer.ui.markup import markup
from explorer.ui.panels import inspector, settings
from explorer.ui.stores import Place
from explorer.workspace import Workspace
from tests.hereworker import services_here
from tests.kinds.colours import COLOURS, ENCODERS, Colour, read_colours

N = 60


@pytest.fixture(scope="module", autouse=True)
def known():
    """Let the package know the kind and its encoders, for these tests alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_kinds", dict(registry._kinds))
        register(COLOURS)
        for name in ("canonical", "fingerprint", "modalities_of", "load_encoder", "default_encoder"):
            patch.setattr(encoders, name, _with_ours(name, getattr(encoders, name)))
        patch.setattr(stages, "unread", lambda _encoder, texts: np.zeros(len(texts), np.bool_))
        yield


def _with_ours(name, known):
    told = {
        "canonical": lambda encoder: encoder.name,
        "fingerprint": lambda encoder: encoder.fingerprint,
        "modalities_of": lambda encoder: encoder.modalities,
        "load_encoder": lambda encoder: encoder,
    }

    def answer(given, **options):
        return told[name](ENCODERS[given]) if name in told and given in ENCODERS else known(given, **options)

    return answer


def shades(n=N):
    """Return lines of colours: reds, greens and blues in turn, and one line that is no colour."""
    random = np.random.default_rng(3)
    lines = []
    for row in range(n):
        colour = random.integers(0, 60, 3)
        colour[row % 3] = random.integers(200, 256)
        lines.append("#{:02x}{:02x}{:02x}".format(*colour))
    return "\n".join([*lines, "mauve"])


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    path = tmp_path_factory.mktemp("colours") / "shades.colours"
    path.write_text(shades(), encoding="utf-8")
    return read_colours(path)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture(scope="module")
def finished(home, dataset):
    return run(dataset, workspace=home, encoder="swatch", min_cluster_size=10)


@pytest.fixture(scope="module")
def services(home, finished):
    return services_here(home)


@pytest.fixture(scope="module")
def client(services):
    app = FastAPI()
    mount(app, services)
    return TestClient(app, base_url="http://127.0.0.1:8050")


def hue(item):
    return int(np.argmax([item.r, item.g, item.b]))


def test_colours_are_read_embedded_mapped_and_clustered(finished, dataset):
    assert finished.dataset.modalities == {"colour"}
    assert len(dataset.rejected) == 1
    assert finished.embeddings.ok.all()
    assert np.isfinite(finished.projection.xy).all()
    assert finished.clustering.count == 3
    for label in range(3):
        rows = np.flatnonzero(finished.clustering.labels == label)
        assert len({hue(finished.dataset.items[row]) for row in rows}) == 1


def test_a_dataset_of_colours_and_others_is_kept_and_opened_again(tmp_path, finished, home, dataset):
    again = open_run(finished.key, workspace=Workspace(home)).dataset
    assert list(again.items) == list(dataset.items)
    assert again.key == dataset.key
    items = ["one", Colour(1, 2, 3), ImageRef("/a/b.png", "ab" * 32, name="b.png"), "two", Colour(255, 0, 0)]
    mixed = type(dataset)("mixed", "mixed", items, dataset.table.head(5), (), "i")
    workspace = Workspace(tmp_path)
    workspace.datasets.keep(mixed)
    assert list(workspace.datasets.open("mixed").items) == items
    assert list(workspace.datasets.head("mixed", 2).items) == items[:2]
    assert workspace.datasets.record("mixed")["modalities"] == ["colour", "image", "text"]


def test_a_dataset_of_a_kind_that_is_not_known_here_says_so(home, finished, monkeypatch):
    monkeypatch.delitem(registry._kinds, "colour")
    with pytest.raises(UnknownKind, match=r"no kind of item 'colour' here; there are text, image, sound\. Install"):
        Workspace(home).datasets.open(finished.dataset.key)


def test_items_of_one_content_are_one_and_of_two_kinds_are_two(dataset):
    from explorer.embedding import item_hashes

    hashes = item_hashes([Colour(255, 0, 0), "#ff0000", Colour(255, 0, 0)])
    assert bytes(hashes[0]) == bytes(hashes[2]) != bytes(hashes[1])


def test_an_encoder_that_reads_no_colours_is_refused_and_words_are_asked_only_of_one_that_reads_them(dataset):
    from explorer.config import RunConfig

    facts = facts_of(dataset)
    with pytest.raises(WrongModality, match="reads no colours; choose one that does"):
        make_plan(facts, RunConfig.from_flat({"encoder": "minilm"}))
    assert "words" in make_plan(facts, RunConfig.from_flat({"encoder": "swatch"})).keys
    assert "words" not in make_plan(facts, RunConfig.from_flat({"encoder": "blind"})).keys


def test_without_words_clusters_have_numbers(dataset, tmp_path):
    blind = run(dataset, workspace=tmp_path, encoder="blind", min_cluster_size=10)
    assert {summary.name for summary in blind.summaries} == {"cluster 1", "cluster 2", "cluster 3"}


def test_an_encoder_without_words_is_warmed_and_asked_none(home):
    worker = Worker(Workspace(home), "cpu", inbox=None, out=None)
    worker._answer_queries = lambda: None
    assert worker._warm("encode", ["blind"]) == {}


def test_clusters_of_colours_are_named_by_words_that_lie_near(finished):
    assert all(summary.keywords for summary in finished.summaries)


def test_a_click_gives_the_colour_and_its_neighbours(client, finished):
    key, item = finished.key, finished.dataset.items[4]
    told = client.get(f"/api/v1/runs/{key}/items/4").json()
    assert told["kind"] == "colour"
    assert told["text"] == COLOURS.text(item)
    assert told["metadata"] == {"line": 4}
    near = client.get(f"/api/v1/runs/{key}/neighbors/4?k=5").json()["neighbors"]
    assert [one["row"] for one in near] == [row for row, _ in neighbors_of(finished, 4, k=5).pairs()]
    assert {hue(finished.dataset.items[one["row"]]) for one in near} == {hue(item)}
    picture = client.get(near[0]["thumbnail"])
    seen = np.asarray(Image.open(io.BytesIO(picture.content))).mean(axis=(0, 1))
    other = finished.dataset.items[near[0]["row"]]
    assert seen == pytest.approx((other.r, other.g, other.b), abs=8)
    assert client.get(told["image"]).status_code == 200
    assert Image.open(io.BytesIO(client.get(f"/api/v1/runs/{key}/sprites?rows=0,1&side=32").content)).size == (64, 32)


def test_the_map_has_a_point_and_a_picture_for_every_colour(client, finished):
    assert len(client.get(f"/api/v1/runs/{finished.key}/points").content) == 40 + 8 * N
    worth = np.frombuffer(client.get(f"/api/v1/runs/{finished.key}/pictures").content[8:], np.uint8)
    assert len(worth) == N
    assert worth.all()
    listed = client.get(f"/api/v1/datasets/{finished.dataset.key}").json()
    assert listed["modalities"] == ["colour"]
    assert len(listed["images"]) == len(listed["rows"]) == 10
    assert listed["rows"][0] == {"text": COLOURS.text(finished.dataset.items[0]), "line": "0"}


def test_colours_are_found_by_a_word_by_a_file_and_by_a_colour(client, finished):
    key, items = finished.key, finished.dataset.items
    found = client.get(f"/api/v1/runs/{key}/search?q=green&k=5").json()
    assert {hue(items[hit["row"]]) for hit in found["hits"]} == {1}
    sent = client.post(f"/api/v1/runs/{key}/search/image?k=5", content=b"#1010f0").json()
    assert {hue(items[hit["row"]]) for hit in sent["hits"]} == {2}
    here = search(finished, Colour(250, 20, 20), k=5)
    assert {hue(items[row]) for row, _ in here.pairs()} == {0}


def test_a_selection_of_colours_has_no_keywords_and_is_downloaded(client, finished):
    held = client.post(f"/api/v1/runs/{finished.key}/selection", json={"box": [-1e6, -1e6, 1e6, 1e6]}).json()
    assert held["count"] == N
    assert held["keywords"] == []
    assert len(client.get(held["csv"]).content.decode().splitlines()) == N + 1


def test_reports_show_and_list_the_colours(finished):
    texts = [COLOURS.text(item) for item in finished.dataset.items]
    page = render(finished, "html").decode()
    assert f"{N} colours" in page
    assert page.count('<img src="data:image/webp;base64,') >= 9
    assert f'alt="{texts[finished.summaries[0].exemplars[0]]}"' in page
    lines = list(csv.DictReader(io.StringIO(render(finished, "csv").decode())))
    assert [line["text"] for line in lines] == texts
    told = json.loads(render(finished, "json"))
    assert told["data"]["kinds"] == ["colour"]
    assert [item["text"] for item in told["items"]] == texts
    assert all("path" not in item for item in told["items"])


def test_the_page_shows_a_colour_as_a_picture_with_its_text(services, finished):
    told = answers.briefs(finished, [7])[0]
    card = markup(content(told))
    assert f'src="{told["thumbnail"]}"' in card
    assert f'alt="{told["text"]}"' in card
    head, near, _ = inspector.inspection(services, Place(finished.key, 7))
    assert f'src="{told["image"]}"' in markup(head)
    assert markup(near).count("<img") >= 10
    assert "60 colours" in markup(settings.about(services.datasets.one(finished.dataset.key)))
    first = services.datasets.preview(finished.dataset.key)
    assert f'alt="{COLOURS.text(finished.dataset.items[0])}"' in markup(preview._thumbnails(first))


def test_an_installed_package_names_a_kind_by_an_entry_point(tmp_path):
    about = tmp_path / "swatches-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: swatches\nVersion: 1.0\n")
    points = "[explorer.kinds]\ncolour = tests.kinds.colours:COLOURS\nbroken = tests.kinds.colours:GONE\n"
    (about / "entry_points.txt").write_text(points)
    program = (
        "from explorer.kinds import kind_named, unpacked\n"
        "from explorer.errors import UnknownKind\n"
        "print(unpacked({'kind': 'colour', 'columns': {'colour': ['#010203']}}))\n"
        "try: kind_named('broken')\n"
        "except UnknownKind as exc: print(exc)\n"
        "from explorer.server import checkup\n"
        f"print(*checkup(__import__('pathlib').Path({str(tmp_path / 'none')!r})), sep='\\n')\n"
    )
    root = Path(__file__).resolve().parents[2]
    paths = {"PYTHONPATH": f"{root}:{tmp_path}", "PATH": ""}
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=paths)
    assert ran.stdout.splitlines()[0] == "Colour(r=1, g=2, b=3)"
    assert "'broken' here; it cannot be used: AttributeError" in ran.stdout
    assert re.search(r"kind +colour +ready, of swatches 1.0", ran.stdout)
    assert re.search(r"kind +broken +not usable: AttributeError.*; mend or remove swatches 1.0", ran.stdout)


def test_two_kinds_share_neither_name_nor_column():
    class Other(type(COLOURS)):
        name = "other"

    with pytest.raises(ValueError, match="column 'colour' is that of the kind colour"):
        register(Other())

    class Same(type(COLOURS)):
        columns = ("same",)

    with pytest.raises(ValueError, match="another kind 'colour' already"):
        register(Same())
    assert kind_of(Colour(0, 0, 0)) is COLOURS
