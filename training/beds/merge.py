"""The mean of several checkpoints' averaged weights.

Ends of decays of one training lie around one minimum, and their mean may paint better than each of them (stochastic weight
averaging, Izmailov et al. 2018, arXiv 1803.05407, sec. 3).
"""
import argparse
import math
from pathlib import Path

import torch
from transformers import CLIPTokenizer

from . import checkpoint
from .nets import SHAPES


def mean(weights: list[list[torch.Tensor]], shares: list[float]) -> list[torch.Tensor]:
    """[checkpoints][parameters] -> [parameters], by shares that sum to one. What all have in common stays as it is, to the bit."""
    rest = shares[1:]
    return [first + sum(share * (other - first) for share, other in zip(rest, others)) for first, *others in zip(*weights, strict=True)]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("checkpoints", type=Path, nargs="+", help="of one training, the latest last")
    parser.add_argument("--shares", type=float, nargs="+", help="one for each checkpoint, 1 in all; default: equal ones")
    parser.add_argument("--out", type=Path, help="default: out/ck/merged.pt of the working folder")
    parser.add_argument("--shape", choices=list(SHAPES), default="beds-256")


def run(args: argparse.Namespace) -> None:
    """Writes a checkpoint for `export`, `evaluate`, `distil` and `train --resume`, without the state of an optimiser."""
    count = len(args.checkpoints)
    shares = args.shares or [1 / count] * count
    if len(shares) != count or not math.isclose(sum(shares), 1):
        raise SystemExit(f"--shares {shares}: must be {count} numbers, one for each checkpoint, that sum to 1")
    tokenizer = CLIPTokenizer.from_pretrained(args.work.tokenizer)
    taken = [checkpoint.averaged(path, SHAPES[args.shape], tokenizer) for path in args.checkpoints]
    networks, step = taken[-1]
    with torch.no_grad():
        networks.average = mean([one.parameters for one, _ in taken], shares)
        for p, average in zip(networks.parameters, networks.average, strict=True):
            p.copy_(average)
    out = args.out or args.work.checkpoints / "merged.pt"
    checkpoint.save(out, networks, step=step)
    print(f"mean of {count} checkpoints in {out}")
