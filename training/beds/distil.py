"""Distils a trained model into a student that paints in four to eight steps, guidance built in.

Latent consistency distillation (Luo et al. 2023, arXiv 2310.04378) with one fixed guidance scale, so that the student needs no
guidance input and no second pass: from a noisy latent the teacher takes one guided DDIM step; the student's picture before
that step must equal its own average's picture after it.
"""
import argparse
import copy
import math
import random
import time
from contextlib import nullcontext
from pathlib import Path

import torch
from diffusers import UNet2DConditionModel
from transformers import CLIPTokenizer

from . import checkpoint
from .checkpoint import Networks, shipped
from .dataset import Batch, Latents
from .muon import optimisers
from .nets import SHAPES, token_ids
from .precision import CHOICES, precision
from .regional import regional_attention
from .threads import ActiveTime, Threads, quick_arithmetic
from .train import Log, Noise, encode_distinct

STAGES = 50  # noise levels 19, 39, ..., 999, those of the LCM scheduler's grid


def picture_of(signal: torch.Tensor, x: torch.Tensor, v: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """The clean latents that v says x is made of."""
    a = signal[t].view(-1, 1, 1, 1)
    return a.sqrt() * x - (1 - a).sqrt() * v


def ddim_step(signal: torch.Tensor, x: torch.Tensor, v: torch.Tensor, t: torch.Tensor, s: torch.Tensor) -> torch.Tensor:
    """Deterministic, from level t to the lower level s; s < 0 is the clean end."""
    a = signal[t].view(-1, 1, 1, 1)
    b = torch.where(s < 0, torch.ones(()), signal[s.clamp(min=0)]).view(-1, 1, 1, 1)
    noise = a.sqrt() * v + (1 - a).sqrt() * x
    return b.sqrt() * picture_of(signal, x, v, t) + (1 - b).sqrt() * noise


def pseudo_huber(a: torch.Tensor, b: torch.Tensor, c: float = 0.03) -> torch.Tensor:
    """Quadratic near zero, linear beyond c (Song & Dhariwal 2024): single bad latents do not rule the mean."""
    return ((a - b).pow(2) + c * c).sqrt().mean() - c


def consistency_loss(
    teacher: UNet2DConditionModel, student: Networks, target: UNet2DConditionModel, noise: Noise, tokenizer: CLIPTokenizer,
    teacher_text: torch.nn.Module, batch: Batch, guidance: float,
) -> torch.Tensor:
    """How far the student's pictures are from what its target makes of the teacher's guided step."""
    x0, prompts, maps = batch.latents, batch.prompts, batch.maps
    n, signal = len(x0), noise.signal
    stage = torch.randint(1, STAGES + 1, (n,))
    t = stage * (1000 // STAGES) - 1
    s = t - 1000 // STAGES  # -1 below the lowest level
    x, _ = noise.add(x0, torch.randn_like(x0), t)

    def regional(copies: int) -> object:
        return lambda unet: nullcontext() if maps is None else regional_attention(unet, maps.repeat(copies, 1, 1, 1))

    def shaped(context: torch.Tensor) -> torch.Tensor:
        return context.unflatten(0, (n, -1)).flatten(1, 2)

    with torch.no_grad():
        words = teacher_text(token_ids(tokenizer, prompts))[0]
        nothing = teacher_text(token_ids(tokenizer, [""]))[0].expand(len(prompts), -1, -1)
        with regional(2)(teacher):
            v = teacher(torch.cat([x, x]), torch.cat([t, t]), torch.cat([shaped(nothing), shaped(words)]), return_dict=False)[0]
        without, with_prompt = v.float().chunk(2)
        lower = ddim_step(signal, x, without + guidance * (with_prompt - without), t, s)
    context = shaped(encode_distinct(student, tokenizer, prompts))
    with torch.no_grad(), regional(1)(target):
        v = target(lower, s.clamp(min=0), context.detach(), return_dict=False)[0].float()
        # Below the lowest level the teacher's own picture is the answer: the boundary of a consistency function.
        wanted = torch.where((s < 0).view(-1, 1, 1, 1), lower, picture_of(signal, lower, v, s.clamp(min=0)))
    with regional(1)(student.unet):
        v = student.unet(x, t, context, return_dict=False)[0].float()
    return pseudo_huber(picture_of(signal, x, v, t), wanted)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("teacher", type=Path, help="a checkpoint, of which the average is taken, or a diffusers folder")
    parser.add_argument("--minutes", type=float, required=True, help="active minutes")
    parser.add_argument("--guidance", type=float, default=4.0, help="the scale that is built in")
    parser.add_argument("--data", type=Path, nargs="*", help="folders of latents; default: the working folder's data")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--small", type=float, default=0.5, help="share of steps on the smallest size")
    parser.add_argument("--regions", type=float, default=0.25, help="share of steps with regional attention")
    parser.add_argument("--muon-rate", type=float, default=0.002)
    parser.add_argument("--adam-rate", type=float, default=2e-4)
    parser.add_argument("--most-steps", type=int, default=10**9, help="steps after which this run ends, whatever its minutes")
    parser.add_argument("--precision", choices=CHOICES, default="auto", help="auto: what this processor is faster at")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--shape", choices=list(SHAPES), default="beds-256")


def run(args: argparse.Namespace) -> None:
    """Writes out/ck/student.pt, and goes on from it where it exists; export and sample take it as any checkpoint."""
    quick_arithmetic()
    torch.seed()
    tokenizer = CLIPTokenizer.from_pretrained(args.work.tokenizer)
    shape, path = SHAPES[args.shape], args.work.checkpoints / "student.pt"
    teacher_text, teacher = shipped(args.teacher, shape, tokenizer)
    student = Networks.of(copy.deepcopy(teacher_text), copy.deepcopy(teacher))
    optimizers = optimisers(student.named, args.muon_rate, args.adam_rate)
    step, clock = 0, ActiveTime()
    if path.exists():
        saved = torch.load(path, weights_only=False)
        student.load(saved)
        step, clock = saved["step"], ActiveTime(saved["el"])
        for optimizer, state in zip(optimizers, saved["opt"], strict=True):
            optimizer.load_state_dict(state)
    target = copy.deepcopy(student.unet).requires_grad_(False)
    teacher.requires_grad_(False), teacher_text.requires_grad_(False)
    data, noise, threads = Latents(args.data or [args.work.data]), Noise(), Threads(args.threads)
    data.scan()
    first, kept = step, time.time()
    path.parent.mkdir(parents=True, exist_ok=True)
    log = Log(path.parent / "student-losses.tsv", first)

    def keep() -> None:
        checkpoint.save(path, student, opt=[o.state_dict() for o in optimizers], step=step, el=clock.seconds, decay="distil")

    while clock.tick() < args.minutes * 60 and step - first < args.most_steps:
        threads.adapt()
        share = min(1.0, clock.seconds / (args.minutes * 60))
        factor = min(1.0, (step - first + 1) / 50) * (0.5 * (1 + math.cos(math.pi * share)) * 0.95 + 0.05)
        for optimizer, rate in zip(optimizers, (args.muon_rate, args.adam_rate)):
            optimizer.param_groups[0]["lr"] = rate * factor
        sizes = data.sizes()
        size = sizes[0] if random.random() < args.small else random.choice(sizes[1:] or sizes)
        regional = random.random() < args.regions
        n = max(2, args.batch * sizes[0] ** 2 // size**2 // (2 if regional else 1))
        batch = data.regional(size, n) if regional else data.plain(size, n)
        with precision(args.precision):
            loss = consistency_loss(teacher, student, target, noise, tokenizer, teacher_text, batch, args.guidance)
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters, 1.0)
        for optimizer in optimizers:
            optimizer.step()
        step += 1
        student.follow(step, 0.998)
        with torch.no_grad():
            torch._foreach_lerp_(list(target.parameters()), [p.detach() for p in student.unet.parameters()], 0.05)
        log.add(f"{size} px{' regions' if regional else ''}", loss.item())
        log.tell(step, clock.seconds, factor)
        if time.time() - kept > 300:
            keep()
            kept = time.time()
    keep()
    print(f"{step} steps, student in {path}")
