"""Grounding: what the tokens after a caption's end are to say."""
import unittest
from random import Random

import numpy as np
import torch

from beds.concepts import NOUNS, STYLE_NAMES
from beds.ground import FIRST, GRIDS, PIECES, SIDE, Looks, any_caption, axes, in_order, places
from beds.lookup import Spans, missed, spans, watched_attention
from beds.nets import SMOKE, TOKENS, new_unet
from beds.regional import regional_attention

FEATURES = 3


def _looks() -> Looks:
    """Pieces whose first feature is the style's number, whose second is the noun's, whose third is the piece's."""
    parts = torch.meshgrid(torch.arange(len(STYLE_NAMES)), torch.arange(len(NOUNS)), torch.arange(PIECES), indexing="ij")
    return Looks(torch.stack(parts, -1).float())


class Targets(unittest.TestCase):
    def setUp(self) -> None:
        self.looks = _looks()

    def said(self, text: str, nouns: list[str]) -> list[list[tuple[float, float]]]:
        """(style, noun) of each grid, which must have its pieces in order."""
        grids = self.looks.targets(text, nouns).unflatten(0, (GRIDS, PIECES))
        for grid in grids:
            self.assertEqual(grid[:, 2].tolist(), list(range(PIECES)))
        return [tuple(grid[0, :2].tolist()) for grid in grids]

    def test_a_single_object_is_shown_in_both_grids(self) -> None:
        fox = NOUNS.index("fox")
        self.assertEqual(self.said("a fox, forest, fluent style", ["fox"]), [(1, fox), (1, fox)])
        self.assertEqual(self.said("a fox, forest", ["fox"]), [(1, fox), (0, fox)])

    def test_of_two_the_last_grid_is_the_one_named_first(self) -> None:
        cat, dog = NOUNS.index("cat"), NOUNS.index("dog")
        self.assertEqual(self.said("dog and a cat, noto style", ["cat", "dog"]), [(0, cat), (0, dog)])
        self.assertEqual(self.said("forest, cat, dog, bear", ["bear", "dog", "cat"]), [(0.5, dog), (0.5, cat)])

    def test_without_objects_there_is_nothing_to_say(self) -> None:
        self.assertFalse(self.looks.targets("blue sky", []).any())
        self.assertFalse(self.looks.targets("", []).any())

    def test_nouns_within_nouns_are_told_apart(self) -> None:
        self.assertEqual(in_order("a green apple and an apple", ["apple", "green apple"]), ["green apple", "apple"])
        self.assertEqual(in_order("an apple, green apple", ["green apple", "apple"]), ["apple", "green apple"])
        self.assertEqual(in_order("a car and a police car", ["police car", "car"]), ["car", "police car"])

    def test_captions_name_their_nouns(self) -> None:
        r = Random(0)
        for _ in range(200):
            text, nouns = any_caption(r)
            self.assertEqual(sorted(in_order(text, nouns)), sorted(nouns))


def shares(record: dict, caption: str, size: int, cells: int) -> np.ndarray:
    """[cells, cells, GRIDS, SIDE, SIDE]: which share of each cell each piece covers."""
    rows, columns = (torch.from_numpy(part)[None, None] for part in spans(record, caption, size, cells))
    return Spans([(rows, columns)]).shares()[cells * cells].reshape(cells, cells, GRIDS, SIDE, SIDE).numpy()


class Lookup(unittest.TestCase):
    def record(self, *objects: list) -> dict:
        return dict(objs=[list(o) for o in objects], bg="forest", style=STYLE_NAMES[1], effect=None)

    def test_pieces_that_fit_the_cells_are_each_found_in_one(self) -> None:
        found = shares(self.record(("fox", 16, 32, 80)), f"a fox, {STYLE_NAMES[1]}", 128, 8)
        for row in range(8):
            for column in range(8):
                wanted = np.zeros((GRIDS, SIDE, SIDE))
                if 2 <= row < 7 and 1 <= column < 6:
                    wanted[:, row - 2, column - 1] = 1 / GRIDS
                self.assertTrue(np.allclose(found[row, column], wanted))

    def test_shares_add_up_to_the_objects_area(self) -> None:
        for cells in (4, 8, 16):
            found = shares(self.record(("fox", 3, 7, 61), ("cat", 70, 65, 50)), "a cat and a fox", 128, cells)
            area = found.reshape(-1, GRIDS, SIDE * SIDE).sum((0, 2)) * (128 / cells) ** 2
            self.assertTrue(np.allclose(area, [61**2, 50**2]), area)  # the one named first is in the last grid

    def test_without_a_style_in_the_caption_the_grid_is_that_of_the_pictures_style(self) -> None:
        found = shares(self.record(("fox", 16, 32, 80)), "a fox", 128, 8).reshape(-1, GRIDS, SIDE * SIDE).sum((0, 2))
        self.assertTrue(np.allclose(found, [25, 0]))
        self.assertEqual(Looks.targets(_looks(), "a fox", ["fox"])[0, 0], 1)

    def test_what_the_caption_does_not_name_is_nowhere(self) -> None:
        self.assertFalse(shares(self.record(("fox", 16, 32, 80)), "", 128, 8).any())


class Heads(unittest.TestCase):
    def test_looking_where_the_pieces_are_costs_little_and_elsewhere_much(self) -> None:
        record = dict(objs=[["fox", 16, 32, 80]], bg="forest", style=STYLE_NAMES[1], effect=None)
        wanted = Spans.of([record], [["a fox"]], 128, 2).shares()[64]
        k = 80 * torch.eye(TOKENS).expand(1, 4, -1, -1)  # each token its own direction
        pieces = torch.cat([torch.zeros(*wanted.shape[:-1], FIRST), wanted], -1)
        self.assertLess(float(missed(pieces, k, wanted)), 0.5)
        self.assertGreater(float(missed(1 - pieces, k, wanted)), 4)

    def test_all_weight_on_one_region_misses_what_plain_attention_misses(self) -> None:
        torch.manual_seed(1)
        unet = new_unet(SMOKE).eval()
        record = dict(objs=[["fox", 16, 32, 80]], bg="forest", style=STYLE_NAMES[1], effect=None)
        x, contexts = torch.randn(1, 4, 16, 16), torch.randn(1, 3, TOKENS, SMOKE.text_width)
        maps = torch.zeros(1, 3, 16, 16)
        maps[:, 1] = 1
        prompts = [["", "a fox", "a fox, forest"]]
        with torch.no_grad(), watched_attention(unet, Spans.of([record], [prompts[0][1:2]], 128, len(SMOKE.channels))) as plain:
            unet(x, torch.tensor(500), contexts[:, 1])
        wanted = Spans.of([record], prompts, 128, len(SMOKE.channels)).shares()
        with torch.no_grad(), regional_attention(unet, maps, wanted) as regional:
            unet(x, torch.tensor(500), contexts.flatten(1, 2))
        self.assertEqual(len(regional), len(plain))
        for a, b in zip(regional, plain):
            self.assertAlmostEqual(float(a), float(b), places=4)


class Directions(unittest.TestCase):
    def test_they_are_orthonormal_and_the_same_every_time(self) -> None:
        a = axes(64, 45)
        self.assertTrue(torch.equal(a, axes(64, 45)))
        self.assertLess((a.T @ a - torch.eye(a.shape[1])).abs().max(), 1e-5)

    def test_every_piece_has_a_place_of_its_own(self) -> None:
        where = places()
        self.assertEqual(where.shape, (GRIDS * PIECES, GRIDS + 2 * SIDE))
        self.assertEqual(len(where.unique(dim=0)), GRIDS * PIECES)
        self.assertEqual(FIRST + GRIDS * PIECES, TOKENS)


if __name__ == "__main__":
    unittest.main()
