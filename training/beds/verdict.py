"""What the judge makes of whole pictures: it looks through square windows of several sizes."""
from dataclasses import dataclass

import numpy as np
import torch

from .crops import HEADS, NONE, Window, cut
from .judge import Judge

OBJECTS = HEADS["object"]
_SIDES = (0.32, 0.45, 0.63, 0.85, 1.0)  # of the shorter side of what is looked at
_WITNESSES = 3  # windows that must agree: one that shows half a dog may look like a cookie


def windows(box: Window, sides: tuple[float, ...] = _SIDES) -> list[Window]:
    """Square windows of each side, at most a third of a side apart, from edge to edge of a box in pixels."""
    x0, y0, x1, y1 = box
    found = []
    for share in sides:
        side = round(share * min(x1 - x0, y1 - y0))

        def starts(a: int, b: int) -> list[int]:
            return np.unique(np.linspace(a, b - side, int(np.ceil((b - a - side) / (side / 3))) + 1).round().astype(int)).tolist()

        found += [(x, y, x + side, y + side) for y in starts(y0, y1) for x in starts(x0, x1)]
    return found


@dataclass(frozen=True)
class Verdict:
    """Of each object how surely it is shown (mean of its three surest windows); the style where the surest object is."""

    objects: torch.Tensor
    style: str

    def ranked(self) -> list[str]:
        """Objects, surest first; only those that beat "none" in their windows, so the list may be empty."""
        order = self.objects.argsort(descending=True).tolist()
        return [OBJECTS[i] for i in order if float(self.objects[i]) > 0.35]


def look(judge: Judge, picture: np.ndarray, box: Window | None = None) -> Verdict:
    """At a picture [h, w, 3] uint8, or at a box of it."""
    seen = windows(box or (0, 0, picture.shape[1], picture.shape[0]))
    named = judge.judge(np.stack([cut(picture, w) for w in seen]))
    by_object = named["object"][:, : OBJECTS.index(NONE)]
    surest = by_object.topk(_WITNESSES, dim=0).values.mean(0)
    weight = by_object[:, int(surest.argmax())]
    style = (named["style"] * weight[:, None]).sum(0)
    return Verdict(surest, HEADS["style"][int(style.argmax())])


def whole(judge: Judge, picture: np.ndarray, box: Window | None = None) -> tuple[str, str]:
    """Background and effect of a picture, or of a box of it."""
    named = judge.judge(cut(picture, box or (0, 0, picture.shape[1], picture.shape[0]))[None])
    return tuple(HEADS[head][int(named[head][0].argmax())] for head in ("background", "effect"))
