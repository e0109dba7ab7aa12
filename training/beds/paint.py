"""Pictures from a text encoder and a UNet: the guided DDIM loop, plain or with regions, and contact sheets."""
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny, DDIMScheduler, UNet2DConditionModel
from PIL import Image
from transformers import CLIPTextModel, CLIPTokenizer

from .nets import SCHEDULE, encode, to_pictures, token_ids
from .regional import regional_attention


@dataclass(frozen=True)
class Painter:
    """Everything that makes a picture of a prompt. `guidance` 1 asks the UNet once a step, as distilled students want it."""

    text: CLIPTextModel
    unet: UNet2DConditionModel
    autoencoder: AutoencoderTiny
    tokenizer: CLIPTokenizer
    steps: int = 20
    guidance: float = 4.0

    def contexts(self, prompts: Sequence[Sequence[str]]) -> torch.Tensor:
        """A list of prompts per picture, equally many -> [pictures, prompts * 77, D]."""
        ids = token_ids(self.tokenizer, [p for each in prompts for p in each]).unflatten(0, (len(prompts), -1))
        return encode(self.text, ids.to(self.text.device))

    def attention(self, maps: torch.Tensor) -> AbstractContextManager:
        """Within it, the UNet paints each region where maps [B, S, h, w] say."""
        return regional_attention(self.unet, maps)

    @torch.no_grad()
    def paint(self, prompts: Sequence[Sequence[str]], size: int, seeds: Sequence[int], maps: np.ndarray | None = None) -> np.ndarray:
        """A list of prompts per picture -> pictures [n, size, size, 3] uint8.

        With maps [n, regions, h, w] the prompts of a picture paint where the maps say; without, each picture has one.
        """
        n, cells = len(prompts), size // 8
        noise = [torch.Generator().manual_seed(seed) for seed in seeds]
        device = self.unet.device
        x = torch.stack([torch.randn(4, cells, cells, generator=g) for g in noise]).to(device)
        guided = self.guidance != 1
        empty = [[""] * len(prompts[0])] * n
        context = self.contexts([*empty, *prompts] if guided else prompts)
        weights = None if maps is None else torch.from_numpy(maps).repeat(2 if guided else 1, 1, 1, 1).to(device)
        scheduler = DDIMScheduler(**SCHEDULE)
        scheduler.set_timesteps(self.steps)
        with nullcontext() if weights is None else self.attention(weights):
            for t in scheduler.timesteps:
                v = self.unet(torch.cat([x, x]) if guided else x, t, context).sample
                if guided:
                    without, with_prompt = v.chunk(2)
                    v = without + self.guidance * (with_prompt - without)
                x = scheduler.step(v, t, x).prev_sample
        return to_pictures(torch.cat([self.autoencoder.decoder(z[None]) for z in x])).cpu().numpy()

    def paint_all(self, prompts: Sequence[str], size: int, seed: int = 0, batch: int = 16) -> np.ndarray:
        """One picture per prompt, with the seeds seed, seed + 1, ..."""
        return self.paint_layouts([[p] for p in prompts], None, size, seed, batch)

    def paint_layouts(self, prompts: Sequence[Sequence[str]], maps: np.ndarray | None, size: int, seed: int, batch: int) -> np.ndarray:
        """As `paint`, so many at a time, with the seeds seed, seed + 1, ..."""
        parts = []
        for i in range(0, len(prompts), batch):
            some = prompts[i : i + batch]
            parts.append(self.paint(some, size, range(seed + i, seed + i + len(some)), None if maps is None else maps[i : i + batch]))
        return np.concatenate(parts)


def contact_sheet(pictures: np.ndarray, path: Path, columns: int = 8) -> None:
    """Pictures [n, h, w, 3] in rows of `columns`; the last row is filled with grey."""
    n, h, w, _ = pictures.shape
    rows = -(-n // columns)
    sheet = np.full((rows * columns, h, w, 3), 128, np.uint8)
    sheet[:n] = pictures
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = sheet.reshape(rows, columns, h, w, 3).transpose(0, 2, 1, 3, 4).reshape(rows * h, columns * w, 3)
    Image.fromarray(whole).save(path, quality=88)
