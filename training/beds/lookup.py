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
from .ground import FIRST, GRIDS, PIECES, SIDE, in_order
from .layouts import FACTOR
from .scenes import Record


def _overlap(start: float, side: float, size: int, cells: int) -> np.ndarray:
    """How much of each of `cells` spans of a picture's side each of SIDE spans of an object covers, [cells, SIDE]."""
    cell, piece = size / cells * np.arange(cells + 1), start + side / SIDE * np.arange(SIDE + 1)
    low, high = np.maximum(cell[:-1, None], piece[None, :-1]), np.minimum(cell[1:, None], piece[None, 1:])
    return np.maximum(0, high - low) / (size / cells)


def shares(record: Record, caption: str, size: int, cells: int) -> np.ndarray:
    """Which share of each cell each piece covers, [cells * cells, GRIDS * PIECES]; zero without an object in the caption.

    The grids are those of `Looks.targets`.
    """
    found = np.zeros((cells, cells, GRIDS, SIDE, SIDE), np.float32)
    named = in_order(caption, [o[0] for o in record["objs"]])
    for noun, x, y, side in record["objs"]:
        if noun not in named[:GRIDS]:
            continue
        area = np.einsum("ra,cb->rcab", _overlap(y, side, size, cells), _overlap(x, side, size, cells))
        if len(named) > 1:
            found[:, :, GRIDS - 1 - named.index(noun)] += area
        elif record["style"] in caption:
            found += area[:, :, None] / GRIDS
        else:
            found[:, :, GRIDS - 1 - STYLE_NAMES.index(record["style"])] += area
    return found.reshape(cells * cells, GRIDS * PIECES)


def shares_by_tokens(records: list[Record], prompts: list[list[str]], size: int, levels: int) -> dict[int, torch.Tensor]:
    """`shares` of each prompt of each picture on each level, [B, S, N, GRIDS * PIECES], by the number of its tokens N."""
    found = {}
    for level in range(levels):
        cells = size // FACTOR >> level
        each = [[shares(record, prompt, size, cells) for prompt in own] for record, own in zip(records, prompts)]
        found[cells * cells] = torch.from_numpy(np.array(each))
    return found


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
def watched_attention(unet: UNet2DConditionModel, records: list[Record], captions: list[str], size: int) -> Iterator[list[torch.Tensor]]:
    """Within it, each run of the UNet adds a cross-entropy per cross-attention layer to the list, mean over objects' cells."""
    levels = len(unet.config.block_out_channels)
    wanted = shares_by_tokens(records, [[caption] for caption in captions], size, levels)
    plain = unet.attn_processors
    watch = Watched({tokens: one[:, 0] for tokens, one in wanted.items()}, [])
    unet.set_attn_processor({key: watch if ".attn2." in key else AttnProcessor2_0() for key in plain})
    try:
        yield watch.losses
    finally:
        unet.set_attn_processor(plain)
