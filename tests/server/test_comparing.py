"""Two maps of the same rows compared, through a real server."""

import numpy as np
import pytest

from tests.server.test_rest import table


@pytest.fixture(scope="module")
def pair(server):
    dataset = server.add("compared.csv", table(60))
    runs = [server.start(dataset, min_cluster_size=8, metric=metric) for metric in ("cosine", "euclidean")]
    for run in runs:
        server.finish(run)
    return runs


def test_two_maps_are_compared_whole_and_row_by_row(server, pair):
    a, b = pair
    told = server.get(f"/runs/{a}/compare/{b}")
    assert (told["a"]["run"], told["b"]["run"], told["rows"]) == (a, b, 60)
    assert (told["a"]["called"], told["b"]["called"]) == ("metric cosine", "metric euclidean")
    assert told["agreement"] == 1  # unit vectors have the same order by either
    row = server.get(f"/runs/{a}/compare/{b}/items/7")
    assert [one["row"] for one in row["near_a"]] == [one["row"] for one in row["near_b"]]
    assert all(one["shared"] for one in row["near_a"])
    near = server.get(f"/runs/{a}/neighbors/7", k=10)["neighbors"]
    assert [one["row"] for one in near] == [one["row"] for one in row["near_a"]]


def test_what_the_two_maps_are_drawn_from_comes_in_columns(server, pair):
    a, b = pair
    body = server.client.get(f"/api/v1/runs/{a}/compare/{b}/points").content
    n, m, _ = np.frombuffer(body, "<u4", 3, 4)
    assert (body[:4], n, m, len(body)) == (b"EEC1", 60, 60, 16 + 13 * 60)


def test_the_report_is_a_page_to_keep_or_to_look_at(server, pair):
    a, b = pair
    for inline in (False, True):
        page = server.client.get(f"/api/v1/runs/{a}/compare/{b}/report.html", params={"inline": inline})
        assert "metric cosine" in page.text
        assert page.headers["content-disposition"].startswith("inline" if inline else "attachment")


def test_a_row_that_is_not_there_and_maps_of_other_data_are_refused_with_a_sentence(server, pair):
    a, b = pair
    assert server.client.get(f"/api/v1/runs/{a}/compare/{b}/items/99").status_code == 404
    assert server.client.get(f"/api/v1/runs/{a}/compare/nothing").status_code == 404
    other = server.start(server.add("others.csv", table(60).replace(b" number ", b" count ")), min_cluster_size=8)
    server.finish(other)
    refused = server.client.get(f"/api/v1/runs/{a}/compare/{other}")
    assert refused.status_code == 422
    assert "same data" in refused.json()["detail"]
