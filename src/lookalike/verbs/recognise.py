"""`recognise`: which class a picture is of, known from one example or a few, or none of them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lookalike.encoders.choose import DEFAULT_MODEL, load_encoder
from lookalike.encoders.encoder import Encoder
from lookalike.metrics.intervals import measured, wilson
from lookalike.nouns.embeddings import Bools, Floats, Ints
from lookalike.nouns.errors import InputError, UnreadableImage
from lookalike.nouns.measure import Measure
from lookalike.nouns.picture import Failure
from lookalike.nouns.recognise_report import (
    NONE_OF_THESE,
    Guess,
    Recognised,
    RecogniseOptions,
    RecogniseReport,
)
from lookalike.verbs.looks import Looks, files_of, look_at_files
from lookalike.verbs.progress import OnPhase, Progress, phase, silent, unnamed
from lookalike.verbs.support import Examples, Support, learn
from lookalike.verdicts.originals import original_chances, standings
from lookalike.verdicts.reject import Rejection, reject_threshold

ALL_BUT_COPIES = 0.99
"""A threshold above this leaves nothing but copies."""

BY_FOLDER = "folders"
"""The truth that a picture is of the class that its folder is named after."""


def recognise(
    examples: Examples,
    queries: str | Path | Sequence[str | Path],
    options: RecogniseOptions | None = None,
    *,
    truth: str | None = None,
    encoder: Encoder | None = None,
    progress: Progress = silent,
    on_phase: OnPhase = unnamed,
) -> RecogniseReport:
    """Say which class each picture is of, or that it is of none.

    No model is trained. The stated share of pictures of no class is rejected: from which score on
    a picture is of a class at all is learned from the examples, each of which is a stranger to all
    classes but its own. No index is made and no file written.

    Args:
        examples: a folder with a folder or a file a class, or the files of each class by its name.
        queries: pictures, as files or folders.
        options: how; the usual way where None.
        truth: "folders" where each query lies in a folder named after its class, which is none of
            the classes where it has another name; tells how many answers are right.
        encoder: a model that is loaded already, in place of the one that the options name.
        progress: told of pictures read, anew in each phase.
        on_phase: told the name of each phase.

    Raises:
        InputError: no such file or folder, fewer than two classes (to reject, three), or an
            unknown truth.
        UnreadableImage: none of the queries can be read.
    """
    how = options or RecogniseOptions()
    _check_truth(truth)
    files = files_of(queries, "picture")
    encoder = encoder or load_encoder(how.model or DEFAULT_MODEL, provider=how.provider)
    reading = phase("Reading examples", progress, on_phase)
    support = Support.look(examples, encoder, progress=reading)
    looks = look_at_files(files, [encoder], progress=phase("Reading pictures", progress, on_phase))
    _check(looks)
    known, curve, told = learn(support, encoder, how.rule, how.seed)
    rejection = _rejection(known, support.labels, how.reject)
    vectors = np.ascontiguousarray(looks.vectors[0][:, 0])
    scores = support.scores(vectors, how.rule)
    places = np.arange(len(support.classes))
    chances = original_chances(standings(scores, places), curve, prior=how.prior)
    threshold = rejection.threshold if rejection else None
    kept = np.ones(len(scores), bool) if threshold is None else scores.max(axis=1) > threshold
    truths = None if truth is None else _truths(looks.paths, support.classes)
    recognised = _recognised(looks, support, scores, chances, kept, truths, how.top)
    return RecogniseReport(
        options=how,
        model=encoder.name,
        classes=support.counts(),
        threshold=threshold,
        rejects_by=_rests_on(rejection),
        learned_on=told,
        recognised=recognised,
        measures=_judged(recognised, len(support.classes)) if truth else (),
        failed=(*support.failed, *looks.failed),
    )


def _check_truth(truth: str | None) -> None:
    if truth not in (None, BY_FOLDER):
        raise InputError(f"There is no truth {truth!r}", mend=f"'{BY_FOLDER}'")


def _check(looks: Looks) -> None:
    if not len(looks):
        first = looks.failed[0] if looks.failed else Failure(Path(), "There is no picture")
        raise UnreadableImage(first.reason, where=str(first.path), mend="name other pictures")


def _rejection(scores: Floats, labels: Ints, rate: float) -> Rejection | None:
    own = labels[:, None] == np.arange(scores.shape[1])
    return reject_threshold(scores, own, rate=rate) if rate else None


def _rests_on(rejection: Rejection | None) -> str:
    if rejection is None:
        return ""
    classes = f"how alike the classes are, two by two ({rejection.pairs:,} times)"
    if not rejection.needed:
        return f"shown by {classes}"
    told = (
        f"estimated from {classes}, which shows {100 * rejection.shown:.0f} %; "
        f"{rejection.needed:,} classes would show it"
    )
    if rejection.threshold > ALL_BUT_COPIES:
        return f"{told}. So few classes leave only copies of an example to be of its class"
    return told


def _truths(paths: Sequence[Path], classes: Sequence[str]) -> list[str]:
    names = set(classes)
    found = [path.absolute().parent.name for path in paths]
    return [name if name in names else NONE_OF_THESE for name in found]


def _recognised(
    looks: Looks,
    support: Support,
    scores: Floats,
    chances: Floats,
    kept: Bools,
    truths: list[str] | None,
    top: int,
) -> tuple[Recognised, ...]:
    order = np.argsort(-scores, axis=1, kind="stable")[:, :top]
    nearest = support.nearest_examples(np.ascontiguousarray(looks.vectors[0][:, 0]))
    return tuple(
        Recognised(
            path,
            tuple(
                Guess(
                    support.classes[label],
                    float(scores[row, label]),
                    float(chances[row, label]),
                    support.paths[nearest[row, label]],
                )
                for label in order[row].tolist()
            ),
            bool(kept[row]),
            None if truths is None else truths[row],
        )
        for row, path in enumerate(looks.paths)
    )


def _judged(recognised: Sequence[Recognised], classes: int) -> tuple[Measure, ...]:
    """How many are right: of the known classes without and with rejecting, and of the others."""
    known = [each for each in recognised if each.truth != NONE_OF_THESE]
    others = [each for each in recognised if each.truth == NONE_OF_THESE]
    chance = (1 / classes, "at random")
    parts = (
        ("class right, nothing rejected", [e.guesses[0].name == e.truth for e in known], chance),
        ("class right and not rejected", [e.right is True for e in known], chance),
        ("of no class, rejected", [not e.is_known for e in others], (0.0, "rejecting nothing")),
        (
            "answers right",
            [e.right is True for e in recognised],
            (len(others) / len(recognised), f"always '{NONE_OF_THESE}'"),
        ),
    )
    return tuple(_share(name, right, baseline) for name, right, baseline in parts if right)


def _share(name: str, right: Sequence[bool], baseline: tuple[float, str]) -> Measure:
    n, hits = len(right), sum(right)
    return measured(name, hits / n, wilson(hits, n), baseline, n, fewest=n)
