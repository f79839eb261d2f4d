"""An approximate search: the same verdicts, its recall told, exact where no graph can help."""

import shutil

import pytest
from scenes import album_of_copies, scene

import lookalike
from lookalike.store.layout import graph_files
from lookalike.verbs import approximate as approximate_module


@pytest.fixture(scope="module")
def indexed(tmp_path_factory, tiny_model):
    """An album with its index."""
    album = album_of_copies(tmp_path_factory.mktemp("indexed") / "album")
    lookalike.index(album, model=tiny_model)
    return album


@pytest.fixture
def album(indexed, tiny_model, tmp_path, monkeypatch):
    """It again, large enough for a graph."""
    monkeypatch.setattr(approximate_module, "FEWEST", 5)
    folder = shutil.copytree(indexed, tmp_path / "album")
    return lookalike.Source(folder, model=tiny_model)


def asked(album, k=3, approximate=True, **options):
    query = album.folder / "d.jpg"
    return lookalike.search([query], album, k=k, approximate=approximate, **options)


def graph(album):
    (path,) = graph_files(album.folder / ".lookalike")
    return path


def test_hits_are_those_of_the_exact_search_with_the_recall_beside_them(album):
    told = []
    report = asked(album, preparing=lambda done, total: told.append((done, total)))
    exact = asked(album, approximate=False)
    assert report.answers == exact.answers
    assert told[-1] == (15, 15)
    assert report.approximation.recall.value == 1
    assert report.approximation.recall.low < 1
    assert report.approximation.recall.n == 15
    assert report.to_dict()["approximation"]["k"] == 10
    assert "approximation" not in exact.to_dict()


def test_the_graph_is_made_once(album):
    first = asked(album)
    before = graph(album).stat().st_mtime_ns
    told = []
    again = asked(album, preparing=lambda *counts: told.append(counts))
    assert (again.answers, again.approximation) == (first.answers, first.approximation)
    assert told == []
    assert graph(album).stat().st_mtime_ns == before


def test_an_added_picture_is_found_at_once_and_taken_in_when_there_are_many(album, monkeypatch):
    asked(album)
    before = graph(album).read_bytes()
    scene(3).save(album.folder / "new.png")
    assert "new.png" in [hit.path for hit in asked(album).answers[0].hits]
    assert graph(album).read_bytes() == before
    monkeypatch.setattr(approximate_module, "MOST_BESIDE", 0)
    told = []
    report = asked(album, preparing=lambda done, total: told.append((done, total)))
    assert "new.png" in [hit.path for hit in report.answers[0].hits]
    assert told == [(1, 1)]
    assert graph(album).read_bytes() != before


def test_a_vanished_picture_is_gone(album):
    asked(album)
    (album.folder / "d-turned.jpg").unlink()
    assert "d-turned.jpg" not in [hit.path for hit in asked(album).answers[0].hits]


def test_a_harmed_graph_is_made_anew_and_answers_stay_right(album):
    first = asked(album)
    path = graph(album)
    whole = path.read_bytes()
    half = len(whole) // 2
    for harmed in (whole[:half], whole[:half] + bytes(100) + whole[half + 100 :], b"USearch", b""):
        path.write_bytes(harmed)
        report = asked(album)
        assert (report.answers, report.approximation) == (first.answers, first.approximation)
        assert len(path.read_bytes()) == len(whole)


def test_where_no_graph_can_be_kept_the_answer_is_right_all_the_same(album, caplog):
    (album.folder / ".lookalike" / "graph-1.usearch").mkdir()
    assert asked(album).answers == asked(album, approximate=False).answers
    assert "the graph is not kept" in caplog.text


def test_a_graph_of_other_pictures_is_not_used(album, tiny_model, tmp_path):
    asked(album)
    other = tmp_path / "other"
    other.mkdir()
    for seed in range(20, 36):
        scene(seed, (80, 60)).save(other / f"{seed}.jpg")
    lookalike.index(other, model=tiny_model)
    copied = other / ".lookalike" / graph(album).name
    shutil.copyfile(graph(album), copied)
    source = lookalike.Source(other, model=tiny_model)
    query = [album.folder / "d.jpg"]
    found = lookalike.search(query, source, k=2, approximate=True)
    assert found.answers == lookalike.search(query, source, k=2).answers
    assert copied.read_bytes() != graph(album).read_bytes()


def test_a_rebuilt_index_has_no_graph(album, tiny_model):
    asked(album)
    lookalike.index(album.folder, model=tiny_model, rebuild=True)
    assert graph_files(album.folder / ".lookalike") == {}


def test_a_filter_and_a_small_collection_are_searched_exactly(album, monkeypatch):
    report = asked(album, where="width < 300")
    assert report.approximation.recall is None
    assert "filter" in report.approximation.why_exact
    monkeypatch.setattr(approximate_module, "FEWEST", 5_000)
    report = asked(album)
    assert "5,000" in report.approximation.why_exact
    assert graph_files(album.folder / ".lookalike") == {}


def test_more_hits_than_the_kept_recall_is_of_are_tried_anew(album):
    report = asked(album, k=12)
    assert report.approximation.k == 12
    assert "12" in report.approximation.recall.name


def test_an_index_run_does_not_take_the_graph_for_a_picture(album, tiny_model):
    before = lookalike.index(album.folder, model=tiny_model)
    asked(album)
    after = lookalike.index(album.folder, model=tiny_model)
    assert (after.n_files, after.others) == (before.n_files, before.others)
