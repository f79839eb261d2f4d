"""A clean-up or an undoing that is really killed, at any step, loses no byte."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only systems with fork do this fast enough")
@pytest.mark.parametrize("kind", ["one disk", "two disks", "hard links"])
def test_killed_at_every_step(quick_path, kind):
    script = Path(__file__).with_name("kill_everywhere.py")
    result = subprocess.run(
        [sys.executable, script, quick_path, kind], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr
    in_cleaning, in_undoing = map(int, result.stdout.split())
    assert in_cleaning > 60
    assert in_undoing > 30
