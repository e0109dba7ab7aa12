"""Accuracies on held-out captions and layouts as the judge sees them, with the same for real scenes, and contact sheets.

Nothing here is drawn in training: combinations are held out by captions.held_out, scenes by their sets.
"""
import argparse
import json
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from random import Random

import numpy as np
from PIL import ImageColor

from . import shapes
from .autoencoder import measured_psnr
from .backgrounds import BACKGROUND_NAMES
from .captions import full_caption, held_out
from .concepts import COLOURS, EFFECTS, NOUNS, STYLE_NAMES
from .crops import NONE, PictureSet
from .judge import Judge, load_judge
from .layouts import REGIONS, by_cells, coverage, grid, layout_prompts, weight_maps
from .paint import Painter, contact_sheet
from .sample import painter, painter_arguments
from .scenes import one_background
from .verdict import look, whole


@dataclass
class Score:
    right: int = 0
    seen: int = 0

    def add(self, right: bool) -> None:
        self.right += right
        self.seen += 1

    def __str__(self) -> str:
        return f"{self.right} of {self.seen} ({100 * self.right / max(1, self.seen):.1f} %)"


Scores = dict[str, Score]


def held_out_scenes(r: Random, count: int, objects: int) -> list[tuple[list[str], str, str]]:
    """Held-out combinations of nouns, background and style; nouns come in turn, but for the few that have none held out."""
    found: list[tuple[list[str], str, str]] = []
    for noun in cycle(r.sample(NOUNS, len(NOUNS))):
        for _ in range(500):
            nouns = [noun, *r.sample([n for n in NOUNS if n != noun], objects - 1)]
            chosen = nouns, r.choice(BACKGROUND_NAMES), r.choice(STYLE_NAMES)
            if held_out(sorted(nouns), chosen[1], chosen[2], None):
                found.append(chosen)
                break
        if len(found) == count:
            return found


def judge_scenes(scores: Scores, judge: Judge, pictures: np.ndarray, scenes: list[tuple[list[str], str, str]], kind: str) -> None:
    """All objects must be among as many of the surest names as there are objects."""
    for picture, (nouns, background, style) in zip(pictures, scenes):
        verdict = look(judge, picture)
        scores.setdefault(f"{kind}: objects", Score()).add(set(nouns) <= set(verdict.ranked()[: len(nouns)]))
        scores.setdefault(f"{kind}: any object", Score()).add(bool(set(nouns) & set(verdict.ranked()[: len(nouns)])))
        scores.setdefault(f"{kind}: background", Score()).add(whole(judge, picture)[0] == background)
        scores.setdefault(f"{kind}: style", Score()).add(verdict.style == style)


def _keep(pictures: np.ndarray, captions: list[str], path: Path, columns: int = 8) -> None:
    """A contact sheet, JPEG, and beside it what was asked for, a line for each picture."""
    contact_sheet(pictures, path.with_suffix(".jpg"), columns)
    path.with_suffix(".txt").write_text("\n".join(captions) + "\n")


def painted_scenes(scores: Scores, judge: Judge, by: Painter, size: int, count: int, objects: int, out: Path) -> None:
    kind = {1: "single", 2: "pair"}[objects]
    scenes = held_out_scenes(Random(objects), count, objects)
    pictures = by.paint_all([full_caption(*scene) for scene in scenes], size, 1000 * objects)
    judge_scenes(scores, judge, pictures, scenes, kind)
    _keep(pictures[:64], [full_caption(*scene) for scene in scenes[:64]], out / f"{kind}s")


def painted_backgrounds(scores: Scores, judge: Judge, by: Painter, size: int, out: Path) -> None:
    """Every background alone."""
    pictures = by.paint_all(BACKGROUND_NAMES, size, 3000)
    for picture, name in zip(pictures, BACKGROUND_NAMES):
        scores.setdefault("background alone", Score()).add(whole(judge, picture)[0] == name)
    _keep(pictures, BACKGROUND_NAMES, out / "backgrounds")


def painted_looks(scores: Scores, judge: Judge, by: Painter, size: int, each: int, out: Path) -> None:
    """The same single objects with every effect, in every style, and with neither: a row each."""
    r = Random(4)
    objects = [(r.choice(NOUNS), r.choice(BACKGROUND_NAMES)) for _ in range(each)]
    looks = [*((None, effect) for effect in EFFECTS), *((style, None) for style in STYLE_NAMES), (None, None)]
    asked = [(*look, *what) for look in looks for what in objects]
    captions = [full_caption([noun], background, style, effect) for style, effect, noun, background in asked]
    pictures = by.paint_all(captions, size, 4000)
    for picture, (style, effect, _, _) in zip(pictures, asked):
        scores.setdefault("effect", Score()).add(whole(judge, picture)[1] == (effect or NONE))
        if style:
            scores.setdefault("style", Score()).add(look(judge, picture).style == style)
    _keep(pictures, captions, out / "looks", each)


def painted_regions(scores: Scores, judge: Judge, by: Painter, size: int, count: int, out: Path) -> None:
    """Four quarters in attention mode, each with an object and a background of its own; counted by region."""
    r, boxes = Random(5), grid(size)
    maps = weight_maps([coverage(box, size) for box in boxes])
    asked = []
    for _ in range(count):
        asked.append((r.sample(NOUNS, 4), r.sample(BACKGROUND_NAMES, 4), r.choice(STYLE_NAMES)))
    pictures = by.paint_layouts([layout_prompts(*each) for each in asked], np.stack([maps] * count), size, 5000, batch=4)
    for picture, (nouns, backgrounds, _) in zip(pictures, asked):
        for noun, background, box in zip(nouns, backgrounds, boxes):
            window = tuple(round(v) for v in box)
            scores.setdefault("four regions: object", Score()).add(look(judge, picture, window).ranked()[:1] == [noun])
            scores.setdefault("four regions: background", Score()).add(whole(judge, picture, window)[0] == background)
    _keep(pictures, [" | ".join(layout_prompts(*each)[1:]) for each in asked], out / "regions", 4)


_CONTRASTS = (("blue", "yellow"), ("white", "red"), ("green", "purple"), ("navy", "orange"))  # of a background, of a shape


def overlap(picture: np.ndarray, ground: str, filling: str, mask: np.ndarray) -> float:
    """The Jaccard index of what is nearer in RGB to the filling's colour than to the background's, and of a mask."""
    far = [((picture - np.array(ImageColor.getrgb(COLOURS[name]))) ** 2).sum(-1) for name in (ground, filling)]
    painted, wanted = far[1] < far[0], mask > 0.5
    return float((painted & wanted).sum() / (painted | wanted).sum())


def painted_shapes(by: Painter, size: int, count: int, out: Path) -> float:
    """How well plain colours fill regions of every kind of shape in attention mode: the mean overlap."""
    outlines = [outline for i in range(count) for outline in shapes.one_of_each(Random(i), size)]
    masks = [np.asarray(shapes.mask(outline, size), np.float32) / 255 for outline in outlines]
    asked = [_CONTRASTS[i % len(_CONTRASTS)] for i in range(len(masks))]
    prompts = [[f"{name} background" for name in pair] + [""] * (REGIONS - 1) for pair in asked]
    maps = np.stack([weight_maps([by_cells(mask)]) for mask in masks])
    pictures = by.paint_layouts(prompts, maps, size, 6000, batch=8)
    _keep(pictures, [f"{filling} on {ground}" for ground, filling in asked], out / "shapes", len(masks) // count)
    return float(np.mean([overlap(picture, *pair, mask) for picture, pair, mask in zip(pictures, asked, masks)]))


def real_scenes(scores: Scores, judge: Judge, pictures: PictureSet, count: int) -> None:
    """What the judge makes of held-out scenes of the generator: nothing painted can be expected to score higher."""
    for picture, record in zip(pictures.pixels, pictures.records):
        nouns = [o[0] for o in record["objs"]]
        if record["effect"] or len(nouns) not in (1, 2) or not one_background(record):
            continue
        kind = {1: "real single", 2: "real pair"}[len(nouns)]
        if scores.get(f"{kind}: objects", Score()).seen < count:
            judge_scenes(scores, judge, picture[None], [(nouns, record["bg"], record["style"])], kind)


def arguments(parser: argparse.ArgumentParser) -> None:
    painter_arguments(parser)
    parser.add_argument("--size", type=int, default=256, help="pixels")
    parser.add_argument("--singles", type=int, default=144)
    parser.add_argument("--pairs", type=int, default=432, help="more than single objects: fewer are right, so chance counts for more")
    parser.add_argument("--looks", type=int, default=8, help="pictures of each effect and style")
    parser.add_argument("--layouts", type=int, default=16, help="pictures of four regions")
    parser.add_argument("--shapes", type=int, default=2, help="pictures of each shape of region")
    parser.add_argument("--real", nargs="*", default=[], help="names of held-out sets, for the judge's own accuracy and PSNR")
    parser.add_argument("--real-count", type=int, default=100)
    parser.add_argument("--judge", type=Path, help="judge.pt; default: the working folder's")
    parser.add_argument("--out", type=Path, help="folder for results; default: out/results of the working folder")


def run(args: argparse.Namespace) -> None:
    out = args.out or args.work.results
    out.mkdir(parents=True, exist_ok=True)
    by, scores = painter(args), {}
    judge = load_judge(args.judge or args.work.classifier / "judge.pt").to(by.unet.device)
    measured: dict[str, str | float] = {}
    for name in args.real:
        pictures = PictureSet.open(args.work.data / name)
        measured[f"autoencoder PSNR on {name}, dB"] = round(measured_psnr(by.autoencoder, pictures.pixels[:100]), 2)
        real_scenes(scores, judge, pictures, args.real_count)
    painted_scenes(scores, judge, by, args.size, args.singles, 1, out)
    painted_scenes(scores, judge, by, args.size, args.pairs, 2, out)
    painted_backgrounds(scores, judge, by, args.size, out)
    painted_looks(scores, judge, by, args.size, args.looks, out)
    painted_regions(scores, judge, by, args.size, args.layouts, out)
    measured["shapes: overlap with their regions"] = round(painted_shapes(by, args.size, args.shapes, out), 3)
    measured |= {name: str(score) for name, score in scores.items()}
    (out / "scores.json").write_text(json.dumps(measured, indent=2) + "\n")
    rows = "".join(f"| {name} | {value} |\n" for name, value in measured.items())
    (out / "scores.md").write_text("| Measure | Result |\n|---|---|\n" + rows)
    print(rows, end="")
