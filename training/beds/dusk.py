"""The style that the shipped LoRA teaches: violet evening light, and a thin warm rim where colours change."""
import argparse
import json

import numpy as np
from PIL import Image, ImageFilter

# Objects keep their hues apart, so that the judge still knows them: of single ones it names as many as without the light.
_LIGHT, _HAZE = np.array([0.81, 0.71, 0.93], np.float32), np.array([23, 4, 45], np.float32)
_RIM = np.array([255, 225, 175], np.float32)  # sRGB
FOLDER = "dusk"  # of sets, in the data folder


def _rims(pixels: np.ndarray) -> np.ndarray:
    """[h, w] in 0..1: the largest step of any channel to the left or upper neighbour, softened."""
    step = np.zeros(pixels.shape[:2], np.float32)
    step[:, 1:] = np.abs(np.diff(pixels, axis=1)).max(2)
    step[1:] = np.maximum(step[1:], np.abs(np.diff(pixels, axis=0)).max(2))
    image = Image.fromarray(np.clip(step * 3, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.6))
    return np.minimum(1, np.asarray(image, np.float32) / 255 * 1.3)


def dusk(picture: np.ndarray) -> np.ndarray:
    """A picture [h, w, 3] uint8 -> the same in the style."""
    pixels = picture.astype(np.float32)
    lit, rim = pixels * _LIGHT + _HAZE, _rims(pixels)[..., None]
    return np.clip(lit + (_RIM - lit) * rim, 0, 255).round().astype(np.uint8)


def cast(pixels: np.ndarray) -> float:
    """How violet colours [..., 3] are, 0 where they are grey: the mean of red and blue less green, in 1 of 255."""
    red, green, blue = np.moveaxis(pixels.astype(np.float64), -1, 0)
    return float(((red + blue) / 2 - green).mean())


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="+", help=f"of sets; data/{FOLDER}/NAME is made of data/NAME")


def run(args: argparse.Namespace) -> None:
    """Pictures with an effect stay away: they have a style already."""
    out = args.work.data / FOLDER
    out.mkdir(parents=True, exist_ok=True)
    for name in args.names:
        pixels = np.load(args.work.data / f"{name}.npy", mmap_mode="r")
        records = json.loads((args.work.data / f"{name}.json").read_text())
        plain = [i for i, record in enumerate(records) if record["effect"] is None]
        np.save(out / f"{name}.npy", np.stack([dusk(pixels[i]) for i in plain]))
        (out / f"{name}.json").write_text(json.dumps([records[i] for i in plain]))
        print(f"{FOLDER}/{name}: {len(plain)} pictures")
