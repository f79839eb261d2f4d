"""What an approximate search found of the truth."""

from dataclasses import dataclass

from lookalike.nouns.measure import Measure


@dataclass(frozen=True, slots=True)
class Approximation:
    """Whether candidates came from a graph, and how good it is.

    Attributes:
        recall: share of the true nearest that it finds, tried on pictures of the collection;
            None where the search was exact.
        k: of how many nearest; 0 where the search was exact.
        why_exact: why no graph was used; empty where one was.
    """

    recall: Measure | None = None
    k: int = 0
    why_exact: str = ""

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        recall = None if self.recall is None else self.recall.to_dict()
        return {"recall": recall, "k": self.k, "why_exact": self.why_exact}
