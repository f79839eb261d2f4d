"""An evaluation in words, for the page and for the terminal."""

from lookalike.nouns.evaluation_report import EvaluationReport, Judged, Mistake
from lookalike.nouns.measure import Measure
from lookalike.pages.words import count, visible

_LOWER_IS_BETTER = ("error", "eer", "fnmr", "ece", "brier")

TITLES = {
    "verification": "Are two pictures alike?",
    "triplets": "Which of two pictures is nearer?",
    "trios": "Are at least two of three alike?",
    "one-shot": "Which class, from one example of each?",
    "retrieval": "Are the first hits of a search right?",
    "classes": "Which class is it?",
    "matching": "Which original is this a picture of?",
    "copies": "Which pictures are copies of each other?",
    "calibration": "Do the probabilities hold?",
}
"""What each protocol asks."""


def title_of(judged: Judged) -> str:
    """The question that a protocol asks."""
    return TITLES.get(judged.protocol, judged.protocol)


def share(value: float) -> str:
    """A figure in percent with one decimal."""
    return f"{100 * value:.1f} %"


def interval(measure: Measure) -> str:
    """The 95 % interval: "86.1 to 88.0 %"."""
    return f"{100 * measure.low:.1f} to {share(measure.high)}"


def baseline(measure: Measure) -> str:
    """What the trivial answer reaches, and what that is."""
    return f"{share(measure.baseline)} {measure.baseline_name}"


def is_error(measure: Measure) -> bool:
    """Whether a lower figure is better."""
    words = measure.name.lower().replace("-", " ").split()
    return any(word.startswith(_LOWER_IS_BETTER) for word in words)


def beats(measure: Measure) -> bool:
    """Whether the model is surely better than the trivial answer, or nothing could be."""
    if is_error(measure):
        if measure.baseline <= 0:
            return True
        return measure.high < measure.baseline
    return measure.low > measure.baseline


def evaluation_title(report: EvaluationReport) -> str:
    """Model and data."""
    return f"{visible(report.model)} on {visible(report.data)}"


def evaluation_sentence(report: EvaluationReport) -> str:
    """The first figure of the first protocol, beside its trivial baseline."""
    for judged in report.judged:
        for measure in judged.measures[:1]:
            return (
                f"{title_of(judged)} {measure.name[:1].upper()}{measure.name[1:]} "
                f"{share(measure.value)}, 95 % sure between {100 * measure.low:.1f} and "
                f"{share(measure.high)}; "
                f"{measure.baseline_name} has {share(measure.baseline)}."
            )
    return "Nothing could be judged."


def counted_sentence(report: EvaluationReport) -> str:
    """How many pictures were judged, and how many chose the thresholds."""
    n = report.counted
    text = f"{count(n.judged, 'picture')} judged"
    if n.classes:
        text += f", of {count(n.classes, 'class', 'classes')}"
    if n.unseen:
        text += f" ({n.unseen:,} never trained on)"
    if n.validation:
        text += f"; {n.validation:,} others chose the thresholds"
    if n.train:
        text += f"; {n.train:,} of the training part were looked at for leaks"
    return text + "."


def skipped_sentences(report: EvaluationReport) -> list[str]:
    """Which protocols were not run, those that lack the same together."""
    lacking: dict[str, list[str]] = {}
    for protocol, lack in report.skipped:
        lacking.setdefault(lack, []).append(protocol)
    return [f"{', '.join(names)}: the data lack {lack}" for lack, names in lacking.items()]


def mistake_sentence(mistake: Mistake) -> str:
    """What was wrong about a pair."""
    said = f"score {mistake.score:.3f}"
    if mistake.same:
        of = f", {visible(mistake.first_class)}" if mistake.first_class else ""
        return f"{said}, but the same{of}"
    if mistake.first_class and mistake.second_class:
        return f"{said}, but {visible(mistake.first_class)} and {visible(mistake.second_class)}"
    return f"{said}, but different"
