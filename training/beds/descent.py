"""Gradient descent as text encoder and UNet are trained: two optimisers, rates that warm up and may fall, clipped gradients."""
import math

import torch

from .muon import optimisers


class Descent:
    """The rates climb to their full height over `warm_up` steps; with a `floor` they fall along a cosine to that part of it.

    Gradients longer than `clip` are shortened to it.
    """

    def __init__(
        self, named: list[tuple[str, torch.nn.Parameter]], muon_rate: float, adam_rate: float, warm_up: int,
        floor: float | None = None, clip: float = 1.0,
    ) -> None:
        self.parameters = [p for _, p in named]
        self.optimizers = optimisers(named, muon_rate, adam_rate)
        self.base = muon_rate, adam_rate
        self.warm_up, self.floor, self.clip, self.steps = warm_up, floor, clip, 0

    def state(self) -> list[dict]:
        """What a checkpoint keeps of it."""
        return [optimizer.state_dict() for optimizer in self.optimizers]

    def load(self, state: list[dict]) -> None:
        """The rates begin anew."""
        for optimizer, saved in zip(self.optimizers, state, strict=True):
            optimizer.load_state_dict(saved)

    def factor(self, share: float) -> float:
        """On the rates, when this share of the run's time has passed."""
        falling = 0.5 * (1 + math.cos(math.pi * min(1.0, share)))
        rising = min(1.0, (self.steps + 1) / self.warm_up)
        return rising if self.floor is None else rising * (falling * (1 - self.floor) + self.floor)

    def step(self, loss: torch.Tensor, share: float) -> float:
        """Down the slope of a loss. Returns the factor that was on the rates."""
        factor = self.factor(share)
        for optimizer, rate in zip(self.optimizers, self.base):
            optimizer.param_groups[0]["lr"] = rate * factor
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, self.clip)
        for optimizer in self.optimizers:
            optimizer.step()
        self.steps += 1
        return factor
