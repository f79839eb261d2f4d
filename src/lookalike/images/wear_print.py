"""What printing and time do to a picture's tones: fading, and the dots of half-tone."""

import numpy as np

from lookalike.images.edits_wear import as_bytes
from lookalike.nouns.embeddings import Bytes, Floats


def fade(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Blacks turned grey, whites yellow or red, more so towards one side."""
    height, width = pixels.shape[:2]
    lost = float(chance.uniform(0.15, 0.55))
    # Yellowed paper shows through, and the dyes that are left are the red ones.
    paper = np.array([250, 238, 214], np.float32) - chance.uniform(0, 22, 3).astype(np.float32)
    black = np.array([70, 52, 46], np.float32) * np.float32(chance.uniform(0.3, 1))
    angle, lean = chance.uniform(0, 2 * np.pi), chance.uniform(0, 0.35)
    across = np.linspace(-lean, lean, width, dtype=np.float32) * np.float32(np.cos(angle))
    down = np.linspace(-lean, lean, height, dtype=np.float32) * np.float32(np.sin(angle))
    share = np.float32(lost) * (1 + across + down[:, None])  # (h, w)
    faded = black + pixels * ((paper - black) / np.float32(255))
    gone = np.clip(share, 0, 0.75)[:, :, None].astype(np.float32)
    return as_bytes(np.asarray(pixels + gone * (faded - pixels), np.float32))


def half_tone(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Printed in dots: all colours in one screen, or each in its own, turned by 30 degrees.

    A dot is 1 to 2 % of the short side wide, 2.5 pixels at least, and the larger the darker.
    """
    height, width = pixels.shape[:2]
    cell_px = max(2.5, float(chance.uniform(0.01, 0.02)) * min(height, width))
    angle = float(chance.uniform(0, np.pi / 2))
    angles = angle + (np.arange(3) * np.pi / 6 if chance.random() < 0.5 else np.zeros(1))
    screens = np.stack([_screen(height, width, cell_px, float(a)) for a in angles], axis=2)
    tone = pixels * np.float32(1 / 255)
    dots = np.clip((tone - screens) * np.float32(chance.uniform(2, 6)) + tone, 0, 1)
    seen = np.float32(chance.uniform(0.5, 1))
    return as_bytes(pixels + seen * (np.float32(255) * dots - pixels))


def _screen(height: int, width: int, cell_px: float, angle: float) -> Floats:
    """(h, w) thresholds in [0, 1]: hills and hollows in turn, in rows along an angle."""
    x = np.arange(width, dtype=np.float32) * np.float32(2 * np.pi / cell_px)
    y = np.arange(height, dtype=np.float32)[:, None] * np.float32(2 * np.pi / cell_px)
    cosine, sine = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    waves = np.cos(cosine * x + sine * y) + np.cos(cosine * y - sine * x)
    return waves * np.float32(0.25) + np.float32(0.5)
