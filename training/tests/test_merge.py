"""The mean of checkpoints."""
import unittest

import torch

from beds.merge import mean


class Merging(unittest.TestCase):
    def test_shares_weigh_the_checkpoints(self) -> None:
        weights = [[torch.tensor([1.0, -2.0]), torch.tensor([[8.0]])], [torch.tensor([5.0, 2.0]), torch.tensor([[0.0]])]]
        first, second = mean(weights, [0.25, 0.75])
        self.assertEqual((first.tolist(), second.tolist()), ([4.0, 1.0], [[2.0]]))

    def test_what_is_the_same_everywhere_stays_so_to_the_bit(self) -> None:
        frozen = torch.randn(1000, generator=torch.Generator().manual_seed(0))
        self.assertFalse(torch.equal(0.1 * frozen + 0.2 * frozen + 0.7 * frozen, frozen))
        self.assertTrue(torch.equal(mean([[frozen]] * 3, [0.1, 0.2, 0.7])[0], frozen))

    def test_of_one_checkpoint_it_is_that_one(self) -> None:
        self.assertEqual(mean([[torch.tensor([3.0])]], [1.0])[0].tolist(), [3.0])


if __name__ == "__main__":
    unittest.main()
