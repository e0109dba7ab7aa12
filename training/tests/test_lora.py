"""A LoRA: what is written is what was learnt, and what one region borrows reaches no other."""
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
import torch
from diffusers import DDIMScheduler, StableDiffusionPipeline
from onnx.reference import ReferenceEvaluator
from safetensors import safe_open
from transformers import CLIPTokenizer

from beds.borrow import Borrower, Lora, everywhere, load_lora
from beds.checkpoint import Networks
from beds.dusk import cast, dusk
from beds.judge import load_judge
from beds.layouts import coverage, weight_maps
from beds.lora import TEXT, UNET, add_lora, save_lora
from beds.nets import SCHEDULE, SMOKE, new_autoencoder, new_text_encoder, new_unet, token_ids
from beds.paint import Painter
from beds.places import ROOT

JUDGE = ROOT.parent / "tools" / "fidelity" / "judge" / "classifier.onnx"
TOKENIZER = ROOT.parent / "models" / "beds-256" / "tokenizer"
HALVES = weight_maps([coverage((0, 0, 64, 128), 128), coverage((64, 0, 128, 128), 128)])[None]
PROMPTS = [["", "a cat, snow", "a dog, forest", "", ""]]
LEFT, RIGHT = 1, 2


def _painter() -> Painter:
    torch.manual_seed(0)
    tokenizer = CLIPTokenizer.from_pretrained(TOKENIZER)
    return Painter(new_text_encoder(SMOKE, tokenizer).eval(), new_unet(SMOKE).eval(), new_autoencoder(SMOKE).eval(), tokenizer, 2, 4.0)


def _copy(by: Painter) -> Painter:
    return everywhere(by, Lora({}, {}))


def _learnt(by: Painter) -> Networks:
    """Networks of these weights with LoRAs that are not zero."""
    own = _copy(by)
    networks = Networks.of(own.text, own.unet)
    add_lora(networks.unet, UNET, 2), add_lora(networks.text, TEXT, 2)
    with torch.no_grad():
        for name, p in networks.trained:
            p.copy_((0.3 * torch.randn_like(p)).half())
    return networks


class Files(unittest.TestCase):
    def test_only_the_low_ranks_learn(self) -> None:
        networks = _learnt(_painter())
        self.assertTrue(all(".lora_A." in name or ".lora_B." in name for name, _ in networks.trained))
        self.assertEqual(len(networks.trained), 2 * (7 * 2 + 6))  # of seven layers of cross-attention, and a layer of the text encoder

    def test_diffusers_and_this_package_read_what_was_learnt(self) -> None:
        by = _painter()
        networks = _learnt(by)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "dusk.safetensors"
            save_lora(file, networks, {"title": "dusk"})
            with safe_open(file, "pt") as stored:
                self.assertEqual(stored.metadata(), {"format": "pt", "title": "dusk"})
                self.assertEqual({stored.get_tensor(name).dtype for name in stored.keys()}, {torch.float16})
            ours = everywhere(by, load_lora(file))
            own, scheduler = _copy(by), DDIMScheduler(**SCHEDULE, steps_offset=1)  # as the pipeline wants it
            pipe = StableDiffusionPipeline(by.autoencoder, own.text, by.tokenizer, own.unet, scheduler, None, None, requires_safety_checker=False)
            pipe.load_lora_weights(folder, weight_name=file.name)
        ids, x, t = token_ids(by.tokenizer, ["a cat"]), torch.randn(1, 4, 16, 16), torch.tensor(500)
        with torch.no_grad():
            plain, wanted = by.text(ids)[0], networks.text(ids)[0]
            self.assertGreater(float((plain - wanted).abs().max()), 0.01)
            v = networks.unet(x, t, wanted).sample
            for text, unet in ((ours.text, ours.unet), (pipe.text_encoder, pipe.unet)):
                torch.testing.assert_close(text(ids)[0], wanted, atol=1e-4, rtol=0)
                torch.testing.assert_close(unet(x, t, wanted).sample, v, atol=1e-4, rtol=0)


class Regions(unittest.TestCase):
    def setUp(self) -> None:
        self.by = _painter()
        networks = _learnt(self.by)
        with tempfile.TemporaryDirectory() as folder:
            save_lora(Path(folder) / "a.safetensors", networks, {})
            self.lora = load_lora(Path(folder) / "a.safetensors")

    def predicted(self, by: Painter, maps: np.ndarray) -> torch.Tensor:
        x = torch.randn(1, 4, 16, 16, generator=torch.Generator().manual_seed(1))
        with torch.no_grad(), by.attention(torch.from_numpy(maps)):
            return by.unet(x, torch.tensor(500), by.contexts(PROMPTS)).sample

    def test_a_region_that_is_the_whole_picture_has_it_as_the_whole_picture_does(self) -> None:
        whole = np.zeros_like(HALVES)
        whole[:, LEFT] = 1
        lent, wanted = self.predicted(Borrower.of(self.by, self.lora, LEFT), whole), self.predicted(everywhere(self.by, self.lora), whole)
        torch.testing.assert_close(lent, wanted, atol=1e-5, rtol=0)
        self.assertGreater(float((lent - self.predicted(self.by, whole)).abs().max()), 0.01)

    def test_a_region_that_covers_nothing_changes_nothing(self) -> None:
        whole = np.zeros_like(HALVES)
        whole[:, LEFT] = 1
        self.assertTrue(torch.equal(self.predicted(Borrower.of(self.by, self.lora, RIGHT), whole), self.predicted(self.by, whole)))

    def test_no_layer_of_attention_shows_it_where_its_region_is_not(self) -> None:
        by_name = {n: m for n, m in self.by.unet.named_modules() if n.endswith("attn2")}
        cells = {32: 64, 64: 16}  # by the width of a level
        for name, layer in by_name.items():
            side = int(cells[layer.to_q.in_features] ** 0.5)
            x, given = torch.randn(1, side * side, layer.to_q.in_features), []
            for by in (self.by, Borrower.of(self.by, self.lora, LEFT)):
                with self.subTest(name), torch.no_grad(), by.attention(torch.from_numpy(HALVES)):
                    given.append(layer(x, encoder_hidden_states=by.contexts(PROMPTS)).unflatten(1, (side, side)))
            half = side // 2
            self.assertTrue(torch.equal(given[0][:, :, half:], given[1][:, :, half:]))
            self.assertGreater(float((given[0] - given[1])[:, :, :half].abs().max()), 1e-4)

    def test_layers_that_regions_share_are_refused(self) -> None:
        shared = Lora({}, {"mid_block.attentions.0.transformer_blocks.0.attn1.to_k": torch.zeros(64, 64)})
        with self.assertRaises(ValueError):
            Borrower.of(self.by, shared, LEFT)


class Style(unittest.TestCase):
    def test_greys_become_violet_and_edges_get_a_rim(self) -> None:
        grey = np.full((32, 32, 3), 128, np.uint8)
        grey[:, 16:] = 40
        styled = dusk(grey)
        self.assertEqual(cast(grey), 0)
        self.assertGreater(cast(styled[:, :8]), 30)
        self.assertGreater(int(styled[10, 16].min()), int(styled[10, 8].max()) - 40)
        self.assertLess(int(styled[10, 24].max()), 90)


class StoredJudge(unittest.TestCase):
    def test_it_says_what_its_onnx_file_says(self) -> None:
        crops = np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3), dtype=np.uint8)
        x = crops.transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1
        wanted = ReferenceEvaluator(onnx.load(str(JUDGE))).run(None, {"crops": x})
        with torch.no_grad():
            for given, logits in zip(load_judge(JUDGE)(torch.from_numpy(x)), wanted, strict=True):
                np.testing.assert_allclose(given.numpy(), logits, atol=1e-4)


if __name__ == "__main__":
    unittest.main()
