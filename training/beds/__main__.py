"""The command line: python -m beds STEP [--work FOLDER] ...; every step is one file of this package."""
import argparse
import importlib
import os
import sys
from pathlib import Path

from .places import ROOT, Work

STEPS = {
    "vectors": "icons of the npm packages as SVG files, and their attributions into NOTICE",
    "scenes": "a set of pictures with records of what they hold",
    "tokenizer": "byte-level BPE learnt from captions",
    "autoencoder": "trains the autoencoder on crops of pictures",
    "latents": "encodes sets of pictures",
    "dusk": "sets of pictures in evening light, for a LoRA",
    "lora": "trains a LoRA on sets in a style of their own",
    "styled": "what a LoRA does in whole pictures and in one region",
    "ground": "teaches the text encoder what the objects look like",
    "train": "trains text encoder and UNet on latents, plainly and with regions",
    "merge": "the mean of several checkpoints",
    "distil": "trains a student that paints in four steps without guidance",
    "sample": "a contact sheet of prompts",
    "export": "a checkpoint as a diffusers folder and as a stock ONNX folder",
    "restore": "a stock ONNX folder of `export` as the diffusers folder that it was made of",
    "oracle": "reference runs of an exported model, for tests/embedded",
    "classifier": "trains the judge that names the object in a crop",
    "curves": "draws the losses that a training has kept",
    "evaluate": "accuracies on held-out captions and layouts, as the judge sees them",
    "smoke": "the whole chain in little, with the tests of this package",
}


def main(argv: list[str]) -> None:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # nothing is downloaded
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    parser = argparse.ArgumentParser(prog="python -m beds", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True, metavar="STEP")
    chosen = next((word for word in argv if word in STEPS), None)
    for name, about in STEPS.items():
        step = steps.add_parser(name, help=about, description=about, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
        step.add_argument("--work", type=lambda p: Work(Path(p)), default=Work(ROOT / "work"), help="working folder")
        step.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto", help="auto: a GPU where there is one; not all steps use it")
        if name == chosen:  # only the chosen step is imported: torch takes seconds
            importlib.import_module(f".{name}", __package__).arguments(step)
    args = parser.parse_args(argv)
    importlib.import_module(f".{args.step}", __package__).run(args)


if __name__ == "__main__":
    main(sys.argv[1:])
