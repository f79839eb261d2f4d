"""What `search` answers to words."""

from dataclasses import dataclass
from pathlib import Path

from lookalike.nouns.picture import Facts
from lookalike.nouns.report import Table


@dataclass(frozen=True, slots=True)
class TextHit:
    """One picture near to a text.

    Attributes:
        path: relative to the collection's folder.
        score: cosine of both vectors, in [-1, 1]. It ranks pictures for one text; it is no
            probability, and scores of two texts or two models do not compare.
        facts: what its file tells.
        size_bytes: of its file.
        also_at: further files with the same bytes.
        digest: of these bytes, in hexadecimal.
    """

    path: str
    score: float
    facts: Facts
    size_bytes: int
    also_at: tuple[str, ...] = ()
    digest: str = ""

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "path": self.path,
            "digest": self.digest,
            "score": round(self.score, 6),
            "size_bytes": self.size_bytes,
            **self.facts.to_dict(),
            "also_at": list(self.also_at),
        }


@dataclass(frozen=True, slots=True)
class TextAnswer:
    """A text and its hits, nearest first.

    Attributes:
        text: as it was asked.
        hits: the pictures nearest to it.
    """

    text: str
    hits: tuple[TextHit, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"text": self.text, "hits": [hit.to_dict() for hit in self.hits]}


@dataclass(frozen=True, slots=True)
class TextSearchReport:
    """What one search by words found.

    Attributes:
        folder: the collection.
        model: that made the vectors of pictures and of words.
        n_pictures: different pictures that were searched.
        answers: one for each text.
    """

    folder: Path
    model: str
    n_pictures: int
    answers: tuple[TextAnswer, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "folder": str(self.folder),
            "model": self.model,
            "pictures": self.n_pictures,
            "answers": [answer.to_dict() for answer in self.answers],
        }

    def to_table(self) -> Table:
        """One row for each hit."""
        header = ("text", "place", "path", "score", "width_px", "height_px")
        rows: list[tuple[object, ...]] = []
        for answer in self.answers:
            for place, hit in enumerate(answer.hits, start=1):
                sides = (hit.facts.width_px, hit.facts.height_px)
                rows.append((answer.text, place, hit.path, round(hit.score, 6), *sides))
        return header, rows
