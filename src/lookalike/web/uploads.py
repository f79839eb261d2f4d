"""Pictures that are sent: files of their own while they are looked at, then gone."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import UploadFile

NAME = "upload"
"""What the client calls its file is never used."""


@contextmanager
def kept(upload: UploadFile) -> Iterator[Path]:
    """A file with what was sent; call it in a thread that may wait for the disk."""
    with tempfile.TemporaryDirectory(prefix="lookalike-") as folder:
        path = Path(folder) / NAME
        upload.file.seek(0)
        with path.open("wb") as file:
            shutil.copyfileobj(upload.file, file)
        yield path
