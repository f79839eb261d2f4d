"""All measures by name: what they take, which way is better, and what chance reaches."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np

from lookalike.metrics import retrieval_figures as of_ranks
from lookalike.metrics.arrays import Scores
from lookalike.metrics.classification import accuracy, macro_f1
from lookalike.metrics.clusters import chance_of_nmi, normalised_mutual_information
from lookalike.metrics.copies import (
    chance_of_micro_ap,
    micro_average_precision,
    recall_at_precision,
)
from lookalike.metrics.few_shot import few_shot_accuracy
from lookalike.metrics.group_figures import group_f1, group_precision, group_recall
from lookalike.metrics.matching import chance_of_top_n, top_n_accuracy
from lookalike.metrics.reliability import brier_score, expected_calibration_error
from lookalike.metrics.retrieval import Ranked, ranked
from lookalike.metrics.thresholds import (
    accuracy_at,
    balanced_accuracy_at,
    f1_at,
    precision_at,
    recall_at,
)
from lookalike.metrics.triplets import triplet_accuracy
from lookalike.metrics.verification import (
    average_precision,
    equal_error_rate,
    fnmr_at_fmr,
    roc_auc,
)
from lookalike.nouns.embeddings import Bools, Ints

Kind = Literal[
    "pairs", "probabilities", "triplets", "rankings", "matching", "episodes", "classes",
    "clusters", "groups",
]  # fmt: skip
"""What a measure takes: scores and answers of pairs (p,); probabilities and answers (p,); scores
of positives and negatives (t,); scores and relevance (q, n); scores and matches (t, s); scores
(e, m, w) and ways (e, m); answered and true classes (n,); clusters and classes (n,); found and
true groups (n,)."""

Figure = Callable[[Any, Any], float]


@dataclass(frozen=True, slots=True)
class Metric:
    """One measure.

    Attributes:
        kind: what its two arguments are.
        function: from these to the figure.
        direction: "up" where higher is better, "down" where lower is.
        baseline: from the same arguments to what the trivial answer reaches.
        baseline_name: what that is.
        ranking: whether only the order of the scores matters.
    """

    kind: Kind
    function: Figure
    direction: Literal["up", "down"]
    baseline: Figure
    baseline_name: str
    ranking: bool = True


THRESHOLD = 0.5
"""Where measures at a threshold put it in this table."""


def _always(value: float) -> Figure:
    return lambda first, second: value


def _part(scores: Scores, same: Bools) -> float:
    return float(same.mean())


def _best_constant(figure: Figure) -> Figure:
    """The better of calling all pairs alike and none."""

    def reached(scores: Scores, same: Bools) -> float:
        return max(figure(np.full(same.shape, answer), same) for answer in (0.0, 1.0))

    return reached


def _spread(told: Scores, same: Bools) -> float:
    part = float(same.mean())
    return part * (1 - part)


def _majority(figure: Figure) -> Figure:
    def reached(answers: Ints, truth: Ints) -> float:
        return figure(np.full(truth.shape, np.bincount(truth).argmax()), truth)

    return reached


def _one_group(figure: Figure) -> Figure:
    return lambda found, truth: figure(np.zeros(truth.shape, np.int64), truth)


def _of_ranks(figure: Callable[[Ranked], float], k: int | None = None) -> Figure:
    ks = (k,) if k else (1,)
    return lambda scores, relevant: figure(ranked(scores, relevant, ks=ks))


def _guess(scores: Any, answers: Ints) -> float:  # noqa: ANN401
    return 1 / int(scores.shape[2])


def _rank_metric(
    figure: Callable[..., float], chance: Callable[..., float], k: int | None = None
) -> Metric:
    deep = {} if k is None else {"k": k}
    base = deep if chance is of_ranks.chance_of_recall else {}
    return Metric(
        "rankings",
        _of_ranks(partial(figure, **deep), k),
        "up",
        _of_ranks(partial(chance, **base), k),
        "random order",
    )


def _at_threshold(figure: Callable[..., float]) -> Metric:
    function = partial(figure, threshold=THRESHOLD)
    return Metric(
        "pairs", function, "up", _best_constant(function), "always the same answer", ranking=False
    )


METRICS: dict[str, Metric] = {
    "accuracy": _at_threshold(accuracy_at),
    "balanced accuracy": _at_threshold(balanced_accuracy_at),
    "F1": _at_threshold(f1_at),
    "precision": _at_threshold(precision_at),
    "recall": _at_threshold(recall_at),
    "ROC-AUC": Metric("pairs", roc_auc, "up", _always(0.5), "at random"),
    "average precision": Metric("pairs", average_precision, "up", _part, "all scores equal"),
    "EER": Metric("pairs", equal_error_rate, "down", _always(0.5), "at random"),
    "FNMR at FMR 1 %": Metric(
        "pairs", partial(fnmr_at_fmr, fmr=0.01), "down", _always(0.99), "at random"
    ),
    "micro-AP": Metric("pairs", micro_average_precision, "up", chance_of_micro_ap, "random order"),
    **{
        f"recall at {100 * p:.4g} % precision": Metric(
            "pairs",
            partial(recall_at_precision, precision=p),
            "up",
            _best_constant(partial(recall_at_precision, precision=p)),
            "all pairs called copies",
        )
        for p in (0.9, 0.99)
    },
    "ECE": Metric(
        "probabilities",
        expected_calibration_error,
        "down",
        _always(0.0),
        "always the share of alike pairs",
        ranking=False,
    ),
    "Brier score": Metric(
        "probabilities",
        brier_score,
        "down",
        _spread,
        "always the share of alike pairs",
        ranking=False,
    ),
    "triplet accuracy": Metric("triplets", triplet_accuracy, "up", _always(0.5), "at random"),
    **{
        f"R@{k}": _rank_metric(of_ranks.recall_at_k, of_ranks.chance_of_recall, k)
        for k in (1, 5, 10)
    },
    **{
        f"precision@{k}": _rank_metric(of_ranks.precision_at_k, of_ranks.chance_of_r_precision, k)
        for k in (5, 10)
    },
    "MAP@R": _rank_metric(of_ranks.map_at_r, of_ranks.chance_of_map_at_r),
    "R-precision": _rank_metric(of_ranks.r_precision, of_ranks.chance_of_r_precision),
    "MRR": _rank_metric(of_ranks.mean_reciprocal_rank, of_ranks.chance_of_reciprocal_rank),
    "NMI": Metric(
        "clusters",
        normalised_mutual_information,
        "up",
        chance_of_nmi,
        "classes dealt out at random",
    ),
    **{
        f"top-{n}": Metric(
            "matching",
            partial(top_n_accuracy, n=n),
            "up",
            partial(chance_of_top_n, n=n),
            "at random",
        )
        for n in (1, 5, 15)
    },
    "few-shot accuracy": Metric("episodes", few_shot_accuracy, "up", _guess, "at random"),
    "class accuracy": Metric(
        "classes", accuracy, "up", _majority(accuracy), "always the most frequent class"
    ),
    "macro F1": Metric(
        "classes", macro_f1, "up", _majority(macro_f1), "always the most frequent class"
    ),
    **{
        name: Metric("groups", figure, "up", _one_group(figure), "all in one group")
        for name, figure in (
            ("group precision", group_precision),
            ("group recall", group_recall),
            ("group F1", group_f1),
        )
    },
}
