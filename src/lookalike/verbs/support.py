"""The examples that classes are known by, and what a score with them means."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np

from lookalike.encoders.encoder import Encoder
from lookalike.images.edits import EDITS, LEAST_SIDE_PX
from lookalike.neighbours.prototypes import class_scores, left_out_scores
from lookalike.nouns.embeddings import Bytes, Floats, Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.picture import Failure
from lookalike.nouns.recognise_report import Rule
from lookalike.verbs.looks import files_of, look_at_files
from lookalike.verbs.progress import Progress, silent
from lookalike.verdicts.originals import OriginalCurve, fit_originals

Named = str | Path | Sequence[str | Path]
Examples = str | Path | Mapping[str, Named]
"""A folder with a folder or a file a class, or the files of each class by its name."""

COPIES = ("tilt_cropped", "crop_75", "brightness_contrast", "blur")
"""What is done to a single example to see how high another picture of its class may score."""

LEAST_REPEATED = 10
"""Examples that have a fellow in their class: with fewer the model's card knows more."""

LEAST_SCORES = 6
"""Scores of examples with other classes: fewer do not tell how they spread."""

DRAWN = 400
"""Scores drawn by the card's curve, at least."""


@dataclass(frozen=True, slots=True, eq=False)
class Support:
    """n examples of c classes.

    Attributes:
        classes: c names.
        paths: n files.
        labels: (n,) places in `classes`.
        vectors: (n, d).
        failed: examples that could not be read.
    """

    classes: tuple[str, ...]
    paths: tuple[Path, ...]
    labels: Ints
    vectors: Floats
    failed: tuple[Failure, ...]

    @classmethod
    def look(cls, examples: Examples, encoder: Encoder, *, progress: Progress) -> "Support":
        """Read the examples.

        Raises:
            InputError: fewer than two classes with an example that can be read.
        """
        named = _by_class(examples)
        files = [path for paths in named.values() for path in paths]
        looks = look_at_files(files, [encoder], progress=progress)
        seen = {path: row for row, path in enumerate(looks.paths)}
        names = sorted(name for name in named if any(path in seen for path in named[name]))
        if len(names) < 2:
            raise _too_few(len(names), looks.failed)
        kept = [
            (label, path)
            for label, name in enumerate(names)
            for path in named[name]
            if path in seen
        ]
        rows = np.array([seen[path] for _, path in kept], np.int64)
        return cls(
            tuple(names),
            tuple(path for _, path in kept),
            np.array([label for label, _ in kept], np.int64),
            np.ascontiguousarray(looks.vectors[0][rows, 0]),
            looks.failed,
        )

    def counts(self) -> tuple[tuple[str, int], ...]:
        """Each class with its number of examples."""
        many = np.bincount(self.labels, minlength=len(self.classes)).tolist()
        return tuple(zip(self.classes, many, strict=True))

    def scores(self, queries: Floats, rule: Rule) -> Floats:
        """(q, c) of queries (q, d) with each class."""
        return class_scores(queries, self.vectors, self.labels, rule=rule)

    def nearest_examples(self, queries: Floats) -> Ints:
        """(q, c) the row of the nearest example of each class."""
        each = queries @ self.vectors.T
        found = np.empty((len(queries), len(self.classes)), np.int64)
        for label in range(len(self.classes)):
            rows = np.flatnonzero(self.labels == label)
            found[:, label] = rows[each[:, rows].argmax(axis=1)]
        return found


def learn(
    support: Support, encoder: Encoder, rule: Rule, seed: int
) -> tuple[Floats, OriginalCurve, str]:
    """What scores mean, from the examples as if each were asked for.

    How high a picture scores with its own class comes from the other examples of the class; where
    classes have one example each, from the model's card if it knows, else from edited copies.

    Returns:
        (n, c) scores of examples with classes, the curve of the probabilities, and what it was
        learned on, in words.
    """
    left_out = left_out_scores(support.vectors, support.labels, rule=rule)
    alone = np.isnan(left_out).any(axis=1)
    rows = np.arange(len(left_out))
    if (~alone).sum() >= LEAST_REPEATED or not alone.any():
        rows = rows[~alone]
        own = left_out[rows, support.labels[rows]]
        told = f"{len(rows):,} examples, each left out in turn"
    elif (drawn := _by_card(left_out, support.labels, encoder, seed)) is not None:
        rows, own = drawn
        told = f"what the card of {encoder.name} says of two pictures of one class"
    else:
        rows, own = _by_copies(support, encoder, rule, seed)
        told = f"edited copies of {len(left_out):,} examples"
    labels = support.labels[rows]
    asked = left_out[rows]
    asked[np.arange(len(rows)), labels] = own
    return left_out, fit_originals(asked, np.arange(len(support.classes)), labels), told


def _by_card(
    scores: Floats, labels: Ints, encoder: Encoder, seed: int
) -> tuple[Ints, Floats] | None:
    """Scores of second examples with their own class, drawn as the card's curve has them.

    If scores of pictures of two classes are normal and the odds of one class rise by exp(slope *
    score), scores of pictures of one class are normal too, higher by slope * variance.

    Returns:
        (x,) rows of examples and (x,) scores; None where the card knows nothing.
    """
    known = (encoder.card.calibration(name) for name in ("same class", "similar"))
    curve = next((one for one in known if one is not None), None)
    others = scores[labels[:, None] != np.arange(scores.shape[1])]
    if curve is None or len(others) < LEAST_SCORES:
        return None
    rows = np.repeat(np.arange(len(scores)), math.ceil(DRAWN / len(scores)))
    mean, spread = float(others.mean()), float(others.std())
    chance = np.random.default_rng(seed)
    drawn = chance.normal(mean + curve.slope * spread**2, spread, len(rows))
    return rows, np.asarray(np.minimum(drawn, 1), np.float32)


def _by_copies(support: Support, encoder: Encoder, rule: Rule, seed: int) -> tuple[Ints, Floats]:
    """Scores of edited copies of each example with its own class, and the examples' rows."""

    def views(pixels: Bytes) -> list[Bytes]:
        if min(pixels.shape[:2]) < LEAST_SIDE_PX:
            return [pixels] * len(COPIES)
        chance = crc32(pixels.tobytes()) ^ seed
        return [EDITS[name](pixels, chance) for name in COPIES]

    looks = look_at_files(support.paths, [encoder], views=views, progress=silent)
    place = {path: row for row, path in enumerate(support.paths)}
    rows = np.repeat([place[path] for path in looks.paths], len(COPIES))
    copies = looks.vectors[0].reshape(len(rows), -1)
    scores = support.scores(copies, rule)
    return rows, scores[np.arange(len(rows)), support.labels[rows]]


def _by_class(examples: Examples) -> dict[str, list[Path]]:
    if isinstance(examples, Mapping):
        named = {name: files_of(files, "example") for name, files in examples.items()}
    else:
        named = _of_folder(Path(examples).expanduser())
    return named


def _too_few(n: int, failed: Sequence[Failure]) -> InputError:
    return InputError(
        "Two classes or more are needed, with an example that can be read",
        where=f"{n} found",
        mend=f"{failed[0].path}: {failed[0].reason}"
        if failed
        else "a folder a class, or a picture a class, in one folder",
    )


def _of_folder(folder: Path) -> dict[str, list[Path]]:
    """Folders are classes; a picture beside them is a class of its own, by its name."""
    if folder.is_file():
        raise InputError("The examples are a file, not a folder", where=str(folder))
    named: dict[str, list[Path]] = {}
    for path in files_of(folder, "example"):
        inside = path.relative_to(folder)
        name = inside.parts[0] if len(inside.parts) > 1 else inside.stem
        named.setdefault(name, []).append(path)
    return named
