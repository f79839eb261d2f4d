"""Searching: the right one first, never itself, nothing that is gone."""

import pytest
from scenes import scene

import lookalike


def paths(report):
    return [hit.path for hit in report.answers[0].hits]


def test_an_edited_copy_finds_its_original_first(album, tmp_path):
    scene(5).resize((200, 150)).save(tmp_path / "query.jpg", quality=40)
    best = lookalike.search([tmp_path / "query.jpg"], album).answers[0].hits[0]
    assert best.path == "f.jpg"
    assert best.verdict.level == "edited copy"
    assert best.verdict.probability > 0.99


def test_a_query_of_the_collection_finds_its_copies_but_not_itself(album):
    report = lookalike.search([album / "c.jpg"], album, k=3)
    assert set(paths(report)[:2]) == {"c-small.jpg", "c-mirrored.jpg"}
    assert "c.jpg" not in paths(report)
    verdicts = {hit.path: hit.verdict for hit in report.answers[0].hits}
    assert "mirrored" in verdicts["c-mirrored.jpg"].reason


def test_an_exact_copy_is_the_same_file(album):
    hit = lookalike.search([album / "a.jpg"], album).answers[0].hits[0]
    assert (hit.path, hit.verdict.level) == ("backup/a.jpg", "same file")


def test_hits_come_closest_first_and_as_many_as_asked(album):
    for k in (1, 4, 100):
        hits = lookalike.search([album / "d.jpg"], album, k=k).answers[0].hits
        assert len(hits) == min(k, 14)
        keys = [hit.verdict.closeness for hit in hits]
        assert keys == sorted(keys, reverse=True)


def test_a_folder_of_queries_and_several_of_them(album, tmp_path):
    asked = tmp_path / "asked"
    asked.mkdir()
    for seed in (4, 6):
        scene(seed).save(asked / f"{seed}.png")
    report = lookalike.search([asked, album / "a.jpg"], album, k=1)
    assert [a.hits[0].path for a in report.answers] == ["e.jpg", "g.jpg", "backup/a.jpg"]


def test_a_filter_leaves_only_what_fits(album):
    report = lookalike.search([album / "c.jpg"], album, where="width < 300")
    assert paths(report) == ["c-small.jpg", "d-turned.jpg"]


def test_a_vanished_file_is_gone_at_once_even_as_is(album):
    lookalike.index(album)
    (album / "c-small.jpg").unlink()
    source = lookalike.Source(album, as_is=True)
    assert "c-small.jpg" not in paths(lookalike.search([album / "c.jpg"], source))


def test_as_is_does_not_look_for_new_files(album):
    lookalike.index(album)
    scene(2).save(album / "new.png")
    source = lookalike.Source(album, as_is=True)
    assert "new.png" not in paths(lookalike.search([album / "c.jpg"], source))
    assert "new.png" in paths(lookalike.search([album / "c.jpg"], album))


def test_a_query_that_is_no_picture_is_listed_and_the_rest_answered(album):
    report = lookalike.search([album / "torn.jpg", album / "notes.txt", album / "a.jpg"], album)
    assert [f.path.name for f in report.failed] == ["torn.jpg", "notes.txt"]
    assert len(report.answers) == 1


@pytest.mark.parametrize(
    ("queries", "options", "words"),
    [
        ([], {}, "nothing to search for"),
        (["missing.jpg"], {}, "no such picture"),
        (["a.jpg"], {"k": 0}, "at least 1"),
        (["a.jpg"], {"where": "widht > 3"}, "width"),
    ],
)
def test_what_cannot_be_asked_is_refused(album, queries, options, words):
    with pytest.raises(lookalike.InputError, match=words):
        lookalike.search([album / q for q in queries], album, **options)


def test_when_no_query_can_be_read_it_is_an_error(album, tmp_path):
    with pytest.raises(lookalike.UnreadableImage, match="cut short"):
        lookalike.search([album / "torn.jpg"], album)
    (tmp_path / "no-pictures").mkdir()
    with pytest.raises(lookalike.InputError, match="nothing to search for"):
        lookalike.search([tmp_path / "no-pictures"], album)


def test_one_hit_is_the_best_of_many(album):
    one = lookalike.search([album / "c.jpg"], album, k=1).answers[0].hits
    many = lookalike.search([album / "c.jpg"], album, k=5).answers[0].hits
    assert one == many[:1]


def test_no_index_and_no_pictures(tmp_path):
    scene(0).save(tmp_path / "q.png")
    (tmp_path / "empty").mkdir()
    assert paths(lookalike.search([tmp_path / "q.png"], tmp_path / "empty")) == []
