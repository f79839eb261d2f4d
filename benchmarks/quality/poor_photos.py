"""Poor photographs and their originals: backbones before and after training, and all hashes.

    LOOKALIKE_DATA=FOLDER python benchmarks/quality/poor_photos.py [--runs FOLDER]

230 photographs that no training has seen are made poor by `images.degrade`, and looked for among
their originals. Training has only other photographs, and no labels. Then the real old photographs
of the set `historical`, among distractors.
"""

import os
import shutil
from pathlib import Path

import numpy as np
from PIL import Image
from trained import BACKBONES, FROZEN, Row, arguments, measured, model, recipe, row, tell

from results import write_csv  # isort: skip

from lookalike.datasets.read import read
from lookalike.images.decode import read_picture
from lookalike.images.degrade import degrade
from lookalike.images.hashes import HASHES, hash_orientations
from lookalike.metrics.matching import judge_matching
from lookalike.nouns.embeddings import Bools, Bytes, Floats
from lookalike.nouns.labelled import SIDES, Labelled
from lookalike.nouns.recipe import JudgePart
from lookalike.verbs.evaluate import evaluate

HELD_OUT, SEED = 230, 7
LEARNED = ("imagenet-sample", "flowers", "weather", "clothing")
JUDGE = JudgePart(protocols=("matching",))
PUBLISHED = {"top-1": "0.48", "top-15": "0.80"}
ENSEMBLE = ", ".join(f'"{name}"' for name in BACKBONES)


def prepared(data: Path, folder: Path) -> tuple[Path, Path]:
    """Folders of the photographs to learn from, and of the matched ones; made once."""
    learned, matched = folder / "learned", folder / "matched"
    if matched.exists():
        return learned, matched
    photos = sorted(p for name in LEARNED for p in (data / name).rglob("*.jpg"))
    sample = [p for p in photos if p.is_relative_to(data / LEARNED[0])]
    chosen = np.random.default_rng(SEED).choice(len(sample), HELD_OUT, replace=False)
    held_out = [sample[i] for i in sorted(chosen.tolist())]
    draft = made_poor(held_out, folder / "draft")
    for photo in set(photos) - set(held_out):
        place = learned / photo.relative_to(data)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(photo, place)
    draft.rename(matched)
    return learned, matched


def made_poor(photos: list[Path], draft: Path) -> Path:
    """A folder source with some photographs, and a folder target with each of them made poor."""
    shutil.rmtree(draft, ignore_errors=True)
    for place in ("source", "target"):
        (draft / place).mkdir(parents=True)
    for seed, photo in enumerate(photos):
        shutil.copy(photo, draft / "source" / photo.name)
        poor = degrade(read_picture(photo, short_side_px=None).pixels, seed)
        Image.fromarray(poor).save(draft / "target" / photo.name, quality=95)
    return draft


def hash_rows(title: str, data: Labelled) -> list[Row]:
    """Every perceptual hash, the better of eight orientations."""
    rows: list[Row] = []
    pixels = [read_picture(data.path(i), short_side_px=256).pixels for i in range(len(data))]
    for kind in HASHES:
        turned = np.stack([hash_orientations(p, kind) for p in pixels])  # (n, 8, bytes)
        scores, matches = sides(data, turned)
        judged = judge_matching(scores, matches, depths=(1, 15))
        rows += [row(f"{title}, {kind} hash, {m.name}", m) for m in judged]
    return rows


def sides(data: Labelled, turned: Bytes) -> tuple[Floats, Bools]:
    """Scores of targets against sources, and which belong together."""
    target = np.flatnonzero(data.sides == SIDES.index("target"))
    source = np.flatnonzero(data.sides == SIDES.index("source"))
    differ = np.bitwise_count(turned[target][:, None] ^ turned[source][None, :, :1])
    scores = -differ.sum(axis=3, dtype=np.int64).min(axis=2).astype(np.float32)  # (t, s)
    linked = {frozenset(pair) for pair in data.pairs[data.same].tolist()}
    matches = np.array([[frozenset((t, s)) in linked for s in source] for t in target.tolist()])
    found = matches.any(axis=1)
    return scores[found], matches[found]


def judge_model(title: str, name: str, path: Path, folder: Path) -> list[Row]:
    """Top-1 and top-15 of one model."""
    judged = evaluate(path, folder, judge=JUDGE, whole=True)
    return [
        row(f"{title}, {name}, {top}", measured(judged, "matching", top), PUBLISHED[top])
        for top in PUBLISHED
    ]


def main() -> None:
    """One results file."""
    options = arguments(__doc__ or "", ("hashes", *BACKBONES, "ensemble"))
    data = Path(os.environ["LOOKALIKE_DATA"])
    learned, matched = prepared(data, options.runs / "poor-photos")
    places = (("made poor", matched), ("old photographs", data / "historical"))
    rows: list[Row] = []
    if "hashes" in options.only:
        for title, folder in places:
            rows += hash_rows(title, read(folder))
    for name in (one for one in options.only if one != "hashes"):
        names = ENSEMBLE if name == "ensemble" else f'"{name}"'
        common = (
            f"backbone.names=[{names}]",
            "backbone.size_px=160",  # of the photographs' short side
            f"data.source={learned}",
            "judge.protocols=copies",
        )
        widths = "head.widths=[2000, 1000]" if name == "ensemble" else "head.widths=[1000, 1000]"
        for when, settings in (("before", FROZEN), ("after", (widths,))):
            wanted = recipe("photos-nt-xent", *common, *settings)
            path, _ = model(wanted, options, f"poor-photos-{name}-{when}")
            for title, folder in places:
                rows += judge_model(title, f"{name} {when}", path, folder)
            tell(rows[-4:])
    tell(rows)
    if not options.quick:
        print(write_csv("poor-photos-quality", rows))


if __name__ == "__main__":
    main()
