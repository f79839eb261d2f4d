"""Poor photographs and their originals, as `match` answers: hashes, models, ensembles, `adapt`.

    LOOKALIKE_DATA=FOLDER python benchmarks/quality/photo_matching.py [--runs FOLDER]

The photographs of the ImageNet sample that `photo_split.py` keeps from all training are made poor
by `images.degrade` and looked for among their originals; then the real old photographs of the set
`historical`, among distractors. Each model alone, normalised and mirrored as `match` does, but
not laid over anything; then `match` as it comes, and with two models after `adapt`, which sees the
originals but none of the poor ones, and writes nothing where that does not help. The targets whose
original does not come first in `match` are named.
"""

import csv
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from encoder import COPIED, teacher
from photo_split import photos
from poor_photos import PUBLISHED, hash_rows, made_poor
from trained import BACKBONES, Row, arguments, row, tell

from results import write_csv  # isort: skip

from lookalike.datasets.read import read
from lookalike.nouns.match_options import MatchOptions
from lookalike.nouns.match_report import MatchReport
from lookalike.verbs.adapt import adapt
from lookalike.verbs.match import match

ADAPTED = ("built-in", BACKBONES[-1])
RIGHT = "answers right, 'no match' included"


@dataclass(frozen=True, slots=True)
class Question:
    """Poor pictures to be found among good ones.

    Attributes:
        title: of the rows.
        matched: folder of both, as `lookalike evaluate` reads it.
        targets: poor pictures.
        sources: good ones.
        truth: as `match` takes it.
    """

    title: str
    matched: Path
    targets: list[Path]
    sources: list[Path]
    truth: str | Path


def made_up(data: Path, runs: Path, quick: bool) -> Question:
    """Held-out photographs, made poor once."""
    folder = runs / ("photo-matching-quick" if quick else "photo-matching")
    if not folder.exists():
        held_out = [one for one in photos(data) if one.held_out and one.kind == COPIED]
        chosen = [data / one.path for one in held_out[:: 10 if quick else 1]]
        made_poor(chosen, runs / "photo-matching-draft").rename(folder)
    sides = [sorted((folder / side).iterdir()) for side in ("target", "source")]
    return Question("made poor", folder, *sides, "names")


def old(data: Path, runs: Path) -> Question:
    """Plates and prints, and what others made of them."""
    folder = data / "historical"
    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as file:
        pairs = [
            (folder / line["source"], folder / line["target"]) for line in csv.DictReader(file)
        ]
    sources, targets = (list(dict.fromkeys(side)) for side in zip(*pairs, strict=True))
    truth = runs / "historical-truth.csv"
    with truth.open("w", encoding="utf-8", newline="") as table:
        csv.writer(table).writerows([("source", "target"), *pairs])
    others = sorted((folder / "distractors").rglob("*.jpg"))
    return Question("old photographs", folder, targets, [*sources, *others], truth)


def answered(question: Question, name: str, options: MatchOptions) -> tuple[list[Row], MatchReport]:
    """Top-1, top-15 and right answers of one way to match."""
    report = match(question.targets, question.sources, options, truth=question.truth)
    rows = []
    for wanted in (*PUBLISHED, RIGHT):
        figure = next(measure for measure in report.measures if measure.name == wanted)
        rows.append(row(f"{question.title}, {name}, {wanted}", figure, PUBLISHED.get(wanted, "")))
    tell(rows)
    return rows, report


def adapted(question: Question, name: str, runs: Path) -> tuple[list[Row], Path | None]:
    """A model after it saw the originals; the file is None where it is no better for that."""
    folder = runs / "photo-matching-originals"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for source in question.sources:
        shutil.copy(source, folder)
    base = name if name == "built-in" else teacher(runs, name)
    report = adapt([folder], base, out=runs / f"adapted-{name}.onnx")
    title = f"{question.title}, adapt {name}, copies of held-out originals first"
    taken = "taken" if report.accepted else "not taken"
    rows = [
        row(f"{title}, before", report.before[0]),
        row(f"{title}, after: {taken}", report.after[0]),
    ]
    tell(rows)
    return rows, report.model


def alone(runs: Path) -> Iterator[tuple[str, MatchOptions]]:
    """Each model by itself, and the backbones together."""
    own: dict[str, tuple[str | Path, ...]] = {"classic": ("classic",), "built-in": ("built-in",)}
    own |= {name: (teacher(runs, name),) for name in BACKBONES}
    own["the three together"] = tuple(teacher(runs, name) for name in BACKBONES)
    for name, models in own.items():
        yield f"{name} alone", MatchOptions(top=15, models=models, verify=False)


def after_adapt(name: str, model: Path) -> Iterator[tuple[str, MatchOptions]]:
    """The adapted model by itself, and beside classic as `match` comes."""
    yield f"{name} adapted alone", MatchOptions(top=15, models=(model,), verify=False)
    both = (model, "classic")
    yield f"match, {name} adapted", MatchOptions(top=15, models=both)


AS_IT_COMES = (
    ("match without the look", MatchOptions(top=15, verify=False)),
    ("match", MatchOptions(top=15)),
)


def missed(report: MatchReport) -> None:
    """Names the targets whose original is not the first, and those where it is not listed."""
    for each in report.matched:
        places = [place for place, one in enumerate(each.candidates) if one.right]
        if not places or places[0] > 0:
            place = f"place {places[0] + 1}" if places else "not among the first 15"
            print(f"  {each.target.name}: {place}")


def main() -> None:
    """One results file."""
    options = arguments(__doc__ or "", ("hashes", "alone", "match", "adapt"))
    options.runs.mkdir(parents=True, exist_ok=True)
    data = Path(os.environ["LOOKALIKE_DATA"])
    rows: list[Row] = []
    for question in (made_up(data, options.runs, options.quick), old(data, options.runs)):
        ways: list[tuple[str, MatchOptions]] = []
        if "hashes" in options.only:
            hashes = hash_rows(question.title, read(question.matched))
            tell(hashes)
            rows += hashes
        if "alone" in options.only:
            ways += alone(options.runs)
        if "match" in options.only:
            ways += AS_IT_COMES
        for name in ADAPTED if "adapt" in options.only else ():
            learned, model = adapted(question, name, options.runs)
            rows += learned
            ways += [] if model is None else after_adapt(name, model)
        for way, how in ways:
            found, report = answered(question, way, how)
            rows += found
            if way == "match":
                missed(report)
    if not options.quick:
        print(write_csv("photo-matching-quality", rows))


if __name__ == "__main__":
    main()
