"""Copies as people make them: cut, turned, captioned, laid over, compressed, several at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from torch import Tensor

from lookalike.nouns.embeddings import Bytes
from lookalike.nouns.errors import RecipeError
from lookalike.training.chance import drawn_generator
from lookalike.training.framing import Framing, Other, as_picture, as_pixels
from lookalike.training.overlays import cut, laid_over, marked

Edit = Callable[[Bytes, np.random.Generator], Bytes]
"""Pixels (h, w, 3) uint8 and a source of chance -> other pixels, of another size perhaps."""
Edits = Mapping[str, Edit]

_LEAST_SIDE_PX = 16
_LARGEST = 1.5  # times the frame: short side of what is edited
_LEAST_AREA = 0.3  # that a cut leaves

_THEMES: Mapping[str, tuple[float, tuple[str, ...]]] = {
    "cut": (0.5, ()),
    "turn": (0.5, ("mirror", "upside_down", "quarter_turn", "tilt", "tilt_cropped", "aspect")),
    "colour": (0.5, ("colour_shift", "brightness_contrast", "greyscale", "sepia_blur")),
    "laid over": (0.15, ()),
    "marks": (0.2, ()),
    "around": (0.4, ("caption", "logo", "screenshot", "border", "letterbox")),
    "wear": (0.6, ("jpeg_low", "jpeg_medium", "quarter_size", "blur", "sharpen", "noise")),
    "paper": (0.06, ("print_scan",)),
}
"""How likely each theme is at strength 1, and the handed-in edits that it draws one from."""


@dataclass(frozen=True, slots=True)
class Copies:
    """One step of some of the themes, in any order.

    Attributes:
        frame: through which the outcome is seen, as a real copy will be.
        edits: by name; those that no theme names are left alone.
        strength: 1 for the usual; how likely each theme is.
    """

    frame: Framing
    edits: Edits
    strength: float

    def __post_init__(self) -> None:
        missing = [
            name for _, names in _THEMES.values() for name in names if name not in self.edits
        ]
        if missing:
            raise RecipeError(
                f"These edits were not handed in: {', '.join(missing)}", where="augment.name"
            )

    def __call__(self, picture: Tensor, other: Other | None = None, /) -> Tensor:
        """(3, h, w) -> (3, size, size)."""
        chance = drawn_generator()
        pixels = bounded(as_pixels(picture), round(_LARGEST * self.frame.size_px))
        drawn = chance.random(len(_THEMES))
        for place in chance.permutation(len(_THEMES)):
            theme, (share, names) = _PLACED[place]
            if drawn[place] < share * self.strength:
                pixels = self._step(theme, names, pixels, other, chance)
        return self.frame(as_picture(pixels))

    def _step(
        self,
        theme: str,
        names: tuple[str, ...],
        pixels: Bytes,
        other: Other | None,
        chance: np.random.Generator,
    ) -> Bytes:
        pixels = large_enough(pixels)
        if theme == "cut":
            return cut(pixels, _LEAST_AREA, chance)
        if theme == "marks":
            return marked(pixels, chance)
        if theme == "laid over":
            return pixels if other is None else laid_over(pixels, as_pixels(other()), chance)
        return self.edits[names[chance.integers(len(names))]](pixels, chance)


_PLACED = tuple(_THEMES.items())


def bounded(pixels: Bytes, short_side_px: int) -> Bytes:
    """Shrunk where the short side is longer than that."""
    return _scaled(pixels, short_side_px) if min(pixels.shape[:2]) > short_side_px else pixels


def large_enough(pixels: Bytes) -> Bytes:
    """Enlarged where it is too small for edits, which need some room."""
    return _scaled(pixels, _LEAST_SIDE_PX) if min(pixels.shape[:2]) < _LEAST_SIDE_PX else pixels


def _scaled(pixels: Bytes, short_side_px: int) -> Bytes:
    height, width = pixels.shape[:2]
    scale = short_side_px / min(height, width)
    size = max(short_side_px, round(width * scale)), max(short_side_px, round(height * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, size, interpolation=how), np.uint8)
