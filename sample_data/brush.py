"""Paints on a square of floating-point pixels: noise, soft-edged shapes, light and shadow.

It knows no subject (each module with SUBJECTS does) and reads no clock or global randomness:
everything random comes from the generator that the canvas was given.
"""

from __future__ import annotations

import colorsys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Array = np.ndarray
Colour = Sequence[float] | Array
Skin = Callable[[Array, Array], tuple[Array, Array | None]]  # points on a ball (m, 3), how it is turned (3, 3)

SIDE = 240  # pixels of a finished picture
FINE = 2 * SIDE  # pixels while painting; the edge is softened by shrinking
PIXEL = 2.0 / FINE  # one fine pixel in canvas units, where the picture spans -1 ... 1 and y points down


def hsv(hue: float, saturation: float, value: float) -> Array:
    """Return a colour as three numbers between 0 and 1; hue wraps around."""
    return np.array(colorsys.hsv_to_rgb(hue % 1.0, saturation, value), np.float32)


def cover(d: Array, soft: float = PIXEL) -> Array:
    """Turn a signed distance (negative inside) into a mask 0 ... 1 whose edge is `soft` wide."""
    return np.clip(0.5 - d / soft, 0.0, 1.0)


def smooth(low: float, high: float, value: Array) -> Array:
    """Ramp from 0 at `low` to 1 at `high` without a corner at either end."""
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def mix(first: Colour, second: Colour, share: Array | float) -> Array:
    """Blend two colours (or pictures); share 0 is the first, 1 the second."""
    share = np.asarray(share, np.float32)
    if share.ndim == 2 and share.shape[1] != 1:
        share = share[..., None]
    return np.asarray(first, np.float32) * (1 - share) + np.asarray(second, np.float32) * share


def turn(x: Array, y: Array, angle: float) -> tuple[Array, Array]:
    """Rotate coordinates, which turns what is drawn with them the other way."""
    return x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)


def box(x: Array, y: Array, half: tuple[float, float], corner: float = 0.0) -> Array:
    """Return the signed distance to a box around the origin with rounded corners."""
    dx, dy = np.abs(x) - half[0] + corner, np.abs(y) - half[1] + corner
    return np.hypot(np.maximum(dx, 0), np.maximum(dy, 0)) + np.minimum(np.maximum(dx, dy), 0) - corner


def oval(x: Array, y: Array, half: tuple[float, float]) -> Array:
    """Return about the signed distance to an ellipse around the origin (exact on its outline)."""
    k = np.hypot(x / half[0], y / half[1])
    return (k - 1.0) * min(half)


def stroke(x: Array, y: Array, start: tuple[float, float], end: tuple[float, float]) -> Array:
    """Return the distance to a line segment."""
    ax, ay = start
    bx, by = end[0] - ax, end[1] - ay
    t = np.clip(((x - ax) * bx + (y - ay) * by) / (bx * bx + by * by + 1e-9), 0, 1)
    return np.hypot(x - ax - t * bx, y - ay - t * by)


def polygon(x: Array, y: Array, corners: Sequence[tuple[float, float]]) -> Array:
    """Return the signed distance to a simple polygon."""
    nearest = np.full(x.shape, 9.0, np.float32)
    inside = np.zeros(x.shape, bool)
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
        nearest = np.minimum(nearest, stroke(x, y, (ax, ay), (bx, by)))
        if ay != by:
            inside ^= ((ay > y) != (by > y)) & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return np.where(inside, -nearest, nearest)


def look_up(texture: Array, u: Array, v: Array) -> Array:
    """Read a square texture at any coordinates (1 = its width), wrapping around, interpolating linearly."""
    n = texture.shape[0]
    a, b = (u % 1.0) * n, (v % 1.0) * n
    i, j = np.floor(a).astype(int) % n, np.floor(b).astype(int) % n
    fa, fb = a - np.floor(a), b - np.floor(b)
    i1, j1 = (i + 1) % n, (j + 1) % n
    top = texture[j, i] * (1 - fa) + texture[j, i1] * fa
    return top * (1 - fb) + (texture[j1, i] * (1 - fa) + texture[j1, i1] * fa) * fb


@dataclass(frozen=True)
class Light:
    """Where light comes from and how a surface answers: how much in the shade, how glossy, how tight the glint."""

    direction: tuple[float, float, float] = (-0.5, -0.6, 0.62)
    ambient: float = 0.35
    gloss: float = 0.4
    tight: float = 30.0

    def on(self, colour: Colour, nx: Array, ny: Array, nz: Array) -> Array:
        """Return the colour of a surface with these normals (h, w, 3)."""
        a, b, c = np.asarray(self.direction) / np.linalg.norm(self.direction)
        straight = nx * a + ny * b + nz * c
        soft = np.clip(0.75 * straight + 0.25, 0, None)
        half = np.asarray([a, b, c + 1.0]) / np.linalg.norm([a, b, c + 1.0])
        glint = np.clip(nx * half[0] + ny * half[1] + nz * half[2], 0, 1) ** self.tight
        return (
            np.asarray(colour) * (self.ambient + (1 - self.ambient) * soft)[..., None] + self.gloss * glint[..., None]
        )


class Canvas:
    """A square picture being painted, with its coordinates `x`, `y` and its own random numbers."""

    def __init__(self, seed: Sequence[int]):
        self.rng = np.random.RandomState(np.random.MT19937(np.random.SeedSequence(seed)))
        line = (np.arange(FINE, dtype=np.float32) + 0.5) * PIXEL - 1.0
        self.x, self.y = np.meshgrid(line, line)
        self.rgb = np.zeros((FINE, FINE, 3), np.float32)

    def any(self, low: float, high: float) -> float:
        """Return a random number between two others."""
        return float(low + (high - low) * self.rng.random_sample())

    def pick(self, *choices: Any) -> Any:
        """Return one of the arguments at random."""
        return choices[self.rng.randint(len(choices))]

    def count(self, low: int, high: int) -> int:
        """Return a random whole number, both ends included."""
        return int(self.rng.randint(low, high + 1))

    def noise(self, cells: float, octaves: int = 4, stretch: float = 1.0, side: int = FINE) -> Array:
        """Return cloudy noise around 0.5 (0 ... 1): `cells` blobs across, `stretch` times longer sideways."""
        total, weight = np.zeros((side, side), np.float32), 0.0
        for octave in range(octaves):
            across = max(2, round(cells * 2**octave / stretch))
            down = max(2, round(cells * 2**octave))
            grid = self.rng.random_sample((min(down, side), min(across, side))).astype(np.float32)
            total += np.asarray(Image.fromarray(grid).resize((side, side), Image.Resampling.BICUBIC)) * 0.5**octave
            weight += 0.5**octave
        return np.clip((total / weight - 0.5) * 1.6 + 0.5, 0, 1)

    def paint(self, colour: Colour, mask: Array | float = 1.0) -> None:
        """Lay a colour or a picture over what is there, where the mask says."""
        self.rgb = mix(self.rgb, colour, mask)

    def add(self, colour: Colour, mask: Array) -> None:
        """Add light."""
        self.rgb = self.rgb + np.asarray(colour, np.float32) * mask[..., None]

    def blur(self, radius: float) -> None:
        """Put everything painted so far out of focus; the radius is in finished pixels."""
        planes = [Image.fromarray(np.ascontiguousarray(self.rgb[..., i])) for i in range(3)]
        tiny = Image.merge(
            "RGB", [Image.fromarray((np.clip(np.asarray(p), 0, 1) * 255).astype(np.uint8)) for p in planes]
        )
        self.rgb = np.asarray(tiny.filter(ImageFilter.GaussianBlur(2 * radius)), np.float32) / 255.0

    def ramp(self, top: Colour, bottom: Colour, start: float = -1.0, end: float = 1.0) -> None:
        """Fill everything with a colour that changes from top to bottom."""
        self.paint(mix(top, bottom, smooth(start, end, self.y)))

    def shadow(self, cx: float, cy: float, half: tuple[float, float], depth: float = 0.5) -> None:
        """Darken a soft ellipse, as under an object that stands there."""
        k = np.hypot((self.x - cx) / half[0], (self.y - cy) / half[1])
        self.rgb = self.rgb * (1 - depth * smooth(1.3, 0.2, k))[..., None]

    def ball(self, at: tuple[float, float, float], skin: Skin, light: Light) -> None:
        """Paint a sphere (x, y, radius); `skin` gets points on it (m, 3) turned at random, gives colours and bumps."""
        cx, cy, r = at
        u, v = (self.x - cx) / r, (self.y - cy) / r
        rr = u * u + v * v
        inside = rr < 1.0
        normal = np.stack([u[inside], v[inside], np.sqrt(1 - rr[inside])], 1)
        spin, _ = np.linalg.qr(self.rng.standard_normal((3, 3)))
        colour, bump = skin(normal @ spin.astype(np.float32), spin.astype(np.float32))
        if bump is not None:
            normal = normal + bump @ spin.T.astype(np.float32)
            normal /= np.linalg.norm(normal, axis=1, keepdims=True)
        full = np.zeros((FINE, FINE, 3), np.float32)
        full[inside] = light.on(colour, normal[:, 0], normal[:, 1], normal[:, 2])
        self.paint(full, cover((np.sqrt(rr) - 1 + PIXEL / r) * r, 1.5 * PIXEL))

    def puff(
        self, d: Array, width: float, colour: Colour, light: Light | None = None, bump: Array | None = None
    ) -> None:
        """Paint a flat shape (signed distance) as if inflated: round within `width` of its edge, `bump` on top."""
        t = np.clip(-d / width, 0, 1)
        height = width * np.sqrt(np.clip(1 - (1 - t) ** 2, 0, 1))
        if bump is not None:
            height = height + bump
        gy, gx = np.gradient(height, PIXEL)
        nz = 1 / np.sqrt(1 + gx * gx + gy * gy)
        self.paint((light or Light()).on(colour, -gx * nz, -gy * nz, nz), cover(d, 1.5 * PIXEL))

    def write(self, words: str, at: tuple[float, float], size: float, colour: Colour, turned: float = 0.0) -> None:
        """Write words around a point; `size` is the letters' height in canvas units."""
        font = ImageFont.load_default(size / PIXEL)
        sheet = Image.new("L", (FINE, FINE))
        place = ((at[0] + 1) / PIXEL, (at[1] + 1) / PIXEL)
        ImageDraw.Draw(sheet).text(place, words, fill=255, font=font, anchor="mm")
        if turned:
            sheet = sheet.rotate(np.degrees(turned), Image.Resampling.BICUBIC, center=place)
        self.paint(colour, np.asarray(sheet, np.float32) / 255.0)

    def finish(self) -> Image.Image:
        """Return the picture with a little of what a camera adds: tint, contrast, vignette, grain."""
        tint = 1 + 0.05 * (self.rng.random_sample(3) - 0.5)
        rgb = np.clip(self.rgb, 0, 1) ** self.any(0.88, 1.12) * tint * self.any(0.94, 1.06)
        rgb = rgb * (1 - self.any(0.0, 0.25) * smooth(0.6, 1.5, np.hypot(self.x, self.y)))[..., None]
        rgb = rgb + 0.012 * self.rng.standard_normal((FINE, FINE, 1))
        fine = Image.fromarray((np.clip(rgb, 0, 1) * 255 + 0.5).astype(np.uint8))
        return fine.resize((SIDE, SIDE), Image.Resampling.BOX)
