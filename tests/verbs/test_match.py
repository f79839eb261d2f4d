"""match: poor copies find their originals, strangers find none, and what is told is counted."""

import csv
import io
import json

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image
from real_photos import photographs
from scenes import scene

import lookalike
from lookalike import MatchOptions
from lookalike.cli.main import main
from lookalike.images.degrade import degrade
from lookalike.nouns.errors import InputError, UnreadableImage
from lookalike.verbs import match_scores

SOURCES, MADE_POOR, STRANGERS = 14, 6, 4


@pytest.fixture(scope="module", autouse=True)
def layout_alone():
    """Made scenes have layout and colour, but show nothing that a network knows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lookalike.verbs.match.DEFAULT_MODELS", ("classic",))
        yield


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Sources 0 to 13; targets 0 to 5 made poor, and four that have no original."""
    root = tmp_path_factory.mktemp("matching")
    for side in ("sources", "targets"):
        (root / side).mkdir()
    for seed in range(SOURCES):
        scene(seed).save(root / "sources" / f"{seed:02}.jpg", quality=92)
    for seed in range(MADE_POOR):
        poor = degrade(np.asarray(scene(seed)), seed)
        Image.fromarray(poor).save(root / "targets" / f"{seed:02}.png")
    for seed in range(100, 100 + STRANGERS):
        scene(seed).save(root / "targets" / f"{seed}.jpg", quality=60)
    (root / "targets" / "torn.jpg").write_bytes(b"\xff\xd8\xff\xe0 nothing more")
    (root / "targets" / "notes.txt").write_text("no picture")
    return root


@pytest.fixture(scope="module")
def report(places):
    return lookalike.match(places / "targets", places / "sources", truth="names")


def test_poor_copies_find_their_originals(report):
    made = [each for each in report.matched if len(each.target.stem) == 2]
    assert len(made) == MADE_POOR
    first = [each.candidates[0].path.stem == each.target.stem for each in made]
    assert sum(first) >= MADE_POOR - 1
    assert all(each.candidates[0].right == right for each, right in zip(made, first, strict=True))


def test_strangers_have_no_match(report):
    strangers = [each for each in report.matched if len(each.target.stem) == 3]
    assert len(strangers) == STRANGERS
    assert sum(each.original is None for each in strangers) >= STRANGERS - 1
    assert all(each.right == (each.original is None) for each in strangers)


def test_what_cannot_be_read_is_told_and_what_is_no_picture_is_not(report, places):
    assert [failure.path.name for failure in report.failed] == ["torn.jpg"]
    assert report.n_sources == SOURCES
    with pytest.raises(UnreadableImage):
        lookalike.match([places / "targets" / "torn.jpg"], places / "sources")


def test_the_figures_count_what_was_told(report):
    found = {measure.name: measure for measure in report.measures}
    assert found["top-1"].n == MADE_POOR
    assert found["top-1"].value <= found["top-5"].value
    answers = found["answers right, 'no match' included"]
    assert answers.n == MADE_POOR + STRANGERS
    assert answers.value == pytest.approx(np.mean([each.right for each in report.matched]))
    assert answers.baseline == pytest.approx(STRANGERS / (MADE_POOR + STRANGERS))


def test_candidates_come_best_first_and_no_more_than_asked(report, places):
    for each in report.matched:
        scores = [one.score for one in each.candidates]
        assert scores == sorted(scores, reverse=True)
        assert len(scores) == report.options.top
        assert all(0 < one.probability < 1 for one in each.candidates)


def test_the_same_again_and_in_any_order(report, places):
    files = sorted((places / "targets").glob("*.*"), reverse=True)
    again = lookalike.match(files, places / "sources")
    wanted = {each.target: each.probability for each in report.matched}
    for each in again.matched:
        assert each.probability == pytest.approx(wanted[each.target], abs=1e-4)


def test_a_higher_prior_makes_every_match_more_probable(report, places):
    surer = lookalike.match(places / "targets", places / "sources", MatchOptions(prior=0.9))
    for less, more in zip(report.matched, surer.matched, strict=True):
        assert more.probability > less.probability
    assert surer.n_matches >= report.n_matches


def test_one_to_one_gives_each_source_once(places):
    files = [places / "targets" / "00.png"] * 1 + [places / "sources" / "00.jpg"]
    both = lookalike.match(files, places / "sources")
    assert [each.original.stem for each in both.matched if each.original] == ["00", "00"]
    alone = lookalike.match(files, places / "sources", MatchOptions(one_to_one=True))
    given = [each.original for each in alone.matched if each.original is not None]
    assert len(set(given)) == len(given)
    assert alone.matched[1].original.stem == "00"
    mutual = lookalike.match(files, places / "sources", MatchOptions(mutual=True))
    assert [each.is_match for each in mutual.matched] == [False, True]


@pytest.mark.parametrize(
    "options",
    [
        MatchOptions(views=()),
        MatchOptions(views=("mirror", "crops", "equalised"), normalise=False),
        MatchOptions(fuse="vectors", models=("classic", "classic")),
        MatchOptions(fuse="scores", models=("classic", "classic")),
    ],
    ids=["as-it-is", "all-views", "vectors", "scores"],
)
def test_every_way_of_looking_finds_an_equal_picture(places, options):
    found = lookalike.match([places / "sources" / "03.jpg"], places / "sources", options)
    assert found.matched[0].candidates[0].path.stem == "03"
    assert found.matched[0].is_match


def test_a_background_set_normalises(places, tmp_path):
    for seed in range(200, 206):
        scene(seed).save(tmp_path / f"{seed}.png")
    options = MatchOptions(background=tmp_path)
    found = lookalike.match(places / "targets" / "01.png", places / "sources", options)
    assert found.matched[0].candidates[0].path.stem == "01"


def test_a_table_tells_the_truth(places, tmp_path):
    table = tmp_path / "truth.csv"
    table.write_text("source,target\n02.jpg,02.png\n03.jpg,03.png\n")
    found = lookalike.match(places / "targets", places / "sources", truth=table)
    assert found.measures[0].n == 2
    table.write_text("source,target\nno.jpg,none.png\n")
    with pytest.raises(InputError, match="by what was told"):
        lookalike.match(places / "targets", places / "sources", truth=table)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"top": 0}, "At least one"),
        ({"prior": 1.0}, "strictly between"),
        ({"views": ("sideways",)}, "no view 'sideways'"),
        ({"fuse": "guess"}, "no way to fuse"),
        ({"one_to_one": True, "mutual": True}, "exclude"),
        ({"seed": -1}, "0 or more"),
    ],
)
def test_what_cannot_be_asked_is_refused(change, what):
    with pytest.raises(InputError, match=what):
        MatchOptions(**change)


def test_more_than_memory_holds_is_refused_before_a_picture_is_read(places, monkeypatch):
    monkeypatch.setattr(match_scores, "MOST_BYTES", 100_000)
    with pytest.raises(InputError, match="GB of memory") as caught:
        lookalike.match(
            places / "targets",
            places / "sources",
            progress=lambda *_: pytest.fail("a picture was read"),
        )
    assert "lookalike search" in caught.value.mend


def test_too_few_sources_and_missing_ones_are_refused(places):
    with pytest.raises(InputError, match="two sources"):
        lookalike.match(places / "targets" / "00.png", places / "sources" / "00.jpg")
    with pytest.raises(InputError, match="no such source"):
        lookalike.match(places / "targets", places / "nowhere")


def test_the_command_answers_in_every_form(places, tmp_path):
    words = ["match", str(places / "targets"), str(places / "sources"), "--truth", "names"]
    page = tmp_path / "matched.html"
    shown = CliRunner().invoke(main, [*words, "--html", str(page)])
    assert shown.exit_code == 0, shown.output
    assert "Assumed before looking: 50 %" in shown.output and "top-1" in shown.output
    text = page.read_text()
    assert "its original" in text or "the original" in text
    assert text.count("<h2>") == MADE_POOR + STRANGERS + 2
    data = json.loads(CliRunner().invoke(main, [*words, "--json"]).stdout)
    assert data["prior"] == 0.5 and len(data["targets"]) == MADE_POOR + STRANGERS
    rows = list(csv.DictReader(io.StringIO(CliRunner().invoke(main, [*words, "--csv"]).stdout)))
    assert len(rows) == 5 * len(data["targets"])
    assert sum(int(row["match"]) for row in rows) == data["matches"]


@pytest.mark.parametrize(
    "more", [["--as-it-is", "--view", "crops"], ["--raw", "--background", "."]]
)
def test_options_that_exclude_each_other(places, more):
    words = ["match", str(places / "targets"), str(places / "sources"), *more]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2 and "exclude each other" in result.output


def test_photographs_are_matched_by_what_they_show_and_by_their_layout(tmp_path):
    for side in ("sources", "targets"):
        (tmp_path / side).mkdir()
    for number, pixels in enumerate(photographs()):
        Image.fromarray(pixels).save(tmp_path / "sources" / f"{number}.png")
        Image.fromarray(degrade(pixels, number)).save(tmp_path / "targets" / f"{number}.png")
    both = MatchOptions(models=("built-in", "classic"), verify=False)
    found = lookalike.match(tmp_path / "targets", tmp_path / "sources", both, truth="names")
    assert found.measures[0].value >= 0.8


def test_each_model_counts_by_what_it_finds_here(places):
    both = MatchOptions(models=("built-in", "classic"), verify=False)
    report = lookalike.match(places / "targets", places / "sources", both)
    assert len(report.weights) == len(report.models) == 2
    assert sum(report.weights) == pytest.approx(1) and min(report.weights) > 0
    assert report.to_dict()["weights"] == [round(weight, 4) for weight in report.weights]
    one = MatchOptions(models=("built-in", "classic"), fuse="vectors", verify=False)
    assert lookalike.match(places / "targets", places / "sources", one).weights == (1.0,)


def test_a_cut_picture_is_found_by_layout_in_a_window_of_its_original(places, tmp_path):
    (tmp_path / "cut").mkdir()
    for seed in range(SOURCES):
        whole = scene(seed)
        width, height = whole.size
        cut = whole.crop((round(0.2 * width), round(0.2 * height), width, height))
        cut.save(tmp_path / "cut" / f"{seed:02}.png")
    options = MatchOptions(models=("classic",), verify=False)
    found = lookalike.match(tmp_path / "cut", places / "sources", options, truth="names")
    assert found.measures[0].value == 1
    assert all(each.candidates[0].score > 2 for each in found.matched)
