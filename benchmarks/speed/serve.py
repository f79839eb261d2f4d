"""Times search over HTTP: many clients at once, beside the bare call in one thread.

    python benchmarks/speed/serve.py [--rows 100000] [--clients 8] [--each 25]

The index is made by a seeded generator, straight into the store: clustered vectors of 256
dimensions and random hashes, as far apart as photographs are for the built-in encoder. Its files
are links to a few hundred small photograph-like pictures, so that doubtful hits are laid over each
other as in real use. The server runs in a process of its own, the clients in threads of this one.

The first answer is the one without that look, which the page shows at once; the whole one follows.
The ratio is to the median of the bare call that gives the same answer.
"""

import argparse
import hashlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from lookalike.encoders.choose import load_encoder
from lookalike.images.budget import DecodeBudget
from lookalike.neighbours.search import Searcher
from lookalike.nouns.embeddings import Floats
from lookalike.nouns.entry import Described
from lookalike.nouns.picture import Facts
from lookalike.store.writer import Batch, IndexWriter
from lookalike.verbs.opened import Opened
from lookalike.verbs.ready import Source

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
from results import write_csv
from scenes import scene

SCENES, BATCH, K, D = 300, 5_000, 30, 256
LOOKS = {"first": False, "whole": True}
Row = dict[str, object]


def vectors_of(n: int) -> Floats:
    """Clusters of about a hundred; a picture's thirtieth neighbour scores about 0.5.

    So it is with the built-in encoder in a library of photographs without its copies.
    """
    rng = np.random.default_rng(0)
    axes = rng.standard_normal((80, D), dtype=np.float32)
    centres = rng.standard_normal((max(n // 100, 1), 80), dtype=np.float32)
    inner = centres[rng.integers(0, len(centres), n)]
    inner += np.float32(1.1) * rng.standard_normal(inner.shape, dtype=np.float32)
    vectors = inner @ axes
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors, np.float32)


def digest_of(row: int) -> bytes:
    return hashlib.blake2b(str(row).encode(), digest_size=32).digest()


def make_index(folder: Path, n: int) -> None:
    """Pictures that were never decoded: vectors, hashes and facts only."""
    (folder / "scenes").mkdir(parents=True)
    (folder / "links").mkdir()
    for seed in range(SCENES):
        scene(seed).save(folder / "scenes" / f"{seed}.jpg")
    encoder = load_encoder()
    vectors = vectors_of(n)
    hashes = np.random.default_rng(1).integers(0, 256, (n, 8, 32), dtype=np.uint8)
    facts = Facts(320, 240, "JPEG", "RGB")
    with IndexWriter.open(
        folder / ".lookalike", model=encoder.name, fingerprint=encoder.fingerprint, d=encoder.d
    ) as writer:
        for low in range(0, n, BATCH):
            rows = range(low, min(low + BATCH, n))
            described = [Described(digest_of(r), facts, hashes[r], 100, vectors[r]) for r in rows]
            writer.commit(Batch(described, list(linked(folder, rows))))


def linked(folder: Path, rows: range) -> Iterator[tuple[str, int, int, bytes]]:
    for row in rows:
        name = f"links/{row:07d}.jpg"
        os.symlink(folder / "scenes" / f"{row % SCENES}.jpg", folder / name)
        facts = (folder / name).stat()
        yield name, facts.st_size, facts.st_mtime_ns, digest_of(row)


def bare(folder: Path, queries: list[str]) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Seconds of the verb, of its first answer and of the vectors alone, one after another.

    And the milliseconds of processor that an answer of each kind takes.
    """
    opened = Opened.open(Source(folder, as_is=True), DecodeBudget())
    searcher = Searcher(opened.reader.vectors(), rows=opened.library.rows)
    seconds: dict[str, list[float]] = {"whole": [], "first": [], "vectors": []}
    busy = dict.fromkeys(LOOKS, 0.0)
    for digest in [queries[0], *queries]:
        entry = opened.reader.entry_of(digest)
        if entry is None:
            raise ValueError(digest)
        for name, look in LOOKS.items():
            began, before = perf_counter(), process_time()
            opened.more_like(entry, k=K, look=look)
            seconds[name].append(perf_counter() - began)
            busy[name] += process_time() - before
        vector = opened.reader.vectors()[entry.row][None].astype(np.float32)
        began = perf_counter()
        searcher.top_k(vector, k=2 * K)
        seconds["vectors"].append(perf_counter() - began)
    opened.close()
    cpu_ms = {name: round(total / (len(queries) + 1) * 1000, 1) for name, total in busy.items()}
    return {name: values[1:] for name, values in seconds.items()}, cpu_ms


def cpu_s(process: int) -> float:
    """Seconds of processor that a process has used; what other work on the machine leaves out."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # no Linux
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def over_http(
    folder: Path, queries: list[str], clients: int, *, look: bool
) -> tuple[list[float], float]:
    """Seconds of each request, `clients` at once, and of processor time for one."""
    words = [sys.executable, "-m", "lookalike", "serve", str(folder), "--as-is"]
    words += ["--port", "0", "--no-browser"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        try:
            if server.stdout is None:
                raise RuntimeError("no standard output")
            address, token = server.stdout.readline().split("//")[1].strip().split("/?token=")
            parts = [queries[client::clients] for client in range(clients)]
            took: list[float] = []
            threads = [
                threading.Thread(target=client, args=(address, token, part, took, look))
                for part in parts
            ]
            before = cpu_s(server.pid)
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            busy_s = cpu_s(server.pid) - before
            return took, busy_s / (len(queries) + clients)
        finally:
            server.terminate()


def client(address: str, token: str, queries: list[str], took: list[float], look: bool) -> None:
    """Ask one after another over one connection; the first answer warms up and is left out."""
    connection = http.client.HTTPConnection(address, timeout=120)
    for place, digest in enumerate([queries[0], *queries]):
        began = perf_counter()
        path = f"/api/v1/search?digest={digest}&k={K}&look={look}"
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        hits = json.loads(answer.read())["answers"][0]["hits"]
        if place:
            took.append(perf_counter() - began)
        if answer.status != 200 or len(hits) != K:
            raise ValueError(answer.status)
    connection.close()


def row_of(name: str, seconds: list[float], per: float) -> Row:
    made: Row = {
        "name": name,
        "value": round(float(np.quantile(seconds, 0.95)) * 1000, 1),
        "unit": "ms, 95th percentile",
        "ratio": round(float(np.quantile(seconds, 0.95)) / per, 2),
        "spread": f"{min(seconds) * 1000:.1f}-{max(seconds) * 1000:.1f}",
        "median": round(float(np.median(seconds)) * 1000, 1),
    }
    print(made, flush=True)
    return made


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--each", type=int, default=25)
    asked = parser.parse_args()
    rng = np.random.default_rng(2)
    with tempfile.TemporaryDirectory() as folder:
        make_index(Path(folder), asked.rows)
        chosen = rng.integers(0, asked.rows, asked.clients * asked.each).tolist()
        queries = [digest_of(row).hex() for row in chosen]
        alone, cpu_ms = bare(Path(folder), queries[: 2 * asked.each])
        per = {name: float(np.median(seconds)) for name, seconds in alone.items()}
        rows = [row_of(f"vectors alone, {asked.rows}", alone["vectors"], per["whole"])]
        for name, look in LOOKS.items():
            title = f"{name} answer, the verb one at a time, {asked.rows}"
            rows.append({**row_of(title, alone[name], per[name]), "cpu_ms": cpu_ms[name]})
            print(cpu_ms[name], "ms of processor each", flush=True)
            for clients in (1, asked.clients):
                part = queries[: clients * asked.each]
                seconds, busy_s = over_http(Path(folder), part, clients, look=look)
                title = f"{name} answer, GET search, {clients} at once, {asked.rows}"
                told = row_of(title, seconds, per[name])
                rows.append({**told, "cpu_ms": round(busy_s * 1000, 1)})
                print(rows[-1]["cpu_ms"], "ms of processor each", flush=True)
    print(write_csv("serve", rows) if asked.rows >= 100_000 else rows)


if __name__ == "__main__":
    main()
