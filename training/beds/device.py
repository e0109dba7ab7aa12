"""Where the networks are computed, and in which number format: on a GPU in bfloat16, on a processor in what it is faster at."""
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import torch
import torch.nn.functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel

CHOICES = ("auto", "float32", "bfloat16")


def torch_device(name: str) -> torch.device:
    """Of "auto", "cpu" or "cuda"; auto is a GPU where there is one. Raises SystemExit where a GPU is asked for and there is none."""
    if name == "cuda" and not torch.cuda.is_available():
        raise SystemExit("--device cuda: PyTorch finds no GPU here")
    return torch.device("cuda" if name != "cpu" and torch.cuda.is_available() else "cpu")


@torch.enable_grad()  # it may first be asked for where no gradients are kept
def _seconds(dtype: torch.dtype) -> float:
    """Of a convolution and a matrix product of the UNet's sizes, forth and back; the best of three."""
    x, w = torch.randn(16, 128, 16, 16, dtype=dtype), torch.randn(128, 128, 3, 3, dtype=dtype, requires_grad=True)
    a, b = torch.randn(2048, 192, dtype=dtype), torch.randn(192, 768, dtype=dtype, requires_grad=True)
    taken = []
    for _ in range(4):
        start = time.process_time()
        (F.conv2d(x, w, padding=1).float().sum() + (a @ b).float().sum()).backward()
        taken.append(time.process_time() - start)
    return min(taken[1:])  # the first prepares kernels


@cache
def faster() -> str:
    """Of processors: bfloat16 wins with AMX, float32 without, by a third with AVX512-BF16 alone."""
    return "bfloat16" if _seconds(torch.bfloat16) < 0.9 * _seconds(torch.float32) else "float32"


@contextmanager
def precision(choice: str, device: torch.device) -> Iterator[None]:
    """Computes what is inside in one of CHOICES; weights stay float32."""
    gpu = device.type == "cuda"
    if (("bfloat16" if gpu else faster()) if choice == "auto" else choice) == "float32":
        yield
    elif gpu:
        with torch.autocast("cuda", torch.bfloat16):
            yield
    else:  # plain attention is 8 % faster than the flash kernel on CPUs at these sizes
        with sdpa_kernel(SDPBackend.MATH), torch.autocast("cpu", torch.bfloat16):
            yield
