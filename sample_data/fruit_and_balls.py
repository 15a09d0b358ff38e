"""Draws fruit on a table and balls on the grass or the floor: mostly spheres with a skin.

Landscapes are in scenes.py, plants and animals in nature.py, other objects in things.py.
"""

from __future__ import annotations

import numpy as np
from backdrops import lawn, table
from brush import Array, Canvas, Light, Skin, cover, hsv, mix, oval, smooth, stroke, turn

GOLDEN = np.pi * (3 - np.sqrt(5))


def spread(count: int) -> Array:
    """Return `count` points spread evenly over a unit sphere (count, 3)."""
    i = np.arange(count) + 0.5
    z = 1 - 2 * i / count
    return np.stack([np.sqrt(1 - z * z) * np.cos(GOLDEN * i), np.sqrt(1 - z * z) * np.sin(GOLDEN * i), z], 1)


def apart(c: Canvas, count: int, r: float) -> list[tuple[float, float]]:
    """Return places on a table for things of radius r that hide each other little, the farthest first."""
    places: list[tuple[float, float]] = []
    for _ in range(60):
        spot = (c.any(-1, 1) * (0.95 - r), c.any(-0.25, 0.5))
        if len(places) < count and all(np.hypot(spot[0] - a, 1.6 * (spot[1] - b)) > 1.5 * r for a, b in places):
            places.append(spot)
    return sorted(places, key=lambda place: place[1])


def orange_skin(c: Canvas, hue: float) -> Skin:
    """Return a skin of fine pores and slowly varying hue."""
    pores = spread(1100) + 0.05 * c.rng.standard_normal((1100, 3))
    pores /= np.linalg.norm(pores, axis=1, keepdims=True)

    def skin(p: Array, _: Array) -> tuple[Array, Array]:
        near = np.argmax(p @ pores.T.astype(np.float32), axis=1)
        away = p - pores[near]
        colour = mix(hsv(hue, 0.97, 0.95), hsv(hue + 0.02, 0.95, 1.0), (0.5 + 0.5 * np.sin(4 * p[:, 0]))[:, None])
        navel = smooth(0.985, 1.0, p[:, 2])[:, None]
        return mix(colour, (0.35, 0.4, 0.12), navel * 0.9), (-away * 1.6).astype(np.float32)

    return skin


def slice_of(c: Canvas, at: tuple[float, float, float], hue: float, parts: int) -> None:
    """Paint a citrus fruit cut in half, seen on its cut."""
    cx, cy, r = at
    x, y = turn((c.x - cx) / r, (c.y - cy) / r, c.any(0, 6))
    rr, angle = np.hypot(x, y), np.arctan2(y, x)
    c.puff((rr - 1) * r, 0.05 * r, hsv(hue, 0.9, 0.95))
    c.paint((0.98, 0.94, 0.80), cover((rr - 0.92) * r))
    wedge = np.abs((angle / (2 * np.pi) * parts) % 1 - 0.5) * 2 * np.pi / parts * rr
    flesh = np.maximum(wedge - (np.pi / parts * rr - 0.03), np.maximum(rr - 0.84, 0.1 - rr))
    rays = 0.75 + 0.35 * c.noise(40, 2)[..., None]
    c.puff(flesh * r, 0.04 * r, hsv(hue, 0.85, 0.98) * rays, Light(gloss=0.35, ambient=0.6))


def fruit(c: Canvas, hue: float, kind: str) -> None:
    """Paint one to five round fruits on a table, the far ones first."""
    table(c, c.any(-0.8, -0.3))
    light = Light((c.pick(-0.6, 0.6), -0.6, 0.6), 0.3, 0.35, 25)
    n = c.count(1, 5)
    r = 0.62 - 0.07 * n
    places = apart(c, n, r)
    for k, (cx, cy) in enumerate(places):
        c.shadow(cx, cy + 0.85 * r, (1.1 * r, 0.35 * r), 0.6)
        if k == len(places) - 1 and k and c.rng.random_sample() < 0.7:
            slice_of(c, (cx, cy + 0.1, r * 0.9), hue, c.count(8, 11))
        elif kind == "lemon":
            x, y = turn((c.x - cx) / r, (c.y - cy) / r, c.any(-0.7, 0.7))
            d = np.minimum(oval(x, y, (1.0, 0.76)), oval(np.abs(x) - 0.95, y, (0.26, 0.2)) + 0.02)
            d = d - 0.08 * np.exp(-((np.abs(x) - 0.95) ** 2 + y**2) / 0.03)
            pores = 0.01 * c.noise(120, 1)
            c.puff(d * r, 0.72 * r, hsv(hue + c.any(-0.01, 0.01), 0.9, 0.97), light, pores)
        else:
            c.ball((cx, cy, r), orange_skin(c, hue + c.any(-0.01, 0.01)), light)


def oranges(c: Canvas) -> None:
    fruit(c, 0.075, "orange")


def lemons(c: Canvas) -> None:
    fruit(c, 0.145, "lemon")


def green_apples(c: Canvas) -> None:
    table(c, c.any(-0.8, -0.3))
    light = Light((c.pick(-0.6, 0.6), -0.6, 0.6), 0.35, 0.6, 40)
    n = c.count(1, 4)
    r = 0.62 - 0.07 * n
    for cx, cy in apart(c, n, r):
        c.shadow(cx, cy + 0.85 * r, (1.1 * r, 0.35 * r), 0.6)
        x, y = turn((c.x - cx) / r, (c.y - cy) / r, c.any(-0.4, 0.4))
        angle = np.arctan2(x, -y)
        rim = 1 - 0.16 * np.exp(-(angle**2) / 0.12) - 0.05 * np.exp(-((np.abs(angle) - np.pi) ** 2) / 0.1)
        d = np.hypot(x * 0.97, y) - rim * (1 - 0.08 * (y > 0) * y)
        freckles = smooth(0.72, 0.85, c.noise(70, 1))[..., None]
        green = mix(hsv(0.24, 0.8, 0.75), hsv(0.19, 0.7, 0.85), c.noise(3, 3)) + 0.12 * freckles
        c.puff(d * r, 0.95 * r, green, light)
        dimple = np.hypot(x, (y + 0.74) * 2.2)
        c.paint((0.22, 0.3, 0.06), smooth(0.42, 0.0, dimple) * 0.85 * cover(d))
        c.puff((stroke(x, y, (0, -0.72), (0.1, -1.1)) - 0.035) * r, 0.03 * r, (0.36, 0.24, 0.12))


ICOSAHEDRON = np.array([(0, a, b) for a in (-1, 1) for b in (-1.618034, 1.618034)], np.float32)
ICOSAHEDRON = np.concatenate([np.roll(ICOSAHEDRON, k, 1) for k in range(3)]) / np.hypot(1, 1.618034)


def soccer_skin(p: Array, _: Array) -> tuple[Array, Array | None]:
    """Return a truncated icosahedron's black and white faces."""
    hexes = [
        a + b + d
        for i, a in enumerate(ICOSAHEDRON)
        for j, b in enumerate(ICOSAHEDRON[:i])
        for d in ICOSAHEDRON[:j]
        if a @ b > 0.4 and b @ d > 0.4 and a @ d > 0.4
    ]
    hexes_n = np.array(hexes) / np.linalg.norm(hexes, axis=1, keepdims=True)
    score = p @ np.concatenate([ICOSAHEDRON / 2.327, hexes_n / 2.267]).T.astype(np.float32)
    order = np.sort(score, axis=1)
    seam = smooth(0.012, 0.004, order[:, -1] - order[:, -2])
    black = (np.argmax(score, axis=1) < 12)[:, None]
    colour = np.where(black, 0.07, 0.95) * np.ones(3)
    return mix(colour, (0.25, 0.25, 0.25), seam[:, None] * 0.8), None


def curve(p: Array, a: float = 0.78) -> Array:
    """Return the angle-like distance of points on a sphere to the seam of a tennis ball or baseball."""
    t = np.linspace(0, 2 * np.pi, 420, endpoint=False)
    line = np.stack([a * np.cos(t) + (1 - a) * np.cos(3 * t), a * np.sin(t) - (1 - a) * np.sin(3 * t)], 1)
    line = np.concatenate([line, (2 * np.sqrt(a * (1 - a)) * np.sin(2 * t))[:, None]], 1)
    return np.sqrt(np.clip(2 - 2 * (p @ line.T.astype(np.float32)).max(1), 0, None))


def tennis_skin(c: Canvas) -> Skin:
    """Return felt with a white seam."""

    def skin(p: Array, _: Array) -> tuple[Array, Array]:
        fuzz = c.rng.standard_normal(p.shape).astype(np.float32) * 0.22
        return mix((0.80, 0.92, 0.20), (0.97, 0.97, 0.92), smooth(0.075, 0.05, curve(p))[:, None]), fuzz

    return skin


def basketball_skin(c: Canvas) -> Skin:
    """Return pebbled rubber with black seams."""

    def skin(p: Array, _: Array) -> tuple[Array, Array]:
        seam = np.minimum(np.minimum(np.abs(p[:, 0]), np.abs(p[:, 1])), curve(p, 0.72))
        pebbles = c.rng.standard_normal(p.shape).astype(np.float32) * 0.1
        return mix((0.86, 0.40, 0.13), (0.06, 0.05, 0.05), smooth(0.035, 0.02, seam)[:, None]), pebbles

    return skin


def golf_skin(p: Array, _: Array) -> tuple[Array, Array]:
    dots = spread(280).astype(np.float32)
    score = p @ dots.T
    near = dots[np.argmax(score, axis=1)]
    away = p - near
    depth = smooth(0.105, 0.07, np.linalg.norm(away, axis=1))[:, None]
    return np.full(p.shape, 0.96, np.float32), (-away * 4.5 * depth).astype(np.float32)


def on_the_ground(c: Canvas, skin: Skin, light: Light, *, sizes: tuple[float, float], hard: bool) -> None:
    """Put a ball, sometimes two, on grass or a floor."""
    if hard:
        table(c, c.any(-0.2, 0.2))
    else:
        lawn(c, 0.2)
    cx = c.any(-0.4, 0.4)
    for k in range(c.pick(1, 1, 2)):
        r = c.any(*sizes) * (1 if k == 0 else 0.6)
        cx, cy = cx + k * c.pick(-1.35, 1.35) * r, c.any(-0.05, 0.3) + 0.25 * k
        c.shadow(cx, cy + 0.9 * r, (1.0 * r, 0.28 * r), 0.65)
        c.ball((cx, cy, r), skin, light)
        if not hard:
            blades = smooth(0.35, 0.65, c.noise(90, 2, stretch=0.3)) * smooth(cy + 0.7 * r, cy + 1.05 * r, c.y)
            c.paint((0.2, 0.42, 0.1), blades * cover(np.hypot(c.x - cx, c.y - cy - 0.3 * r) - r))


def soccer_balls(c: Canvas) -> None:
    on_the_ground(
        c,
        soccer_skin,
        Light((c.any(-0.7, 0.7), -0.6, 0.6), 0.4, 0.25),
        sizes=(0.42, 0.62),
        hard=c.pick(False, False, True),
    )


def tennis_balls(c: Canvas) -> None:
    on_the_ground(
        c, tennis_skin(c), Light((c.any(-0.7, 0.7), -0.6, 0.6), 0.45, 0.0), sizes=(0.35, 0.6), hard=c.pick(True, False)
    )


def basketballs(c: Canvas) -> None:
    on_the_ground(
        c,
        basketball_skin(c),
        Light((c.any(-0.7, 0.7), -0.6, 0.6), 0.35, 0.2),
        sizes=(0.45, 0.65),
        hard=c.pick(True, True, False),
    )


def golf_balls(c: Canvas) -> None:
    on_the_ground(
        c,
        golf_skin,
        Light((c.any(-0.7, 0.7), -0.6, 0.6), 0.4, 0.25),
        sizes=(0.35, 0.6),
        hard=c.pick(True, False, False),
    )


SUBJECTS = {
    "basketball": basketballs,
    "golf-ball": golf_balls,
    "green-apple": green_apples,
    "lemon": lemons,
    "orange": oranges,
    "soccer-ball": soccer_balls,
    "tennis-ball": tennis_balls,
}
