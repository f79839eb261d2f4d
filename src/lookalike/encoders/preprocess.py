"""From decoded pixels to a network's input, as its card says."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from lookalike.nouns.card import Preprocessing
from lookalike.nouns.embeddings import Bytes, Floats

_FILTERS = {
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
_GREY = 128


def short_side_px(card: Preprocessing) -> int:
    """How long the short side of a picture has to be so that nothing is enlarged."""
    share = card.crop_share if card.fit == "crop" else 1.0
    return int(np.ceil(max(card.width_px, card.height_px) / share))


def network_input(pictures: Sequence[Bytes], card: Preprocessing) -> Floats:
    """The batch as the network wants it.

    Args:
        pictures: b arrays (h, w, 3) uint8 RGB, of any sizes.
        card: what to do with them.

    Returns:
        (b, 3, height_px, width_px) float32.
    """
    scale = np.array([1 / (255 * std) for std in card.std], np.float32)[:, None, None]
    shift = np.array(
        [mean / std for mean, std in zip(card.mean, card.std, strict=True)], np.float32
    )[:, None, None]
    batch = np.empty((len(pictures), 3, card.height_px, card.width_px), np.float32)
    for row, pixels in zip(batch, pictures, strict=True):
        np.multiply(resized(pixels, card).transpose(2, 0, 1), scale, out=row)
        row -= shift
    return batch


def resized(pixels: Bytes, card: Preprocessing) -> Bytes:
    """The picture brought to (height_px, width_px, 3) uint8, antialiased."""
    picture = Image.fromarray(pixels)
    size = card.width_px, card.height_px
    kernel = _FILTERS[card.interpolation]
    if card.fit == "pad":
        scaled = picture.resize(_inside(picture.size, size), kernel)
        canvas = Image.new("RGB", size, (_GREY, _GREY, _GREY))
        canvas.paste(scaled, ((size[0] - scaled.width) // 2, (size[1] - scaled.height) // 2))
        return np.asarray(canvas)
    box = _centre(picture.size, size, card.crop_share) if card.fit == "crop" else None
    return np.asarray(picture.resize(size, kernel, box=box))


def _inside(picture: tuple[int, int], frame: tuple[int, int]) -> tuple[int, int]:
    """The largest size with the picture's shape that fits the frame, at least one pixel."""
    scale = min(frame[0] / picture[0], frame[1] / picture[1])
    return max(1, round(picture[0] * scale)), max(1, round(picture[1] * scale))


def _centre(
    picture: tuple[int, int], size: tuple[int, int], crop_share: float
) -> tuple[float, float, float, float]:
    """The part of the picture that a scale of the short side and a centre crop would keep.

    Only this part is resized: a strip of 1 x 60,000 pixels would else be scaled up as a whole.
    """
    cover = max(size[0] / crop_share / picture[0], size[1] / crop_share / picture[1])
    edges: list[tuple[float, float]] = []
    for old, kept in zip(picture, size, strict=True):
        scaled = max(kept, int(old * cover + 0.5))
        start = (scaled - kept) // 2
        edges.append((start * old / scaled, min(float(old), (start + kept) * old / scaled)))
    (left, right), (top, bottom) = edges
    return left, top, right, bottom
