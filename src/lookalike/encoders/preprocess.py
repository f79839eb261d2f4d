"""From decoded pixels to a network's input, as its card says."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from lookalike.nouns.card import Preprocessing, reducing_gap
from lookalike.nouns.embeddings import Bytes, Floats

_FILTERS = {
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
_GREY = 128
_LARGEST_SCALED = 32  # times the area of the frame


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
    gap = reducing_gap(card.interpolation)
    if card.fit == "pad":
        scaled = picture.resize(_inside(picture.size, size), kernel, reducing_gap=gap)
        canvas = Image.new("RGB", size, (_GREY, _GREY, _GREY))
        canvas.paste(scaled, ((size[0] - scaled.width) // 2, (size[1] - scaled.height) // 2))
        return np.asarray(canvas)
    if card.fit == "crop":
        return np.asarray(_centre(picture, size, card.crop_share, kernel, gap))
    return np.asarray(picture.resize(size, kernel, reducing_gap=gap))


def _inside(picture: tuple[int, int], frame: tuple[int, int]) -> tuple[int, int]:
    """The largest size with the picture's shape that fits the frame, at least one pixel."""
    scale = min(frame[0] / picture[0], frame[1] / picture[1])
    return max(1, round(picture[0] * scale)), max(1, round(picture[1] * scale))


def _centre(
    picture: Image.Image,
    size: tuple[int, int],
    crop_share: float,
    kernel: Image.Resampling,
    gap: float | None,
) -> Image.Image:
    """The picture scaled until the frame is `crop_share` of its short side, then cut to it."""
    cover = max(side / crop_share / old for side, old in zip(size, picture.size, strict=True))
    scaled = (
        max(size[0], int(picture.width * cover + 0.5)),
        max(size[1], int(picture.height * cover + 0.5)),
    )
    left, top = (scaled[0] - size[0]) // 2, (scaled[1] - size[1]) // 2
    right, bottom = left + size[0], top + size[1]
    if scaled[0] * scaled[1] <= _LARGEST_SCALED * size[0] * size[1]:
        whole = picture.resize(scaled, kernel, reducing_gap=gap)
        return whole.crop((left, top, right, bottom))
    # A strip of 1 x 60,000 pixels would grow beyond memory: only the centre is made.
    across, down = picture.width / scaled[0], picture.height / scaled[1]
    box = (
        left * across,
        top * down,
        min(right * across, picture.width),
        min(bottom * down, picture.height),
    )
    return picture.resize(size, kernel, box=box)
