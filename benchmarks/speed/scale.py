"""Times joins, searches and whole verbs as collections grow, each in a process of its own.

    python benchmarks/speed/scale.py [--rows 10000 100000 1000000] [--only join ...] [--keep]

Vectors and hashes come from seeded generators with planted near neighbours; `recall` is the share
of them that was found, for `graph` that of the true ten nearest. Verbs run on libraries that
`made_library.py` puts straight into the store, `pictures` on photographs from LOOKALIKE_DATA that
are really there, half of them copies.

The limits of the machine are measured in the same process: `limit_s` is the time that the
arithmetic (half of n x n products of 256 numbers, float32) or the bytes (each vector read once)
need at the speed measured, and `of_limit` the time taken over that. FAISS answers a sample of the
queries of a join; its time for all is that, multiplied. Peers have as much memory as `--limit-gb`
says and as many seconds as `--limit-s`; `ended` says how one ended that did not survive.

`busy_s` is the processor time of all threads: on a machine with other work, which `load` tells (how
many threads wanted to run), it and the figures made of it (`busy_ratio`, `busy_of_limit`) are
steadier than seconds. `peak_mb` is what the process held at most, memory mapped from files
included; `made_with_mb`, where it is given, is what it held of data that were made for it, and is
part of that.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))

import scale_library as library
import scale_tasks as tasks
from memory import peak_mb
from results import csv_path, write_csv

Row = dict[str, object]
TASKS: dict[str, Callable[[int], Row]] = {
    "join": tasks.join,
    "faiss_join": tasks.faiss_join,
    "hamming": tasks.hamming,
    "faiss_hamming": tasks.faiss_hamming,
    "hamming_turned": tasks.hamming_turned,
    "search": tasks.search,
    "prepared": tasks.prepared,
    "faiss_search": tasks.faiss_search,
    "graph": tasks.graph,
    "add": tasks.add,
    "retrieval": tasks.retrieval,
}
ON_LIBRARY: dict[str, Callable[[Path, int], Row]] = {
    "library": library.make,
    "opening": library.opening,
    "info": library.info,
    "search verb": library.searching,
    "duplicates": library.finding,
    "map": library.mapping,
    "pictures": library.pictures,
}
PEERS = {"faiss_join": "join", "faiss_hamming": "hamming", "faiss_search": "search"}
IMAGEDEDUP = "imagededup_hashes"
WORKER = Path(__file__).parents[1] / "imagededup_hash_worker.py"


def limited(gb: float) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (int(gb * 2**30),) * 2)


def measured(task: str, n: int, folder: Path, options: argparse.Namespace) -> Row:
    """A task in a process of its own, or how it ended where it did not survive."""
    is_peer = task in PEERS or task == IMAGEDEDUP
    command = [sys.executable, __file__, "--task", task, "--rows", str(n), "--folder", str(folder)]
    if task == IMAGEDEDUP:
        command = [options.peer_python, str(WORKER), str(n)]
    row: Row = {"name": f"{task}, {n} rows", "unit": "s"}
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=options.limit_s if is_peer else None,
            preexec_fn=partial(limited, options.limit_gb) if is_peer else None,
        )
    except subprocess.TimeoutExpired:
        return {**row, "value": "", "ended": f"after {options.limit_s:.0f} s"}
    if done.returncode:
        why = done.stderr.strip().splitlines()[-1:] or [f"exit {done.returncode}"]
        return {**row, "value": "", "ended": why[0][:80]}
    row |= json.loads(done.stdout.splitlines()[-1])
    for key, limit, name in (
        ("value", "limit_s", "of_limit"),
        ("busy_s", "limit_busy_s", "busy_of_limit"),
    ):
        if limit in row:
            row[name] = float(str(row[key])) / float(str(row[limit]))
    row["load"] = os.getloadavg()[0]
    return {key: round(each, 4) if isinstance(each, float) else each for key, each in row.items()}


def run(task: str, n: int, folder: Path) -> Row:
    """One task, in this process."""
    row = TASKS[task](n) if task in TASKS else ON_LIBRARY[task](folder, n)
    return {"peak_mb": peak_mb(), **row}


def compared(rows: dict[str, Row]) -> None:
    """Adds how many times as long the peer takes, and how many times as much processor."""
    for peer, own in PEERS.items():
        for key, name in (("value", "ratio"), ("busy_s", "busy_ratio")):
            theirs, mine = rows.get(peer, {}).get(key), rows.get(own, {}).get(key)
            if theirs and mine:
                rows[own][name] = round(float(str(theirs)) / float(str(mine)), 2)


def joined(rows: list[Row], took: dict[str, Row]) -> list[Row]:
    """All rows, those that were measured again in the place of the old ones."""
    fresh = {str(row["name"]): row for row in took.values()}
    return [fresh.pop(str(row["name"]), row) for row in rows] + list(fresh.values())


def kept_rows() -> list[Row]:
    """Of the file that a run of today has written, if there is one."""
    path = csv_path("scale")
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [{k: v for k, v in row.items() if v} for row in csv.DictReader(file)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    every = [*TASKS, IMAGEDEDUP, *ON_LIBRARY]
    parser.add_argument("--only", nargs="+", choices=every, default=every)
    parser.add_argument("--keep", action="store_true", help="other rows that were measured today")
    parser.add_argument("--peer-python", default=sys.executable, help="has imagededup")
    parser.add_argument("--limit-gb", type=float, default=8.0, help="address space of a peer")
    parser.add_argument("--limit-s", type=float, default=600.0, help="seconds of a peer")
    parser.add_argument("--task", choices=every, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help="where libraries are made and kept")
    options = parser.parse_args()
    if options.task:
        print(json.dumps(run(options.task, options.rows[0], options.folder)))
        return
    rows: list[Row] = kept_rows() if options.keep else []
    with tempfile.TemporaryDirectory() as scratch:
        for n in options.rows:
            folder = (options.folder or Path(scratch)) / str(n)
            took: dict[str, Row] = {}
            for task in every:
                wanted = task in options.only or (task == "library" and _needs_one(options.only))
                if not wanted or (task == "library" and folder.is_dir()):
                    continue
                if task == "pictures" and n != library.PICTURES:
                    continue
                took[task] = measured(task, n, folder, options)
                print(took[task], flush=True)
                compared(took)
                # After each, so that a run that is broken off leaves what it has.
                written = write_csv("scale", joined(rows, took))
            rows = joined(rows, took)
    print(written)


def _needs_one(tasks_: list[str]) -> bool:
    return bool({"opening", "info", "search verb", "duplicates", "map"} & set(tasks_))


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    main()
