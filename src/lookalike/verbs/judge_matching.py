"""Matching: which source does a target show?"""

import numpy as np

from lookalike.metrics.matching import judge_matching, top_n_curve
from lookalike.nouns.embeddings import Bools, Bytes, Floats, Ints
from lookalike.nouns.evaluation_report import Judged, Mistake
from lookalike.nouns.labelled import SIDES, UNKNOWN
from lookalike.nouns.measure import Measure
from lookalike.verbs.judge_bench import Bench, Part, Protocol

WORST = 8
_BLOCK = 256
_SOURCE, _TARGET = SIDES.index("source"), SIDES.index("target")


def matching(bench: Bench) -> Judged:
    """Every target against all sources, by the model and by the perceptual hash."""
    targets, sources, matches = _sides(bench)
    scores = targets.vectors @ sources.vectors.T
    hashed = hash_scores(targets.hashes, sources.hashes)
    depths = tuple(sorted({n for n in (1, 5, bench.judge.top) if n <= len(sources)}))
    measures = judge_matching(scores, matches, depths=depths)
    by_hash = judge_matching(hashed, matches, depths=depths)
    name = f"{len(targets):,} targets against {len(sources):,} sources"
    about = "by class" if _by_class(bench.judged) else "by the listed pairs"
    return Judged(
        "matching",
        f"{name}, matched {about}.",
        (*measures, *(beside(m, h) for m, h in zip(measures, by_hash, strict=True))),
        (
            top_n_curve(scores, matches, name="model", deepest=bench.judge.top),
            top_n_curve(hashed, matches, name="perceptual hash", deepest=bench.judge.top),
        ),
        _worst(targets, sources, scores, matches),
        notes=("The perceptual hash is PDQ, the better of the eight orientations.",),
    )


def beside(model: Measure, other: Measure) -> Measure:
    """The model's figure with the perceptual hash's as its baseline."""
    return Measure(
        f"{model.name}, beside the hash",
        model.value,
        model.low,
        model.high,
        other.value,
        "perceptual hash",
        model.n,
    )


def hash_scores(left: Bytes, right: Bytes) -> Floats:
    """How alike hashes are in the best orientation.

    Args:
        left: (t, 8, 32) hashes of targets in all orientations.
        right: (s, 8, 32) hashes of sources.

    Returns:
        (t, s) float32, 1 for equal hashes.
    """
    words = np.ascontiguousarray(right[:, 0]).view(np.uint64)  # (s, 4)
    turned = np.ascontiguousarray(left).view(np.uint64)  # (t, 8, 4)
    scores = np.empty((len(left), len(right)), np.float32)
    for place, hashes in enumerate(turned):
        differ = np.bitwise_count(hashes[:, None] ^ words).sum(axis=2, dtype=np.int64)  # (8, s)
        scores[place] = 1 - differ.min(axis=0) / (words.shape[1] * 64)
    return scores


def _sides(bench: Bench) -> tuple[Part, Part, Bools]:
    """Targets, sources, and which belong together; targets without a source are left out."""
    part = bench.judged
    target_rows = np.flatnonzero(part.data.sides == _TARGET)
    if _by_class(part):
        targets, sources = part.take(target_rows), bench.sources
        matches = targets.data.labels[:, None] == sources.data.labels
        matches &= targets.data.labels[:, None] != UNKNOWN
    else:
        source_rows = np.flatnonzero(part.data.sides == _SOURCE)
        targets, sources = part.take(target_rows), part.take(source_rows)
        matches = np.zeros((len(targets), len(sources)), bool)
        target_at, source_at = _places(target_rows, len(part)), _places(source_rows, len(part))
        links = part.data.pairs[part.data.same]
        for a, b in (links.T, links.T[::-1]):
            linked = (target_at[a] != UNKNOWN) & (source_at[b] != UNKNOWN)
            matches[target_at[a[linked]], source_at[b[linked]]] = True
    kept = np.flatnonzero(matches.any(axis=1))
    return targets.take(kept), sources, matches[kept]


def _places(rows: Ints, n: int) -> Ints:
    """(n,) where each row stands among these rows, or UNKNOWN."""
    places = np.full(n, UNKNOWN, np.int64)
    places[rows] = np.arange(len(rows))
    return places


def _by_class(part: Part) -> bool:
    return not len(part.data.pairs)


def _worst(targets: Part, sources: Part, scores: Floats, matches: Bools) -> tuple[Mistake, ...]:
    """Targets whose first answer is wrong, the surest first; and how low the true one scored."""
    best = scores.argmax(axis=1)
    rows = np.arange(len(targets))
    wrong = np.flatnonzero(~matches[rows, best])
    order = wrong[np.argsort(-scores[wrong, best[wrong]], kind="stable")][:WORST]
    made = [_mistake(targets, sources, scores, int(t), int(best[t]), same=False) for t in order]
    for t in order.tolist():
        true = int(np.where(matches[t], scores[t], -np.inf).argmax())
        made.append(_mistake(targets, sources, scores, t, true, same=True))
    return tuple(made)


def _mistake(
    targets: Part, sources: Part, scores: Floats, t: int, s: int, *, same: bool
) -> Mistake:
    return Mistake(
        targets.data.paths[t],
        sources.data.paths[s],
        float(scores[t, s]),
        same,
        _class_of(targets, t),
        _class_of(sources, s),
    )


def _class_of(part: Part, row: int) -> str:
    label = int(part.data.labels[row])
    return part.data.classes[label] if label != UNKNOWN else ""


def _lacks(bench: Bench) -> str:
    if not (bench.judged.data.sides == _TARGET).any():
        return "targets and sources: two folders of these names, or a list source,target"
    targets, sources, _ = _sides(bench)
    return "" if len(targets) and len(sources) > 1 else "targets with a source among several"


MATCHING = Protocol("matching", _lacks, matching)
