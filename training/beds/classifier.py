"""Trains the judge on the generator's own crops, states its accuracy on held-out scenes and exports it as ONNX."""
import argparse
import time
from pathlib import Path
from random import Random

import numpy as np
import torch
import torch.nn.functional as F

from .crops import HEADS, NONE, SIDE, UNKNOWN, PictureSet, augment, batch, batches
from .device import precision, torch_device
from .half import half_storage
from .judge import Judge, describe
from .nets import from_pictures, load_autoencoder, to_pictures
from .places import Work


def round_trip(work: Work, pictures: PictureSet, share: int, device: torch.device, noise: float = 0.2) -> PictureSet:
    """The first pictures as the autoencoder gives them back, with noise on the latents: what a denoiser's errors look like.

    `share` is how many pictures of 128 pixels; of larger ones as many as have the same area.
    """
    count = max(1, share * 128**2 // pictures.pixels.shape[1] ** 2)
    autoencoder = load_autoencoder(work.autoencoder).to(device)
    back = np.empty_like(pictures.pixels[:count])
    with torch.no_grad(), precision("auto", device):
        for i in range(0, len(back), 16):
            z = autoencoder.encoder(from_pictures(torch.from_numpy(np.array(pictures.pixels[i : min(i + 16, count)])).to(device)))
            noisy = z + noise * torch.rand(len(z), 1, 1, 1, device=device) * torch.randn_like(z)
            back[i : i + 16] = to_pictures(autoencoder.decoder(noisy)).cpu().numpy()
    return PictureSet(back, pictures.records[:count])


@torch.no_grad()
def accuracy(model: Judge, sets: list[PictureSet], crops: int, seed: int) -> dict[str, float]:
    """Share of right names on unaugmented crops of sets, per head, and per head on pictures without effects.

    "none" counts as the name of an object.
    """
    model.eval()
    device = next(model.parameters()).device
    r, tally = Random(seed), {f"{head}{where}": [0, 0] for where in ("", " without effect") for head in HEADS}
    for _ in range(0, crops, 128):
        x, labels = batch(r, sets, 128)
        plain = (labels[:, list(HEADS).index("effect")] == HEADS["effect"].index(NONE)).to(device)
        for head, logits, wanted in zip(HEADS, model(x.to(device)), labels.T.to(device)):
            for name, known in ((head, wanted != UNKNOWN), (f"{head} without effect", (wanted != UNKNOWN) & plain)):
                tally[name][0] += int((logits.argmax(1) == wanted)[known].sum())
                tally[name][1] += int(known.sum())
    return {name: round(right / max(1, seen), 4) for name, (right, seen) in tally.items()}


def train_judge(
    model: Judge, sets: list[PictureSet], minutes: float, size: int, checkpoint: Path, most_steps: int, workers: int
) -> None:
    """AdamW with a cosine decay over the minutes; an existing checkpoint's weights are the start."""
    device, drawn = next(model.parameters()).device, batches(sets, size, workers)
    if checkpoint.exists():
        model.load_state_dict(torch.load(checkpoint, weights_only=True, map_location="cpu")["model"])
    optimiser = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.02)
    start, step, saved, losses = time.time(), 0, time.time(), []
    model.train()
    while (spent := time.time() - start) < minutes * 60 and step < most_steps:
        rate = 2e-3 * min(1, (step + 1) / 100) * (0.5 * (1 + np.cos(np.pi * spent / (minutes * 60))) * 0.99 + 0.01)
        optimiser.param_groups[0]["lr"] = rate
        x, labels = (part.to(device) for part in next(drawn))
        x, labels = augment(x, labels)
        with precision("auto", device):
            outputs = model(x)
        loss = sum(
            F.cross_entropy(logits.float(), wanted, ignore_index=UNKNOWN, label_smoothing=0.05)
            for logits, wanted in zip(outputs, labels.T)
            if bool((wanted != UNKNOWN).any())
        )
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        step += 1
        losses.append(loss.detach())
        if step % 100 == 0:
            print(f"{step} {spent:.0f} s, loss {torch.stack(losses[-100:]).mean().item():.3f}, {step * size / spent:.0f} crops/s", flush=True)
        if time.time() - saved > 120:
            torch.save(dict(model=model.state_dict(), width=model.width), checkpoint)
            saved = time.time()
    torch.save(dict(model=model.state_dict(), width=model.width), checkpoint)


def export_judge(model: Judge, out: Path, measured: dict[str, float]) -> None:
    """classifier.onnx (weights stored as float16, arithmetic float32) and classifier.json."""
    out.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        model.cpu().eval(), (torch.zeros(2, 3, SIDE, SIDE),), str(out / "classifier.onnx"), input_names=["crops"],
        output_names=list(HEADS), dynamic_axes={name: {0: "batch"} for name in ("crops", *HEADS)}, opset_version=18, dynamo=False,
    )
    half_storage(out / "classifier.onnx")
    (out / "classifier.json").write_text(describe(measured))


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sets", nargs="+", required=True, help="names of sets to learn from")
    parser.add_argument("--held-out", nargs="+", required=True, help="names of sets to measure on")
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--width", type=int, default=32, help="channels of the first layer")
    parser.add_argument("--round-trips", type=int, default=1000, help="pictures of 128 pixels of each set, or their area, to pass through the autoencoder")
    parser.add_argument("--measure", type=int, default=6000, help="crops that accuracy is measured on")
    parser.add_argument("--most-steps", type=int, default=10**9, help="steps after which training ends, whatever its minutes")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=0, help="processes that cut crops; a GPU needs many")


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    args.work.classifier.mkdir(parents=True, exist_ok=True)
    sets = [PictureSet.open(args.work.data / name) for name in args.sets]
    device = torch_device(args.device)
    trips = [round_trip(args.work, s, args.round_trips, device) for s in sets]
    held = [PictureSet.open(args.work.data / name) for name in args.held_out]
    model = Judge(args.width).to(device)
    train_judge(model, sets + trips, args.minutes, args.batch, args.work.classifier / "judge.pt", args.most_steps, args.workers)
    measured = dict(real=accuracy(model, held, args.measure, 1))
    measured["round trip"] = accuracy(model, [round_trip(args.work, s, 300, device, noise=0.0) for s in held], args.measure, 1)
    export_judge(model, args.work.classifier, measured)
    print(f"{sum(p.numel() for p in model.parameters())} parameters, accuracy {measured}")
