"""Shapes: masks are as large as their outlines say, and pictures, records and weight maps agree about them."""
import math
import unittest
from random import Random

import numpy as np

from beds import shapes
from beds.layouts import FACTOR, region_prompts
from beds.scenes import one_background, shape_scene

from .test_data import ICONS

SIZE = 256


def area(outline: shapes.Outline) -> float:
    """The shoelace formula, in pixels."""
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(outline, [*outline[1:], outline[0]]))) / 2


def parts_of(record: dict) -> np.ndarray:
    return shapes.stacked([shapes.mask([tuple(p) for p in s["outline"]], SIZE, s["feather"]) for s in record["shapes"]])


class Shapes(unittest.TestCase):
    def test_a_mask_covers_as_much_as_its_outline_encloses(self) -> None:
        r, inside = Random(0), 0
        for _ in range(150):
            outline, square = shapes.any_outline(r, SIZE)
            if all(0 <= x <= SIZE and 0 <= y <= SIZE for x, y in outline):
                inside += 1
                drawn = np.asarray(shapes.mask(outline, SIZE), float).sum() / 255
                length = sum(math.dist(a, b) for a, b in zip(outline, [*outline[1:], outline[0]]))
                self.assertLess(abs(drawn - area(outline)), 0.5 * length, "to less than half a pixel along the edge")
            if square:
                x, y, side = square
                self.assertGreater(np.asarray(shapes.mask(outline, SIZE), float)[round(y + side / 2), round(x + side / 2)], 254)
        self.assertGreater(inside, 60)

    def test_an_ellipse_and_a_crescent_are_as_large_as_geometry_has_it(self) -> None:
        self.assertAlmostEqual(area(shapes.ellipse(60, 40)) / (math.pi * 30 * 20), 1, delta=0.01)
        for seed in range(10):
            apart = 50 * Random(seed).uniform(0.5, 0.9)
            lens = 2 * 50**2 * math.acos(apart / 100) - apart / 2 * math.sqrt(4 * 50**2 - apart**2)
            self.assertAlmostEqual(area(shapes._crescent(Random(seed), 50)) / (math.pi * 50**2 - lens), 1, delta=0.02)

    def test_later_shapes_hide_earlier_ones(self) -> None:
        box = [(0, 0), (128, 0), (128, 256), (0, 256)]
        below, above = shapes.stacked([shapes.mask(box, SIZE), shapes.mask([(x + 64, y) for x, y in box], SIZE)])
        self.assertEqual((below[9, 9], above[9, 9], below[9, 99], above[9, 99]), (1, 0, 0, 1))

    def test_pictures_show_what_records_say(self) -> None:
        r, plain, inside, outside = Random(1), 0, 0, 0
        for _ in range(60):
            image, record = shape_scene(r, SIZE, ICONS)
            self.assertFalse(one_background(record))
            pixels, parts = np.asarray(image, float), parts_of(record)
            free = np.ones((SIZE, SIZE), bool)
            for _, x, y, side in record["objs"]:
                free[y : y + side, x : x + side] = False
            for shape, part in zip(record["shapes"], parts):
                if shape["bg"].endswith(" background") and record["effect"] is None and (where := free & (part > 0.999)).sum() > 99:
                    plain += 1
                    self.assertLess(pixels[where].std(0).max(), 2, "one colour where its shape is")
                for x, y, side in (record["objs"][i][1:] for i in shape["objs"]):
                    inside += 1
                    self.assertGreater(part[y : y + side, x : x + side].mean(), 0.85)
            mine = {i for shape in record["shapes"] for i in shape["objs"]}
            for x, y, side in (o[1:] for i, o in enumerate(record["objs"]) if i not in mine):
                outside += 1
                self.assertLess(parts.sum(0)[y : y + side, x : x + side].mean(), 0.1)
        self.assertTrue(plain > 15 and inside > 10 and outside > 10, (plain, inside, outside))

    def test_weight_maps_are_where_the_shapes_are(self) -> None:
        r, seen, rests = Random(2), 0, 0
        for _ in range(60):
            _, record = shape_scene(r, SIZE, ICONS)
            parts = parts_of(record)
            prompts, maps = region_prompts(r, record, SIZE)
            np.testing.assert_allclose(maps.sum(0), 1, atol=1e-5)
            if not any(prompts[1:]):
                continue
            for shape, part, prompt, m in zip(record["shapes"], parts, prompts[1:], maps[1:]):
                self.assertIn(shape["bg"], prompt)
                cells = part.reshape(SIZE // FACTOR, FACTOR, SIZE // FACTOR, FACTOR).mean((1, 3))
                if (cells > 0.3).sum() > 9:
                    seen += 1
                    self.assertGreater(np.corrcoef(cells.ravel(), m.ravel())[0, 1], 0.9)
            last = len(record["shapes"]) + 1
            rests += record["bg"] in prompts[last] if last < len(prompts) else 0
            self.assertTrue(record["bg"] in prompts[0] or record["bg"] in prompts[last])
        self.assertTrue(seen > 60 and 5 < rests < 40, (seen, rests))


if __name__ == "__main__":
    unittest.main()
