"""Reference runs of an exported model, in the format of tests/fixtures: what tests/embedded/oracle holds.

Everything is computed with the fixtures' own processor (tests/fixtures/gen), not with the one of training: in float32, but for
the text encoder, whose float64 results are rounded. It multiplies rounding a hundredfold, so that two computations in float32
would differ by the error of both.
"""
import argparse
import sys
from pathlib import Path
from types import SimpleNamespace

import torch
from diffusers import DDIMScheduler
from torch import nn
from transformers import CLIPTextModel, CLIPTokenizer

from .nets import load_autoencoder, load_networks
from .places import ROOT

FIXTURES = ROOT.parent / "tests" / "fixtures"
PROMPTS = [
    "a cat, blue sky, noto style", "a dog, green meadow, noto style", "a castle, sunset, fluent style",
    "a pizza and a coffee, red background", "blurry", "",
    "a fox, a bear, a panda, a koala, a tiger, a lion, a cow, a pig, a frog, a monkey, a rabbit, a mouse, a penguin, an owl, a duck, "
    "a chicken, a bee, a butterfly, a ladybug, a snail, a turtle, a fish, a whale, a dolphin, an octopus, a crab, a forest, fluent style",
]
STEPS = 12
# Of the loops' noise. From some starts the model multiplies rounding a hundredfold in the last of twelve guided steps, where it
# decides between two pictures; a reference must not begin there.
LOOP_SEED = 420
THIRDS = [dict(shape="column", ratios=[1, 1, 1], index=i, base_ratio=0.1) for i in range(3)]


class _Exact(nn.Module):
    """A text encoder in float64 that gives float32."""

    def __init__(self, text: CLIPTextModel) -> None:
        super().__init__()
        self.text = text.double()

    def forward(self, ids: torch.Tensor, **options: bool) -> SimpleNamespace:
        before = torch.get_default_dtype()
        torch.set_default_dtype(torch.float64)  # transformers makes its causal mask in this
        try:
            out = self.text(ids, **options)
        finally:
            torch.set_default_dtype(before)
        return SimpleNamespace(last_hidden_state=out.last_hidden_state.float(), pooler_output=out.pooler_output.float())


def _autoencoder_runs(store: object, name: str, vae: object, seed: int) -> None:
    """One decoding, one encoding; neither square."""
    g = torch.Generator().manual_seed(seed)
    store.doc.update(model=name, scaling_factor=1.0)
    with torch.no_grad():
        z = torch.randn(1, 4, 8, 12, generator=g)
        store.put("decode-8x12/latents", z)
        store.put("decode-8x12/image", vae.decode(z).sample)
        store.case(case="decode-8x12")
        image = torch.rand(1, 3, 64, 40, generator=g) * 2 - 1
        mean = vae.encode(image).latents
        store.put("encode-64x40/image", image)
        store.put("encode-64x40/parameters", torch.cat([mean, torch.zeros_like(mean) - 30], 1))
        store.put("encode-64x40/latents_mean_scaled", mean)
        store.case(case="encode-64x40")
    store.write()


def _loops(loops: object) -> None:
    """Whole loops: plain, attention and latent mode. Prompts go by their numbers, the base first."""
    boxes = [dict(shape="rect", x0=0.05, y0=0.1, x1=0.45, y1=0.6, weight=1.5), dict(shape="rect", x0=0.35, y0=0.4, x1=0.95, y1=0.9)]
    four = dict(negatives=(5,), guidance=4.0)
    columns = dict(prompts=(5, 0, 1, 2), regions=THIRDS, steps=STEPS, decode=True, **four)
    loops.add("plain-ddim", "folder", prompts=(0,), steps=STEPS, decode=True, **four)
    loops.add("plain-euler", "euler", prompts=(3,), steps=STEPS, **four)
    loops.add("attention-ddim-3-columns", "folder", **columns)
    loops.add("attention-euler-boxes", "euler", prompts=(1, 2, 3), negatives=(4,), regions=boxes, guidance=[3.0, 5.0, 4.0], steps=STEPS)
    loops.add("attention-ddim-long", "folder", prompts=(5, 6, 0), regions=THIRDS[:2], steps=6, **four)
    loops.add("latent-ddim-3-columns", "folder", mode="latent", **columns)
    loops.st.write()


def _distilled_loops(loops: object, steps: int) -> None:
    """A student's own loops: its steps, no guidance."""
    alone = dict(negatives=(), guidance=1.0, steps=steps)
    loops.add("plain-ddim", "folder", prompts=(0,), decode=True, **alone)
    loops.add("attention-ddim-3-columns", "folder", prompts=(5, 0, 1, 2), regions=THIRDS, **alone)
    loops.st.write()


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("weights", type=Path, help="the diffusers folder that export wrote")
    parser.add_argument("out", type=Path, help="where NAME/*.json and NAME/*.safetensors go")
    parser.add_argument("--name", default="beds-256")
    parser.add_argument("--distilled", type=int, metavar="STEPS", help="loops of so many steps without guidance, and nothing else")
    parser.add_argument("--threads", type=int, default=2)


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    sys.path.insert(0, str(FIXTURES))
    from gen import oracle
    from gen.store import Store

    source, out, name = args.weights, args.out / args.name, args.name
    oracle.PROMPTS = PROMPTS
    text, unet = load_networks(source)
    vae = load_autoencoder(source / "vae")
    pipe = SimpleNamespace(
        unet=unet.eval(), text_encoder=_Exact(text.eval()), text_encoder_2=None, vae=vae,
        tokenizer=CLIPTokenizer.from_pretrained(source / "tokenizer"), scheduler=DDIMScheduler.from_pretrained(source / "scheduler"),
    )
    if args.distilled:
        _distilled_loops(oracle.Loops(pipe, name, out, 500, (32, 32)), args.distilled)
        print(f"reference runs in {out}")
        return
    oracle.step_cases(pipe, name, out, 100, (16, 16))
    oracle.isolation(pipe, name, out, 200)
    oracle.text_oracle(pipe, name, out)
    about = "decode: latents / scaling_factor -> image in about [-1,1]. encode: image -> latent_parameters = mean (first 4) and logvar (-30)."
    _autoencoder_runs(Store(out / "vae", about), name, vae, 300)
    _loops(oracle.Loops(pipe, name, out, LOOP_SEED, (32, 32)))
    print(f"reference runs in {out}")
