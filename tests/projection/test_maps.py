"""The map: repeatable, never nan, pointing the same way whatever the settings, honest about tiny data."""

from __future__ import annotations

import itertools
import subprocess
import sys
import warnings

import numpy as np
import pytest

from explorer.config import ProjectConfig
from explorer.errors import Cancelled
from explorer.neighbors.graph import build_graph
from explorer.projection.maps import WATCHED, pca_picture, project, reduce
from explorer.types import FloatArray, Progress, Projection

SETTINGS = ProjectConfig(n_neighbors=10)


def groups(n: int, d: int = 12, *, c: int = 3) -> FloatArray:
    rng = np.random.default_rng(0)
    vectors = 3 * rng.normal(size=(c, d))[np.arange(n) % c] + rng.normal(size=(n, d))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def drawn(vectors: FloatArray, config: ProjectConfig = SETTINGS) -> Projection:
    graph = build_graph(vectors, 15, metric=config.metric)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        return project(vectors, graph, config)


def test_groups_of_vectors_are_groups_on_the_map() -> None:
    picture = drawn(groups(150))
    xy = picture.xy
    near = np.argsort(((xy[:, None] - xy) ** 2).sum(-1), axis=1)[:, 1:6]
    assert np.mean(near % 3 == np.arange(150)[:, None] % 3) > 0.95
    assert (picture.method, picture.trust_k, picture.trust_rows) == ("umap", 15, 150)
    assert picture.trustworthiness is not None
    assert picture.trustworthiness > 0.85


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("dims", [2, 3])
def test_a_map_has_two_or_three_centred_dimensions(dims: int, metric: str) -> None:
    xy = drawn(groups(40), ProjectConfig(n_neighbors=10, dims=dims, metric=metric)).xy
    assert (xy.shape, xy.dtype) == ((40, dims), np.float32)
    np.testing.assert_allclose(xy.mean(axis=0), 0, atol=1e-4)


def test_a_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    vectors = groups(60)
    first = drawn(vectors).xy
    assert first.tobytes() == drawn(vectors).xy.tobytes()
    other = drawn(vectors, ProjectConfig(n_neighbors=10, seed=7)).xy
    assert not np.allclose(first, other)


def test_a_map_that_is_watched_is_the_same_and_every_step_points_its_way() -> None:
    vectors = groups(150)
    graph, seen = build_graph(vectors, 15), []
    watched = project(vectors, graph, SETTINGS, watch=lambda xy: seen.append(xy.copy()))
    assert watched.xy.tobytes() == drawn(vectors).xy.tobytes()
    assert len(seen) == WATCHED >= 10
    reference = pca_picture(vectors)
    for xy in seen:
        np.testing.assert_allclose(xy.mean(axis=0), 0, atol=1e-4)
        overlap = xy.T.astype(np.float64) @ reference
        np.testing.assert_allclose(overlap, overlap.T, rtol=1e-3, atol=1e-3 * np.abs(overlap).max())
        assert np.linalg.eigvalsh((overlap + overlap.T) / 2).min() > 0
    moved = [np.abs(one - other).max() for one, other in itertools.pairwise(seen)]
    assert min(moved) > 0


def test_without_a_seed_there_is_a_map_too() -> None:
    assert np.isfinite(drawn(groups(60), ProjectConfig(n_neighbors=10, seed=None)).xy).all()


@pytest.mark.parametrize(
    "config",
    [
        ProjectConfig(n_neighbors=5),
        ProjectConfig(n_neighbors=14, min_dist=0.8),
        ProjectConfig(n_neighbors=10, seed=3),
        ProjectConfig(n_neighbors=10, metric="euclidean"),
    ],
)
def test_settings_change_the_picture_but_not_its_direction(config: ProjectConfig) -> None:
    vectors = groups(120)
    reference = pca_picture(vectors).astype(np.float64)
    across = drawn(vectors, config).xy.T @ reference
    rotation = across / np.linalg.norm(across)
    np.testing.assert_allclose(rotation, rotation.T, atol=1e-3)
    assert (np.linalg.eigvalsh((rotation + rotation.T) / 2) > 0).all()


def test_the_neighbours_of_the_graph_decide_the_map_and_no_others_are_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("UMAP looked for neighbours itself")

    monkeypatch.setattr("umap.umap_.nearest_neighbors", refused)
    monkeypatch.setattr("umap.umap_.pairwise_distances", refused)
    assert drawn(groups(40)).method == "umap"


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 5])
def test_a_handful_of_rows_is_laid_out_by_pca(n: int) -> None:
    picture = drawn(groups(n))
    assert (picture.method, picture.xy.shape) == ("pca", (n, 2))
    assert np.isfinite(picture.xy).all()
    assert len(np.unique(picture.xy, axis=0)) == n


@pytest.mark.parametrize("n", [6, 7, 11, 14])
@pytest.mark.parametrize("dims", [2, 3])
def test_fewer_rows_than_neighbours_still_have_a_map(n: int, dims: int) -> None:
    picture = drawn(groups(n), ProjectConfig(n_neighbors=15, dims=dims))
    assert picture.method == "umap"
    assert np.isfinite(picture.xy).all()


def test_identical_rows_lie_on_a_disc_and_do_not_overlap() -> None:
    picture = drawn(np.repeat(groups(1), 200, axis=0))
    assert picture.method == "disc"
    gaps = np.linalg.norm(picture.xy[:, None] - picture.xy, axis=2) + np.eye(200)
    assert gaps.min() > 5e-4
    assert np.abs(picture.xy).max() < 0.02


def test_copies_of_a_vector_lie_together_and_do_not_overlap() -> None:
    vectors = groups(60)
    vectors[20:40] = vectors[20]
    vectors[[3, 50]] = vectors[3]
    xy = drawn(vectors).xy
    assert np.ptp(xy[20:40], axis=0).max() < 0.1
    assert np.linalg.norm(xy[3] - xy[50]) < 0.02
    assert len(np.unique(xy, axis=0)) == 60
    assert np.ptp(xy, axis=0).max() > 2


@pytest.mark.parametrize("distinct", [2, 3])
def test_a_few_vectors_repeated_often_make_no_nan(distinct: int) -> None:
    vectors = np.repeat(groups(distinct), 30, axis=0)
    assert np.isfinite(drawn(vectors).xy).all()
    assert np.isfinite(reduce(vectors, build_graph(vectors, 15), SETTINGS)).all()


def test_opposite_vectors_stay_on_the_map() -> None:
    vectors = groups(30, c=1)
    vectors[0] = -vectors[1]
    assert np.isfinite(drawn(vectors).xy).all()


def test_epochs_are_reported_and_raising_stops_the_fit() -> None:
    vectors = groups(40)
    graph = build_graph(vectors, 10)
    seen: list[Progress] = []
    project(vectors, graph, SETTINGS, progress=seen.append)
    assert {p.stage for p in seen} == {"project"}
    assert [p.done for p in seen] == list(range(seen[0].total))
    reduce(vectors, graph, SETTINGS, progress=seen.append)
    assert (seen[-1].stage, seen[-1].note) == ("project", "getting ready to find clusters")

    def stop(progress: Progress) -> None:
        if progress.done == 3:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        project(vectors, graph, SETTINGS, progress=stop)
    assert np.isfinite(project(vectors, graph, SETTINGS).xy).all()


@pytest.mark.parametrize(("n", "d", "columns"), [(60, 12, 5), (60, 4, 4), (7, 12, 4), (4, 12, 5)])
def test_the_space_for_clusters_has_up_to_five_dimensions(n: int, d: int, columns: int) -> None:
    vectors = groups(n, d)
    reduced = reduce(vectors, build_graph(vectors, 15), SETTINGS)
    assert (reduced.shape, reduced.dtype) == ((n, columns), np.float32)
    assert np.isfinite(reduced).all()


def test_identical_rows_are_one_point_for_clusters() -> None:
    vectors = np.repeat(groups(1), 20, axis=0)
    assert not reduce(vectors, build_graph(vectors, 15), SETTINGS).any()


@pytest.mark.parametrize(("n", "d"), [(50, 6), (6, 50)])
def test_the_pca_picture_equals_scikit_learns_up_to_signs(n: int, d: int) -> None:
    from sklearn.decomposition import PCA

    vectors = groups(n, d)
    expected = PCA(2, svd_solver="full").fit_transform(vectors.astype(np.float64))
    picture = pca_picture(vectors)
    np.testing.assert_allclose(np.abs(picture), np.abs(expected), atol=1e-4)
    assert ((picture.astype(np.float64) ** 3).sum(axis=0) > 0).all()
    np.testing.assert_allclose(pca_picture(vectors[::-1].copy())[::-1], picture, atol=1e-4)


def test_the_pca_picture_of_a_line_has_nothing_in_the_second_dimension() -> None:
    line = np.linspace(0, 1, 5, dtype=np.float32)[:, None] ** 2
    picture = pca_picture(line)
    assert picture[:, 1].tolist() == [0] * 5
    np.testing.assert_allclose(np.diff(picture[:, 0]), np.diff(line[:, 0]), atol=1e-6)


KEPT = """
import umap.umap_ as umap
from explorer.projection import warm_up
warm_up()
print([sum(loop.stats.cache_hits.values()) for loop in (umap.smooth_knn_dist, umap.compute_membership_strengths)])
"""


@pytest.mark.slow
def test_what_umap_learn_compiles_is_kept_for_the_next_process() -> None:
    said = ""
    for _ in range(2):  # in the first process after an installation there is nothing kept yet
        done = subprocess.run([sys.executable, "-c", KEPT], capture_output=True, text=True, check=True)
        said = done.stdout.strip()
        if said == "[1, 1]":
            break
    assert said == "[1, 1]"
