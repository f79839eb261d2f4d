"""What `demo` answers."""

from dataclasses import dataclass
from pathlib import Path

from lookalike.nouns.compare_report import CompareReport
from lookalike.nouns.duplicates_report import DuplicatesReport, FoundPair
from lookalike.nouns.index_report import IndexReport
from lookalike.nouns.report import Table
from lookalike.nouns.search_report import SearchReport


@dataclass(frozen=True, slots=True)
class DemoReport:
    """How the demo went.

    Attributes:
        indexed: of the album.
        duplicates: the copies found in it.
        search: for one edited copy.
        compared: a photograph, its mirror image, and another capture of the same thing.
        page: the copies as a page.
        planted: how many copies of each edit the album holds.
        found: how many of them are in a pair with another file of the same capture.
        false_pairs: pairs of files of different captures.
    """

    indexed: IndexReport
    duplicates: DuplicatesReport
    search: SearchReport
    compared: CompareReport
    page: Path
    planted: dict[str, int]
    found: dict[str, int]
    false_pairs: tuple[FoundPair, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "indexed": self.indexed.to_dict(),
            "duplicates": self.duplicates.to_dict(),
            "search": self.search.to_dict(),
            "compared": self.compared.to_dict(),
            "page": str(self.page),
            "planted": self.planted,
            "found": self.found,
            "false_pairs": [pair.to_dict() for pair in self.false_pairs],
        }

    def to_table(self) -> Table:
        """One row for each edit."""
        rows: list[tuple[object, ...]] = []
        for edit, planted in self.planted.items():
            rows.append((edit, planted, self.found.get(edit, 0)))
        return ("edit", "planted", "found"), rows
