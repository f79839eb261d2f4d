"""Triplets, one-shot, retrieval and nearest class: which class is a picture nearest to?"""

import numpy as np

from lookalike.datasets.sampling import draw_episodes, draw_triplets
from lookalike.metrics.classification import classification_report, confusion, judge_classes
from lookalike.metrics.clusters import judge_clusters, k_means
from lookalike.metrics.few_shot import (
    answer_episodes,
    class_accuracies,
    judge_episodes,
    whole_pool,
)
from lookalike.metrics.retrieval import KS, retrieve
from lookalike.metrics.retrieval_figures import judge_retrieval
from lookalike.metrics.triplets import judge_triplets
from lookalike.nouns.embeddings import Floats, Ints
from lookalike.nouns.evaluation_report import Judged
from lookalike.nouns.exhibits import Bars
from lookalike.nouns.measure import Measure
from lookalike.verbs.judge_bench import Bench, Part, Protocol
from lookalike.verbs.judge_runs import official_runs

QUERIES = 5
"""Pictures that are asked of each class of an episode, where a class has as many."""

POOL_DRAWS = 20


def triplets(bench: Bench) -> Judged:
    """Is the anchor nearer to the picture of its own class?"""
    part = bench.judged
    listed = len(part.data.triplets) > 0
    rows = part.data.triplets
    if not listed:
        rows = draw_triplets(part.data.labels, bench.judge.triplets, bench.judge.seed)
    return Judged(
        "triplets",
        f"{len(rows):,} {'listed' if listed else 'drawn'} triplets.",
        (
            judge_triplets(part.vectors, rows, metric="cosine"),
            judge_triplets(part.vectors, rows, metric="l2"),
            judge_triplets(part.vectors, rows, metric="l1"),
        ),
        notes=("Equal distances count as wrong.",),
    )


def few_shot(bench: Bench) -> Judged:
    """Which of N classes, known from K examples each?"""
    part, what = _asked(bench)
    shots, labels, judge = bench.judge.shots, part.data.labels, bench.judge
    classes = _enough(part, shots)
    ways = sorted({n for n in judge.ways if n <= classes} or {classes})
    asked = _queries(part, shots, max(ways))
    measures: list[Measure] = []
    bars: list[Bars] = []
    for n in ways:
        rows = draw_episodes(labels, n, shots, asked, judge.episodes, judge.seed)
        episodes = _episodes(rows, shots)
        right = answer_episodes(part.vectors, episodes)
        name = f"{n}-way {shots}-shot"
        measures.append(judge_episodes(right, ways=n, name=name))
        if n == ways[0]:
            title = f"{name}, by class"
            names = part.data.classes
            bars = [class_accuracies(right, episodes[1], labels, names, ways=n, name=title)]
    if classes > max(ways):
        pool = whole_pool(labels, shots=shots, draws=POOL_DRAWS, seed=judge.seed)
        right = answer_episodes(part.vectors, pool)
        name = f"{classes}-way {shots}-shot, all classes"
        measures.append(judge_episodes(right, ways=classes, name=name))
    if official := official_runs(bench):
        measures.append(official)
    return Judged(
        "one-shot",
        f"{bench.judge.episodes:,} episodes for each number of ways over {classes:,} {what}, "
        f"{shots} {'example' if shots == 1 else 'examples'} of each.",
        tuple(measures),
        tuple(bars),
        notes=("A tie between the true class and another counts as wrong.",),
    )


def retrieval(bench: Bench) -> Judged:
    """Each picture searches among all others."""
    part = bench.judged.take(bench.judged.known)
    ks = [k for k in KS if k < len(part)]
    found = retrieve(part.vectors, part.data.labels, ks=ks)
    clusters = k_means(part.vectors, len(np.unique(part.data.labels)), seed=bench.judge.seed)
    return Judged(
        "retrieval",
        f"Each of {len(found):,} pictures searches among {len(part) - 1:,} others.",
        (
            *judge_retrieval(found, seed=bench.judge.seed),
            judge_clusters(clusters, part.data.labels, seed=bench.judge.seed),
        ),
        notes=("NMI is that of as many k-means clusters as there are classes.",),
    )


def nearest_class(bench: Bench) -> Judged:
    """Each picture is given to the class whose mean, taken without it, is nearest."""
    part = bench.judged.take(bench.judged.known)
    present, truth = np.unique(part.data.labels, return_inverse=True)
    keep = np.flatnonzero(np.bincount(truth)[truth] >= 2)
    part = part.take(keep)
    present, truth = np.unique(part.data.labels, return_inverse=True)
    names = [part.data.classes[label] for label in present.tolist()]
    answers = _nearest_means(part.vectors, truth.astype(np.int64), len(names))
    about = "each picture to the nearest class mean, taken without the picture itself"
    return Judged(
        "classes",
        f"{len(part):,} pictures, {about}.",
        judge_classes(answers, truth.astype(np.int64), seed=bench.judge.seed),
        (
            confusion(truth, answers, names, name=about),
            classification_report(truth, answers, names, name="by nearest class mean"),
        ),
    )


def _nearest_means(vectors: Floats, labels: Ints, c: int) -> Ints:
    """(n,) the class with the nearest mean direction; a picture is no part of its own mean."""
    sums = np.zeros((c, vectors.shape[1]), np.float64)
    np.add.at(sums, labels, vectors)
    lengths = np.linalg.norm(sums, axis=1)
    scores = vectors.astype(np.float64) @ (sums / np.where(lengths > 0, lengths, 1)[:, None]).T
    own = sums[labels] - vectors
    own /= np.maximum(np.linalg.norm(own, axis=1, keepdims=True), 1e-12)
    scores[np.arange(len(labels)), labels] = np.einsum("nd,nd->n", vectors, own)
    answers: Ints = scores.argmax(axis=1)
    return answers


def _episodes(rows: Ints, shots: int) -> tuple[Ints, Ints, Ints]:
    """Support, queries and answers from (e, w, shots + asked) rows."""
    e, w, each = rows.shape
    queries = rows[:, :, shots:].reshape(e, -1)
    answers = np.tile(np.repeat(np.arange(w), each - shots), (e, 1))
    return rows[:, :, :shots], queries, answers


def _queries(part: Part, shots: int, ways: int) -> int:
    """How many pictures of a class are asked: QUERIES if enough classes have so many."""
    sizes = np.sort(np.bincount(part.data.labels, minlength=1))[::-1]
    return max(1, min(QUERIES, int(sizes[ways - 1]) - shots))


def _asked(bench: Bench) -> tuple[Part, str]:
    """The pictures of classes never trained on, if there are two or more, else all."""
    part = bench.judged.take(bench.judged.known)
    hidden = part.take(np.flatnonzero(np.isin(part.data.labels, part.data.unseen)))
    if _enough(hidden, bench.judge.shots) >= 2:
        return hidden, "classes never trained on"
    return part, "classes that training has seen, or may have"


def _enough(part: Part, shots: int) -> int:
    """Classes with more pictures than shots."""
    return int((np.bincount(part.data.labels, minlength=1) > shots).sum())


def _lacks_triplets(bench: Bench) -> str:
    if len(bench.judged.data.triplets):
        return ""
    return _lacks_classes(bench)


def _lacks_classes(bench: Bench) -> str:
    part = bench.judged
    present = len(np.unique(part.data.labels[part.known]))
    if present < 2:
        return f"pictures of two classes; there are {present}"
    return "" if len(part.repeated_classes()) else "two pictures of one class"


def _lacks_repeated(bench: Bench) -> str:
    if len(bench.judged.repeated_classes()) < 2:
        return "two classes with two pictures each"
    return ""


def _lacks_episodes(bench: Bench) -> str:
    part, shots = bench.judged.take(bench.judged.known), bench.judge.shots
    if _enough(part, shots) < 2:
        return f"two classes with more than {shots} pictures each"
    return ""


TRIPLETS = Protocol("triplets", _lacks_triplets, triplets)
FEW_SHOT = Protocol("one-shot", _lacks_episodes, few_shot)
RETRIEVAL = Protocol("retrieval", _lacks_classes, retrieval)
CLASSES = Protocol("classes", _lacks_repeated, nearest_class)
