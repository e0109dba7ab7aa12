"""Regional attention isolates: regions' pixels and regions' contexts meet in no cross-attention layer."""
import math
import unittest
from collections.abc import Callable

import numpy as np
import torch
from diffusers.models.attention_processor import Attention, AttnProcessor2_0

from beds.layouts import coverage, region_prompts, soften, weight_maps
from beds.nets import BEDS_256, new_unet
from beds.regional import RegionalProcessor, maps_by_tokens, regional_attention

CELLS = 16
HALVES = weight_maps([coverage((0, 0, 64, 128), 128), coverage((64, 0, 128, 128), 128)])[:3]  # base, left, right
LEFT, RIGHT = 1, 2


def trace(unet: torch.nn.Module, make: Callable[[str], Callable]) -> list[str]:
    """Runs the UNet with a processor of its own in every attn2; returns their names."""
    names = [name for name in unet.attn_processors if ".attn2." in name]
    unet.set_attn_processor({name: make(name) if name in names else AttnProcessor2_0() for name in unet.attn_processors})
    g = torch.Generator().manual_seed(1)
    unet(torch.randn(1, 4, CELLS, CELLS, generator=g), torch.tensor(500), torch.zeros(1, 3 * 77, BEDS_256.text_width))
    return names


class Isolation(unittest.TestCase):
    def gradients(self, inner: Callable) -> dict[str, tuple[float, float]]:
        """Per layer: the largest gradient that a loss on the left half's tokens sends to the right and to the left context.

        The contexts are new at every layer, so nothing that arrives came by way of another one.
        """
        torch.manual_seed(0)
        unet, found = new_unet(BEDS_256), {}
        maps = maps_by_tokens(torch.from_numpy(HALVES)[None], len(BEDS_256.channels))

        def make(name: str) -> Callable:
            def processor(attn: Attention, hidden_states: torch.Tensor, encoder_hidden_states: torch.Tensor, **_: object) -> torch.Tensor:
                contexts = [torch.randn(1, 77, BEDS_256.text_width).requires_grad_() for _ in range(3)]
                y = inner(maps)(attn, hidden_states.detach(), torch.cat(contexts, 1))
                pixels = y[:, maps[y.shape[1]][0, LEFT] > 0].pow(2).sum()
                gradient = torch.autograd.grad(pixels, contexts, retain_graph=True)
                found[name] = float(gradient[RIGHT].abs().max()), float(gradient[LEFT].abs().max())
                return y

            return processor

        self.assertEqual(len(trace(unet, make)), 7)
        self.assertEqual(len(found), 7)
        return found

    def test_a_loss_on_one_region_gives_no_gradient_to_another_regions_context_at_any_layer(self) -> None:
        for name, (right, left) in self.gradients(RegionalProcessor).items():
            with self.subTest(name):
                self.assertEqual(right, 0.0)
                self.assertGreater(left, 0.0)

    def test_joint_attention_over_all_contexts_would_be_found_out(self) -> None:
        for right, _ in self.gradients(lambda maps: AttnProcessor2_0()).values():
            self.assertGreater(right, 0.0)


class Maths(unittest.TestCase):
    def test_a_layer_equals_the_definition_in_float64(self) -> None:
        torch.manual_seed(2)
        heads, d, tokens = 4, 8, 5
        attn = Attention(query_dim=24, cross_attention_dim=16, heads=heads, dim_head=d).double()
        x, contexts = torch.randn(1, 9, 24).double(), torch.randn(3, tokens, 16).double()
        w = torch.rand(3, 9).double()
        w = w / w.sum(0)
        with torch.no_grad():
            y = RegionalProcessor({9: w[None]})(attn, x, contexts.reshape(1, -1, 16))[0].numpy()
        q, k, v, o = (m.weight.detach().numpy().T for m in (attn.to_q, attn.to_k, attn.to_v, attn.to_out[0]))
        mixed = np.zeros((9, heads * d))
        for c, weight in zip(contexts.numpy(), w.numpy()):
            for h in range(heads):
                columns = slice(h * d, h * d + d)
                scores = (x[0].numpy() @ q[:, columns]) @ (c @ k[:, columns]).T / math.sqrt(d)
                softmax = np.exp(scores - scores.max(1, keepdims=True))
                softmax /= softmax.sum(1, keepdims=True)
                mixed[:, columns] += weight[:, None] * (softmax @ (c @ v[:, columns]))
        np.testing.assert_allclose(y, mixed @ o + attn.to_out[0].bias.detach().numpy(), atol=1e-12)

    def test_all_weight_on_one_context_is_plain_attention(self) -> None:
        torch.manual_seed(3)
        unet = new_unet(BEDS_256).eval()
        x, contexts = torch.randn(1, 4, CELLS, CELLS), torch.randn(3, 77, BEDS_256.text_width)
        maps = torch.zeros(1, 3, CELLS, CELLS)
        maps[:, 1] = 1
        with torch.no_grad():
            plain = unet(x, torch.tensor(500), contexts[1][None]).sample
            with regional_attention(unet, maps):
                regional = unet(x, torch.tensor(500), contexts.reshape(1, -1, BEDS_256.text_width)).sample
            again = unet(x, torch.tensor(500), contexts[1][None]).sample
        torch.testing.assert_close(regional, plain, atol=1e-5, rtol=0)
        self.assertTrue(torch.equal(plain, again), "the stock processors are back")

    def test_maps_that_do_not_sum_to_one_are_refused(self) -> None:
        with self.assertRaises(ValueError), regional_attention(new_unet(BEDS_256), torch.full((1, 2, 4, 4), 0.4)):
            pass


class Maps(unittest.TestCase):
    def test_levels_average_the_cells_that_exist_and_still_sum_to_one(self) -> None:
        maps = torch.rand(1, 3, 5, 7)
        maps = maps / maps.sum(1, keepdim=True)
        levels = maps_by_tokens(maps, 3)
        self.assertEqual(sorted(levels), [2 * 2, 3 * 4, 5 * 7])
        for m in levels.values():
            torch.testing.assert_close(m.sum(1), torch.ones(1, m.shape[-1]))
        torch.testing.assert_close(levels[12][0, :, 11], maps[0, :, 4, 6])  # a last block of one cell

    def test_records_make_maps_that_sum_to_one_and_name_their_objects(self) -> None:
        from random import Random

        cells = [dict(box=[0, 0, 50, 128], bg="forest", objs=[0]), dict(box=[50, 0, 128, 128], bg="snow", objs=[1])]
        objects = [["cat", 4, 40, 40], ["owl", 60, 30, 60]]
        records = [
            dict(bg="ocean", objs=objects, style="noto style", effect=None),
            dict(bg=None, objs=objects, style="noto style", effect="neon", cells=cells),
        ]
        r, named = Random(0), 0
        for i in range(200):
            prompts, maps = region_prompts(r, records[i % 2], 128)
            self.assertEqual((len(prompts), maps.shape), (5, (5, 16, 16)))
            np.testing.assert_allclose(maps.sum(0), 1, atol=1e-6)
            self.assertGreaterEqual(maps.min(), 0)
            for prompt, m in zip(prompts[1:], maps[1:]):
                for noun, x, y, side in objects:
                    if noun in prompt:
                        named += 1
                        centre = m[(y + side // 2) // 8, (x + side // 2) // 8]
                        self.assertGreater(centre, 0.5, "an object's own prompt rules at its centre")
        self.assertGreater(named, 200)

    def test_softening_keeps_the_mean_of_what_fills_the_picture(self) -> None:
        np.testing.assert_allclose(soften(np.ones((4, 6))), 1)


if __name__ == "__main__":
    unittest.main()
