"""A stock ONNX folder of `export` -> the diffusers folder that it was made of: training can go on from the weights that are shipped.

Exporters keep the names of most weights. Those of linear layers they transpose and those of group norms they reshape, under
names of their own; the node that uses such a weight is called after the layer.
"""
import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from diffusers import AutoencoderTiny, UNet2DConditionModel
from onnx import TensorProto, numpy_helper
from torch import nn
from transformers import CLIPTextConfig, CLIPTextModel

_WHAT = {"MatMul": "weight", "Mul": "weight", "Add": "bias"}  # that a node with a nameless weight uses


def weights(path: Path) -> dict[str, np.ndarray]:
    """What an ONNX file has, by the names of the PyTorch module; matrices are transposed back.

    Raises ValueError where a weight's name cannot be told.
    """
    graph = onnx.load(str(path)).graph
    floats = [i for i in graph.initializer if i.data_type in (TensorProto.FLOAT, TensorProto.FLOAT16)]
    stored = {i.name: numpy_helper.to_array(i).astype(np.float32) for i in floats}
    stored |= {node.output[0]: stored[node.input[0]] for node in graph.node if node.op_type == "Cast" and node.input[0] in stored}
    found = {}
    for node in graph.node:
        for name in node.input:
            if name not in stored or node.op_type == "Cast":
                continue
            value = stored[name]
            if name.startswith("onnx::"):
                if node.op_type not in _WHAT:
                    raise ValueError(f'Cannot name the weight "{name}" of {path}: {node.op_type} "{node.name}" uses it')
                layer = ".".join(node.name.strip("/").split("/")[:-1])
                name, value = f"{layer}.{_WHAT[node.op_type]}", value.T if node.op_type == "MatMul" else value.reshape(-1)
            found[name.removeprefix("m.")] = value
    return found


def _fill(module: nn.Module, found: dict[str, np.ndarray]) -> None:
    """All parameters of a module. Raises KeyError where one is missing."""
    with torch.no_grad():
        for name, p in module.named_parameters():
            p.copy_(torch.from_numpy(found[name].copy()).view_as(p))


def _config(folder: Path) -> dict:
    return json.loads((folder / "config.json").read_text())


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, help="a folder such as models/beds-256")
    parser.add_argument("out", type=Path, help="where the diffusers folder goes; what is there is replaced")


def run(args: argparse.Namespace) -> None:
    """`out` serves `train --start`, `ground --of` and `sample`, its vae `autoencoder --start`; the weights are float16, as shipped."""
    model, out = args.model, args.out
    text = CLIPTextModel(CLIPTextConfig.from_dict(_config(model / "text_encoder")))
    _fill(text, weights(model / "text_encoder/model.onnx"))
    unet = UNet2DConditionModel.from_config(_config(model / "unet"))
    _fill(unet, weights(model / "unet/model.onnx"))
    vae = AutoencoderTiny.from_config(_config(model / "vae_decoder"))
    _fill(vae, weights(model / "vae_encoder/model.onnx") | weights(model / "vae_decoder/model.onnx"))
    shutil.rmtree(out, ignore_errors=True)
    for part, network in (("text_encoder", text), ("unet", unet), ("vae", vae)):
        network.half().save_pretrained(out / part)
    for part in ("scheduler", "tokenizer"):
        shutil.copytree(model / part, out / part)
    shutil.copy(model / "model_index.json", out)
    print(f"{model} as a diffusers folder in {out}")
