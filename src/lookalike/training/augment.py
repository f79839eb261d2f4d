"""The table of augmentations: how pictures are changed on the way into training."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from lookalike.nouns.card import Fit, Interpolation
from lookalike.nouns.errors import RecipeError
from lookalike.nouns.recipe import AugmentPart
from lookalike.training.copies import Copies, Edits
from lookalike.training.degraded import Degraded
from lookalike.training.drawings import Drawings
from lookalike.training.framing import Change, Framing
from lookalike.training.photos import Photos, SmallPhotos


@dataclass(frozen=True, slots=True)
class Augmentation:
    """One way to change pictures.

    Attributes:
        name: how recipes call it.
        doc: what it does and what it is for, one line.
        make: frame, strength above 0, edits -> the change.
    """

    name: str
    doc: str
    make: Callable[[Framing, float, Edits], Change]

    def build(
        self,
        size_px: int,
        strength: float = 1.0,
        *,
        edits: Edits | None = None,
        crop_share: float = 1.0,
        interpolation: Interpolation = "bicubic",
        fit: Fit = "crop",
    ) -> Change:
        """The change, (3, h, w) uint8 of any size -> (3, size_px, size_px) uint8.

        Chance comes from torch's own source on the CPU. It can be sent to other processes if the
        edits can.

        Args:
            size_px: side of the outcome.
            strength: 0 for none, 1 for the usual.
            edits: by name, for those that need some: pixels (h, w, 3) and a NumPy source of
                chance -> pixels.
            crop_share: of the network's preprocessing; see `Framing`.
            interpolation: likewise.
            fit: likewise.

        Raises:
            RecipeError: the strength is below 0, or an edit is missing.
        """
        if not strength >= 0:
            raise RecipeError("A strength is 0 or more", where="augment.strength")
        frame = Framing(size_px, crop_share, interpolation, fit)
        return self.make(frame, strength, dict(edits or {})) if strength else frame


def _none(frame: Framing, strength: float, edits: Edits) -> Change:
    del strength, edits
    return frame


def _light(frame: Framing, strength: float, edits: Edits) -> Change:
    del edits
    return Photos(frame.size_px, _kept(0.4 * strength), 0.2 * strength, 0.02 * strength)


def _views(frame: Framing, strength: float, edits: Edits) -> Change:
    del edits
    tone, hue, blur_px = 0.8 * strength, min(0.5, 0.2 * strength), 2.0 * frame.size_px / 224
    return Photos(frame.size_px, _kept(0.8 * strength), tone, hue, grey_share=0.2, blur_px=blur_px)


def _kept(lost: float) -> float:
    return max(0.05, 1 - lost)


def _small(frame: Framing, strength: float, edits: Edits) -> Change:
    del edits
    # 4 of 32 pixels.
    shift_px = min(frame.size_px - 1, round(strength * frame.size_px / 8))
    return SmallPhotos(frame, shift_px, min(1.0, 0.5 * strength))


def _drawing(frame: Framing, strength: float, edits: Edits) -> Change:
    del edits
    return Drawings(frame, strength)


def _copies(frame: Framing, strength: float, edits: Edits) -> Change:
    return Copies(frame, edits, strength)


def _degraded(frame: Framing, strength: float, edits: Edits) -> Change:
    return Degraded(frame, edits, strength)


_ENTRIES = (
    Augmentation("none", "what the network sees when it is used", _none),
    Augmentation("light", "cut to 60 % or more, mirrored, slightly other colours: photos", _light),
    Augmentation("small", "shifted by an eighth, mirrored, partly erased: tiny photos", _small),
    Augmentation("drawing", "slightly turned, shifted, slanted: digits and letters", _drawing),
    Augmentation(
        "views", "cut to 20 % or more, mirrored, other colours, grey, blurred: no labels", _views
    ),
    Augmentation("copies", "as people edit pictures, several edits at once", _copies),
    Augmentation("degraded", "poor, old and worn photographs of the picture", _degraded),
)

AUGMENTATIONS: Mapping[str, Augmentation] = MappingProxyType({e.name: e for e in _ENTRIES})
"""All augmentations by name."""


def build_change(
    part: AugmentPart | None,
    size_px: int,
    *,
    edits: Edits | None = None,
    crop_share: float = 1.0,
    interpolation: Interpolation = "bicubic",
    fit: Fit = "crop",
    view: int = 0,
) -> Change:
    """The change that a recipe asks for; None for what the network sees when it is used.

    Args:
        part: the recipe's.
        size_px: side of the outcome.
        edits: for augmentations that need some, by name.
        crop_share: of the network's preprocessing; see `Framing`.
        interpolation: likewise.
        fit: likewise.
        view: which of several of a picture, from 0.

    Raises:
        RecipeError: it is not known (the nearest name is told), or cannot be built.
    """
    part = part or AugmentPart("none")
    if part.name not in AUGMENTATIONS:
        near = get_close_matches(part.name, AUGMENTATIONS, 1)
        raise RecipeError(
            f"There is no augmentation {part.name!r}",
            where="augment.name",
            mend=f"did you mean {near[0]!r}?" if near else f"one of {', '.join(AUGMENTATIONS)}",
        )
    times = part.view_strengths[view % len(part.view_strengths)] if part.view_strengths else 1.0
    return AUGMENTATIONS[part.name].build(
        size_px,
        part.strength * times,
        edits=edits,
        crop_share=crop_share,
        interpolation=interpolation,
        fit=fit,
    )
