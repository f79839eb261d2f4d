"""The one open index: used by many at once, and exchanged when it has changed on disk."""

import logging
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lookalike.images.budget import DecodeBudget
from lookalike.nouns.errors import LookalikeError
from lookalike.verbs.opened import Opened, index_state
from lookalike.verbs.place import Place
from lookalike.verbs.ready import Source
from lookalike.web.problems import refuse

log = logging.getLogger(__name__)

LOOK_S = 1.0
"""How often the disk is asked whether the index has changed."""

REST = 10
"""Between two loadings at least so many times as long as the last one took."""


@dataclass(slots=True, eq=False)
class _State:
    opened: Opened
    revision: str
    users: int = 0
    retired: bool = False


class Held:
    """Lends the open index; whoever uses an older state keeps it until done.

    Args:
        source: the collection.
        place: where it lies.
        budget: memory for decoding.
    """

    def __init__(self, source: Source, place: Place, budget: DecodeBudget) -> None:
        self.place = place
        self.trouble: LookalikeError | None = None
        self._source, self._budget = source, budget
        self._now: _State | None = None
        self._seen: object = None
        self._guard, self._loading = threading.Lock(), threading.Lock()
        self._looked = self._loaded = self._took = 0.0
        self._name, self._count = secrets.token_hex(4), 0

    @property
    def revision(self) -> str:
        """Changes whenever another state of the index is lent; empty while there is none."""
        now = self._now
        return now.revision if now else ""

    @contextmanager
    def use(self) -> Iterator[Opened]:
        """The index as it is now.

        Raises:
            HTTPException: there is none yet.
            LookalikeError: it cannot be opened.
        """
        self.look()
        with self._guard:
            state = self._now
            if state is not None:
                state.users += 1
        if state is None:
            if self.trouble is not None:
                raise self.trouble
            raise refuse(
                409,
                "The folder is not indexed yet",
                where=str(self.place.folder),
                mend='wait for the index, or POST /api/v1/jobs {"kind": "index"}',
            )
        try:
            yield state.opened
        finally:
            self._give_back(state)

    def look(self) -> None:
        """Load a changed index, in the background, if it is time to look for one."""
        if time.monotonic() - self._looked < LOOK_S:
            return
        self._looked = time.monotonic()
        if self._is_due():
            threading.Thread(target=self._load_if_free, daemon=True).start()

    def load_if_due(self) -> None:
        """Load a changed index in this thread, unless one was loaded a short while ago."""
        if self._is_due():
            self._load_if_free()

    def load(self) -> None:
        """Load the index if it has changed; trouble is kept for whoever asks next."""
        with self._loading:
            state = index_state(self.place)
            if state is None or state == self._seen:
                return
            began = time.monotonic()
            try:
                before = self._now.opened if self._now else None
                opened = Opened.open(self._source, self._budget, before)
            except LookalikeError as error:
                log.warning("the index cannot be opened: %s", error)
                self.trouble, self._seen = error, state
                return
            self._seen, self.trouble = state, None
            self._swap(opened)
            self._loaded = time.monotonic()
            self._took = self._loaded - began

    def close(self) -> None:
        """Let go of the index once nobody uses it."""
        self._swap(None)

    def _is_due(self) -> bool:
        rest = max(LOOK_S, REST * self._took)
        return time.monotonic() - self._loaded >= rest and index_state(self.place) != self._seen

    def _load_if_free(self) -> None:
        if not self._loading.locked():
            self.load()

    def _swap(self, opened: Opened | None) -> None:
        with self._guard:
            before = self._now
            self._count += 1
            revision = f"{self._name}-{self._count}"
            self._now = _State(opened, revision) if opened is not None else None
            if before is not None:
                before.retired = True
                if not before.users:
                    before.opened.close()

    def _give_back(self, state: _State) -> None:
        with self._guard:
            state.users -= 1
            if state.retired and not state.users:
                state.opened.close()
