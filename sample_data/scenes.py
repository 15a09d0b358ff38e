"""Draws landscapes: sky, sea, mountains, and what stands, floats or flies in them.

Single objects seen close are in fruit_and_balls.py, nature.py and things.py, whole surfaces in patterns.py.
"""

from __future__ import annotations

import numpy as np
from brush import FINE, PIXEL, Array, Canvas, Light, box, cover, hsv, look_up, mix, polygon, smooth, stroke, turn

SKIES = {
    "noon": ((0.16, 0.40, 0.78), (0.72, 0.86, 0.96)),
    "pale": ((0.45, 0.64, 0.84), (0.93, 0.94, 0.92)),
    "dusk": ((0.20, 0.22, 0.46), (0.98, 0.62, 0.36)),
    "dawn": ((0.46, 0.52, 0.76), (0.99, 0.82, 0.68)),
    "grey": ((0.55, 0.60, 0.66), (0.82, 0.84, 0.86)),
}


def sky(c: Canvas, horizon: float, moods: tuple[str, ...] = ("noon", "pale", "dawn", "noon")) -> str:
    """Paint a sky down to the horizon, with clouds, and say which mood it got."""
    mood = str(c.pick(*moods))
    top, low = SKIES[mood]
    c.ramp(top, low, -1.2, horizon + 0.1)
    clouds = smooth(c.any(0.48, 0.62), 0.85, c.noise(c.any(3, 6), 5, stretch=2.0))
    white = mix((1, 1, 1), low, 0.35 if mood in ("dusk", "dawn") else 0.1)
    c.paint(white, clouds * c.any(0.2, 0.85) * smooth(horizon + 0.3, -0.6, c.y))
    return mood


def sea(c: Canvas, horizon: float, mood: str, hue: float = 0.55) -> None:
    """Paint water from the horizon down: waves that shrink with distance and a little of the sky's colour."""
    z = 1.0 / np.maximum(c.y - horizon + 0.04, 0.04)
    swell = look_up(c.noise(16, 4, side=256), c.x * z * 0.05, z * 0.22)
    ripples = look_up(c.noise(40, 3, side=256), c.x * z * 0.09, z * 0.4)
    low = SKIES[mood][1]
    deep = mix(hsv(hue, 0.75, 0.36), low, 0.12)
    water = mix(mix(deep, low, 0.6), deep, smooth(0.0, 0.7, c.y - horizon))
    crest = smooth(0.5, 0.85, 0.6 * swell + 0.4 * ripples)
    water = mix(water, mix(low, (1, 1, 1), 0.4), crest * 0.6) * (0.8 + 0.4 * ripples[..., None])
    c.paint(water, cover(horizon - c.y, 2 * PIXEL))


def ridge(c: Canvas, base: float, height: float, rough: float = 1.0) -> Array:
    """Return a mountain line: for every column the y of its top, by halving intervals at random."""
    line = np.array([c.any(-1, 1) * 0.3, c.any(-1, 1) * 0.3])
    scale = rough
    for _ in range(8):
        middle = (line[1:] + line[:-1]) / 2 + scale * (c.rng.random_sample(len(line) - 1) - 0.5)
        line = np.insert(line, np.arange(1, len(line)), middle)
        scale *= 0.52
    line = (line - line.min()) / (np.ptp(line) + 1e-6)
    return (base - height * np.interp(np.linspace(0, 1, FINE), np.linspace(0, 1, len(line)), line)).astype(np.float32)


def slope_light(c: Canvas, cells: float, side: float = 1.0) -> Array:
    """Return how lit a rough mountainside is (0 ... 1): folded noise seen under light from one side."""
    folds = 1 - 2 * np.abs(c.noise(cells, 5, stretch=0.8) - 0.5)
    gy, gx = np.gradient(folds, PIXEL)
    return np.clip(0.5 + side * 0.09 * gx - 0.03 * gy, 0, 1)


def snowy_mountains(c: Canvas) -> None:
    base = c.any(0.35, 0.75)
    mood = sky(c, base, ("noon", "noon", "pale", "dawn"))
    side = c.pick(-1.0, 1.0)
    for far in (2, 1, 0):
        line = ridge(c, base - 0.1 * far, c.any(0.7, 1.0) - 0.12 * far, 1.2)[None, :]
        lit = slope_light(c, 5 + 2 * far, side)
        depth = (c.y - line) / (0.9 - 0.1 * far)
        snow = smooth(0.75, 0.25, depth + 0.7 * (c.noise(9, 5) - 0.5))
        rock = mix((0.16, 0.15, 0.17), (0.48, 0.42, 0.38), lit)
        white = mix((0.45, 0.55, 0.74), (1.0, 0.99, 0.97), smooth(0.25, 0.6, lit))
        c.paint(mix(mix(rock, white, snow), SKIES[mood][1], 0.2 * far), cover(line - c.y, 2 * PIXEL))
    line = ridge(c, 1.0, c.any(0.15, 0.4), 0.5)[None, :] + 0.05 * (c.noise(60, 2) - 0.5)
    c.paint(mix((0.05, 0.13, 0.08), (0.2, 0.34, 0.14), c.noise(50, 3)), cover(line - c.y, 3 * PIXEL))


def volcano(c: Canvas) -> None:
    night = c.rng.random_sample() < 0.45
    if night:
        c.ramp((0.03, 0.03, 0.08), (0.28, 0.10, 0.08))
    else:
        sky(c, 0.5, ("noon", "dusk", "grey"))
    cx, top, mouth = c.any(-0.25, 0.25), c.any(-0.25, 0.1), c.any(0.10, 0.2)
    lean = c.any(-0.5, 0.5)
    up = np.clip(top - c.y + 0.05, 0, None)
    plume = np.abs(c.x - cx - lean * up) - mouth * 0.8 - 0.45 * up
    billow = c.noise(7, 5)
    smoke = smooth(0.12, -0.12, plume + 0.5 * (billow - 0.5)) * cover(c.y - top - 0.06, 0.1)
    shade = mix((0.25, 0.22, 0.22), (0.85, 0.82, 0.80), smooth(0.2, 0.8, 0.6 * billow + 0.4 * c.noise(12, 3)))
    c.paint(shade * (0.55 if night else 1.0), smoke * 0.95)
    below = np.clip(c.y - top, 0, None)
    cone = np.abs(c.x - cx) - mouth - 0.35 * below - 0.75 * below**2
    cone = np.where(c.y < top + 0.03 * np.sin(25 * c.x), 1.0, cone + 0.03 * (c.noise(12, 4) - 0.5))
    rock = mix((0.10, 0.08, 0.09), (0.42, 0.33, 0.30), slope_light(c, 7))
    c.paint(rock * (0.6 if night else 1.0), cover(cone, 2 * PIXEL))
    lava = np.zeros_like(c.x)
    for _ in range(c.count(2, 5)):
        path = cx + c.any(-0.8, 0.8) * mouth + c.any(-0.9, 0.9) * below * 0.8 + 0.12 * (c.noise(4, 3) - 0.5)
        lava = np.maximum(lava, smooth(0.05, 0.0, np.abs(c.x - path)) * smooth(c.any(0.5, 1.1), 0.0, below))
    lava *= cover(cone) * (1.0 if night else 0.7)
    c.add((1.2, 0.38, 0.06), lava)
    glow = np.exp(-(np.hypot(c.x - cx, (c.y - top) * 1.3) ** 2) / 0.06)
    c.add((0.9, 0.33, 0.08), glow * (0.9 if night else 0.35))
    sparks = (c.rng.random_sample((FINE, FINE)) > 0.9985).astype(np.float32) * glow
    c.add((1.5, 0.8, 0.3), np.clip(sparks * 3, 0, 1))
    line = ridge(c, 1.0, c.any(0.1, 0.3), 0.4)[None, :]
    c.paint(mix((0.03, 0.06, 0.03), (0.16, 0.2, 0.08), c.noise(40, 3)), cover(line - c.y, 3 * PIXEL))


def beach(c: Canvas) -> None:
    horizon = c.any(-0.3, 0.05)
    mood = sky(c, horizon, ("noon", "dusk", "dawn", "dusk", "pale"))
    if mood in ("dusk", "dawn"):
        sun = (c.any(-0.6, 0.6), horizon - c.any(0.05, 0.25))
        r = np.hypot(c.x - sun[0], c.y - sun[1])
        c.add((1.0, 0.75, 0.4), np.exp(-(r**2) / 0.05) * 0.7 + cover(r - 0.09, 0.02) * 0.6)
    sea(c, horizon, mood, c.any(0.47, 0.57))
    tilt = c.any(-0.45, 0.45)
    shore = c.y - (0.42 + tilt * c.x + 0.09 * np.sin(3 * c.x + c.any(0, 6)) + 0.12 * (c.noise(4, 4) - 0.5))
    sand = mix((0.62, 0.50, 0.36), (0.93, 0.84, 0.66), 0.5 * c.noise(90, 2) + 0.5 * c.noise(5, 4))
    sand = sand * (0.65 if mood == "dusk" else 1.0)
    foam = smooth(0.07, 0.0, np.abs(shore)) * smooth(0.3, 0.6, c.noise(25, 4))
    c.paint(sand, smooth(-0.01, 0.02, shore))
    c.paint(sand * 0.55 + 0.1, smooth(0.22, 0.0, shore) * smooth(0.0, 0.03, shore) * 0.8)
    c.paint((0.97, 0.97, 0.95), np.clip(foam * 1.4, 0, 1))
    for k in (0.16, 0.3):
        wave = smooth(0.02, 0.0, np.abs(shore + k + 0.06 * (c.noise(8, 3) - 0.5))) * smooth(0.35, 0.6, c.noise(9, 4))
        c.paint((0.95, 0.97, 0.96), wave * 0.8)


def lighthouse(c: Canvas) -> None:
    horizon = c.any(0.25, 0.5)
    mood = sky(c, horizon, ("noon", "pale", "dusk", "noon", "dawn"))
    sea(c, horizon, mood)
    cx, tall, wide = c.any(-0.4, 0.4), c.any(0.8, 1.1), c.any(0.11, 0.17)
    foot = c.any(0.5, 0.62)
    rock = c.y - (foot - 0.08 + 0.5 * np.abs(c.x - cx) ** 1.5 + 0.22 * (c.noise(7, 5) - 0.5))
    grass = c.pick(((0.18, 0.2, 0.1), (0.46, 0.56, 0.24)), ((0.2, 0.18, 0.17), (0.6, 0.54, 0.47)))
    c.paint(mix(*grass, slope_light(c, 10)), cover(-rock, 2 * PIXEL))
    v = np.clip((c.y - (foot - tall)) / tall, 0, 1)
    half = wide * (0.62 + 0.38 * v)
    across = (c.x - cx) / half
    tower = np.maximum(np.abs(c.x - cx) - half, np.abs(c.y - (foot - tall / 2)) - tall / 2)
    band = c.pick((0.75, 0.1, 0.1), (0.1, 0.15, 0.3), (0.93, 0.93, 0.9), (0.72, 0.12, 0.1))
    stripes = smooth(-0.05, 0.05, np.sin(v * c.any(9, 20) + c.any(0, 6)))
    light = Light((c.pick(-0.8, 0.8), -0.2, 0.6), 0.35, 0.1, 20)
    nx = np.clip(across, -1, 1)
    c.paint(light.on(mix((0.95, 0.94, 0.9), band, stripes), nx, 0 * nx, np.sqrt(1 - nx**2)), cover(tower))
    top, w = foot - tall, wide * 0.62
    c.paint((0.15, 0.15, 0.17), cover(box(c.x - cx, c.y - top, (w * 1.35, 0.022))))
    c.paint((0.95, 0.9, 0.62), cover(box(c.x - cx, c.y - top + 0.1, (w * 0.7, 0.1))))
    for k in (-0.7, -0.25, 0.25, 0.7):
        c.paint((0.12, 0.12, 0.14), cover(box(c.x - cx - k * w, c.y - top + 0.1, (0.008, 0.1))))
    roof = [(cx - w, top - 0.2), (cx, top - 0.36), (cx + w, top - 0.2)]
    c.puff(polygon(c.x, c.y, roof), 0.1, np.asarray(band) * 0.8)
    if mood == "dusk":
        c.add((1, 0.9, 0.6), np.exp(-(np.hypot(c.x - cx, c.y - top + 0.1) ** 2) / 0.03) * 0.7)
    for k in range(c.count(1, 3)):
        c.paint((0.12, 0.1, 0.1), cover(box(c.x - cx, c.y - foot + tall * (0.2 + 0.25 * k), (0.02, 0.035))))


def sailing_boats(c: Canvas) -> None:
    horizon = c.any(0.0, 0.35)
    mood = sky(c, horizon, ("noon", "pale", "noon", "dusk"))
    if c.rng.random_sample() < 0.5:
        line = ridge(c, horizon, c.any(0.06, 0.2), 0.5)[None, :]
        c.paint(mix((0.2, 0.3, 0.3), SKIES[mood][1], 0.45), cover(line - c.y, 2 * PIXEL))
    sea(c, horizon, mood, c.any(0.5, 0.6))
    boats = [*sorted(c.any(0.15, 0.3) for _ in range(c.count(0, 3))), c.any(0.6, 0.85)]
    for size in boats:
        cx, cy = c.any(-0.7, 0.7) * (1 - 0.6 * size), horizon + 0.07 + 0.5 * size**1.5
        flip, lean = c.pick(-1, 1), c.any(-0.15, 0.15)
        x, y = turn((c.x - cx) / size * flip, (c.y - cy) / size, lean)
        c.shadow(cx, cy + 0.08 * size, (0.6 * size, 0.1 * size), 0.5)
        white = c.pick((0.97, 0.96, 0.92), (0.97, 0.96, 0.92), (0.85, 0.3, 0.2), (0.93, 0.84, 0.62))
        for k, sail in enumerate(
            ([(0.03, -1.35), (0.05, -0.12), (0.62, -0.1)], [(-0.02, -1.2), (-0.04, -0.12), (-0.48, -0.05)])
        ):
            belly = polygon(x - 0.06 * np.sin(np.clip(-y, 0, 1.4) * 2.3), y, sail)
            c.puff(belly * size, 0.3 * size, np.asarray(white) * (1 - 0.1 * k), Light((0.6, -0.5, 0.6), 0.6, 0.05))
        c.paint((0.3, 0.25, 0.2), cover((stroke(x, y, (0, 0), (0, -1.42)) - 0.012) * size))
        hull = polygon(x, y, [(-0.62, -0.06), (0.55, -0.04), (0.42, 0.12), (-0.42, 0.13)])
        c.puff(
            hull * size, 0.1 * size, c.pick((0.95, 0.95, 0.95), (0.12, 0.2, 0.4), (0.5, 0.2, 0.12)), Light(ambient=0.5)
        )


def hot_air_balloons(c: Canvas) -> None:
    mood = sky(c, 0.9, ("noon", "pale", "dawn", "dusk"))
    if c.rng.random_sample() < 0.7:
        line = ridge(c, 1.05, c.any(0.2, 0.45), 0.7)[None, :]
        c.paint(mix(mix((0.1, 0.2, 0.1), (0.4, 0.5, 0.25), c.noise(14, 5)), SKIES[mood][1], 0.3), cover(line - c.y))
    for size in [*sorted(c.any(0.12, 0.24) for _ in range(c.count(0, 4))), c.any(0.38, 0.6)]:
        cx, cy = c.any(-0.8, 0.8) * (1 - size), c.any(-0.75, 0.45) * (1 - 0.9 * size) - 0.15
        x, y = (c.x - cx) / size, (c.y - cy) / size
        wide = np.where(y < 0, np.sqrt(np.clip(1 - y * y, 0, 1)), np.cos(np.clip(y, 0, 1.35) * 0.98) ** 0.85)
        d = np.where((y > -1) & (y < 1.3), np.abs(x) - wide, 1.0)
        across = np.clip(x / np.maximum(wide, 0.01), -1, 1)
        gore = np.arcsin(across) / np.pi * 2
        hues = [c.any(0, 1) for _ in range(3)]
        n = c.pick(4, 6, 8)
        wave = np.floor((gore + 1) * n / 2 + (0.0 if c.rng.random_sample() < 0.6 else 1.0) * np.floor(y * 4))
        paints = [hsv(hues[0], 0.85, 0.9), hsv(hues[1], 0.8, 0.95), np.array([0.97, 0.95, 0.88], np.float32)]
        colour = np.stack(paints)[(wave.astype(int)) % c.pick(2, 3)]
        seam = 0.75 + 0.25 * smooth(0.0, 0.12, np.abs((gore * n / 2) % 1 - 0.5) * -1 + 0.5)
        light = Light((-0.6, -0.4, 0.6), 0.4, 0.12, 12)
        c.paint(
            light.on(colour * seam[..., None], across, np.clip(y, -1, 1) * 0.6, np.sqrt(1 - across**2)), cover(d * size)
        )
        for k in (-1, 1):
            c.paint((0.2, 0.16, 0.12), cover((stroke(x, y, (0.24 * k, 1.28), (0.13 * k, 1.62)) - 0.012) * size))
        c.puff(box(x, y - 1.72, (0.16, 0.12), 0.03) * size, 0.1 * size, (0.45, 0.28, 0.14))


def picket_fence(c: Canvas) -> None:
    sky(c, 0.2)
    c.paint(mix((0.08, 0.2, 0.06), (0.3, 0.48, 0.18), c.noise(20, 4)), cover(-0.35 - c.y + 0.3 * c.noise(6, 4)))
    c.blur(c.any(2, 4))
    tilt = c.any(-0.12, 0.12)
    grow = 1 + tilt * c.x * 2
    foot, head = 0.62, c.any(-0.55, -0.25)
    y = (c.y - foot) / grow + foot
    lawn = mix((0.12, 0.3, 0.06), (0.45, 0.62, 0.2), c.noise(70, 3, stretch=0.4))
    c.paint(lawn, cover(foot - 0.04 - c.y + 0.06 * c.noise(60, 2)))
    gap = c.any(0.17, 0.26)
    light = Light((c.pick(-0.6, 0.6), -0.4, 0.7), 0.45, 0.05)
    white = np.asarray(c.pick((0.96, 0.96, 0.94), (0.96, 0.96, 0.94), (0.9, 0.92, 0.95), (0.8, 0.66, 0.5)))
    grain = 0.92 + 0.08 * c.noise(10, 4, stretch=0.15)[..., None]
    for rail in (0.25, 0.8):
        at = head + (foot - head) * rail
        c.puff(np.abs(y - at) - 0.045, 0.02, white * 0.82 * grain, light)
    u = (np.abs(c.x + c.any(0, 1) + 9) % gap) - gap / 2
    tip = head + np.abs(u) * 1.3
    picket = np.maximum(np.abs(u) - gap * 0.33, np.maximum(tip - y, y - foot - 0.08))
    c.puff(picket, 0.02, white * grain, light)
    c.paint(lawn * 0.9, cover(foot + 0.05 - c.y + 0.12 * c.noise(80, 2, stretch=0.3)))


SUBJECTS = {
    "beach": beach,
    "hot-air-balloon": hot_air_balloons,
    "lighthouse": lighthouse,
    "picket-fence": picket_fence,
    "sailing-boat": sailing_boats,
    "snowy-mountains": snowy_mountains,
    "volcano": volcano,
}
