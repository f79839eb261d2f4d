"""Pictures that are sent: files of their own, kept a while for further questions about them."""

import secrets
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import UploadFile

from lookalike.verbs.evidence import Sight
from lookalike.verbs.opened import Opened, sight_of
from lookalike.web.problems import refuse

NAME = "upload"
"""What the client calls its file is never used."""

MOST_FILES, MOST_BYTES = 32, 128 << 20
"""Of pictures that are kept; the one that nobody asked about for the longest goes first."""


@contextmanager
def kept(upload: UploadFile) -> Iterator[Path]:
    """A file with what was sent; call it in a thread that may wait for the disk."""
    with tempfile.TemporaryDirectory(prefix="lookalike-") as folder:
        path = Path(folder) / NAME
        _write(upload, path)
        yield path


@dataclass(slots=True, eq=False)
class SentPicture:
    """A picture that was sent, and what was seen of it.

    Attributes:
        name: by which it can be asked about again.
        path: its file.
        sight: of it, by the model of this fingerprint.
        fingerprint: of that model; empty before the first look.
        users: answers that are being made of it.
    """

    name: str
    path: Path
    sight: Sight | None = None
    fingerprint: str = ""
    users: int = 0

    def seen(self, opened: Opened) -> Sight:
        """The picture as the model of an index sees it; decoded once for each model.

        Raises:
            UnreadableImage: it is no picture that can be decoded.
        """
        if self.sight is None or self.fingerprint != opened.model.fingerprint:
            self.sight = sight_of(self.path, opened.model, opened.budget, NAME)
            self.fingerprint = opened.model.fingerprint
        return self.sight


class Sent:
    """The pictures that were sent lately; their files go when the server ends, or before."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._known: OrderedDict[str, SentPicture] = OrderedDict()
        self._guard = threading.Lock()

    @contextmanager
    def taken(self, upload: UploadFile) -> Iterator[SentPicture]:
        """A new one, kept if all goes well in the block; call it in a thread."""
        name = secrets.token_hex(16)
        picture = SentPicture(name, self._place() / name)
        try:
            _write(upload, picture.path)
            yield picture
        except BaseException:
            picture.path.unlink(missing_ok=True)
            raise
        with self._guard:
            self._known[name] = picture
        self._make_room()

    @contextmanager
    def again(self, name: str) -> Iterator[SentPicture]:
        """One that was sent before; its file stays while the block runs.

        Raises:
            HTTPException: it is not kept any more.
        """
        with self._guard:
            picture = self._known.get(name)
            if picture is None:
                raise refuse(404, "This picture is not kept any more", mend="send it again")
            self._known.move_to_end(name)
            picture.users += 1
        try:
            yield picture
        finally:
            with self._guard:
                picture.users -= 1
            self._make_room()

    def close(self) -> None:
        """Delete all of them."""
        with self._guard:
            self._known.clear()
            if self._folder is not None:
                self._folder.cleanup()
                self._folder = None

    def _place(self) -> Path:
        with self._guard:
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(
                    prefix="lookalike-", ignore_cleanup_errors=True
                )
            return Path(self._folder.name)

    def _make_room(self) -> None:
        with self._guard:
            sizes = {p.name: p.path.stat().st_size for p in self._known.values()}
            for picture in list(self._known.values()):
                if len(sizes) <= MOST_FILES and sum(sizes.values()) <= MOST_BYTES:
                    break
                if not picture.users:
                    del sizes[picture.name], self._known[picture.name]
                    picture.path.unlink(missing_ok=True)


def _write(upload: UploadFile, path: Path) -> None:
    upload.file.seek(0)
    with path.open("wb") as file:
        shutil.copyfileobj(upload.file, file)
