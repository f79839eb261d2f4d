"""Makes the patterns of local words, and judges how well words put copies forward.

    LOOKALIKE_DATA=FOLDER python benchmarks/quality/words.py [--write]

The patterns are learned from 1,000 photographs of the half that fits. Judged are edits of 60
photographs of the other half among 1,500: how often the photograph is the first of all, or one of
the first 24, that an edited picture shares words with; and what photographs share by chance.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans

from lookalike.geometry import words
from lookalike.geometry.features import rooted
from lookalike.images.decode import read_picture
from lookalike.images.edits import EDITS
from lookalike.neighbours.bags import Bags
from lookalike.neighbours.votes import shared_between, shared_within
from lookalike.nouns.embeddings import Bytes, Floats
from lookalike.verbs.local_words import READ_SIDE_PX

sys.path.insert(0, str(Path(__file__).parents[1]))
from results import write_csv
from sights import LARGE, data_folder, edits_of, names_in, place

LEARNED_FROM, JUDGED, EDITED = 1_000, 1_500, 60
TARGET = Path(words.__file__).with_name("words.npy")
Row = dict[str, object]


def drawn(root: Path, half: int, count: int) -> list[Path]:
    """Photographs of one half."""
    names = np.random.default_rng(7).permutation(names_in(root, LARGE, half)).tolist()
    return [place(root, name) for name in names[:count]]


def described(path: Path) -> Bytes:
    """Descriptors of one file."""
    return words.descriptors(read_picture(path, short_side_px=READ_SIDE_PX).pixels)


def learned(paths: list[Path]) -> Floats:
    """(2, 256, 64) patterns."""
    with ProcessPoolExecutor() as pool:
        rows = rooted(np.concatenate(list(pool.map(described, paths, chunksize=16))))
    some = np.random.default_rng(0).permutation(len(rows))[:40_000]
    halves = rows[some].reshape(-1, 2, 64)
    return np.stack(
        [
            KMeans(words.N_PATTERNS, n_init=1, max_iter=25, random_state=0)
            .fit(halves[:, i])
            .cluster_centers_
            for i in (0, 1)
        ]
    )


def named(path: Path) -> tuple[words.Words, words.Words]:
    """Words of one file."""
    return words.local_words(read_picture(path, short_side_px=READ_SIDE_PX).pixels)


def named_edits(task: tuple[Path, int]) -> list[tuple[words.Words, words.Words]]:
    """Words of all edits of one file."""
    files = [file for _, file in edits_of(*task)]
    return [words.local_words(read_picture(f, short_side_px=READ_SIDE_PX).pixels) for f in files]


def judge(paths: list[Path]) -> list[Row]:
    """A row for each edit, and what is shared by chance."""
    with ProcessPoolExecutor() as pool:
        shelf = Bags.of(list(pool.map(named, paths, chunksize=16)))
        edited = list(pool.map(named_edits, zip(paths[:EDITED], range(EDITED), strict=True)))
    chance = shared_within(shelf, least=1.0)
    pairs = len(paths) * (len(paths) - 1) // 2
    rows: list[Row] = [
        {
            "name": f"pairs that share {least} or more by chance",
            "value": round(float((chance.votes >= least).sum() / pairs), 6),
            "unit": "share",
        }
        for least in (10, 15, 20, 25, 30, 40)
    ]
    for at, edit in enumerate(EDITS):
        asked = Bags.of([many[at] for many in edited])
        found = shared_between(asked, shelf, least=1.0)
        ranks, votes = [], []
        for i in range(EDITED):
            mine = found.first == i
            true = found.votes[mine & (found.second == i)]
            ranks.append((found.votes[mine] > true[0]).sum() if len(true) else len(paths))
            votes.append(true[0] if len(true) else 0.0)
        firsts = float((np.array(ranks) < 1).mean()), float((np.array(ranks) < 24).mean())
        row: Row = {"name": edit, "value": round(firsts[1], 3), "unit": "among the first 24"}
        row |= {"first": round(firsts[0], 3), "spread": f"{np.quantile(votes, 0.1):.0f}"}
        rows.append(row)
    return rows


def main() -> int:
    """Learns if asked, judges, writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="learn the patterns anew")
    options = parser.parse_args()
    root = data_folder()
    if options.write:
        patterns = learned(drawn(root, 0, LEARNED_FROM))
        np.save(TARGET, np.rint(patterns * words.STEPS).clip(0, 255).astype(np.uint8))
    rows = judge(drawn(root, 1, JUDGED))
    for row in rows:
        print(*row.values(), sep="  ")
    print(write_csv("words", rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
