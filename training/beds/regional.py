"""Regional cross-attention for training: one softmax per region, weighted by maps; the maths of docs/regional-attention.md.

Where a region's weight is zero its values are multiplied by zero, so no gradient of a pixel reaches the context of a region
that does not cover it.
"""
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
import torch.nn.functional as F
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import Attention, AttnProcessor2_0
from torch import nn

from .lookup import missed


def maps_by_tokens(maps: torch.Tensor, levels: int) -> dict[int, torch.Tensor]:
    """Weight maps [B, S, h, w] -> for each level its maps [B, S, N], by the number of its tokens N.

    A deeper level has the area average of the latent cells in its block, over the cells that exist.
    """
    found = {}
    for level in range(levels):
        block = 2**level
        m = F.avg_pool2d(maps, block, ceil_mode=True, count_include_pad=False) if level else maps
        found[m.shape[-2] * m.shape[-1]] = m.flatten(2)
    return found


# A layer, contexts [B, S * T, D] and S -> [B, S * T, C].
Projected = Callable[[nn.Module, torch.Tensor, int], torch.Tensor]


def alike(layer: nn.Module, contexts: torch.Tensor, regions: int) -> torch.Tensor:
    """The same layer for every region."""
    return layer(contexts)


class RegionalProcessor:
    """The context of every attn2 holds S regions after one another, [B, S * T, D].

    With `wanted`, [B, S, N, pieces] by number of queries, each layer leaves in `losses` how far its lookup is from it.
    `projected` says what a layer's `to_k` or `to_v` makes of the contexts of S regions.
    """

    def __init__(
        self, maps: dict[int, torch.Tensor], wanted: dict[int, torch.Tensor] | None = None, projected: Projected = alike
    ) -> None:
        self.maps, self.wanted, self.projected, self.losses = maps, wanted, projected, []

    def __call__(
        self, attn: Attention, hidden_states: torch.Tensor, encoder_hidden_states: torch.Tensor,
        attention_mask: torch.Tensor | None = None, temb: torch.Tensor | None = None,
    ) -> torch.Tensor:
        weights = self.maps[hidden_states.shape[1]]
        regions = weights.shape[1]
        q = attn.to_q(hidden_states).unflatten(-1, (attn.heads, -1)).transpose(1, 2)  # [B, H, N, d]

        def by_region(t: torch.Tensor) -> torch.Tensor:  # [B, S * T, C] -> [B, S, H, T, d]
            return t.unflatten(1, (regions, -1)).unflatten(-1, (attn.heads, -1)).transpose(2, 3)

        k, v = (by_region(self.projected(layer, encoder_hidden_states, regions)) for layer in (attn.to_k, attn.to_v))
        if self.wanted is not None:
            self.losses.append(missed(q[:, None], k, self.wanted[hidden_states.shape[1]] * weights[..., None]))
        asked = q[:, None].expand(-1, regions, -1, -1, -1)
        # Regions count as pictures: PyTorch's fast kernels take four axes.
        each = F.scaled_dot_product_attention(*(t.flatten(0, 1) for t in (asked, k, v))).unflatten(0, (-1, regions))
        mixed = (each * weights[:, :, None, :, None].to(each.dtype)).sum(1)  # [B, H, N, d]
        return attn.to_out[1](attn.to_out[0](mixed.transpose(1, 2).flatten(2)))


@contextmanager
def regional_attention(
    unet: UNet2DConditionModel, maps: torch.Tensor, wanted: dict[int, torch.Tensor] | None = None, projected: Projected = alike
) -> Iterator[list[torch.Tensor]]:
    """Within it, the UNet takes contexts [B, S * T, D] and paints each where maps [B, S, h, w] say, h x w its latents.

    With `wanted`, each run adds the cross-entropies of the lookups in every layer to the list, by weight of the regions.

    Raises ValueError where the maps of a picture do not sum to one.
    """
    if not torch.allclose(maps.sum(1), maps.new_ones(()), atol=1e-5):
        raise ValueError(f"Cannot use weight maps: they sum to {float(maps.sum(1).min())}..{float(maps.sum(1).max())}, not 1")
    plain = unet.attn_processors
    processor = RegionalProcessor(maps_by_tokens(maps, len(unet.config.block_out_channels)), wanted, projected)
    unet.set_attn_processor({key: processor if ".attn2." in key else AttnProcessor2_0() for key in plain})
    try:
        yield processor.losses
    finally:
        unet.set_attn_processor(plain)
