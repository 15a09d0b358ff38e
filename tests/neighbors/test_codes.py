"""The bytes that are kept of very many vectors: a run with them answers as one without, and leaves none behind."""

import dataclasses

import numpy as np
import pytest

from explorer.questions.queries import neighbors_of, search
from explorer.questions.surroundings import surroundings_of
from explorer.runs.pipeline import open_run
from explorer.runs.plan import Plan
from explorer.workspace.folder import Workspace
from tests.synthetic import write_run

ROWS = 300


@pytest.fixture
def key(tmp_path, monkeypatch):
    monkeypatch.setattr("explorer.neighbors.CODED_FROM", ROWS)
    return write_run(tmp_path, ROWS, dim=32, clusters=5)


def test_a_run_with_bytes_answers_as_one_without(key, tmp_path):
    run = open_run(key, workspace=tmp_path)
    assert run.embeddings.codes.codes.shape == (ROWS, 32)
    plain = dataclasses.replace(run, embeddings=dataclasses.replace(run.embeddings, codes=None))
    vector = np.asarray(run.embeddings.vectors[3])
    for metric in ("cosine", "euclidean"):
        near, expected = (surroundings_of(one, 7, k=9, metric=metric) for one in (run, plain))
        np.testing.assert_array_equal(near.hits.rows, expected.hits.rows)
        np.testing.assert_array_equal(near.only_on_map.rows, expected.only_on_map.rows)
        np.testing.assert_array_equal(
            neighbors_of(run, 7, metric=metric).scores, neighbors_of(plain, 7, metric=metric).scores
        )
    found, expected = (search(one, "anything", encode=lambda *_: vector) for one in (run, plain))
    assert found.rows[0, 0] == 3
    np.testing.assert_array_equal(found.rows, expected.rows)


def test_bytes_go_with_the_last_run_that_needs_them(key, tmp_path):
    workspace = Workspace(tmp_path)
    embedded = Plan.from_json(workspace.runs.record(key)["plan"]).keys["embed"]
    assert workspace.results.has("codes", embedded)
    workspace.sweep()
    assert workspace.results.has("codes", embedded)
    workspace.delete_run(key)
    assert not workspace.results.has("codes", embedded)


def test_few_rows_have_none(tmp_path):
    run = open_run(write_run(tmp_path, ROWS, dim=32, clusters=5), workspace=tmp_path)
    assert run.embeddings.codes is None
