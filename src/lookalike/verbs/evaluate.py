"""`evaluate`: how well a model tells which pictures are alike, on pictures it was not made from."""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import numpy as np

from lookalike.datasets.leaks import class_leaks
from lookalike.encoders.choose import load_encoder
from lookalike.encoders.classic import ClassicEncoder
from lookalike.encoders.encoder import Encoder
from lookalike.nouns.errors import InputError
from lookalike.nouns.evaluation_report import Counted, EvaluationReport, Judged, Leak
from lookalike.nouns.labelled import PARTS, SIDES, Labelled
from lookalike.nouns.picture import Failure
from lookalike.nouns.recipe import DataPart, JudgePart, Layout
from lookalike.verbs.judge_bench import Bench, Part, Protocol
from lookalike.verbs.judge_classes import CLASSES, FEW_SHOT, RETRIEVAL, TRIPLETS
from lookalike.verbs.judge_copies import COPIES
from lookalike.verbs.judge_drawings import check_extra, save_evaluation
from lookalike.verbs.judge_look import Blind, look_at
from lookalike.verbs.judge_matching import MATCHING
from lookalike.verbs.judge_pairs import CALIBRATION, TRIOS, VERIFICATION
from lookalike.verbs.judge_parts import leaks_of, read_data, refuse, with_parts
from lookalike.verbs.progress import Progress, silent

PROTOCOLS: dict[str, Protocol] = {
    protocol.name: protocol
    for protocol in (
        *(VERIFICATION, TRIPLETS, TRIOS, FEW_SHOT, RETRIEVAL, CLASSES),
        *(MATCHING, COPIES, CALIBRATION),
    )
}
"""All ways of judging, by the names that `protocols` takes."""

_TEST, _VALIDATION, _TRAIN = (PARTS.index(part) for part in ("test", "validation", "train"))
_SOURCE, _TARGET = SIDES.index("source"), SIDES.index("target")


def evaluate(
    model: str | Path | Encoder,
    data: str | Path | Labelled | DataPart,
    *,
    judge: JudgePart | None = None,
    layout: Layout = "auto",
    seed: int = 0,
    whole: bool = False,
    allow_leaks: bool = False,
    lenient: bool = False,
    html: str | Path | None = None,
    progress: Progress = silent,
) -> EvaluationReport:
    """Judge a model by every protocol that the data allow.

    Every picture is read and embedded once. Thresholds are chosen on the validation part, figures
    come from the test part. Where the data have no parts they are split as training splits them
    with the same seed, so a model trained on the same data meets none of its training pictures.

    Args:
        model: name, one-file model or encoder.
        data: as `lookalike train` takes it: a folder, a list, the name of a standard set, or a
            recipe's data part, whose shares and seed then count.
        judge: protocols, and how much of everything; all that are possible unless named.
        layout: how the data are laid out.
        seed: of the split and of all drawing, unless `data` or `judge` bring their own.
        whole: the model was trained on none of these pictures, so all of them can be judged. So
            it always is with the model "classic", which learned nothing.
        allow_leaks: name judged pictures that the other parts know too, and leave them out,
            instead of refusing data that come with such parts.
        lenient: skip protocols that were named and that the data do not allow.
        html: also write the report as a page.
        progress: told of pictures read.

    Raises:
        InputError: the data cannot be read or do not allow a protocol that was named; a test
            part repeats pictures of the others.
        MissingExtra: `html` needs matplotlib and scikit-learn.
    """
    judge = judge or JudgePart(seed=seed)
    wanted = wanted_protocols(judge)
    if html is not None:
        check_extra()
    encoder = load_encoder(model) if isinstance(model, str | Path) else model
    untrained = whole or isinstance(encoder, ClassicEncoder)
    labelled, how, own_parts = _labelled(data, layout, seed, untrained)
    looked = _look(labelled, encoder, judge, progress)
    if own_parts and not allow_leaks:
        refuse(looked.leaks, labelled)
    judged, skipped = _run(wanted, looked.bench, strict=bool(judge.protocols) and not lenient)
    report = looked.report(judged, skipped, how)
    if html is not None:
        save_evaluation(report, looked.bench, html)
    return report


@dataclass(frozen=True, slots=True, eq=False)
class _Looked:
    """All pictures, what leaks taken out of those to be judged."""

    bench: Bench
    trained: Part
    leaks: tuple[Leak, ...]
    failed: tuple[Failure, ...]

    def report(
        self, judged: tuple[Judged, ...], skipped: tuple[tuple[str, str], ...], how: str
    ) -> EvaluationReport:
        """What the protocols found, and on what."""
        encoder, data = self.bench.encoder, self.bench.judged.data
        return EvaluationReport(
            model=encoder.name,
            fingerprint=encoder.fingerprint,
            data=data.name,
            root=data.root,
            counted=self._counted(),
            seed=self.bench.judge.seed,
            judged=judged,
            skipped=skipped,
            leaks=self.leaks,
            notes=(how,),
            failed=self.failed,
        )

    def _counted(self) -> Counted:
        """How many pictures serve what."""
        judged, validation = self.bench.judged, self.bench.validation
        classes = np.unique(judged.data.labels[judged.known])
        return Counted(
            pictures=len(judged) + len(validation) + len(self.trained),
            classes=len(classes),
            unseen=int(np.isin(classes, judged.data.unseen).sum()),
            train=len(self.trained),
            validation=len(validation),
            judged=len(judged),
        )


def wanted_protocols(judge: JudgePart) -> list[Protocol]:
    """The protocols that are named, or all.

    Raises:
        InputError: one of them is not known.
    """
    for name in judge.protocols:
        if name not in PROTOCOLS:
            near = get_close_matches(name, PROTOCOLS, 1)
            mend = f"did you mean {near[0]}?" if near else f"one of {', '.join(PROTOCOLS)}"
            raise InputError(f"There is no protocol {name!r}", where="protocols", mend=mend)
    return [PROTOCOLS[name] for name in dict.fromkeys(judge.protocols or PROTOCOLS)]


def _labelled(
    data: str | Path | Labelled | DataPart, layout: Layout, seed: int, whole: bool
) -> tuple[Labelled, str, bool]:
    """The data with parts, how these came about, and whether the data brought a test part."""
    shares = data if isinstance(data, DataPart) else DataPart(layout=layout, seed=seed)
    if isinstance(data, DataPart):
        data = data.source
    if not isinstance(data, Labelled):
        data = read_data(data, layout=shares.layout, seed=shares.seed)
    class_leaks(data)
    own = bool((data.parts == _TEST).any())
    return *with_parts(data, shares, whole=whole), own


def _look(data: Labelled, encoder: Encoder, judge: JudgePart, progress: Progress) -> _Looked:
    """Every picture once; leaks are found and taken out of what is judged."""
    by_class = bool((data.sides == _TARGET).any()) and not len(data.pairs)
    source = (data.sides == _SOURCE) & by_class
    embedded = np.isin(data.parts, (_TEST, _VALIDATION)) | source
    others = np.flatnonzero((data.parts == _TRAIN) & ~embedded)
    rows = np.flatnonzero(embedded)
    total = len(rows) + len(others)
    seen, failed = look_at(data.take(rows), encoder, progress=lambda n, _: progress(n, total))
    trained, more = look_at(
        data.take(others), Blind(), progress=lambda n, _: progress(len(rows) + n, total)
    )
    progress(total, total)
    if not (seen.data.parts == _TEST).any():
        raise InputError(
            "None of the pictures to be judged can be read",
            where=str(failed[0].path) if failed else str(data.root),
            mend="check the folder and the paths of the data",
        )
    leaks, leaking = leaks_of(seen, trained)
    clean = seen.take(np.setdiff1d(np.arange(len(seen)), leaking))
    sources = seen.take(np.flatnonzero((seen.data.sides == _SOURCE) & by_class))
    bench = Bench(clean.of("test"), clean.of("validation"), sources, encoder, judge, progress)
    return _Looked(bench, trained, leaks, (*failed, *more))


def _run(
    wanted: list[Protocol], bench: Bench, *, strict: bool
) -> tuple[tuple[Judged, ...], tuple[tuple[str, str], ...]]:
    """What each protocol found, and what the data lack for the others."""
    judged: list[Judged] = []
    skipped: list[tuple[str, str]] = []
    for protocol in wanted:
        if not (lack := protocol.lacks(bench)):
            judged.append(protocol.run(bench))
        elif strict:
            raise InputError(
                f"The protocol {protocol.name!r} cannot be run: the judged part lacks {lack}",
                where=bench.judged.data.name,
                mend="leave --protocol out to run all that the data allow",
            )
        else:
            skipped.append((protocol.name, lack))
    return tuple(judged), tuple(skipped)
