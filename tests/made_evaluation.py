"""An evaluation made by hand, for tests of what shows it."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from lookalike.nouns.evaluation_report import Counted, EvaluationReport, Judged, Leak, Mistake
from lookalike.nouns.exhibits import ClassReport, Curve, ReportLine, ScoredPairs
from lookalike.nouns.measure import Measure
from lookalike.nouns.picture import Failure


def mistake(first, second, score, same, first_class, second_class) -> Mistake:
    return Mistake(first, second, score, same, first_class, second_class)


def a_curve() -> Curve:
    share = np.array([0.5, 0.7, 0.8])
    return Curve(
        "model",
        np.array([1, 2, 3]),
        share,
        share - 0.1,
        share + 0.1,
        share / 9,
        "at random",
    )


def a_class_report(classes=("different", "same")) -> ClassReport:
    names = (*classes, "macro average", "weighted average")
    lines = tuple(ReportLine(name, 0.81, 0.79, 0.8, 5_000) for name in names)
    return ClassReport("balanced pairs", lines, 0.8, 10_000)


def _verification(folder: str) -> Judged:
    scores = np.linspace(-0.2, 0.93, 40, dtype=np.float32)
    pairs = ScoredPairs("balanced pairs", scores, scores > 0.4, 0.31)
    return Judged(
        "verification",
        "10,000 balanced pairs, 5,000 of them alike.",
        (
            Measure("accuracy", 0.8, 0.78, 0.82, 0.5, "always alike", 10_000),
            Measure("EER", 0.21, 0.19, 0.23, 0.5, "at random", 10_000),
            Measure("accuracy at 2 % alike", 0.9, 0.89, 0.91, 0.98, "always different", 10_000),
        ),
        (pairs, a_class_report()),
        (
            mistake(f"daisy/{folder}", "tulips/a.jpg", 0.93, False, "daisy", "tulips"),
            mistake("tulips/a.jpg", "tulips/b.jpg", -0.2, True, "tulips", "tulips"),
        ),
        ("The threshold 0.3100 was chosen on 10,000 pairs of the validation part.",),
    )


def an_evaluation(name: str = "flowers") -> EvaluationReport:
    matching = Judged(
        "matching",
        "8 targets against 10 sources, matched by the listed pairs.",
        (
            Measure("top-1", 0.625, 0.306, 0.863, 0.1, "at random", 8),
            Measure("top-1, beside the hash", 0.625, 0.306, 0.863, 0.5, "perceptual hash", 8),
        ),
        (a_curve(),),
    )
    return EvaluationReport(
        model="tiny",
        fingerprint="0123456789abcdef",
        data=name,
        root=Path(f"/pictures/{name}"),
        counted=Counted(60, 4, 1, 20, 12, 28),
        seed=0,
        judged=(_verification(name), matching),
        skipped=(("trios", "pictures of three classes; there are 2"),),
        leaks=(Leak("near-duplicate", f"test/{name}", "train/rose.jpg", "train"),),
        notes=("The test part is that of the data.",),
        failed=(Failure(Path("torn.jpg"), "The JPEG file is cut short"),),
    )


def a_large_evaluation() -> EvaluationReport:
    report = an_evaluation()
    many = tuple(f"class {place}" for place in range(300))
    classes = replace(report.judged[0], exhibits=(a_class_report(many),))
    return replace(
        report,
        judged=(classes,),
        leaks=tuple(replace(report.leaks[0], judged=f"{place}.jpg") for place in range(300)),
        failed=report.failed * 300,
    )
