"""Checkpoints of the text encoder and the UNet: what training goes on from, and the averaged weights that are shipped."""
import os
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from diffusers import UNet2DConditionModel
from transformers import CLIPTextModel, CLIPTokenizer

from .nets import Shape, load_networks, new_text_encoder, new_unet

# Keys of a checkpoint: te and un (state dicts), ema (a list in the order of te's, then un's parameters), opt (a list),
# step, el (active seconds of the phase) and decay (the phase).


@dataclass
class Networks:
    """A text encoder and a UNet that are trained together, with the moving average of their weights."""

    text: CLIPTextModel
    unet: UNet2DConditionModel
    average: list[torch.Tensor]

    @staticmethod
    def new(shape: Shape, tokenizer: CLIPTokenizer) -> "Networks":
        return Networks.of(new_text_encoder(shape, tokenizer), new_unet(shape))

    @staticmethod
    def of(text: CLIPTextModel, unet: UNet2DConditionModel) -> "Networks":
        average = [p.detach().clone() for m in (text, unet) for p in m.parameters()]
        return Networks(text, unet, average)

    @property
    def named(self) -> list[tuple[str, torch.nn.Parameter]]:
        return [*self.text.named_parameters(), *self.unet.named_parameters()]

    @property
    def trained(self) -> list[tuple[str, torch.nn.Parameter]]:
        """Those that are not frozen."""
        return [(name, p) for name, p in self.named if p.requires_grad]

    @property
    def parameters(self) -> list[torch.nn.Parameter]:
        return [p for _, p in self.named]

    def follow(self, step: int, longest: float = 0.9995) -> None:
        """Moves the average towards the weights; its memory grows with the steps."""
        rate = 1 - min(longest, (1 + step) / (20 + step))
        torch._foreach_lerp_(self.average, [p.detach() for p in self.parameters], rate)

    def to(self, device: torch.device) -> None:
        self.text.to(device), self.unet.to(device)
        self.average = [average.to(device) for average in self.average]

    def load(self, saved: dict) -> None:
        self.text.load_state_dict(saved["te"])
        self.unet.load_state_dict(saved["un"])
        self.average = saved["ema"]


def save(path: Path, networks: Networks, **state: object) -> None:
    """Written beside its place and renamed, so that it can be copied at any time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    saved = dict(te=networks.text.state_dict(), un=networks.unet.state_dict(), ema=networks.average, **state)
    torch.save(saved, path.with_suffix(".tmp"))
    os.replace(path.with_suffix(".tmp"), path)


def averaged(path: Path, shape: Shape, tokenizer: CLIPTokenizer) -> tuple[Networks, int]:
    """The averaged weights of a checkpoint, and the steps they have had."""
    saved = torch.load(path, weights_only=False, map_location="cpu")
    networks = Networks.new(replace(shape, text_inner=_inner(saved["te"])), tokenizer)
    with torch.no_grad():
        for p, average in zip(networks.parameters, saved["ema"], strict=True):
            p.copy_(average)
    return networks, saved["step"]


def _inner(text: dict[str, torch.Tensor]) -> int:
    """How wide the feed-forward layers of a text encoder are, by its weights."""
    return next(value.shape[0] for name, value in text.items() if name.endswith("mlp.fc1.weight"))


def shipped(path: Path, shape: Shape, tokenizer: CLIPTokenizer) -> tuple[CLIPTextModel, UNet2DConditionModel]:
    """The averaged weights of a checkpoint, rounded to the float16 in which they are shipped; or those of a diffusers folder."""
    if path.is_dir():
        text, unet = load_networks(path)
        return text.eval(), unet.eval()
    networks, _ = averaged(path, shape, tokenizer)
    with torch.no_grad():
        for p in networks.parameters:
            p.copy_(p.half().float())
    return networks.text.eval(), networks.unet.eval()
