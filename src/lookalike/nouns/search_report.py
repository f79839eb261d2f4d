"""What `search` answers."""

from dataclasses import dataclass
from pathlib import Path

from lookalike.nouns.approximation import Approximation
from lookalike.nouns.picture import Facts, Failure
from lookalike.nouns.report import VERDICT_COLUMNS, Table, failure_dicts, verdict_cells
from lookalike.nouns.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Hit:
    """One picture of the collection that answers a query.

    Attributes:
        path: relative to the collection's folder.
        verdict: what it is to the query.
        facts: what its file tells.
        size_bytes: of its file.
        also_at: further files with the same bytes.
        digest: of these bytes, in hexadecimal.
        doubtful: whether a look at the pixels may still change the verdict; None after that look.
    """

    path: str
    verdict: Verdict
    facts: Facts
    size_bytes: int
    also_at: tuple[str, ...] = ()
    digest: str = ""
    doubtful: bool | None = None

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "path": self.path,
            "digest": self.digest,
            **self.verdict.to_dict(),
            "size_bytes": self.size_bytes,
            **self.facts.to_dict(),
            "also_at": list(self.also_at),
            **({} if self.doubtful is None else {"doubtful": self.doubtful}),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """A query and its hits, best first.

    Attributes:
        query: the picture that was asked with.
        hits: what is like it.
        n_doubtful: candidates that a look at the pixels may still change, those that are no hits
            yet among them; None after that look.
    """

    query: Path
    hits: tuple[Hit, ...]
    n_doubtful: int | None = None

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "query": str(self.query),
            "hits": [hit.to_dict() for hit in self.hits],
            **({} if self.n_doubtful is None else {"doubtful": self.n_doubtful}),
        }


@dataclass(frozen=True, slots=True)
class SearchReport:
    """What one run of `search` found.

    Attributes:
        folder: the collection.
        model: that made the vectors.
        n_pictures: different pictures that were searched.
        answers: one for each query that could be read.
        failed: queries that could not be read.
        approximation: how candidates were found, where an approximate search was asked for.
    """

    folder: Path
    model: str
    n_pictures: int
    answers: tuple[Answer, ...]
    failed: tuple[Failure, ...] = ()
    approximation: Approximation | None = None

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        approximation = self.approximation
        return {
            "folder": str(self.folder),
            "model": self.model,
            "pictures": self.n_pictures,
            "answers": [answer.to_dict() for answer in self.answers],
            "failed": failure_dicts(self.failed),
            **({} if approximation is None else {"approximation": approximation.to_dict()}),
        }

    def to_table(self) -> Table:
        """One row for each hit."""
        header = ("query", "place", "path", *VERDICT_COLUMNS, "width_px", "height_px")
        rows: list[tuple[object, ...]] = []
        for answer in self.answers:
            for place, hit in enumerate(answer.hits, start=1):
                sides = (hit.facts.width_px, hit.facts.height_px)
                cells = verdict_cells(hit.verdict)
                rows.append((str(answer.query), place, hit.path, *cells, *sides))
        return header, rows
