"""What is learned from a folder's own pictures: kept, heeded, and not fooled by copies in it."""

import json
import shutil

import pytest
from click.testing import CliRunner
from PIL import Image
from scenes import scene

import lookalike
import lookalike.verbs.own_pictures as module
from lookalike.cli.main import main
from lookalike.encoders.choose import load_encoder
from lookalike.nouns.errors import InputError, WrongIndex
from lookalike.store.reader import IndexReader
from lookalike.verbs.heeded import card_of
from lookalike.verbs.own_pictures import forget_pictures, tune_from_pictures
from lookalike.verdicts.decide import HASH_CALIBRATION, HASH_RELATION

SIZE = (120, 90)
N = 30


@pytest.fixture(scope="module", autouse=True)
def few():
    """Small numbers, so that the tests are quick."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "LEAST_PICTURES", N)
        patched.setattr(module, "LEAST_COPIES", 78)
        patched.setattr(module, "LOOKED_AT", 20)
        yield


@pytest.fixture(scope="module")
def strangers(tmp_path_factory, few):
    """Pictures that have nothing to do with each other, and what was learned from them."""
    folder = tmp_path_factory.mktemp("strangers") / "album"
    folder.mkdir()
    for seed in range(N):
        scene(seed, SIZE).save(folder / f"{seed}.png")
    return folder, tune_from_pictures(folder)


@pytest.fixture
def folder(strangers, tmp_path):
    """The same, to be changed."""
    return shutil.copytree(strangers[0], tmp_path / "album")


def kept(folder):
    with IndexReader.open(folder / ".lookalike") as reader:
        return {curve.relation: curve for curve in reader.curves()}


def test_curves_are_kept_heeded_and_forgotten(strangers, folder):
    report = strangers[1]
    assert (report.n_pictures, report.n_pairs) == (N, N * (N - 1) // 2)
    relations = {curve.calibration.relation for curve in report.curves}
    assert HASH_RELATION in relations == set(kept(folder))
    learned = kept(folder)[HASH_RELATION]
    assert learned.near == HASH_CALIBRATION.near
    assert learned.learned_on == f"{report.n_copies} edited copies of {N} pictures of album"
    model = load_encoder("classic")
    with IndexReader.open(folder / ".lookalike") as reader:
        card = card_of(model, reader)
    assert card.calibration(HASH_RELATION) == learned
    assert card.calibration("similar") == model.card.calibration("similar")
    assert lookalike.tune(folder).to_dict()["from_pictures"] == sorted(relations)
    assert lookalike.info(folder).to_dict()["learned"] == sorted(relations)
    assert forget_pictures(folder)
    assert not forget_pictures(folder)
    assert kept(folder) == {}


def test_the_same_pictures_give_the_same_curves(strangers, folder):
    assert tune_from_pictures(folder).to_dict()["curves"] == strangers[1].to_dict()["curves"]


def test_copies_that_are_there_do_not_make_it_careful(strangers, folder):
    alone = {c.calibration.relation: c for c in strangers[1].curves}
    for seed in range(12):
        scene(seed, SIZE).resize((100, 75)).save(folder / f"{seed}-small.jpg", quality=85)
    report = tune_from_pictures(folder)
    assert report.n_hidden >= 6
    among = {c.calibration.relation: c for c in report.curves}
    assert abs(among[HASH_RELATION].bound - alone[HASH_RELATION].bound) < 16 / 256


def test_too_few_pictures_with_detail_are_refused(tmp_path):
    for shade in range(3):
        Image.new("RGB", SIZE, (shade, 0, 0)).save(tmp_path / f"{shade}.png")
    with pytest.raises(InputError, match="are needed to learn"):
        tune_from_pictures(tmp_path)


def test_search_and_compare_heed_what_was_said(folder, tmp_path):
    small = folder / "3-small.png"
    scene(3, SIZE).resize((100, 75)).save(small)
    (before,) = lookalike.compare(folder / "3.png", small).pairs
    assert before.verdict.is_copy
    lookalike.tune(folder, not_same=[("3.png", "3-small.png")], same=[("5.png", "6.png")])
    (denied,) = lookalike.compare(folder / "3.png", small, index=folder).pairs
    assert (str(denied.verdict.level), str(denied.verdict.rung)) == ("similar", "user")
    by = folder / ".lookalike"
    (said,) = lookalike.compare(folder / "5.png", folder / "6.png", index=by).pairs
    assert (str(said.verdict.level), said.verdict.probability) == ("edited copy", 1.0)
    assert said.alike == 1.0
    (found,) = lookalike.search([folder / "3.png"], folder, k=N).answers
    by_path = {hit.path: hit.verdict for hit in found.hits}
    assert not by_path["3-small.png"].is_copy
    with pytest.raises(InputError):
        lookalike.compare(folder / "3.png", small, index=tmp_path)


def test_compare_by_an_index_of_another_model_is_refused(folder, tiny_model):
    with pytest.raises(WrongIndex):
        lookalike.compare(folder / "1.png", folder / "2.png", model=tiny_model, index=folder)


def test_the_command_learns_tells_and_forgets(strangers, folder):
    def run(*words, code=0):
        done = CliRunner().invoke(main, ["tune", str(folder), *words])
        assert done.exit_code == code, done.output
        return done.stdout

    told = run("--from-pictures")
    assert told.startswith(f"Learned from {N} pictures: 78 edited copies of them, 435 pairs.")
    assert "hash: a copy from " in told
    assert "Scores are read as these pictures themselves taught" in run()
    assert "tuned by" in CliRunner().invoke(main, ["info", str(folder)]).stdout
    assert json.loads(run("--forget-pictures", "--json")) == {"forgotten": True}
    assert run("--forget-pictures") == "There was nothing to forget.\n"
    again = json.loads(run("--from-pictures", "--json"))
    assert again["curves"] == strangers[1].to_dict()["curves"]
    run("--from-pictures", "--ask", code=2)
