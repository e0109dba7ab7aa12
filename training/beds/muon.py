"""Muon (Jordan et al. 2024): momentum whose update is orthogonalised, for matrices and convolutions."""
from collections import defaultdict
from collections.abc import Iterable

import torch

_COEFFICIENTS = (3.4445, -4.7750, 2.0315)  # of the quintic Newton-Schulz iteration, from the paper's reference code


def orthogonalise(g: torch.Tensor, steps: int = 5) -> torch.Tensor:
    """[..., rows, columns] -> about the nearest matrix with singular values of one.

    Every iterate is a polynomial of X X^T times X, so that the iteration runs on the small square matrix and X is
    multiplied once, at the end: a third of the arithmetic. In float32: on CPUs with AVX512-BF16 but no AMX, bfloat16 takes
    a third longer for matrices of these sizes.
    """
    a, b, c = _COEFFICIENTS
    x = g / (g.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    tall = x.size(-2) > x.size(-1)
    if tall:
        x = x.mT
    square = x @ x.mT
    factor = eye = torch.eye(x.size(-2), dtype=x.dtype, device=x.device)
    for _ in range(steps):
        m = a * eye + b * square + c * square @ square
        factor = m @ factor
        square = m @ square @ m
    x = factor @ x
    return x.mT if tall else x


class Muon(torch.optim.Optimizer):
    """A convolution counts as the matrix [out, in * height * width]. Equal shapes are orthogonalised together."""

    def __init__(self, params: Iterable[torch.Tensor], lr: float = 0.02, momentum: float = 0.95) -> None:
        # wd is kept at 0 for checkpoints that name it
        super().__init__(params, dict(lr=lr, momentum=momentum, wd=0.0))

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        for group in self.param_groups:
            params = [p for p in group["params"] if p.grad is not None]
            if not params:
                continue
            grads = [p.grad for p in params]
            for p in params:
                if "m" not in self.state[p]:
                    self.state[p]["m"] = torch.zeros_like(p)
            moments = [self.state[p]["m"] for p in params]
            torch._foreach_lerp_(moments, grads, 1 - group["momentum"])
            nesterov = torch._foreach_lerp(grads, moments, group["momentum"])
            by_shape: dict[tuple[int, int], list[tuple[torch.Tensor, torch.Tensor]]] = defaultdict(list)
            for p, g in zip(params, nesterov):
                by_shape[p.shape[0], p[0].numel()].append((p, g.reshape(p.shape[0], -1)))
            for (rows, columns), members in by_shape.items():
                updates = orthogonalise(torch.stack([u for _, u in members]))
                rate = group["lr"] * max(1, rows / columns) ** 0.5
                torch._foreach_add_([p for p, _ in members], [u.view_as(p) for u, (p, _) in zip(updates, members)], alpha=-rate)


def optimisers(named: list[tuple[str, torch.nn.Parameter]], muon_rate: float, adam_rate: float) -> list[torch.optim.Optimizer]:
    """Muon for matrices and convolutions, AdamW for embeddings, the first and last convolution, biases and norms."""
    outside = ("embedding", "conv_in", "conv_out")
    matrices = [p for name, p in named if p.ndim in (2, 4) and not any(word in name for word in outside)]
    taken = {id(p) for p in matrices}
    rest = [p for _, p in named if id(p) not in taken]
    return [Muon(matrices, lr=muon_rate), torch.optim.AdamW(rest, lr=adam_rate, betas=(0.9, 0.99), weight_decay=0.0)]
