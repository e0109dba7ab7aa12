"""Trains the autoencoder on crops of pictures; or, with --decoder, only its decoder, which leaves latents as they are.

L1 + L2 + image gradients; latents are held near zero mean and unit variance; a little noise on them makes the decoder
robust to the UNet's errors. With --patches a small discriminator of patches sharpens what the decoder paints. With --scales
latents of half the size must give pictures of half the size (Skorokhodov et al. 2025, arXiv 2502.14831): such latents keep
little that only the decoder understands, and a UNet learns them in fewer steps. With --share the result is only a part of the
way from the old weights to the new ones, which may be better than both (Wortsman et al. 2022, arXiv 2109.01903).
"""
import argparse
import math
import os
import random
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderTiny
from torch import nn

from .device import precision, torch_device
from .muon import Muon
from .nets import SHAPES, deepened_autoencoder, from_pictures, load_autoencoder, new_autoencoder


def crops(sets: list[np.ndarray], n: int, side: int, device: torch.device) -> torch.Tensor:
    """[n, 3, side, side] in -1..1, half of them mirrored."""
    out = np.empty((n, side, side, 3), np.uint8)
    for i in range(n):
        pictures = random.choice(sets)
        picture = pictures[random.randrange(len(pictures))]
        y, x = (random.randint(0, picture.shape[a] - side) for a in (0, 1))
        out[i] = picture[y : y + side, x : x + side]
        if random.random() < 0.5:
            out[i] = out[i][:, ::-1]
    return from_pictures(torch.from_numpy(out).to(device)).contiguous()


def edge_error(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """L1 between the differences of neighbouring pixels, down and across."""
    return sum((a.diff(dim=d) - b.diff(dim=d)).abs().mean() for d in (-2, -1))


def psnr(a: torch.Tensor, b: torch.Tensor) -> float:
    """Of pictures in -1..1, in dB."""
    return -10 * math.log10(((a.clamp(-1, 1) - b) / 2).pow(2).mean().item())


class Patches(nn.Module):
    """Says of each patch of about 30 pixels how real it looks (PatchGAN, Isola et al. 2017)."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for i, o in ((3, width), (width, 2 * width), (2 * width, 4 * width)):
            layers += [nn.utils.spectral_norm(nn.Conv2d(i, o, 4, 2, 1)), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, nn.Conv2d(4 * width, 1, 3, 1, 1))

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        return self.layers(pictures)


@torch.no_grad()
def measured_psnr(autoencoder: AutoencoderTiny, pixels: np.ndarray) -> float:
    """Of whole pictures [n, size, size, 3], from their mean square error in common: plain ones do not lift it as they would a mean."""
    errors = []
    for picture in pixels:
        x = from_pictures(torch.from_numpy(np.array(picture))[None].to(autoencoder.device))
        errors.append(((autoencoder.decoder(autoencoder.encoder(x)).clamp(-1, 1) - x) / 2).pow(2).mean().item())
    return -10 * math.log10(float(np.mean(errors)))


def _optimisers(parameters: list[tuple[str, nn.Parameter]], rate: float) -> list[torch.optim.Optimizer]:
    wide = [p for _, p in parameters if p.ndim == 4 and p.shape[0] > 4 and p.shape[1] > 4]
    taken = {id(p) for p in wide}
    rest = [p for _, p in parameters if id(p) not in taken]
    return [Muon(wide, lr=rate), torch.optim.AdamW(rest, lr=0.1 * rate, weight_decay=0, betas=(0.9, 0.99))]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sets", nargs="+", required=True, help="names of sets to learn from")
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--start", type=Path, help="a folder to begin with; the working folder's own goes before it")
    parser.add_argument("--decoder", action="store_true", help="keep the encoder, and so all latents and the UNet, as they are")
    parser.add_argument("--patches", type=float, default=0.0, help="weight of the adversarial term")
    parser.add_argument("--scales", type=float, default=0.0, help="weight of the term that makes latents keep when reduced")
    parser.add_argument("--share", type=float, default=1.0, help="of the way from the weights at the start to those at the end that is taken")
    parser.add_argument("--latent-noise", type=float, default=0.05, help="standard deviation")
    parser.add_argument("--rate", type=float, default=0.02, help="of Muon; AdamW has a tenth")
    parser.add_argument("--batch", type=int, default=20)
    parser.add_argument("--crop", type=int, default=64, help="side in pixels, a multiple of 8")
    parser.add_argument("--most-steps", type=int, default=10**9, help="steps after which this run ends, whatever its minutes")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--shape", choices=list(SHAPES), default="beds-256")


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    torch.seed()
    out = args.work.autoencoder
    begin = out if (out / "config.json").exists() else args.start
    device, shape = torch_device(args.device), SHAPES[args.shape]
    model = (deepened_autoencoder(load_autoencoder(begin), shape) if begin else new_autoencoder(shape)).to(device)
    trained = model.decoder if args.decoder else model
    model.requires_grad_(False), trained.requires_grad_(True), model.train()
    before = [p.detach().clone() for p in trained.parameters()]
    sets = [np.load(args.work.data / f"{name}.npy", mmap_mode="r") for name in args.sets]
    optimizers = _optimisers(list(trained.named_parameters()), args.rate)
    patches = Patches().to(device)
    judge_optimizer = torch.optim.AdamW(patches.parameters(), lr=5e-4, betas=(0.5, 0.9), weight_decay=0)
    out.parent.mkdir(parents=True, exist_ok=True)
    start, step, kept = time.time(), 0, time.time()
    while (spent := time.time() - start) < args.minutes * 60 and step < args.most_steps:
        factor = min(1, (step + 1) / 40) * (0.5 * (1 + math.cos(math.pi * spent / (args.minutes * 60))) * 0.98 + 0.02)
        for optimizer, rate in zip(optimizers, (args.rate, 0.1 * args.rate)):
            optimizer.param_groups[0]["lr"] = rate * factor
        x = crops(sets, args.batch, args.crop, device)
        with precision("auto", device):
            with torch.set_grad_enabled(not args.decoder):
                z = model.encoder(x)
            y = model.decoder(z + torch.randn_like(z) * args.latent_noise)
        y, z = y.float(), z.float()
        loss = (y - x).abs().mean() + (y - x).pow(2).mean() + 0.5 * edge_error(y, x)
        if not args.decoder:
            spread = z.var((0, 2, 3)) - 1
            loss = loss + 0.01 * (z.mean((0, 2, 3)).pow(2) + spread.pow(2)).mean()
            if args.scales:
                with precision("auto", device):
                    half = model.decoder(F.avg_pool2d(z, 2)).float()
                loss = loss + args.scales * (half - F.avg_pool2d(x, 2)).abs().mean()
        if args.patches:
            patches.requires_grad_(False)
            loss = loss - args.patches * patches(y).mean()
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(trained.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
        if args.patches:
            patches.requires_grad_(True)
            judged = F.relu(1 - patches(x)).mean() + F.relu(1 + patches(y.detach())).mean()  # hinge
            judge_optimizer.zero_grad(set_to_none=True)
            judged.backward()
            judge_optimizer.step()
        step += 1
        if step % 50 == 0:
            sharp, most = psnr(y.detach(), x), z.abs().max().item()
            print(f"{step} {spent:.0f} s, loss {loss.item():.4f}, PSNR {sharp:.2f}, latents up to {most:.1f}", flush=True)
        if time.time() - kept > 300:
            _save(model, out)
            kept = time.time()
    with torch.no_grad():
        for p, old in zip(trained.parameters(), before, strict=True):
            p.copy_(torch.lerp(old, p, args.share))
    _save(model, out)
    print(f"{step} steps, {sum(p.numel() for p in model.parameters())} parameters")


def _save(model: AutoencoderTiny, out: Path) -> None:
    partial = out.with_name(out.name + ".part")
    model.save_pretrained(partial)
    out.mkdir(exist_ok=True)
    for file in partial.iterdir():
        os.replace(file, out / file.name)
    partial.rmdir()
