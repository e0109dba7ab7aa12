"""Sets of latents with records, and batches from them."""
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from transformers import CLIPTokenizerFast

from .captions import caption, record_held_out
from .draws import endless
from .layouts import FACTOR, object_mask, region_prompts
from .lookup import Spans
from .nets import token_ids
from .scenes import Record, one_background


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
    def layouts(self) -> bool:
        """Whether these are pictures of regions rather than plain scenes."""
        return not one_background(self.records[0])


def kind(latents: torch.Tensor, maps: torch.Tensor | None) -> str:
    """What logs call batches of this size, with regions or without."""
    return f"{FACTOR * latents.shape[-1]} px{'' if maps is None else ' regions'}"


@dataclass(frozen=True)
class Batch:
    """Latents [n, 4, h, w]; token ids of their prompts [n, S, 77], one each or, with maps, the base's and every region's; weight
    maps [n, S, h, w] or None; the share of objects in each cell, [n, 1, h, w]; and where the prompts' objects lie, if asked for."""

    latents: torch.Tensor
    ids: torch.Tensor
    maps: torch.Tensor | None
    objects: torch.Tensor
    spans: Spans | None = None

    @property
    def kind(self) -> str:
        return kind(self.latents, self.maps)

    def to(self, device: torch.device) -> "Batch":
        parts = {name: getattr(self, name) for name in ("latents", "ids", "maps", "objects")}
        moved = {name: None if part is None else part.to(device, non_blocking=True) for name, part in parts.items()}
        return replace(self, **moved, spans=None if self.spans is None else self.spans.to(device))


@dataclass
class Latents:
    """All sets of some folders. Files that appear later join in at the next `scan`."""

    folders: list[Path]
    tokenizer: CLIPTokenizerFast
    most_objects: int | None = None  # of plain pictures with one caption; with regions all are used
    levels: int = 0  # of the UNet, where batches shall say what its lookup is to find
    sets: dict[Path, LatentSet] = field(default_factory=dict)
    scanned: float = 0.0  # when, in seconds

    def scan(self) -> None:
        self.scanned = time.time()
        for folder in self.folders:
            for path in sorted(folder.glob("*.lat.npy")):
                if path not in self.sets:
                    records = json.loads(path.with_name(path.name.replace(".lat.npy", ".json")).read_text())
                    allowed = [i for i, record in enumerate(records) if not (one_background(record) and record_held_out(record))]
                    most = self.most_objects
                    captioned = [i for i in allowed if most is None or len(records[i]["objs"]) <= most]
                    self.sets[path] = LatentSet(np.load(path, mmap_mode="r"), records, allowed, captioned)

    def describe(self) -> str:
        return ", ".join(f"{p.name.split('.')[0]} {len(s.allowed)} of {s.size} px" for p, s in self.sets.items())

    def sizes(self) -> list[int]:
        """Picture sizes with plain scenes, smallest first."""
        return sorted({s.size for s in self.sets.values() if not s.layouts})

    def _pick(self, size: int, layouts: bool, captioned: bool = False) -> tuple[np.ndarray, Record]:
        s = random.choice([s for s in self.sets.values() if s.size == size and s.layouts == layouts])
        i = random.choice(s.captioned if captioned else s.allowed)
        return s.latents[i], s.records[i]

    def draw(self, mix: "Mix") -> Batch:
        if time.time() - self.scanned > 60:
            self.scan()
        sizes = self.sizes()
        size = sizes[0] if random.random() < mix.small else random.choice(sizes[1:] or sizes)
        n = max(mix.least, mix.batch * sizes[0] ** 2 // size**2)
        return self.regional(size, max(2, n // 2)) if random.random() < mix.regions else self.plain(size, n)

    def plain(self, size: int, n: int) -> Batch:
        """A caption per picture."""
        picked = [self._pick(size, False, captioned=True) for _ in range(n)]
        return self._batch(picked, size, [[caption(random, record)] for _, record in picked], None)

    def regional(self, size: int, n: int, layout_share: float = 0.7) -> Batch:
        """Prompts with weight maps."""
        has_layouts = any(s.layouts and s.size == size for s in self.sets.values())
        picked = [self._pick(size, has_layouts and random.random() < layout_share) for _ in range(n)]
        prompts, maps = zip(*(region_prompts(random, record, size) for _, record in picked))
        return self._batch(picked, size, list(prompts), torch.from_numpy(np.stack(maps)))

    def _batch(self, picked: list[tuple[np.ndarray, Record]], size: int, prompts: list[list[str]], maps: torch.Tensor | None) -> Batch:
        records = [record for _, record in picked]
        latents = torch.from_numpy(np.stack([z for z, _ in picked])).float()
        ids = token_ids(self.tokenizer, [p for each in prompts for p in each]).unflatten(0, (len(picked), -1))
        masks = torch.from_numpy(np.stack([object_mask(record, size) for record in records]))[:, None]
        return Batch(latents, ids, maps, masks, Spans.of(records, prompts, size, self.levels) if self.levels else None)


@dataclass(frozen=True)
class Mix:
    """What batches are drawn: `batch` pictures of the smallest size, or of a larger one as many as have the same area, but
    `least`; with regions half as many. `small` and `regions` are the shares of batches of the smallest size and with regions."""

    batch: int
    small: float
    regions: float
    least: int


def batches(data: Latents, mix: Mix, workers: int) -> Iterator[Batch]:
    """Without end, drawn by as many processes, or by this one if there are none; each looks for new files once a minute."""
    data.scan()
    return endless(partial(data.draw, mix), workers)
