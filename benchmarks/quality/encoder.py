"""Encoders beside each other: copies, likeness and poor photographs, on pictures none has learned.

    LOOKALIKE_DATA=FOLDER python benchmarks/quality/encoder.py [--models FILE ...] [--runs FOLDER]

The pictures are those that `photo_split.py` holds out. Copies: 13 edits of each held-out picture
of the ImageNet sample are looked for among all held-out pictures. Likeness: the nearest
other picture of the same set, and the vote of the five nearest. Poor photographs: the same
pictures as `images.degrade` leaves them, looked for among their originals. Beside the built-in
encoder and the FILEs stand the frozen backbones with weights in LOOKALIKE_DATA/weights, the classic
descriptor, and every perceptual hash in the better of eight orientations; the baseline of each
figure is chance, and of likeness the largest class.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import numpy as np
from photo_split import PHOTOGRAPHS, SMALL, Photo, photos
from trained import BACKBONES, Row, row, tell

sys.path.insert(0, str(Path(__file__).parents[1]))
from results import write_csv

from lookalike.encoders.choose import load_encoder
from lookalike.encoders.encoder import Encoder
from lookalike.images.decode import read_picture
from lookalike.images.degrade import degrade
from lookalike.images.edits import EDITS
from lookalike.images.hashes import HASHES, hash_orientations
from lookalike.metrics.copies import background_shift, judge_copies
from lookalike.metrics.intervals import wilson
from lookalike.metrics.matching import judge_matching
from lookalike.nouns.embeddings import Bools, Bytes, Floats, Ints
from lookalike.nouns.measure import Measure
from lookalike.verbs.export import export

BUILT_IN = Path(__file__).parents[2] / "src" / "lookalike" / "encoders" / "built_in.onnx"
COPIED = PHOTOGRAPHS[0]
LABELLED = PHOTOGRAPHS[1:]
KINDS = (
    "jpeg_low",
    "quarter_size",
    "mirror",
    "quarter_turn",
    "tilt",
    "crop_75",
    "crop_40",
    "colour_shift",
    "sepia_blur",
    "blur",
    "caption",
    "screenshot",
    "combination",
)
REPORTED = 20
NEIGHBOURS = 5
BACKGROUND = 2000
CHUNK = 16

Scorer = Callable[[Floats | Bytes, Floats | Bytes], Floats]


@dataclass(slots=True)
class Contestant:
    """Something that turns pictures into what can be compared.

    Attributes:
        name: in the results.
        see: pictures -> (n, ...) descriptions.
        score: descriptions of queries and of a library -> (q, n), higher is more alike.
        size_bytes: of its file; 0 where there is none.
        seconds: spent in `see`.
        seen: pictures that went through `see`.
    """

    name: str
    see: Callable[[Sequence[Bytes]], Floats | Bytes]
    score: Scorer
    size_bytes: int = 0
    seconds: float = 0.0
    seen: int = 0
    parts: list[Floats | Bytes] = field(default_factory=list)

    @property
    def is_network(self) -> bool:
        """Whether its descriptions are vectors of any likeness, and no hash."""
        return self.score is cosine

    def take(self, pictures: Sequence[Bytes]) -> None:
        """Describes some more pictures."""
        began = perf_counter()
        self.parts.append(self.see(pictures))
        self.seconds += perf_counter() - began
        self.seen += len(pictures)

    def given(self) -> Floats | Bytes:
        """All descriptions since the last call."""
        whole, self.parts = np.concatenate(self.parts), []
        return whole


def cosine(queries: Floats | Bytes, library: Floats | Bytes) -> Floats:
    """(q, n) of unit vectors."""
    return np.asarray(queries @ library.T, np.float32)


def nearest_turn(queries: Floats | Bytes, library: Floats | Bytes) -> Floats:
    """Minus the bits that differ between a hash in the better of eight orientations and another."""
    scores = np.empty((len(queries), len(library)), np.float32)
    for place, turned in enumerate(queries):
        differ = np.bitwise_count(turned[:, None] ^ library[None, :, 0]).sum(axis=2, dtype=np.int32)
        scores[place] = -differ.min(axis=0)
    return scores


def contestants(options: argparse.Namespace) -> list[Contestant]:
    """The built-in encoder, models given, backbones, classic, and hashes."""
    teachers = [teacher(options.runs, name) for name in BACKBONES]
    files = [BUILT_IN, *options.models, *teachers]
    encoders: list[tuple[Encoder, int]] = [
        (load_encoder(str(file), provider="cpu"), file.stat().st_size) for file in files
    ]
    encoders.append((load_encoder("classic"), 0))
    named = [Contestant(one.name, one.encode, cosine, size) for one, size in encoders]
    hashes = [Contestant(f"{kind} hash", hashed(kind), nearest_turn) for kind in HASHES]
    return named + hashes


def hashed(kind: str) -> Callable[[Sequence[Bytes]], Bytes]:
    """(n, 8, bytes) of pictures, by one hash."""
    return lambda pictures: np.stack([hash_orientations(pixels, kind) for pixels in pictures])


def teacher(runs: Path, name: str) -> Path:
    """A frozen backbone as a model file, made once."""
    path = runs / f"frozen-{name}.onnx"
    if not path.exists():
        weights = Path(os.environ["LOOKALIKE_DATA"], "weights", f"{name}.npz")
        export(weights, architecture=name, out=path)
    return path


def describe(field_: list[Contestant], pictures: Iterable[Bytes]) -> list[Floats | Bytes]:
    """What every contestant makes of the same pictures."""
    chunk: list[Bytes] = []
    for pixels in pictures:
        chunk.append(pixels)
        if len(chunk) == CHUNK:
            for one in field_:
                one.take(chunk)
            chunk = []
    if chunk:
        for one in field_:
            one.take(chunk)
    return [one.given() for one in field_]


def best(scores: Floats, same: Bools) -> tuple[Floats, Bools]:
    """The most alike REPORTED of each query, as a program would report them."""
    near = np.argpartition(-scores, REPORTED - 1, axis=1)[:, :REPORTED]
    taken = np.take_along_axis(scores, near, axis=1), np.take_along_axis(same, near, axis=1)
    return taken[0].ravel(), taken[1].ravel()


def copy_rows(
    one: Contestant, queries: Floats, library: Floats, background: Floats, truth: Bools
) -> list[Row]:
    """Micro-AP and recall at 90 and 99 % precision, raw and normalised."""
    scores = one.score(queries, library)
    told = [("", scores)]
    if one.is_network:
        shift = background_shift(np.asarray(queries), np.asarray(background))
        told.append((", normalised", scores + shift[:, None]))
    return [
        row(f"copies, {one.name}, {m.name}{how}", m)
        for how, values in told
        for m in judge_copies(*best(values, truth), n_true=len(truth))
    ]


def likeness_rows(one: Contestant, vectors: Floats, kinds: Ints, labels: Ints) -> list[Row]:
    """R@1 and the vote of the nearest, within each labelled set and on average."""
    rows, firsts = [], []
    for place, kind in enumerate(LABELLED):
        own = np.flatnonzero(kinds == place)
        scores = vectors[own] @ vectors[own].T
        np.fill_diagonal(scores, -np.inf)
        found = labels[own][np.argsort(-scores, axis=1, kind="stable")[:, :NEIGHBOURS]]
        known = np.array([(labels[own] == label).sum() > 1 for label in labels[own]])
        if not known.any():
            continue  # in a trial
        first = (found[:, 0] == labels[own])[known]
        voted = np.array([np.bincount(votes).argmax() for votes in found])
        vote = (voted == labels[own])[known]
        largest = float(np.unique(labels[own], return_counts=True)[1].max() / len(own))
        firsts.append(first.mean())
        rows += [
            row(f"likeness, {one.name}, {kind}, R@1", share(first, largest)),
            row(f"likeness, {one.name}, {kind}, vote of {NEIGHBOURS}", share(vote, largest)),
        ]
    print(f"{one.name}: R@1 {np.mean(firsts):.4f} on average", flush=True)
    return rows


def share(right: Bools, largest: float) -> Measure:
    """A share with its interval, beside the largest class."""
    hits, n = float(right.sum()), len(right)
    return Measure("share", hits / n, *wilson(hits, n), largest, "largest class", n)


def main() -> None:
    """One results file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--models", nargs="*", type=Path, default=[], help="further models")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="exported backbones")
    parser.add_argument("--quick", action="store_true", help="a trial: its figures mean nothing")
    options = parser.parse_args()
    data = Path(os.environ["LOOKALIKE_DATA"])
    known = list(photos(data))[:: 25 if options.quick else 1]
    held_out = [one for one in known if one.held_out]
    copied = [place for place, one in enumerate(held_out) if one.kind == COPIED]
    field_ = contestants(options)
    library = describe(field_, (pixels(data, one) for one in held_out))
    background = describe(field_, (pixels(data, one) for one in background_of(known)))
    edited = describe(
        field_,
        (EDITS[kind](pixels(data, held_out[place]), place) for place in copied for kind in KINDS),
    )
    poor = describe(field_, (degrade(pixels(data, held_out[place]), place) for place in copied))
    origins = np.repeat(copied, len(KINDS))
    truth = origins[:, None] == np.arange(len(held_out))
    kinds = np.array([LABELLED.index(one.kind) if one.kind in LABELLED else -1 for one in held_out])
    labels = np.unique([one.label for one in held_out], return_inverse=True)[1]
    rows: list[Row] = []
    for place, one in enumerate(field_):
        made = copy_rows(one, edited[place], library[place], background[place], truth)
        if one.is_network:
            made += likeness_rows(one, np.asarray(library[place]), kinds, labels)
        own = one.score(poor[place], library[place][copied])
        found = judge_matching(own, np.eye(len(copied), dtype=bool), depths=(1, 15))
        made += [row(f"poor photographs, {one.name}, {m.name}", m) for m in found]
        made.append(
            {
                "name": f"speed, {one.name}",
                "value": round(one.seen / one.seconds, 1),
                "unit": "pictures/s",
            }
        )
        if one.size_bytes:
            made.append(
                {"name": f"size, {one.name}", "value": round(one.size_bytes / 1e6, 2), "unit": "MB"}
            )
        tell([line for line in made if "low" in line])
        rows += made
    if not options.quick:
        print(write_csv("encoder-quality", rows))


def background_of(known: list[Photo]) -> list[Photo]:
    """Pictures that training may see, and that match nothing here."""
    learned = [one for one in known if not one.held_out and one.kind != SMALL]
    chosen = np.random.default_rng(0).permutation(len(learned))[:BACKGROUND]
    return [learned[place] for place in sorted(chosen.tolist())]


def pixels(data: Path, one: Photo) -> Bytes:
    """All pixels of a picture, upright."""
    return read_picture(data / one.path, short_side_px=None).pixels


if __name__ == "__main__":
    main()
