"""What all reports have in common: JSON and a table.

A verb answers with one report. `to_dict` is the JSON that every door shows; `to_table` is a header
and rows for CSV.
"""

from typing import Protocol

from lookalike.nouns.picture import Failure
from lookalike.nouns.verdict import Verdict

Table = tuple[tuple[str, ...], list[tuple[object, ...]]]
"""Column names, and rows of as many plain values."""

VERDICT_COLUMNS = ("verdict", "probability", "rung", "score", "hash_bits", "reason")


class Report(Protocol):
    """What every verb answers with."""

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""

    def to_table(self) -> Table:
        """A header and rows."""


def verdict_cells(verdict: Verdict) -> tuple[object, ...]:
    """The verdict in the order of VERDICT_COLUMNS."""
    data = verdict.to_dict()
    return tuple(data[name] for name in VERDICT_COLUMNS)


def failure_dicts(failed: tuple[Failure, ...]) -> list[dict[str, str]]:
    """Failures as JSON."""
    return [{"path": str(failure.path), "reason": failure.reason} for failure in failed]
