"""An encoder without learned weights: layout, colour and gradients, from 64 x 64 pixels.

Four blocks, each centred so that unrelated pictures score near 0, each compressed by a power so
that no few large numbers rule, each brought to length 1 and weighted:

* layout of light: the 46 lowest frequencies of the luma's cosine transform, without the mean;
* layout of colour: the 4 x 4 lowest frequencies of each chroma plane;
* colours: a soft histogram over 2 x 5 x 5 cells of luma and chroma;
* gradients: soft histograms of 8 directions in 4 x 4 overlapping cells.

Near-flat pictures stay quiet: a block shorter than its floor is not scaled up to length 1, so
that noise does not turn into content.

Sources: Dalal and Triggs 2005 (histograms of oriented gradients); Arandjelovic and Zisserman 2012
(the square root before comparing histograms); MPEG-7 colour layout descriptor (transform of the
layout).
"""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from lookalike.encoders.classic_card import CARD, SIDE_PX
from lookalike.encoders.encoder import check_pictures, unit_rows
from lookalike.nouns.card import ModelCard
from lookalike.nouns.embeddings import Bytes, Floats

FINGERPRINT = "classic-1"
"""Goes up whenever one number of a vector changes."""

_LUMA_TERMS, _CHROMA_SIDE = 46, 4
_DIRECTIONS, _CELLS = 8, 4
_CHROMA_STEPS = 5
_WEIGHTS = {"luma": 0.88, "chroma": 0.49, "colours": 0.46, "gradients": 0.75}
_FLOORS = {"luma": 30.0, "chroma": 3.0, "colours": 0.05, "gradients": 3.0}


class ClassicEncoder:
    """The descriptor without learned weights, numpy and Pillow only; no state, any thread."""

    card: ModelCard = CARD
    name: str = CARD.name
    fingerprint: str = FINGERPRINT
    d: int = CARD.d
    short_side_px: int = 2 * SIDE_PX

    def encode(self, pictures: Sequence[Bytes]) -> Floats:
        """One vector a picture; see `Encoder.encode`.

        Raises:
            InputError: an array is no picture.
        """
        check_pictures(pictures)
        # Picture by picture: a batch is exactly its pictures, and 64 x 64 stays in the cache.
        rows = [_describe(pixels) for pixels in pictures]
        return unit_rows(np.stack(rows) if rows else np.zeros((0, self.d), np.float32))


def _describe(pixels: Bytes) -> Floats:
    """(d,) weighted blocks of one picture."""
    picture = Image.fromarray(pixels)
    # The gap lets Pillow shrink by a whole number first: twice as fast, nearly the same pixels.
    small = picture.resize((SIDE_PX, SIDE_PX), Image.Resampling.BILINEAR, reducing_gap=2.0)
    red, green, blue = np.ascontiguousarray(np.asarray(small, np.float32).transpose(2, 0, 1))
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    chroma_blue, chroma_red = (blue - luma) * 0.564, (red - luma) * 0.713
    blocks = {
        "luma": _light(luma),
        "chroma": _colour_layout(chroma_blue, chroma_red),
        "colours": _colours(luma, chroma_blue, chroma_red),
        "gradients": _gradients(luma),
    }
    return np.concatenate([_levelled(name, block) for name, block in blocks.items()])


def _levelled(name: str, block: Floats) -> Floats:
    """The block at its weight, or below it where it is shorter than its floor."""
    length = np.sqrt(np.dot(block, block) + np.float32(_FLOORS[name] ** 2))
    levelled: Floats = block * np.float32(_WEIGHTS[name]) / length
    return levelled


def _power(values: Floats, exponent: float) -> Floats:
    powered: Floats = np.sign(values) * np.abs(values) ** np.float32(exponent)
    return powered


def _light(luma: Floats) -> Floats:
    terms = (_COSINES @ luma @ _COSINES.T * _SPECTRUM).ravel()[_ZIGZAG[1 : _LUMA_TERMS + 1]]
    return _power(terms, 0.5)


def _colour_layout(chroma_blue: Floats, chroma_red: Floats) -> Floats:
    side = _CHROMA_SIDE
    low = _COSINES[:side]
    planes = [low @ plane @ low.T * _SPECTRUM[:side, :side] for plane in (chroma_blue, chroma_red)]
    return _power(np.stack(planes).ravel(), 0.5)


def _colours(luma: Floats, chroma_blue: Floats, chroma_red: Floats) -> Floats:
    steps = _CHROMA_STEPS
    # Roots of chroma: greyish colours, the commonest, are told apart more finely.
    blues, reds = (
        _soft((_power(plane, 0.5) + 8) * ((steps - 1) / 16), steps)
        for plane in (chroma_blue, chroma_red)
    )
    pairs = (blues[:, None] * reds[None]).reshape(steps * steps, -1)
    bright = luma.ravel() / np.float32(255)
    shares = np.stack([pairs @ (1 - bright), pairs @ bright]).ravel() / luma.size
    roots = np.sqrt(np.maximum(shares, 0))
    centred: Floats = roots - roots.mean()
    return centred


def _soft(places: Floats, steps: int) -> Floats:
    """(steps, pixels) how much each pixel belongs to each step; sums to 1 over the steps."""
    held = np.clip(places.ravel(), 0, steps - 1)
    away = np.abs(held[None] - np.arange(steps, dtype=np.float32)[:, None])
    shares: Floats = np.maximum(np.float32(1) - away, 0)
    return shares


def _gradients(luma: Floats) -> Floats:
    across, down = np.zeros_like(luma), np.zeros_like(luma)
    across[:, 1:-1] = luma[:, 2:] - luma[:, :-2]
    down[1:-1] = luma[2:] - luma[:-2]
    strength = np.hypot(across, down)
    # A line has no sense of direction: opposite gradients count as one.
    turn = np.arctan2(down, across) * np.float32(_DIRECTIONS / np.pi)
    turn = np.where(turn < 0, turn + _DIRECTIONS, turn)  # four times as fast as the modulo
    away = np.abs(turn[None] - np.arange(_DIRECTIONS, dtype=np.float32)[:, None, None])
    away = np.minimum(away, _DIRECTIONS - away)
    votes = np.maximum(np.float32(1) - away, 0) * strength
    cells = _power((_TENTS @ votes @ _TENTS.T).ravel() / 256, 0.7)
    centred: Floats = cells - cells.mean()
    return centred


def _cosines(terms: int) -> Floats:
    """(terms, SIDE_PX) the orthonormal cosine transform's lowest rows."""
    places = (2 * np.arange(SIDE_PX) + 1) / (2 * SIDE_PX)
    rows = np.cos(np.pi * np.arange(terms)[:, None] * places) * np.sqrt(2 / SIDE_PX)
    rows[0] /= np.sqrt(2)
    cosines: Floats = rows.astype(np.float32)
    return cosines


def _tents() -> Floats:
    """(_CELLS, SIDE_PX) overlapping triangular windows, so that a small shift changes little."""
    width = SIDE_PX / _CELLS
    centres = (np.arange(_CELLS) + 0.5) * width - 0.5
    away = np.abs(np.arange(SIDE_PX) - centres[:, None]) / width
    tents: Floats = np.maximum(1 - away, 0).astype(np.float32)
    return tents


_COSINES = _cosines(10)
_TENTS = _tents()
_WAVES = np.add.outer(np.arange(10), np.arange(10))
# Photographs hold less the finer the detail; this half evens it out.
_SPECTRUM = (np.sqrt(_WAVES + 1) / SIDE_PX).astype(np.float32)
_ZIGZAG = np.lexsort((np.arange(100), np.maximum(*np.indices((10, 10))).ravel(), _WAVES.ravel()))
