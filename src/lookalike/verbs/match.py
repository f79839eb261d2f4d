"""`match`: for each poor picture its original among many good ones, or that there is none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lookalike.encoders.choose import load_encoder
from lookalike.encoders.encoder import Encoder
from lookalike.images.views import N_WINDOWS, windows
from lookalike.neighbours.assign import UNASSIGNED, assign
from lookalike.nouns.embeddings import Bools, Floats, Ints
from lookalike.nouns.errors import UnreadableImage
from lookalike.nouns.match_options import DEFAULT_MODELS, MatchOptions
from lookalike.nouns.match_report import BY_LOOK, Candidate, Matched, MatchReport
from lookalike.nouns.measure import Measure
from lookalike.nouns.picture import Failure
from lookalike.nouns.verdict import Rung
from lookalike.verbs.in_memory import Query, as_files
from lookalike.verbs.looks import Looks, as_it_is, files_of, look_at_files
from lookalike.verbs.match_learn import COPIES, TargetViews, learn
from lookalike.verbs.match_look import Fits, lay_over
from lookalike.verbs.match_scores import Sources, check_size
from lookalike.verbs.match_truth import judge_matches, told_matches
from lookalike.verbs.progress import OnPhase, Progress, phase, silent, unnamed
from lookalike.verdicts.calibrate import EVEN_PRIOR
from lookalike.verdicts.decide import SURE
from lookalike.verdicts.originals import OriginalCurve, original_chances, standings
from lookalike.verdicts.overlay import placed_words

LAYOUT_ONLY = ("classic",)
"""Models that know layout and no things: where a target was cut, all of it has moved, so they look
at windows of the sources too. On 1,048 photographs that no model had learned, made poor, and 262
sources at a time, the first answer was right in 93.2 % of cases, without windows in 89.9 %; for
networks they gain less, and cost ten times as long."""

Named = str | Path | Sequence[str | Path]
"""A folder, a file, or several of them."""


def match(
    targets: Query | Sequence[Query],
    sources: Named,
    options: MatchOptions | None = None,
    *,
    truth: str | Path | None = None,
    progress: Progress = silent,
    on_phase: OnPhase = unnamed,
) -> MatchReport:
    """Find for each target the source that it shows, or that none of them is likely to be it.

    What a score means is learned on the spot: copies of some sources are made poor and looked for,
    once with and once without their original. No index is made and no file written.

    Args:
        targets: poor pictures, as files or folders; or from memory, as the bytes of a file, as
            Pillow has them, or as arrays of uint8 (h, w, 3).
        sources: good originals, as files or folders; at least two.
        options: how; the usual way where None.
        truth: "names" where files of one name belong together, or a table source,target; tells
            how many answers are right.
        progress: told of pictures read, anew in each phase.
        on_phase: told the name of each phase.

    Raises:
        InputError: no such file or folder, fewer than two sources, so many that memory would not
            hold them, or a truth that fits nothing.
        UnreadableImage: no target can be read.
    """
    with as_files(targets) as held:
        report = _match(held.paths, sources, options, truth, progress, on_phase)
        matched = (replace(each, target=held.told(each.target)) for each in report.matched)
        failed = held.told_failures(report.failed)
        return replace(report, matched=tuple(matched), failed=failed)


def _match(
    targets: Named,
    sources: Named,
    options: MatchOptions | None,
    truth: str | Path | None,
    progress: Progress,
    on_phase: OnPhase,
) -> MatchReport:
    how = options or MatchOptions()
    target_files, source_files = files_of(targets, "target"), files_of(sources, "source")
    behind_files = [] if how.background is None else files_of(how.background, "background picture")
    encoders = _encoders(how)
    views = TargetViews(how.views)

    def told(name: str) -> Progress:
        return phase(name, progress, on_phase)

    ways = [windows if encoder.name in LAYOUT_ONLY else as_it_is for encoder in encoders]
    widths = [e.d * (N_WINDOWS if e.name in LAYOUT_ONLY else 1) for e in encoders]
    check_size(max(len(target_files), COPIES), len(source_files), widths)
    originals = look_at_files(source_files, encoders, views=ways, progress=told("Reading sources"))
    behind = look_at_files(behind_files, encoders, progress=told("Reading the background"))
    looks = look_at_files(target_files, encoders, views=views.of, progress=told("Reading targets"))
    _check_targets(looks)
    background = behind if behind_files else None
    ready = Sources.of(originals, fuse=how.fuse, normalise=how.normalise, background=background)
    doing = told("Learning from poor copies")
    ready, curve = learn(ready, originals, encoders, views, how, doing)
    parts = ready.parts(looks)
    scores = ready.together(parts)
    matches = None if truth is None else told_matches(truth, looks.paths, originals.paths)
    fits = _verified(looks, originals, parts, scores, ready.twins, curve, how, told("Laying over"))
    answers = _Answers.of(scores, ready.twins, curve, fits, how)
    right = None if matches is None else answers.right(matches)
    return MatchReport(
        options=how,
        models=tuple(encoder.name for encoder in encoders),
        weights=tuple(ready.weights.tolist()),
        n_sources=len(originals),
        learned_on=curve.learned_on,
        matched=answers.listed(looks.paths, originals.paths, matches, right),
        measures=_judged(fits.ranks(scores, curve.usual), matches, right, how.top),
        failed=(*looks.failed, *originals.failed, *behind.failed),
        n_verified=fits.n_laid,
    )


def _verified(
    looks: Looks,
    originals: Looks,
    parts: Floats,
    scores: Floats,
    twins: Ints,
    curve: OriginalCurve,
    how: MatchOptions,
    progress: Progress,
) -> Fits:
    """How doubtful targets lie in their best sources; whatever the prior, the same are doubtful."""
    if not how.verify:
        return Fits.none()
    chances = original_chances(standings(scores, twins), curve, prior=EVEN_PRIOR)
    doubtful = chances.max(axis=1) < SURE
    mirrored = "mirror" in how.views
    files = looks.paths, originals.paths
    return lay_over(*files, scores, parts, doubtful, mirrored=mirrored, progress=progress)


def _judged(
    scores: Floats, matches: Bools | None, right: Bools | None, top: int
) -> tuple[Measure, ...]:
    if matches is None or right is None:
        return ()
    return judge_matches(scores, matches, right, top=top)


def _encoders(how: MatchOptions) -> list[Encoder]:
    models = how.models or DEFAULT_MODELS
    return [load_encoder(model, provider=how.provider) for model in models]


def _check_targets(looks: Looks) -> None:
    if not len(looks):
        first = looks.failed[0] if looks.failed else Failure(Path(), "There is no target")
        raise UnreadableImage(first.reason, where=str(first.path), mend="match other pictures")


@dataclass(frozen=True, slots=True, eq=False)
class _Answers:
    """What is said of t targets.

    Attributes:
        scores: (t, s).
        fits: what was laid over each other.
        chances: (t, s) P(original).
        order: (t, k) sources to list, best first.
        is_match: (t,) whether the first of them is called the original.
    """

    scores: Floats
    fits: Fits
    chances: Floats
    order: Ints
    is_match: Bools

    @classmethod
    def of(
        cls, scores: Floats, twins: Ints, curve: OriginalCurve, fits: Fits, how: MatchOptions
    ) -> "_Answers":
        rows = np.arange(len(scores))
        chances = original_chances(standings(scores, twins), curve, prior=how.prior)
        ranks = fits.ranks(scores, curve.usual)
        order = np.argsort(-ranks, axis=1, kind="stable")
        if how.one_to_one:
            given = assign(ranks, least=curve.usual)
            chances = original_chances(
                standings(scores, twins, _taken(given, scores.shape[1])), curve, prior=how.prior
            )
            order = _to_front(order, given)
        chances = fits.chances(chances, twins, prior=how.prior)
        first = order[:, 0]
        is_match = chances[rows, first] >= EVEN_PRIOR
        if how.one_to_one:
            is_match &= given != UNASSIGNED
        if how.mutual:
            is_match &= ranks.argmax(axis=0)[first] == rows
        return cls(scores, fits, chances, order[:, : how.top], is_match)

    def right(self, matches: Bools) -> Bools:
        """(t,) whether the answer is right: the true source, or rightly none."""
        first = matches[np.arange(len(matches)), self.order[:, 0]]
        return np.where(self.is_match, first, ~matches.any(axis=1))

    def _why(self, t: int, s: int) -> tuple[Rung, str]:
        fit = self.fits.found.get((t, s))
        if fit is None:
            return Rung.EMBEDDING, BY_LOOK
        turned = ", mirrored" if fit.mirrored else ""
        return Rung.GEOMETRY, f"{placed_words(fit)}{turned}"

    def listed(
        self,
        targets: Sequence[Path],
        sources: Sequence[Path],
        matches: Bools | None,
        right: Bools | None,
    ) -> tuple[Matched, ...]:
        """One for each target."""
        return tuple(
            Matched(
                path,
                tuple(
                    Candidate(
                        sources[s],
                        float(self.scores[t, s]),
                        float(self.chances[t, s]),
                        None if matches is None else bool(matches[t, s]),
                        *self._why(t, s),
                    )
                    for s in self.order[t].tolist()
                ),
                bool(self.is_match[t]),
                None if right is None else bool(right[t]),
            )
            for t, path in enumerate(targets)
        )


def _taken(given: Ints, n: int) -> Bools:
    """(t, n) sources that other targets have."""
    has = given[:, None] == np.arange(n)
    return np.asarray(has.any(axis=0) & ~has)


def _to_front(order: Ints, given: Ints) -> Ints:
    """The same with the source that each target was given in front."""
    moved = order.copy()
    for t in np.flatnonzero(given != UNASSIGNED).tolist():
        moved[t] = np.concatenate([[given[t]], order[t][order[t] != given[t]]])
    return moved
