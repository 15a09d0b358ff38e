"""Clusters keep the colours that the same rows had before."""

import numpy as np
import pytest

from explorer.description import chosen_colors, cluster_colors, colors_after, colors_by_place
from explorer.description.palette import FEW, MOST, look_apart
from explorer.types import IntArray


def labels_of(*sizes: int) -> IntArray:
    return np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)


def places_of(count: int, seed: int = 0) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in np.random.default_rng(seed).normal(size=(count, 2))]


def test_clusters_in_another_order_with_some_rows_more_or_less_keep_their_colours() -> None:
    before = labels_of(30, 20, 10, 5)
    now = np.choose(before, [2, 0, 1, 3]).astype(np.int32)
    now[:4] = -1
    now[55:62] = 3
    colors = colors_after(now, places_of(4), before, (0, 1, 2, 3))
    assert colors == (1, 2, 0, 3)


def test_the_larger_part_of_a_cluster_keeps_its_colour_and_a_joined_one_has_that_of_its_largest_part() -> None:
    before = labels_of(30, 20, 10)
    split = before + 1
    split[:10] = 0
    assert colors_after(split, places_of(4), before, (0, 1, 2)) == (3, 0, 1, 2)
    joined = np.array([0, 1, 1], np.int32)[before]
    assert colors_after(joined, places_of(2), before, (0, 1, 2)) == (0, 1)
    assert colors_after(np.full(60, -1, np.int32), [], before, (0, 1, 2)) == ()


@pytest.mark.parametrize("count", [2, FEW, 25, MOST, 47])
def test_few_clusters_of_many_are_told_apart_at_a_glance_and_most_keep_their_colours(
    count: int,
) -> None:
    many = 60
    before = labels_of(*[8] * many)
    colors = chosen_colors(places_of(many))
    now = np.minimum(before, count - 1)
    after = colors_after(now, places_of(count), before, colors)
    assert set(after) <= set(range(MOST))
    assert sum(a == b for a, b in zip(after, colors, strict=False)) >= min(count, FEW) / 2
    if count <= FEW:
        assert all(look_apart(color, [*after[:at], *after[at + 1 :]]) for at, color in enumerate(after))


def test_chosen_colours_are_those_on_the_page_and_a_wrong_number_of_them_is_not_taken() -> None:
    places = places_of(3)
    assert colors_by_place(places, chosen=(5, 38, 0)) == [cluster_colors(39)[at] for at in (5, 38, 0)]
    assert colors_by_place(places, chosen=(1,)) == colors_by_place(places)
