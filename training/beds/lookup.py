"""Shows the UNet, while it trains, which piece of an icon belongs to each place of a picture.

Scenes know where their objects lie. One head of every cross-attention layer, the first of those from `ground.make_room`, learns to
find pieces by their place: its attention at a place within an object is held to the pieces that lie there. Left to the loss
of the pictures alone, the same is learnt, but many times slower.
"""
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import Attention, AttnProcessor2_0

from .concepts import STYLE_NAMES
from .ground import FIRST, GRIDS, SIDE, in_order
from .layouts import FACTOR
from .scenes import Record


def _overlap(start: float, side: float, size: int, cells: int) -> np.ndarray:
    """How much of each of `cells` spans of a picture's side each of SIDE spans of an object covers, [cells, SIDE]."""
    cell, piece = size / cells * np.arange(cells + 1), start + side / SIDE * np.arange(SIDE + 1)
    low, high = np.maximum(cell[:-1, None], piece[None, :-1]), np.minimum(cell[1:, None], piece[None, 1:])
    return np.maximum(0, high - low) / (size / cells)


def spans(record: Record, caption: str, size: int, cells: int) -> tuple[np.ndarray, np.ndarray]:
    """Which share of each row and of each column of cells each row and column of pieces covers, both [GRIDS, cells, SIDE]; zero
    without an object in the caption. The grids are those of `Looks.targets`."""
    rows, columns = (np.zeros((GRIDS, cells, SIDE), np.float32) for _ in range(2))
    named = in_order(caption, [o[0] for o in record["objs"]])
    for noun, x, y, side in record["objs"]:
        if noun not in named[:GRIDS]:
            continue
        if len(named) > 1:
            grids = [GRIDS - 1 - named.index(noun)]
        elif record["style"] in caption:
            grids = [*range(GRIDS)]  # a part in each
        else:
            grids = [GRIDS - 1 - STYLE_NAMES.index(record["style"])]
        rows[grids], columns[grids] = _overlap(y, side, size, cells) / len(grids), _overlap(x, side, size, cells)
    return rows, columns


@dataclass(frozen=True)
class Spans:
    """`spans` of each prompt of each picture: rows and columns [B, S, GRIDS, cells, SIDE] on each level that looks pieces up."""

    levels: list[tuple[torch.Tensor, torch.Tensor]]

    @staticmethod
    def of(records: list[Record], prompts: list[list[str]], size: int, levels: int) -> "Spans":
        """The UNet's first of `levels` has no attention."""
        found = []
        for level in range(1, levels):
            each = [[spans(record, prompt, size, size // FACTOR >> level) for prompt in own] for record, own in zip(records, prompts)]
            found.append(tuple(torch.from_numpy(np.array([[one[axis] for one in own] for own in each])) for axis in (0, 1)))
        return Spans(found)

    def to(self, device: torch.device) -> "Spans":
        return Spans([(rows.to(device, non_blocking=True), columns.to(device, non_blocking=True)) for rows, columns in self.levels])

    def shares(self) -> dict[int, torch.Tensor]:
        """Which share of each cell each piece covers, [B, S, N, GRIDS * PIECES], by the number of cells N."""
        found = [torch.einsum("...gra,...gcb->...rcgab", rows, columns) for rows, columns in self.levels]
        return {f.shape[2] * f.shape[3]: f.flatten(4).flatten(2, 3) for f in found}


def missed(q: torch.Tensor, k: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of the place head: q [..., H, N, d], k [..., H, 77, d], wanted [..., N, GRIDS * PIECES]; mean by weight."""
    head = q.shape[-3] // 2
    logits = q[..., head, :, :] @ k[..., head, :, :].mT / q.shape[-1] ** 0.5
    return -(logits.log_softmax(-1)[..., FIRST:] * wanted).sum() / wanted.sum().clamp(min=1)


@dataclass
class Watched:
    """Cross-attention whose place head is compared with what is wanted, by number of queries [B, N, GRIDS * PIECES]."""

    wanted: dict[int, torch.Tensor]
    losses: list[torch.Tensor]

    def __call__(
        self, attn: Attention, hidden_states: torch.Tensor, encoder_hidden_states: torch.Tensor,
        attention_mask: torch.Tensor | None = None, temb: torch.Tensor | None = None,
    ) -> torch.Tensor:
        q, k, v = attn.to_q(hidden_states), attn.to_k(encoder_hidden_states), attn.to_v(encoder_hidden_states)
        q, k, v = (t.unflatten(-1, (attn.heads, -1)).transpose(1, 2) for t in (q, k, v))  # [B, H, N or 77, d]
        self.losses.append(missed(q, k, self.wanted[hidden_states.shape[1]]))
        mixed = F.scaled_dot_product_attention(q, k, v)
        return attn.to_out[1](attn.to_out[0](mixed.transpose(1, 2).flatten(2)))


@contextmanager
def watched_attention(unet: UNet2DConditionModel, spans: Spans) -> Iterator[list[torch.Tensor]]:
    """Within it, each run of the UNet adds a cross-entropy per cross-attention layer to the list, mean over objects' cells.

    The pictures have a prompt each.
    """
    plain = unet.attn_processors
    watch = Watched({tokens: one[:, 0] for tokens, one in spans.shares().items()}, [])
    unet.set_attn_processor({key: watch if ".attn2." in key else AttnProcessor2_0() for key in plain})
    try:
        yield watch.losses
    finally:
        unet.set_attn_processor(plain)
