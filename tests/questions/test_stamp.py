"""Maps as small as a stamp."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from explorer.description import cluster_colors
from explorer.questions import sketch
from explorer.questions.stamp import DOTS, HEIGHT, WIDTH


@pytest.mark.parametrize("dims", [2, 3])
@pytest.mark.parametrize("n", [0, 1, 2, 7, 5_000])
def test_a_stamp_has_every_cluster_in_its_colour_and_nothing_outside(n: int, dims: int) -> None:
    rng = np.random.default_rng(n)
    xy = rng.normal(size=(n, dims)).astype(np.float32)
    xy[: n // 10] = np.nan
    if n:
        xy[-1] = 1e6  # far from all others
    labels = (np.arange(n) % 5 - 1).astype(np.int32)
    drawn = sketch(xy, labels, 4)
    ET.fromstring(drawn)
    dots = [(float(x), float(y)) for x, y in re.findall(r"M([\d.-]+) ([\d.-]+)h0", drawn)]
    assert len(dots) == min(DOTS, n - n // 10)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in dots)
    if n == 5_000:
        assert all(f'stroke="{color}"' in drawn for color in cluster_colors(4))
        assert len(set(dots)) > 200  # one far row does not press the others into a corner
