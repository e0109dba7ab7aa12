"""The peer: the same network in PyTorch and diffusers, timed step by step at the bench's request.

Reads one JSON object a line and answers each with one, `{"ms": ...}`, the time of one prediction. Weights are random:
time does not depend on their values.

    python tools/bench/peer/main.py --config models/beds-256/unet/config.json --threads 2
    {"size": 32, "columns": 4, "rows": 2, "baseRatio": 0.2}
"""
import argparse
import json
import sys
import time
from functools import cache

import torch
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor2_0

from regional_processor import RegionalProcessor, equal_cells

TOKENS = 77


class Peer:
    def __init__(self, config: str):
        torch.manual_seed(0)
        settings = UNet2DConditionModel.load_config(config)
        self.unet = UNet2DConditionModel.from_config(settings).eval().requires_grad_(False)

    @cache
    def conditioning(self, size: int, columns: int, rows: int, base_ratio: float):
        """Processors by layer name and contexts [R, T, D]; contexts without any weight are left out."""
        regional = columns > 0
        maps = equal_cells(columns, rows, base_ratio, size)[0 if base_ratio > 0 else 1 :] if regional else None
        cross = RegionalProcessor(maps) if regional else AttnProcessor2_0()
        own = AttnProcessor2_0()
        processors = {name: cross if ".attn2." in name else own for name in self.unet.attn_processors}
        contexts = torch.randn(maps.shape[0] if regional else 1, TOKENS, self.unet.config.cross_attention_dim)
        return processors, contexts

    @torch.inference_mode()
    def step(self, size: int, columns: int, rows: int, base_ratio: float) -> float:
        """Milliseconds of one prediction; no columns for a plain picture."""
        processors, contexts = self.conditioning(size, columns, rows, base_ratio)
        self.unet.set_attn_processor(dict(processors))
        sample = torch.randn(1, self.unet.config.in_channels, size, size)
        since = time.perf_counter()
        self.unet(sample, 500, contexts)
        return 1000 * (time.perf_counter() - since)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", required=True, help="the UNet's config.json")
    parser.add_argument("--threads", type=int, required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    peer = Peer(options.config)
    print(json.dumps({"ready": f"PyTorch {torch.__version__}"}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        ms = peer.step(asked["size"], asked["columns"], asked["rows"], asked["baseRatio"])
        print(json.dumps({"ms": ms}), flush=True)


if __name__ == "__main__":
    main()
