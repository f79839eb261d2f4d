"""One measured figure: its value, how sure it is, and what a trivial answer would reach."""

import math
from dataclasses import dataclass

from lookalike.nouns.errors import InputError


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure with its 95 % interval, beside its trivial baseline.

    Attributes:
        name: what was measured.
        value: the figure.
        low: where its 95 % interval begins; low <= value.
        high: where it ends; value <= high.
        baseline: what the trivial answer reaches on the same data.
        baseline_name: what that answer is, "always different" or "at random".
        n: how many pairs, queries, episodes, ... it was measured on, at least 1.
    """

    name: str
    value: float
    low: float
    high: float
    baseline: float
    baseline_name: str
    n: int

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.value, self.low, self.high, self.baseline))):
            raise InputError("A measure has a value that is not finite", where=self.name)
        if not self.low <= self.value <= self.high:
            raise InputError("A measure lies outside its own interval", where=self.name)
        if self.n < 1:
            raise InputError("A measure was measured on nothing", where=self.name)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}
