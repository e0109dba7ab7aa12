"""A checkpoint -> a diffusers folder (float16 safetensors) and a stock ONNX folder whose weights are stored as float16.

The stock layout is what `optimum-cli export onnx --task text-to-image` writes; inputs, outputs and arithmetic are float32.
"""
import argparse
import json
import shutil
from pathlib import Path

import torch
from diffusers import AutoencoderTiny, DDIMScheduler
from torch import nn
from transformers import CLIPTokenizer, CLIPTokenizerFast

from .checkpoint import shipped
from .half import half_storage
from .nets import SCHEDULE, SHAPES, TOKENS, load_autoencoder

OPSET = 18
_INDEX = {
    "_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.39.0", "feature_extractor": [None, None],
    "requires_safety_checker": False, "safety_checker": [None, None], "image_encoder": [None, None],
    "scheduler": ["diffusers", "DDIMScheduler"], "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"], "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderTiny"],
}
_UNSTABLE = ("_name_or_path", "torch_dtype", "dtype")  # config keys that say where and how, not what


class _TextEncoder(nn.Module):
    def __init__(self, m: nn.Module) -> None:
        super().__init__()
        self.m = m

    def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        out = self.m(input_ids=input_ids, return_dict=True)
        return out.last_hidden_state, out.pooler_output


class _Decoder(nn.Module):
    def __init__(self, m: AutoencoderTiny) -> None:
        super().__init__()
        self.m = m

    def forward(self, latent_sample: torch.Tensor) -> torch.Tensor:
        return self.m.decode(latent_sample, return_dict=False)[0]


class _Encoder(nn.Module):
    """latent_parameters = mean and logvar, as stock exports have it; this encoder is deterministic: logvar = -30."""

    def __init__(self, m: AutoencoderTiny) -> None:
        super().__init__()
        self.m = m

    def forward(self, sample: torch.Tensor) -> torch.Tensor:
        z = self.m.encode(sample, return_dict=False)[0]
        return torch.cat([z, torch.zeros_like(z) - 30.0], 1)


def _onnx(module: nn.Module, args: tuple, path: Path, inputs: list[str], outputs: list[str], axes: dict) -> None:
    with torch.no_grad():
        torch.onnx.export(
            module, args, str(path), input_names=inputs, output_names=outputs, dynamic_axes=axes, opset_version=OPSET,
            do_constant_folding=True, dynamo=False,
        )
    half_storage(path)


def _index(out: Path) -> None:
    (out / "model_index.json").write_text(json.dumps(_INDEX, indent=2) + "\n")


def _diffusers_folder(out: Path, text: nn.Module, unet: nn.Module, vae: AutoencoderTiny, tokenizer: CLIPTokenizer) -> None:
    for part, model in (("text_encoder", text), ("unet", unet), ("vae", vae)):
        model.half().save_pretrained(out / part)
        model.float()
    DDIMScheduler(**SCHEDULE).save_pretrained(out / "scheduler")
    tokenizer.save_pretrained(out / "tokenizer")
    CLIPTokenizerFast.from_pretrained(out / "tokenizer").save_pretrained(out / "tokenizer")
    _index(out)


def _onnx_folder(out: Path, diffusers: Path, text: nn.Module, unet: nn.Module, vae: AutoencoderTiny) -> None:
    for part in ("scheduler", "tokenizer"):
        shutil.copytree(diffusers / part, out / part)
    _index(out)
    for part in ("text_encoder", "unet", "vae_decoder", "vae_encoder"):
        (out / part).mkdir()
        config = json.loads((diffusers / ("vae" if part.startswith("vae") else part) / "config.json").read_text())
        stable = {key: value for key, value in config.items() if key not in _UNSTABLE}
        (out / part / "config.json").write_text(json.dumps(stable, indent=2) + "\n")
    batch = {0: "batch_size"}
    sequence, picture = {**batch, 1: "sequence_length"}, {**batch, 2: "height", 3: "width"}
    latent = {**batch, 2: "height_latent", 3: "width_latent"}
    _onnx(
        _TextEncoder(text), (torch.ones(2, TOKENS, dtype=torch.int64),), out / "text_encoder/model.onnx", ["input_ids"],
        ["last_hidden_state", "pooler_output"], {"input_ids": sequence, "last_hidden_state": sequence, "pooler_output": batch},
    )
    example = {
        "sample": torch.randn(2, 4, 32, 32), "timestep": torch.tensor(1.0),
        "encoder_hidden_states": torch.randn(2, TOKENS, unet.config.cross_attention_dim),
    }
    _onnx(  # traced as it is, with keyword names: node names start at /down_blocks.0
        unet, (example,), out / "unet/model.onnx", list(example), ["out_sample"],
        {"sample": picture, "encoder_hidden_states": sequence, "out_sample": picture},
    )
    _onnx(_Decoder(vae), (torch.randn(1, 4, 32, 32),), out / "vae_decoder/model.onnx", ["latent_sample"], ["sample"],
          {"latent_sample": latent, "sample": picture})
    _onnx(_Encoder(vae), (torch.randn(1, 3, 256, 256),), out / "vae_encoder/model.onnx", ["sample"], ["latent_parameters"],
          {"sample": picture, "latent_parameters": latent})


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("weights", type=Path, help="a checkpoint, of which the average is taken, or a diffusers folder")
    parser.add_argument("--name", default="beds-256", help="of the ONNX folder")
    parser.add_argument("--shape", choices=list(SHAPES), default="beds-256")


def run(args: argparse.Namespace) -> None:
    """Writes out/export/torch and out/export/models/NAME of the working folder, replacing what is there."""
    own = args.weights.is_dir()
    tokenizer = CLIPTokenizer.from_pretrained(args.weights / "tokenizer" if own else args.work.tokenizer)
    text, unet = shipped(args.weights, SHAPES[args.shape], tokenizer)
    vae = load_autoencoder(args.weights / "vae" if own else args.work.autoencoder)
    vae.half().float()  # the numbers that are shipped
    diffusers, onnx = args.work.export / "torch", args.work.export / "models" / args.name
    for folder in (diffusers, onnx):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    _diffusers_folder(diffusers, text, unet, vae, tokenizer)
    _onnx_folder(onnx, diffusers, text, unet, vae)
    for path in sorted(onnx.rglob("model.onnx")):
        print(path.relative_to(onnx), f"{path.stat().st_size / 2**20:.2f} MiB")
