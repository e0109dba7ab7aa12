"""The whole chain in little: every step runs once on tiny networks, some twice to see them resume, and so do the tests."""
import argparse
import json
import sys
import tempfile
import time
import unittest
from pathlib import Path

import torch
from safetensors.torch import load_file

from .places import ROOT
from .vectors import write_notice

# name -> size, count and kind of the scenes
_SETS = {
    "o0": (64, 16, []), "p0": (128, 48, []), "q0": (256, 12, []), "c0": (128, 24, ["--cells"]), "d0": (256, 8, ["--cells"]),
    "e0": (128, 12, ["--shapes"]), "f0": (256, 8, ["--shapes"]), "h0": (128, 24, []),
}


def _chain(out: Path) -> list[list[str]]:
    """The command line of each step."""
    smoke, last, torch_folder = ["--shape", "smoke", "--threads", "1"], str(out / "out/ck/last.pt"), str(out / "out/export/torch")

    def steps(n: int) -> list[str]:
        return ["--minutes", "10", "--most-steps", str(n)]

    train = ["train", *smoke, "--batch", "8", "--warm-up", "2", "--regions", "0.5", "--middle", "0.5", "--object-weight", "3",
             "--freeze-text", "--lookup", "0.05", "--most-objects", "2"]
    few = ["--steps", "2", "--size", "128", "--singles", "3", "--pairs", "2", "--looks", "1", "--layouts", "1", "--shapes", "1"]
    student = ["--steps", "2", "--size", "128", "--guidance", "1"]
    return [
        ["vectors", "--notice", str(out / "NOTICE")],
        *(
            ["scenes", name, "--size", str(size), "--count", str(count), "--seed", str(seed), *kind]
            for seed, (name, (size, count, kind)) in enumerate(_SETS.items())
        ),
        ["tokenizer", "--sets", "p0", "q0", "--size", "900"],
        ["autoencoder", *smoke, "--sets", "p0", "q0", *steps(12), "--scales", "0.3"],
        ["autoencoder", *smoke, "--sets", "p0", "q0", *steps(4), "--decoder", "--patches", "0.02", "--share", "0.5"],
        ["latents", "o0", "p0", "q0", "c0", "d0", "e0", "f0", "--threads", "1"],
        ["ground", *smoke, *steps(4), "--batch", "8"],
        [*train, *steps(6), "--resume", str(out / "out/ck/grounded.pt")],
        [*train, *steps(4)],
        [*train, *steps(2), "--decay", "cos"],
        ["merge", str(out / "out/ck/grounded.pt"), last, "--shares", "0.25", "0.75", "--shape", "smoke"],
        ["distil", last, *smoke, *steps(3), "--teacher-steps", "4", "--steps", "2", "--reuse", "1", "--batch", "8", "--regions", "0.5"],
        ["distil", last, "--start", last, *smoke, *steps(1), "--teacher-steps", "4", "--steps", "2", "--batch", "8"],
        ["sample", str(out / "out/ck/student.pt"), str(out / "student.png"), *smoke, *student],
        ["export", last, "--shape", "smoke", "--name", "beds-smoke"],
        ["restore", str(out / "out/export/models/beds-smoke"), str(out / "restored")],
        ["dusk", "p0", "c0"],
        ["latents", "dusk/p0", "dusk/c0", "--threads", "1"],
        ["lora", str(out / "restored"), str(out / "out/dusk.safetensors"), "--steps", "3", "--text-rank", "2", "--regions", "0.5", "--threads", "1"],
        ["styled", str(out / "restored"), str(out / "out/dusk.safetensors"), "--steps", "2", "--size", "128", "--singles", "2", "--layouts", "1"],
        ["oracle", torch_folder, str(out / "oracle"), "--name", "beds-smoke", "--threads", "1"],
        ["classifier", "--sets", "p0", "c0", "e0", "--held-out", "h0", *steps(12), "--batch", "16", "--width", "8", "--round-trips", "8",
         "--measure", "256", "--threads", "1"],
        ["curves", str(out / "out/ck/losses.tsv"), "--out", str(out / "losses.svg")],
        ["evaluate", last, *smoke, *few, "--real", "h0", "--real-count", "3"],
    ]


def _check(out: Path, first: dict[str, torch.Tensor]) -> None:
    """What the steps must have left. Raises ValueError."""
    saved = torch.load(out / "out/ck/last.pt", weights_only=False)
    missing = {"te", "un", "ema", "opt", "step", "el", "decay"} - set(saved)
    if missing or (saved["decay"], saved["step"]) != ("cos", 12):
        raise ValueError(f"The checkpoint lacks {missing}, or did not go on: {saved['decay']}, step {saved['step']} of 12")
    kinds = {line.split("\t")[2] for line in (out / "out/ck/losses.tsv").read_text().splitlines()}
    for word in ("regions", "lookup"):
        if not any(kind.endswith(word) for kind in kinds):
            raise ValueError(f"No step was trained with {word}: {kinds}")
    from .nets import load_autoencoder

    now = load_autoencoder(out / "out/vae").encoder.state_dict()
    if any(not torch.equal(now[key], first[key]) for key in first):
        raise ValueError("Training the decoder alone changed the encoder")
    for file in ("text_encoder/model", "unet/diffusion_pytorch_model", "vae/diffusion_pytorch_model"):
        exported, restored = (load_file(folder / f"{file}.safetensors") for folder in (out / "out/export/torch", out / "restored"))
        other = [name for name in exported if name not in restored or not torch.equal(exported[name], restored[name])]
        if other:
            raise ValueError(f"{file} is not what was exported, read back from ONNX: {other}")
    scores = json.loads((out / "out/results/scores.json").read_text())
    if not scores["four regions: object"].endswith("%)"):
        raise ValueError(f"No score for regions: {scores}")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, help="working folder to keep; default: a temporary one")


def run(args: argparse.Namespace) -> None:
    from .__main__ import main

    start = time.time()
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as temporary:
        out = args.out or Path(temporary)
        out.mkdir(parents=True, exist_ok=True)
        notice = ROOT.parent / "NOTICE"
        (out / "NOTICE").write_text(notice.read_text())
        if write_notice(out / "NOTICE"):
            raise ValueError(f"{notice} does not name the vectors as they are: run python -m beds vectors")
        encoder: dict[str, torch.Tensor] = {}
        for line in _chain(out):
            began = time.time()
            print(f"--- {' '.join(line)}", flush=True)
            main([line[0], "--work", str(out), *line[1:]])
            print(f"--- {line[0]}: {time.time() - began:.1f} s", flush=True)
            if line[0] == "autoencoder" and not encoder:
                from .nets import load_autoencoder

                encoder = load_autoencoder(out / "out/vae").encoder.state_dict()
        _check(out, encoder)
    tests = unittest.defaultTestLoader.discover(str(ROOT / "tests"), top_level_dir=str(ROOT))
    result = unittest.TextTestRunner(stream=sys.stdout).run(tests)
    if not result.wasSuccessful():
        raise SystemExit(1)
    print(f"smoke: every step ran, {result.testsRun} tests passed, {time.time() - start:.0f} s")
