import numpy as np
import pytest

from explorer.description.palette import NOISE_COLOR, cluster_colors, colors_by_place, oklab


def _luminance(color: str) -> float:
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(a: str, b: str) -> float:
    low, high = sorted((_luminance(a), _luminance(b)))
    return (high + 0.05) / (low + 0.05)


def test_the_first_sixty_four_colors_differ_and_none_is_the_noise_grey() -> None:
    colors = cluster_colors(64)
    assert len(set(colors)) == 64
    assert NOISE_COLOR not in colors


def test_no_clusters_need_no_colors() -> None:
    assert cluster_colors(0) == []


def test_a_color_keeps_its_label_when_there_are_more_clusters() -> None:
    assert cluster_colors(3) == cluster_colors(200)[:3] == ["#0072b2", "#e69f00", "#009e73"]


def test_colors_beyond_the_list_come_back_lighter_then_darker() -> None:
    colors = cluster_colors(130)
    assert _luminance(colors[64]) > _luminance(colors[0]) > _luminance(colors[128])


def test_colors_are_lifted_on_a_dark_ground() -> None:
    assert cluster_colors(1, dark=True) == ["#2989be"]


def test_each_color_can_be_told_from_a_white_and_from_a_dark_page() -> None:
    for color in cluster_colors(64):
        assert _contrast(color, "#ffffff") > 1.9, color
    for color in cluster_colors(64, dark=True):
        assert _contrast(color, "#14161a") > 2.6, color


def _closest_neighbors(places: list[tuple[float, float]], colors: list[str]) -> float:
    """Return how near in OKLab the colours of a place and one of its four nearest places come."""
    xy, lab = np.array(places), np.array([oklab(color) for color in colors])
    far = np.linalg.norm(xy[:, None] - xy[None], axis=2)
    near = np.argsort(far, axis=1)[:, 1:5]
    return float(np.linalg.norm(lab[:, None] - lab[near], axis=2).min())


@pytest.mark.parametrize("count", [47, 185, 700])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_neighbors_on_a_map_of_many_clusters_never_look_alike(count: int, seed: int) -> None:
    drawn = np.random.default_rng(seed).normal(size=(count, 2)).tolist()
    places = [(x, y) for x, y in drawn]
    colors = colors_by_place(places)
    by_label = [cluster_colors(39)[i % 39] for i in range(count)]
    assert _closest_neighbors(places, by_label) < 0.08  # what it was, and would be seen as one colour
    assert _closest_neighbors(places, colors) > 0.12
    assert colors == colors_by_place(places)
    assert set(colors) <= set(cluster_colors(39))
    light_of = dict(zip(cluster_colors(39), cluster_colors(39, dark=True), strict=True))
    assert colors_by_place(places, dark=True) == [light_of[color] for color in colors]


def test_few_clusters_keep_the_first_colors_wherever_they_lie_and_those_without_a_place_do_no_harm() -> None:
    assert colors_by_place([(0.0, 0.0)] * 20) == cluster_colors(20)
    assert colors_by_place([(None, None), *[(float(i), 0.0) for i in range(49)]])[:39] == cluster_colors(39)
    assert len(set(colors_by_place([(1.0, 1.0)] * 60))) > 10
