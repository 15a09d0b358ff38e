"""Draws what is behind and under an object: a table, a garden, a lawn, water, all a little out of focus.

The objects are in fruit_and_balls.py, nature.py and things.py, landscapes in scenes.py.
"""

from __future__ import annotations

import numpy as np
from brush import Array, Canvas, cover, hsv, mix, smooth


def table(c: Canvas, horizon: float | None = None) -> None:
    """Paint a wall and a table (wood, cloth or slate) out of focus."""
    edge = c.any(-0.5, -0.1) if horizon is None else horizon
    hue = c.any(0, 1)
    c.ramp(hsv(hue, 0.12, c.any(0.55, 0.8)), hsv(hue, 0.2, c.any(0.4, 0.6)), -1, edge)
    wood = c.pick((0.50, 0.32, 0.18), (0.72, 0.56, 0.38), (0.85, 0.83, 0.78), (0.25, 0.27, 0.30), (0.36, 0.22, 0.14))
    grain = c.noise(14, 5, stretch=c.pick(1.0, 6.0, 6.0))
    c.paint(np.asarray(wood) * (0.75 + 0.4 * grain[..., None]), smooth(edge - 0.04, edge + 0.04, c.y))
    c.blur(2)


def garden(c: Canvas) -> None:
    """Paint leaves and grass far out of focus, with spots of light."""
    hue = c.any(0.22, 0.36)
    c.paint(mix(hsv(hue, 0.75, 0.14), hsv(hue - 0.03, 0.6, 0.5), c.noise(4, 4)))
    for _ in range(c.count(4, 14)):
        r = np.hypot(c.x - c.any(-1, 1), c.y - c.any(-1, 1)) - c.any(0.05, 0.2)
        c.add(hsv(hue - 0.06, 0.4, 0.5), cover(r, 0.03) * c.any(0.05, 0.35))
    c.blur(c.any(4, 7))


def lawn(c: Canvas, foot: float) -> None:
    """Paint short grass with a horizon out of focus."""
    garden(c)
    blades = c.noise(110, 2, stretch=0.35)
    near = mix((0.10, 0.28, 0.06), (0.42, 0.62, 0.2), 0.6 * blades + 0.4 * c.noise(6, 4))
    c.paint(near, smooth(foot - 0.5, foot + 0.1, c.y))


def water(c: Canvas, deep: Array, light: Array) -> None:
    """Paint the inside of the sea: darker below, with faint rays."""
    c.ramp(light, deep)
    rays = smooth(0.4, 0.9, c.noise(8, 3, stretch=0.25)) * smooth(0.8, -1.0, c.y)
    c.add((0.2, 0.3, 0.35), rays * 0.35)
    c.blur(3)
