"""Trains the models of CIFAR-100, MNIST and Omniglot and judges them beside published figures.

    LOOKALIKE_DATA=FOLDER python benchmarks/quality/models.py [--only omniglot] [--runs FOLDER]

CIFAR-100 takes hours on two cores; broken off, the same command goes on. The ResNet-56 of the
published project is judged on the same pairs, triplets and episodes as ours.
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from trained import Row, arguments, measured, model, recipe, row, tell

from results import write_csv  # isort: skip

from lookalike.nouns.evaluation_report import EvaluationReport
from lookalike.nouns.recipe import Recipe
from lookalike.verbs.evaluate import evaluate
from lookalike.verbs.export import export
from lookalike.verbs.learned import read_learned
from lookalike.verbs.progress import silent

PUBLISHED = "published weights, 150 epochs"
UNSEEN = (
    "head.classes=false",
    "data.unseen_classes=0.1",
    "fit.epochs=12",
    "fit.sizes_px=[20, 32]",
)


def cifar100(options: argparse.Namespace) -> list[Row]:
    """All classes are trained on; the test pictures are new."""
    wanted = recipe("cifar100-classes")
    _, ours = model(wanted, options, "cifar100-classes")
    theirs = judged_published(wanted, options, "100-0")
    return [
        line
        for name, judged in (("ours", ours), (PUBLISHED, theirs))
        for line in (
            row(
                f"CIFAR-100, triplets, {name}",
                measured(judged, "triplets", "triplet accuracy, cosine"),
                "0.8909",
            ),
            row(
                f"CIFAR-100, pairs, {name}",
                measured(judged, "verification", "balanced accuracy"),
                "0.8241",
            ),
        )
    ]


def cifar100_unseen(options: argparse.Namespace) -> list[Row]:
    """Ten classes are never trained on, and judged alone; thresholds come from the others."""
    wanted = recipe("cifar100-classes", *UNSEEN)
    path, _ = model(wanted, options, "cifar100-unseen")
    data, _ = read_learned(wanted.data, progress=silent)
    kept = [data.rows("validation"), data.rows("test", seen=False), data.rows("train")]
    alone = data.take(np.sort(np.concatenate(kept)))
    theirs = exported(options, "90-10")
    return [
        line
        for name, file in (("ours", path), (PUBLISHED, theirs))
        for line in unseen_rows(name, evaluate(file, alone, judge=wanted.judge))
    ]


def unseen_rows(name: str, judged: EvaluationReport) -> list[Row]:
    """One-shot, pairs, and what always answering "different" reaches."""
    title = "CIFAR-100, 10 unseen classes"
    pairs = next(part for part in judged.judged if part.protocol == "verification")
    at_rate = next(m for m in pairs.measures if m.name.startswith("accuracy at"))
    return [
        *(
            row(f"{title}, {shot}, {name}", measured(judged, "one-shot", shot))
            for shot in ("5-way 1-shot", "10-way 1-shot")
        ),
        row(f"{title}, pairs, {name}", measured(judged, "verification", "balanced accuracy")),
        row(f"{title}, one pair in ten alike, {name}", at_rate, "0.8306 as few-shot"),
    ]


def judged_published(wanted: Recipe, options: argparse.Namespace, split: str) -> EvaluationReport:
    """The published network on the same pairs, triplets and episodes as ours."""
    data, _ = read_learned(wanted.data, progress=silent)
    return evaluate(exported(options, split), data, judge=wanted.judge)


def exported(options: argparse.Namespace, split: str) -> Path:
    """The published network as a model file."""
    file = f"cifar100_triplet_resnet56_{split}.npz"
    path: Path = options.runs / f"published-{split}.onnx"
    export(Path(os.environ["LOOKALIKE_DATA"], "weights", file), architecture="resnet56", out=path)
    return path


def mnist(options: argparse.Namespace) -> list[Row]:
    """Digits: are two of the same?"""
    _, judged = model(recipe("mnist-triplets"), options, "mnist-triplets")
    return [
        row("MNIST, pairs", measured(judged, "verification", "balanced accuracy")),
        row("MNIST, triplets", measured(judged, "triplets", "triplet accuracy, cosine")),
    ]


def omniglot(options: argparse.Namespace) -> list[Row]:
    """Characters of alphabets that were never trained on."""
    _, judged = model(recipe("omniglot-one-shot"), options, "omniglot-one-shot")
    published = "0.920 siamese (Koch 2015), 0.960 prototypical (Snell 2017)"
    part = next(part for part in judged.judged if part.protocol == "one-shot")
    return [
        row(f"Omniglot, {m.name}", m, published if "20" in m.name else "") for m in part.measures
    ]


WORKS: dict[str, Callable[[argparse.Namespace], list[Row]]] = {
    "mnist": mnist,
    "omniglot": omniglot,
    "cifar100": cifar100,
    "cifar100-unseen": cifar100_unseen,
}


def main() -> None:
    """Each part has a results file of its own."""
    options = arguments(__doc__ or "", tuple(WORKS))
    for name in options.only:
        rows = WORKS[name](options)
        tell(rows)
        if not options.quick:
            print(write_csv(f"{name}-quality", rows))


if __name__ == "__main__":
    main()
