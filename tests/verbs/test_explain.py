"""`explain`: the regions are those that matter, and covering them proves it."""

import numpy as np
import pytest
from PIL import Image
from scenes import scene

import lookalike
from lookalike.encoders.classic import ClassicEncoder
from lookalike.encoders.occlusion import GRID, cell_weights, covered, covered_scores, in_pixels
from lookalike.encoders.regions import NAMED_SHARE, regions_of
from lookalike.images.orientations import before_turn, turn
from lookalike.nouns.errors import InputError, UnreadableImage


def mean_of(top, left):
    """An encoder that sees only one quarter of a picture: its mean colour there."""

    def encode(pictures):
        seen = []
        for p in pictures:
            height, width = p.shape[0] // 2, p.shape[1] // 2
            part = p[top * height : (top + 1) * height, left * width : (left + 1) * width]
            seen.append(part.reshape(-1, 3).mean(axis=0) - 127)
        vectors = np.array(seen, np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    return encode


@pytest.mark.parametrize(("top", "left"), [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_weight_lies_where_the_encoder_looks(top, left):
    pixels = np.zeros((64, 80, 3), np.uint8)
    pixels[...] = (30, 200, 60)
    half = 32 * top, 40 * left
    pixels[half[0] : half[0] + 32, half[1] : half[1] + 40] = (220, 40, 40)
    encode = mean_of(top, left)
    weights, whole = cell_weights(pixels, encode([pixels])[0], encode)
    assert whole == pytest.approx(1)
    own = np.zeros((GRID, GRID), bool)
    own[4 * top : 4 * top + 4, 4 * left : 4 * left + 4] = True
    assert weights[own].mean() > 5 * np.abs(weights[~own]).mean()
    named, regions = regions_of(weights)
    assert named[own].sum() > 5 * named[~own].sum()
    assert sum(region.weight for region in regions) <= 1 + 1e-6


def test_covering_takes_just_the_named_cells():
    pixels = np.random.default_rng(0).integers(0, 256, (50, 37, 3), np.uint8)
    mask = np.zeros((GRID, GRID), bool)
    mask[2, 3] = True
    cells = in_pixels(mask, 50, 37)
    out = covered(pixels, mask, np.array([1, 2, 3], np.uint8))
    assert (out[cells] == (1, 2, 3)).all() and (out[~cells] == pixels[~cells]).all()
    assert 0 < cells.mean() < 0.05
    every = [in_pixels(np.eye(GRID * GRID, dtype=bool)[k].reshape(GRID, GRID), 50, 37)
             for k in range(GRID * GRID)]  # fmt: skip
    assert (np.sum(every, axis=0) == 1).all()


def test_batches_do_not_matter(monkeypatch):
    pixels = np.asarray(scene(3, (96, 72)))
    encode = ClassicEncoder().encode
    other = encode([np.asarray(scene(4, (96, 72)))])[0]
    masks = np.random.default_rng(1).random((9, GRID, GRID)) < 0.3
    whole = covered_scores(pixels, masks, other, encode)
    monkeypatch.setattr("lookalike.encoders.occlusion.BATCH", 2)
    assert np.allclose(covered_scores(pixels, masks, other, encode), whole, atol=1e-6)


def test_regions_are_apart_ranked_and_small():
    weights = np.full((GRID, GRID), -0.1, np.float32)
    weights[0, 0:2], weights[5:7, 5] = 0.2, 0.5
    named, regions = regions_of(weights)
    assert [r.box for r in regions] == [(0.625, 0.625, 0.75, 0.875), (0.0, 0.0, 0.25, 0.125)]
    assert regions[0].weight == pytest.approx(1 / 1.4)
    assert named.mean() <= NAMED_SHARE
    assert regions_of(-np.ones((GRID, GRID), np.float32))[1] == ()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """Pairs that share one large bright patch on grounds of their own, and what patch it is."""
    folder = tmp_path_factory.mktemp("shared")
    pairs = []
    for number in range(3):
        chance = np.random.default_rng(number)
        top, left = (int(v) for v in chance.integers(10, 100, 2))
        patch = scene(50 + number, (120, 110))
        names = []
        for side in range(2):
            ground = scene(10 * number + side).point(lambda v: 90 + v // 8)
            ground.paste(patch, (left, top))
            names.append(folder / f"{number}-{side}.png")
            ground.save(names[-1])
        pairs.append((*names, (left / 320, top / 240, (left + 120) / 320, (top + 110) / 240)))
    return pairs


def test_masking_the_named_regions_costs_more_than_masking_others(shared):
    for first, second, box in shared:
        report = lookalike.explain(first, second, model="classic")  # scenes are no photographs
        for side in report.sides:
            assert side.regions
            assert side.score_without < side.score_without_others - 0.02
            inside = np.zeros((GRID, GRID), bool)
            rows, columns = (np.arange(GRID) + 0.5) / GRID, (np.arange(GRID) + 0.5) / GRID
            inside |= ((rows > box[1]) & (rows < box[3]))[:, None] & (
                (columns > box[0]) & (columns < box[2])
            )
            assert side.named[inside].mean() > 2 * side.named[~inside].mean()


def test_the_same_pictures_give_the_same_answer(shared):
    first, second, _ = shared[0]
    assert lookalike.explain(first, second).to_dict() == lookalike.explain(first, second).to_dict()


@pytest.mark.parametrize("g", range(8))
def test_points_of_a_turned_picture_are_turned_back(g):
    pixels = np.arange(5 * 8).reshape(5, 8)
    turned = turn(pixels, g)
    for row in range(turned.shape[0]):
        for column in range(turned.shape[1]):
            x, y = (column + 0.5) / turned.shape[1], (row + 0.5) / turned.shape[0]
            x, y = before_turn(x, y, g)
            assert pixels[int(y * 5), int(x * 8)] == turned[row, column]


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_frame_of_a_cut_is_where_it_was_cut(tmp_path, mirrored):
    whole = Image.new("RGB", (640, 480))
    for place in range(12):  # much detail
        whole.paste(scene(place, (160, 160)), (place % 4 * 160, place // 4 * 160))
    whole.save(tmp_path / "whole.png")
    cut = whole.crop((160, 120, 544, 408))
    if mirrored:
        cut = cut.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    cut.save(tmp_path / "cut.png")
    report = lookalike.explain(tmp_path / "cut.png", tmp_path / "whole.png")
    corners = np.array(report.outline.first_in_second)
    assert np.allclose(corners.min(axis=0), (0.25, 0.25), atol=0.02)
    assert np.allclose(corners.max(axis=0), (0.85, 0.85), atol=0.02)
    back = np.array(report.outline.second_in_first)
    wide = 1 / 0.6
    left = -0.25 * wide
    right = left + wide
    wanted = (1 - right, 1 - left) if mirrored else (left, right)
    assert np.allclose((back[:, 0].min(), back[:, 0].max()), wanted, atol=0.04)
    lookalike.save_explanation(report, tmp_path / "why.png")
    with Image.open(tmp_path / "why.png") as image:
        assert image.height == 640


def test_pages_and_pictures(shared, tmp_path):
    first, second, _ = shared[0]
    report = lookalike.explain(first, second)
    page = lookalike.save_explanation(report, tmp_path / "why.html").read_text(encoding="utf-8")
    assert page.count("data:image/jpeg") == 2 and "without as much elsewhere" in page
    with Image.open(lookalike.save_explanation(report, tmp_path / "why.jpg")) as image:
        assert image.height == 640
    with pytest.raises(InputError, match="written as"):
        lookalike.save_explanation(report, tmp_path / "why.txt")


def test_what_is_no_picture_is_refused(tmp_path):
    (tmp_path / "a.png").write_text("no picture")
    scene(1).save(tmp_path / "b.png")
    with pytest.raises(UnreadableImage):
        lookalike.explain(tmp_path / "a.png", tmp_path / "b.png")
    with pytest.raises(InputError):
        lookalike.explain(tmp_path / "none.png", tmp_path / "b.png")
