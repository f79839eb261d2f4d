"""One line of README.md's table: which rows of which results it is made of."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_NAME = re.compile(r"(.+)-(\d{4}-\d\d-\d\d)-([^-]+)-(.+)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")

Row = dict[str, str]


def number(text: str) -> str:
    """Three digits that count, for people."""
    value = float(text)
    if value >= 100 or value == round(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


@dataclass(frozen=True)
class Bench:
    """One run of a benchmark: what its file's name tells, and its rows by name."""

    name: str
    date: str
    version: str
    machine: str
    rows: dict[str, Row]

    @classmethod
    def read(cls, path: Path) -> "Bench | None":
        """The run in this file; None where the name is not of the pattern of `write_csv`."""
        found = _NAME.fullmatch(path.stem)
        if found is None:
            return None
        with path.open(encoding="utf-8", newline="") as file:
            rows = {row["name"]: row for row in csv.DictReader(file)}
        return cls(*found.groups(), rows)

    def value(self, name: str) -> str:
        """The value of a row, for people."""
        return number(self.rows[name]["value"])

    def starting(self, name: str) -> Row:
        """The row whose name starts so."""
        return next(row for key, row in self.rows.items() if key.startswith(name))


Right = Callable[[Bench], str]


@dataclass(frozen=True)
class Line:
    """One line of the table and where its figures stand.

    Attributes:
        bench: whose results.
        work: what was done, in words.
        ours: name of our row.
        peer: how the names of the peer's rows begin in the same results, of which the best counts;
            empty where there is none.
        peer_name: the peer, in words.
        ratio: name of the row that holds the ratio, where our own row does not.
        column: of our row, that holds the peer's figure where the peer has no row.
        spread_of_ratio: whether our spread is that of the ratio, and not of our figure.
        least: whether a smaller figure is the better one.
        right: the quality beside the speed.
    """

    bench: str
    work: str
    ours: str
    peer: str = ""
    peer_name: str = ""
    ratio: str = ""
    column: str = ""
    spread_of_ratio: bool = False
    least: bool = True
    right: Right = lambda _: ""

    def cells(self, bench: Bench) -> tuple[str, ...]:
        """The line's six cells.

        Raises:
            KeyError: the results have no such row.
        """
        ours = bench.rows[self.ours]
        theirs = self._theirs(bench, ours)
        amount = f"{number(theirs or '0')} {ours['unit']}".strip()
        shown = f"{amount}, {self.peer_name}" if theirs else ""
        told = bench.rows.get(self.ratio, ours) if self.ratio else ours
        ratio = told["ratio"] or self._computed(ours["value"], theirs)
        return (
            self.work,
            f"{number(ours['value'])} {ours['unit']}".strip(),
            shown,
            number(ratio) if theirs and ratio else "",
            self._spread(told),
            self.right(bench),
        )

    def _theirs(self, bench: Bench, ours: Row) -> str:
        if self.column:
            return ours[self.column]
        if not self.peer:
            return ""
        begun = [row for name, row in bench.rows.items() if name.startswith(self.peer)]
        values = [row["value"] for row in begun if row["unit"] == ours["unit"]]
        return (min if self.least else max)(values, key=float, default="")

    def _computed(self, ours: str, theirs: str) -> str:
        if not theirs or not float(ours) or not float(theirs):
            return ""
        share = float(theirs) / float(ours)
        return str(share if self.least else 1 / share)

    def _spread(self, told: Row) -> str:
        ends = _NUMBER.findall(told["spread"])
        if len(ends) != 2:
            return ""
        unit = "times" if self.spread_of_ratio and told["ratio"] else told["unit"]
        return f"{number(ends[0])} to {number(ends[1])} {unit}"
