"""Distils a trained model into a student that paints in four steps, guidance built in.

Progressive distillation (Salimans & Ho 2022, arXiv 2202.00512, sec. 3) of a guided teacher (Meng et al. 2023, arXiv 2210.03142):
one step of the student must land where several guided DDIM steps of the teacher do. What both start from are the teacher's own
pictures in the making, from pure noise on, which are what the student meets when it paints.
"""
import argparse
import copy
import random
import time
from collections import deque
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from diffusers import DDPMScheduler, UNet2DConditionModel
from transformers import CLIPTextModel, CLIPTokenizerFast

from . import checkpoint
from .checkpoint import Networks, shipped
from .dataset import Batch, Latents, Mix, batches, kind
from .descent import Descent
from .device import CHOICES, precision, torch_device
from .nets import SCHEDULE, SHAPES, encode, token_ids
from .regional import regional_attention
from .threads import ActiveTime, Threads, quick_arithmetic
from .train import Log

_KEPT = 16  # batches of trajectories that the student learns from at a time


def levels(steps: int) -> torch.Tensor:
    """[steps + 1]: timesteps of trailing spacing, falling from 999, then -1, the clean end."""
    return torch.tensor([round(1000 - i * 1000 / steps) - 1 for i in range(steps + 1)])


def landings(steps: int) -> torch.Tensor:
    """[steps]: the timesteps that diffusers' DDIMScheduler steps to from those of `levels`, which 1,000 may not be divisible into."""
    return levels(steps)[:-1] - 1000 // steps


@cache
def _angles(device: torch.device) -> torch.Tensor:
    """[1000]: that of every timestep."""
    return torch.acos(DDPMScheduler(**SCHEDULE).alphas_cumprod.double().sqrt()).float().to(device)


def angle(t: torch.Tensor) -> torch.Tensor:
    """A noise level as an angle from 0, clean, to pi / 2, pure noise: signal is its cosine, noise its sine. t < 0 is clean."""
    return torch.where(t < 0, 0.0, _angles(t.device)[t.clamp(min=0)]).view(-1, 1, 1, 1)


def ddim_step(x: torch.Tensor, v: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """x at angle a, turned to angle b along v (Salimans & Ho, appendix D)."""
    return torch.cos(a - b) * x - torch.sin(a - b) * v


def landing_v(x: torch.Tensor, lower: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The v with which one DDIM step from x at angle a ends in `lower` at angle b."""
    return (torch.cos(a - b) * x - lower) / torch.sin(a - b)


@dataclass(frozen=True)
class Trajectories:
    """How pictures come to be: states [steps + 1, n, 4, h, w] from noise to clean, the contexts they were painted with,
    [n, S * T, D], and their weight maps [n, S, h, w] or None."""

    states: torch.Tensor
    context: torch.Tensor
    maps: torch.Tensor | None

    def jumps(self, steps: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """One of `steps` jumps of each picture by chance: timesteps [n], the states there [n, 4, h, w], and the v that lands right."""
        n, stride, device = self.states.shape[1], (len(self.states) - 1) // steps, self.states.device
        which, each = torch.randint(0, steps, (n,), device=device), torch.arange(n, device=device)
        x, lower = self.states[which * stride, each], self.states[(which + 1) * stride, each]
        t = levels(steps).to(device)[which]
        return t, x, landing_v(x, lower, angle(t), angle(landings(steps).to(device)[which]))


@dataclass(frozen=True)
class Teacher:
    """A trained model that paints with guidance, in so many steps."""

    text: CLIPTextModel
    unet: UNet2DConditionModel
    tokenizer: CLIPTokenizerFast
    guidance: float
    steps: int

    @torch.no_grad()
    def paint(self, batch: Batch) -> Trajectories:
        """What a batch's prompts ask for, from fresh noise; its pictures are not looked at."""
        times = levels(self.steps).to(batch.latents.device)
        context = encode(self.text, batch.ids)
        both = torch.cat([encode(self.text, token_ids(self.tokenizer, [""]).to(batch.ids.device).expand_as(batch.ids)), context])
        attention = nullcontext() if batch.maps is None else regional_attention(self.unet, batch.maps.repeat(2, 1, 1, 1))
        states = [torch.randn_like(batch.latents)]
        with attention:
            for t, a, b in zip(times, angle(times), angle(times[1:])):
                v = self.unet(torch.cat([states[-1]] * 2), t, both, return_dict=False)[0].float()
                without, with_prompt = v.chunk(2)
                states.append(ddim_step(states[-1], without + self.guidance * (with_prompt - without), a, b))
        return Trajectories(torch.stack(states), context, batch.maps)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("teacher", type=Path, help="a checkpoint, of which the average is taken, or a diffusers folder")
    parser.add_argument("--start", type=Path, help="what the student's UNet begins as, a checkpoint or a diffusers folder; default: the teacher's")
    parser.add_argument("--minutes", type=float, required=True, help="active minutes")
    parser.add_argument("--guidance", type=float, default=4.0, help="the scale that is built in")
    parser.add_argument("--teacher-steps", type=int, default=16, help="a multiple of --steps")
    parser.add_argument("--steps", type=int, default=4, help="of the student")
    parser.add_argument("--reuse", type=int, default=2, help="times that the student sees each jump, on average")
    parser.add_argument("--data", type=Path, nargs="*", help="folders of latents, for their captions; default: the working folder's data")
    parser.add_argument("--most-objects", type=int, help="of plain scenes")
    parser.add_argument("--batch", type=int, default=64, help="pictures of the smallest size; of larger ones as many as have the same area")
    parser.add_argument("--small", type=float, default=0.25, help="share of steps on the smallest size")
    parser.add_argument("--regions", type=float, default=0.35, help="share of steps with regional attention, half as many pictures")
    parser.add_argument("--muon-rate", type=float, default=0.003)
    parser.add_argument("--adam-rate", type=float, default=2.5e-4)
    parser.add_argument("--memory", type=float, default=0.99, help="of the averaged weights, per step")
    parser.add_argument("--most-steps", type=int, default=10**9, help="steps after which this run ends, whatever its minutes")
    parser.add_argument("--precision", choices=CHOICES, default="auto", help="auto: bfloat16 on a GPU, else what this processor is faster at")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=0, help="processes that draw batches; a GPU needs some")
    parser.add_argument("--shape", choices=list(SHAPES), default="beds-256")


def run(args: argparse.Namespace) -> None:
    """Writes out/ck/student.pt, and goes on from it where it exists; export and sample take it as any checkpoint."""
    if args.teacher_steps % args.steps:
        raise SystemExit(f"--teacher-steps {args.teacher_steps}: must be a multiple of --steps {args.steps}")
    quick_arithmetic()
    torch.seed()
    device = torch_device(args.device)
    tokenizer = CLIPTokenizerFast.from_pretrained(args.work.tokenizer)
    path = args.work.checkpoints / "student.pt"
    text, unet = (network.to(device) for network in shipped(args.teacher, SHAPES[args.shape], tokenizer))
    beginning = shipped(args.start, SHAPES[args.shape], tokenizer)[1].to(device) if args.start else copy.deepcopy(unet)
    student = Networks.of(text.requires_grad_(False), beginning)
    teacher = Teacher(text, unet.requires_grad_(False), tokenizer, args.guidance, args.teacher_steps)
    descent = Descent(student.trained, args.muon_rate, args.adam_rate, warm_up=50, floor=0.05)
    step, clock = 0, ActiveTime(device)
    if path.exists():
        saved = torch.load(path, weights_only=False, map_location=device)
        student.load(saved)
        step, clock = saved["step"], ActiveTime(device, saved["el"])
        descent.load(saved["opt"])
    data, threads = Latents(args.data or [args.work.data], tokenizer, args.most_objects), Threads(args.threads)
    drawn = batches(data, Mix(args.batch, args.small, args.regions, least=2), args.workers)
    kept: deque[Trajectories] = deque(maxlen=_KEPT)
    fresh_every = args.steps * args.reuse
    first, saved_at = step, time.time()
    path.parent.mkdir(parents=True, exist_ok=True)
    log = Log(path.parent / "student-losses.tsv", first)

    def keep() -> None:
        checkpoint.save(path, student, opt=descent.state(), step=step, el=clock.seconds, decay="distil")

    def painted() -> Trajectories:
        batch = next(drawn).to(device)
        with precision(args.precision, device):
            return teacher.paint(batch)

    while clock.tick() < args.minutes * 60 and step - first < args.most_steps:
        threads.adapt()
        if (step - first) % fresh_every == 0:
            kept.append(painted())
        shown = random.choice(kept)
        t, x, wanted = shown.jumps(args.steps)
        attention = nullcontext() if shown.maps is None else regional_attention(student.unet, shown.maps)
        with precision(args.precision, device), attention:
            v = student.unet(x, t, shown.context, return_dict=False)[0].float()
            loss = (v - wanted).pow(2).mean()
        factor = descent.step(loss, clock.seconds / (args.minutes * 60))
        step += 1
        student.follow(step, args.memory)
        log.add(kind(x, shown.maps), loss)
        log.tell(step, clock.seconds, factor)
        if time.time() - saved_at > 300:
            keep()
            saved_at = time.time()
    keep()
    print(f"{step} steps, student in {path}")
