"""Where the pictures of one side of each pair are known from."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lookalike.nouns.embeddings import Ints
from lookalike.nouns.entry import Entry
from lookalike.verbs.pixels import Locate


@dataclass(frozen=True, slots=True)
class Side:
    """Where the pictures of one side of each pair are known from.

    Attributes:
        entries: what is known of ids, in the order asked.
        locate: the file of a stored path.
    """

    entries: Callable[[Ints], list[Entry]]
    locate: Locate

    def known(self, ids: Ints) -> dict[int, Entry]:
        """What is known of each id; an id may come twice."""
        asked = np.unique(ids)
        return dict(zip(asked.tolist(), self.entries(asked), strict=True))
