from explorer.description.palette import NOISE_COLOR, cluster_colors


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
