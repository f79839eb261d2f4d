"""Memory that a training keeps: told to the C library where there is one to tell."""

import platform
import subprocess
import sys

import pytest

STEP = """
import resource, sys
from lookalike.training.allocator import keep_memory
import numpy as np
if sys.argv[1] == "kept":
    assert keep_memory()
for _ in range(3):
    np.ones(4_000_000)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    np.ones(4_000_000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(how: str) -> int:
    told = subprocess.run(
        [sys.executable, "-c", STEP, how], capture_output=True, text=True, check=True
    )
    return int(told.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told")
def test_kept_memory_is_not_fetched_anew():
    assert faults("kept") < 0.1 * faults("given back") or faults("given back") < 100
