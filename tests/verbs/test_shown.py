"""A copy that was cut, turned or mirrored is laid over its original before the two are compared."""

import io

import numpy as np
import pytest
from PIL import Image
from scenes import scene

from lookalike.images.budget import DecodeBudget
from lookalike.images.hashes import describe_hashes
from lookalike.nouns.picture import Facts
from lookalike.verbs.evidence import Sight
from lookalike.verbs.shown import MARK, difference, laid_over

SIDE_PX = 400
EDITS = {
    "cut": lambda image: image.crop((40, 30, 290, 220)),
    "cut and mirrored": lambda image: image.crop((20, 10, 300, 220)).transpose(
        Image.Transpose.FLIP_LEFT_RIGHT
    ),
    "turned a little": lambda image: image.rotate(7, Image.Resampling.BICUBIC),
    "turned a quarter": lambda image: image.transpose(Image.Transpose.ROTATE_90),
    "on a larger sheet": lambda image: _on_a_sheet(image),
}


def _on_a_sheet(image):
    sheet = Image.new("RGB", (500, 400), "white")
    sheet.paste(image, (120, 60))
    return sheet


def shown(image):
    out = io.BytesIO()
    image.save(out, "PNG")
    hashes, quality = describe_hashes(np.asarray(image))
    facts = Facts(image.width, image.height, "PNG", "RGB")
    out.seek(0)
    return Sight("0" * 64, facts, None, hashes, quality, np.zeros(4, np.float32)), out


def marked(one, other):
    """Share of the first picture that is marked as different, and how the second came to lie."""
    image, how = difference(shown(one), shown(other), long_side_px=SIDE_PX, budget=DecodeBudget())
    pixels = np.asarray(Image.open(io.BytesIO(image)), int)
    return float((np.abs(pixels - MARK).max(axis=2) < 90).mean()), how


@pytest.mark.parametrize("edit", EDITS)
def test_a_copy_that_was_moved_does_not_differ(edit):
    original = scene(3)
    share, how = marked(original, EDITS[edit](original))
    assert how == ("mirrored, laid over" if "mirrored" in edit else "laid over")
    assert share < 0.03


def test_what_was_changed_in_a_cut_copy_is_marked_where_it_is():
    original = scene(3)
    changed = original.copy()
    changed.paste((250, 250, 20), (150, 100, 190, 140))
    image, _ = difference(
        shown(original),
        shown(changed.crop((40, 30, 290, 220))),
        long_side_px=original.width,
        budget=DecodeBudget(),
    )
    pixels = np.asarray(Image.open(io.BytesIO(image)), int)
    rows, columns = np.nonzero(np.abs(pixels - MARK).max(axis=2) < 90)
    there = (columns >= 148) & (columns < 192) & (rows >= 98) & (rows < 142)
    assert there.sum() > 1200 and there.mean() > 0.95


def test_the_copy_is_shown_in_the_frame_of_its_original():
    original = scene(3)
    image, how = laid_over(
        shown(original),
        shown(EDITS["cut"](original)),
        long_side_px=original.width,
        budget=DecodeBudget(),
    )
    laid = np.asarray(Image.open(io.BytesIO(image)), int)
    assert laid.shape == np.asarray(original).shape and how == "laid over"
    assert np.abs(laid - np.asarray(original))[50:200, 60:270].mean() < 6
    assert (laid[:20] > 240).all(), "nothing of the copy is there"


def test_pictures_that_do_not_fit_are_stretched():
    _, how = marked(scene(3), scene(11))
    assert "laid over" not in how
