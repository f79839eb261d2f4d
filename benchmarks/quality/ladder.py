"""Judges `duplicates` on a library of held-out photographs whose copies are known.

    LOOKALIKE_DATA=FOLDER python benchmarks/quality/ladder.py [--edited 15] [--others 300]

The library: photographs with one file for each edit, other photographs, burst frames and the near
misses of `checked_pairs.csv`. A pair is true when both files come from one photograph, false
otherwise. ImageHash's phash at a distance of at most 10, the default of imagededup's hashes, is
asked about the same files.
"""

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import imagehash
import numpy as np
from PIL import Image

import lookalike
from lookalike.images.edits import EDITS
from lookalike.neighbours.hamming import hamming_pairs
from lookalike.nouns.duplicates_report import DuplicatesReport
from lookalike.nouns.embeddings import Bytes

sys.path.insert(0, str(Path(__file__).parents[1]))
from results import write_csv
from sights import (
    LARGE,
    Pair,
    burst_pairs,
    bursts,
    checked,
    data_folder,
    edits_of,
    names_in,
    place,
)

HELD_OUT = 1
PROBABILITIES = (0.5, 0.9)
PHASH_DISTANCE = 10
Row = dict[str, object]
Found = dict[frozenset[str], tuple[float, str]]
"""Pairs of files with the probability and the rung."""


@dataclass
class Library:
    """A folder and what is true of it.

    Attributes:
        folder: of the files.
        origin: the photograph that each file comes from.
        edit: how it was edited; empty for photographs as they are.
        near: pairs of files that are near misses.
    """

    folder: Path
    origin: dict[str, str] = field(default_factory=dict)
    edit: dict[str, str] = field(default_factory=dict)
    near: set[frozenset[str]] = field(default_factory=set)

    def is_true(self, pair: Iterable[str]) -> bool:
        """Whether both files come from one photograph."""
        a, b = pair
        return self.origin[a] == self.origin[b]

    def add(self, root: Path, name: str, origin: str) -> str:
        """Copy one photograph; its name in the library."""
        file = name.replace("/", "__")
        if file not in self.origin:
            shutil.copyfile(place(root, name), self.folder / file)
            self.origin[file], self.edit[file] = origin, ""
        return file


def build(root: Path, folder: Path, n_edited: int, n_others: int) -> Library:
    """Write all files of the library."""
    library = Library(folder)
    same = one_origin(checked("copy"))
    names = np.random.default_rng(1).permutation(names_in(root, LARGE, HELD_OUT)).tolist()
    for name in names[: n_edited + n_others]:
        library.add(root, name, same.get(name, name))
    near = burst_pairs(bursts(root)) + checked("near miss")
    for pair in near:
        library.near.add(frozenset(library.add(root, name, same.get(name, name)) for name in pair))
    tasks = [(root, name, folder, seed) for seed, name in enumerate(names[:n_edited])]
    with ProcessPoolExecutor() as pool:
        for name, files in zip(names, pool.map(write_edits, tasks), strict=False):
            for edit, file in files.items():
                library.origin[file], library.edit[file] = same.get(name, name), edit
    return library


def one_origin(pairs: list[Pair]) -> dict[str, str]:
    """One name for all photographs that are copies of each other."""
    origin: dict[str, str] = {}
    for a, b in pairs:
        kept, gone = origin.get(a, a), origin.get(b, b)
        origin = {name: kept if first == gone else first for name, first in origin.items()}
        origin[a] = origin[b] = kept
    return origin


def write_edits(task: tuple[Path, str, Path, int]) -> dict[str, str]:
    """Files of all edits of one photograph."""
    root, name, folder, seed = task
    files = {}
    for edit, content in edits_of(place(root, name), seed):
        files[edit] = f"{name.replace('/', '__')}--{edit}.jpg"
        (folder / files[edit]).write_bytes(content)
    return files


def found_by(report: DuplicatesReport) -> Found:
    return {
        frozenset({pair.first, pair.second}): (pair.verdict.probability, str(pair.verdict.rung))
        for pair in report.listed
    }


def phash_pairs(library: Library) -> set[frozenset[str]]:
    files = sorted(library.origin)
    with ProcessPoolExecutor() as pool:
        hashes = list(pool.map(phash, [library.folder / file for file in files], chunksize=64))
    near = hamming_pairs(np.stack(hashes), max_distance=PHASH_DISTANCE)
    both = zip(near.first.tolist(), near.second.tolist(), strict=True)
    return {frozenset({files[a], files[b]}) for a, b in both}


def phash(path: Path) -> Bytes:
    with Image.open(path) as picture:
        return np.packbits(imagehash.phash(picture).hash)


def edit_rows(library: Library, found: dict[float, Found], peer: set[frozenset[str]]) -> list[Row]:
    """Of each edit, the share of files found to be copies of their photograph."""
    rows: list[Row] = []
    for edit in EDITS:
        pairs = [
            frozenset({file, file.partition("--")[0]})
            for file, how in library.edit.items()
            if how == edit
        ]
        row: Row = {"name": edit, "unit": "share found", "pairs": len(pairs)}
        for least, listed in found.items():
            row[f"at_{least}"] = round(np.mean([pair in listed for pair in pairs]), 4)
        row["value"] = row["at_0.9"]
        rungs = Counter(found[0.5][pair][1] for pair in pairs if pair in found[0.5])
        row["rungs"] = " ".join(f"{rung} {count}" for rung, count in sorted(rungs.items()))
        row["phash"] = round(np.mean([pair in peer for pair in pairs]), 4)
        rows.append(row)
    return rows


def total_rows(library: Library, name: str, pairs: Iterable[frozenset[str]]) -> list[Row]:
    """True and false pairs that were listed, and near misses called copies."""
    listed = list(pairs)
    false = [pair for pair in listed if not library.is_true(pair)]
    for pair in false[:20]:
        print(f"false, {name}: {' '.join(sorted(pair))}")
    near = sum(pair in library.near for pair in false)
    return [
        {"name": f"{name}: true pairs", "value": len(listed) - len(false)},
        {"name": f"{name}: false pairs", "value": len(false)},
        {"name": f"{name}: near misses called copies", "value": near, "pairs": len(library.near)},
    ]


def group_rows(library: Library, report: DuplicatesReport) -> list[Row]:
    """Whether every two members of each group are copies at the group's level, and sure enough."""
    name = f"duplicates at {report.least_probability}"
    weak = 0
    for group in report.groups:
        sure = {frozenset({p.first, p.second}): p.verdict for p in group.pairs}
        rank = group.least_sure.verdict.level.rank
        for pair in combinations([member.path for member in group.members], 2):
            verdict = sure.get(frozenset(pair))
            if verdict is None or verdict.level.rank < rank:
                weak += 1
            elif verdict.probability < report.least_probability:
                weak += 1
    false = sum(len({library.origin[m.path] for m in g.members}) > 1 for g in report.groups)
    return [
        {"name": f"{name}: groups", "value": len(report.groups)},
        {"name": f"{name}: groups with a false member", "value": false},
        {"name": f"{name}: pairs in a group below its level", "value": weak},
        {"name": f"{name}: pairs promised wrong", "value": round(report.expected_wrong, 2)},
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edited", type=int, default=15, help="photographs that are edited")
    parser.add_argument("--others", type=int, default=300, help="further photographs")
    options = parser.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as made:
        library = build(data_folder(), Path(made), options.edited, options.others)
        print(f"{len(library.origin)} files, {len(library.near)} near misses", flush=True)
        lookalike.index(made)
        reports = {p: lookalike.duplicates(made, least_probability=p) for p in PROBABILITIES}
        peer = phash_pairs(library)
        rows += edit_rows(library, {p: found_by(report) for p, report in reports.items()}, peer)
        for least, report in reports.items():
            rows += total_rows(library, f"duplicates at {least}", found_by(report))
            rows += group_rows(library, report)
        rows += total_rows(library, f"phash within {PHASH_DISTANCE}", peer)
    for row in rows:
        print(*row.values(), sep="  ")
    print(write_csv("ladder", rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
