"""Draws things of the house and the street: candles, clocks, umbrellas, signs, a pizza.

Fruit and balls are in fruit_and_balls.py, surfaces that fill the frame in patterns.py.
"""

from __future__ import annotations

import numpy as np
from backdrops import garden, table
from brush import Canvas, Light, box, cover, hsv, mix, oval, polygon, smooth, stroke, turn


def pumpkin_lanterns(c: Canvas) -> None:
    c.ramp((0.02, 0.02, 0.06), (0.12, 0.06, 0.03))
    c.paint(mix((0.05, 0.03, 0.02), (0.22, 0.12, 0.06), c.noise(20, 4)), smooth(0.5, 0.6, c.y))
    cx = c.any(-0.3, 0.3)
    for k in range(c.pick(1, 1, 2)):
        size = c.any(0.5, 0.66) * (1 if k == 0 else 0.6)
        cx, cy = cx + k * c.pick(-1.5, 1.5) * size, c.any(0.05, 0.2) + 0.2 * k
        x, y = (c.x - cx) / size, (c.y - cy) / size
        lobes = np.abs(np.sin(np.arcsin(np.clip(x / 1.15, -1, 1)) * 4.5))
        d = np.hypot(x / 1.12, y / 0.9) - 1 + 0.04 * (1 - lobes) * (np.abs(y) > 0.5)
        rind = hsv(c.any(0.055, 0.08), 0.95, 0.9) * (0.45 + 0.55 * lobes[..., None] ** 0.5)
        c.puff(d * size, 0.9 * size, rind, Light((c.pick(-0.6, 0.6), -0.6, 0.5), 0.22, 0.3))
        c.puff((stroke(x, y, (0, -0.85), (0.12, -1.15)) - 0.09) * size, 0.08 * size, (0.32, 0.36, 0.14))
        w, lift = c.any(0.2, 0.3), c.any(-0.15, 0.12)
        eyes = [[(s * 0.42 - w, -0.12), (s * 0.42 + w * 0.9, -0.12), (s * 0.42 + s * lift, -0.5)] for s in (-1, 1)]
        nose = [(-0.1, 0.1), (0.1, 0.1), (0, -0.08)]
        grin = y - 0.28 - c.any(0.3, 0.5) * (0.45 - x * x)
        tooth = 0.09 * np.sign(np.sin(x * c.any(12, 20)))
        mouth = np.maximum(np.abs(grin + tooth * 0.5) - 0.11, np.abs(x) - 0.68)
        face = np.minimum.reduce([*(polygon(x, y, e) for e in (*eyes, nose)), mouth])
        light = mix((1.0, 0.92, 0.45), (1.0, 0.5, 0.08), np.clip(np.hypot(x, y - 0.3), 0, 1))
        c.add((0.9, 0.4, 0.05), np.exp(-np.clip(face, 0, None) / 0.09) * cover(d) * 0.35)
        c.paint(light, cover(face * size))
        c.add((0.5, 0.22, 0.05), np.exp(-np.clip(d, 0, None) / 0.25) * 0.3)


def candles(c: Canvas) -> None:
    c.ramp(hsv(c.any(0, 0.1), 0.6, 0.06), hsv(c.any(0, 0.1), 0.7, 0.16))
    for _ in range(c.count(0, 8)):
        r = np.hypot(c.x - c.any(-1, 1), c.y - c.any(-1, 0.4)) - c.any(0.06, 0.16)
        c.add(hsv(c.any(0.03, 0.14), 0.7, 0.6), cover(r, 0.05) * c.any(0.1, 0.4))
    c.paint(mix((0.10, 0.05, 0.03), (0.30, 0.17, 0.09), c.noise(10, 5, stretch=5)), smooth(0.68, 0.74, c.y))
    n = c.count(1, 4)
    for k in range(n):
        cx = (k - (n - 1) / 2) * 0.5 + c.any(-0.1, 0.1)
        top, half = c.any(-0.25, 0.3), c.any(0.09, 0.19)
        x, y = c.x - cx, c.y - top
        wax = hsv(*c.pick((0.11, 0.15, 0.95), (0.12, 0.2, 0.95), (0.0, 0.75, 0.7), (0.1, 0.5, 0.9)))
        nx = np.clip(x / half, -1, 1)
        body = np.maximum(np.abs(x) - half, np.maximum(-y, c.y - 0.8 + 0.06 * nx**2))
        bright = (0.3 + 0.9 * np.exp(-np.clip(y, 0, 2) / 0.35)) * np.sqrt(1 - 0.75 * nx**2)
        c.paint(wax * bright[..., None], cover(body))
        c.paint(wax * 1.1 + (0.1, 0.06, 0.0), cover(oval(x, y, (half, 0.3 * half))))
        c.paint((0.08, 0.05, 0.03), cover(stroke(x, y, (0, 0), (0.01, -0.09)) - 0.009))
        lean = c.any(-0.04, 0.04)
        fy = y + 0.2
        fx = x - lean * (0.2 - fy) * 2
        flame = (
            np.hypot(
                fx / np.where(fy > 0, 0.075, 0.075 * np.clip(1 + fy / 0.26, 0.02, 1)), fy / np.where(fy > 0, 0.12, 0.26)
            )
            - 1
        )
        c.add((1.0, 0.55, 0.15), np.exp(-(fx**2 + fy**2) / 0.05) * 0.75)
        c.add((0.6, 0.3, 0.08), np.exp(-(fx**2 + fy**2) / 0.4) * 0.4)
        fire = mix((1.0, 0.98, 0.75), (1.0, 0.62, 0.12), smooth(0.3, 1.0, flame + 1))
        c.paint(mix(fire, (0.3, 0.35, 0.8), smooth(0.03, 0.13, fy) * 0.7), cover(flame * 0.08, 0.03))


def umbrellas(c: Canvas) -> None:
    c.ramp(hsv(c.any(0.5, 0.65), 0.2, c.any(0.4, 0.75)), hsv(c.any(0.5, 0.65), 0.12, c.any(0.55, 0.9)))
    c.paint(mix((0.3, 0.32, 0.35), (0.6, 0.62, 0.65), c.noise(8, 4, stretch=3)), smooth(0.6, 0.9, c.y))
    c.blur(3)
    size, cx, cy = c.any(0.62, 0.82), c.any(-0.12, 0.12), c.any(-0.15, 0.1)
    x, y = turn((c.x - cx) / size, (c.y - cy) / size, c.any(-0.35, 0.35))
    c.puff((stroke(x, y, (0, -0.95), (0, 0.95)) - 0.02) * size, 0.02 * size, (0.35, 0.33, 0.32))
    hook = np.where(y > 0.95, np.abs(np.hypot(x - 0.12, y - 0.95) - 0.12) - 0.03, 1.0)
    c.puff(hook * size, 0.03 * size, c.pick((0.45, 0.25, 0.1), (0.1, 0.1, 0.1)))
    n = 8
    hues = (c.any(0, 1), c.any(0, 1))
    two = c.rng.random_sample() < 0.5
    dome = np.sqrt(np.clip(1 - np.clip((y + 0.0) / 0.85, -1, 0) ** 2, 0.0001, 1))
    angle = np.arcsin(np.clip(x / dome, -1, 1))
    gore = angle / np.pi * n
    edge = 0.02 - 0.13 * np.sqrt(np.abs(np.sin(gore * np.pi))) + 0.08
    d = np.maximum(np.hypot(x, y / 0.85) - 1, y - edge)
    which = np.floor(gore + 20).astype(int) % 2 if two else np.zeros(x.shape, int)
    cloth = np.stack([hsv(hues[0], 0.85, 0.8), hsv(hues[1], c.any(0.0, 0.9), 0.92)])[which]
    rib = 1 - 0.35 * smooth(0.10, 0.0, np.abs((gore % 1) - 0.5) * -1 + 0.5)
    part = (gore % 1) - 0.5
    light = Light((-0.6, -0.6, 0.6), 0.4, 0.2, 15)
    nx = np.clip(np.sin(angle) * 0.8 + part * 0.5, -1, 1)
    ny = np.clip(y / 0.85, -1, 1) * 0.8
    nz = np.sqrt(np.clip(1 - nx**2 - ny**2, 0.05, 1))
    c.paint(light.on(cloth * rib[..., None], nx, ny, nz), cover(d * size))
    if c.rng.random_sample() < 0.6:
        rain = smooth(0.86, 0.95, c.noise(60, 1, stretch=0.05)) * 0.25
        c.add((0.5, 0.55, 0.6), rain)


def traffic_lights(c: Canvas) -> None:
    night = c.rng.random_sample() < 0.4
    c.ramp((0.05, 0.07, 0.16) if night else (0.35, 0.55, 0.85), (0.2, 0.16, 0.22) if night else (0.85, 0.9, 0.95))
    for _ in range(c.count(2, 6)):
        cx, half, top = c.any(-1, 1), c.any(0.12, 0.35), c.any(-0.6, 0.6)
        c.paint(
            hsv(c.any(0, 1), 0.2, 0.15 if night else c.any(0.4, 0.7)),
            cover(np.maximum(np.abs(c.x - cx) - half, top - c.y)),
        )
    for _ in range(c.count(3, 12) if night else 0):
        r = np.hypot(c.x - c.any(-1, 1), c.y - c.any(-0.4, 1)) - c.any(0.02, 0.07)
        c.add(hsv(c.pick(0.02, 0.12, 0.55), 0.6, 0.8), cover(r, 0.02) * 0.7)
    c.blur(c.any(3, 6))
    n = c.pick(1, 1, 2)
    for k in range(n):
        size = c.any(0.24, 0.32)
        cx, cy = (k - (n - 1) / 2) * 0.95 + c.any(-0.25, 0.25), c.any(-0.25, 0.1)
        x, y = turn((c.x - cx) / size, (c.y - cy) / size, c.any(-0.1, 0.1))
        c.puff(box(x, y - 4, (0.12, 4)) * size, 0.1 * size, (0.3, 0.31, 0.32))
        case = c.pick((0.09, 0.1, 0.1), (0.85, 0.65, 0.08), (0.08, 0.16, 0.12))
        c.puff(box(x, y, (0.85, 2.3), 0.25) * size, 0.12 * size, case)
        on = c.count(0, 2)
        for i, hue in enumerate((0.0, 0.11, 0.4)):
            v = y - (i - 1) * 1.45
            lamp = np.hypot(x, v) - 0.58
            c.paint((0.03, 0.03, 0.03), cover((np.hypot(x, v + 0.08) - 0.68) * size))
            c.puff(
                lamp * size, 0.4 * size, hsv(hue, 0.9, 1.0 if i == on else 0.22), Light(ambient=0.9 if i == on else 0.4)
            )
            if i == on:
                c.add(hsv(hue, 0.75, 1.0), np.exp(-(np.hypot(x, v) ** 2) / 1.2) * (0.55 if night else 0.3))
            c.puff(
                np.maximum(np.abs(np.hypot(x, v) - 0.7) - 0.07, v + 0.15) * size, 0.05 * size, np.asarray(case) * 0.9
            )


def clocks(c: Canvas) -> None:
    hue = c.any(0, 1)
    paper = hsv(hue, c.any(0.1, 0.45), c.any(0.5, 0.9))
    c.paint(paper * (0.9 + 0.15 * c.noise(6, 5)[..., None]) * (1 - 0.25 * (c.x + c.y))[..., None])
    r, cx, cy = c.any(0.6, 0.82), c.any(-0.12, 0.12), c.any(-0.12, 0.12)
    x, y = (c.x - cx) / r, (c.y - cy) / r
    c.shadow(cx + 0.08, cy + 0.12, (1.1 * r, 1.1 * r), 0.5)
    frame = c.pick((0.1, 0.1, 0.11), (0.55, 0.33, 0.16), (0.8, 0.65, 0.3), (0.75, 0.76, 0.78), (0.6, 0.1, 0.1))
    c.puff((np.hypot(x, y) - 1) * r, 0.09 * r, frame, Light(gloss=0.8))
    dark = c.rng.random_sample() < 0.15
    c.paint((0.1, 0.1, 0.12) if dark else (0.97, 0.96, 0.92), cover((np.hypot(x, y) - 0.86) * r))
    ink = (0.95, 0.95, 0.9) if dark else (0.06, 0.06, 0.07)
    style = c.pick("figures", "figures", "roman", "bars")
    roman = ["XII", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI"]
    for hour in range(60):
        a = hour * np.pi / 30
        long = 0.07 if hour % 5 == 0 else 0.03
        inner = 0.82 - long * (2 if style == "bars" and hour % 5 == 0 else 1)
        tick = stroke(x, y, (np.sin(a) * inner, -np.cos(a) * inner), (np.sin(a) * 0.82, -np.cos(a) * 0.82))
        c.paint(ink, cover((tick - (0.012 if hour % 5 == 0 else 0.005)) * r))
        if hour % 5 == 0 and style != "bars":
            words = roman[hour // 5] if style == "roman" else str((hour // 5 - 1) % 12 + 1)
            c.write(words, (cx + np.sin(a) * 0.64 * r, cy - np.cos(a) * 0.64 * r), 0.17 * r, ink)
    time = c.any(0, 12)
    for a, long, wide in ((time / 12 * 2 * np.pi, 0.45, 0.028), ((time % 1) * 2 * np.pi, 0.7, 0.02)):
        tip = (np.sin(a) * long, -np.cos(a) * long)
        c.paint(ink, cover((stroke(x, y, (-0.15 * tip[0], -0.15 * tip[1]), tip) - wide) * r))
    a = c.any(0, 6)
    c.paint((0.8, 0.1, 0.1), cover((stroke(x, y, (0, 0), (np.sin(a) * 0.74, -np.cos(a) * 0.74)) - 0.008) * r))
    c.puff((np.hypot(x, y) - 0.045) * r, 0.04 * r, frame)
    c.add((1, 1, 1), smooth(0.5, 0.0, np.abs(x + y + 0.9)) * cover((np.hypot(x, y) - 0.86) * r) * 0.12)


def pizzas(c: Canvas) -> None:
    table(c, -1.2)
    r, cx, cy = c.any(0.72, 0.9), c.any(-0.1, 0.1), c.any(-0.1, 0.1)
    x, y = turn((c.x - cx) / r, (c.y - cy) / r / c.any(0.85, 1.0), c.any(0, 6))
    rr = np.hypot(x, y) + 0.05 * (c.noise(5, 3) - 0.5)
    c.shadow(cx, cy + 0.05, (1.15 * r, 1.15 * r), 0.5)
    crust = mix((0.90, 0.68, 0.36), (0.50, 0.26, 0.10), smooth(0.45, 0.85, c.noise(9, 5)))
    c.puff((rr - 1) * r, 0.14 * r, crust, Light(gloss=0.15), 0.03 * c.noise(20, 3))
    sauce = mix((0.75, 0.20, 0.06), (0.97, 0.80, 0.40), smooth(0.35, 0.55, c.noise(7, 4)))
    sauce = mix(sauce, (0.98, 0.90, 0.62), smooth(0.6, 0.75, c.noise(9, 4)))
    c.puff((rr - 0.86) * r, 0.06 * r, sauce, Light(gloss=0.1), 0.03 * c.noise(12, 4))
    toppings = c.pick(
        ("salami",), ("salami", "olive"), ("olive", "leaf", "tomato"), ("salami", "leaf"), ("tomato", "leaf")
    )
    for k in range(c.count(14, 26)):
        a, q = k * np.pi * (3 - np.sqrt(5)), 0.78 * np.sqrt((k + 0.5) / 26) + c.any(-0.04, 0.04)
        u, v = turn(x - q * np.cos(a), y - q * np.sin(a), c.any(0, 6))
        kind = toppings[k % len(toppings)]
        if kind == "salami":
            meat = mix((0.72, 0.16, 0.10), (0.88, 0.42, 0.28), smooth(0.5, 0.8, c.noise(40, 2)))
            c.puff((np.hypot(u, v) - 0.14) * r, 0.02 * r, meat, Light(gloss=0.15))
        elif kind == "olive":
            c.puff((np.abs(np.hypot(u, v) - 0.045) - 0.025) * r, 0.03 * r, (0.12, 0.10, 0.10), Light(gloss=0.6))
        elif kind == "tomato":
            c.puff(oval(u, v, (0.13, 0.1)) * r, 0.05 * r, (0.85, 0.2, 0.1), Light(gloss=0.6))
        else:
            c.puff(oval(u, v, (0.11, 0.055)) * r, 0.04 * r, (0.16, 0.42, 0.10))


def stop_signs(c: Canvas) -> None:
    c.ramp((0.35, 0.58, 0.88), (0.85, 0.92, 0.96))
    c.paint(
        mix((0.1, 0.22, 0.08), (0.4, 0.52, 0.22), c.noise(8, 5)),
        cover(c.any(-0.1, 0.5) - c.y + 0.5 * (c.noise(4, 5) - 0.5), 0.02),
    )
    c.blur(c.any(3, 5))
    size, cx, cy = c.any(0.5, 0.72), c.any(-0.2, 0.2), c.any(-0.3, 0.0)
    lean = c.any(-0.15, 0.15)
    x, y = turn((c.x - cx) / size / c.any(0.85, 1.0), (c.y - cy) / size, lean)
    c.puff(box(x, y - 3, (0.07, 3)) * size, 0.06 * size, (0.55, 0.56, 0.57), Light(gloss=0.7))
    eight = [(np.cos(a), np.sin(a)) for a in np.pi / 8 + np.arange(8) * np.pi / 4]
    d = polygon(x, y, eight)
    fade = 0.85 + 0.2 * c.noise(5, 4)[..., None]
    c.puff(d * size, 0.03 * size, np.array((0.95, 0.95, 0.95)) * fade)
    c.paint(np.array((0.78, 0.07, 0.09)) * fade, cover((d + 0.06) * size))
    c.write("STOP", (cx, cy), 0.54 * size, (0.97, 0.97, 0.97), -lean)


def soap_bubbles(c: Canvas) -> None:
    garden(c)
    c.rgb = c.rgb * c.any(0.4, 1.0)
    for _ in range(c.count(4, 12)):
        r, cx, cy = c.any(0.08, 0.45), c.any(-0.8, 0.8), c.any(-0.8, 0.8)
        u, v = (c.x - cx) / r, (c.y - cy) / r
        rr = np.hypot(u, v)
        inside = cover((rr - 1) * r)
        film = 0.5 + 0.5 * np.sin(9 * v[..., None] + 5 * c.noise(3, 3)[..., None] + np.array([0, 2.1, 4.2]))
        edge = np.exp(-np.clip(1 - rr, 0, None) / 0.10) * inside
        c.rgb = c.rgb + film * (edge * 0.75 + inside * 0.10)[..., None]
        window = np.maximum(np.abs(u + 0.42) - 0.16, np.abs(v + 0.48) - 0.18)
        c.add((0.95, 1.0, 1.0), smooth(0.08, -0.02, window) * 0.8 * inside)
        c.add((0.8, 0.9, 1.0), smooth(0.09, 0.0, np.hypot(u - 0.45, v - 0.5)) * 0.5 * inside)


SUBJECTS = {
    "bubbles": soap_bubbles,
    "candle": candles,
    "clock": clocks,
    "pizza": pizzas,
    "pumpkin-lantern": pumpkin_lanterns,
    "stop-sign": stop_signs,
    "traffic-light": traffic_lights,
    "umbrella": umbrellas,
}
