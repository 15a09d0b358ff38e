"""Draws plants and animals seen close: mushrooms, daisies, insects, fish and jellyfish.

Landscapes are in scenes.py, fruit in fruit_and_balls.py.
"""

from __future__ import annotations

import numpy as np
from backdrops import garden, water
from brush import Canvas, Light, cover, hsv, mix, oval, polygon, smooth, stroke, turn


def mushrooms(c: Canvas) -> None:
    garden(c)
    moss = mix((0.10, 0.12, 0.04), (0.40, 0.42, 0.14), c.noise(45, 4))
    c.paint(moss, smooth(0.42, 0.5, c.y + 0.12 * (c.noise(20, 3) - 0.5)))
    red = c.rng.random_sample() < 0.6
    for k in range(c.count(1, 3)):
        size = c.any(0.42, 0.6) * (1 if k == 0 else 0.6)
        cx, cy = c.any(-0.25, 0.25) if k == 0 else (1.5 - k) * c.any(1.1, 1.4), c.any(-0.2, 0.0) + 0.2 * (k > 0)
        x, y = turn((c.x - cx) / size, (c.y - cy) / size, c.any(-0.2, 0.2))
        stem = np.where((y > 0) & (y < 1.45), np.abs(x) - 0.17 - 0.07 * smooth(0.6, 1.4, y), 1.0)
        c.puff(stem * size, 0.18 * size, np.array((0.93, 0.90, 0.82)) * (0.85 + 0.2 * c.noise(20, 3, 0.2)[..., None]))
        gills = oval(x, y - 0.08, (0.86, 0.17))
        c.puff(
            gills * size,
            0.1 * size,
            np.asarray((0.86, 0.78, 0.64)) * (0.75 + 0.25 * np.sin(60 * np.arctan2(x, y + 0.6)))[..., None],
        )
        cap = np.maximum(oval(x, y - 0.05, (1.0, 0.82)), y - 0.06 - 0.1 * (1 - x * x))
        colour = hsv(c.any(0.0, 0.03), 0.92, 0.8) if red else hsv(c.any(0.06, 0.1), c.any(0.4, 0.65), c.any(0.5, 0.75))
        c.puff(cap * size, 0.75 * size, mix(colour, np.asarray(colour) * 0.7, c.noise(8, 4)), Light(gloss=0.45))
        for _ in range(c.count(14, 24) if red else 0):
            px, py = c.any(-0.85, 0.85), c.any(-0.7, 0.0)
            if np.hypot(px, py / 0.8) < 0.9:
                wart = np.maximum(oval(x - px, y - py, (0.07, 0.055)), cap) - 0.015 * c.noise(40, 2)
                c.puff(wart * size, 0.05 * size, (0.97, 0.94, 0.88))


def ladybirds(c: Canvas) -> None:
    garden(c)
    lx, ly = turn(c.x, c.y, c.any(-0.8, 0.8))
    leaf = oval(lx, ly - 0.15, (1.5, c.any(0.65, 0.9)))
    veins = smooth(0.10, 0.0, np.abs((lx * 2.2 - np.abs(ly - 0.15) * 2.2) % 1 - 0.5)) + smooth(
        0.03, 0.0, np.abs(ly - 0.15)
    )
    c.puff(leaf, 0.3, mix(hsv(c.any(0.24, 0.33), 0.75, 0.5), (0.6, 0.75, 0.35), 0.5 * veins), Light(gloss=0.15))
    size, cx, cy = c.any(0.4, 0.58), c.any(-0.25, 0.25), c.any(-0.15, 0.25)
    x, y = turn((c.x - cx) / size, (c.y - cy) / size, c.any(0, 6.3))
    c.shadow(cx + 0.08, cy + 0.1, (1.15 * size, 1.1 * size), 0.5)
    legs = np.minimum.reduce(
        [stroke(x, y, (0.6 * s, v), (1.12 * s, v * 1.25 + 0.1)) - 0.035 for s in (-1, 1) for v in (-0.5, 0.05, 0.5)]
        + [stroke(x, y, (0.12 * s, -1.0), (0.32 * s, -1.32)) - 0.022 for s in (-1, 1)]
    )
    c.puff(legs * size, 0.03 * size, (0.06, 0.05, 0.05))
    c.puff(oval(x, y + 0.95, (0.36, 0.26)) * size, 0.2 * size, (0.05, 0.05, 0.05))
    c.puff(oval(x, y + 0.74, (0.58, 0.3)) * size, 0.25 * size, (0.07, 0.06, 0.06))
    for s in (-1, 1):
        c.paint((0.95, 0.93, 0.85), cover(oval(x - 0.36 * s, y + 0.78, (0.13, 0.1)) * size))
    shell = oval(x, y - 0.08, (0.9, 0.98))
    spots = [(0.0, -0.62), (0.36, -0.35), (-0.36, -0.35), (0.5, 0.18), (-0.5, 0.18), (0.26, 0.58), (-0.26, 0.58)]
    black = np.minimum.reduce([np.hypot(x - a, (y - b) * 0.9) - c.any(0.11, 0.17) for a, b in spots])
    black = np.minimum(black, np.abs(x) - 0.014)
    red = mix(hsv(c.any(0.0, 0.045), 0.95, 0.85), (0.05, 0.04, 0.04), cover(black * size))
    c.puff(shell * size, 0.85 * size, red, Light((-0.5, -0.5, 0.7), 0.3, 0.8, 50))


def daisies(c: Canvas) -> None:
    garden(c)
    for size in [*sorted(c.any(0.2, 0.35) for _ in range(c.count(0, 3))), c.any(0.5, 0.78)]:
        cx, cy = c.any(-0.8, 0.8) * (1 - size), c.any(-0.8, 0.6) * (1 - size)
        stem = stroke(c.x, c.y, (cx, cy), (cx + c.any(-0.3, 0.3), 1.3)) - 0.035 * size - 0.005
        c.puff(stem, 0.03, (0.25, 0.45, 0.15))
        x, y = turn((c.x - cx) / size, (c.y - cy) / size / c.any(0.75, 1.0), c.any(0, 6))
        rr, angle = np.hypot(x, y), np.arctan2(y, x)
        n = c.count(13, 22)
        for layer in (0.5, 0.0):
            part = (angle / (2 * np.pi) * n + layer) % 1 - 0.5
            long = 1 - 0.12 * np.sin(7.3 * np.floor(angle / (2 * np.pi) * n + layer)) ** 2
            petal = np.abs(part) * 2 * np.pi / n * rr - 0.085 * np.sin(np.clip(rr / long, 0, 1) * np.pi * 0.93) ** 0.6
            petal = np.where(rr > long, rr - long + 0.01, petal)
            colour = np.array((0.97, 0.97, 0.95)) * (0.9 if layer else 1.0)
            c.puff(petal * size, 0.05 * size, colour, Light(ambient=0.55, gloss=0.05))
        bumps = 0.02 * size * c.noise(50, 1)
        c.puff(
            (rr - 0.28) * size,
            0.22 * size,
            mix((0.95, 0.75, 0.05), (0.8, 0.5, 0.03), c.noise(40, 2)),
            Light(gloss=0.1),
            bumps,
        )


def jellyfish(c: Canvas) -> None:
    hue = c.any(0.52, 0.66)
    water(c, hsv(hue, 0.9, 0.12), hsv(hue, 0.85, 0.55))
    body = hsv(c.pick(c.any(0.02, 0.1), c.any(0.75, 0.95), c.any(0.5, 0.6)), c.any(0.25, 0.6), 1.0)
    for size in [*sorted(c.any(0.12, 0.25) for _ in range(c.count(0, 3))), c.any(0.4, 0.58)]:
        cx, cy = c.any(-0.7, 0.7) * (1 - size), c.any(-0.7, 0.2) * (1 - size) - 0.1
        x, y = turn((c.x - cx) / size, (c.y - cy) / size, c.any(-0.5, 0.5))
        for _ in range(c.count(10, 18)):
            x0, sway, phase, long = c.any(-0.75, 0.75), c.any(0.03, 0.12), c.any(0, 6), c.any(1.2, 2.6)
            path = x - x0 * (1 - 0.15 * y) - sway * np.sin(3.5 * y + phase) * y
            line = smooth(0.035, 0.0, np.abs(path)) * smooth(long, long * 0.4, y) * smooth(0.0, 0.1, y)
            c.add(body, line * 0.4)
        for _ in range(4):
            x0, phase = c.any(-0.25, 0.25), c.any(0, 6)
            frill = np.abs(x - x0 - 0.1 * np.sin(5 * y + phase)) - 0.09 - 0.03 * np.sin(30 * y + phase)
            c.add(body, smooth(0.05, -0.05, frill) * smooth(1.4, 0.2, y) * smooth(0, 0.1, y) * 0.4)
        bell = np.maximum(oval(x, y, (0.95, 0.85)), y - 0.12 - 0.06 * np.cos(14 * x))
        rim = np.exp(-np.abs(bell) / 0.10) * (bell < 0)
        folds = 0.5 + 0.5 * np.cos(np.arctan2(x, 0.35 - y) * 14)
        glow = cover(bell * size) * (0.28 + 0.2 * folds + 0.35 * c.noise(4, 3))
        c.add(body, glow * 0.7 + rim * 0.6)


def goldfish(c: Canvas) -> None:
    hue = c.any(0.38, 0.58)
    water(c, hsv(hue, 0.8, 0.2), hsv(hue, 0.6, 0.7))
    for size in [*sorted(c.any(0.25, 0.35) for _ in range(c.count(0, 2))), c.any(0.5, 0.62)]:
        cx, cy, flip = c.any(-1, 1) * (0.95 - 1.2 * size), c.any(-0.8, 0.8) * (1.1 - size), c.pick(-1, 1)
        x, y = turn((c.x - cx) / size * flip, (c.y - cy) / size, c.any(-0.3, 0.3))
        wave = 0.1 * np.sin(3 * x + c.any(0, 6))
        gold = hsv(c.any(0.03, 0.09), 0.92, 1.0)
        fin = mix(gold, (1.0, 0.85, 0.6), 0.35 + 0.4 * np.sin(70 * np.arctan2(y, x + 0.2)) ** 2)
        tail = [(-0.6, 0), (-1.35, -0.62), (-1.12, -0.05), (-1.4, 0.58)]
        fins = [tail, [(-0.3, -0.3), (-0.15, -0.78), (0.35, -0.4)], [(-0.2, 0.3), (-0.35, 0.72), (0.1, 0.38)]]
        for f in [*fins, [(0.15, 0.3), (-0.05, 0.75), (0.4, 0.3)]]:
            c.puff((polygon(x, y + wave, f) - 0.05) * size, 0.1 * size, fin, Light(ambient=0.6, gloss=0.1))
        body = np.minimum(oval(x - 0.1, y, (0.72, 0.42)), oval(x + 0.45, y + wave * 0.5, (0.4, 0.17)))
        scales = 0.012 * size * np.abs(np.sin(22 * (x + 0.5 * y)) * np.sin(22 * (x - 0.5 * y)))
        pale = mix(gold, (1.0, 0.88, 0.7), smooth(0.0, 0.4, y))
        c.puff(body * size, 0.4 * size, pale, Light((-0.2, -0.7, 0.6), 0.4, 0.5), scales * (x < 0.4))
        c.paint(gold * 0.75, smooth(0.03, 0.0, np.abs(np.hypot(x - 0.75, y) - 0.36)) * cover(body) * (x < 0.7))
        c.paint((0.98, 0.9, 0.6), cover((np.hypot(x - 0.58, y + 0.1) - 0.085) * size))
        c.paint((0.03, 0.03, 0.04), cover((np.hypot(x - 0.59, y + 0.1) - 0.055) * size))
    for _ in range(c.count(0, 8)):
        r = np.hypot(c.x - c.any(-1, 1), c.y - c.any(-1, 1)) - c.any(0.015, 0.05)
        c.add((0.6, 0.7, 0.7), smooth(0.012, 0.0, np.abs(r)))


def butterflies(c: Canvas) -> None:
    garden(c)
    for _k in range(c.pick(0, 3, 5)):
        blossom = np.hypot(c.x - c.any(-0.8, 0.8), c.y - c.any(0.2, 0.9))
        c.puff(blossom - c.any(0.08, 0.18), 0.1, hsv(c.any(0.75, 0.95), 0.5, 0.85))
    size, cx, cy = c.any(0.68, 0.85), c.any(-0.1, 0.1), c.any(-0.1, 0.1)
    x, y = turn((c.x - cx) / size, (c.y - cy) / size, c.any(-0.7, 0.7))
    fold = c.any(0.75, 1.0)
    ax = np.abs(x) / fold
    upper = polygon(
        ax,
        y,
        [
            (0.03, -0.2),
            (0.35, -0.62),
            (0.8, -0.82),
            (1.04, -0.78),
            (1.02, -0.55),
            (0.84, -0.2),
            (0.62, 0.06),
            (0.05, 0.08),
        ],
    )
    lower = polygon(ax, y, [(0.04, 0.0), (0.62, 0.02), (0.8, 0.2), (0.76, 0.5), (0.5, 0.74), (0.28, 0.7), (0.06, 0.3)])
    hue = c.any(0.055, 0.085)
    for wing, centre in ((lower, (0.05, 0.05)), (upper, (0.05, -0.1))):
        wing = wing - 0.04
        rr, angle = np.hypot(ax - centre[0], y - centre[1]), np.arctan2(y - centre[1], ax - centre[0])
        vein = np.abs((angle * 2.9 + 0.2) % 1 - 0.5) * rr / 2.9
        black = np.minimum(-wing - 0.11, np.where(rr > 0.2, vein - 0.014, 1.0))
        dots = np.hypot((angle * 11) % 1 - 0.5, ((-wing - 0.06) / 0.05)) - 0.42
        colour = mix(hsv(hue, 0.95, 0.95), hsv(hue + 0.03, 0.85, 1.0), smooth(0.2, 0.9, rr))
        colour = mix(colour, (0.05, 0.04, 0.04), cover(black * size))
        colour = mix(colour, (0.97, 0.96, 0.92), cover(dots * 0.05))
        c.puff(wing * size, 0.04 * size, colour, Light(ambient=0.6, gloss=0.05))
    c.puff(oval(x, y - 0.05, (0.05, 0.42)) * size, 0.05 * size, (0.07, 0.06, 0.06))
    for s in (-1, 1):
        c.paint((0.05, 0.05, 0.05), cover((stroke(x, y, (0.02 * s, -0.4), (0.2 * s, -0.8)) - 0.01) * size))


SUBJECTS = {
    "butterfly": butterflies,
    "daisy": daisies,
    "goldfish": goldfish,
    "jellyfish": jellyfish,
    "ladybird": ladybirds,
    "mushroom": mushrooms,
}
