"""What every engine for the map and the tree of clusters has to do; those that are not installed here are skipped."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from explorer import engines
from explorer.clustering.labels import cluster, linkage_tree
from explorer.config import CPU_ENGINE, CUML_ENGINE, ENGINES, ClusterConfig, ProjectConfig, RunConfig
from explorer.contracts import ENGINE
from explorer.contracts.engines import Processor
from explorer.engines import Engine
from explorer.engines.registry import OWN
from explorer.errors import BadSetting
from explorer.neighbors.graph import build_graph
from explorer.projection.maps import project, reduce
from explorer.runs.facts import Facts
from explorer.runs.plan import make_plan
from explorer.types import FloatArray, digest
from tests.contracts.promises import each, hold

GROUPS, EACH = 6, 60
FACTS = Facts("d", "i", GROUPS * EACH, frozenset({"text"}))


@pytest.mark.parametrize("subject", [Processor(), *OWN], ids=lambda subject: subject.name)
@each(ENGINE)
def test_every_engine_keeps_its_promises(subject: Engine, check: Any) -> None:
    hold(subject, check)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    if request.param not in engines.engines():
        pytest.skip(f"{request.param} is not installed")
    return str(request.param)


def groups(d: int = 24) -> FloatArray:
    rng = np.random.default_rng(0)
    vectors = np.repeat(rng.normal(size=(GROUPS, d)), EACH, axis=0) + 0.25 * rng.normal(size=(GROUPS * EACH, d))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("dims", [2, 3])
def test_a_map_keeps_what_is_near_and_is_turned_like_the_principal_components(engine: str, dims: int) -> None:
    vectors = groups()
    made = project(vectors, build_graph(vectors, 16), ProjectConfig(n_neighbors=15, engine=engine, dims=dims))
    assert made.xy.shape == (len(vectors), dims)
    assert made.xy.dtype == np.float32
    assert np.isfinite(made.xy).all()
    assert made.method == "umap"
    assert made.trustworthiness > 0.93
    assert np.abs(made.xy.mean(axis=0)).max() < 1e-3


def test_the_space_for_clusters_and_its_tree_find_the_groups(engine: str) -> None:
    vectors = groups()
    points = reduce(vectors, build_graph(vectors, 16), ProjectConfig(n_neighbors=15, engine=engine))
    tree = linkage_tree(points, 5, engine=engine)
    assert tree.shape == (len(points) - 1, 4)
    assert (np.diff(tree[:, 2]) >= 0).all()
    assert tree[-1, 3] == len(points)
    found = cluster(points, ClusterConfig(min_cluster_size=10, min_samples=5), tree=tree)
    truth = np.repeat(np.arange(GROUPS), EACH)
    assert found.count == GROUPS
    for label in range(GROUPS):
        assert len(np.unique(truth[found.labels == label])) == 1
    assert (found.labels < 0).mean() < 0.1


def test_copies_and_a_handful_of_rows_are_no_trouble(engine: str) -> None:
    few = groups()[:7]
    copies = np.repeat(few, 5, axis=0)
    for vectors in (few, copies):
        made = project(vectors, build_graph(vectors, 16), ProjectConfig(n_neighbors=5, engine=engine))
        assert np.isfinite(made.xy).all()
    assert linkage_tree(np.zeros((2, 2), np.float32), 5, engine=engine).shape == (0, 4)


def test_an_engine_that_is_not_here_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.engines.cuml.find_spec", lambda name: None)
    assert engines.engines() == (CPU_ENGINE,)
    with pytest.raises(BadSetting, match=r"embedding-explorer\[gpu\]"):
        make_plan(FACTS, RunConfig.from_flat({"encoder": "minilm", "engine": CUML_ENGINE}))
    with pytest.raises(BadSetting, match="cpu or cuml"):
        RunConfig.from_flat({"engine": "abacus"})


def test_the_engine_is_part_of_the_keys_but_the_usual_one_leaves_them_as_they_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("explorer.engines.cuml.find_spec", lambda name: object())
    usual, other = (make_plan(FACTS, RunConfig.from_flat({"encoder": "minilm", "engine": name})) for name in ENGINES)
    assert usual.run != other.run
    assert {stage for stage in usual.keys if usual.keys[stage] == other.keys[stage]} == {"embed", "neighbors"}
    assert digest(ProjectConfig()) == "f19d5c1c381603db"


def test_cuml_is_asked_for_what_umap_and_hdbscan_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only how it is called can be tried where there is no such device: by stand-ins for its two functions."""
    asked: dict[str, Any] = {}

    def embedding(data: FloatArray, graph: Any, **given: Any) -> SimpleNamespace:
        asked.update(given, rows=len(data), edges=graph.nnz, format=graph.format)
        return SimpleNamespace(to_output=lambda kind: given["init"] + 1)

    class Hdbscan:
        def __init__(self, **given: Any) -> None:
            asked.update(given)

        def fit(self, points: FloatArray) -> SimpleNamespace:
            from explorer.clustering.linkage import single_linkage

            made = single_linkage(points, asked["min_samples"])
            return SimpleNamespace(single_linkage_tree_=SimpleNamespace(to_numpy=lambda: made))

    parts = {"cuml": {}, "cuml.manifold": {}, "cuml.manifold.umap": {"simplicial_set_embedding": embedding}}
    parts |= {"cuml.cluster": {}, "cuml.cluster.hdbscan": {"HDBSCAN": Hdbscan}}
    for name, members in parts.items():
        module = ModuleType(name)
        vars(module).update(members)
        monkeypatch.setitem(sys.modules, name, module)
    vectors = groups()
    config = ProjectConfig(n_neighbors=15, engine=CUML_ENGINE, seed=7)
    points = reduce(vectors, build_graph(vectors, 16), config)
    assert points.shape == (len(vectors), 5)
    assert (asked["rows"], asked["n_components"], asked["random_state"]) == (len(vectors), 5, 7)
    assert (asked["n_epochs"], asked["format"]) == (200, "coo")
    assert asked["edges"] > 15 * len(vectors)
    assert linkage_tree(points, 5, engine=CUML_ENGINE).shape == (len(points) - 1, 4)
    assert (asked["min_samples"], asked["min_cluster_size"]) == (5, 2)
