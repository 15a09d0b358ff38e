"""The REST API through a real server process, and what happens when that process is killed."""

import base64
import csv
import io
import json
import math
import os
import signal
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor

import httpx
import numpy as np
import pytest
from PIL import Image

from explorer.projection.maps import WATCHED
from tests.browser import samples
from tests.servers import leaving_noise, serving, settled, until
from tests.spreadsheets import excel
from tests.workspace.test_frames import decoded

THEMES = {
    "pets": "My {} {} and we took it to the vet",
    "trains": "The {} train {} at the station this morning",
    "cooking": "I {} the {} soup with garlic and lemon",
}
WORDS = ["old", "little", "late", "blue", "quiet", "fast", "heavy", "sweet", "young", "broken", "warm", "new"]


def texts(n):
    rows = []
    for i in range(n):
        theme = list(THEMES)[i % 3]
        rows.append((THEMES[theme].format(WORDS[i % 12], WORDS[(i // 12) % 12]) + f" number {i // 144}", theme, i))
    return rows


def table(n):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["message", "theme", "when"])
    writer.writerows(texts(n))
    return out.getvalue().encode()


@pytest.fixture(scope="module")
def dataset(server):
    return server.add("themes.csv", table(90))


@pytest.fixture(scope="module")
def run(server, dataset):
    key = server.start(dataset, min_cluster_size=8)
    server.finish(key)
    return key


def test_a_dataset_says_which_languages_its_texts_are_in(server, dataset):
    assert next(iter(server.get(f"/datasets/{dataset}")["languages"])) == "en"
    described = {encoder["name"]: encoder["languages"] for encoder in server.get("/encoders")["encoders"]}
    assert described["minilm"] == ["en"]


def test_what_a_map_takes_is_told_for_each_encoder_that_reads_the_items(server, dataset):
    told = server.get(f"/datasets/{dataset}/estimates", rows=50)["estimates"]
    assert (told[0]["encoder"], told[0]["offline"], told[0]["rows"]) == ("minilm", True, 50)
    assert "about" in told[0]["words"]
    assert server.client.get("/api/v1/datasets/none/estimates").status_code == 404


def test_an_upload_is_looked_at_before_it_is_read_and_for_a_while_afterwards(server):
    upload = server.client.post("/api/v1/uploads").json()["upload"]
    rows = "".join(f"a text of words {i},{i % 3},x{i:04d}\n" for i in range(30))
    server.client.put(f"/api/v1/uploads/{upload}/file?name=said.csv&offset=0", content=f"said,n,code\n{rows}".encode())
    seen = server.get(f"/uploads/{upload}/preview")
    assert (seen["name"], seen["text_column"], seen["columns"]) == ("said.csv", "said", ["said", "n", "code"])
    assert seen["rows"][1] == {"said": "a text of words 1", "n": "1", "code": "x0001"}
    told = {one["name"]: (one["kind"], one["distinct"], one["longest"]) for one in seen["looks"]}
    assert told == {"said": ("text", 30, 18), "n": ("number", 3, 1), "code": ("id", 30, 5)}
    server.client.post(f"/api/v1/uploads/{upload}/done")
    assert server.get(f"/uploads/{upload}/preview") == seen
    assert server.client.get(f"/api/v1/uploads/{'0' * 32}/preview").status_code == 404
    empty = server.client.post("/api/v1/uploads").json()["upload"]
    assert server.client.get(f"/api/v1/uploads/{empty}/preview").status_code == 404
    server.client.delete(f"/api/v1/uploads/{empty}")


def test_an_upload_says_what_it_became(server):
    content = b"message,theme\nhello there everyone,a\n,b\nanother message here,c\n"
    answer = server.client.post("/api/v1/datasets", files={"file": ("x.csv", content)})
    assert answer.status_code == 201
    told = answer.json()
    assert (told["rows"], told["rejected"], told["text_column"]) == (2, 1, "message")
    assert told["columns"] == ["message", "theme"]
    assert server.get(f"/datasets/{told['dataset']}")["rejected"][0]["row"] == 1
    assert server.get(f"/datasets/{told['dataset']}/faults")["faults"][0]["kind"] == "empty text"
    table = server.client.get(f"/api/v1/datasets/{told['dataset']}/faults.csv").text
    assert table.splitlines()[0] == "kind,column,count,looked_at,source,row,item,value,place"


def test_the_formats_are_listed_beside_the_encoders(server):
    assert server.get("/encoders")["encoders"][0]["name"] == "minilm"
    assert next(one for one in server.get("/formats")["formats"] if one["name"] == "Parquet") == {
        "name": "Parquet",
        "suffixes": [".parquet"],
        "kind": "table",
        "choices": ["items"],
        "limits": "10,000,000 rows, 10,000 columns, 200,000,000 cells",
        "summary": "A table: one column is the text, the others are kept with their types.",
    }


def test_a_finished_run_tells_its_figures(server, run, dataset):
    told = server.get(f"/runs/{run}")
    assert (told["state"], told["dataset"], told["rows"], told["encoder"], told["dim"]) == (
        "done",
        dataset,
        90,
        "minilm",
        384,
    )
    assert told["clusters"] >= 2
    assert 0 <= told["noise"] <= 1
    assert set(told["timings"]) == {"embed", "neighbors", "project", "cluster", "describe"}
    assert set(told["progress"]) >= {"stage", "done", "total", "rate", "eta_s"}


def test_the_same_request_is_the_same_run_and_nothing_is_computed_again(server, run, dataset):
    assert server.start(dataset, min_cluster_size=8) == run
    assert server.get(f"/runs/{run}")["state"] == "done"


def test_another_cluster_setting_recomputes_no_map(server, run, dataset):
    stages = server.workspace / "stages"
    there = {path.name for path in stages.iterdir()}
    other = server.start(dataset, min_cluster_size=20)
    server.finish(other)
    before, after = (server.client.get(f"/api/v1/runs/{key}/points").content for key in (run, other))
    assert other != run
    n = int(np.frombuffer(before, "<u4", 1, 4)[0])
    assert before[40 + 4 * n :] == after[40 + 4 * n :]
    new = {path.name.split("-")[0] for path in stages.iterdir() if path.name not in there}
    assert new == {"cluster", "describe"}


def test_neighbors_equal_brute_force(server, run):
    vectors = np.load(io.BytesIO(server.client.get(f"/api/v1/runs/{run}/vectors.npy").content))
    similar = vectors @ vectors[17]
    similar[17] = -9
    expected = np.argsort(-similar, kind="stable")[:5].tolist()
    told = server.get(f"/runs/{run}/neighbors/17", k=5)
    assert told["row"] == 17
    assert [n["row"] for n in told["neighbors"]] == expected
    assert told["neighbors"][0]["similarity"] == pytest.approx(float(similar[expected[0]]), abs=1e-5)


def test_search_finds_a_theme_by_words_that_are_not_in_it(server, run):
    told = server.get(f"/runs/{run}/search", q="a meal in the kitchen", k=5)
    assert told["query"] == "a meal in the kitchen"
    assert all("soup" in hit["text"] for hit in told["hits"])
    scores = [hit["score"] for hit in told["hits"]]
    assert scores == sorted(scores, reverse=True)


def test_the_sweep_is_computed_once_and_equals_a_run_with_the_size_that_is_picked(server, run, dataset):
    told = server.get(f"/runs/{run}/sweep")
    assert (told["run"], told["min_cluster_size"], told["min_samples"]) == (run, 8, 5)
    sizes = [setting["min_cluster_size"] for setting in told["settings"]]
    assert sizes == list(range(2, 22))
    assert told["settings"][0]["agreement"] is None
    assert all(-1 <= setting["agreement"] <= 1 for setting in told["settings"][1:])
    assert server.get(f"/runs/{run}/sweep") == told
    assert {setting["repeated"] for setting in told["settings"]} == {None}
    repeated = server.get(f"/runs/{run}/sweep", repeats=True)["settings"]
    assert all(-1 <= setting["repeated"] <= 1 for setting in repeated)
    told = server.get(f"/runs/{run}/sweep")
    assert told["settings"] == repeated
    cut, rows = server.get(f"/runs/{run}/cuts/14"), server.client.get(f"/api/v1/runs/{run}/cuts/14/rows").content
    assert (cut["kept"], len(cut["clusters"])) == (None, told["settings"][sizes.index(14)]["clusters"])
    assert server.client.get(f"/api/v1/runs/{run}/cuts/500").status_code == 404
    own = server.get(f"/runs/{run}/clusters")
    assert [c["name"] for c in server.get(f"/runs/{run}/cuts/8")["clusters"]] == [c["name"] for c in own["clusters"]]
    before = {path.name for path in (server.workspace / "stages").iterdir()}
    assert {"linkage", "stability"} <= {name.split("-")[0] for name in before}
    picked = server.start(dataset, min_cluster_size=14)
    server.finish(picked)
    figures, found = server.get(f"/runs/{picked}"), told["settings"][sizes.index(14)]
    assert (found["clusters"], found["noise"]) == (figures["clusters"], pytest.approx(figures["noise"], abs=1e-6))
    after = {path.name for path in (server.workspace / "stages").iterdir()}
    assert {name.split("-")[0] for name in after - before} == {"cluster", "describe"}
    assert server.get(f"/runs/{picked}/sweep")["settings"] == told["settings"]
    points = np.frombuffer(server.client.get(f"/api/v1/runs/{picked}/points").content, "<i4", figures["rows"], 40)
    assert rows[:4] == b"EEC1"
    np.testing.assert_array_equal(np.frombuffer(rows, "<i4", figures["rows"], 8), points)
    assert [c["size"] for c in cut["clusters"]] == np.bincount(points[points >= 0]).tolist()
    known = server.get(f"/runs/{run}/cuts/14")  # a run has it now, and answers for it
    assert (known["kept"], known["clusters"]) == (picked, server.get(f"/runs/{picked}/clusters")["clusters"])


def test_fewer_clusters_are_joined_ones_and_a_run_has_them(server, run, dataset):
    told = server.get(f"/runs/{run}/sweep")
    assert told["groups"] is None
    fewest = told["joined"][0]
    assert (fewest["groups"], fewest["clusters"], fewest["min_cluster_size"]) == (2, 2, 5)
    cut = server.get(f"/runs/{run}/cuts/-2")
    assert (cut["kept"], len(cut["clusters"]), cut["noise"]["share"]) == (None, 2, pytest.approx(fewest["noise"]))
    rows = server.client.get(f"/api/v1/runs/{run}/cuts/-2/rows").content
    assert server.client.get(f"/api/v1/runs/{run}/cuts/-500").status_code == 404
    assert server.client.post("/api/v1/runs", json={"dataset": dataset, "groups": 1}).status_code == 422
    joined = server.start(dataset, groups=2)
    figures = server.finish(joined)
    assert (figures["clusters"], figures["settings"]["groups"]) == (2, 2)
    points = np.frombuffer(server.client.get(f"/api/v1/runs/{joined}/points").content, "<i4", figures["rows"], 40)
    np.testing.assert_array_equal(np.frombuffer(rows, "<i4", figures["rows"], 8), points)
    again = server.get(f"/runs/{joined}/sweep")
    assert (again["groups"], again["joined"]) == (2, told["joined"])
    assert server.get(f"/runs/{run}/cuts/-2")["kept"] == joined
    assert len(server.get(f"/runs/{joined}/sureness")["clusters"]) == 2
    with_communities = server.client.post(
        "/api/v1/runs", json={"dataset": dataset, "method": "communities", "groups": 2}
    ).json()
    assert "groups has no effect" in with_communities["note"]


def test_communities_compute_no_space_of_their_own_and_each_detail_is_what_the_sweep_says(server, dataset):
    before = {path.name for path in (server.workspace / "stages").iterdir()}
    key = server.start(dataset, method="communities", min_samples=3)
    status = server.finish(key)
    assert (status["settings"]["method"], status["settings"]["detail"]) == ("communities", 12)
    made = {path.name.split("-")[0] for path in (server.workspace / "stages").iterdir() if path.name not in before}
    assert {"communities", "cluster", "describe"} <= made
    assert not {"reduce", "linkage"} & made
    wanted = {"dataset": dataset, "method": "communities", "space": "map"}
    again = server.client.post("/api/v1/runs", json=wanted).json()
    assert (again["run"], again["note"].split(":")[0]) == (key, "space has no effect")
    told = server.get(f"/runs/{key}/sweep")
    assert (told["method"], told["detail"], len(told["settings"])) == ("communities", 12, 20)
    found = told["settings"][3]
    picked = server.finish(server.start(dataset, method="communities", detail=found["detail"]))
    assert (found["clusters"], found["noise"]) == (picked["clusters"], pytest.approx(picked["noise"], abs=1e-6))
    report = server.client.get(f"/api/v1/runs/{key}/report.json").json()
    assert (report["quality"]["clustering"], report["settings"]["method"]) == ("louvain", "communities")
    report = server.client.get(f"/api/v1/runs/{key}/report.html", params={"inline": True})
    assert "clusters are rows that have each other among their nearest neighbours" in report.text
    assert report.headers["content-disposition"].startswith("inline")
    names = {score["score"] for score in server.get(f"/runs/{key}/scores")["scores"]}
    assert "sureness" not in names
    assert not any("came_back" in cluster for cluster in server.get(f"/runs/{key}/clusters")["clusters"])
    sure = server.get(f"/runs/{key}/sureness")
    assert (sure["repeats"], sure["varied"]) == (10, "the rows (90 % each time) and the seed")
    back = [cluster["came_back"] for cluster in sure["clusters"]]
    assert len(back) == status["clusters"]
    assert max(back) >= 8
    assert [cluster["came_back"] for cluster in server.get(f"/runs/{key}/clusters")["clusters"]] == back
    assert server.get(f"/runs/{key}/sureness") == sure
    stays = server.client.get(f"/api/v1/runs/{key}/scores/sureness.npy").content
    items = list(csv.DictReader(io.StringIO(server.client.get(f"/api/v1/runs/{key}/report.csv").text)))
    assert [float(item["sureness"]) for item in items] == pytest.approx(np.load(io.BytesIO(stays)), abs=1e-6)
    table = list(csv.DictReader(io.StringIO(server.client.get(f"/api/v1/runs/{key}/clusters.csv").text)))
    assert [int(line["came_back"]) for line in table] == back
    report = server.client.get(f"/api/v1/runs/{key}/report.json").json()
    assert [cluster["came_back"] for cluster in report["clusters"]] == back
    assert [item["sureness"] for item in report["items"]] == pytest.approx(np.load(io.BytesIO(stays)), abs=1e-6)
    assert f"it came back in {back[0]} of 10" in server.client.get(f"/api/v1/runs/{key}/report.html").text
    assert server.client.post("/api/v1/runs", json={"dataset": dataset, "method": "leaves"}).status_code == 422
    assert server.client.post("/api/v1/runs", json={"dataset": dataset, "detail": True}).status_code == 422


def test_noise_taken_in_is_the_same_in_every_answer(server):
    n = 140
    run = leaving_noise(server, server.add("unequal.csv", samples.table(samples.unequal())))
    body = server.client.get(f"/api/v1/runs/{run}/membership").content
    assert (body[:4], np.frombuffer(body, "<u4", 1, 4)[0], len(body)) == (b"EEM1", n, 8 + 5 * n)
    nearest, percent = np.frombuffer(body, "<i4", n, 8), np.frombuffer(body, "u1", n, 8 + 4 * n)
    labels = np.frombuffer(server.client.get(f"/api/v1/runs/{run}/points").content, "<i4", n, 40)
    taken = (labels < 0) & (nearest >= 0) & (percent >= 1)
    assert taken.sum() > 3
    expected = np.where(taken, nearest, labels)
    told = server.get(f"/runs/{run}/clusters", take_in=0.01)
    assert [c["size"] for c in told["clusters"]] == np.bincount(expected[expected >= 0]).tolist()
    assert told["noise"]["taken_in"] == int(taken.sum())
    items = list(csv.DictReader(io.StringIO(server.client.get(f"/api/v1/runs/{run}/report.csv?take_in=0.01").text)))
    assert [int(item["cluster"]) for item in items] == expected.tolist()
    assert [item["taken_in"] == "true" for item in items] == taken.tolist()
    everything = {"box": [-1000, -1000, 1000, 1000]}
    chosen = server.client.post(f"/api/v1/runs/{run}/selection?take_in=0.01", json=everything).json()
    assert chosen["taken_in"] == int(taken.sum())
    names, counts = np.unique(expected, return_counts=True)
    assert {c["cluster"]: c["count"] for c in chosen["clusters"]} == dict(
        zip(names.tolist(), counts.tolist(), strict=True)
    )
    rows = list(csv.DictReader(io.StringIO(server.client.get(chosen["csv"]).text)))
    assert [int(row["cluster"]) for row in rows] == expected.tolist()
    stored = server.get(f"/runs/{run}/clusters")
    assert [c["size"] for c in stored["clusters"]] == np.bincount(labels[labels >= 0]).tolist()
    assert "taken_in" not in stored["noise"]


@pytest.mark.parametrize("least", ["0", "1.5", "many"])
def test_a_membership_out_of_range_is_a_problem(server, run, least):
    answer = server.client.get(f"/api/v1/runs/{run}/clusters?take_in={least}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert "take_in" in answer.json()["detail"]


def test_the_map_in_three_dimensions_is_made_on_demand_and_is_that_of_a_run_with_three(server, dataset, run):
    early = server.client.get(f"/api/v1/runs/{run}/points", params={"dims": 3})
    assert early.status_code == 409
    assert early.headers["content-type"] == "application/problem+json"
    assert f"POST /api/v1/runs/{run}/space makes it" in early.json()["detail"]
    assert server.get(f"/runs/{run}/space")["state"] == "none"
    assert server.client.post(f"/api/v1/runs/{run}/space").status_code == 202
    told = until(lambda: made(server.get(f"/runs/{run}/space")), 60, "the 3-D map")
    assert told["state"] == "done"
    assert 0.5 < told["trustworthiness"] <= 1
    body = server.client.get(f"/api/v1/runs/{run}/points", params={"dims": 3}).content
    flat = server.client.get(f"/api/v1/runs/{run}/points").content
    n, dims = np.frombuffer(body, "<u4", 2, 4)
    assert (dims, len(body)) == (3, 40 + 10 * n)
    assert body[40 : 40 + 4 * n] == flat[40 : 40 + 4 * n]
    deep = server.start(dataset, dims=3)
    server.finish(deep)
    assert server.get(f"/runs/{deep}/space")["state"] == "done"
    again = server.client.get(f"/api/v1/runs/{deep}/points", params={"dims": 3}).content
    assert again[40 + 4 * n :] == body[40 + 4 * n :]
    own = server.client.get(f"/api/v1/runs/{deep}/points").content
    assert own[40 + 4 * n :] == body[40 + 4 * n :]
    assert server.client.delete(f"/api/v1/runs/{run}/space").status_code == 204
    assert server.client.get(f"/api/v1/runs/{run}/points", params={"dims": 4}).status_code == 422


def made(told):
    return None if told["state"] in ("queued", "running") else told


@pytest.mark.parametrize("what", ["sweep", "membership", "cuts/5", "cuts/5/rows"])
def test_a_run_that_is_not_there_has_no_sweep_and_no_membership(server, what):
    answer = server.client.get(f"/api/v1/runs/0123456789abcdef/{what}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    told = answer.json()
    assert "0123456789abcdef" in told["detail"]
    assert told["on_page"] == "This map is not here any more: it was deleted. Choose another one under “Maps”."


def test_clusters_items_columns_and_selections_hang_together(server, run):
    clusters = server.get(f"/runs/{run}/clusters")
    assert sum(c["size"] for c in clusters["clusters"]) + clusters["noise"]["size"] == 90
    item = server.get(f"/runs/{run}/items/3")
    assert item["text"] == texts(90)[3][0]
    assert item["metadata"]["theme"] == "pets"
    assert server.get(f"/runs/{run}/columns/theme")["values"] == ["cooking", "pets", "trains"]
    everything = {"box": [-1000, -1000, 1000, 1000]}
    told = server.client.post(f"/api/v1/runs/{run}/selection", json=everything).json()
    assert told["count"] == 90
    assert told["keywords"] is not None
    rows = list(csv.DictReader(io.StringIO(server.client.get(told["csv"]).text)))
    assert len(rows) == 90
    assert rows[3]["text"] == texts(90)[3][0]


def test_rows_are_selected_by_their_bits_and_downloaded(server, run):
    rows = [0, 8, 17, 89]
    bits = np.zeros(90, np.uint8)
    bits[rows] = 1
    given = {"rows": base64.b64encode(np.packbits(bits, bitorder="little").tobytes()).decode()}
    told = server.client.post(f"/api/v1/runs/{run}/selection", json=given).json()
    assert [item["row"] for item in told["rows"]] == rows
    assert sum(cluster["count"] for cluster in told["clusters"]) == told["count"] == 4
    items = list(csv.DictReader(io.StringIO(server.client.get(told["csv"]).text)))
    assert [int(item["row"]) for item in items] == rows


def test_a_selection_too_long_for_an_address_is_downloaded_by_a_form(server, run):
    about = [[1000 * math.cos(turn / 300), 1000 * math.sin(turn / 300)] for turn in range(1885)]
    told = server.client.post(f"/api/v1/runs/{run}/selection", json={"path": about}).json()
    assert (told["count"], told["csv"]) == (90, None)
    address = f"/api/v1/runs/{run}/selection.csv"
    answer = server.client.post(address, data={"shape": json.dumps({"path": about})})
    assert len(list(csv.DictReader(io.StringIO(answer.text)))) == 90
    assert "attachment" in answer.headers["content-disposition"]
    assert server.client.post(address, data={"shape": "{"}).status_code == 422


def test_scores_are_listed_coded_and_downloaded(server, run):
    listed = server.get(f"/runs/{run}/scores")["scores"]
    names = ["neighbor_preservation", "outlier_score", "local_density", "cluster_strength"]
    assert [(one["score"], one["known"]) for one in listed] == [(name, True) for name in names]
    items = [server.get(f"/runs/{run}/items/{row}") for row in range(5)]
    for name in names:
        told = server.get(f"/runs/{run}/scores/{name}")
        codes = np.frombuffer(base64.b64decode(told["codes"]), np.uint8)
        values = np.load(io.BytesIO(server.client.get(f"/api/v1/runs/{run}/scores/{name}.npy").content))
        assert (len(codes), values.dtype, len(values)) == (90, np.float32, 90)
        on_scale = np.clip(values, told["low"], told["high"])
        back = told["low"] + codes / 254 * (told["high"] - told["low"])
        known = np.isfinite(values)
        assert (codes == 255).tolist() == (~known).tolist()
        np.testing.assert_allclose(back[known], on_scale[known], atol=0.51 * (told["high"] - told["low"]) / 254 + 1e-6)
        if name != "cluster_strength":
            assert [item[name] for item in items] == pytest.approx(values[:5].tolist(), abs=1e-6)


@pytest.mark.parametrize("kind", ["html", "json", "csv", "parquet"])
def test_reports_are_downloads(server, run, kind):
    answer = server.client.get(f"/api/v1/runs/{run}/report.{kind}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    assert len(answer.content) > 1000


def test_the_threshold_of_near_duplicates_can_be_set(server, run):
    loose, strict = (
        server.client.get(f"/api/v1/runs/{run}/report.json?near_duplicate={cosine}").json()["near_duplicates"]
        for cosine in (0.7, 1)
    )
    assert (loose["threshold"], strict["threshold"]) == (0.7, 1)
    assert sum(map(len, loose["groups"])) > sum(map(len, strict["groups"]))


def test_everything_comes_in_one_zip(server, run):
    archive = zipfile.ZipFile(io.BytesIO(server.client.get(f"/api/v1/runs/{run}/report.zip").content))
    assert set(archive.namelist()) >= {
        "report.html",
        "report.json",
        "items.csv",
        "clusters.csv",
        "clusters.parquet",
        "vectors.npy",
    }
    assert json.loads(archive.read("report.json"))["schema_version"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nosuch", 404),
        ("GET", "/api/nosuch", 404),
        ("GET", "/api", 404),
        ("POST", "/api/v1/nosuch", 404),
        ("GET", "/api/v1/runs/nosuch", 404),
        ("GET", f"/api/v1/runs/{'a' * 300}", 404),
        ("GET", f"/api/v1/datasets/{'a' * 300}", 404),
        ("GET", "/api/v1/runs/0123456789abcdef/points", 404),
        ("GET", "/api/v1/datasets/nosuch", 404),
        ("DELETE", "/api/v1/runs/nosuch", 404),
        ("DELETE", "/api/v1/runs/nosuch/job", 404),
        ("DELETE", "/api/v1/datasets/nosuch", 404),
        ("GET", "/api/v1/runs/RUN/neighbors/90", 404),
        ("GET", "/api/v1/runs/RUN/neighbors/-1", 404),
        ("GET", "/api/v1/runs/RUN/neighbors/x", 422),
        ("GET", "/api/v1/runs/RUN/neighbors/1?k=0", 422),
        ("GET", "/api/v1/runs/RUN/neighbors/1?k=101", 422),
        ("GET", "/api/v1/runs/RUN/neighbors/1?metric=hamming", 422),
        ("GET", "/api/v1/runs/RUN/search", 422),
        ("GET", "/api/v1/runs/RUN/search?q=%20", 422),
        ("GET", "/api/v1/runs/RUN/search?q=%3D%20king%20%2B", 422),
        ("GET", "/api/v1/runs/RUN/search?q=%3D%20%23999999", 404),
        ("GET", "/api/v1/runs/RUN/axis?low=a&high=a", 422),
        ("GET", "/api/v1/runs/RUN/columns/nosuch", 404),
        ("GET", "/api/v1/runs/RUN/scores/nosuch", 404),
        ("GET", "/api/v1/runs/RUN/scores/nosuch.npy", 404),
        ("GET", "/api/v1/runs/RUN/report.exe", 404),
        ("GET", "/api/v1/runs/RUN/thumbnails/0.jpg", 404),
        ("GET", "/api/v1/runs/RUN/selection.csv?shape=x", 422),
        ("POST", "/api/v1/runs/RUN/selection", 422),
        ("POST", "/api/v1/runs/RUN/search/image", 422),
        ("GET", "/api/v1/runs/RUN/report.html?near_duplicate=2", 422),
        ("GET", "/api/v1/runs/RUN/report.json?near_duplicate=nan", 422),
        ("PUT", "/api/v1/runs/RUN", 405),
        ("POST", "/api/v1/runs/RUN/points", 405),
        ("OPTIONS", "/api/v1/runs", 405),
        ("DELETE", "/api/v1/healthz", 405),
        ("PATCH", "/api", 404),
        ("HEAD", "/api/v1/nosuch", 404),
        ("OPTIONS", "/api/nosuch", 404),
        ("TRACE", "/api/v1/runs/RUN/nosuch", 404),
        ("HEAD", "/api/v1/uploads/nosuch/file?name=a", 404),
    ],
)
def test_errors_are_problems_and_nothing_is_500(server, run, method, path, status):
    answer = server.client.request(method, path.replace("RUN", run))
    assert answer.status_code == status
    assert ("allow" in answer.headers) == (status == 405)
    if method != "HEAD":
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"]


@pytest.mark.parametrize(
    "settings",
    [
        {"n_neighbors": 1},
        {"encoder": "nosuch"},
        {"colour": 1},
        {"metric": "x"},
        {"seed": "x"},
        {"device": "tpu"},
        {"min_cluster_size": 1.5},
    ],
)
def test_settings_that_make_no_sense_are_422(server, dataset, settings):
    answer = server.client.post("/api/v1/runs", json={"dataset": dataset, **settings})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/datasets/text", r'{"text": "a \ud800 half of a character\nand a whole line", "name": "x"}', 201),
        ("/datasets/text", r'{"text": "a whole line of text", "name": "\udfff"}', 422),
        ("/runs", r'{"dataset": "DATASET", "encoder": "\ud800"}', 422),
        ("/runs", r'{"dataset": "DATASET", "device": "\ud800"}', 422),
        ("/runs", r'{"dataset": "\ud800"}', 404),
        ("/runs", '{"dataset": "DATASET", "min_dist": NaN}', 422),
        ("/runs", '{"dataset": "DATASET", "seed": 1e300}', 422),
        ("/runs", f'{{"dataset": "{"a" * 300}"}}', 404),
        ("/runs/RUN/selection", f'{{"box": [1{"0" * 400}, 1, 2, 3]}}', 422),
        ("/runs/RUN/selection", '{"box": [NaN, 1, 2, 3]}', 422),
        ("/runs/RUN/selection", '{"path": {"a": 1}}', 422),
        ("/runs/RUN/selection", '{"path": [[0, 0], [1e308, -1e308], [1e308, 1e308]]}', 200),
        ("/runs/RUN/selection", '{"rows": "AAAA"}', 422),
        ("/runs/RUN/selection", '{"rows": "not base64"}', 422),
        ("/runs/RUN/selection", '{"rows": ["AAAA"], "box": [0, 0, 1, 1]}', 422),
        ("/runs/RUN/selection", "[]", 422),
        ("/runs/RUN/selection", "{", 422),
    ],
)
def test_odd_bodies_are_told_and_never_500(server, dataset, run, path, body, status):
    content = body.replace("DATASET", dataset).replace("RUN", run)
    answer = server.client.post(
        f"/api/v1{path.replace('RUN', run)}", content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == status, answer.text
    assert (answer.headers["content-type"] == "application/problem+json") == (status >= 400)
    if status == 201:
        assert server.client.delete(f"/api/v1/datasets/{answer.json()['dataset']}").status_code == 204


def test_a_run_of_an_unknown_dataset_is_404(server):
    assert server.client.post("/api/v1/runs", json={"dataset": "0123456789abcdef"}).status_code == 404


@pytest.mark.parametrize(
    ("name", "content"), [("x.csv", b""), ("x.pdf", b"%PDF"), ("x.zip", b"no zip"), ("x.csv", b"a,b\n1,2\n")]
)
def test_a_file_with_nothing_usable_leaves_the_app_as_it_was(server, name, content):
    before, others = server.get("/datasets"), set((server.workspace / "uploads").iterdir())
    answer = server.client.post("/api/v1/datasets", files={"file": (name, content)})
    assert answer.status_code == 422
    assert server.get("/datasets") == before
    assert set((server.workspace / "uploads").iterdir()) == others


def test_a_resumable_upload_goes_on_where_it_stopped(server):
    upload = server.client.post("/api/v1/uploads").json()["upload"]
    content = table(30)
    place = f"/api/v1/uploads/{upload}/file?name=half.csv"
    assert server.client.put(f"{place}&offset=0", content=content[:500]).status_code == 204
    out_of_step = server.client.put(f"{place}&offset=0", content=content)
    assert (out_of_step.status_code, out_of_step.headers["upload-offset"]) == (409, "500")
    assert server.client.head(place).headers["upload-offset"] == "500"
    assert server.client.put(f"{place}&offset=500", content=content[500:]).status_code == 204
    assert server.client.post(f"/api/v1/uploads/{upload}/done").json()["rows"] == 30


def test_an_upload_that_was_planned_is_told_file_by_file_and_answered_again(server):
    content = table(30)
    refused = server.client.post("/api/v1/uploads", json={"files": 1, "bytes": 2**50, "largest": 2**50})
    assert (refused.status_code, refused.json()["title"]) == (413, "UploadRefused")
    for wrong in (
        {"files": 0, "bytes": 1},
        {"files": 1, "bytes": -1},
        {"files": 1},
        {"files": "many", "bytes": 1},
        [1],
    ):
        assert server.client.post("/api/v1/uploads", json=wrong).status_code == 422, wrong
    plan = {"files": 1, "bytes": len(content), "largest": len(content)}
    upload = server.client.post("/api/v1/uploads", json=plan).json()["upload"]
    place = f"/api/v1/uploads/{upload}"
    server.client.put(f"{place}/file?name=all.csv&offset=0", content=content[:500]).raise_for_status()
    assert server.get(f"/uploads/{upload}")["files"] == [{"name": "all.csv", "bytes": 500}]
    early = server.client.post(f"{place}/done")
    assert (early.status_code, early.json()["title"]) == (409, "Incomplete")
    server.client.put(f"{place}/file?name=all.csv&offset=500", content=content[500:]).raise_for_status()
    read = server.client.post(f"{place}/done").raise_for_status().json()
    assert server.client.post(f"{place}/done").json() == read  # the first answer may have been lost on its way
    assert server.client.get(place).status_code == 404
    assert server.client.put(f"{place}/file?name={'a' * 5000}&offset=0").status_code == 422
    assert server.client.put(f"{place}/file?name=a&offset={2**60}").status_code == 422


def test_a_request_of_two_origins_changes_nothing(server):
    both = [("Origin", server.address), ("Origin", "http://evil.example")]
    for headers in (both, both[::-1], [*both[:1], ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")]):
        refused = server.client.post("/api/v1/uploads", headers=headers)
        assert refused.status_code == 403, refused.text


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://[", "http://127.0.0.1"])
def test_a_foreign_page_changes_nothing(server, origin):
    before = server.get("/datasets")
    files = {"file": ("x.csv", table(4))}
    foreign = server.client.post("/api/v1/datasets", files=files, headers={"Origin": origin})
    assert foreign.status_code == 403
    assert foreign.headers["content-type"] == "application/problem+json"
    assert server.get("/datasets") == before


def test_the_reading_of_an_upload_can_be_cancelled_and_leaves_nothing(server):
    before, others = server.get("/datasets"), set((server.workspace / "uploads").iterdir())
    thumbnails = set((server.workspace / "thumbs").rglob("*.jpg"))
    upload = server.client.post("/api/v1/uploads").json()["upload"]
    place = f"/api/v1/uploads/{upload}"
    server.client.put(f"{place}/file?name=many.zip&offset=0", content=many_large_pictures(600)).raise_for_status()
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(server.client.post, f"{place}/done")
        until(lambda: {*(server.workspace / "thumbs").rglob("*.jpg")} - thumbnails, 30, "the first picture to be read")
        began = time.monotonic()
        assert server.client.delete(place).status_code == 204
        answer = reading.result(timeout=10)
    assert time.monotonic() - began < 3
    assert (answer.status_code, answer.json()["title"]) == (409, "Cancelled")
    assert server.get("/datasets") == before
    assert set((server.workspace / "uploads").iterdir()) == others


def many_large_pictures(count):
    picture = io.BytesIO()
    Image.new("RGB", (2000, 1500), "teal").save(picture, "jpeg")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(count):
            archive.writestr(f"{i:04}.jpg", picture.getvalue())
    return out.getvalue()


def test_foreign_pages_and_unknown_hosts_are_refused(server):
    foreign = server.client.post("/api/v1/uploads", headers={"Origin": "http://evil.example"})
    assert foreign.status_code == 403
    assert server.client.get("/api/v1/healthz", headers={"Host": "evil.example"}).status_code == 400
    own = server.client.post("/api/v1/uploads", headers={"Origin": server.address})
    assert own.status_code == 201
    callback = server.client.post("/_dash-update-component", json={}, headers={"Origin": "http://evil.example"})
    assert callback.status_code == 403


def test_docs_name_no_other_host(server):
    page = server.client.get("/docs")
    assert page.status_code == 200
    assert "https://" not in page.text
    scripts = [part.split('"')[0] for part in page.text.split('src="')[1:]]
    assert scripts
    assert all(server.client.get(script).status_code == 200 for script in scripts)
    assert "/api/v1/runs/{key}/neighbors/{row}" in server.client.get("/openapi.json").json()["paths"]


def test_a_second_server_on_the_same_workspace_or_port_gets_a_sentence(server, tmp_path):
    port = server.address.rsplit(":", 1)[1]
    for options in (["--workspace", server.workspace, "--port", "0"], ["--workspace", tmp_path, "--port", port]):
        ended = subprocess.run(
            [sys.executable, "-m", "explorer", "serve", "--no-browser", *map(str, options)],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert ended.returncode == 1
        assert ended.stderr.count("\n") == 1
        assert "choose another" in ended.stderr


def test_a_run_can_be_renamed_and_deleted_and_takes_its_results_along(server, dataset):
    key = server.start(dataset, min_cluster_size=11)
    server.finish(key)
    assert server.client.patch(f"/api/v1/runs/{key}", json={"name": "mine"}).json()["name"] == "mine"
    assert server.client.delete(f"/api/v1/runs/{key}").status_code == 204
    assert server.client.get(f"/api/v1/runs/{key}").status_code == 404
    assert key not in {run["run"] for run in server.get("/runs")["runs"]}


@pytest.mark.parametrize(
    ("rows", "settings"),
    [
        (1, {}),
        (2, {}),
        (3, {}),
        (4, {}),
        (12, {"n_neighbors": 50}),
        (12, {"min_cluster_size": 500}),
        (12, {"space": "map"}),
    ],
)
def test_very_little_data_gives_a_map(server, rows, settings):
    key = server.start(server.add(f"{rows}.csv", table(rows)), **settings)
    told = server.finish(key)
    assert told["rows"] == rows
    xy = answers_xy(server, key)
    assert np.isfinite(xy).all()
    assert server.client.get(f"/api/v1/runs/{key}/report.html").status_code == 200


def test_a_run_leaves_pictures_of_its_map_in_the_making(server):
    run = server.start(server.add("watched.csv", table(40).replace(b"number", b"picture number")))
    server.finish(run)
    body = server.client.get(f"/api/v1/runs/{run}/frames")
    assert body.headers["cache-control"] == "no-store"
    seen = decoded(body.content)
    assert {stage for _, stage, _, _ in seen} == {0, 1}
    made = [number for number, stage, _, _ in seen if stage == 1]
    assert made == list(range(1000, 1000 + WATCHED + 1))
    np.testing.assert_allclose(seen[-1][3], places(server, run), atol=1e-3)
    last = server.client.get(f"/api/v1/runs/{run}/frames?after=1023").content
    assert [number for number, *_ in decoded(last)] == [1024]
    assert server.client.get("/api/v1/runs/nobody/frames").status_code == 404
    assert server.client.get(f"/api/v1/runs/{run}/frames?after=x").status_code == 422


def test_identical_rows_give_a_map(server):
    content = "text\n" + "the very same sentence\n" * 40
    key = server.start(server.add("same.csv", content.encode()))
    told = server.finish(key)
    assert told["rows"] == 40
    assert len(np.unique(answers_xy(server, key), axis=0)) > 1


def places(server, key):
    """Return the coordinates of a run's points."""
    body = server.client.get(f"/api/v1/runs/{key}/points").content
    sides = np.frombuffer(body, "<f4", 4, 16).reshape(2, 2)
    return sides[:, 0] + answers_xy(server, key) / 65534 * (sides[:, 1] - sides[:, 0])


def answers_xy(server, key):
    body = server.client.get(f"/api/v1/runs/{key}/points").content
    n = int(np.frombuffer(body, "<u4", 1, 4)[0])
    quantised = np.frombuffer(body, "<u2", 2 * n, 40 + 4 * n).reshape(2, n).T.astype(float)
    return np.where(quantised == 65535, np.nan, quantised)


def test_cancel_answers_at_once_and_a_search_is_answered_while_a_run_encodes(server, run):
    long = server.add("long.csv", table(4000).replace(b"number", b"and it went on and on for a long while number"))
    key = server.start(long)
    until(lambda: server.get(f"/runs/{key}")["progress"]["done"] > 0, 180, "the first batch")
    began = time.monotonic()
    assert server.get(f"/runs/{run}/search", q=f"never asked before {began}")["hits"]
    assert time.monotonic() - began < 10
    assert server.get(f"/runs/{key}")["state"] == "running"
    began = time.monotonic()
    assert server.client.delete(f"/api/v1/runs/{key}/job").status_code == 204
    until(lambda: server.get(f"/runs/{key}")["state"] == "cancelled", 3, "the cancel")
    assert time.monotonic() - began < 3
    server.client.delete(f"/api/v1/runs/{key}")


def test_a_run_that_waits_says_for_what_and_goes_on_when_its_turn_comes(server):
    long = server.start(server.add("the long one.csv", table(4000).replace(b"number", b"and so on number")))
    until(lambda: server.get(f"/runs/{long}")["progress"]["done"] > 0, 180, "the first batch")
    short = server.start(server.add("short.csv", table(14).replace(b"number", b"in short number")))
    told = until(lambda: waiting(server.get(f"/runs/{short}")), 60, "the second run to wait")
    assert told["state"] == "queued"
    assert told["waiting_for"] == "the part that reads, which is busy with “the long one.csv”"
    assert server.get(f"/runs/{long}")["waiting_for"] == ""
    server.client.delete(f"/api/v1/runs/{long}")
    assert server.finish(short)["waiting_for"] == ""


def waiting(status):
    return status if status["waiting_for"] else None


def test_killing_server_and_worker_loses_nothing_finished_and_says_how_to_go_on(tmp_path):
    rows = 2600
    with serving(tmp_path / "w", tmp_path / "one.log") as first:
        key = first.start(first.add("many.csv", brief(table(rows), 2048)))
        until(lambda: first.get(f"/runs/{key}")["progress"]["done"] > 2060, 120, "a checkpoint")
        workers = children(first.process.pid)
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.wait()
    assert len(workers) == 3  # two that compute, and one that is ready to read
    until(lambda: not any(alive(pid) for pid in workers), 20, "the workers to end")
    with serving(tmp_path / "w", tmp_path / "two.log") as second:
        assert second.get(f"/runs/{key}")["state"] == "interrupted"
        assert second.client.post(f"/api/v1/runs/{key}/job").status_code == 202
        until(lambda: second.get(f"/runs/{key}")["progress"]["done"] > 2048, 120, "the batch after the checkpoint")
        os.kill(second.workers()["encode"], signal.SIGKILL)
        told = until(lambda: settled(second.get(f"/runs/{key}")), 30, "the run to fail")
        assert told["state"] == "failed"
        assert "resume" in told["error"]
        second.client.post(f"/api/v1/runs/{key}/job")
        told = second.finish(key)
        assert 2048 <= told["reused"] < rows
        assert told["rows"] == rows


def brief(content, n):
    """Return the table with short texts in its first n rows, so that a checkpoint comes soon."""
    head, *lines = content.decode().splitlines(keepends=True)
    return "".join([head, *(f"tea {i},tea,{i}\n" for i in range(n)), *lines[n:]]).encode()


def children(pid):
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=True)
    return [int(word) for word in found.stdout.split()]


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


def test_the_page_answers_soon_after_serve_however_many_ask_at_once(tmp_path):
    began = time.monotonic()
    with serving(tmp_path / "w", tmp_path / "log") as server, ThreadPoolExecutor(8) as visitors:
        paths = ("/", "/_dash-layout", "/_dash-dependencies", "/api/v1/datasets") * 4
        answers = list(visitors.map(lambda path: httpx.get(server.address + path, trust_env=False), paths))
        took = time.monotonic() - began
        assert [answer.status_code for answer in answers] == [200] * len(paths)
        assert "Embedding Explorer" in answers[0].text
        assert took < 20  # a second or two on two cores that have nothing else to do
        assert "Traceback" not in server.log.read_text()


def test_another_text_column_takes_the_place_of_the_first_and_keeps_its_own_file(tmp_path):
    from explorer.config import Settings
    from explorer.server.services import open_services
    from explorer.workspace.folder import Workspace

    services = open_services(Workspace(tmp_path / "w"), Settings(tmp_path / "w"))
    upload = services.uploads.create()
    content = (
        b"title,body\nA day out,We went to the sea and it rained all day\nTea time,The kettle broke again this week\n"
    )
    services.uploads.append(upload, "two.csv", offset=0, chunks=[content])
    first = services.datasets.add_upload(upload)
    second = services.datasets.read_again(first["dataset"], text="title")
    assert (first["text_column"], second["text_column"]) == ("body", "title")
    assert [found["dataset"] for found in services.datasets.all()] == [second["dataset"]]
    third = services.datasets.read_again(second["dataset"], text="body")
    assert third["dataset"] == first["dataset"]
    assert len(services.workspace.datasets.source_files(third["dataset"])) == 1
    services.jobs.close()


def test_what_was_set_of_a_dataset_goes_along_when_it_is_read_again(tmp_path):
    from explorer.config import Settings
    from explorer.server.services import open_services
    from explorer.workspace.folder import Workspace

    services = open_services(Workspace(tmp_path / "w"), Settings(tmp_path / "w"))
    upload = services.uploads.create()
    rows = [f"A day out {row},We went to the sea and it rained all day {row},{1900 + row}" for row in range(20)]
    content = "\n".join(["title,body,made", *rows]).encode()
    services.uploads.append(upload, "two.csv", offset=0, chunks=[content])
    first = services.datasets.add_upload(upload)["dataset"]
    services.datasets.set_reading(first, "made", "category")
    services.datasets.set_reading(first, "title", "category")
    services.workspace.datasets.describe(first, "what this is")
    joined = services.datasets.read_again(first, text=["title", "body"])["dataset"]
    record = services.workspace.datasets.record(joined)
    assert joined != first
    assert record["readings"] == {"made": "category", "title": "category"}
    assert record["note"] == "what this is"
    second = services.datasets.read_again(joined, text="title")
    assert second["forgotten"] == ["“title” is the text now: the type that you set of it is not in use."]
    third = services.datasets.read_again(second["dataset"], text="body")  # and there it is again
    assert third["readings"] == {"made": "category", "title": "category"}
    services.jobs.close()


def test_a_dataset_tells_how_it_was_read_and_is_read_again_in_another_way(server):
    notes = [["note"], ["what this is all about"], ["who has made it, and when"]]
    wishes = [["wish", "name"], *([f"more benches for park {row}", f"the wish of {row}"] for row in range(9))]
    book = excel({"Notes": notes, "Wishes": wishes})
    sent = {"file": ("book.xlsx", book)}
    first = server.client.post("/api/v1/datasets", files=sent, data={"choices": '{"sheet": "Notes"}'}).json()
    assert first["rows"] == 2
    told = server.client.get(f"/api/v1/datasets/{first['dataset']}").json()["choices"][0]
    assert (told["name"], told["value"], told["asked"]) == ("sheet", "Notes", True)
    assert {"value": "Wishes", "label": "Wishes (10 rows)"} in told["options"]

    def read(key, **asked):
        return server.client.post(f"/api/v1/datasets/{key}/read", json=asked)

    refused = read(first["dataset"], choices={"sheet": "Nodes"})
    assert (refused.status_code, refused.json()["title"]) == (422, "BadChoice")
    assert "Possible are Notes, Wishes" in refused.json()["detail"]
    assert server.client.get(f"/api/v1/datasets/{first['dataset']}").status_code == 200
    second = read(first["dataset"], choices={"sheet": "Wishes"}).json()
    assert (second["rows"], second["text_column"]) == (9, "wish")
    assert server.client.get(f"/api/v1/datasets/{first['dataset']}").status_code == 404  # it has no maps
    both = read(second["dataset"], text_column=["name", "wish"], choices={"separator": "space"}).json()
    assert (both["text_column"], both["text_columns"]) == ("name + wish", ["name", "wish"])
    seen = server.client.get(f"/api/v1/datasets/{both['dataset']}").json()
    assert seen["rows"][0]["name + wish"] == "the wish of 0 more benches for park 0"
    named = read(both["dataset"], choices={"names": "yes"}).json()  # of the same columns
    seen = server.client.get(f"/api/v1/datasets/{named['dataset']}").json()
    assert seen["rows"][0]["name + wish"] == "name: the wish of 0 wish: more benches for park 0"
    third = read(named["dataset"], text_column="name").json()
    assert (third["rows"], third["text_column"]) == (9, "name")  # of the sheet that was chosen before
    found = read(third["dataset"], choices={"sheet": ""}).json()
    assert (found["rows"], found["text_column"]) == (9, "name")  # as it is found, and the column that was chosen
    assert not server.client.get(f"/api/v1/datasets/{found['dataset']}").json()["choices"][0]["asked"]
    found = read(found["dataset"], text_column="").json()
    assert (found["rows"], found["text_column"]) == (9, "wish")  # the column that is found, too
    pasted = {"text": "wish\tn\n" + "".join(f"a wish for the park {n}\t{n}\n" for n in range(4)), "name": "Pasted"}
    lines = server.client.post("/api/v1/datasets/text", json={**pasted, "choices": {"as": "lines"}}).json()
    rows = read(lines["dataset"], choices={"as": "table"}).json()
    assert (lines["rows"], rows["rows"], rows["text_column"], rows["name"]) == (5, 4, "wish", "Pasted")
    at_once = server.client.post("/api/v1/datasets/text", json=pasted).json()  # all of its lines have a tab
    assert at_once["dataset"] == rows["dataset"]
    wrong = server.client.post("/api/v1/datasets", files=sent, data={"choices": "[1]"})
    assert (wrong.status_code, "JSON object" in wrong.json()["detail"]) == (422, True)


def test_points_are_compressed_for_others_than_this_machine(server):
    key = server.start(server.add("more.csv", table(150)))
    server.finish(key)
    here, there = (
        server.client.get(f"/api/v1/runs/{key}/points", headers=headers)
        for headers in ({}, {"X-Forwarded-For": "203.0.113.7"})
    )
    assert (here.headers["Content-Encoding"], there.headers["Content-Encoding"]) == ("identity", "gzip")
    assert here.content == there.content
    assert len(here.content) == int(here.headers["Content-Length"])


def test_files_that_became_one_dataset_are_kept_apart(server):
    loans = b"reader,remark of the borrower\n" + b"".join(
        b"%d,The book number %d was torn.\n" % (i, i) for i in range(8)
    )
    towns = b"what the town should do,age\n" + b"".join(b"Mend the road number %d.,%d\n" % (i, i) for i in range(9))
    key = server.client.post("/api/v1/uploads").json()["upload"]
    for name, content in (("loans.csv", loans), ("towns.csv", towns)):
        server.client.put(f"/api/v1/uploads/{key}/file?name={name}&offset=0", content=content)
    both = server.client.post(f"/api/v1/uploads/{key}/done", json={}).json()
    assert both["rows"] == 17
    made = server.client.post(f"/api/v1/datasets/{both['dataset']}/apart").json()["datasets"]
    assert [(one["name"], one["rows"], one["text_column"]) for one in made] == [
        ("loans.csv", 8, "remark of the borrower"),
        ("towns.csv", 9, "what the town should do"),
    ]
    assert server.client.get(f"/api/v1/datasets/{both['dataset']}").status_code == 404
    assert {one["dataset"] for one in made} <= {one["dataset"] for one in server.get("/datasets")["datasets"]}
    refused = server.client.post(f"/api/v1/datasets/{made[0]['dataset']}/apart")
    assert refused.status_code == 422
    assert "was not put together" in refused.json()["detail"]
    again = server.client.post(f"/api/v1/datasets/{made[1]['dataset']}/read", json={"text_column": "age"})
    assert again.json()["rows"] == 9


def test_sums_of_meanings_and_lines_between_two_are_answered(server, run):
    plain = server.get(f"/runs/{run}/search", q="late train", k=5)["hits"]
    summed = server.get(f"/runs/{run}/search", q='= "late train" + 0 * "red shoes"', k=5)["hits"]
    assert [(hit["row"], hit["score"]) for hit in summed] == [(hit["row"], hit["score"]) for hit in plain]
    row = plain[0]["row"]
    near = server.get(f"/runs/{run}/neighbors/{row}", k=5)["neighbors"]
    assert [hit["row"] for hit in server.get(f"/runs/{run}/search", q=f"= #{row}", k=5)["hits"]] == [
        one["row"] for one in near
    ]
    line = server.get(f"/runs/{run}/axis", low="late train", high="red shoes")
    codes = base64.b64decode(line["codes"])
    rows = len(codes)
    held = np.zeros(rows, np.bool_)
    held[[row, near[0]["row"]]] = True
    shape = {"rows": base64.b64encode(np.packbits(held, bitorder="little").tobytes()).decode()}
    body = {"q": "= selection", "selected": shape, "k": 5}
    answer = server.client.post(f"/api/v1/runs/{run}/search", json=body)
    assert answer.status_code == 200
    mean = server.get(f"/runs/{run}/search", q=f"= #{row},{near[0]['row']}", k=5)["hits"]
    assert [hit["row"] for hit in answer.json()["hits"]] == [hit["row"] for hit in mean]
    missing = server.client.post(f"/api/v1/runs/{run}/search", json={"q": "= selection"})
    assert (missing.status_code, "nothing is selected" in missing.text) == (422, True)
    hits = server.get(f"/runs/{run}/search", q="late train <> red shoes", k=6)
    assert min(codes[hit["row"]] for hit in hits["hits"][:3]) > max(codes[hit["row"]] for hit in hits["hits"][3:])


def test_a_sum_and_the_ends_of_a_line_are_as_weak_as_a_search_with_their_words(server, run):
    absent = ("quantum chromodynamics", "sonnets of the baroque", "igneous rocks")
    far = [q for q in absent if all(hit["weak"] for hit in server.get(f"/runs/{run}/search", q=q)["hits"])]
    assert len(far) >= 2
    there = server.get(f"/runs/{run}/search", q="= late train + delay - sun")
    assert not there["hits"][0]["weak"]
    assert there["chance"] == server.get(f"/runs/{run}/search", q="late train")["chance"]
    nothing = server.get(f"/runs/{run}/search", q=f"= {far[0]} - 0.5 * {far[1]}")["hits"]
    assert nothing
    assert all(hit["weak"] for hit in nothing)
    assert server.get(f"/runs/{run}/axis", low=far[0], high="late train")["far_ends"] == [far[0]]
    assert server.get(f"/runs/{run}/axis", low=far[0], high=far[1])["far_ends"] == far[:2]
    row = there["hits"][0]["row"]
    assert server.get(f"/runs/{run}/axis", low=f"#{row}", high="late train")["far_ends"] == []
    assert not server.get(f"/runs/{run}/search", q=f"= #{row}")["hits"][0]["weak"]


def test_a_run_that_begins_with_a_draft_leaves_it_as_a_run_of_its_own_that_says_so(server, dataset):
    true = server.finish(server.start(dataset, draft="first", min_cluster_size=8))
    assert (true["settings"]["draft"], true.get("draft")) == ("first", None)
    (drafted,) = [one["run"] for one in server.get("/runs")["runs"] if one["settings"]["draft"] == "only"]
    assert server.start(dataset, draft="only", min_cluster_size=8) == drafted
    assert true["draft_run"] == {"run": drafted, "state": "done"}
    status = server.finish(drafted)
    assert status["draft"] == {"read": 90, "rows": 90, "recall": None, "among": 22}
    assert server.client.get(f"/api/v1/runs/{drafted}/report.json").json()["draft"] == status["draft"]
    told = server.client.get(f"/api/v1/runs/{drafted}/report.html").text
    assert "This is a draft map: the encoder read 90 of 90 texts" in told
    assert "the model that read some items and wrote each as a vector" in told
    refused = server.client.post("/api/v1/runs", json={"dataset": dataset, "draft": "yes"})
    assert (refused.status_code, "no, first or only" in refused.text) == (422, True)
