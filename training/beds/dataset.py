"""Sets of latents with records, and batches from them."""
import json
import random
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from .captions import caption, record_held_out
from .layouts import FACTOR, object_mask, region_prompts
from .scenes import Record


@dataclass(frozen=True)
class LatentSet:
    """Latents [n, 4, h, w] float16 and their records; `allowed` are the numbers of those that are not held out, `captioned`
    of those among them that may stand under one caption."""

    latents: np.ndarray
    records: list[dict]
    allowed: list[int]
    captioned: list[int]

    @property
    def size(self) -> int:
        """Of the pictures, in pixels."""
        return self.latents.shape[-1] * FACTOR

    @property
    def cells(self) -> bool:
        return "cells" in self.records[0]


@dataclass(frozen=True)
class Batch:
    """Latents [n, 4, h, w]; prompts of all pictures after one another, one each or, with maps, one for each of them, base
    first; weight maps [n, regions, h, w] or None; the share of objects in each cell, [n, 1, h, w]; and the pictures' records."""

    latents: torch.Tensor
    prompts: list[str]
    maps: torch.Tensor | None
    objects: torch.Tensor
    records: list[Record]


@dataclass
class Latents:
    """All sets of some folders. Files that appear later join in at the next `scan`."""

    folders: list[Path]
    most_objects: int | None = None  # of plain pictures with one caption; with regions all are used
    sets: dict[Path, LatentSet] = field(default_factory=dict)

    def scan(self) -> None:
        for folder in self.folders:
            for path in sorted(folder.glob("*.lat.npy")):
                if path not in self.sets:
                    records = json.loads(path.with_name(path.name.replace(".lat.npy", ".json")).read_text())
                    allowed = [i for i, record in enumerate(records) if "cells" in record or not record_held_out(record)]
                    most = self.most_objects
                    captioned = [i for i in allowed if most is None or len(records[i]["objs"]) <= most]
                    self.sets[path] = LatentSet(np.load(path), records, allowed, captioned)

    def describe(self) -> str:
        return ", ".join(f"{p.name.split('.')[0]} {len(s.allowed)} of {s.size} px" for p, s in self.sets.items())

    def sizes(self) -> list[int]:
        """Picture sizes with plain scenes, smallest first."""
        return sorted({s.size for s in self.sets.values() if not s.cells})

    def _pick(self, size: int, cells: bool, captioned: bool = False) -> tuple[np.ndarray, dict]:
        s = random.choice([s for s in self.sets.values() if s.size == size and s.cells == cells])
        i = random.choice(s.captioned if captioned else s.allowed)
        return s.latents[i], s.records[i]

    def draw(self, batch: int, small: float, regions: float, least: int) -> Batch:
        """`batch` pictures of the smallest size, or of a larger one as many as have the same area, but `least`; with regions half
        as many. `small` and `regions` are the shares of batches of the smallest size and with regions."""
        sizes = self.sizes()
        size = sizes[0] if random.random() < small else random.choice(sizes[1:] or sizes)
        n = max(least, batch * sizes[0] ** 2 // size**2)
        return self.regional(size, max(2, n // 2)) if random.random() < regions else self.plain(size, n)

    def plain(self, size: int, n: int) -> Batch:
        """A caption per picture."""
        picked = [self._pick(size, False, captioned=True) for _ in range(n)]
        return _batch(picked, size, [[caption(random, record)] for _, record in picked], None)

    def regional(self, size: int, n: int, cell_share: float = 0.7) -> Batch:
        """Prompts with weight maps."""
        has_cells = any(s.cells and s.size == size for s in self.sets.values())
        picked = [self._pick(size, has_cells and random.random() < cell_share) for _ in range(n)]
        prompts, maps = zip(*(region_prompts(random, record, size) for _, record in picked))
        return _batch(picked, size, list(prompts), torch.from_numpy(np.stack(maps)))


def _batch(picked: list[tuple[np.ndarray, dict]], size: int, prompts: list[list[str]], maps: torch.Tensor | None) -> Batch:
    latents = torch.from_numpy(np.stack([z for z, _ in picked])).float()
    masks = torch.from_numpy(np.stack([object_mask(record, size) for _, record in picked]))
    return Batch(latents, [p for each in prompts for p in each], maps, masks[:, None], [record for _, record in picked])
