"""Verification, trios and calibration: is it one class or not, told from scores."""

from functools import partial

import numpy as np

from lookalike.datasets.sampling import draw_pairs, draw_trios
from lookalike.metrics.classification import classification_report
from lookalike.metrics.judged_pairs import judge_pairs
from lookalike.metrics.pair_scores import pair_scores
from lookalike.metrics.reliability import judge_probabilities, reliability_table
from lookalike.metrics.thresholds import choose_threshold
from lookalike.metrics.trios import trio_scores
from lookalike.nouns.card import Calibration
from lookalike.nouns.embeddings import Bools, Floats, Ints
from lookalike.nouns.evaluation_report import Judged, Mistake
from lookalike.nouns.exhibits import ClassReport, ScoredPairs
from lookalike.verbs.judge_bench import Bench, Part, Protocol
from lookalike.verdicts.calibrate import EVEN_PRIOR, probabilities, score_for

WORST = 8
"""Mistakes of each kind that are shown."""

RELATIONS = ("same class", "similar")
"""What a model may be calibrated for and what is judged here, the better one first."""


def verification(bench: Bench) -> Judged:
    """Balanced pairs, and the same figures at the share of alike pairs that the data have."""
    rows, same = pairs_of(bench.judged, bench.judge.pairs, bench.judge.seed)
    scores = pair_scores(bench.judged.vectors, rows)
    threshold, chosen = _threshold(bench)
    judge = partial(judge_pairs, threshold=threshold, pictures=rows, seed=bench.judge.seed)
    measures = judge(scores, same)
    notes = [f"The threshold {threshold:.4f} {chosen}."]
    listed = _listed(bench.judged)
    if not listed and 0 < (share := _alike_share(bench.judged)) < 1:
        measures += judge(scores, same, prevalence=share)
        notes.append(
            f"Of all pairs of the judged pictures {100 * share:.2g} % are alike; always answering "
            f"'different' is right for {100 * (1 - share):.2f} % of them."
        )
    name = "listed pairs" if listed else "balanced pairs"
    return Judged(
        "verification",
        f"{len(same):,} {name}, {int(same.sum()):,} of them alike.",
        measures,
        (
            ScoredPairs(name, scores, same, threshold),
            _report(name, scores, same, threshold, ("different", "same")),
        ),
        worst_pairs(bench.judged, rows, scores, same),
        tuple(notes),
    )


def trios(bench: Bench) -> Judged:
    """Are at least two of three pictures of one class?"""
    part, judge = bench.judged, bench.judge
    rows, same = draw_trios(part.data.labels, judge.triplets, judge.seed)
    scores = trio_scores(part.vectors, rows)
    chosen_on = bench.validation
    own_rows, own_same = draw_trios(chosen_on.data.labels, judge.triplets, judge.seed + 1)
    threshold = _chosen(trio_scores(chosen_on.vectors, own_rows), own_same, bench)
    return Judged(
        "trios",
        f"{len(same):,} trios, {int(same.sum()):,} of them with at least two of one class.",
        judge_pairs(scores, same, threshold=threshold, seed=judge.seed),
        (
            ScoredPairs("trios", scores, same, threshold),
            _report("trios", scores, same, threshold, ("all different", "at least two")),
        ),
        notes=(
            f"The threshold {threshold:.4f} was chosen on trios of the validation part.",
            "A trio's score is the highest of its three pairs.",
        ),
    )


def calibration(bench: Bench) -> Judged:
    """Do the probabilities that the model's card promises hold?"""
    curve = _calibration(bench)
    if curve is None:
        raise LookupError("a protocol was run that is not possible")
    rows, same = pairs_of(bench.judged, bench.judge.pairs, bench.judge.seed)
    scores = pair_scores(bench.judged.vectors, rows)
    told = probabilities(scores, curve, prior=EVEN_PRIOR)
    name = f"P({curve.relation}) of {len(same):,} pairs"
    return Judged(
        "calibration",
        f"{len(same):,} pairs, half of them alike, and what the card's curve for "
        f"{curve.relation!r} tells of each.",
        judge_probabilities(told, same, pictures=rows, seed=bench.judge.seed),
        (reliability_table(told, same, name=name),),
        notes=(f"The curve was fitted on {curve.learned_on}.",) if curve.learned_on else (),
    )


def pairs_of(part: Part, n: int, seed: int) -> tuple[Ints, Bools]:
    """The listed pairs where there are such, else balanced pairs drawn from the classes.

    Returns:
        (p, 2) rows of the part, and (p,) whether the two are alike.
    """
    if _listed(part):
        return part.data.pairs, part.data.same
    a, b, same = draw_pairs(part.data.labels, n, seed)
    return np.stack([a, b], axis=1), same


def worst_pairs(part: Part, rows: Ints, scores: Floats, same: Bools) -> tuple[Mistake, ...]:
    """Different pairs with the highest scores, and alike ones with the lowest; each pair once."""
    _, first = np.unique(np.sort(rows, axis=1), axis=0, return_index=True)
    made: list[Mistake] = []
    for kind, order in ((False, -scores), (True, scores)):
        those = first[same[first] == kind]
        worst = those[np.argsort(order[those], kind="stable")[:WORST]]
        made += [_mistake(part, rows[i], float(scores[i]), kind) for i in worst.tolist()]
    return tuple(made)


def _mistake(part: Part, rows: Ints, score: float, same: bool) -> Mistake:
    a, b = rows.tolist()
    paths, labels, classes = part.data.paths, part.data.labels, part.data.classes
    names = [classes[labels[row]] if labels[row] >= 0 else "" for row in (a, b)]
    return Mistake(paths[a], paths[b], score, same, *names)


def _listed(part: Part) -> bool:
    """Whether there are pairs of both kinds that somebody compared."""
    return not part.matched and bool(part.data.same.any() and not part.data.same.all())


def _threshold(bench: Bench) -> tuple[float, str]:
    """The threshold, and how it was chosen."""
    if _lacks_pairs(bench.validation) == "":
        rows, same = pairs_of(bench.validation, bench.judge.pairs, bench.judge.seed + 1)
        scores = pair_scores(bench.validation.vectors, rows)
        count = len(bench.validation)
        return (
            _chosen(scores, same, bench),
            f"was chosen on {len(same):,} pairs of {count:,} pictures of the validation part",
        )
    curve = _calibration(bench)
    if curve is None:
        raise LookupError("a protocol was run that is not possible")
    return (
        score_for(0.5, curve, prior=EVEN_PRIOR),
        f"is where the card's curve for {curve.relation!r} tells even odds",
    )


def _chosen(scores: Floats, same: Bools, bench: Bench) -> float:
    if wrong := bench.judge.wrong_at_most:
        return choose_threshold(scores, same, goal="precision", wrong_at_most=wrong)
    return choose_threshold(scores, same, goal="balanced accuracy")


def _report(
    name: str, scores: Floats, same: Bools, threshold: float, kinds: tuple[str, str]
) -> ClassReport:
    called = (scores >= threshold).astype(np.int64)
    return classification_report(same.astype(np.int64), called, kinds, name=name)


def _alike_share(part: Part) -> float:
    """Of all pairs of pictures of known class, how many are of one class."""
    counts = np.bincount(part.data.labels[part.known])
    n = int(counts.sum())
    return float((counts * (counts - 1)).sum() / (n * (n - 1))) if n > 1 else 0.0


def _calibration(bench: Bench) -> Calibration | None:
    found = (bench.encoder.card.calibration(relation) for relation in RELATIONS)
    return next((one for one in found if one is not None), None)


def _lacks_classes(part: Part, least: int = 3) -> str:
    present = len(np.unique(part.data.labels[part.known]))
    if present < least:
        return f"pictures of {'two' if least == 2 else 'three'} classes; there are {present}"
    return "" if len(part.repeated_classes()) else "two pictures of one class"


def _lacks_pairs(part: Part) -> str:
    return "" if _listed(part) else _lacks_classes(part, 2)


def _lacks_verification(bench: Bench) -> str:
    if what := _lacks_pairs(bench.judged):
        return what
    if _lacks_pairs(bench.validation) and _calibration(bench) is None:
        return "a validation part with pictures of two classes to choose the threshold on"
    return ""


def _lacks_trios(bench: Bench) -> str:
    if what := _lacks_classes(bench.judged):
        return what
    return f"a validation part with {what}" if (what := _lacks_classes(bench.validation)) else ""


def _lacks_calibration(bench: Bench) -> str:
    if what := _lacks_pairs(bench.judged):
        return what
    if _calibration(bench) is None:
        return "a model whose card has a calibration for 'same class' or 'similar'"
    return ""


VERIFICATION = Protocol("verification", _lacks_verification, verification)
TRIOS = Protocol("trios", _lacks_trios, trios)
CALIBRATION = Protocol("calibration", _lacks_calibration, calibration)
