"""New versions of a dataset over REST: rows added from an upload, removed and edited, placed on a map that is there."""

import base64

import numpy as np
import pytest

from tests.server import test_rest


def table(n):
    """Return a table of texts that no other test of this server has embedded."""
    return test_rest.table(n).replace(b" number ", b" and number ")


@pytest.fixture(scope="module")
def dataset(server):
    return server.add("themes.csv", table(48))


@pytest.fixture(scope="module")
def run(server, dataset):
    key = server.start(dataset, method="communities")
    server.finish(key)
    return key


def upload(server, name, content):
    key = server.client.post("/api/v1/uploads").json()["upload"]
    place = f"/api/v1/uploads/{key}/file?name={name}&offset=0"
    assert server.client.put(place, content=content).status_code == 204
    return key


def test_rows_of_an_upload_are_added_and_placed_where_every_other_row_stays(server, dataset, run):
    lines = table(60).splitlines(keepends=True)
    others = set((server.workspace / "uploads").iterdir())
    sent = {"upload": upload(server, "more.csv", lines[0] + b"".join(lines[49:]))}
    answer = server.client.post(f"/api/v1/datasets/{dataset}/rows", json=sent)
    assert answer.status_code == 201, answer.text
    version = answer.json()
    assert (version["rows"], version["version"]["added"], version["version"]["parent"]) == (60, 12, dataset)
    assert server.client.post(f"/api/v1/datasets/{dataset}/rows", json=sent).json()["dataset"] == version["dataset"]
    assert set((server.workspace / "uploads").iterdir()) == others
    placed = server.client.post(f"/api/v1/datasets/{version['dataset']}/placed", json={"run": run})
    assert placed.status_code == 202, placed.text
    told = server.finish(placed.json()["run"])
    assert told["reused"] == 48
    assert told["onto"]["placed"] == 12
    before, after = (server.get(f"/runs/{key}/items/5") for key in (run, told["run"]))
    assert (before["x"], before["y"], before["cluster"]) == (after["x"], after["y"], after["cluster"])
    new = server.get(f"/runs/{told['run']}/placed")
    assert new["count"] == 12
    selected = server.client.post(f"/api/v1/runs/{told['run']}/selection", json={"rows": new["rows"]}).json()
    assert [row["row"] for row in selected["rows"]] == list(range(48, 60))
    assert server.get(f"/runs/{run}/placed")["count"] == 0
    names = [[one["name"] for one in server.get(f"/runs/{key}/clusters")["clusters"]] for key in (run, told["run"])]
    assert names[0] == names[1]
    assert server.get(f"/runs/{told['run']}/items/50")["metadata"]["version"] == "2 (added)"
    refused = server.client.get(f"/api/v1/runs/{told['run']}/sweep")
    assert refused.status_code == 422
    assert "Lay the data out anew" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("pasted", "texts"),
    [
        ("A kitten on the roof.\n\nThe last tram has gone.\n\n", ["A kitten on the roof.", "The last tram has gone."]),
        ("message,theme\nA kitten.,pets\nA tram.,trains", ["A kitten.", "A tram."]),
        ('{"theme": "pets", "message": "A kitten."}', ["A kitten."]),
        ("theme\tmessage\npets\tA kitten.\ntrains\tA tram.\npets\tA pup.\n", ["A kitten.", "A tram.", "A pup."]),
    ],
)
def test_pasted_rows_are_added_a_line_each_or_as_a_table_with_the_same_columns(server, pasted, texts):
    dataset = server.add("few.csv", table(3))
    answer = server.client.post(f"/api/v1/datasets/{dataset}/rows", json={"text": pasted})
    assert answer.status_code == 201, answer.text
    version = answer.json()
    assert (version["rows"], version["version"]["added"]) == (3 + len(texts), len(texts))
    part = server.get(f"/datasets/{version['dataset']}")["rows"][: len(texts)]  # what is new comes first
    assert [row["message"] for row in part] == texts
    assert [row["theme"] for row in part][:2] in (["", ""], ["pets", "trains"], ["pets"])
    for wrong in ({}, {"text": pasted, "upload": "0" * 32}):
        assert server.client.post(f"/api/v1/datasets/{dataset}/rows", json=wrong).status_code == 422
    server.client.delete(f"/api/v1/datasets/{version['dataset']}")


def test_rows_go_by_number_by_value_and_by_a_shape_and_texts_are_edited(server, dataset, run):
    changes = {"removed": [0], "where": {"column": "theme", "value": "pets"}, "edited": {"4": "The train never came."}}
    version = server.client.post(f"/api/v1/datasets/{dataset}/changes", json=changes).json()
    assert (version["rows"], version["version"]["removed"], version["version"]["edited"]) == (32, 16, 1)
    bits = np.packbits(np.arange(48) < 3, bitorder="little")
    shape = {"rows": base64.b64encode(bits.tobytes()).decode()}
    changes = {"selected": [{"run": run, "shape": shape}]}
    version = server.client.post(f"/api/v1/datasets/{dataset}/changes", json=changes).json()
    assert version["rows"] == 45
    edits = {**changes, "edited": {"1": "The train never came."}}  # one of those selected: it stays
    version = server.client.post(f"/api/v1/datasets/{dataset}/changes", json=edits).json()
    assert (version["rows"], version["version"]["removed"], version["version"]["edited"]) == (46, 2, 1)
    for wrong, status in (({}, 422), ({"removed": [48]}, 404), ({"removed": [-1]}, 422), ({"edited": {"0": " "}}, 422)):
        refused = server.client.post(f"/api/v1/datasets/{dataset}/changes", json=wrong)
        assert refused.status_code == status, refused.text
    again = server.client.post(f"/api/v1/datasets/{version['dataset']}/read", json={"text_column": "theme"})
    assert again.status_code == 422
    assert "version of" in again.json()["detail"]


def test_what_is_pasted_to_paragraphs_is_one(server):
    text = {"text": "Soup\nFry an onion.\n\nRice\nBoil it.\n\nTea\nBoil water.\n", "name": "recipes"}
    first = server.client.post("/api/v1/datasets/text", json=text).json()
    assert first["rows"] == 3
    for rows, one in ((4, "Eggs\nBoil them."), (5, "Toast\nToast it.")):
        version = server.client.post(f"/api/v1/datasets/{first['dataset']}/rows", json={"text": one}).json()
        assert (version["rows"], version["version"]["added"]) == (rows, 1)
        first = version


def test_rows_that_are_added_go_into_one_version_with_what_else_was_gathered(server, dataset, run):
    bits = np.packbits(np.arange(48) < 2, bitorder="little")
    shape = {"rows": base64.b64encode(bits.tobytes()).decode()}
    also = {"removed": [5], "selected": [{"run": run, "shape": shape}], "edited": {"7": "The train never came."}}
    content = table(60).splitlines(keepends=True)
    more = content[0] + b"".join(content[49:51])
    for given, added in (({"text": "A kitten.\nA tram.\n"}, 2), ({"upload": upload(server, "more.csv", more)}, 2)):
        answer = server.client.post(f"/api/v1/datasets/{dataset}/rows", json={**given, **also})
        assert answer.status_code == 201, answer.text
        version = answer.json()
        told = version["version"]
        assert (told["added"], told["removed"], told["edited"], version["rows"]) == (added, 3, 1, 48 - 3 + 2)
        texts = [row["message"] for row in server.get(f"/datasets/{version['dataset']}")["rows"]]
        assert "The train never came." in texts
        server.client.delete(f"/api/v1/datasets/{version['dataset']}")
    also["selected"][0]["run"] = "gone"
    refused = server.client.post(f"/api/v1/datasets/{dataset}/rows", json={"text": "A kitten.", **also})
    assert refused.status_code == 404
    assert "Forget these changes" in refused.json()["detail"]


def test_a_part_is_taken_by_chance_and_keeps_the_shares_of_a_column(server, dataset):
    def taken(**wanted):
        return server.client.post(f"/api/v1/datasets/{dataset}/sample", json=wanted)

    answer = taken(rows=18, by="theme")
    assert answer.status_code == 201, answer.text
    part = answer.json()
    assert (part["rows"], part["name"]) == (18, "themes.csv (18 of 48 rows)")
    rows = server.get(f"/datasets/{part['dataset']}")["rows"]
    assert {row["theme"] for row in rows} == {"pets", "trains", "cooking"}
    assert taken(rows=18, by="theme").json()["dataset"] == part["dataset"]
    assert server.get(f"/datasets/{dataset}")["count"] == 48
    for wrong in ({"rows": 48}, {"rows": 0}, {"rows": 5, "by": "colour"}):
        refused = taken(**wrong)
        assert refused.status_code in (404, 422), refused.text
    server.client.delete(f"/api/v1/datasets/{part['dataset']}")
