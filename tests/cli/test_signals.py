"""Ctrl-C in the real command, two runs at once, and an answer that nobody reads to its end."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from scenes import scene

import lookalike
from lookalike.cli.main import main
from lookalike.store.lock import WriterLock

# A picture at a time; after the first a word to the test, which then has all the time it needs.
# Shells have what runs in the background ignore SIGINT.
SLOW = """
import signal
import sys
import lookalike.verbs.describe as describe
import lookalike.verbs.index as index
from lookalike.cli.main import main
signal.signal(signal.SIGINT, signal.default_int_handler)
describe.CHUNK = index.COMMIT_FILES = 1
commit = index._commit
def tell(*arguments):
    commit(*arguments)
    print("committed", flush=True)
    sys.stdin.read()
index._commit = tell
main()
"""


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Forty pictures."""
    folder = tmp_path / "album"
    folder.mkdir()
    for seed in range(40):
        scene(seed).save(folder / f"{seed}.jpg")
    return folder


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_keeps_what_was_done(album: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, "index", album],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "committed\n"
        child.send_signal(signal.SIGINT)
        _, told = child.communicate()
    assert child.returncode == 130
    assert "What was done is kept" in told and "Traceback" not in told
    report = lookalike.index(album)
    assert report.unchanged and report.unchanged + report.added == report.n_pictures == 40


def test_a_second_run_is_told_of_the_first_and_answers_as_it_is(album: Path) -> None:
    lookalike.index(album)
    scene(0).save(album / "0.png")
    lock = WriterLock(album / ".lookalike")
    try:
        refused = CliRunner().invoke(main, ["index", str(album)])
        answered = CliRunner().invoke(main, ["duplicates", str(album)])
    finally:
        lock.release()
    assert refused.exit_code == 2
    assert [line[:6] for line in refused.stderr.splitlines()] == ["error:", "  try:"]
    assert answered.exit_code == 0 and "No copies" in answered.stdout
    (warning,) = answered.stderr.splitlines()
    assert warning.startswith("warning: The index is being written by process")


def test_a_reader_that_has_seen_enough_ends_it_quietly(album: Path) -> None:
    lookalike.index(album)
    command = [sys.executable, "-c", "from lookalike.cli.main import main; main()"]
    queries = sorted(album.glob("1*.jpg"))  # ten: more rows than standard output holds back
    with subprocess.Popen(
        [*command, "search", *queries, "--in", album, "--as-is", "--csv", "-k", "39"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None and child.stderr is not None
        child.stdout.readline()
        child.stdout.close()
        assert child.stderr.read() == b""
