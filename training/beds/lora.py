"""Trains a LoRA of a model that stays as it is, on sets of pictures in a style that the model does not know.

Low-rank updates (Hu et al. 2021, arXiv 2106.09685) of the keys and values of cross-attention alone, and of the text encoder if
asked for: all that a LoRA of one region can have for itself, so that in a region it is exact.
"""
import argparse
import math
import random
import time
from pathlib import Path

import torch
from diffusers import StableDiffusionPipeline
from peft import LoraConfig, get_peft_model_state_dict
from safetensors.torch import save_file
from torch import nn
from transformers import CLIPTokenizerFast

from .checkpoint import Networks
from .dataset import Latents, Mix, batches
from .device import CHOICES, precision, torch_device
from .dusk import FOLDER
from .nets import load_networks
from .threads import quick_arithmetic
from .train import Log, Noise, batch_loss

UNET = ["attn2.to_k", "attn2.to_v"]
TEXT = ["q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2"]
_WARM_UP = 20  # steps


def add_lora(module: nn.Module, layers: list[str], rank: int) -> None:
    """Freezes a network and gives these of its linear layers an update of this rank, which changes nothing yet."""
    module.requires_grad_(False)
    module.add_adapter(LoraConfig(r=rank, lora_alpha=rank, target_modules=layers, init_lora_weights="gaussian"))


def save_lora(path: Path, networks: Networks, about: dict[str, str]) -> None:
    """As diffusers writes them, in float16, with what the file is in its header. Its scale is one: alpha is the rank."""

    def layers(module: nn.Module) -> dict[str, torch.Tensor] | None:
        return get_peft_model_state_dict(module) if hasattr(module, "peft_config") else None

    def write(weights: dict[str, torch.Tensor], file: str) -> None:
        save_file({name: weight.half().contiguous() for name, weight in weights.items()}, file, metadata={"format": "pt", **about})

    StableDiffusionPipeline.save_lora_weights(
        path.parent, unet_lora_layers=layers(networks.unet), text_encoder_lora_layers=layers(networks.text),
        weight_name=path.name, save_function=write,
    )


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("base", type=Path, help="a diffusers folder, such as `restore` makes")
    parser.add_argument("out", type=Path, help="the LoRA, a .safetensors file")
    parser.add_argument("--name", default="beds-256", help="of the base, for the file's header")
    parser.add_argument("--about", default="Violet evening light, and a thin warm rim where colours change", help="for the file's header")
    parser.add_argument("--data", type=Path, nargs="*", help=f"folders of latents; default: {FOLDER} of the working folder's data")
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--rank", type=int, default=8)
    parser.add_argument("--text-rank", type=int, default=0, help="of the text encoder's updates; 0: none")
    parser.add_argument("--rate", type=float, default=3e-3, help="of AdamW; it falls to nothing along a cosine")
    parser.add_argument("--batch", type=int, default=8, help="pictures of the smallest size")
    parser.add_argument("--regions", type=float, default=0.25, help="share of steps with regional attention, half as many pictures")
    parser.add_argument("--most-objects", type=int, default=2, help="of plain scenes")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--precision", choices=CHOICES, default="auto")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--every", type=float, default=120, help="seconds between savings")


def run(args: argparse.Namespace) -> None:
    quick_arithmetic()
    torch.set_num_threads(args.threads)
    random.seed(args.seed), torch.manual_seed(args.seed)
    device = torch_device(args.device)
    tokenizer = CLIPTokenizerFast.from_pretrained(args.base / "tokenizer")
    networks = Networks.of(*load_networks(args.base))
    add_lora(networks.unet, UNET, args.rank)
    networks.text.requires_grad_(False)
    if args.text_rank:
        add_lora(networks.text, TEXT, args.text_rank)
    networks.text.to(device), networks.unet.to(device)
    trained = [p for _, p in networks.trained]
    descent = torch.optim.AdamW(trained, weight_decay=0.0)
    data = Latents(args.data or [args.work.data / FOLDER], tokenizer, args.most_objects)
    drawn = batches(data, Mix(args.batch, 0.7, args.regions, least=2), 0)
    noise, log, kept = Noise(0.0, device), Log(args.out.with_suffix(".tsv"), 0), time.time()
    about = dict(title=args.out.stem, description=args.about, base_model=args.name, rank=str(args.rank), license="Apache-2.0")
    print(f"{sum(p.numel() for p in trained)} parameters; data: {data.describe()}", flush=True)
    networks.text.train(), networks.unet.train()
    for step in range(1, args.steps + 1):
        factor = min(1, step / _WARM_UP) * 0.5 * (1 + math.cos(math.pi * step / args.steps))
        descent.param_groups[0]["lr"] = args.rate * factor
        batch = next(drawn).to(device)
        with precision(args.precision, device):
            loss, _ = batch_loss(networks, noise, batch)
        descent.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        descent.step()
        log.add(batch.kind, loss)
        log.tell(step, time.process_time(), factor)
        if time.time() - kept > args.every:
            save_lora(args.out, networks, about)
            kept = time.time()
    save_lora(args.out, networks, about)
    print(args.out)
