"""Text encoder + UNet, trained together on latents: v prediction, plain batches and batches with regional attention.

The learning rate is constant until the last phase, whose cosine decay ends at a twentieth; a new phase begins when
--decay differs from the checkpoint's, and its clock counts active time only.
"""
import argparse
import time
from contextlib import nullcontext
from pathlib import Path

import torch
from diffusers import DDPMScheduler
from transformers import CLIPTokenizerFast

from . import checkpoint
from .checkpoint import Networks
from .dataset import Batch, Latents, Mix, batches
from .descent import Descent
from .device import CHOICES, precision, torch_device
from .lookup import watched_attention
from .nets import SCHEDULE, SHAPES, encode, load_networks
from .regional import regional_attention
from .threads import ActiveTime, Threads, quick_arithmetic


class Noise:
    """The forward process of SCHEDULE and its v target (Salimans & Ho 2022, arXiv 2202.00512)."""

    def __init__(self, middle: float, device: torch.device) -> None:
        self.signal = DDPMScheduler(**SCHEDULE).alphas_cumprod.to(device)
        self.middle = middle

    def timesteps(self, n: int) -> torch.Tensor:
        """Uniform; the share `middle` of them logit-normal, which favours the levels at which shapes appear."""
        on = dict(device=self.signal.device)
        uniform = torch.randint(0, 1000, (n,), **on)
        bell = (1000 * torch.sigmoid(torch.randn(n, **on))).long().clamp(0, 999)
        return torch.where(torch.rand(n, **on) < self.middle, bell, uniform)

    def add(self, x: torch.Tensor, noise: torch.Tensor, t: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Noisy latents and v, both [n, 4, h, w]."""
        a = self.signal[t].view(-1, 1, 1, 1)
        return a.sqrt() * x + (1 - a).sqrt() * noise, a.sqrt() * noise - (1 - a).sqrt() * x


def batch_loss(
    networks: Networks, noise: Noise, batch: Batch, object_weight: float = 1.0, lookup: float = 0.0
) -> tuple[torch.Tensor, torch.Tensor | None]:
    """What is minimised, and of it the cross-entropy of the lookup by itself if `lookup` gives that any weight.

    The mean square error of v; cells of objects count `object_weight` times as much as the others.
    """
    t = noise.timesteps(len(batch.latents))
    noisy, v = noise.add(batch.latents, torch.randn_like(batch.latents), t)
    context = encode(networks.text, batch.ids)
    if batch.maps is not None:
        attention = regional_attention(networks.unet, batch.maps, batch.spans.shares() if lookup else None)
    elif lookup:
        attention = watched_attention(networks.unet, batch.spans)
    else:
        attention = nullcontext()
    with attention as missed:
        predicted = networks.unet(noisy, t, context, return_dict=False)[0]
    weights = 1 + (object_weight - 1) * batch.objects
    error = ((predicted.float() - v).pow(2) * weights).mean() / weights.mean()
    if not missed:
        return error, None
    found = torch.stack(missed).mean()
    return error + lookup * found, found


class Log:
    """Mean losses by kind of batch, a line every few steps; also kept as tab-separated values for curves."""

    def __init__(self, path: Path, first: int) -> None:
        self.path, self.first, self.losses = path, first, {}
        self.began = time.time()

    def add(self, kind: str, loss: torch.Tensor) -> None:
        """A GPU is not waited for: the number is asked for when it is told."""
        self.losses.setdefault(kind, []).append(loss.detach())

    def tell(self, step: int, seconds: float, factor: float) -> None:
        """Called once a step."""
        if step % (5 if step - self.first < 50 else 25):
            return
        means = {kind: torch.stack(values).mean().item() for kind, values in sorted(self.losses.items())}
        text = ", ".join(f"{kind} {mean:.4f}" for kind, mean in means.items())
        pace = (step - self.first) / max(1.0, time.time() - self.began)
        print(f"{step} {seconds:.0f} s, {text}, rate x{factor:.3f}, {pace:.3f} steps/s", flush=True)
        with self.path.open("a") as out:
            out.writelines(f"{step}\t{seconds:.0f}\t{kind}\t{mean:.5f}\n" for kind, mean in means.items())
        self.losses = {}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--minutes", type=float, required=True, help="active minutes of this phase in all")
    parser.add_argument("--decay", choices=("const", "cos"), default="const")
    parser.add_argument("--resume", type=Path, help="a checkpoint; last.pt of the working folder goes before it")
    parser.add_argument("--start", type=Path, help="a diffusers folder: its weights, fresh optimisers")
    parser.add_argument("--first-step", type=int, default=0, help="with --start: steps its weights have had")
    parser.add_argument("--data", type=Path, nargs="*", help="folders of latents; default: the working folder's data")
    parser.add_argument("--most-objects", type=int, help="of plain scenes, where the text encoder can describe no more (ground.GRIDS)")
    parser.add_argument("--muon-rate", type=float, default=0.006)
    parser.add_argument("--adam-rate", type=float, default=5e-4)
    parser.add_argument("--warm-up", type=int, default=150, help="steps")
    parser.add_argument("--batch", type=int, default=64, help="pictures of the smallest size; of larger ones as many as have the same area, eight at least")
    parser.add_argument("--small", type=float, default=0.7, help="share of steps on the smallest size")
    parser.add_argument("--regions", type=float, default=0.0, help="share of steps with regional attention, half as many pictures")
    parser.add_argument("--middle", type=float, default=0.0, help="share of timesteps drawn logit-normally")
    parser.add_argument("--object-weight", type=float, default=1.0, help="of errors where objects are; their shapes are what is hard")
    parser.add_argument("--lookup", type=float, default=0.0, help="weight of the lookup's loss, for networks from `ground`")
    parser.add_argument("--memory", type=float, default=0.9995, help="of the averaged weights, per step; shorter where the rate falls")
    parser.add_argument("--freeze-text", action="store_true", help="train the UNet alone; for text encoders that `ground` has taught")
    parser.add_argument("--precision", choices=CHOICES, default="auto", help="auto: bfloat16 on a GPU, else what this processor is faster at")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=0, help="processes that draw batches; a GPU needs many")
    parser.add_argument("--shape", choices=list(SHAPES), default="beds-256")
    parser.add_argument("--every", type=float, default=300, help="seconds between checkpoints")
    parser.add_argument("--most-steps", type=int, default=10**9, help="steps after which this run ends, whatever its minutes")
    parser.add_argument("--finish", type=Path, help="when this file appears the phase ends now; default: finish-phase of the working folder")


def run(args: argparse.Namespace) -> None:
    quick_arithmetic()
    torch.seed()  # torch's default seed is fixed: every restart would see the same noise
    device = torch_device(args.device)
    tokenizer = CLIPTokenizerFast.from_pretrained(args.work.tokenizer)
    networks = Networks.new(SHAPES[args.shape], tokenizer)
    last, step, clock = args.work.checkpoints / "last.pt", 0, ActiveTime(device)
    resume = last if last.exists() else args.resume
    saved = torch.load(resume, weights_only=False, map_location="cpu") if resume else None
    if saved is None and args.start:
        networks, step = Networks.of(*load_networks(args.start)), args.first_step
    if saved:
        networks.load(saved)
        step = saved["step"]
        if saved.get("decay") == args.decay and resume == last:  # the same phase: its clock runs on
            clock = ActiveTime(device, saved["el"])
    networks.to(device)
    networks.text.requires_grad_(not args.freeze_text)
    floor = 0.05 if args.decay == "cos" else None
    descent = Descent(networks.trained, args.muon_rate, args.adam_rate, args.warm_up, floor)
    if saved and "opt" in saved:
        descent.load(saved["opt"])
    levels = len(networks.unet.config.block_out_channels) if args.lookup else 0
    data = Latents(args.data or [args.work.data], tokenizer, args.most_objects, levels)
    drawn = batches(data, Mix(args.batch, args.small, args.regions, least=8), args.workers)
    noise, threads = Noise(args.middle, device), Threads(args.threads)
    finish = args.finish or args.work.folder / "finish-phase"
    print(f"start: step {step}, {clock.seconds / 60:.1f} of {args.minutes} min, {args.decay}, on {device.type}; data: {data.describe()}", flush=True)

    def keep() -> None:
        state = dict(opt=descent.state(), step=step, el=clock.seconds, decay=args.decay)
        checkpoint.save(last, networks, **state)

    first, kept = step, time.time()
    networks.text.train(), networks.unet.train()
    last.parent.mkdir(parents=True, exist_ok=True)
    log = Log(last.parent / "losses.tsv", first)
    while clock.tick() < args.minutes * 60 and step - first < args.most_steps and not finish.exists():
        threads.adapt()
        batch = next(drawn).to(device)
        with precision(args.precision, device):
            loss, missed = batch_loss(networks, noise, batch, args.object_weight, args.lookup)
        factor = descent.step(loss, clock.seconds / (args.minutes * 60))
        step += 1
        networks.follow(step, args.memory)
        if missed is not None:
            log.add(f"{batch.kind} lookup", missed)
        log.add(batch.kind, loss if missed is None else loss - args.lookup * missed)
        log.tell(step, clock.seconds, factor)
        if time.time() - kept > args.every:
            keep()
            kept = time.time()
    keep()
    print(f"{step} phase ended, checkpoint {last}", flush=True)
    finish.unlink(missing_ok=True)
