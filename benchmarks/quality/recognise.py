"""One-shot recognition of classes that no model was trained on, and how many strangers it rejects.

    LOOKALIKE_DATA=FOLDER python benchmarks/quality/recognise.py [--runs FOLDER]

Needs the models `omniglot-one-shot` and `published-90-10.onnx` of models.py in the folder of runs.
Each of 500 episodes draws classes to know and as many others to reject; all were never trained on.
The threshold is learned from the examples of the episode alone, as `lookalike recognise` does.
Last, whether P(at least two of three are alike), as `lookalike compare A B C` tells it, holds.
"""

from pathlib import Path

import numpy as np
from trained import Row, arguments, recipe, row, tell

from results import write_csv  # isort: skip

from lookalike.datasets.sampling import draw_trios
from lookalike.encoders.choose import load_encoder
from lookalike.metrics.intervals import mean_interval, measured
from lookalike.neighbours.prototypes import class_scores, left_out_scores
from lookalike.nouns.card import ModelCard
from lookalike.nouns.embeddings import Floats, Ints
from lookalike.nouns.measure import Measure
from lookalike.verbs.judge_look import look_at
from lookalike.verbs.learned import read_parted
from lookalike.verbs.progress import silent
from lookalike.verdicts.calibrate import EVEN_PRIOR, probabilities
from lookalike.verdicts.reject import reject_threshold
from lookalike.verdicts.trio import arrangements

EPISODES, ASKED, SEED, TRIOS = 500, 2, 2, 6000
STATED = (0.9, 0.95)
SETS = {
    "omniglot": ("omniglot-one-shot", (), "omniglot-one-shot/omniglot-one-shot.onnx", (5, 20)),
    "cifar100": (
        "cifar100-classes",
        ("data.unseen_classes=0.1",),
        "published-90-10.onnx",
        (5,),
    ),
}
TITLES = {"omniglot": "Omniglot", "cifar100": "CIFAR-100, 10 unseen classes, published weights"}


def seen(name: str, runs: Path) -> tuple[Floats, Ints, ModelCard]:
    """Embeddings and classes of test pictures of classes never trained on, and the model's card."""
    known, settings, file, _ = SETS[name]
    data = read_parted(recipe(known, *settings).data)
    encoder = load_encoder(runs / file)
    part, _ = look_at(data.take(data.rows("test", seen=False)), encoder, progress=silent)
    return part.vectors, part.data.labels, encoder.card


def episodes(vectors: Floats, labels: Ints, ways: int, shots: int) -> dict[str, list[float]]:
    """For each episode the share of right classes, and at each stated rate what is rejected."""
    random = np.random.default_rng([SEED, ways, shots])
    classes = np.unique(labels)
    members = {c: np.flatnonzero(labels == c) for c in classes.tolist()}
    found: dict[str, list[float]] = {}
    for _ in range(EPISODES):
        drawn = random.choice(classes, 2 * ways, replace=False)
        rows = np.array([random.permutation(members[c])[: shots + ASKED] for c in drawn.tolist()])
        support, of = rows[:ways, :shots].ravel(), np.repeat(np.arange(ways), shots)
        known = left_out_scores(vectors[support], of, rule="prototype")
        asked = vectors[rows[:, shots:].ravel()]
        scores = class_scores(asked, vectors[support], of, rule="prototype")
        is_known = np.repeat(np.arange(2 * ways), ASKED) < ways
        right = scores.argmax(axis=1)[is_known] == np.repeat(np.arange(ways), ASKED)
        found.setdefault("class right", []).append(float(right.mean()))
        for rate in STATED:
            bound = reject_threshold(known, of[:, None] == np.arange(ways), rate=rate).threshold
            kept = scores.max(axis=1) > bound
            rejected = float(1 - kept[~is_known].mean())
            found.setdefault(f"strangers rejected at {rate}", []).append(rejected)
            answered = float((right & kept[is_known]).mean())
            found.setdefault(f"class right and kept at {rate}", []).append(answered)
    return found


def measure(name: str, each: list[float], ways: int) -> Measure:
    """The mean over episodes, with Student's interval."""
    values = np.array(each)
    low, high = mean_interval(values)
    baseline = (0.0, "rejecting nothing") if "rejected" in name else (1 / ways, "at random")
    interval = max(0.0, low), min(1.0, high)
    return measured(name, float(values.mean()), interval, baseline, len(each), fewest=len(each))


def few_shot_rows(name: str, vectors: Floats, labels: Ints) -> list[Row]:
    """A line for each figure of each number of ways and shots."""
    rows: list[Row] = []
    for ways in SETS[name][3]:
        for shots in (1, 5):
            title = f"{TITLES[name]}, {ways}-way {shots}-shot"
            for what, each in episodes(vectors, labels, ways, shots).items():
                words, _, rate = what.partition(" at ")
                stated = f"{rate} stated" if "rejected" in what else ""
                at = f" (rejecting {100 * float(rate):.0f} %)" if rate else ""
                rows.append(row(f"{title}, {words}{at}", measure(words, each, ways), stated))
    return rows


def trio_rows(vectors: Floats, labels: Ints, card: ModelCard) -> list[Row]:
    """Of trios told to have two alike with 0.5 to 0.9, the share that has, told in two ways."""
    curve = card.calibration("same class")
    if curve is None:
        return []
    trios, same = draw_trios(labels, TRIOS, SEED)
    sides = np.stack([(vectors[trios[:, a]] * vectors[trios[:, b]]).sum(axis=1) for a, b in _PAIRS])
    pairs = probabilities(sides.astype(np.float32), curve, prior=EVEN_PRIOR).T
    whole = np.array([1 - arrangements((a, b, c))["none"] for a, b, c in pairs.tolist()])
    rows: list[Row] = []
    for way, told in (("all five arrangements", whole), ("the most alike pair", pairs.max(axis=1))):
        doubtful = (told >= 0.5) & (told < 0.9)
        right = same[doubtful].astype(np.float64)
        figure = measured(
            way,
            float(right.mean()),
            mean_interval(right),
            (0.5, "always the same answer"),
            len(right),
            fewest=len(right),
        )
        promise = f"{told[doubtful].mean():.3f} promised"
        rows.append(row(f"Omniglot, trios told to have two alike by {way}", figure, promise))
    return rows


_PAIRS = ((0, 1), (0, 2), (1, 2))


def main() -> None:
    """One results file."""
    options = arguments(__doc__ or "", tuple(SETS))
    rows: list[Row] = []
    for name in options.only:
        vectors, labels, card = seen(name, options.runs)
        rows += few_shot_rows(name, vectors, labels)
        if name == "omniglot":
            rows += trio_rows(vectors, labels, card)
    tell(rows)
    if not options.quick:
        print(write_csv("recognise-quality", rows))


if __name__ == "__main__":
    main()
