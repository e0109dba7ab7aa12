"""Regional cross-attention for diffusers: one softmax per region, outputs summed with the regions' weights.

The computation of docs/regional-attention.md in the way of PyTorch: an attention processor, no change to the network.
"""
import torch
import torch.nn.functional as F
from diffusers.models.attention_processor import Attention


def equal_cells(columns: int, rows: int, base_ratio: float, size: int) -> torch.Tensor:
    """Weight maps [1 + columns * rows, size, size]: the base prompt's, then one for each of the equal cells."""
    y = torch.arange(size) * rows // size
    x = torch.arange(size) * columns // size
    owner = y[:, None] * columns + x[None, :]
    cells = F.one_hot(owner, columns * rows).permute(2, 0, 1).float()
    return torch.cat([torch.full((1, size, size), base_ratio), (1 - base_ratio) * cells])


class RegionalProcessor:
    """Attends to one context per region, in proportion to its weight at each token."""

    def __init__(self, weight_maps: torch.Tensor):
        """
        Args:
            weight_maps: [R, h, w] at the size of the latents; they sum to 1 at every cell.
        """
        self.by_tokens = {}
        level = weight_maps[None]
        while True:
            self.by_tokens[level.shape[-2] * level.shape[-1]] = level.reshape(-1, 1, level[0, 0].numel(), 1)
            if level.shape[-1] == 1:
                break
            level = F.avg_pool2d(level, 2, ceil_mode=True, count_include_pad=False)

    def __call__(self, attn: Attention, hidden_states, encoder_hidden_states, attention_mask=None, **_):
        """
        Args:
            hidden_states: [1, N, C]
            encoder_hidden_states: [R, T, D], one context per weight map.
        """
        tokens = hidden_states.shape[1]

        def heads(x):
            return x.unflatten(-1, (attn.heads, -1)).transpose(1, 2)

        query = heads(attn.to_q(hidden_states))
        key = heads(attn.to_k(encoder_hidden_states))
        value = heads(attn.to_v(encoder_hidden_states))
        attended = F.scaled_dot_product_attention(query.expand(key.shape[0], -1, -1, -1), key, value)
        out = (attended * self.by_tokens[tokens]).sum(0, keepdim=True)
        return attn.to_out[1](attn.to_out[0](out.transpose(1, 2).flatten(2)))
