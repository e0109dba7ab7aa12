"""Data: captions say what records hold, held-out combinations stay out, crops are what their labels say."""
import json
import tempfile
import unittest
from pathlib import Path
from random import Random
from types import SimpleNamespace

import numpy as np
import torch
from PIL import Image

from beds.backgrounds import BACKGROUND_NAMES, PLACES, any_background
from beds.captions import caption, full_caption, held_out, record_held_out
from beds.concepts import CONCEPTS, STYLES
from beds.crops import HEADS, NONE, SIDE, UNKNOWN, PictureSet, augment, labelled_crop
from beds.dataset import Latents, Mix, batches
from beds.device import CHOICES, faster, precision, torch_device
from beds.evaluate import held_out_scenes
from beds.layouts import FACTOR, object_mask
from beds.muon import orthogonalise
from beds.nets import TOKENS
from beds.scenes import cell_scene, plain_scene
from beds.verdict import windows

# Plain squares, so that tests need no vectors; concept i is the grey 100 + i.
ICONS = {
    (style, concept.noun): Image.new("RGBA", (192, 192), (100 + i, 100 + i, 100 + i, 255))
    for style in STYLES
    for i, concept in enumerate(CONCEPTS)
}


def lengths(prompts: list[str], **_: object) -> SimpleNamespace:
    """A tokenizer that says of each prompt how long it is."""
    return SimpleNamespace(input_ids=torch.tensor([[len(p)] * TOKENS for p in prompts]))


class Scenes(unittest.TestCase):
    def test_a_seed_fixes_pictures_and_records(self) -> None:
        for make, size in ((plain_scene, 64), (plain_scene, 128), (plain_scene, 256), (cell_scene, 256)):
            (a, ra), (b, rb) = (make(Random(5), size, ICONS) for _ in range(2))
            self.assertEqual((ra, a.tobytes()), (rb, b.tobytes()))

    def test_numbers_of_objects_can_be_chosen(self) -> None:
        r = Random(6)
        counts = {len(plain_scene(r, 256, ICONS, [1, 2])[1]["objs"]) for _ in range(20)}
        self.assertEqual(counts, {1, 2})

    def test_sides_of_objects_can_be_chosen(self) -> None:
        r = Random(7)
        records = [plain_scene(r, 256, ICONS, [2], (84, 138))[1] for _ in range(20)]
        sides = [side for record in records for _, _, _, side in record["objs"]]
        self.assertTrue(all(84 <= side <= 138 for side in sides))
        self.assertGreater(len(sides), 30, "most pairs find room")

    def test_objects_lie_where_the_record_says(self) -> None:
        r, seen = Random(1), 0
        for _ in range(30):
            image, record = r.choice([plain_scene, cell_scene])(r, 256, ICONS)
            if record["effect"]:
                continue
            for noun, x, y, side in record["objs"]:
                grey = 100 + [c.noun for c in CONCEPTS].index(noun)
                seen += 1
                self.assertEqual(image.getpixel((x + side // 2, y + side // 2)), (grey,) * 3)
        self.assertGreater(seen, 30)

    def test_cells_fill_the_picture_and_hold_their_objects(self) -> None:
        r = Random(2)
        for _ in range(40):
            _, record = cell_scene(r, 256, ICONS)
            count = np.zeros((256, 256), int)
            for cell in record["cells"]:
                x0, y0, x1, y1 = cell["box"]
                count[y0:y1, x0:x1] += 1
                for i in cell["objs"]:
                    _, x, y, side = record["objs"][i]
                    self.assertTrue(x0 <= x and y0 <= y and x + side <= x1 and y + side <= y1)
            self.assertTrue((count == 1).all())

    def test_backgrounds_are_called_what_the_list_says(self) -> None:
        r = Random(3)
        self.assertEqual({any_background(r)[0] for _ in range(2000)}, set(BACKGROUND_NAMES))
        self.assertEqual(len(PLACES), 12)


class Captions(unittest.TestCase):
    RECORD = dict(bg="forest", objs=[["owl", 0, 0, 9], ["hot dog", 9, 9, 9]], style="noto style", effect="neon")

    def test_a_caption_names_all_objects_and_the_effect_or_nothing_at_all(self) -> None:
        r, empty = Random(0), 0
        for _ in range(1000):
            text = caption(r, self.RECORD)
            empty += text == ""
            for word in ("owl", "hot dog", "neon"):
                self.assertEqual(word in text, text != "")
        self.assertTrue(70 < empty < 130)

    def test_the_full_caption(self) -> None:
        self.assertEqual(full_caption(["cat", "owl"], "snow", "noto style"), "a cat and an owl, snow, noto style")

    def test_one_combination_in_sixteen_is_held_out_and_never_drawn(self) -> None:
        nouns = [c.noun for c in CONCEPTS]
        held = [held_out([n], b, s, None) for n in nouns for b in BACKGROUND_NAMES for s in STYLES.values()]
        self.assertTrue(0.05 < np.mean(held) < 0.075)
        r = Random(4)
        records = [dict(bg=r.choice(BACKGROUND_NAMES), objs=[[r.choice(nouns), 40, 40, 40]], style="noto style", effect=None) for _ in range(300)]
        with tempfile.TemporaryDirectory() as folder:
            # Every latent holds the number of its record.
            latents = np.arange(300, dtype=np.float16)[:, None, None, None] * np.ones((1, 4, 16, 16), np.float16)
            np.save(Path(folder) / "a.lat.npy", latents)
            (Path(folder) / "a.json").write_text(json.dumps(records))
            data = Latents([Path(folder)], lengths)
            data.scan()
            drawn = {int(z[0, 0, 0]) for _ in range(40) for z in (*data.plain(128, 32).latents, *data.regional(128, 32).latents)}
        self.assertGreater(len(drawn), 200)
        self.assertFalse(any(record_held_out(records[i]) for i in drawn))
        self.assertTrue(any(record_held_out(record) for record in records))

    def test_plain_pictures_with_more_objects_are_left_to_regions(self) -> None:
        records = [dict(bg="snow", objs=[[c.noun, 0, 0, 40] for c in CONCEPTS[:n]], style="noto style", effect=None) for n in (1, 2, 3)]
        with tempfile.TemporaryDirectory() as folder:
            # Every latent holds the number of its objects.
            np.save(Path(folder) / "z0.lat.npy", np.arange(1, 4, dtype=np.float16)[:, None, None, None] * np.ones((3, 4, 16, 16), np.float16))
            (Path(folder) / "z0.json").write_text(json.dumps(records))
            data = Latents([Path(folder)], lengths, most_objects=2)
            data.scan()
            drawn = [set(batch.latents[:, 0, 0, 0].tolist()) for batch in (data.plain(128, 60), data.regional(128, 60))]
        self.assertEqual(drawn, [{1, 2}, {1, 2, 3}])

    def test_processes_draw_batches_with_all_that_training_asks_for(self) -> None:
        records = [dict(bg="snow", objs=[["cat", 0, 0, 64]], style="noto style", effect=None)] * 2
        with tempfile.TemporaryDirectory() as folder:
            np.save(Path(folder) / "z0.lat.npy", np.ones((2, 4, 16, 16), np.float16))
            (Path(folder) / "z0.json").write_text(json.dumps(records))
            drawn = batches(Latents([Path(folder)], lengths, levels=3), Mix(batch=6, small=1, regions=0.5, least=2), workers=1)
            found = {batch.kind: batch for batch in (next(drawn) for _ in range(20))}
        self.assertEqual(set(found), {"128 px", "128 px regions"})
        plain, regional = found["128 px"], found["128 px regions"]
        self.assertEqual((plain.latents.shape, plain.ids.shape, plain.maps), ((6, 4, 16, 16), (6, 1, TOKENS), None))
        self.assertEqual((regional.ids.shape, regional.maps.shape), ((3, 5, TOKENS), (3, 5, 16, 16)))
        self.assertEqual(float(plain.objects.sum()), 6 * 8 * 8)
        self.assertEqual(sorted(regional.spans.shares()), [4 * 4, 8 * 8])


class Evaluation(unittest.TestCase):
    def test_as_many_held_out_scenes_as_are_asked_for(self) -> None:
        for objects, count in ((1, 300), (2, 40)):
            scenes = held_out_scenes(Random(objects), count, objects)
            self.assertEqual(len(scenes), count)
            for nouns, background, style in scenes:
                self.assertEqual(len(set(nouns)), objects)
                self.assertTrue(held_out(sorted(nouns), background, style, None))


class Objects(unittest.TestCase):
    def test_the_mask_has_the_area_of_the_objects(self) -> None:
        mask = object_mask(dict(objs=[["cat", 12, 20, 40], ["owl", 80, 70, 33]]), 128)
        self.assertAlmostEqual(float(mask.sum()) * FACTOR**2, 40**2 + 33**2, places=2)
        self.assertEqual(mask[3, 2], 1)


class Crops(unittest.TestCase):
    def test_labels_agree_with_pixels(self) -> None:
        r = Random(6)
        scenes = [plain_scene(r, 128, ICONS) for _ in range(40)]
        kept = [(np.asarray(image), record) for image, record in scenes if not record["effect"]]
        pictures = PictureSet(np.stack([p for p, _ in kept]), [record for _, record in kept])
        seen = dict.fromkeys(HEADS, 0)
        for _ in range(300):
            crop, labels = labelled_crop(r, pictures)
            self.assertEqual(crop.shape, (SIDE, SIDE, 3))
            for head, label in zip(HEADS, labels):
                seen[head] += label != UNKNOWN
            noun = HEADS["object"][labels[0]] if labels[0] != UNKNOWN else NONE
            if noun != NONE:
                grey = 100 + [c.noun for c in CONCEPTS].index(noun)
                self.assertGreater((crop == grey).all(2).mean(), 0.15, f"the crop shows much of the {noun}")
        self.assertTrue(all(seen.values()))

    def test_what_blurs_a_crop_takes_its_effects_label_and_no_other(self) -> None:
        torch.manual_seed(0)
        crops, labels = torch.rand(200, 3, SIDE, SIDE) * 2 - 1, torch.zeros(200, len(HEADS), dtype=torch.long)
        changed, kept = augment(crops, labels)
        effect = list(HEADS).index("effect")
        hidden = kept[:, effect] == UNKNOWN
        self.assertTrue(60 < int(hidden.sum()) < 120, "some are blurred, some are not")
        self.assertTrue(torch.equal(kept[:, :effect], labels[:, :effect]))
        steps = [changed[part].diff(dim=-1).abs().mean() for part in (hidden, ~hidden)]
        self.assertLess(float(steps[0]), 0.9 * float(steps[1]))
        self.assertFalse(labels.any(), "the labels that came in stay")

    def test_windows_reach_every_pixel_and_stay_inside(self) -> None:
        box = (10, 20, 138, 120)
        seen = np.zeros((200, 200), bool)
        for x0, y0, x1, y1 in windows(box):
            self.assertTrue(10 <= x0 < x1 <= 138 and 20 <= y0 < y1 <= 120 and x1 - x0 == y1 - y0)
            seen[y0:y1, x0:x1] = True
        self.assertTrue(seen[20:120, 10:138].all())


class Precision(unittest.TestCase):
    def test_it_can_be_chosen_where_no_gradients_are_kept(self) -> None:
        faster.cache_clear()
        cpu = torch_device("cpu")
        with torch.no_grad(), precision("auto", cpu):
            self.assertIn(faster(), CHOICES[1:])
        with precision("bfloat16", cpu):
            self.assertEqual((torch.ones(2, 2) @ torch.ones(2, 2)).dtype, torch.bfloat16)


class Muon(unittest.TestCase):
    def test_updates_have_singular_values_about_one(self) -> None:
        torch.manual_seed(0)
        values = torch.linalg.svdvals(orthogonalise(torch.randn(3, 24, 60)))
        self.assertTrue(0.6 < float(values.min()) and float(values.max()) < 1.3)


if __name__ == "__main__":
    unittest.main()
