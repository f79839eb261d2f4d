"""The shapes of answers of comparing and of the map, for the OpenAPI document."""

from pydantic import Field

from lookalike.web.documents import (
    Document,
    FailureDocument,
    PictureDocument,
    VerdictDocument,
)
from lookalike.web.documents_review import PairDocument


class ComparedDocument(PairDocument):
    """Two pictures held against each other; `alike` is P(not different)."""

    alike: float


class TrioDocument(Document):
    """Which of three pictures go together."""

    alike: str
    arrangements: dict[str, float]
    at_least_two: float
    b_is_nearer: float


class CompareDocument(Document):
    """What two or three pictures are to each other; the last four for three only."""

    model: str
    prior: float
    relation: str
    pairs: list[ComparedDocument]
    closest: list[str] = Field(default_factory=list)
    nearer: str = ""
    nearer_probability: float = 0.0
    trio: TrioDocument | None = None


class RegionDocument(Document):
    """A part of a picture, as shares of its sides."""

    box: list[float]
    weight: float


class SideDocument(Document):
    """One of two pictures, and where it is like the other."""

    path: str
    regions: list[RegionDocument]
    score_without: float
    score_without_others: float
    weights: list[list[float]]


class OutlineDocument(Document):
    """How two frames lie in each other."""

    first_in_second: list[list[float]]
    second_in_first: list[list[float]]
    matches: int
    inliers: int


class MarkedDocument(Document):
    """Both pictures with what matters marked, as data addresses."""

    first: str
    second: str


class ExplainDocument(VerdictDocument):
    """Why two pictures are as alike as they are."""

    model: str
    first: SideDocument
    second: SideDocument
    outline: OutlineDocument | None
    pictures: MarkedDocument


class GuessDocument(Document):
    """A class that a picture may be of."""

    class_: str = Field(alias="class")
    score: float
    probability: float
    example: str


class RecognisedDocument(Document):
    """A picture and what it shows; nobody told the truth."""

    path: str
    answer: str
    probability: float
    truth: None
    right: None
    guesses: list[GuessDocument]


class RecogniseDocument(Document):
    """Which class a picture is of, or "none of these"."""

    model: str
    rule: str
    reject: float
    prior: float
    classes: dict[str, int]
    threshold: float | None
    rejects_by: str
    learned_on: str
    known: int
    pictures: list[RecognisedDocument]
    measures: list[None]
    failed: list[FailureDocument]


class FoldersDocument(Document):
    """All folders with pictures."""

    folders: list[str]


class ClusterDocument(Document):
    """Pictures that lie together."""

    name: str
    pictures: int
    medoid: str


class ColouringDocument(Document):
    """A way to colour the points."""

    name: str
    names: list[str]


class MapDocument(Document):
    """A map without its points."""

    folder: str
    model: str
    method: str
    seed: int
    pictures: int
    laid_out: int
    kept_neighbours: float | None
    clusters: list[ClusterDocument]
    colourings: list[ColouringDocument]
    remarks: list[str]
    revision: str


class PlaceDocument(PictureDocument):
    """A picture at a place of the map."""

    place: int


class PlacesDocument(Document):
    """Pictures at some places of the map."""

    total: int
    offset: int
    limit: int
    pictures: list[PlaceDocument]
