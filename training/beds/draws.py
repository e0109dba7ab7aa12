"""Processes that draw batches while the networks learn: a GPU would wait for one."""
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from torch.utils.data import DataLoader, IterableDataset


@dataclass
class _Endless(IterableDataset):
    draw: Callable[[], Any]

    def __iter__(self) -> Iterator[Any]:
        while True:
            yield self.draw()


def endless(draw: Callable[[], Any], workers: int) -> Iterator[Any]:
    """What `draw` gives, again and again, from as many processes; from this one, when asked for one, if there are none.

    Chance must come from the modules `random` and `torch`, which have a seed of their own in every process.
    """
    return iter(DataLoader(_Endless(draw), batch_size=None, num_workers=workers, prefetch_factor=4 if workers else None))
