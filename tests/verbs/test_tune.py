"""Answers: heeded at once, kept by content, and never lost by renaming or indexing again."""

import sqlite3

import pytest
from PIL import Image

import lookalike
from lookalike.store.reader import IndexReader


def listed(album):
    return {frozenset({p.first, p.second}): p.verdict for p in lookalike.duplicates(album).listed}


def grouped(album):
    return [{m.path for m in g.members} for g in lookalike.duplicates(album).groups]


def test_what_is_not_the_same_is_never_listed_nor_grouped(album):
    before = listed(album)
    report = lookalike.tune(album, not_same=[(album / "c.jpg", album / "c-small.jpg")])
    assert (report.added, len(report.pairs), report.n_waiting) == (1, 1, 0)
    after = listed(album)
    assert before.keys() - after.keys() == {frozenset({"c.jpg", "c-small.jpg"})}
    assert not any({"c.jpg", "c-small.jpg"} <= group for group in grouped(album))


def test_what_is_the_same_is_certain_even_where_nothing_looks_alike(album):
    lookalike.tune(album, same=[("f.jpg", "e.jpg"), ("c.jpg", "c-small.jpg")])
    for pair in ({"e.jpg", "f.jpg"}, {"c.jpg", "c-small.jpg"}):
        verdict = listed(album)[frozenset(pair)]
        assert (verdict.probability, str(verdict.rung), verdict.level.value) == (
            1.0,
            "user",
            "edited copy",
        )
    assert {"e.jpg", "f.jpg"} in grouped(album)


def test_equal_pixels_stay_the_same_picture_unless_you_deny_it(album):
    lookalike.tune(album, same=[("b.png", "b.bmp")])
    assert listed(album)[frozenset({"b.png", "b.bmp"})].level == "same picture"
    lookalike.tune(album, not_same=[("b.bmp", "b.png")])
    assert frozenset({"b.png", "b.bmp"}) not in listed(album)


def test_answers_survive_renaming_and_indexing_again(album):
    lookalike.tune(album, not_same=[("c.jpg", "c-small.jpg")])
    (album / "c.jpg").rename(album / "renamed.jpg")
    assert frozenset({"renamed.jpg", "c-small.jpg"}) not in listed(album)
    lookalike.index(album, rebuild=True)
    assert frozenset({"renamed.jpg", "c-small.jpg"}) not in listed(album)
    (album / "renamed.jpg").unlink()
    report = lookalike.tune(album)
    assert (report.pairs, report.n_waiting) == ((), 1)


def test_an_answer_about_a_file_goes_when_its_content_changes(album):
    lookalike.tune(album, same=[("e.jpg", "f.jpg")])
    Image.open(album / "g.jpg").save(album / "f.jpg", quality=50)
    assert frozenset({"e.jpg", "f.jpg"}) not in listed(album)


def test_a_table_of_answers_says_the_same_as_one_by_one(album, tmp_path):
    table = tmp_path / "answers.csv"
    table.write_text("a,b,same\ne.jpg,f.jpg,yes\nc.jpg,c-small.jpg,No\n", encoding="utf-8")
    report = lookalike.tune(album, answers=table)
    header, rows = report.to_table()
    assert header == ("a", "b", "same")
    assert rows == [("c-small.jpg", "c.jpg", "no"), ("e.jpg", "f.jpg", "yes")]
    lookalike.tune(album, same=[("c.jpg", "c-small.jpg")])
    assert all(pair.same for pair in lookalike.tune(album).pairs)


@pytest.mark.parametrize(
    ("text", "line"), [("a,b,same\nx.jpg,y.jpg,perhaps\n", 2), ("x.jpg,y.jpg\nz.jpg,w.jpg\n", 2)]
)
def test_a_table_that_cannot_be_read_names_the_line_and_keeps_nothing(album, tmp_path, text, line):
    table = tmp_path / "answers.csv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(lookalike.InputError) as error:
        lookalike.tune(album, answers=table)
    assert f"line {line}" in error.value.where
    assert lookalike.tune(album).pairs == ()


@pytest.mark.parametrize("pair", [("a.jpg", "no-such.jpg"), ("a.jpg", "backup/a.jpg")])
def test_answers_about_no_pair_of_pictures_are_refused(album, pair):
    with pytest.raises(lookalike.InputError):
        lookalike.tune(album, same=[("e.jpg", "f.jpg"), pair])
    assert lookalike.tune(album).pairs == ()


def test_an_index_that_has_no_answers_table_is_read(album):
    lookalike.index(album)
    db = sqlite3.connect(album / ".lookalike" / "index.sqlite")
    assert not db.execute("SELECT count(*) FROM sqlite_master WHERE name='answers'").fetchone()[0]
    db.close()
    with IndexReader.open(album / ".lookalike") as reader:
        assert reader.answers() == []
