"""Shapes of regions that are no boxes: outlines in pixels, and the masks that they enclose."""
import math
from collections.abc import Callable
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Outline = list[tuple[float, float]]  # corners of a polygon in pixels; those outside the picture are cut off when it is drawn

_FINE = 2  # drawn so many times larger, for smooth edges


def _turned(points: Outline, angle: float, x: float, y: float) -> Outline:
    """About the origin, then moved there."""
    c, s = math.cos(angle), math.sin(angle)
    return [(x + c * px - s * py, y + s * px + c * py) for px, py in points]


def _round(radius: Callable[[float], float], corners: int = 48) -> Outline:
    """A curve about the origin by its radius at each angle, clockwise from the right."""
    angles = [2 * math.pi * i / corners for i in range(corners)]
    return [(radius(a) * math.cos(a), radius(a) * math.sin(a)) for a in angles]


def ellipse(width: float, height: float) -> Outline:
    """About the origin."""
    return [(px * width / 2, py * height / 2) for px, py in _round(lambda _: 1.0)]


def _any_ellipse(r: Random, radius: float) -> Outline:
    return _turned(ellipse(2 * radius, 2 * radius * r.uniform(0.6, 1)), r.uniform(0, math.pi), 0, 0)


def _blob(r: Random, radius: float) -> Outline:
    waves = [(n, r.uniform(-0.25, 0.25) / n, r.uniform(0, 2 * math.pi)) for n in (2, 3, 4)]
    return _round(lambda a: radius * (0.85 + sum(much * math.cos(n * a + phase) for n, much, phase in waves)))


def _polygon(r: Random, radius: float) -> Outline:
    return _turned(_round(lambda _: radius, r.choice([3, 4, 5, 6, 8])), r.uniform(0, 2 * math.pi), 0, 0)


def _star(r: Random, radius: float) -> Outline:
    points, inner = r.choice([4, 5, 5, 6, 8]), r.uniform(0.38, 0.6)
    corners = [radius * (1 if i % 2 == 0 else inner) for i in range(2 * points)]
    around = [(length, math.pi * i / points - math.pi / 2) for i, length in enumerate(corners)]
    return _turned([(length * math.cos(a), length * math.sin(a)) for length, a in around], r.uniform(-0.4, 0.4), 0, 0)


def _crescent(r: Random, radius: float) -> Outline:
    """A disc without the part that another disc of its size covers."""
    apart = radius * r.uniform(0.5, 0.9)
    half = math.acos(apart / 2 / radius)  # of the angle at which the two circles meet, seen from either centre
    outer = [half + (2 * math.pi - 2 * half) * i / 40 for i in range(41)]
    inner = [math.pi + half - 2 * half * i / 24 for i in range(1, 24)]
    corners = [(radius * math.cos(a), radius * math.sin(a)) for a in outer]
    return _turned(corners + [(apart + radius * math.cos(a), radius * math.sin(a)) for a in inner], r.uniform(0, 2 * math.pi), 0, 0)


def _cross(r: Random, radius: float) -> Outline:
    w = radius * r.uniform(0.25, 0.45)
    quarter = [(w, -radius), (w, -w), (radius, -w)]
    return [point for turn in range(4) for point in _turned(quarter, turn * math.pi / 2, 0, 0)]


def _heart(r: Random, radius: float) -> Outline:
    angles = [2 * math.pi * i / 48 for i in range(48)]
    high = r.uniform(0.9, 1.1)
    return [
        (radius * math.sin(a) ** 3,
         -radius * high * (13 * math.cos(a) - 5 * math.cos(2 * a) - 2 * math.cos(3 * a) - math.cos(4 * a)) / 16)
        for a in angles
    ]


def _box(r: Random, radius: float) -> Outline:
    w, h = radius * r.uniform(0.6, 1), radius * r.uniform(0.6, 1)
    return [(-w, -h), (w, -h), (w, h), (-w, h)]


def _band(r: Random, size: int) -> Outline:
    """From edge to edge of the picture, in any direction."""
    half = size * r.uniform(0.1, 0.22)
    across = [(-2 * size, -half), (2 * size, -half), (2 * size, half), (-2 * size, half)]
    return _turned(across, r.uniform(0, math.pi), size * r.uniform(0.3, 0.7), size * r.uniform(0.3, 0.7))


def _side(r: Random, size: int) -> Outline:
    """One side of a line or a wave through the picture."""
    high, length, phase = r.choice([0, size * r.uniform(0.02, 0.08)]), size * r.uniform(0.25, 0.7), r.uniform(0, 6)
    wave = [(x, high * math.sin(2 * math.pi * x / length + phase)) for x in range(-2 * size, 2 * size, 4)]
    middle = size * r.uniform(0.35, 0.65), size * r.uniform(0.35, 0.65)
    return _turned([*wave, (2 * size, 3 * size), (-2 * size, 3 * size)], r.uniform(0, 2 * math.pi), *middle)


def _frame(r: Random, size: int) -> Outline:
    """The picture without a shape in its middle, which a seam of no width joins to the border."""
    hole = r.choice([_any_ellipse, _polygon, _blob])(r, size * r.uniform(0.3, 0.45))
    moved = _turned(hole, 0, size / 2, size / 2)[::-1]
    return [(0, 0), (size, 0), (size, size), (0, size), (0, 0), *moved, moved[0]]


ROUND = (_any_ellipse, _blob, _box)  # those that an object fits into
SMALL = (*ROUND, _polygon, _star, _crescent, _cross, _heart)  # about the origin, by their radius
LARGE = (_band, _side, _frame)  # in a picture of so many pixels


def any_outline(r: Random, size: int) -> tuple[Outline, tuple[float, float, float] | None]:
    """An outline in a picture of so many pixels and, if an object fits into it, the square for one as x, y, side."""
    if r.random() < 0.3:
        return r.choice(LARGE)(r, size), None
    radius = size * r.uniform(0.16, 0.42)
    x, y = (r.uniform(0.8 * radius, size - 0.8 * radius) for _ in range(2))
    kind = r.choice(SMALL)
    side = radius * r.uniform(0.8, 1.05)
    return _turned(kind(r, radius), 0, x, y), (x - side / 2, y - side / 2, side) if kind in ROUND else None


def one_of_each(r: Random, size: int) -> list[Outline]:
    """Every kind of shape in the middle of a picture."""
    middle = size / 2
    return [*(_turned(kind(r, 0.38 * size), 0, middle, middle) for kind in SMALL), *(kind(r, size) for kind in LARGE)]


def mask(outline: Outline, size: int, feather: float = 0) -> Image.Image:
    """What lies within, 255, and without, 0, of a picture of size x size; `feather` is the deviation of the blur of its edge."""
    fine = Image.new("L", (size * _FINE, size * _FINE))
    ImageDraw.Draw(fine).polygon([(x * _FINE, y * _FINE) for x, y in outline], fill=255)
    drawn = fine.resize((size, size), Image.BOX)
    return drawn.filter(ImageFilter.GaussianBlur(feather)) if feather else drawn


def stacked(masks: list[Image.Image]) -> np.ndarray:
    """What remains to be seen of each mask, [shapes, size, size] in 0..1, where later ones hide earlier ones."""
    seen, rest = [], 1.0
    for m in reversed(masks):
        part = np.asarray(m, np.float32) / 255
        seen.append(part * rest)
        rest = rest * (1 - part)
    return np.stack(seen[::-1])
