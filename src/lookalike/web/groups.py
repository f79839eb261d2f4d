"""Groups of copies for a share of wrong pairs, from pairs that were found once."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from lookalike.nouns.duplicates_report import DuplicatesReport
from lookalike.verbs.copies import Copies
from lookalike.verdicts.promise import Promise
from lookalike.web.held import Held
from lookalike.web.problems import refuse

_KEPT = 4


@dataclass(frozen=True, slots=True, eq=False)
class FoundCopies:
    """The pairs of one state of the index.

    Attributes:
        copies: all that are rather copies than not.
        mark: of the pictures among which they were looked for.
    """

    copies: Copies
    mark: bytes


class Groups:
    """Answers at once; the last few answers are remembered until anything changes."""

    def __init__(self) -> None:
        self._known: OrderedDict[object, DuplicatesReport] = OrderedDict()
        self._guard = threading.Lock()

    def report(
        self, held: Held, found: FoundCopies | None, promise: Promise
    ) -> tuple[DuplicatesReport, bool]:
        """The copies that a promise lists, and whether pictures have changed since.

        Raises:
            HTTPException: nobody has looked for copies yet.
        """
        if found is None:
            raise refuse(
                409,
                "Copies have not been looked for yet",
                where="duplicates",
                mend='POST /api/v1/jobs {"kind": "duplicates"}',
            )
        with held.use() as opened:
            fresh = found.mark == opened.mark
            key = (promise, id(found), held.revision)
            with self._guard:
                known = self._known.get(key)
            if known is None:
                known = opened.duplicates(found.copies, promise, fresh=fresh)
                with self._guard:
                    self._known[key] = known
                    while len(self._known) > _KEPT:
                        self._known.popitem(last=False)
            return known, not fresh

    def forget(self) -> None:
        """Files have moved: what is remembered may name some that are gone."""
        with self._guard:
            self._known.clear()
