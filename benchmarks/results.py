"""Benchmark results as CSV files, one a run, whose name tells date, version and machine."""

import csv
import os
import platform
import re
import subprocess
from datetime import date
from importlib.metadata import version
from pathlib import Path

COLUMNS = ("name", "value", "unit", "ratio", "spread")
FOLDER = Path(__file__).parent / "results"


def write_csv(bench: str, rows: list[dict[str, object]]) -> Path:
    """Write one run and say where.

    Args:
        bench: what was measured, the first part of the file's name.
        rows: `name` and `value` are needed; `unit`, `ratio` (to the peer in the same run) and
            `spread` (lowest and highest of the repeats) may be left out. Other keys become
            further columns.

    Returns:
        results/BENCH-DATE-VERSION-MACHINE.csv; a second run on the same day replaces the first.
    """
    further = sorted({key for row in rows for key in row} - set(COLUMNS))
    FOLDER.mkdir(exist_ok=True)
    path = csv_path(bench)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, (*COLUMNS, *further), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def csv_path(bench: str) -> Path:
    """Where a run of today lies, or will lie."""
    name = "-".join((bench, date.today().isoformat(), version("lookalike"), _slug(machine())))
    return FOLDER / f"{name}.csv"


def machine() -> str:
    """Processor, number of cores and operating system; never the machine's own name."""
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()}"


def _processor() -> str:
    for read in (_linux_processor, _mac_processor):
        if name := read():
            return name
    return platform.processor() or platform.machine()


def _linux_processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found[1].strip() if found else ""


def _mac_processor() -> str:
    if platform.system() != "Darwin":
        return ""
    command = ["sysctl", "-n", "machdep.cpu.brand_string"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
