"""What all tests of the quarantine share."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from clean_trees import MEMORY


@pytest.fixture(autouse=True)
def fast_disk(monkeypatch):
    """No waiting for the medium: no test here cuts the power for real."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def quick_path(tmp_path) -> Iterator[Path]:
    """A folder in memory, where the system has such: these tests make thousands of files."""
    if not MEMORY.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)
