"""How one picture lies in another, as their local features tell."""

from dataclasses import dataclass

from lookalike.nouns.embeddings import Bytes, Floats, read_only
from lookalike.nouns.errors import InputError


@dataclass(frozen=True, slots=True, eq=False)
class LocalFeatures:
    """What the geometric check keeps of a picture.

    Attributes:
        grey: (h, w) uint8, scaled down.
        points: (m, 2) float32, x and y in pixels of `grey`.
        descriptors: (m, 128) uint8, SIFT as published: histograms of gradients.
    """

    grey: Bytes
    points: Floats
    descriptors: Bytes

    def __post_init__(self) -> None:
        if self.points.shape != (len(self.descriptors), 2):
            raise InputError("Local features need one point for each descriptor")
        for name in ("grey", "points", "descriptors"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def __len__(self) -> int:
        return len(self.points)


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """The best affine map from one picture into another, and how well it fits.

    Attributes:
        transform: (2, 3) float32, from points of the first to points of the second, both in
            pixels of their `LocalFeatures.grey`; all zeros where none was found.
        n_matches: local features of the first that have one clear counterpart in the second.
        n_inliers: how many of them the map explains.
        changed: share, in [0, 1], of the overlap with any texture that looks different once one
            picture is laid over the other; 1 where there is no overlap.
        contained: the larger of two shares, in [0, 1]: of the first's frame that lies within the
            second's, and of the second's within the first's. A crop lies wholly in its original;
            two frames of a moving camera each show something that the other does not.
        mirrored: whether the second had to be mirrored first.
        off_px: how far half of the inliers lie at most from where the map has them. What was only
            copied fits to a fraction of a pixel; a thing that turned fits roughly.
    """

    transform: Floats
    n_matches: int
    n_inliers: int
    changed: float
    contained: float
    mirrored: bool = False
    off_px: float = 0.0

    def __post_init__(self) -> None:
        if self.transform.shape != (2, 3):
            raise InputError("An alignment needs a transform of shape (2, 3)")
        if not 0 <= self.n_inliers <= self.n_matches:
            raise InputError("There cannot be more inliers than matches")
        object.__setattr__(self, "transform", read_only(self.transform))

    @property
    def agreement(self) -> float:
        """Share of the matches that the map explains, in [0, 1]."""
        return self.n_inliers / self.n_matches if self.n_matches else 0.0
