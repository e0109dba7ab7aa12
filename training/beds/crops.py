"""Labelled crops of scenes for the judge: one object, no object, or a stretch of background."""
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from .backgrounds import BACKGROUND_NAMES
from .concepts import CONCEPTS, EFFECTS, STYLES
from .draws import endless
from .nets import from_pictures

SIDE = 64  # pixels of every crop the judge sees
NONE = "none"
# What the judge names, head by head.
HEADS: dict[str, tuple[str, ...]] = {
    "object": (*(concept.noun for concept in CONCEPTS), NONE),
    "background": BACKGROUND_NAMES,
    "style": tuple(STYLES.values()),
    "effect": (*EFFECTS, NONE),
}
UNKNOWN = -100  # a label that a crop does not have: cross-entropy's ignore_index


@dataclass
class PictureSet:
    """Pictures [n, size, size, 3] uint8 and their records."""

    pixels: np.ndarray
    records: list[dict]

    @staticmethod
    def open(stem: Path, limit: int | None = None) -> "PictureSet":
        return PictureSet(np.load(f"{stem}.npy", mmap_mode="r")[:limit], json.loads(Path(f"{stem}.json").read_text())[:limit])


Window = tuple[int, int, int, int]


def cut(pixels: np.ndarray, window: Window) -> np.ndarray:
    """A window of a picture, resized to SIDE x SIDE."""
    x0, y0, x1, y1 = window
    return np.asarray(Image.fromarray(pixels[y0:y1, x0:x1]).resize((SIDE, SIDE), Image.BILINEAR))


def _visible(window: Window, x: int, y: int, side: int) -> float:
    """Area of an object's square inside a window, in pixels."""
    x0, y0, x1, y1 = window
    return max(0, min(x1, x + side) - max(x0, x)) * max(0, min(y1, y + side) - max(y0, y))


def _place(r: Random, lowest: float, highest: float, length: int, size: int) -> int:
    """A start between two bounds, moved inside the picture."""
    return max(0, min(size - length, round(r.uniform(lowest, highest))))


def _object_window(r: Random, record: dict, size: int) -> tuple[Window, int] | None:
    """A window about an object that shows nearly all of it, and little of the others."""
    chosen = r.randrange(len(record["objs"]))
    _, x, y, side = record["objs"][chosen]
    length = min(size, round(side * r.uniform(0.95, 1.9)))
    slack = 0.1 * side
    wx = _place(r, x + side - length - slack, x + slack, length, size)
    wy = _place(r, y + side - length - slack, y + slack, length, size)
    window = (wx, wy, wx + length, wy + length)
    if _visible(window, x, y, side) < 0.85 * side * side:
        return None
    for i, (_, ox, oy, os) in enumerate(record["objs"]):
        if i != chosen and _visible(window, ox, oy, os) > 0.3 * min(side * side, os * os):
            return None
    return window, chosen


def _empty_window(r: Random, record: dict, size: int) -> Window | None:
    """A window with nothing, or less than a third of each object that reaches into it."""
    length = r.randint(24, size)
    x, y = r.randint(0, size - length), r.randint(0, size - length)
    window = (x, y, x + length, y + length)
    return window if all(_visible(window, *o[1:]) < 0.33 * o[3] ** 2 for o in record["objs"]) else None


def _background_window(r: Random, record: dict, size: int) -> tuple[Window, str] | None:
    """Half the picture or more in each direction; in a picture of cells, a cell; none in one with shapes."""
    if "shapes" in record:
        return None
    if "cells" in record:
        cell = r.choice(record["cells"])
        return tuple(cell["box"]), cell["bg"]
    width, height = r.randint(size // 2, size), r.randint(size // 2, size)
    x, y = r.randint(0, size - width), r.randint(0, size - height)
    return (x, y, x + width, y + height), record["bg"]


def labelled_crop(r: Random, pictures: PictureSet) -> tuple[np.ndarray, list[int]]:
    """A crop [SIDE, SIDE, 3] and one label per head: six in ten show an object, two nothing, two a background."""
    size = pictures.pixels.shape[1]
    while True:
        i = r.randrange(len(pictures.records))
        record = pictures.records[i]
        effect = HEADS["effect"].index(record["effect"] or NONE)
        style = HEADS["style"].index(record["style"]) if not record["effect"] else UNKNOWN
        kind = r.random()
        if kind < 0.6 and record["objs"]:
            found = _object_window(r, record, size)
            if found:
                noun = record["objs"][found[1]][0]
                return cut(pictures.pixels[i], found[0]), [HEADS["object"].index(noun), UNKNOWN, style, effect]
        elif 0.6 <= kind < 0.8:
            window = _empty_window(r, record, size)
            if window:
                return cut(pictures.pixels[i], window), [HEADS["object"].index(NONE), UNKNOWN, UNKNOWN, effect]
        elif kind >= 0.8:
            ground = _background_window(r, record, size)
            if ground:
                return cut(pictures.pixels[i], ground[0]), [UNKNOWN, HEADS["background"].index(ground[1]), UNKNOWN, effect]


def batch(r: Random, sets: list[PictureSet], n: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Crops [n, 3, SIDE, SIDE] in -1..1 and labels [n, heads]."""
    crops, labels = zip(*(labelled_crop(r, r.choice(sets)) for _ in range(n)))
    return from_pictures(torch.from_numpy(np.stack(crops))), torch.tensor(labels)


def _batch(sets: list[PictureSet], n: int) -> tuple[torch.Tensor, torch.Tensor]:
    return batch(random, sets, n)


def batches(sets: list[PictureSet], size: int, workers: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """`batch` without end, cut by as many processes; by this one if there are none."""
    return endless(partial(_batch, sets, size), workers)


def augment(crops: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Blur, a shift and a scale of each colour, and noise, each in a random amount on half of the crops.

    A blurred crop has no label for its effect: the blocks of pixel art and the lines of a sketch are gone.
    """
    n, on = len(crops), dict(device=crops.device)

    def some(share: float) -> torch.Tensor:
        return (torch.rand(n, 1, 1, 1, **on) < share).float()

    small = 16 + 8 * int(torch.randint(0, 5, ()))  # one blur per batch: down to 16..48 pixels and back
    blurred = F.interpolate(F.interpolate(crops, size=small, mode="area"), size=SIDE, mode="bilinear")
    strength = some(0.5) * torch.rand(n, 1, 1, 1, **on)
    crops = torch.lerp(crops, blurred, strength)
    colour = some(0.5)
    crops = crops * (1 + colour * 0.15 * torch.randn(n, 3, 1, 1, **on)) + colour * 0.1 * torch.randn(n, 3, 1, 1, **on)
    labels = labels.clone()
    labels[strength.flatten() > 0.1, list(HEADS).index("effect")] = UNKNOWN
    return (crops + some(0.5) * torch.rand(n, 1, 1, 1, **on) * 0.15 * torch.randn_like(crops)).clamp(-1, 1), labels
