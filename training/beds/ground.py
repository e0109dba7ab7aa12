"""Grounds the text encoder: after a caption's end it learns to say what the objects look like, piece by piece.

A caption ends long before its 77 tokens do. The last 50 of them are two grids of 5 x 5 places; each place describes one
piece of an icon, and the UNet, trained afterwards, has only to look up the piece that belongs where it paints. That it
learns from all objects together, instead of every shape by heart from noisy pictures: see README.md for what it gains.
The words' own contexts stay as they were.
"""
import argparse
import copy
import math
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderTiny, UNet2DConditionModel
from PIL import Image
from transformers import CLIPTextModel, CLIPTokenizer, CLIPTokenizerFast

from . import checkpoint
from .backgrounds import BACKGROUND_NAMES
from .captions import caption
from .checkpoint import Networks, averaged
from .concepts import EFFECTS, NOUNS, STYLE_NAMES, STYLES
from .descent import Descent
from .device import torch_device
from .nets import SHAPES, TOKENS, Shape, from_pictures, load_autoencoder, load_networks, new_text_encoder, token_ids
from .places import Work
from .threads import ActiveTime, Threads, quick_arithmetic
from .vectors import load_icons

GRIDS, SIDE, CELL = 2, 5, 3  # grids of SIDE x SIDE pieces of CELL x CELL latent cells
PIECES = SIDE * SIDE
FIRST = TOKENS - GRIDS * PIECES  # the first token that describes a piece; longer captions push pieces out
_PIXELS = SIDE * CELL * 8  # side of the icon that is described
_PLACE = 4.0  # size of the one-hot parts that tell grid, row and column; contents have a standard deviation of one


@dataclass(frozen=True)
class Looks:
    """`pieces` [styles, nouns, PIECES, features]: latents and coverage of each icon's pieces, scaled; zero where it is not."""

    pieces: torch.Tensor

    @staticmethod
    @torch.no_grad()
    def draw(work: Work, autoencoder: AutoencoderTiny) -> "Looks":
        icons, grey = load_icons(work), (128, 128, 128)
        found = []
        plain = autoencoder.encoder(from_pictures(torch.full((1, _PIXELS, _PIXELS, 3), 128, dtype=torch.uint8)))
        for style in STYLES:
            for noun in NOUNS:
                icon = icons[style, noun].resize((_PIXELS, _PIXELS), Image.LANCZOS)
                picture = Image.new("RGB", icon.size, grey)
                picture.paste(icon, (0, 0), icon)
                z = autoencoder.encoder(from_pictures(torch.from_numpy(np.array(picture))[None])) - plain
                alpha = torch.from_numpy(np.array(icon)[..., 3]).float()[None, None] / 255
                alpha = F.avg_pool2d(alpha, 8)
                pieces = F.pixel_unshuffle(torch.cat([z * (alpha > 0), alpha], 1), CELL)  # [1, 5 CELL^2, SIDE, SIDE]
                found.append(pieces.flatten(2).mT[0])
        pieces = torch.stack(found).unflatten(0, (len(STYLES), len(NOUNS)))
        return Looks(pieces / pieces.flatten(0, 2).std(0).clamp(min=0.05))

    @property
    def features(self) -> int:
        return self.pieces.shape[-1]

    def of(self, noun: str, style: str | None) -> torch.Tensor:
        """[PIECES, features]; without a style the mean of both."""
        n = NOUNS.index(noun)
        return self.pieces[:, n].mean(0) if style is None else self.pieces[STYLE_NAMES.index(style), n]

    def targets(self, text: str, nouns: list[str]) -> torch.Tensor:
        """What the tokens from FIRST on shall say, [GRIDS * PIECES, features].

        The last grid is that of the object named first, the one before it that of the second; more have words only. A
        single object is shown in both, if no style is named once in each.
        """
        style = next((name for name in STYLE_NAMES if name in text), None)
        named = in_order(text, nouns)[:GRIDS]
        if not named:
            return torch.zeros(GRIDS * PIECES, self.features)
        if len(named) == 1:
            shown = [self.of(named[0], style or name) for name in STYLE_NAMES]
        else:
            shown = [self.of(noun, style) for noun in named]
        return torch.cat(shown[::-1])


def in_order(text: str, nouns: list[str]) -> list[str]:
    """Nouns in the order in which a caption names them; "apple" is not found in "green apple" if both are asked for."""
    places = {}
    for noun in sorted(nouns, key=len, reverse=True):
        at = text.find(noun)
        if at >= 0:
            places[noun] = at
            text = text[:at] + "#" * len(noun) + text[at + len(noun) :]
    return sorted(places, key=places.__getitem__)


def axes(width: int, features: int) -> torch.Tensor:
    """Orthonormal directions [width, features + places] in which contexts carry pieces; the same for every training."""
    g = torch.Generator().manual_seed(25)
    return torch.linalg.qr(torch.randn(width, width, generator=g))[0][:, : features + GRIDS + 2 * SIDE]


def places() -> torch.Tensor:
    """One-hot grid, row and column of every piece, [GRIDS * PIECES, GRIDS + 2 SIDE]."""
    grid, row, column = torch.meshgrid(torch.arange(GRIDS), torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
    parts = (F.one_hot(grid, GRIDS), F.one_hot(row, SIDE), F.one_hot(column, SIDE))
    return _PLACE * torch.cat(parts, -1).flatten(0, 2).float()


def any_caption(r: Random) -> tuple[str, list[str]]:
    """A caption of a scene that nobody draws, and the nouns it names."""
    nouns = r.sample(NOUNS, r.choices([0, 1, 2, 3], [0.05, 0.6, 0.3, 0.05])[0])
    record = dict(
        objs=[[noun, 0, 0, 0] for noun in nouns], bg=r.choice(BACKGROUND_NAMES), style=r.choice(STYLE_NAMES),
        effect=r.choice(EFFECTS) if r.random() < 0.2 else None,
    )
    text = caption(r, record)
    return text, nouns if text else []


def widened(text: CLIPTextModel, tokenizer: CLIPTokenizer, shape: Shape) -> CLIPTextModel:
    """The same function with room for more: new hidden units of the feed-forward layers add nothing yet."""
    new = new_text_encoder(shape, tokenizer)
    old, state = text.state_dict(), new.state_dict()
    for name, value in state.items():
        if name.endswith("mlp.fc2.weight"):
            value.zero_()
        value[tuple(slice(0, n) for n in old[name].shape)] = old[name]
    new.load_state_dict(state)
    return new


@torch.no_grad()
def make_room(unet: UNet2DConditionModel, looks: Looks, basis: torch.Tensor) -> None:
    """Gives half of the heads of every cross-attention layer to the pieces; the words keep the others.

    A UNet that has learnt to ignore what follows the words would never look there. Of the heads it gets new weights for,
    those of even number start with keys of the look, those of odd number with keys of the place; all hand on the look. Queries
    start near zero: all pieces count.
    """
    g = torch.Generator().manual_seed(5)
    look, place = basis[:, : looks.features], basis[:, looks.features :]
    main = torch.linalg.svd(looks.pieces.flatten(0, 2), full_matrices=False)[2]  # principal directions, strongest first
    for name, attention in unet.named_modules():
        if not name.endswith(".attn2"):
            continue
        width = attention.to_k.weight.shape[0] // attention.heads

        def turned(directions: torch.Tensor) -> torch.Tensor:
            """[width, D]: these directions of a context, at random over the head's channels."""
            n = min(width, directions.shape[1])
            return torch.linalg.qr(torch.randn(width, width, generator=g))[0][:, :n] @ directions[:, :n].T

        for head in range(attention.heads // 2, attention.heads):
            rows = slice(head * width, (head + 1) * width)
            attention.to_k.weight[rows] = turned(place if head % 2 else look @ main.T)
            attention.to_v.weight[rows] = turned(look @ main.T)
            query, out = attention.to_q.weight[rows], attention.to_out[0].weight[:, rows]
            query.copy_(0.2 * torch.randn(query.shape, generator=g) / query.shape[1] ** 0.5)
            out.copy_(0.3 * torch.randn(out.shape, generator=g) / out.shape[0] ** 0.5)


def recognised(text: CLIPTextModel, tokenizer: CLIPTokenizer, looks: Looks, basis: torch.Tensor) -> float:
    """Share of the icons whose description is nearer to their own look than to any other's."""
    right, device = 0, text.device
    with torch.no_grad():
        for s, style in enumerate(STYLE_NAMES):
            hidden = text(token_ids(tokenizer, [f"{noun}, {style}" for noun in NOUNS]).to(device))[0]
            said = (hidden[:, TOKENS - PIECES :] @ basis)[..., : looks.features].flatten(1)
            nearest = torch.cdist(said, looks.pieces.flatten(0, 1).flatten(1).to(device)).argmin(1)
            right += int((nearest.cpu() == torch.arange(len(NOUNS)) + s * len(NOUNS)).sum())
    return right / (len(NOUNS) * len(STYLE_NAMES))


def _begun(of: Path | None, shape: Shape, tokenizer: CLIPTokenizerFast) -> tuple[Networks, int]:
    """Networks and the steps they have had."""
    if of is None:
        return Networks.new(shape, tokenizer), 0
    return (Networks.of(*load_networks(of)), 0) if of.is_dir() else averaged(of, shape, tokenizer)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--minutes", type=float, required=True, help="active minutes; the rate falls to zero over them")
    parser.add_argument("--of", type=Path, help="a checkpoint or a diffusers folder to go on from; default: new networks")
    parser.add_argument("--keep-unet", action="store_true", help="its heads look pieces up already")
    parser.add_argument("--batch", type=int, default=48, help="captions")
    parser.add_argument("--muon-rate", type=float, default=0.01)
    parser.add_argument("--adam-rate", type=float, default=2e-3)
    parser.add_argument("--most-steps", type=int, default=10**9, help="steps after which this run ends, whatever its minutes")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--shape", choices=list(SHAPES), default="beds-256")


def run(args: argparse.Namespace) -> None:
    """Writes out/ck/grounded.pt, from which `train --resume` goes on."""
    quick_arithmetic()
    device = torch_device(args.device)
    tokenizer, shape = CLIPTokenizerFast.from_pretrained(args.work.tokenizer), SHAPES[args.shape]
    networks, step = _begun(args.of, shape, tokenizer)
    before = copy.deepcopy(networks.text).eval().requires_grad_(False).to(device)
    text = widened(networks.text, tokenizer, shape).train().to(device)
    looks = Looks.draw(args.work, load_autoencoder(args.work.autoencoder))
    basis, where = axes(shape.text_width, looks.features), places()
    on_device = basis.to(device)
    named = list(text.named_parameters())
    descent = Descent(named, args.muon_rate, args.adam_rate, warm_up=50, floor=0.0, clip=math.inf)
    r, clock, threads, n = Random(), ActiveTime(device), Threads(args.threads), 0
    began = time.time()
    while clock.tick() < args.minutes * 60 and n < args.most_steps:
        threads.adapt()
        captions, nouns = zip(*(any_caption(r) for _ in range(args.batch)))
        ids = token_ids(tokenizer, list(captions)).to(device)
        wanted = torch.stack([torch.cat([looks.targets(t, o), where], 1) for t, o in zip(captions, nouns)]).to(device)
        hidden = text(ids)[0]
        with torch.no_grad():
            kept = before(ids)[0]
        words = (ids != tokenizer.eos_token_id).float()[..., None]
        words[:, FIRST:] = 0
        words_loss = ((hidden - kept).pow(2) * words).sum() / words.sum() / shape.text_width
        looks_loss = (hidden[:, FIRST:] @ on_device - wanted).pow(2).mean()
        descent.step(looks_loss + words_loss, clock.seconds / (args.minutes * 60))
        n += 1
        if n % 25 == 0:
            known = recognised(text, tokenizer, looks, on_device) if n % 100 == 0 else math.nan
            print(f"{n} {clock.seconds:.0f} s, looks {looks_loss.item():.4f}, words {words_loss.item():.4f}, "
                  f"recognised {known:.3f}, {n / (time.time() - began):.2f} steps/s", flush=True)
    known = recognised(text, tokenizer, looks, on_device)
    if not args.keep_unet:
        make_room(networks.unet, looks, basis)
    text.cpu()
    grounded = Networks.of(text, networks.unet)
    checkpoint.save(args.work.checkpoints / "grounded.pt", grounded, step=step)
    print(f"recognised {known:.3f}; {args.work.checkpoints / 'grounded.pt'}")
