"""The official one-shot runs that come with Omniglot: runs.csv beside the data."""

import csv
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from lookalike.encoders.encoder import Encoder
from lookalike.images.budget import DecodeBudget
from lookalike.images.decode import read_picture
from lookalike.metrics.few_shot import answer_episodes, judge_episodes
from lookalike.nouns.embeddings import Floats, Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.measure import Measure
from lookalike.verbs.judge_bench import Bench

RUNS = "runs.csv"
COLUMNS = {"run", "item", "answer"}
CHUNK = 8


def official_runs(bench: Bench) -> Measure | None:
    """One-shot over the runs that the data bring along; None where they bring none.

    Raises:
        InputError: the list of runs cannot be used.
        UnreadableImage: a picture of a run cannot be read.

    Source:
        Lake, Salakhutdinov and Tenenbaum 2015, doi 10.1126/science.aab3050: 20 runs, 20 ways.
    """
    root = bench.judged.data.root
    if not (root / RUNS).is_file():
        return None
    runs = _read(root)
    paths = sorted({path for run in runs for pair in run for path in pair})
    place = {path: row for row, path in enumerate(paths)}
    vectors = embed_files([root / path for path in paths], bench.encoder)
    support, queries, answers = _episodes(runs, place)
    right = answer_episodes(vectors, (support, queries, answers))
    ways = support.shape[1]
    return judge_episodes(right, ways=ways, name=f"{ways}-way 1-shot, {len(runs)} official runs")


def embed_files(paths: list[Path], encoder: Encoder) -> Floats:
    """Vectors of files, on all cores.

    Raises:
        UnreadableImage: a file cannot be read.
    """
    budget = DecodeBudget()

    def embed(chunk: list[Path]) -> Floats:
        side = encoder.short_side_px
        pictures = [read_picture(p, short_side_px=side, budget=budget).pixels for p in chunk]
        return encoder.encode(pictures)

    chunks = [paths[low : low + CHUNK] for low in range(0, len(paths), CHUNK)]
    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="lookalike") as pool:
        return np.concatenate(list(pool.map(embed, chunks)))


def _read(root: Path) -> list[list[tuple[str, str]]]:
    """For each run its pictures with the example that each shows the same class as."""
    with (root / RUNS).open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    if not rows or not set(rows[0]) >= COLUMNS:
        raise InputError(
            "The list of runs needs the columns run, item and answer", where=str(root / RUNS)
        )
    runs: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        runs.setdefault(row["run"], []).append((row["item"], row["answer"]))
    sizes = {(len(run), len({answer for _, answer in run})) for run in runs.values()}
    if len(sizes) != 1 or min(sizes)[1] < 2:
        raise InputError(
            "The runs are of different sizes, or have one example only", where=str(root / RUNS)
        )
    return list(runs.values())


def _episodes(runs: list[list[tuple[str, str]]], place: dict[str, int]) -> tuple[Ints, Ints, Ints]:
    examples = [sorted({answer for _, answer in run}) for run in runs]
    support = [[[place[path]] for path in ways] for ways in examples]
    queries = [[place[item] for item, _ in run] for run in runs]
    answers = [
        [ways.index(answer) for _, answer in run] for run, ways in zip(runs, examples, strict=True)
    ]
    return np.array(support, np.int64), np.array(queries, np.int64), np.array(answers, np.int64)
