"""compare: of two pictures what they are, of three which are alike and which is nearer."""

from itertools import permutations

import pytest
from networks import network

import lookalike
from lookalike.encoders.model_file import write_model
from lookalike.nouns.card import Calibration, ModelCard, Preprocessing
from lookalike.nouns.verdict import Level


@pytest.fixture(scope="module")
def class_model(tmp_path_factory):
    """A model file that was calibrated for classes, so low that all is of one class."""
    path = tmp_path_factory.mktemp("models") / "classes.onnx"
    curve = Calibration("same class", 1.0, 10.0)
    write_model(
        path, network(), ModelCard("classes", 16, Preprocessing(32, 32), calibrations=(curve,))
    )
    return path


@pytest.fixture
def pictures(read_album):
    return {path.name: path for path in read_album.glob("*.*")}


def test_two_pictures_have_no_trio(pictures):
    report = lookalike.compare(pictures["c.jpg"], pictures["c-small.jpg"])
    assert report.trio is None and report.nearer is None and report.nearer_probability is None
    assert report.pairs[0].verdict.level is Level.EDITED_COPY
    assert report.pairs[0].alike >= report.pairs[0].verdict.probability
    assert "trio" not in report.to_dict()


def test_of_three_two_are_alike_and_a_is_nearer_to_one(pictures):
    report = lookalike.compare(pictures["c.jpg"], pictures["g.jpg"], pictures["c-small.jpg"])
    assert report.nearer == pictures["c-small.jpg"]
    assert report.nearer_probability > 0.99
    assert report.trio.likeliest in ("A and C", "A, B and C")
    assert report.trio.at_least_two > 0.99
    data = report.to_dict()
    assert data["nearer"] == str(pictures["c-small.jpg"])
    assert sum(data["trio"]["arrangements"].values()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("names", list(permutations(("a.jpg", "b.png", "h.jpg"))))
def test_the_order_of_three_different_pictures_does_not_matter(pictures, names):
    wanted = lookalike.compare(*(pictures[name] for name in ("a.jpg", "b.png", "h.jpg")))
    found = lookalike.compare(*(pictures[name] for name in names))
    assert found.trio.at_least_two == pytest.approx(wanted.trio.at_least_two, abs=1e-6)


def test_an_equal_file_is_nearer_than_a_copy(pictures, read_album):
    report = lookalike.compare(
        pictures["a.jpg"], pictures["a.jpg"], read_album / "backup" / "a.jpg"
    )
    assert report.nearer_probability == 0.5  # both are equal to it
    small, same = pictures["c-small.jpg"], pictures["c.jpg"]
    report = lookalike.compare(same, small, same)
    assert report.nearer == same
    assert report.nearer_probability > 0.99


def test_a_model_of_classes_says_same_class(pictures, class_model):
    report = lookalike.compare(pictures["a.jpg"], pictures["g.jpg"], model=class_model)
    assert report.relation is Level.SAME_CLASS
    assert report.pairs[0].verdict.level is Level.SAME_CLASS
    assert not report.pairs[0].verdict.is_copy
    copies = lookalike.compare(pictures["c.jpg"], pictures["c-small.jpg"], model=class_model)
    assert copies.pairs[0].verdict.level is Level.EDITED_COPY


def test_search_with_a_model_of_classes_says_same_class(
    pictures, read_album, class_model, tmp_path
):
    source = lookalike.Source(read_album, index=tmp_path / "index", model=class_model)
    hits = lookalike.search([pictures["a.jpg"]], source, k=8).answers[0].hits
    assert {Level.SAME_CLASS, Level.SAME_FILE} <= {hit.verdict.level for hit in hits}
    assert Level.SIMILAR not in {hit.verdict.level for hit in hits}
