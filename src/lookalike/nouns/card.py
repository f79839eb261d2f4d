"""The model card: all that is needed to use a network rightly, carried inside its file."""

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, Self, get_args

from lookalike.nouns.errors import WrongModel

Fit = Literal["squash", "crop", "pad"]
Interpolation = Literal["box", "bilinear", "bicubic", "lanczos"]
CARD_VERSION = 1


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """From decoded pixels to the network's input.

    Attributes:
        width_px: input width.
        height_px: input height.
        fit: squash to the input size; crop (scale the short side to size / crop_share, then cut
            the centre); or pad (scale the long side, centre it on grey).
        crop_share: share of the scaled short side that the centre crop keeps, in (0, 1].
        interpolation: the resampling filter, antialiased.
        mean: of each RGB channel, in [0, 1], subtracted.
        std: of each RGB channel, divided by.
    """

    width_px: int
    height_px: int
    fit: Fit = "squash"
    crop_share: float = 1.0
    interpolation: Interpolation = "bicubic"
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (1.0, 1.0, 1.0)

    def __post_init__(self) -> None:
        problems = [
            (self.width_px < 1 or self.height_px < 1, "input size below one pixel"),
            (self.fit not in get_args(Fit), f"unknown fit {self.fit!r}"),
            (not 0 < self.crop_share <= 1, "crop_share outside (0, 1]"),
            (self.interpolation not in get_args(Interpolation), "unknown interpolation"),
            (len(self.mean) != 3 or len(self.std) != 3, "mean and std need three numbers each"),
            (min(self.std, default=0) <= 0, "std must be above 0"),
        ]
        for wrong, what in problems:
            if wrong:
                raise WrongModel(f"The card's preprocessing is not valid: {what}")


def reducing_gap(interpolation: Interpolation) -> float | None:
    """Times the frame that a picture may be after whole blocks of its pixels were averaged.

    That is fast, and the filter does the rest: the built-in encoder gives vectors with cosines of
    0.999 and more to those of the filter alone, and answers as well. A box looks at whole blocks by
    itself, so for it there is none.
    """
    return None if interpolation == "box" else 1.5


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a score becomes a probability: a logistic curve fitted at even odds.

    P(relation | score) = 1 / (1 + exp(-(slope * score + intercept))) when half of all pairs have
    the relation and the others are drawn at random; other odds shift the intercept by their
    logarithm. Near misses, such as two frames of one burst, are no random pairs: there are about
    as many of them as copies, however large the collection, so they have a curve of their own
    that no prior shifts.

    Attributes:
        relation: the verdict this speaks of, "edited copy", "similar" or "same class".
        slope: of the curve, above 0: a higher score is never less probable.
        intercept: of the curve.
        learned_on: which pictures and how many pairs it was fitted on.
        near: slope (0 or more) and intercept of the same curve against as many near misses; None
            where none are known.
    """

    relation: str
    slope: float
    intercept: float
    learned_on: str = ""
    near: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if not self.slope > 0:
            raise WrongModel("The card's calibration is not valid: the slope must be above 0")
        if self.near is not None and (len(self.near) != 2 or self.near[0] < 0):
            raise WrongModel("The card's calibration is not valid: near needs a slope and a shift")


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a model is, how to feed it and what its scores mean.

    Attributes:
        name: short name, as `--model` takes it.
        d: dimensions of the embedding.
        preprocessing: from pixels to the network's input.
        metric: how two embeddings are compared; only "cosine" is known.
        calibrations: one for each relation the model was calibrated for.
        licence: SPDX name of the licence of the weights.
        provenance: who made it from what, in plain words.
        metrics: measured figures, name to value.
        version: of this card's layout.
    """

    name: str
    d: int
    preprocessing: Preprocessing
    metric: str = "cosine"
    calibrations: tuple[Calibration, ...] = ()
    licence: str = ""
    provenance: str = ""
    metrics: dict[str, float] = field(default_factory=dict)
    version: int = CARD_VERSION

    def __post_init__(self) -> None:
        if not self.name or self.d < 1:
            raise WrongModel("The card needs a name and at least one dimension")
        if self.metric != "cosine":
            raise WrongModel(f"The card asks for the metric {self.metric!r}; only cosine is known")
        if self.version > CARD_VERSION:
            raise WrongModel(
                f"The card has layout {self.version}; this lookalike knows up to {CARD_VERSION}",
                mend="pip install --upgrade lookalike",
            )

    def calibration(self, relation: str) -> Calibration | None:
        """The calibration for this relation, or None where the model has none."""
        return next((c for c in self.calibrations if c.relation == relation), None)

    def to_json(self) -> str:
        """One line of JSON with sorted keys; the same card always gives the same text."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The card written by `to_json`.

        Raises:
            WrongModel: the text is no JSON, misses a field, or has one that is not known.
        """
        try:
            data = json.loads(text)
            data["preprocessing"] = Preprocessing(
                **_with_tuples(data["preprocessing"], "mean", "std")
            )
            data["calibrations"] = tuple(
                Calibration(**_with_tuples(c, "near")) for c in data.get("calibrations", ())
            )
            unknown = sorted(set(data) - {f.name for f in fields(cls)})
            if unknown:
                raise WrongModel(f"The card has a field that is not known: {unknown[0]}")
            return cls(**data)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise WrongModel(f"The card cannot be read: {error}") from error


def _with_tuples(data: dict[str, Any], *keys: str) -> dict[str, Any]:
    """The same with tuples, which JSON has as lists, under some keys."""
    return {k: tuple(v) if k in keys and isinstance(v, list) else v for k, v in data.items()}
