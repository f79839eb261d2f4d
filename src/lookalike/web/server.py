"""What all requests share: the open index, the work, the jobs and what was found."""

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request

from lookalike.images.budget import DecodeBudget
from lookalike.nouns.entry import Entry
from lookalike.nouns.index_report import IndexReport
from lookalike.nouns.map_report import MapReport
from lookalike.verbs.index import index
from lookalike.verbs.opened import model_of
from lookalike.verbs.place import Place
from lookalike.verbs.ready import Source
from lookalike.verbs.shown import open_stored
from lookalike.web.cache import Cache
from lookalike.web.groups import FoundCopies, Groups
from lookalike.web.held import Held
from lookalike.web.jobs import Job, Jobs, Result
from lookalike.web.models import Models
from lookalike.web.plans import Plans
from lookalike.web.settings import Settings
from lookalike.web.uploads import Sent
from lookalike.web.work import Work

CACHE_BYTES = 64 << 20
"""Small pictures that are kept in memory."""

READING = "Reading pictures"


class Server:
    """One folder being served.

    Attributes:
        settings: what was told at the start.
        place: the collection.
        budget: memory for decoding.
        held: the open index.
        looking: threads that search, compare and decode.
        glancing: threads that search without reading a picture of the collection.
        reading: threads that list and look up.
        jobs: long work.
        found: the pairs of copies; None until they were looked for.
        groups: of these, for a share of wrong pairs.
        plans: of clean-ups that were shown.
        map: of all pictures; None until it was made.
        ending: set when the server is about to end, so that nobody watches on.
        models: those that may be named.
        small: pictures that were made small lately.
        sent: pictures that were sent lately.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.place = Place.of(settings.folder, settings.index)
        self.source = Source(
            self.place.folder,
            index=self.place.index,
            model=settings.model,
            provider=settings.provider,
            as_is=True,
        )
        self.budget = DecodeBudget()
        self.held = Held(self.source, self.place, self.budget)
        cores = os.cpu_count() or 1
        self.looking = Work("looking", threads=cores + 1, waiting=256, seconds=settings.work_s)
        self.glancing = Work("glancing", threads=cores, waiting=256, seconds=settings.work_s)
        self.reading = Work("reading", threads=4, waiting=256, seconds=settings.work_s)
        self.jobs = Jobs()
        self.found: FoundCopies | None = None
        self.groups = Groups()
        self.plans = Plans()
        self.map: MapReport | None = None
        self.ending = threading.Event()
        self.models = Models(settings)
        self.small = Cache(CACHE_BYTES)
        self.sent = Sent()

    def open(self) -> None:
        """Load the index if there is one, and refuse a model that is not there.

        Raises:
            LookalikeError: the index or the model cannot be used.
        """
        self.held.load()
        if self.held.trouble is not None:
            raise self.held.trouble
        if not self.held.revision:
            model_of(self.source)

    def start_index(self, *, retry: bool = False) -> Job:
        """Bring the index up to date, while what it holds can be asked.

        Raises:
            BusyIndex: other work is changing the folder.
        """

        def run(job: Job) -> Result:
            return self.read_changes(job, retry=retry).to_dict()

        return self.jobs.start("index", READING, run)

    def read_changes(self, job: Job, *, retry: bool = False) -> IndexReport:
        """Bring the index up to date in this thread; new states are lent on the way."""
        job.begin(READING)

        def told(done: int, total: int) -> None:
            job(done, total)
            self.held.load_if_due()

        try:
            return index(
                self.place.folder,
                index=self.place.index,
                model=self.settings.model,
                provider=self.settings.provider,
                retry=retry,
                progress=told,
            )
        finally:
            self.held.load()

    @contextmanager
    def copy_of(self, entry: Entry) -> Iterator[Path]:
        """A picture of the collection as a file that nothing changes or exchanges meanwhile.

        Raises:
            FileNotFoundError: no file of it is as it was indexed, within the collection.
        """
        links = self.settings.follow_links
        with (
            tempfile.TemporaryDirectory(prefix="lookalike-") as folder,
            open_stored(self.place, entry, follow_links=links) as stored,
        ):
            path = Path(folder) / "picture"
            with path.open("wb") as file:
                shutil.copyfileobj(stored, file)
            yield path

    def start_duplicates(self) -> Job:
        """Look for all pairs of copies, from which `duplicates` answers at once."""

        def run(job: Job) -> Result:
            with self.held.use() as opened:
                found = FoundCopies(opened.all_copies(job), opened.mark)
            self.found = found
            return {"pairs": len(found.copies.verdicts)}

        return self.jobs.start("duplicates", "Comparing pictures", run)

    def close(self) -> None:
        """Stop all work and let go of the index."""
        self.jobs.close()
        self.looking.close()
        self.glancing.close()
        self.reading.close()
        self.sent.close()
        self.held.close()


def server_of(request: Request) -> Server:
    """The server of a request."""
    server: Any = request.app.state.server
    if not isinstance(server, Server):
        raise TypeError("this application serves nothing")
    return server


Serving = Annotated[Server, Depends(server_of)]
