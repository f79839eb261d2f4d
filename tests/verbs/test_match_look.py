"""match --verify: what can be laid over a source moves up, sure answers are left as they are."""

import json

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image, ImageDraw
from scenes import scene

import lookalike
from lookalike import MatchOptions
from lookalike.cli.main import main
from lookalike.nouns.alignment import Alignment
from lookalike.nouns.verdict import Rung
from lookalike.verbs.match_look import Fits

SOURCES, CUT, STRANGERS = 16, 7, (300, 301)


def busy(seed):
    """A scene strewn with small things, each a point to find again."""
    numbers = np.random.default_rng(seed)
    picture = scene(seed, (640, 480))
    pen = ImageDraw.Draw(picture)
    for _ in range(260):
        x, y = (int(v) for v in numbers.integers((0, 0), (630, 470)))
        across, down = (int(v) for v in numbers.integers(5, 26, 2))
        colour = tuple(int(v) for v in numbers.integers(0, 256, 3))
        pen.polygon([(x, y), (x + across, y + down // 2), (x + across // 3, y + down)], colour)
    return picture


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Sources 0 to 15; a heavy, tilted, darkened crop of one, one whole copy and two strangers."""
    root = tmp_path_factory.mktemp("looking")
    for side in ("sources", "targets"):
        (root / side).mkdir()
    for seed in range(SOURCES):
        busy(seed).save(root / "sources" / f"{seed:02}.jpg", quality=92)
    whole = busy(CUT).rotate(12, Image.Resampling.BICUBIC, expand=False)
    cut = whole.crop((330, 220, 580, 420)).point(lambda value: int(0.5 * value + 20))
    cut.save(root / "targets" / f"{CUT:02}.jpg", quality=70)
    cut.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(root / "targets" / "mirrored.jpg")
    busy(3).save(root / "targets" / "03.jpg", quality=80)
    for seed in STRANGERS:
        busy(seed).save(root / "targets" / f"{seed}.jpg")
    return root


def asked(places, **how):
    options = MatchOptions(top=SOURCES, **how)
    report = lookalike.match(places / "targets", places / "sources", options)
    return report, {each.target.stem: each for each in report.matched}


@pytest.fixture(scope="module")
def seen(places):
    return asked(places)


@pytest.fixture(scope="module")
def unseen(places):
    return asked(places, verify=False)


@pytest.mark.parametrize("name", [f"{CUT:02}", "mirrored"])
def test_a_heavy_crop_is_matched_with_the_look_only(seen, unseen, name):
    _, looked = seen
    _, not_looked = unseen
    own = f"{CUT:02}"
    assert not not_looked[name].is_match
    found = looked[name]
    assert found.original is not None and found.original.stem == own
    assert found.candidates[0].rung is Rung.GEOMETRY
    assert "points fall into place" in found.candidates[0].reason
    assert ("mirrored" in found.candidates[0].reason) == (name == "mirrored")
    before = {one.path.stem: one.probability for one in not_looked[name].candidates}
    assert found.probability > max(0.5, before[own])


@pytest.mark.parametrize("name", ["03", *map(str, STRANGERS)])
def test_others_are_answered_as_before(seen, unseen, name):
    assert seen[1][name].to_dict() == unseen[1][name].to_dict()


def test_what_was_laid_over_is_counted(seen, unseen):
    report, _ = seen
    assert 2 <= report.n_verified <= 4  # not the sure copy
    assert report.n_fitting == 2
    assert unseen[0].n_verified == unseen[0].n_fitting == 0


def test_no_view_but_as_it_is_looks_at_nothing_mirrored(places):
    _, found = asked(places, views=())
    assert found[f"{CUT:02}"].original is not None
    assert found["mirrored"].candidates[0].rung is Rung.EMBEDDING


def test_one_to_one_and_mutual_know_what_was_seen(places):
    for how in ({"one_to_one": True}, {"mutual": True}):
        _, found = asked(places, views=(), models=("classic",), **how)
        assert found[f"{CUT:02}"].original.stem == f"{CUT:02}"


def test_the_command_tells_why(places):
    words = ["match", str(places / "targets"), str(places / "sources")]
    shown = CliRunner().invoke(main, words)
    assert shown.exit_code == 0, shown.output
    assert "laid over" in shown.output
    data = json.loads(CliRunner().invoke(main, [*words, "--json"]).stdout)
    assert {each["candidates"][0]["rung"] for each in data["targets"]} == {"embedding", "geometry"}
    plain = CliRunner().invoke(main, [*words, "--no-verify"])
    assert "laid over" not in plain.output


def fitting(points):
    return Alignment(np.ones((2, 3), np.float32), 60, points, 0.1, 1.0)


def test_sources_that_fit_share_the_probability_and_twins_do_not():
    chances = np.array([[0.4, 0.1, 0.1, 0.1]], np.float32)
    twins = np.array([0, 1, 2, 2])
    alone = Fits(1, {(0, 1): fitting(30)}).chances(chances, twins, prior=0.5)
    assert alone[0, 1] > 0.99 and alone[0, 0] < 0.01
    two = Fits(1, {(0, 1): fitting(30), (0, 0): fitting(30)}).chances(chances, twins, prior=0.5)
    assert two[0, 0] == pytest.approx(two[0, 1]) and two[0, 0] == pytest.approx(0.5, abs=0.01)
    both = Fits(1, {(0, 2): fitting(30), (0, 3): fitting(30)}).chances(chances, twins, prior=0.5)
    assert both[0, 2] > 0.99 and both[0, 3] > 0.99
    assert (Fits.none().chances(chances, twins, prior=0.5) == chances).all()


def test_what_fits_is_ranked_above_all_else_by_its_points():
    scores = np.array([[5.0, 1.0, 2.0, 3.0]], np.float32)
    fits = Fits(1, {(0, 1): fitting(20), (0, 2): fitting(30)})
    assert np.argsort(-fits.ranks(scores, 1.0))[0].tolist() == [2, 1, 0, 3]
    assert fits.ranks(scores, 9.0)[0, 1] > 9
