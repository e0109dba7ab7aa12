"""A LoRA in the whole picture or in one region of it, where the other regions keep the model's own keys, values and contexts."""
import copy
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

from .paint import Painter
from .regional import regional_attention

Deltas = dict[str, torch.Tensor]  # what is added to a linear layer's weight [out, in], by the layer's name


@dataclass(frozen=True)
class Lora:
    text: Deltas
    unet: Deltas


def load_lora(path: Path, weight: float = 1.0) -> Lora:
    """Of a file that `lora` wrote: its scale is one. Raises KeyError where half of a pair is missing."""
    tensors = load_file(path)
    deltas = {}
    for name in tensors:
        layer, half, _ = name.rpartition(".lora_A.weight")
        if half:
            deltas[layer] = weight * tensors[f"{layer}.lora_B.weight"].float() @ tensors[name].float()

    def of(part: str) -> Deltas:
        return {layer.removeprefix(f"{part}."): delta for layer, delta in deltas.items() if layer.startswith(f"{part}.")}

    return Lora(of("text_encoder"), of("unet"))


def with_deltas(module: nn.Module, deltas: Deltas) -> nn.Module:
    """A copy of a network that has them in its weights."""
    own = copy.deepcopy(module)
    with torch.no_grad():
        for layer, delta in deltas.items():
            own.get_submodule(layer).weight += delta.to(own.device)
    return own


def everywhere(by: Painter, lora: Lora) -> Painter:
    """A painter that has it in the whole picture."""
    return replace(by, text=with_deltas(by.text, lora.text), unet=with_deltas(by.unet, lora.unet))


@dataclass(frozen=True)
class Borrower(Painter):
    """Paints with regions, one of which has a LoRA, in what is guided towards and in what is guided away from.

    That changes the region's context, and of the UNet the keys and values that are made of it: another region's never.
    """

    lora: Lora = Lora({}, {})
    region: int = 1  # its place among the prompts of a picture

    @staticmethod
    def of(by: Painter, lora: Lora, region: int) -> "Borrower":
        """Raises ValueError for a LoRA with layers that no region can have for itself."""
        shared = [layer for layer in lora.unet if not layer.endswith(("attn2.to_k", "attn2.to_v"))]
        if shared:
            raise ValueError(f'Cannot keep a LoRA in one region: all regions share the layer "{shared[0]}"')
        return Borrower(**vars(by), lora=lora, region=region)

    def contexts(self, prompts: Sequence[Sequence[str]]) -> torch.Tensor:
        plain = super().contexts(prompts)
        if not self.lora.text:
            return plain
        by_region = (len(prompts[0]), -1)
        other = replace(self, text=with_deltas(self.text, self.lora.text), lora=Lora({}, {})).contexts(prompts)
        mixed = plain.unflatten(1, by_region).clone()
        mixed[:, self.region] = other.unflatten(1, by_region)[:, self.region]
        return mixed.flatten(1, 2)

    def attention(self, maps: torch.Tensor) -> AbstractContextManager:
        deltas = {self.unet.get_submodule(layer): delta.to(maps.device) for layer, delta in self.lora.unet.items()}

        def projected(layer: nn.Module, contexts: torch.Tensor, regions: int) -> torch.Tensor:
            made = layer(contexts)
            if layer not in deltas:
                return made
            mine = slice(*(contexts.shape[1] // regions * at for at in (self.region, self.region + 1)))
            made[:, mine] += contexts[:, mine] @ deltas[layer].T
            return made

        return regional_attention(self.unet, maps, projected=projected)
