"""Poor photographs of good ones, for teaching a model to find the original."""

from dataclasses import dataclass

import torch
from torch import Tensor

from lookalike.nouns.errors import RecipeError
from lookalike.training.chance import drawn_generator
from lookalike.training.copies import Edits, bounded, large_enough
from lookalike.training.framing import Framing, Other, as_picture, as_pixels

EDIT = "degraded"
"""The name of the edit that does it, among those handed in."""
_LARGEST = 1.5  # times the frame: short side of what is edited
_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Degraded:
    """The handed-in edit, done to most pictures, so that good ones stay known.

    Attributes:
        frame: through which the outcome is seen.
        edits: among them `EDIT`.
        strength: 1 for the usual share of pictures, four in five.
    """

    frame: Framing
    edits: Edits
    strength: float

    def __post_init__(self) -> None:
        if EDIT not in self.edits:
            raise RecipeError(f"The edit {EDIT!r} was not handed in", where="augment.name")

    def __call__(self, picture: Tensor, other: Other | None = None, /) -> Tensor:
        """(3, h, w) -> (3, size, size)."""
        del other
        if float(torch.rand(())) >= _SHARE * self.strength:
            return self.frame(picture)
        pixels = large_enough(bounded(as_pixels(picture), round(_LARGEST * self.frame.size_px)))
        return self.frame(as_picture(self.edits[EDIT](pixels, drawn_generator())))
