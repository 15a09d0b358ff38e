"""Makes colours that go round, for what has no end: times of day, days of the week.

Whoever does not tell red from green sees a circle too: it goes from blue to yellow and back by hue, and between these
from light to dark.
"""

from __future__ import annotations

import numpy as np

_LIGHTNESS = {False: (0.6, 0.13), True: (0.7, 0.13)}
"""The middle of the lightness in OKLab, and how far it goes up and down, on a light ground (False) and a dark one."""
_CHROMA = 0.125
_MIDNIGHT = 264.0
"""The hue at the beginning, degrees: a blue.  Half way round is a yellow, a quarter before and behind green and red."""
_LIGHTEST = 0.33
"""Which part of the circle is the lightest: the morning of a day."""
# The inverse of OKLab's two matrices (Ottosson 2020), as `explorer.description.palette.oklab` has them.
_TO_CONES = np.array(
    [[1.0, 0.3963377774, 0.2158037573], [1.0, -0.1055613458, -0.0638541728], [1.0, -0.0894841775, -1.2914855480]]
)
_TO_LINEAR = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


def circle_colors(count: int, *, dark: bool = False) -> list[str]:
    """Return *count* colours such as "#0072b2" that are evenly round a circle: the last is beside the first."""
    at = (np.arange(count) + 0.5) / count
    middle, swing = _LIGHTNESS[dark]
    hue = np.radians(_MIDNIGHT - 360.0 * at)
    lightness = middle + swing * np.cos(2 * np.pi * (at - _LIGHTEST))
    lab = np.stack([lightness, _CHROMA * np.cos(hue), _CHROMA * np.sin(hue)], axis=1)
    linear = np.clip(((lab @ _TO_CONES.T) ** 3) @ _TO_LINEAR.T, 0.0, 1.0)
    shown = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return ["#" + "".join(f"{round(255 * channel):02x}" for channel in one) for one in shown.tolist()]
