"""Plans that were shown and not carried out yet."""

import secrets
import threading
from collections import OrderedDict

from lookalike.nouns.clean_plan import CleanPlan

KEPT = 16
"""Plans that are remembered."""


class Plans:
    """Plans by a name that nobody guesses; each is carried out once."""

    def __init__(self) -> None:
        self._plans: OrderedDict[str, CleanPlan] = OrderedDict()
        self._guard = threading.Lock()

    def put(self, plan: CleanPlan) -> str:
        """Remember a plan; the oldest are forgotten."""
        name = secrets.token_hex(12)
        with self._guard:
            self._plans[name] = plan
            while len(self._plans) > KEPT:
                self._plans.popitem(last=False)
        return name

    def get(self, name: str) -> CleanPlan | None:
        """The plan of a name."""
        with self._guard:
            return self._plans.get(name)

    def drop(self, name: str) -> None:
        """Forget a plan that is being carried out."""
        with self._guard:
            self._plans.pop(name, None)
