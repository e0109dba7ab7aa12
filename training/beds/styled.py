"""What a LoRA of the dusk style does, in whole pictures and in one quarter of them, and whether objects stay what they are."""
import argparse
import json
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import numpy as np

from .backgrounds import BACKGROUND_NAMES
from .borrow import Borrower, Lora, everywhere, load_lora
from .captions import full_caption
from .concepts import NOUNS
from .dusk import cast
from .evaluate import Score, held_out_scenes
from .judge import Judge, load_judge
from .layouts import coverage, grid, layout_prompts, weight_maps
from .paint import Painter, contact_sheet
from .places import ROOT
from .sample import painter, painter_arguments
from .verdict import look

_STYLE = "noto style"


@dataclass
class Look:
    """What is counted of the pictures, or quarters of pictures, of one kind."""

    objects: Score = field(default_factory=Score)
    casts: list[float] = field(default_factory=list)

    def add(self, judge: Judge, picture: np.ndarray, noun: str) -> None:
        self.objects.add(look(judge, picture).ranked()[:1] == [noun])
        self.casts.append(cast(picture))

    def __str__(self) -> str:
        return f"object right in {self.objects}, violet cast {np.mean(self.casts):.1f}"


Looks = dict[str, Look]


def whole_pictures(looks: Looks, judge: Judge, painters: dict[str, Painter], size: int, count: int, out: Path) -> None:
    """The same single objects by each painter, a row of the sheet each."""
    scenes, rows = held_out_scenes(Random(1), count, 1), []
    for kind, by in painters.items():
        pictures = by.paint_all([full_caption(*scene) for scene in scenes], size, 7000)
        for picture, (nouns, _, _) in zip(pictures, scenes):
            looks.setdefault(f"whole pictures, {kind}", Look()).add(judge, picture, nouns[0])
        rows.append(pictures[:8])
    contact_sheet(np.concatenate(rows), out / "whole.jpg", len(rows[0]))


def one_quarter(looks: Looks, judge: Judge, by: Painter, lora: Lora, size: int, count: int, out: Path) -> dict[str, float]:
    """Layouts of four quarters, without the LoRA and with it in one, another one each time; a row of the sheet each.

    Returns the mean change of a colour, in 1 of 255, in the quarter that has it and in the others.
    """
    r, changes, rows = Random(2), {}, ([], [])
    boxes = grid(size)
    maps = weight_maps([coverage(box, size) for box in boxes])[None]
    for i in range(count):
        nouns, chosen = r.sample(NOUNS, 4), i % 4
        prompts = [layout_prompts(nouns, r.sample(BACKGROUND_NAMES, 4), _STYLE)]
        plain, lent = (one.paint(prompts, size, [8000 + i], maps)[0] for one in (by, Borrower.of(by, lora, 1 + chosen)))
        for at, (noun, box) in enumerate(zip(nouns, boxes)):
            x0, y0, x1, y1 = (round(v) for v in box)
            place, parts = "that quarter" if at == chosen else "the others", [each[y0:y1, x0:x1] for each in (plain, lent)]
            for kind, part in zip(("without", "in one quarter"), parts):
                looks.setdefault(f"{place}, {kind}", Look()).add(judge, part, noun)
            changes.setdefault(place, []).append(np.abs(parts[0].astype(float) - parts[1]).mean())
        rows[0].append(plain), rows[1].append(lent)
    contact_sheet(np.stack([picture for row in rows for picture in row[:8]]), out / "one-quarter.jpg", min(8, count))
    return {place: float(np.mean(each)) for place, each in changes.items()}


def arguments(parser: argparse.ArgumentParser) -> None:
    painter_arguments(parser)
    parser.add_argument("lora", type=Path, help="a file that `lora` wrote")
    parser.add_argument("--weight", type=float, default=1.0, help="of the LoRA")
    parser.add_argument("--size", type=int, default=256, help="pixels")
    parser.add_argument("--singles", type=int, default=48)
    parser.add_argument("--layouts", type=int, default=16)
    parser.add_argument("--judge", type=Path, default=ROOT.parent / "tools" / "fidelity" / "judge" / "classifier.onnx", help="that, or a judge.pt")
    parser.add_argument("--out", type=Path, help="folder for results; default: out/styled of the working folder")


def run(args: argparse.Namespace) -> None:
    out, by, lora = args.out or args.work.folder / "out" / "styled", painter(args), load_lora(args.lora, args.weight)
    judge, looks = load_judge(args.judge), {}
    out.mkdir(parents=True, exist_ok=True)
    whole_pictures(looks, judge, {"without": by, "with it": everywhere(by, lora)}, args.size, args.singles, out)
    changes = one_quarter(looks, judge, by, lora, args.size, args.layouts, out)
    measured = {kind: str(each) for kind, each in looks.items()}
    measured |= {f"change in {place}": f"{change:.1f} of 255" for place, change in changes.items()}
    (out / "scores.json").write_text(json.dumps(measured, indent=2) + "\n")
    print("".join(f"| {name} | {value} |\n" for name, value in measured.items()), end="")
