"""Edits that change colours and leave shapes alone."""

import numpy as np
from PIL import Image, ImageEnhance

from lookalike.images.edits_wear import as_bytes, blurred
from lookalike.nouns.embeddings import Bytes

_SEPIA = np.array([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]], np.float32)


def colour_shift(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Hue turned a little, saturation changed, and each channel made stronger or weaker."""
    hue, saturation, value = Image.fromarray(pixels).convert("HSV").split()
    step = int(chance.integers(8, 28) * chance.choice((-1, 1)))
    hue = hue.point([(level + step) % 256 for level in range(256)])
    turned = Image.merge("HSV", (hue, saturation, value)).convert("RGB")
    vivid = ImageEnhance.Color(turned).enhance(float(chance.uniform(0.6, 1.5)))
    gains = chance.uniform(0.82, 1.18, 3).astype(np.float32)
    return as_bytes(np.asarray(vivid) * gains)


def brightness_contrast(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Clearly lighter or darker, with more or less contrast."""
    light = chance.uniform(1.15, 1.45) if chance.random() < 0.5 else chance.uniform(0.6, 0.85)
    contrast = chance.uniform(1.15, 1.45) if chance.random() < 0.5 else chance.uniform(0.6, 0.85)
    lit = ImageEnhance.Brightness(Image.fromarray(pixels)).enhance(float(light))
    return np.asarray(ImageEnhance.Contrast(lit).enhance(float(contrast)))


def greyscale(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Without colour."""
    del chance
    return np.asarray(Image.fromarray(pixels).convert("L").convert("RGB"))


def sepia_blur(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Brownish like an old print, and soft."""
    return blurred(as_bytes(pixels @ _SEPIA.T), float(chance.uniform(0.004, 0.008)))
