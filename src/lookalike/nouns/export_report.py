"""What `export` answers."""

from dataclasses import dataclass
from pathlib import Path

from lookalike.nouns.report import Table


@dataclass(frozen=True, slots=True)
class ExportReport:
    """A model file that was written.

    Attributes:
        model: the file.
        name: of the model.
        d: dimensions of its embeddings.
        size_px: side of its input.
        size_bytes: of the file.
        fingerprint: of the model.
        relations: what it gives probabilities for.
        remarks: what a user should know, one sentence each.
        words: the file beside it that turns words into vectors; None where it knows none.
    """

    model: Path
    name: str
    d: int
    size_px: int
    size_bytes: int
    fingerprint: str
    relations: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    words: Path | None = None

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "model": str(self.model),
            "name": self.name,
            "d": self.d,
            "size_px": self.size_px,
            "size_bytes": self.size_bytes,
            "fingerprint": self.fingerprint,
            "relations": list(self.relations),
            "remarks": list(self.remarks),
            "words": None if self.words is None else str(self.words),
        }

    def to_table(self) -> Table:
        """One row."""
        header = ("model", "name", "d", "size_px", "size_bytes", "fingerprint")
        row = (str(self.model), self.name, self.d, self.size_px, self.size_bytes, self.fingerprint)
        return header, [row]
