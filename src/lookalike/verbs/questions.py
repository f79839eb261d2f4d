"""`tune --ask`: which pairs to ask about, and what becomes of the answers."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from lookalike.nouns.answers import Answer, TuneReport
from lookalike.nouns.entry import Entry
from lookalike.nouns.errors import InputError
from lookalike.nouns.questions import Question, QuestionsReport
from lookalike.pages.questions_page import questions_page
from lookalike.verbs.copies import Judge
from lookalike.verbs.heeded import card_of
from lookalike.verbs.progress import Progress, silent
from lookalike.verbs.ready import Source, ready
from lookalike.verbs.shelf import Shelf
from lookalike.verbs.show import with_pictures, write_page
from lookalike.verbs.side import Side
from lookalike.verbs.tune import keep_answers, known_answers
from lookalike.verdicts.calibrate import EVEN_PRIOR
from lookalike.verdicts.decide import Priors

MOST = 20
"""Questions that a person answers in a few minutes."""

DOUBTFUL = 0.02
"""A chance below this, or as near to 1, leaves nothing to ask."""

EACH = 2
"""One picture is asked about so often at most: its pairs tell much the same."""


def questions(
    source: Source | str | Path, *, most: int = MOST, comparing: Progress = silent
) -> QuestionsReport:
    """The pairs about which your answer tells most: those nearest to as likely as not.

    Args:
        source: the collection, as a folder or with options.
        most: how many questions at most.
        comparing: called with steps done and steps to do, anew for each rung.

    Raises:
        InputError: no such folder, or fewer than one question is asked for.
    """
    if most < 1:
        raise InputError("At least one question must be asked for", where=str(most))
    asked = source if isinstance(source, Source) else Source(source)
    found: list[tuple[Entry, Entry, float]] = []
    with ready(asked) as (place, reader, model):
        shelf = Shelf.load(place, reader, comparing)
        priors = Priors.of_pair(len(shelf.rows))

        def doubtful(one: Entry, other: Entry, chance: float) -> None:
            found.append((one, other, chance))

        card = card_of(model, reader)
        judge = Judge(card, priors, EVEN_PRIOR, comparing, doubtful)
        side = Side(reader.entries, place.absolute)
        for one, other, verdict in judge.copies(shelf.candidates(card, priors), side, side):
            found.append((one, other, verdict.probability))
        known = {frozenset({answer.first, answer.second}) for answer in reader.answers()}
        new = [each for each in found if frozenset({each[0].digest, each[1].digest}) not in known]
    return QuestionsReport(place.folder, model.name, tuple(_chosen(new, most)))


def answer_questions(source: Source | str | Path, given: Sequence[Answer]) -> TuneReport:
    """Keep the answers to questions.

    Raises:
        BusyIndex: another process is writing the index.
    """
    with ready(source if isinstance(source, Source) else Source(source)) as (place, reader, _):
        return keep_answers(place, reader, given) if given else known_answers(place)


def save_questions(report: QuestionsReport, path: str | Path) -> Path:
    """Write the pictures of all questions side by side, as one page.

    Raises:
        InputError: the file cannot be written.
    """
    return write_page(with_pictures(lambda picture: questions_page(report, picture)), path)


def _chosen(found: list[tuple[Entry, Entry, float]], most: int) -> list[Question]:
    doubtful = [each for each in found if DOUBTFUL < each[2] < 1 - DOUBTFUL]
    doubtful.sort(key=lambda each: (abs(each[2] - EVEN_PRIOR), each[0].path, each[1].path))
    times: Counter[str] = Counter()
    chosen: list[Question] = []
    for one, other, chance in doubtful:
        if max(times[one.digest], times[other.digest]) < EACH and len(chosen) < most:
            times.update((one.digest, other.digest))
            chosen.append(Question(one.path, other.path, (one.digest, other.digest), chance))
    return chosen
