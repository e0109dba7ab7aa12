"""How many threads a background training should use, judged by what else runs."""
import math
import os
import time
from pathlib import Path

import torch


def quick_arithmetic() -> None:
    """Takes numbers below 1e-38 for zero, in threads that are started afterwards too: call it first. GPUs may multiply in TF32.

    Attention and its gradients make many of them, and processors are slow at such: measured, a step takes a third longer.
    """
    torch.set_flush_denormal(True)
    torch.set_float32_matmul_precision("high")


class Threads:
    """All threads on idle cores, fewer when other processes use about a core.

    At lowest priority, one of two threads that shares its core with foreground work starves, and the other waits for it
    at every barrier: measured, 15 s a step instead of 4. Linux only; elsewhere the number stays as it was given.
    """

    def __init__(self, most: int) -> None:
        self.most = self.now = most
        torch.set_num_threads(most)
        self._known = Path("/proc/stat").exists()
        self._last = self._read()

    def _read(self) -> tuple[float, float]:
        """Time, and processor seconds that other processes have used."""
        if not self._known:
            return time.time(), 0.0
        # proc(5): user, nice, system, idle, iowait, irq, softirq, steal
        ticks = [int(x) for x in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
        busy = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]
        own = os.times()
        return time.time(), busy / os.sysconf("SC_CLK_TCK") - own.user - own.system

    def adapt(self) -> None:
        """Called once a step."""
        now = self._read()
        passed = now[0] - self._last[0]
        if not self._known or passed < 1:
            return
        others, self._last = (now[1] - self._last[1]) / passed, now
        wanted = max(1, self.most - (others > 0.3) * math.ceil(others - 0.3))
        if wanted != self.now:
            torch.set_num_threads(wanted)
            self.now = wanted


class ActiveTime:
    """Seconds in which at least a core was had: pauses and starvation do not count. A GPU is had all the time."""

    def __init__(self, device: torch.device, seconds: float = 0.0) -> None:
        self.seconds, self._shared = seconds, device.type == "cpu"
        self._wall, self._processor = time.time(), time.process_time()

    def tick(self) -> float:
        wall, processor = time.time(), time.process_time()
        self.seconds += min(wall - self._wall, processor - self._processor) if self._shared else wall - self._wall
        self._wall, self._processor = wall, processor
        return self.seconds
