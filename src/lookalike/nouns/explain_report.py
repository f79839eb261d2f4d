"""What `explain` answers."""

from dataclasses import dataclass
from pathlib import Path

from lookalike.nouns.embeddings import Bools, Floats, read_only
from lookalike.nouns.errors import InputError
from lookalike.nouns.report import Table
from lookalike.nouns.verdict import Verdict

Point = tuple[float, float]
"""x and y as shares of a picture's width and height."""


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a picture that likeness rests on.

    Attributes:
        box: left, top, right and bottom as shares of width and height.
        weight: its share of all that speaks for likeness in its picture, in (0, 1].
    """

    box: tuple[float, float, float, float]
    weight: float

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"box": [round(side, 4) for side in self.box], "weight": round(self.weight, 4)}


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One of two pictures, and where it is like the other.

    Attributes:
        path: its file.
        weights: (g, g) float32, what covering each cell of a grid takes from the score; below 0
            where the cell speaks against likeness.
        named: (g, g) cells of the regions.
        regions: the heaviest first.
        score_without: the score once the regions are covered.
        score_without_others: the mean score once as large regions elsewhere are covered.
    """

    path: Path
    weights: Floats
    named: Bools
    regions: tuple[Region, ...]
    score_without: float
    score_without_others: float

    def __post_init__(self) -> None:
        if self.weights.ndim != 2 or self.weights.shape != self.named.shape:
            raise InputError("An explanation needs one weight for each cell")
        for name in ("weights", "named"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "path": str(self.path),
            "regions": [region.to_dict() for region in self.regions],
            "score_without": round(self.score_without, 4),
            "score_without_others": round(self.score_without_others, 4),
            "weights": [[round(w, 5) for w in row] for row in self.weights.tolist()],
        }


@dataclass(frozen=True, slots=True)
class Outline:
    """How the frames of two pictures lie in each other, as their local features tell.

    Attributes:
        first_in_second: corners of the first's frame in the second; may lie outside of it.
        second_in_first: corners of the second's frame in the first.
        n_matches: points found in both.
        n_inliers: how many of them fall into place.
    """

    first_in_second: tuple[Point, ...]
    second_in_first: tuple[Point, ...]
    n_matches: int
    n_inliers: int

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "first_in_second": [[round(x, 4), round(y, 4)] for x, y in self.first_in_second],
            "second_in_first": [[round(x, 4), round(y, 4)] for x, y in self.second_in_first],
            "matches": self.n_matches,
            "inliers": self.n_inliers,
        }


@dataclass(frozen=True, slots=True, eq=False)
class ExplainReport:
    """Why two pictures are as alike as they are.

    Attributes:
        model: that was asked.
        verdict: what they are to each other.
        score: of the model, for the whole pictures.
        first: one picture.
        second: the other.
        outline: how they lie in each other; None where they are not laid over each other.
    """

    model: str
    verdict: Verdict
    score: float
    first: Side
    second: Side
    outline: Outline | None = None

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both pictures."""
        return self.first, self.second

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "model": self.model,
            **self.verdict.to_dict(),
            "score": round(self.score, 4),
            "first": self.first.to_dict(),
            "second": self.second.to_dict(),
            "outline": self.outline.to_dict() if self.outline else None,
        }

    def to_table(self) -> Table:
        """One row for each region."""
        header = ("path", "left", "top", "right", "bottom", "weight")
        return header, [
            (str(side.path), *(round(s, 4) for s in region.box), round(region.weight, 4))
            for side in self.sides
            for region in side.regions
        ]
