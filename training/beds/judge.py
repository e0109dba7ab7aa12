"""The judge: a small convolutional network that names what a crop shows. The generator is never trained against it."""
import json
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import nn

from .crops import HEADS, SIDE
from .nets import from_pictures


class Judge(nn.Module):
    """[n, 3, 64, 64] in -1..1 -> one tensor of logits per head of HEADS."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        w, self.width = width, width
        self.trunk = nn.ModuleList()
        # (in, out, stride): 64 -> 32 -> 16 -> 8 -> 4 pixels
        for i, o, s in ((3, w, 2), (w, 2 * w, 2), (2 * w, 3 * w, 2), (3 * w, 3 * w, 1), (3 * w, 5 * w, 2), (5 * w, 5 * w, 1)):
            self.trunk.append(nn.Sequential(nn.Conv2d(i, o, 3, s, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU()))
        self.heads = nn.ModuleList(nn.Linear(10 * w, len(names)) for names in HEADS.values())

    def forward(self, crops: torch.Tensor) -> tuple[torch.Tensor, ...]:
        x = crops
        for layer in self.trunk:
            y = layer(x)
            x = x + y if x.shape == y.shape else y
        # The mean says what there is much of, the maximum what there is at all.
        features = torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)
        return tuple(head(features) for head in self.heads)

    @torch.no_grad()
    def judge(self, crops: np.ndarray) -> dict[str, torch.Tensor]:
        """Crops [n, 64, 64, 3] uint8 -> probabilities [n, names] per head."""
        x = from_pictures(torch.from_numpy(np.ascontiguousarray(crops)).to(self.heads[0].weight.device))
        return {head: F.softmax(logits, 1).cpu() for head, logits in zip(HEADS, self(x))}


def load_judge(path: Path) -> Judge:
    """Of a checkpoint, or of the ONNX file that was made of one."""
    if path.suffix == ".onnx":
        return _stored(path)
    saved = torch.load(path, weights_only=True, map_location="cpu")
    model = Judge(saved["width"])
    model.load_state_dict(saved["model"])
    return model.eval()


@torch.no_grad()
def _stored(path: Path) -> Judge:
    """Exporters fold each batch norm into the convolution before it, so that it is left a shift."""
    graph = onnx.load(str(path)).graph
    stored = {i.name: torch.from_numpy(numpy_helper.to_array(i).astype(np.float32)) for i in graph.initializer}
    stored |= {node.output[0]: stored[node.input[0]] for node in graph.node if node.op_type == "Cast" and node.input[0] in stored}
    folded = [(stored[node.input[1]], stored[node.input[2]]) for node in graph.node if node.op_type == "Conv"]
    model = Judge(len(folded[0][0])).eval()
    for (conv, norm, _), (weight, shift) in zip(model.trunk, folded, strict=True):
        conv.weight.copy_(weight), norm.bias.copy_(shift)
        norm.running_var.fill_(1 - norm.eps)
    for at, head in enumerate(model.heads):
        head.weight.copy_(stored[f"heads.{at}.weight"]), head.bias.copy_(stored[f"heads.{at}.bias"])
    return model


def describe(accuracy: dict[str, float]) -> str:
    """What stands beside the ONNX file: how to feed it, what its outputs name, how often they were right."""
    return json.dumps(
        dict(
            about="Names what a square crop shows; a row of logits per head.",
            input=dict(name="crops", shape=["batch", 3, SIDE, SIDE], range=[-1, 1], colour="RGB"),
            outputs={head: list(names) for head, names in HEADS.items()},
            accuracy=accuracy,
        ),
        indent=1,
    ) + "\n"
