"""Networks that grow are the same functions at first."""
import unittest
from dataclasses import replace

import torch

from beds.nets import SMOKE, deepened_autoencoder, new_autoencoder


class Deepening(unittest.TestCase):
    def test_new_blocks_change_nothing_yet(self) -> None:
        torch.manual_seed(0)
        shallow = replace(SMOKE, encoder_blocks=(0, 1, 2, 1), decoder_blocks=(2, 1, 1, 1))
        old = new_autoencoder(shallow).eval()
        new = deepened_autoencoder(old, replace(SMOKE, encoder_blocks=(0, 2, 2, 4), decoder_blocks=(3, 1, 2, 1)))
        self.assertGreater(sum(p.numel() for p in new.parameters()), sum(p.numel() for p in old.parameters()))
        pictures = torch.rand(1, 3, 32, 48) * 2 - 1
        with torch.no_grad():
            z = old.encoder(pictures)
            torch.testing.assert_close(new.encoder(pictures), z)
            torch.testing.assert_close(new.decoder(z), old.decoder(z))

    def test_what_cannot_grow_is_refused(self) -> None:
        for encoder_blocks in ((1, 2, 4, 6), (0, 2, 4, 5)):
            with self.assertRaises(ValueError):
                deepened_autoencoder(new_autoencoder(SMOKE), replace(SMOKE, encoder_blocks=encoder_blocks))


if __name__ == "__main__":
    unittest.main()
