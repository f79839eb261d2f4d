"""Times `index` on whole folders beside imagededup's CNN, in one interleaved run.

    python benchmarks/speed/indexing.py [--peer-python PATH] [--rounds 3]

Each of our runs starts without an index and counts everything: finding and reading the files,
digest, decoding, hash, embedding, and the commit to disk. The peer decodes and embeds only, with
its model loaded before. Beside the times stand the peak memory and what `duplicates` finds of the
resized copies that were put among the pictures.

On a machine with other work the threads of the peer's network wait for each other, and it can take
many times as long. So it runs on one thread as well, and ratios are to the better of its two runs
in the same round.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import numpy as np
from encoders import SIDE_PX, D, mobile_network
from PIL import Image

import lookalike
from lookalike.encoders.model_file import write_model
from lookalike.nouns.card import ModelCard, Preprocessing

sys.path.insert(0, str(Path(__file__).parents[1]))
from results import write_csv

WORKER = Path(__file__).parents[1] / "imagededup_worker.py"
SIZES = {"12-megapixel": (4000, 3000, 48), "640x480": (640, 480, 400)}
"""Width, height and number of the pictures that are made."""
COPY_EVERY = 8
"""One picture in so many is a copy of the one before it, 7/8 as large."""
LAYERS = ((3, 1.0), (7, 0.45), (16, 0.3), (40, 0.2), (110, 0.14), (300, 0.1), (900, 0.08))
"""Cells along the longer side and strength of each layer of colour."""
OWN_PEAK = """
import sys, lookalike
lookalike.index(sys.argv[1], index=sys.argv[2])
sys.path.insert(0, sys.argv[3])
from memory import peak_mb
print(peak_mb())
"""


@dataclass(slots=True)
class Run:
    """What one contestant did with one folder."""

    seconds: float
    cpu_seconds: float
    pictures: int
    peak_mb: int = 0


Contestant = Callable[[Path], Run]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer-python", default=sys.executable, help="where imagededup is")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder, peers(options.peer_python) as theirs:
        contestants = {**own_contestants(Path(folder)), **theirs}
        for size, (width, height, count) in SIZES.items():
            pictures = Path(folder, size)
            make_folder(pictures, width, height, count)
            rows += time_rows(size, pictures, contestants, list(theirs), options.rounds)
            rows += own_rows(size, pictures, Path(folder, "index"), count)
    for row in rows:
        print(*row.values(), sep="  ")
    print(f"written: {write_csv('indexing', rows)}")


def make_folder(folder: Path, width: int, height: int, count: int) -> None:
    """Pictures and copies, JPEG quality 90, the same on every machine."""
    folder.mkdir()

    def make(number: int) -> None:
        copy = number % COPY_EVERY == COPY_EVERY - 1
        photo = made_photo(number - copy, width, height)
        if copy:
            photo = photo.resize((width * 7 // 8, height * 7 // 8), Image.Resampling.LANCZOS)
        photo.save(folder / f"{number:05}.jpg", quality=90)

    with ThreadPoolExecutor() as pool:
        list(pool.map(make, range(count)))


def made_photo(seed: int, width: int, height: int) -> Image.Image:
    """Colour at all scales, less of it the finer the scale, as photographs have it; no noise."""
    chance = np.random.default_rng(seed)
    photo = Image.new("RGB", (width, height))
    for cells, strength in LAYERS:
        rows = max(2, round(cells * height / width))
        coarse = Image.fromarray(chance.integers(0, 256, (rows, cells, 3), dtype=np.uint8))
        photo = Image.blend(photo, coarse.resize(photo.size, Image.Resampling.BICUBIC), strength)
    return photo


def own_contestants(folder: Path) -> dict[str, Contestant]:
    """`index` with each encoder of ours, and with a network as large as MobileNetV3-Large."""
    network = folder / "mobile.onnx"
    write_model(network, mobile_network(), ModelCard("mobile", D, Preprocessing(SIDE_PX, SIDE_PX)))
    found = {
        "index, built-in": own(folder / "index", "built-in", "onnxruntime"),
        "index, classic": own(folder / "index", "classic", "auto"),
        "index, network in ONNX Runtime": own(folder / "index", network, "onnxruntime"),
    }
    if find_spec("openvino"):
        found["index, built-in in OpenVINO"] = own(folder / "index", "built-in", "openvino")
        found["index, network in OpenVINO"] = own(folder / "index", network, "openvino")
    return found


def own(index: Path, model: Path | str, provider: str) -> Contestant:
    """A fresh index each time."""

    def run(pictures: Path) -> Run:
        start, cpu_start = perf_counter(), process_time()
        report = lookalike.index(
            pictures, index=index, model=model, provider=provider, rebuild=True
        )
        return Run(perf_counter() - start, process_time() - cpu_start, report.added)

    return run


@contextmanager
def peers(python: str) -> Iterator[dict[str, Contestant]]:
    """The peer as it comes and on one thread; nothing where it is not installed."""
    command = [python, str(WORKER)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asks, answers = process.stdin, process.stdout

        def run(pictures: Path, threads: int) -> Run:
            ask = {"folder": str(pictures), "threads": threads}
            print(json.dumps(ask), file=asks, flush=True)
            return Run(**json.loads(answers.readline()))

        first = answers.readline()
        if first:
            name, threads = json.loads(first).values()
            yield {
                f"{name}, its default": partial(run, threads=threads),
                f"{name}, one thread": partial(run, threads=1),
            }
        else:
            print(f"imagededup is left out: {python} cannot run {WORKER.name}")
            yield {}
        asks.close()


def time_rows(
    size: str, pictures: Path, contestants: dict[str, Contestant], theirs: list[str], rounds: int
) -> list[dict[str, object]]:
    """Pictures a second of each, and how many times as fast as the peer in the same round."""
    few = pictures.with_name(f"{size}, few")
    few.mkdir()
    for path in sorted(pictures.iterdir())[:4]:
        shutil.copyfile(path, few / path.name)
    for run in contestants.values():
        run(few)
    done: dict[str, list[Run]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, run in contestants.items():
            done[name].append(run(pictures))
    rows = [
        {"name": f"{size}: {name}", **compared(runs, [done[peer] for peer in theirs])}
        for name, runs in done.items()
    ]
    if theirs:
        peak = max(run.peak_mb for peer in theirs for run in done[peer])
        rows.append({"name": f"{size}: imagededup CNN, peak memory", "value": peak, "unit": "MB"})
    return rows


def compared(runs: list[Run], theirs: list[list[Run]]) -> dict[str, object]:
    """Medians of a contestant's runs, and of its ratios to the better run of the peer's."""
    rates = [run.pictures / run.seconds for run in runs]
    cpu_ms = [1000 * run.cpu_seconds / run.pictures for run in runs]
    row: dict[str, object] = {"value": round(median(rates), 1), "unit": "pictures/s"}
    row["cpu_ms_each"] = round(median(cpu_ms), 2)
    if not theirs:
        return row | {"spread": f"{min(rates):.1f} to {max(rates):.1f} pictures/s"}
    best = [max(run.pictures / run.seconds for run in turn) for turn in zip(*theirs, strict=True)]
    ratios = [rate / peer for rate, peer in zip(rates, best, strict=True)]
    row["ratio"] = round(median(ratios), 2)
    return row | {"spread": f"{min(ratios):.2f} to {max(ratios):.2f}"}


def own_rows(size: str, pictures: Path, index: Path, count: int) -> list[dict[str, object]]:
    """Our peak memory, and what is found of the copies."""
    root = str(WORKER.parent)
    command = [sys.executable, "-c", OWN_PEAK, str(pictures), str(index.with_name("own")), root]
    peak = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lookalike.index(pictures, index=index, rebuild=True)
    found = lookalike.duplicates(lookalike.Source(pictures, index=index))
    pairs = {(pair.first, pair.second) for group in found.groups for pair in group.pairs}
    planted = {
        (f"{number - 1:05}.jpg", f"{number:05}.jpg")
        for number in range(COPY_EVERY - 1, count, COPY_EVERY)
    }
    return [
        {"name": f"{size}: index, built-in, peak memory", "value": int(peak), "unit": "MB"},
        {
            "name": f"{size}: copies found by duplicates, of {len(planted)}",
            "value": len(pairs & planted),
            "unit": "pairs",
        },
        {"name": f"{size}: false pairs", "value": len(pairs - planted), "unit": "pairs"},
    ]


if __name__ == "__main__":
    main()
