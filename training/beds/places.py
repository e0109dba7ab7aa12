"""Where things lie: this folder, and a working folder with everything that is made."""
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Work:
    """A working folder. Nothing in it is kept in the repository."""

    folder: Path

    def __str__(self) -> str:
        return str(self.folder)

    @property
    def svg(self) -> Path:
        return self.folder / "svg"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def tokenizer(self) -> Path:
        return self.folder / "out" / "tokenizer"

    @property
    def autoencoder(self) -> Path:
        return self.folder / "out" / "vae"

    @property
    def checkpoints(self) -> Path:
        return self.folder / "out" / "ck"

    @property
    def export(self) -> Path:
        return self.folder / "out" / "export"

    @property
    def classifier(self) -> Path:
        return self.folder / "out" / "classifier"

    @property
    def results(self) -> Path:
        return self.folder / "out" / "results"
