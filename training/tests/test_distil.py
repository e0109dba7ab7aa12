"""Distillation: what the teacher paints, and what the student is asked for."""
import unittest
from types import SimpleNamespace

import numpy as np
import torch
from diffusers import DDIMScheduler

from beds.dataset import Batch
from beds.distil import Teacher, Trajectories, angle, ddim_step, landing_v, levels
from beds.layouts import coverage, weight_maps
from beds.nets import SCHEDULE, SMOKE, TOKENS, encode, new_unet
from beds.regional import regional_attention

HALVES = torch.from_numpy(weight_maps([coverage((0, 0, 64, 128), 128), coverage((64, 0, 128, 128), 128)]))
STEPS = 8


def _teacher(guidance: float) -> Teacher:
    """One whose text encoder says each prompt by a number of its own."""
    torch.manual_seed(0)
    said: dict[tuple[int, ...], torch.Tensor] = {}

    def text(ids: torch.Tensor) -> tuple[torch.Tensor]:
        return (torch.stack([said.setdefault(tuple(row.tolist()), torch.randn(TOKENS, SMOKE.text_width)) for row in ids]),)

    def tokenizer(prompts: list[str], **_: object) -> SimpleNamespace:
        return SimpleNamespace(input_ids=torch.tensor([[len(p)] * TOKENS for p in prompts]))

    return Teacher(text, new_unet(SMOKE).eval(), tokenizer, guidance, STEPS)


def _batch(regional: bool) -> Batch:
    each = len(HALVES) if regional else 1
    ids = torch.arange(1, 1 + 2 * each).view(2, each, 1).expand(-1, -1, TOKENS)  # every prompt is one of its own
    return Batch(torch.zeros(2, 4, 16, 16), ids, torch.stack([HALVES] * 2) if regional else None, torch.zeros(2, 1, 16, 16))


class Distillation(unittest.TestCase):
    def test_levels_are_those_of_trailing_spacing(self) -> None:
        for steps in (4, 8, 16, 25):
            scheduler = DDIMScheduler(**SCHEDULE)
            scheduler.set_timesteps(steps)
            self.assertEqual(levels(steps).tolist(), [*scheduler.timesteps.tolist(), -1])
        self.assertEqual(levels(16)[::2].tolist(), levels(8).tolist())

    def test_v_lands_where_it_should(self) -> None:
        g, angles = torch.Generator().manual_seed(2), angle(levels(STEPS))
        self.assertAlmostEqual(float(angles[0]), np.pi / 2, places=6)
        self.assertEqual(float(angles[-1]), 0)
        for a, b in zip(angles, angles[1:]):
            x, lower = (torch.randn(1, 4, 4, 4, generator=g) for _ in range(2))
            self.assertLess(float((ddim_step(x, landing_v(x, lower, a, b), a, b) - lower).abs().max()), 1e-4)

    def test_the_teacher_takes_the_guided_steps_of_diffusers(self) -> None:
        for regional in (False, True):
            teacher, batch = _teacher(3.0), _batch(regional)
            painted = teacher.paint(batch)
            scheduler = DDIMScheduler(**SCHEDULE)
            scheduler.set_timesteps(STEPS)
            x = painted.states[0]
            nothing = encode(teacher.text, torch.zeros_like(batch.ids))

            def predict(context: torch.Tensor) -> torch.Tensor:
                if batch.maps is None:
                    return teacher.unet(x, t, context).sample
                with regional_attention(teacher.unet, batch.maps):
                    return teacher.unet(x, t, context).sample

            with torch.no_grad():
                for state, t in zip(painted.states[1:], scheduler.timesteps):
                    v = predict(nothing)
                    x = scheduler.step(v + 3 * (predict(painted.context) - v), t, x).prev_sample
                    self.assertLess(float((x - state).abs().max()), 1e-4)

    def test_a_student_that_is_the_teacher_has_nothing_to_learn(self) -> None:
        teacher = _teacher(1.0)
        painted = teacher.paint(_batch(False))
        for _ in range(4):
            t, x, wanted = painted.jumps(STEPS)
            with torch.no_grad():
                v = teacher.unet(x, t, painted.context).sample
            self.assertLess(float((v - wanted).abs().max()), 1e-4)

    def test_a_student_that_says_what_it_is_asked_for_paints_the_same_pictures(self) -> None:
        for steps in (4, 6):  # 1,000 is no multiple of 6
            states = torch.randn(3 * steps + 1, 1, 4, 2, 2, generator=torch.Generator().manual_seed(3))
            painted = Trajectories(states, torch.zeros(1, TOKENS, 4), None)
            scheduler = DDIMScheduler(**SCHEDULE)
            scheduler.set_timesteps(steps)
            for i, t in enumerate(scheduler.timesteps):
                jump = next(j for j in iter(lambda: painted.jumps(steps), None) if j[0] == t)
                self.assertTrue(torch.equal(jump[1], states[3 * i]))
                landed = scheduler.step(jump[2], t, jump[1]).prev_sample
                self.assertLess(float((landed - states[3 * i + 3]).abs().max()), 1e-4)


if __name__ == "__main__":
    unittest.main()
