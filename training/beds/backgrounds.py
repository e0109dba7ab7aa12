"""Procedural backgrounds: each draws itself as an SVG body of 256 x 256 units from a random stream."""
import math
from collections.abc import Callable
from random import Random

from .concepts import COLOURS

# A scene's seed fixes its background, so the order of the draws from the stream must stay as it is.
Background = tuple[str, str]  # what captions call it, SVG body


def jitter(r: Random, colour: str, amount: int = 14) -> str:
    """#rrggbb with each channel moved by at most `amount`."""
    channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return "#%02x%02x%02x" % tuple(max(0, min(255, c + r.randint(-amount, amount))) for c in channels)


def _full(fill: str) -> str:
    return f'<rect width="256" height="256" fill="{fill}"/>'


def _gradient(top: str, bottom: str) -> str:
    """The whole square, from the top colour to the bottom colour."""
    stops = f'<stop offset="0" stop-color="{top}"/><stop offset="1" stop-color="{bottom}"/>'
    return f'<defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1">{stops}</linearGradient></defs>' + _full("url(#g)")


def _cloud(x: float, y: float, s: float) -> str:
    puffs = ((-1, 0.1, 0.55), (-0.4, -0.25, 0.7), (0.35, -0.15, 0.75), (1, 0.12, 0.5))
    circles = "".join(f'<circle cx="{x + dx * s}" cy="{y + dy * s}" r="{q * s}" fill="#ffffff"/>' for dx, dy, q in puffs)
    foot = f'<rect x="{x - 1.5 * s}" y="{y + 0.1 * s}" width="{3 * s}" height="{0.55 * s}" rx="{0.27 * s}" fill="#ffffff"/>'
    return circles + foot


def _hills(r: Random, y: float, amplitude: float, colour: str) -> str:
    phase, waves = r.random() * 6.3, r.uniform(0.8, 1.8)
    points = " ".join(f"{x},{y + amplitude * math.sin(phase + waves * x / 256 * 6.283):.1f}" for x in range(0, 257, 16))
    return f'<polygon points="0,256 {points} 256,256" fill="{colour}"/>'


def _stars(r: Random, n: int, colour: str = "#ffffff") -> str:
    return "".join(
        f'<circle cx="{r.random() * 256:.0f}" cy="{r.random() * 256:.0f}" r="{r.uniform(1, 2.4):.1f}" fill="{colour}"/>'
        for _ in range(n)
    )


def plain_colour(r: Random) -> Background:
    name = r.choice(list(COLOURS))
    return f"{name} background", _full(jitter(r, COLOURS[name], 8))


def blue_sky(r: Random) -> Background:
    body = _gradient(jitter(r, "#5aa9ee"), jitter(r, "#bfe3fb"))
    count = r.randint(2, 4)
    return "blue sky", body + "".join(_cloud(r.randint(0, 256), r.randint(10, 240), r.uniform(14, 28)) for _ in range(count))


def night_sky(r: Random) -> Background:
    body = _gradient(jitter(r, "#0d1438"), jitter(r, "#2c3a78"))
    return "night sky", body + _stars(r, r.randint(18, 34), "#fdf6c8")


def sunset(r: Random) -> Background:
    body = _gradient(jitter(r, "#6a3d8f"), jitter(r, "#ff9d4d"))
    return "sunset", body + _hills(r, r.uniform(205, 235), 8, jitter(r, "#3b2350"))


def green_meadow(r: Random) -> Background:
    body = _gradient(jitter(r, "#8fd0f5"), jitter(r, "#e3f5fd"))
    body += _hills(r, r.uniform(90, 130), 14, jitter(r, "#8cc968"))
    return "green meadow", body + _hills(r, r.uniform(150, 190), 16, jitter(r, "#5fae4b"))


def desert(r: Random) -> Background:
    body = _gradient(jitter(r, "#f9d99a"), jitter(r, "#fdf0d0"))
    body += _hills(r, r.uniform(100, 140), 18, jitter(r, "#e3b264"))
    return "desert", body + _hills(r, r.uniform(165, 200), 18, jitter(r, "#cf9446"))


def ocean(r: Random) -> Background:
    body = _full(jitter(r, "#bfe6f7"))
    body += f'<rect y="{r.randint(70, 100)}" width="256" height="256" fill="{jitter(r, "#2f7fc1")}"/>'
    wave = "q10 -12 20 0 q10 12 20 0 " * 8
    for y in range(120, 256, 34):
        body += f'<path d="M{-r.randint(0, 40)} {y} {wave}" fill="none" stroke="{jitter(r, "#7fc0ea")}" stroke-width="4"/>'
    return "ocean", body


def snow(r: Random) -> Background:
    body = _full(jitter(r, "#b9cfe4")) + _hills(r, r.uniform(130, 170), 14, "#eef5fb")
    flakes = (
        f'<circle cx="{r.random() * 256:.0f}" cy="{r.random() * 256:.0f}" r="{r.uniform(2, 4):.1f}" fill="#ffffff"/>'
        for _ in range(26)
    )
    return "snow", body + "".join(flakes)


def forest(r: Random) -> Background:
    body = _full(jitter(r, "#cfe8cf"))
    for y, green in ((120, "#6fae7a"), (170, "#3f8a55"), (225, "#27663c")):
        colour = jitter(r, green, 8)
        for x in range(-10, 270, 32):
            top = x + r.randint(-8, 8)
            body += f'<polygon points="{top - 22},{y + 40} {top},{y - 50} {top + 22},{y + 40}" fill="{colour}"/>'
        body += f'<rect y="{y + 38}" width="256" height="256" fill="{colour}"/>'
    return "forest", body


def city(r: Random) -> Background:
    body = _gradient(jitter(r, "#a9c6e8"), jitter(r, "#f3e3d6"))
    x = -10
    while x < 256:
        width, height = r.randint(28, 46), r.randint(70, 190)
        wall = jitter(r, r.choice(["#6b7fa3", "#7a8cab", "#5b6a8c", "#8a93a8"]), 8)
        body += f'<rect x="{x}" y="{256 - height}" width="{width}" height="{height}" fill="{wall}"/>'
        for y in range(256 - height + 12, 250, 20):
            for window in (x + 7, x + width - 15):
                body += f'<rect x="{window}" y="{y}" width="8" height="10" fill="#f6e6a8"/>'
        x += width + r.randint(0, 6)
    return "city", body


def underwater(r: Random) -> Background:
    body = _gradient(jitter(r, "#3fb2cf"), jitter(r, "#0d4a7c"))
    ring = 'fill="none" stroke="#bfefff" stroke-width="2"'
    body += "".join(
        f'<circle cx="{r.random() * 256:.0f}" cy="{r.random() * 256:.0f}" r="{r.uniform(3, 8):.0f}" {ring}/>' for _ in range(12)
    )
    weed = 'fill="none" stroke="#2f8f5e" stroke-width="9"'
    places = [r.randint(0, 256) for _ in range(5)]
    return "underwater", body + "".join(f'<path d="M{x} 256 q-14 -30 0 -55 q14 -25 2 -50" {weed}/>' for x in places)


def space(r: Random) -> Background:
    body = _full(jitter(r, "#140a26", 6))
    for _ in range(4):
        place = f'cx="{r.random() * 256:.0f}" cy="{r.random() * 256:.0f}" r="{r.randint(40, 80)}"'
        body += f'<circle {place} fill="{r.choice(["#5b2a86", "#2a3f8a", "#86306f"])}" opacity=".35"/>'
    return "space", body + _stars(r, 34)


def beach(r: Random) -> Background:
    body = _full(jitter(r, "#a6dcf3"))
    body += f'<rect y="96" width="256" height="80" fill="{jitter(r, "#3fa3cf")}"/>'
    return "beach", body + _hills(r, r.uniform(160, 180), 8, jitter(r, "#f2dca2"))


PLACES: tuple[Callable[[Random], Background], ...] = (
    blue_sky, night_sky, sunset, green_meadow, desert, ocean, snow, forest, city, underwater, space, beach,
)
PLACE_NAMES: tuple[str, ...] = tuple(place.__name__.replace("_", " ") for place in PLACES)
BACKGROUND_NAMES: tuple[str, ...] = (*PLACE_NAMES, *(f"{name} background" for name in COLOURS))


def any_background(r: Random) -> Background:
    """A plain colour in two cases of five, else a place."""
    return plain_colour(r) if r.random() < 0.4 else r.choice(PLACES)(r)
