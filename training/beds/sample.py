"""A contact sheet of prompts, from a checkpoint or an exported diffusers folder."""
import argparse
from pathlib import Path

import torch
from transformers import CLIPTokenizer

from .checkpoint import shipped
from .device import torch_device
from .nets import SHAPES, load_autoencoder
from .paint import Painter, contact_sheet
from .threads import quick_arithmetic

PROMPTS = (
    "a cat, blue sky, noto style", "an apple, green background", "a pizza, night sky, fluent style", "a penguin, snow",
    "a rocket, space", "a dog and a banana, red background", "a castle, sunset", "a blue heart, white background",
    "a fox, forest, noto style", "a robot, city", "a whale, ocean", "a cactus, desert",
    "pixel art, a frog, blue background", "pencil sketch, a house", "neon, a guitar, city", "a sunflower and a bee, green meadow",
)


def painter_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("weights", type=Path, help="a checkpoint, of which the average is taken, or a diffusers folder")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--guidance", type=float, default=4.0, help="1: none, for distilled students")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--shape", choices=list(SHAPES), default="beds-256")


def painter(args: argparse.Namespace) -> Painter:
    quick_arithmetic()
    torch.set_num_threads(args.threads)
    folder = args.weights
    own = folder.is_dir()
    tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer" if own else args.work.tokenizer)
    text, unet = shipped(folder, SHAPES[args.shape], tokenizer)
    autoencoder = load_autoencoder(folder / "vae" if own else args.work.autoencoder)
    device = torch_device(args.device)
    return Painter(text.to(device), unet.to(device), autoencoder.to(device), tokenizer, args.steps, args.guidance)


def arguments(parser: argparse.ArgumentParser) -> None:
    painter_arguments(parser)
    parser.add_argument("out", type=Path, help="a PNG file")
    parser.add_argument("--size", type=int, default=256, help="pixels")
    parser.add_argument("--prompts", type=Path, help="a file with a prompt on each line")
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> None:
    prompts = args.prompts.read_text().strip().split("\n") if args.prompts else PROMPTS
    contact_sheet(painter(args).paint_all(prompts, args.size, args.seed), args.out)
    print(f"{len(prompts)} pictures in {args.out}")
