"""Losses of a training as curves: the tab-separated lines that `train` and `distil` keep -> an SVG file."""
import argparse
from collections import defaultdict
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "beds"  # the same numbers give the same file
from matplotlib import pyplot  # noqa: E402

_MEMORY = 0.85  # of the running mean, per line of the log


def read(paths: list[Path]) -> dict[str, np.ndarray]:
    """Kind of batch -> [lines, 2]: step and running mean of the loss."""
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for path in paths:
        for line in path.read_text().splitlines():
            step, _, kind, loss = line.split("\t")
            before = found[kind][-1][1] if found[kind] else float(loss)
            found[kind].append((int(step), _MEMORY * before + (1 - _MEMORY) * float(loss)))
    return {kind: np.array(lines) for kind, lines in found.items()}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("losses", type=Path, nargs="+", help="losses.tsv, in the order in which they were written")
    parser.add_argument("--out", type=Path, required=True, help="an SVG file")


def run(args: argparse.Namespace) -> None:
    curves = read(args.losses)
    figure, (errors, lookups) = pyplot.subplots(1, 2, figsize=(10, 4), layout="constrained")
    for kind, lines in sorted(curves.items()):
        (lookups if kind.endswith("lookup") else errors).plot(*lines.T, label=kind.removesuffix(" lookup"), linewidth=1)
    errors.set(title="mean square error of v", xlabel="step")
    lookups.set(title="cross-entropy of the lookup", xlabel="step")
    for axes in (errors, lookups):
        axes.grid(alpha=0.3)
        if axes.lines:
            axes.legend(fontsize="small")
    args.out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(args.out, metadata={"Date": None})
    print(f"{len(curves)} curves in {args.out}")
