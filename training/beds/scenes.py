"""Pictures and their records: a background, one to five objects on it, sometimes an effect; or a layout of regions.

A record says what a picture holds: `bg`, `objs` as [noun, x, y, side] in pixels, `style` and `effect` (null for none). A
picture in cells has `cells` too, each with its `box` [x0, y0, x1, y1] in pixels, its `bg`, and the numbers of its `objs`. A
picture with shapes upon its background has `shapes` instead, lowest first, each with its `outline` ([x, y], ... in pixels),
the `feather` of its edge, its `bg` and `objs`; the other objects lie upon the background.
"""
import argparse
import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image, ImageFilter

from . import effects, shapes
from .backgrounds import any_background
from .concepts import CONCEPTS, EFFECTS, STYLES
from .vectors import draw, load_icons

Record = dict
Icons = dict[tuple[str, str], Image.Image]
Box = tuple[int, int, int, int]

EFFECT_SHARE = 0.2
# number of objects -> (share of pictures, smallest and largest side in pixels)
_COUNTS = {
    64: {0: (0.05, 0, 0), 1: (0.95, 34, 60)},
    128: {0: (0.04, 0, 0), 1: (0.5, 48, 116), 2: (0.34, 38, 70), 3: (0.12, 34, 54)},
    256: {0: (0.03, 0, 0), 1: (0.15, 64, 190), 2: (0.27, 56, 130), 3: (0.25, 52, 104), 4: (0.2, 48, 92), 5: (0.1, 44, 84)},
}


def _backdrop(r: Random, size: int) -> tuple[str, Image.Image]:
    """A background of 256 pixels, or a window or a reduction of it."""
    name, body = any_background(r)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256" width="256" height="256">{body}</svg>'
    image = draw(svg, 256).convert("RGB")
    if size < 256:
        x, y = r.randint(0, 256 - size), r.randint(0, 256 - size)
        reduce = r.choice([0, 0, 1])
        image = image.resize((size, size), Image.LANCZOS) if reduce else image.crop((x, y, x + size, y + size))
    return name, image


def _cell_backdrop(r: Random, width: int, height: int) -> tuple[str, Image.Image]:
    """A background that shows its whole self in a cell: squeezed by at most two, then cut."""
    name, image = _backdrop(r, 256)
    wide, high = max(width, height // 2), max(height, width // 2)
    x, y = r.randint(0, wide - width), r.randint(0, high - height)
    return name, image.resize((wide, high), Image.LANCZOS).crop((x, y, x + width, y + height))


def _perhaps_an_effect(r: Random, image: Image.Image) -> tuple[Image.Image, str | None]:
    if r.random() >= EFFECT_SHARE:
        return image, None
    effect = r.choice(EFFECTS)
    return effects.apply(effect, image), effect


def _put(image: Image.Image, icon: Image.Image, x: int, y: int, side: int) -> None:
    """An icon into a square."""
    small = icon.resize((side, side), Image.LANCZOS)
    image.paste(small, (x, y), small)


def _apart(x: int, y: int, side: int, others: list[list]) -> bool:
    return all(x + side * 0.92 < ox or ox + os * 0.92 < x or y + side * 0.92 < oy or oy + os * 0.92 < y for _, ox, oy, os in others)


def plain_scene(
    r: Random, size: int, icons: Icons, numbers: list[int] | None = None, sides: tuple[int, int] | None = None
) -> tuple[Image.Image, Record]:
    """One background over the whole picture, with one of these `numbers` of objects, of `sides` from smallest to largest in
    pixels. An object that finds no room in thirty tries stays away. The same stream gives the same picture."""
    background, image = _backdrop(r, size)
    style = r.choice(list(STYLES))
    counts = {n: c for n, c in _COUNTS[size].items() if numbers is None or n in numbers}
    count = r.choices(list(counts), [share for share, _, _ in counts.values()])[0]
    smallest, largest = sides or counts[count][1:]
    objects: list[list] = []
    for noun, _ in r.sample(CONCEPTS, count):
        for _ in range(30):
            side = r.randint(smallest, largest)
            x, y = r.randint(2, size - side - 2), r.randint(2, size - side - 2)
            if _apart(x, y, side, objects):
                _put(image, icons[style, noun], x, y, side)
                objects.append([noun, x, y, side])
                break
    image, effect = _perhaps_an_effect(r, image)
    return image, dict(bg=background, objs=objects, style=STYLES[style], effect=effect)


def _cuts(r: Random, size: int, parts: int) -> list[int]:
    """Edges of `parts` spans of a side, none shorter than 0.7 of its fair share."""
    shares = np.array([r.uniform(0.7, 1.3) for _ in range(parts)])
    return [0, *(round(size * float(s)) for s in np.cumsum(shares / shares.sum()))]


def _cells(r: Random, size: int) -> list[Box]:
    """Columns, rows or a grid that fill the picture: two cells below 256 pixels, else two to four."""
    kind = r.choice(["columns", "rows"] if size < 256 else ["columns", "rows", "grid", "grid"])
    if kind == "grid":
        xs, ys = _cuts(r, size, 2), _cuts(r, size, 2)
        return [(xs[i], ys[j], xs[i + 1], ys[j + 1]) for j in range(2) for i in range(2)]
    cuts = _cuts(r, size, 2 if size < 256 else r.choice([2, 3, 4]))
    if kind == "columns":
        return [(a, 0, b, size) for a, b in zip(cuts, cuts[1:])]
    return [(0, a, size, b) for a, b in zip(cuts, cuts[1:])]


def cell_scene(r: Random, size: int, icons: Icons) -> tuple[Image.Image, Record]:
    """A layout of cells, each with a background and at most one object of its own; seams are sharp or blurred."""
    style = r.choice(list(STYLES))
    boxes = _cells(r, size)
    nouns = iter(r.sample(CONCEPTS, len(boxes)))
    shared = r.random() < 0.2
    feather = r.choice([0, 0, 3, 6, 10])
    image, objects, cells = Image.new("RGB", (size, size)), [], []
    if shared:
        name, image = _backdrop(r, size)
    for x0, y0, x1, y1 in boxes:
        if not shared:
            # Soft towards the cells to the left and above, which lie there already; the rest runs on under the next cells.
            margin = 2 * feather
            name, ground = _cell_backdrop(r, x1 - x0 + 2 * margin, y1 - y0 + 2 * margin)
            mask = Image.new("L", ground.size)
            mask.paste(255, (margin if x0 else 0, margin if y0 else 0, *ground.size))
            soft = mask.filter(ImageFilter.GaussianBlur(feather)) if feather else mask
            image.paste(ground, (x0 - margin, y0 - margin), soft)
        cells.append(dict(box=[x0, y0, x1, y1], bg=name, objs=[]))
    for cell in cells:
        x0, y0, x1, y1 = cell["box"]
        room = min(x1 - x0, y1 - y0)
        if r.random() < 0.9:
            noun, side = next(nouns).noun, r.randint(int(room * 0.6), int(room * 0.96))
            x, y = r.randint(x0, x1 - side), r.randint(y0, y1 - side)
            _put(image, icons[style, noun], x, y, side)
            cell["objs"].append(len(objects))
            objects.append([noun, x, y, side])
    image, effect = _perhaps_an_effect(r, image)
    return image, dict(bg=None, objs=objects, style=STYLES[style], effect=effect, cells=cells)


def _seen(part: np.ndarray, x: float, y: float, side: float) -> float:
    """How much of a square lies in a part of the picture [size, size] in 0..1; none of one that leaves the picture."""
    x0, y0, x1, y1 = (round(v) for v in (x, y, x + side, y + side))
    inside = 0 <= x0 < x1 <= part.shape[1] and 0 <= y0 < y1 <= part.shape[0]
    return float(part[y0:y1, x0:x1].mean()) if inside else 0.0


def shape_scene(r: Random, size: int, icons: Icons) -> tuple[Image.Image, Record]:
    """One to three shapes of any kind upon a background, each filled with another and some with an object; edges are sharp or
    blurred, later shapes hide earlier ones. One more object may lie outside of them."""
    style = r.choice(list(STYLES))
    background, image = _backdrop(r, size)
    drawn, squares, masks = [], [], []
    for _ in range(r.choice([1, 1, 2, 3])):
        exact, square = shapes.any_outline(r, size)
        outline = [(round(x, 1), round(y, 1)) for x, y in exact]  # as the record has it
        feather = r.choice([0, 0, 0, 4, 9, 16]) * size / 256
        masks.append(shapes.mask(outline, size, feather))
        name, filling = _backdrop(r, size)
        image.paste(filling, (0, 0), masks[-1])
        drawn.append(dict(outline=outline, feather=feather, bg=name, objs=[]))
        squares.append(square)
    parts = shapes.stacked(masks)
    rest = 1 - parts.sum(0)
    nouns, objects = iter(r.sample(CONCEPTS, len(drawn) + 1)), []

    def put(square: tuple[float, float, float]) -> None:
        noun, (x, y, side) = next(nouns).noun, (round(v) for v in square)
        _put(image, icons[style, noun], x, y, side)
        objects.append([noun, x, y, side])

    for shape, square, part in zip(drawn, squares, parts):
        if square and r.random() < 0.7 and _seen(part, *square) > 0.9:
            shape["objs"].append(len(objects))
            put(square)
    if r.random() < 0.4:
        for _ in range(30):
            side = r.uniform(0.22, 0.45) * size
            square = r.uniform(0, size - side), r.uniform(0, size - side), side
            if _seen(rest, *square) > 0.97:
                put(square)
                break
    image, effect = _perhaps_an_effect(r, image)
    return image, dict(bg=background, objs=objects, style=STYLES[style], effect=effect, shapes=drawn)


def one_background(record: Record) -> bool:
    """Whether a record's picture is a plain scene, so that its background is seen everywhere."""
    return "cells" not in record and "shapes" not in record


def write_scenes(out: Path, size: int, count: int, scene: Callable[[], tuple[Image.Image, Record]]) -> None:
    """OUT.npy [count, size, size, 3] uint8 and OUT.json, a list of records."""
    out.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.lib.format.open_memmap(f"{out}.npy", mode="w+", dtype=np.uint8, shape=(count, size, size, 3))
    records = []
    for i in range(count):
        image, record = scene()
        pixels[i] = np.asarray(image)
        records.append(record)
    pixels.flush()
    Path(f"{out}.json").write_text(json.dumps(records))


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="of the set: data/NAME.npy and data/NAME.json are written")
    parser.add_argument("--size", type=int, choices=list(_COUNTS), required=True, help="pixels")
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--cells", action="store_true", help="layouts of cells instead of plain scenes")
    kinds.add_argument("--shapes", action="store_true", help="shapes upon a background instead of plain scenes")
    kinds.add_argument("--objects", type=int, nargs="+", choices=range(6), help="only these numbers of objects; default: a mix")
    parser.add_argument("--sides", type=int, nargs=2, help="of objects in plain scenes, smallest and largest, in pixels; default: by their number")


def run(args: argparse.Namespace) -> None:
    if args.objects and not set(args.objects) <= set(_COUNTS[args.size]):
        raise SystemExit(f"--objects {args.objects}: scenes of {args.size} pixels have {list(_COUNTS[args.size])} objects")
    if args.sides and (args.cells or args.shapes or not 1 <= args.sides[0] <= args.sides[1] <= args.size - 4):
        raise SystemExit(f"--sides {args.sides}: two sides for plain scenes, the smaller first, at most {args.size - 4} pixels")
    r, icons, sides = Random(args.seed), load_icons(args.work), tuple(args.sides) if args.sides else None
    kind = "cell" if args.cells else "shape" if args.shapes else "plain"

    def scene() -> tuple[Image.Image, Record]:
        if args.cells or args.shapes:
            return (cell_scene if args.cells else shape_scene)(r, args.size, icons)
        return plain_scene(r, args.size, icons, args.objects, sides)

    write_scenes(args.work.data / args.name, args.size, args.count, scene)
    print(f"{args.name}: {args.count} {kind} scenes of {args.size} pixels, seed {args.seed}")
