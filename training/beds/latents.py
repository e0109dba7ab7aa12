"""Sets of pictures -> autoencoder latents, float16: data/NAME.npy -> data/NAME.lat.npy."""
import argparse
import os

import numpy as np
import torch

from .device import precision, torch_device
from .nets import from_pictures, load_autoencoder


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="+", help="of sets")
    parser.add_argument("--threads", type=int, default=2)


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    device = torch_device(args.device)
    autoencoder = load_autoencoder(args.work.autoencoder).to(device)
    for name in args.names:
        pixels = np.load(args.work.data / f"{name}.npy", mmap_mode="r")
        n, size = pixels.shape[:2]
        latents, batch = np.zeros((n, 4, size // 8, size // 8), np.float16), 64 if size <= 128 else 16
        with torch.no_grad(), precision("auto", device):
            for i in range(0, n, batch):
                pictures = from_pictures(torch.from_numpy(np.array(pixels[i : i + batch])).to(device))
                latents[i : i + batch] = autoencoder.encoder(pictures).float().cpu().numpy()
        # Renamed when whole: a running training takes up files as they appear.
        np.save(args.work.data / f"{name}.tmp.npy", latents)
        os.replace(args.work.data / f"{name}.tmp.npy", args.work.data / f"{name}.lat.npy")
        spread = latents.astype(np.float32).std((0, 2, 3))
        print(f"{name}: {n} latents, standard deviation by channel {np.round(spread, 3).tolist()}", flush=True)
