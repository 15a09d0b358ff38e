"""Draws surfaces that fill the frame (walls, webs, puzzles, keys) and a few oddments that belong to no subject.

Landscapes are in scenes.py, single objects in fruit_and_balls.py, nature.py and things.py.
"""

from __future__ import annotations

import numpy as np
from backdrops import garden, table
from brush import PIXEL, Array, Canvas, Light, box, cover, hsv, mix, polygon, smooth, stroke, turn


def leaning(c: Canvas, zoom: float, lean: float = 0.25) -> tuple[Array, Array, float]:
    """Return coordinates on a plane seen at a slant, and about how many of its units a canvas unit is."""
    x, y = turn(c.x, c.y, c.any(-0.5, 0.5))
    depth = 1 + c.any(-lean, lean) * x + c.any(-lean, lean) * y
    return zoom * x / depth + c.any(0, 9), zoom * y / depth + c.any(0, 9), zoom


def honeycombs(c: Canvas) -> None:
    u, v, zoom = leaning(c, c.any(3.5, 6.5))
    wide, high = 1.0, np.sqrt(3)
    best = None
    for shift in (0.0, 0.5):
        i, j = np.round(u / wide - shift), np.round(v / high - shift)
        du, dv = u - (i + shift) * wide, v - (j + shift) * high
        edge = np.maximum(np.abs(du), np.abs(du) * 0.5 + np.abs(dv) * high / 2) - 0.5
        number = (i * 37 + j * 91 + 2 * shift).astype(int)
        best = (
            (edge, du, dv, number)
            if best is None
            else tuple(
                np.where(edge < best[0], new, old) for new, old in zip((edge, du, dv, number), best, strict=True)
            )
        )
    edge, du, dv, number = best
    dice = np.random.RandomState(c.count(0, 10**6)).random_sample(4096)[number % 4096]
    hue = c.any(0.09, 0.13)
    capped = dice < c.any(0.0, 0.35)
    deep = smooth(-0.05, -0.35, edge)
    honey = mix(hsv(hue, 0.85, 0.85), hsv(hue - 0.03, 0.95, 0.28), deep * (0.5 + 0.5 * (dice > 0.5)))
    honey = honey + 0.5 * (smooth(0.2, 0.0, np.hypot(du + 0.15, dv + 0.15)) * (dice > 0.6))[..., None]
    c.paint(honey * (0.85 + 0.3 * dice[..., None]))
    wax = hsv(hue + 0.01, 0.45, 0.92) * (0.8 + 0.35 * c.noise(40, 3)[..., None])
    c.puff(np.where(capped, edge + 0.05, 1.0) / zoom, 0.05, wax, Light(gloss=0.15))
    c.puff((-edge - 0.07) / zoom, 0.02, hsv(hue + 0.01, 0.6, 0.9), Light(gloss=0.3), 0.003 * c.noise(60, 2))


def spider_webs(c: Canvas) -> None:
    garden(c)
    c.rgb = c.rgb * c.any(0.35, 0.8)
    cx, cy = c.any(-0.35, 0.35), c.any(-0.35, 0.35)
    n = c.count(14, 22)
    turns = np.sort((np.arange(n) + c.rng.random_sample(n) * 0.5) / n * 2 * np.pi)
    rr, angle = np.hypot(c.x - cx, c.y - cy), np.arctan2(c.y - cy, c.x - cx) % (2 * np.pi)
    k = np.searchsorted(turns, angle) % n
    before, after = turns[k - 1], turns[k]
    gap = (after - before) % (2 * np.pi)
    t = ((angle - before) % (2 * np.pi)) / np.maximum(gap, 1e-3)
    line = np.minimum(t, 1 - t) * gap * rr
    sag = rr * (1 + 0.35 * gap * t * (1 - t) * 4 * 0.6) * np.cos((t - 0.5) * gap) / np.cos(0.5 * gap)
    rings = c.any(11, 17)
    ring = np.abs((sag * rings + 0.15 * np.sin(5 * angle)) % 1 - 0.5) / rings
    silk = np.maximum(smooth(0.008, 0.001, line), smooth(0.008, 0.001, ring) * (rr > 0.1) * smooth(1.5, 1.2, rr))
    c.add((0.85, 0.9, 0.95), silk * (0.45 + 0.5 * c.noise(5, 3)))
    dew = smooth(0.009, 0.002, ring) * smooth(0.62, 0.8, c.noise(110, 1)) * (c.rng.random_sample() < 0.6)
    c.add((1, 1, 1), dew)
    if c.rng.random_sample() < 0.5:
        x, y = (c.x - cx) / 0.16, (c.y - cy) / 0.16
        legs = [
            np.minimum(stroke(x, y, (0, v * 0.3), (0.7 * s, v)), stroke(x, y, (0.7 * s, v), (1.1 * s, v * 1.9)))
            for s in (-1, 1)
            for v in (-0.75, -0.25, 0.25, 0.75)
        ]
        c.paint((0.12, 0.07, 0.04), cover((np.minimum.reduce(legs) - 0.05) * 0.16))
        c.puff((np.hypot(x, (y - 0.45) * 0.8) - 0.45) * 0.16, 0.06, (0.35, 0.22, 0.1))
        c.puff((np.hypot(x, y + 0.15) - 0.25) * 0.16, 0.04, (0.22, 0.13, 0.07))


def crosswords(c: Canvas) -> None:
    n = c.count(9, 15)
    black = c.rng.random_sample((n, n)) < 0.2
    black |= black[::-1, ::-1]
    paper = hsv(0.12, c.any(0.0, 0.12), c.any(0.9, 0.98))
    c.paint(paper * (0.94 + 0.06 * c.noise(60, 3)[..., None]))
    half = c.any(0.75, 1.15)
    cell = 2 * half / n
    ox, oy = c.any(-0.15, 0.15) - half, c.any(-0.15, 0.15) - half
    u, v = (c.x - ox) / cell, (c.y - oy) / cell
    inside = (u > 0) & (v > 0) & (u < n) & (v < n)
    i, j = np.clip(u, 0, n - 1).astype(int), np.clip(v, 0, n - 1).astype(int)
    c.paint((0.07, 0.07, 0.08), (black[j, i] & inside).astype(np.float32))
    line = np.minimum(np.abs(u - np.round(u)), np.abs(v - np.round(v))) * cell
    frame = (u > -0.05) & (v > -0.05) & (u < n + 0.05) & (v < n + 0.05)
    c.paint((0.1, 0.1, 0.1), cover(line - 0.006) * frame)
    number, filled = 0, c.any(0.0, 0.7)
    ink = c.pick((0.15, 0.2, 0.5), (0.2, 0.2, 0.2), (0.1, 0.1, 0.1))
    for row, col in np.argwhere(~black):
        at = (ox + (col + 0.5) * cell, oy + (row + 0.5) * cell)
        starts = (col == 0 or black[row, col - 1]) or (row == 0 or black[row - 1, col])
        if max(abs(at[0]), abs(at[1])) > 1.05:
            continue
        number += int(starts)
        if starts:
            c.write(str(number), (at[0] - cell * 0.3, at[1] - cell * 0.32), cell * 0.28, (0.1, 0.1, 0.1))
        if c.rng.random_sample() < filled:
            c.write(c.pick(*"EEEAAIOTRSNLDCUMP"), (at[0] + 0.02, at[1] + cell * 0.08), cell * 0.6, ink)


def mazes(c: Canvas) -> None:
    n = c.count(8, 14)
    open_right, open_down = np.zeros((n, n), bool), np.zeros((n, n), bool)
    seen, path = {(0, 0)}, [(0, 0)]
    while path:
        i, j = path[-1]
        ways = [(i + a, j + b) for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1))]
        ways = [w for w in ways if w not in seen and 0 <= w[0] < n and 0 <= w[1] < n]
        if not ways:
            path.pop()
            continue
        k, m = ways[c.rng.randint(len(ways))]
        (open_right if k == i else open_down)[min(i, k), min(j, m)] = True
        seen.add((k, m))
        path.append((k, m))
    x, y = turn(c.x, c.y, c.any(-0.3, 0.3))
    depth = 1.15 + c.any(0.15, 0.4) * y
    u, v = (x / depth * 0.95 + 1) * n / 2, (y / depth * 0.95 + 1) * n / 2
    wall = np.full(c.x.shape, 9.0, np.float32)
    for i in range(n):
        for j in range(n):
            if not open_right[i, j] and j < n - 1:
                wall = np.minimum(wall, stroke(u, v, (j + 1, i), (j + 1, i + 1)))
            if not open_down[i, j] and i < n - 1:
                wall = np.minimum(wall, stroke(u, v, (j, i + 1), (j + 1, i + 1)))
    wall = np.minimum(wall, np.abs(box(u - n / 2, v - n / 2, (n / 2, n / 2))))
    gravel = mix((0.72, 0.62, 0.46), (0.86, 0.78, 0.62), c.noise(60, 3))
    c.paint(
        np.where(
            (np.abs(u - n / 2) < n / 2 + 0.3)[..., None],
            gravel,
            hsv(0.25, 0.5, 0.45) * (0.7 + 0.5 * c.noise(60, 3)[..., None]),
        )
    )
    d = (wall - 0.24) * 2 / n
    c.paint((0.08, 0.1, 0.05), smooth(0.05, -0.02, np.roll(d, (10, 8), (0, 1))) * 0.6)
    c.puff(
        d, 0.04, mix((0.07, 0.24, 0.06), (0.34, 0.52, 0.16), c.noise(70, 3)), Light(gloss=0.05), 0.015 * c.noise(60, 3)
    )


def jigsaws(c: Canvas) -> None:
    hue = c.any(0, 1)
    c.ramp(hsv(hue, 0.6, 0.9), hsv(hue + c.any(0.1, 0.4), 0.7, 0.6))
    for _ in range(c.count(5, 12)):
        r = np.hypot(c.x - c.any(-1, 1), c.y - c.any(-1, 1)) - c.any(0.1, 0.45)
        c.paint(hsv(c.any(0, 1), c.any(0.4, 0.9), c.any(0.5, 1)), cover(r, 0.05) * 0.8)
    picture = c.rgb * (0.9 + 0.2 * c.noise(12, 4)[..., None])
    u, v, zoom = leaning(c, c.any(2.0, 3.6))
    sides = c.rng.choice([-1, 1], (2, 40, 40))
    edge = np.full(c.x.shape, 9.0, np.float32)
    for axis, (a, b) in enumerate(((u, v), (v, u))):
        line = np.round(a)
        sign = sides[axis, line.astype(int) % 40, np.floor(b).astype(int) % 40]
        across, along = (a - line) * sign, b - np.floor(b) - 0.5
        knob = np.abs(np.hypot(across - 0.16, along) - 0.115)
        neck = (np.abs(along) < 0.085) & (across > -0.1)
        edge = np.minimum(edge, np.where(neck & (across < 0.16), 9.0, np.abs(across)))
        edge = np.minimum(edge, np.where((np.abs(along) < 0.075) & (across < 0.16), 9.0, knob))
        bridge = np.where((across > 0) & (across < 0.09), np.abs(np.abs(along) - 0.078), 9.0)
        edge = np.minimum(edge, bridge)
    shape = -(edge - 0.02) / zoom
    missing = np.random.RandomState(c.count(0, 9999)).random_sample((40, 40))[
        np.floor(u).astype(int) % 40, np.floor(v).astype(int) % 40
    ]
    c.paint((0.2, 0.13, 0.08))
    c.puff(
        shape, 0.02, np.where((missing < 0.05)[..., None], (0.34, 0.22, 0.13), picture), Light(gloss=0.25, ambient=0.45)
    )


def stone_walls(c: Canvas) -> None:
    u, v, zoom = leaning(c, c.any(2.6, 4.5), 0.15)
    v = v * 1.6
    dice = np.random.RandomState(c.count(0, 10**6)).random_sample((64, 64, 3))
    near, second, tone = np.full(u.shape, 9.0), np.full(u.shape, 9.0), np.zeros(u.shape)
    for a in (-1, 0, 1):
        for b in (-1, 0, 1):
            i, j = np.floor(u).astype(int) + a, np.floor(v).astype(int) + b
            spot = dice[i % 64, j % 64]
            d = (
                np.maximum(np.abs(u - i - 0.15 - 0.7 * spot[..., 0]), 0) ** 1.6
                + np.abs(v - j - 0.15 - 0.7 * spot[..., 1]) ** 1.6
            )
            tone = np.where(d < near, spot[..., 2], tone)
            second = np.where(d < near, near, np.minimum(second, d))
            near = np.minimum(near, d)
    mortar = (0.06 + 0.05 * c.noise(30, 3)) - (second - near) * 0.5
    hue, dull = c.pick((0.08, 0.22), (0.6, 0.05), (0.1, 0.35), (0.04, 0.3))
    stone = hsv(hue, dull, 0.75) * (0.5 + 0.6 * tone[..., None]) * (0.7 + 0.6 * c.noise(30, 5)[..., None])
    c.paint(hsv(hue, dull * 0.6, c.any(0.2, 0.6)) * (0.7 + 0.5 * c.noise(50, 3)[..., None]))
    c.puff(mortar / zoom * 2, 0.07, stone, Light((c.pick(-0.6, 0.6), -0.6, 0.5), gloss=0.03), 0.02 * c.noise(30, 5))
    if c.rng.random_sample() < 0.4:
        c.paint(mix((0.12, 0.2, 0.05), (0.4, 0.5, 0.2), c.noise(50, 2)), smooth(0.62, 0.72, c.noise(5, 5)) * 0.8)


def chain_fences(c: Canvas) -> None:
    c.pick(garden, table)(c)
    c.blur(4)
    u, v, zoom = leaning(c, c.any(3.0, 5.5), 0.3)
    bend = 0.06 * np.sin(2 * np.pi * (u + v))
    a, b = np.abs((u + v + bend) % 1 - 0.5), np.abs((u - v + bend) % 1 - 0.5)
    over = np.floor(u + v) + np.floor(u - v)
    first, last = (a, b) if int(over.flat[0]) % 2 else (b, a)
    steel = c.pick((0.75, 0.77, 0.8), (0.55, 0.56, 0.58), (0.3, 0.45, 0.35), (0.6, 0.42, 0.3))
    for wire in (first, last):
        c.paint((0, 0, 0), smooth(0.12, 0.03, np.roll(wire, (4, 4), (0, 1))) * 0.25)
        c.puff((wire - 0.055) / zoom, 0.02, steel, Light(gloss=0.8))


def keyboards(c: Canvas) -> None:
    dark = c.rng.random_sample() < 0.5
    key = np.asarray((0.13, 0.13, 0.14) if dark else hsv(0.12, c.any(0, 0.12), 0.9))
    ink = (0.92, 0.92, 0.92) if dark else (0.15, 0.15, 0.16)
    c.paint(key * (0.5 if dark else 0.72))
    zoom, angle = c.any(3.0, 4.6), c.any(-0.4, 0.4)
    x, y = turn(c.x, c.y, angle)
    x, y = x * zoom, y * zoom
    rows = ["1234567890-=", "QWERTYUIOP[]", "ASDFGHJKL;'#", "ZXCVBNM,./<>"]
    first = c.any(-6.5, -4.5)
    k = np.clip(np.round(y + 2.2), 0, 4)
    i = np.clip(np.round(x - first - 0.35 * k), 0, 11)
    cap = np.where(k < 4, box(x - first - i - 0.35 * k, y - k + 2.2, (0.44, 0.44), 0.12), 9.0)
    cap = np.minimum(cap, box(x - first - 6.4, y - 1.8, (2.6, 0.44), 0.12))
    c.puff(cap / zoom, 0.06, key, Light(gloss=0.15, ambient=0.45))
    c.puff((cap + 0.1) / zoom, 0.03, key * 1.06, Light((-0.3, -0.7, 0.8), ambient=0.6, gloss=0.05))
    for row, letters in enumerate(rows):
        for column, letter in enumerate(letters):
            at = turn(np.float32((first + column + 0.35 * row) / zoom), np.float32((row - 2.2) / zoom), -angle)
            if max(abs(at[0]), abs(at[1])) < 1.1:
                c.write(letter, (float(at[0]), float(at[1])), 0.42 / zoom, ink, -angle)
    c.rgb = c.rgb * (0.75 + 0.35 * smooth(1.2, -1.0, c.y + 0.4 * c.x))[..., None]


def planet(c: Canvas) -> None:
    c.add((0.9, 0.9, 1.0), (c.rng.random_sample(c.x.shape) > 0.9985).astype(np.float32))
    hue, wind = c.any(0, 1), c.noise(4, 4, stretch=3)

    def bands(p: Array, _: Array) -> tuple[Array, None]:
        return mix(
            hsv(hue, 0.5, 0.9),
            hsv(hue + 0.07, 0.6, 0.5),
            0.5 + 0.5 * np.sin(14 * p[:, :1] + 4 * wind.flat[: len(p)][:, None]),
        ), None

    c.ball((c.any(-0.2, 0.2), c.any(-0.2, 0.2), c.any(0.4, 0.65)), bands, Light((-0.8, -0.4, 0.4), 0.05, 0.0))


def bar_chart(c: Canvas) -> None:
    c.paint((0.98, 0.98, 0.97))
    hue, n = c.any(0, 1), c.count(5, 9)
    for i in range(n):
        high = c.any(0.2, 1.4)
        c.paint(
            hsv(hue + 0.03 * i, 0.6, 0.8),
            cover(box(c.x + 0.8 - 1.6 * i / (n - 1), c.y - 0.8 + high / 2, (0.55 / n, high / 2))),
        )
    c.paint(
        (0.2, 0.2, 0.2),
        cover(
            np.minimum(stroke(c.x, c.y, (-0.95, 0.8), (0.95, 0.8)), stroke(c.x, c.y, (-0.95, 0.8), (-0.95, -0.8)))
            - 0.006
        ),
    )
    c.write("Visitors a month", (0, -0.88), 0.12, (0.2, 0.2, 0.2))


def swirl(c: Canvas) -> None:
    rr, angle = np.hypot(c.x, c.y), np.arctan2(c.y, c.x)
    wave = 0.5 + 0.5 * np.sin(c.count(3, 7) * angle + c.any(6, 14) * rr + 3 * c.noise(3, 3))
    c.paint(mix(hsv(c.any(0, 1), 0.8, 0.9), hsv(c.any(0, 1), 0.7, 0.3), wave))


def rainbow(c: Canvas) -> None:
    c.ramp((0.3, 0.5, 0.75), (0.7, 0.8, 0.85))
    rr = np.hypot(c.x - c.any(-0.3, 0.3), c.y - 0.9)
    band = np.clip((rr - 0.9) / 0.4, 0, 1)
    colours = np.stack([hsv(h, 0.7, 1.0) for h in np.linspace(0.78, 0.0, 64)])[(band * 63).astype(int)]
    c.paint(colours, 0.6 * smooth(0, 0.15, band) * smooth(1, 0.85, band))
    c.paint(
        mix((0.15, 0.3, 0.1), (0.4, 0.55, 0.2), c.noise(20, 4)), cover(0.6 - c.y + 0.1 * np.sin(3 * c.x), 3 * PIXEL)
    )


def sticky_note(c: Canvas) -> None:
    table(c, -1.2)
    angle = c.any(-0.25, 0.25)
    x, y = turn(c.x, c.y, angle)
    c.shadow(0.05, 0.08, (0.95, 0.95), 0.4)
    c.puff(box(x, y, (0.68, 0.68)), 0.01, hsv(c.pick(0.15, 0.9, 0.35, 0.55), 0.5, 0.98), Light(ambient=0.7, gloss=0.0))
    for k, words in enumerate(c.pick(("milk", "eggs", "bread"), ("call", "the school", "!!"), ("back at", "14:30"))):
        c.write(words, (0.0, -0.35 + 0.35 * k), 0.24, (0.15, 0.15, 0.35), -angle)


def star_flag(c: Canvas) -> None:
    ripple = 0.06 * np.sin(5 * c.x + c.any(0, 6))
    v = c.y + ripple
    c.ramp((0.55, 0.7, 0.9), (0.85, 0.9, 0.95))
    stripes = np.stack([hsv(c.any(0, 1), 0.8, 0.7), hsv(c.any(0, 1), 0.1, 0.95), hsv(c.any(0, 1), 0.8, 0.6)])
    colour = stripes[np.clip((v + 0.6) / 0.4, 0, 2.99).astype(int)] * (0.85 + 2.5 * ripple[..., None])
    c.paint(colour, cover(box(c.x - 0.1, v, (0.8, 0.6))))
    five = [(0.1 + r * np.sin(k * np.pi / 5), -r * np.cos(k * np.pi / 5)) for k, r in enumerate([0.3, 0.12] * 5)]
    c.paint((0.98, 0.85, 0.3), cover(polygon(c.x, v, five)))
    c.puff(stroke(c.x, c.y, (-0.75, -0.95), (-0.75, 1.2)) - 0.03, 0.03, (0.6, 0.5, 0.4))


def oddments(c: Canvas) -> None:
    """Paint something that no other picture is about."""
    c.pick(planet, bar_chart, swirl, rainbow, sticky_note, star_flag)(c)


SUBJECTS = {
    "chain-fence": chain_fences,
    "crossword": crosswords,
    "honeycomb": honeycombs,
    "jigsaw": jigsaws,
    "keyboard": keyboards,
    "maze": mazes,
    "oddments": oddments,
    "spider-web": spider_webs,
    "stone-wall": stone_walls,
}
