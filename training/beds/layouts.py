"""Layouts for training and evaluation: which prompt paints where, as the generator's own records know it."""
from random import Random

import numpy as np

from . import shapes
from .captions import EMPTY_SHARE, full_caption, nouns_of
from .scenes import Record

REGIONS = 4  # most regions of one picture; weight maps have one more, the base
FACTOR = 8  # pixels per latent cell

Box = tuple[float, float, float, float]  # x0, y0, x1, y1 in pixels


def coverage(box: Box, size: int) -> np.ndarray:
    """Share of each latent cell [h, w] that a box covers."""
    i = np.arange(size // FACTOR)

    def span(a: float, b: float) -> np.ndarray:
        return np.clip(np.minimum(b / FACTOR, i + 1) - np.maximum(a / FACTOR, i), 0, 1)

    return span(box[1], box[3])[:, None] * span(box[0], box[2])[None, :]


def object_mask(record: Record, size: int) -> np.ndarray:
    """How much of each latent cell [h, w] lies in the square of an object."""
    total = np.zeros((size // FACTOR, size // FACTOR), np.float32)
    for _, x, y, side in record["objs"]:
        total += coverage((x, y, x + side, y + side), size)
    return np.minimum(1, total)


def soften(mask: np.ndarray) -> np.ndarray:
    """A box filter of three cells; at the border the edge is repeated."""
    for axis in (0, 1):
        padded = np.pad(mask, [(1, 1) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
        mask = sum(np.take(padded, range(k, k + mask.shape[axis]), axis) for k in range(3)) / 3
    return mask


def weight_maps(masks: list[np.ndarray], base_ratio: float = 0.0) -> np.ndarray:
    """Masks [h, w] in 0..1 -> weight maps [1 + REGIONS, h, w] that sum to one, base first; overlaps are shared out.

    docs/regional-attention.md: m_r = min(1, sum M) M_r / sum M, W_r = (1 - b) m_r, W_0 the rest.
    """
    stack = np.stack(masks)
    total = stack.sum(0)
    shared = stack * (np.minimum(1, total) / np.maximum(total, 1e-9)) * (1 - base_ratio)
    maps = np.zeros((1 + REGIONS, *stack.shape[1:]), np.float32)
    maps[1 : 1 + len(masks)] = shared
    maps[0] = np.clip(1 - maps[1:].sum(0), 0, 1)
    return maps


def _prompt(r: Random, nouns: list[str], background: str | None, record: Record, styled: float = 0.7) -> str:
    parts = [nouns_of(r, nouns), background, record["style"] if r.random() < styled else None, record["effect"]]
    return ", ".join(part for part in parts if part)


# A record's prompts, base first, and the masks [h, w] in 0..1 of all but the base.
_Layout = tuple[list[str], list[np.ndarray]]


def _cells(r: Random, record: Record, size: int) -> _Layout:
    cells = record["cells"][:REGIONS]
    nouns = [o[0] for o in record["objs"]]
    base = r.choices(["", _prompt(r, [], None, record), _prompt(r, nouns, None, record), _prompt(r, [], cells[0]["bg"], record)],
                     [0.3, 0.4, 0.15, 0.15])[0]
    prompts = [_prompt(r, [nouns[i] for i in cell["objs"]], cell["bg"], record) for cell in cells]
    return [base, *prompts], [coverage(tuple(cell["box"]), size) for cell in cells]


def by_cells(pixels: np.ndarray) -> np.ndarray:
    """The mean [h, w] over the pixels of each latent cell."""
    h, w = (edge // FACTOR for edge in pixels.shape)
    return pixels.reshape(h, FACTOR, w, FACTOR).mean((1, 3))


def _shapes(r: Random, record: Record, size: int) -> _Layout:
    """The rest of the picture is the base's, or the last region's."""
    drawn, nouns = record["shapes"], [o[0] for o in record["objs"]]
    parts = shapes.stacked([shapes.mask(shape["outline"], size, shape["feather"]) for shape in drawn])
    masks = [by_cells(part) for part in parts]
    prompts = [_prompt(r, [nouns[i] for i in shape["objs"]], shape["bg"], record) for shape in drawn]
    inside = {i for shape in drawn for i in shape["objs"]}
    rest = _prompt(r, [noun for i, noun in enumerate(nouns) if i not in inside], record["bg"], record)
    if r.random() < 0.7:
        return [rest, *prompts], masks
    return [r.choice(["", _prompt(r, [], None, record)]), *prompts, rest], [*masks, 1 - sum(masks)]


def _around(r: Random, record: Record, size: int) -> _Layout:
    """A box or an ellipse about each object, a little larger than it; what has none is named by the base prompt."""
    objects = r.sample(record["objs"], min(REGIONS, len(record["objs"])))
    rest = [o[0] for o in record["objs"] if o not in objects]
    named = [o[0] for o in record["objs"]] if r.random() < 0.2 else rest
    prompts, masks = [_prompt(r, named, record["bg"], record)], []
    for noun, x, y, side in objects:
        if r.random() < 0.6:
            grow = [side * r.uniform(0, 0.35) for _ in range(4)]
            box = (max(0, x - grow[0]), max(0, y - grow[1]), min(size, x + side + grow[2]), min(size, y + side + grow[3]))
            masks.append(coverage(box, size))
        else:
            width, height = side * r.uniform(1.1, 1.5), side * r.uniform(1.1, 1.5)
            about = [(x + side / 2 + px, y + side / 2 + py) for px, py in shapes.ellipse(width, height)]
            masks.append(by_cells(np.asarray(shapes.mask(about, size), np.float32) / 255))
        prompts.append(_prompt(r, [noun], record["bg"] if r.random() < 0.5 else None, record))
    return prompts, masks


def region_prompts(r: Random, record: Record, size: int) -> tuple[list[str], np.ndarray]:
    """A record -> 1 + REGIONS prompts, base first, and their weight maps [1 + REGIONS, h, w]; unused places have weight zero.

    In one case of ten every prompt is empty, for guidance.
    """
    layout = _cells if "cells" in record else _shapes if "shapes" in record else _around
    prompts, masks = layout(r, record, size)
    if r.random() < EMPTY_SHARE or not masks:
        whole = np.zeros((1 + REGIONS, size // FACTOR, size // FACTOR), np.float32)
        whole[0] = 1
        prompt = "" if masks else prompts[0]
        return [prompt, *[""] * REGIONS], whole
    if r.random() < 0.3:
        masks = [soften(mask) for mask in masks]
    base_ratio = r.choice([0, 0, 0, 0.1, 0.2, 0.3])
    return prompts + [""] * (1 + REGIONS - len(prompts)), weight_maps(masks, base_ratio)


def grid(size: int) -> list[Box]:
    """Four equal quarters, in reading order."""
    half = size / 2
    return [(x, y, x + half, y + half) for y in (0, half) for x in (0, half)]


def layout_prompts(nouns: list[str], backgrounds: list[str], style: str) -> list[str]:
    """Prompts of a layout for evaluation: an empty base and one full caption per region."""
    return ["", *(full_caption([noun], background, style) for noun, background in zip(nouns, backgrounds))]
