"""Picture effects: pixel art, pencil sketch and neon, computed on finished pictures."""
import numpy as np
from PIL import Image, ImageFilter

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601


def _edges(pixels: np.ndarray) -> np.ndarray:
    """[h, w] in 0..1: the largest step of any channel to the left or upper neighbour, thickened and softened."""
    e = np.zeros(pixels.shape[:2], np.float32)
    e[:, 1:] = np.maximum(e[:, 1:], np.abs(np.diff(pixels, axis=1)).max(2))
    e[1:] = np.maximum(e[1:], np.abs(np.diff(pixels, axis=0)).max(2))
    image = Image.fromarray(np.clip(e * 3, 0, 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.MaxFilter(3)).filter(ImageFilter.GaussianBlur(0.6))).astype(np.float32) / 255


def pixel_art(image: Image.Image) -> Image.Image:
    """Blocks of 8 pixels, one for each latent cell, in at most 24 colours: what is finer the autoencoder smooths."""
    side = image.size[0] // 8
    return image.resize((side, side), Image.BOX).quantize(24).convert("RGB").resize(image.size, Image.NEAREST)


def pencil_sketch(image: Image.Image) -> Image.Image:
    """Dark lines on warm paper with a faint shade."""
    pixels = np.asarray(image).astype(np.float32)
    paper = 238 - 0.28 * (255 - pixels @ _LUMA)
    lines = np.clip(paper * (1 - 0.8 * _edges(pixels)), 0, 255)
    return Image.fromarray((lines[..., None] * np.array([1, 0.99, 0.95])).astype(np.uint8))


def neon(image: Image.Image) -> Image.Image:
    """Glowing lines in the picture's hues on near black."""
    pixels = np.asarray(image).astype(np.float32)
    hue = pixels / (pixels.max(2, keepdims=True) + 1)
    glow = np.array([10, 8, 24]) + 0.10 * pixels + 300 * _edges(pixels)[..., None] * (0.25 + 0.75 * hue)
    return Image.fromarray(np.clip(glow, 0, 255).astype(np.uint8))


def apply(effect: str, image: Image.Image) -> Image.Image:
    """Raises KeyError for an effect that does not exist."""
    return {"pixel art": pixel_art, "pencil sketch": pencil_sketch, "neon": neon}[effect](image)
