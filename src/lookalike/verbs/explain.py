"""`explain`: which parts of two pictures make them alike."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from lookalike.encoders.choose import DEFAULT_MODEL, load_encoder
from lookalike.encoders.encoder import Encoder
from lookalike.encoders.occlusion import Encode, looked_at
from lookalike.encoders.regions import explained
from lookalike.geometry.align import align
from lookalike.geometry.features import local_features, one_thread_each
from lookalike.images.decode import read_picture
from lookalike.images.hashes import describe_hashes
from lookalike.images.heat import side_by_side, with_heat
from lookalike.images.orientations import before_turn, turn
from lookalike.nouns.alignment import Alignment, LocalFeatures
from lookalike.nouns.embeddings import Bytes, Floats
from lookalike.nouns.errors import InputError
from lookalike.nouns.explain_report import ExplainReport, Outline, Point, Side
from lookalike.pages.explain_page import explain_page
from lookalike.verbs.compare import compare
from lookalike.verbs.evidence import best_turns
from lookalike.verbs.progress import Progress, silent
from lookalike.verbs.show import write_page

READ_PX = 320
ENOUGH_INLIERS = 12
LEAST_AGREEMENT = 0.3
HEIGHT_PX = 640
"""Of the pictures that are written."""


def explain(
    first: str | Path,
    second: str | Path,
    *,
    model: str | Path | Encoder | None = None,
    provider: str = "auto",
    seed: int = 0,
    progress: Progress = silent,
) -> ExplainReport:
    """Say which parts of two pictures make them alike.

    Parts of each picture are covered one after the other, and the model is asked how alike the
    two still are; that works with every model. Where one picture lies in the other, as a copy
    does, the frame of each in the other is told too.

    Args:
        first: picture A.
        second: picture B.
        model: name or file of the model, or one that is loaded; the default one unless named.
        provider: what runs the model, see `load_encoder`.
        seed: of the regions elsewhere that the named ones are held against.
        progress: told of covered pictures that were looked at; their number is an estimate.

    Raises:
        InputError: there is no such file.
        UnreadableImage: a file is no picture that can be decoded.
    """
    paths = [Path(path).expanduser() for path in (first, second)]
    encoder = load_encoder(model or DEFAULT_MODEL, provider=provider)
    verdict = compare(*paths, model=encoder).pairs[0].verdict
    side_px = max(encoder.short_side_px, READ_PX)
    a, b = (looked_at(read_picture(p, short_side_px=side_px).pixels, side_px) for p in paths)
    vectors = encoder.encode([a, b])
    encode = _counted(encoder, progress)
    sides = [
        _side(path, pixels, other, encode, seed)
        for path, pixels, other in ((paths[0], a, vectors[1]), (paths[1], b, vectors[0]))
    ]
    return ExplainReport(
        model=encoder.name,
        verdict=verdict,
        score=float(np.clip(vectors[0] @ vectors[1], -1, 1)),
        first=sides[0],
        second=sides[1],
        outline=_outline(a, b),
    )


def save_explanation(report: ExplainReport, path: str | Path) -> Path:
    """Write an explanation as one picture or as a page.

    Args:
        report: of `explain`.
        path: .html for a page; .png, .jpg or .webp for both pictures side by side, with what
            matters marked.

    Returns:
        The absolute path of the file.

    Raises:
        InputError: the file cannot be written, or ends in something else.
        UnreadableImage: a picture can no longer be read.
    """
    target = Path(path).expanduser().absolute()
    if target.suffix.lower() == ".html":
        return save_explanation_page(report, target)
    if target.suffix.lower() not in (".png", ".jpg", ".jpeg", ".webp"):
        raise InputError(
            "An explanation is written as .html, .png, .jpg or .webp",
            where=str(target),
            mend="name it so",
        )
    first, second = explanation_pictures(report)
    try:
        Image.fromarray(side_by_side(first, second, HEIGHT_PX)).save(target)
    except OSError as error:
        raise InputError(
            f"The picture cannot be written: {error.strerror or error}",
            where=str(target),
            mend="name another file",
        ) from error
    return target


def save_explanation_page(report: ExplainReport, path: str | Path) -> Path:
    """Write an explanation as a page, whatever the file's name ends in.

    Returns:
        The absolute path of the file.

    Raises:
        InputError: the file cannot be written.
        UnreadableImage: a picture can no longer be read.
    """
    return write_page(explain_page(report, *explanation_pictures(report)), path)


def explanation_pictures(report: ExplainReport) -> tuple[Bytes, Bytes]:
    """Both pictures with what matters bright, its border drawn, and the frame of the other.

    Returns:
        Two arrays (h, w, 3) uint8.

    Raises:
        UnreadableImage: a picture can no longer be read.
    """
    found = report.outline
    outlines = (found.second_in_first, found.first_in_second) if found else ((), ())
    made = []
    for side, outline in zip(report.sides, outlines, strict=True):
        pixels = looked_at(read_picture(side.path, short_side_px=HEIGHT_PX).pixels, HEIGHT_PX)
        made.append(with_heat(pixels, side.weights, side.named, outline))
    return made[0], made[1]


def _counted(encoder: Encoder, progress: Progress) -> Encode:
    """The encoder, which tells how many pictures it has looked at."""
    seen = 0

    def encode(pictures: Sequence[Bytes]) -> Floats:
        nonlocal seen
        seen += len(pictures)
        progress(min(seen, EXPECTED), EXPECTED)
        return encoder.encode(pictures)

    return encode


EXPECTED = 2 * 159
"""Pictures looked at: all windows, the whole, the named regions and those elsewhere, twice."""


def _side(path: Path, pixels: Bytes, other: Floats, encode: Encode, seed: int) -> Side:
    weights, named, regions, without, others = explained(pixels, other, encode, seed=seed)
    return Side(path, weights, named, regions, without, others)


def _outline(a: Bytes, b: Bytes) -> Outline | None:
    """How the two lie in each other, turned as their hashes say, or else as they are."""
    turns = best_turns(describe_hashes(a)[0][None], describe_hashes(b)[0][None])[1]
    with one_thread_each():
        second = local_features(b)
        for g in dict.fromkeys((int(turns[0]), 0, 4)):
            first = local_features(np.ascontiguousarray(turn(a, g)))
            found = align(first, second)
            if found.n_inliers >= ENOUGH_INLIERS and found.agreement >= LEAST_AGREEMENT:
                return _of_alignment(found, first, second, g)
    return None


def _of_alignment(found: Alignment, first: LocalFeatures, second: LocalFeatures, g: int) -> Outline:
    linear, shift = found.transform[:, :2].astype(np.float64), found.transform[:, 2]
    there = _corners(first) @ linear.T + shift
    here = (_corners(second) - shift) @ np.linalg.inv(linear).T
    turned = [before_turn(x, y, g) for x, y in _shares(here, first)]
    return Outline(_shares(there, second), tuple(turned), found.n_matches, found.n_inliers)


def _corners(features: LocalFeatures) -> np.ndarray:
    height, width = features.grey.shape
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)


def _shares(points: np.ndarray, features: LocalFeatures) -> tuple[Point, ...]:
    height, width = features.grey.shape
    return tuple((float(x) / width, float(y) / height) for x, y in points)
