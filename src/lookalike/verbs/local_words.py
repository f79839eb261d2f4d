"""The local words of pictures: made when copies are first looked for, and kept beside the index."""

import math
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from lookalike.geometry.features import one_thread_each
from lookalike.geometry.words import MOST_WORDS, VERSION, Words, local_words
from lookalike.images.budget import DecodeBudget
from lookalike.images.decode import read_picture
from lookalike.neighbours.bags import BACKGROUND, Bags, Filling
from lookalike.nouns.entry import Entry
from lookalike.nouns.errors import UnreadableImage
from lookalike.store.word_cache import WordCache
from lookalike.verbs.progress import Progress
from lookalike.verbs.side import Side

READ_SIDE_PX = 160
"""Pictures are decoded at least this large on the short side."""

BLOCK = 512
"""Pictures after which words are kept, so that Ctrl-C loses little."""

Pair = tuple[Words, Words]
NONE: Pair = (np.zeros(0, np.uint16), np.zeros(0, np.uint16))


def bags_of(n: int, side: Side, kept: Path | None, progress: Progress) -> Bags:
    """The words of n pictures, in order; none where a file can no longer be read.

    Args:
        n: how many pictures.
        side: what is known of pictures by place, 0 to n - 1, and where they lie.
        kept: folder of the index beside which words are kept; None keeps none.
        progress: told of pictures looked at, where words have to be made.
    """
    filling = Filling(n, MOST_WORDS)
    budget = DecodeBudget()

    def made(entry: Entry) -> Pair | None:
        return words_of(side.locate(entry.path), budget)

    with WordCache(kept, VERSION) as cache:
        for start in range(0, n, BLOCK):
            block = side.entries(np.arange(start, min(start + BLOCK, n)))
            known = cache.read([entry.digest for entry in block])
            missing = [entry for entry in block if entry.digest not in known]
            if missing:
                with one_thread_each(), ThreadPoolExecutor(os.cpu_count() or 1) as pool:
                    found = zip(missing, pool.map(made, missing), strict=True)
                    fresh = {entry.digest: pair for entry, pair in found if pair is not None}
                cache.keep(fresh)
                known |= fresh
                progress(min(start + BLOCK, n), n)
            filling.add([known.get(entry.digest, NONE) for entry in block])
    return filling.whole()


def least_votes(n: int) -> float:
    """How many votes make a pair of a collection of n worth laying over each other.

    Chosen on a trial with 1,500 photographs, where about one pair in 1,000 had as many by chance.
    """
    return 2 * math.log(n + BACKGROUND) + 6


def words_of(source: Path | bytes, budget: DecodeBudget) -> Pair | None:
    """The words of a picture and of its mirror image; None where it cannot be read.

    Args:
        source: a file, or its bytes.
        budget: shared by all threads that decode.
    """
    try:
        return local_words(read_picture(source, short_side_px=READ_SIDE_PX, budget=budget).pixels)
    except UnreadableImage:
        return None
