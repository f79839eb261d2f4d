"""Duplicates: each planted copy with its level, nothing else, and groups that cannot chain."""

from itertools import combinations

import numpy as np
import pytest
from PIL import Image
from scenes import scene

import lookalike
from lookalike.pages.sentences import group_sentence

COPIES = {
    frozenset({"a.jpg", "backup/a.jpg"}): "same file",
    frozenset({"b.png", "b.bmp"}): "same picture",
    frozenset({"c.jpg", "c-mirrored.jpg"}): "edited copy",
    frozenset({"c.jpg", "c-small.jpg"}): "edited copy",
    frozenset({"c-small.jpg", "c-mirrored.jpg"}): "edited copy",
    frozenset({"d.jpg", "d-turned.jpg"}): "edited copy",
}
"""Every pair of files of `album` that are copies, and what they are."""


def test_every_planted_copy_is_found_with_its_level_and_nothing_else(album):
    report = lookalike.duplicates(album)
    found = {frozenset({p.first, p.second}): str(p.verdict.level) for p in report.listed}
    assert found == COPIES


def test_each_pair_names_the_cheapest_rung_that_found_it(album):
    pairs = lookalike.duplicates(album).listed
    rungs = {(p.first, p.second): str(p.verdict.rung) for p in pairs}
    assert rungs["a.jpg", "backup/a.jpg"] == "bytes"
    assert rungs["b.bmp", "b.png"] == "pixels"
    assert {rung for pair, rung in rungs.items() if pair[0][0] in "cd"} == {"hash"}


def test_groups_hold_the_copies_and_count_what_is_to_spare(album):
    report = lookalike.duplicates(album)
    assert [[m.path for m in g.members] for g in report.groups] == [
        ["c-mirrored.jpg", "c-small.jpg", "c.jpg"],
        ["a.jpg", "backup/a.jpg"],
        ["b.bmp", "b.png"],
        ["d-turned.jpg", "d.jpg"],
    ]
    assert report.spare_files == 5
    sizes = [sorted(m.size_bytes for m in g.members) for g in report.groups]
    assert report.spare_bytes == sum(sum(s[:-1]) for s in sizes)


def test_every_two_members_of_a_group_are_in_a_pair(album):
    for group in lookalike.duplicates(album).groups:
        pairs = {frozenset({p.first, p.second}) for p in group.pairs}
        assert pairs == {frozenset(c) for c in combinations([m.path for m in group.members], 2)}


def test_pictures_without_detail_match_by_pixels_only(tmp_path):
    Image.new("RGB", (100, 80), (9, 9, 9)).save(tmp_path / "dark.png")
    Image.new("RGB", (100, 80), (9, 9, 9)).save(tmp_path / "dark.bmp")
    Image.new("RGB", (100, 80), (8, 9, 9)).save(tmp_path / "nearly.png")
    pairs = lookalike.duplicates(tmp_path).listed
    assert [(p.first, p.second, str(p.verdict.level)) for p in pairs] == [
        ("dark.bmp", "dark.png", "same picture")
    ]


def test_a_picture_turned_by_exif_is_the_same_picture(tmp_path):
    upright = scene(3)
    upright.save(tmp_path / "upright.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    upright.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "turned.png", exif=exif)
    (pair,) = lookalike.duplicates(tmp_path).listed
    assert pair.verdict.level == "same picture"


def test_a_higher_probability_lists_no_more(album):
    some = {(p.first, p.second) for p in lookalike.duplicates(album, least_probability=0.5).listed}
    few = {
        (p.first, p.second) for p in lookalike.duplicates(album, least_probability=0.9999).listed
    }
    assert few <= some


def test_a_file_that_vanished_since_is_not_listed(album):
    lookalike.index(album)
    (album / "backup" / "a.jpg").unlink()
    (album / "c-small.jpg").unlink()
    report = lookalike.duplicates(lookalike.Source(album, as_is=True))
    listed = {path for p in report.listed for path in (p.first, p.second)}
    assert listed.isdisjoint({"a.jpg", "backup/a.jpg", "c-small.jpg"})


@pytest.mark.parametrize("wrong", [0.2, 1.0, 7])
def test_a_probability_out_of_range_is_refused(album, wrong):
    with pytest.raises(lookalike.InputError, match=r"between 0\.5 and 1"):
        lookalike.duplicates(album, least_probability=wrong)


@pytest.mark.parametrize("share", [0.0001, 0.01, 0.2, 0.5])
def test_the_listed_pairs_keep_the_promise_and_no_lower_bound_would(album, share):
    report = lookalike.duplicates(album, wrong_at_most=share)
    every = lookalike.duplicates(album, least_probability=0.5)

    def unsure(pairs):
        return [p.verdict.probability for p in pairs if p.verdict.probability < 1]

    listed, possible = unsure(report.listed), unsure(every.listed)
    assert sum(1 - p for p in listed) <= share * len(listed)
    assert listed == [p for p in possible if p >= report.least_probability]
    assert report.to_dict()["wrong_at_most"] == share
    certain = {(p.first, p.second) for p in every.listed if p.verdict.probability == 1}
    assert certain <= {(p.first, p.second) for p in report.listed}


@pytest.mark.parametrize("share", [0.001, 0.1, 0.5])
def test_no_more_copies_are_missed_than_promised(album, share):
    report = lookalike.duplicates(album, miss_at_most=share)
    every = [p.verdict.probability for p in lookalike.duplicates(album, miss_at_most=0.001).listed]
    left_out = sum(p for p in every if p < report.least_probability)
    assert report.expected_missed >= left_out
    assert report.keeps_promise == (report.missed_share <= share)
    assert report.to_dict()["keeps_promise"] == report.keeps_promise


@pytest.mark.parametrize(
    "asked",
    [
        {"wrong_at_most": 0},
        {"miss_at_most": 0.6},
        {"wrong_at_most": 0.1, "miss_at_most": 0.1},
        {"least_probability": 0.9, "wrong_at_most": 0.1},
    ],
)
def test_promises_that_cannot_be_meant_are_refused_before_anything_is_read(album, asked):
    with pytest.raises(lookalike.InputError):
        lookalike.duplicates(album, **asked)
    assert not (album / ".lookalike").exists()


@pytest.mark.parametrize("n", [0, 1])
def test_no_pair_to_compare(tmp_path, n):
    for seed in range(n):
        scene(seed).save(tmp_path / f"{seed}.png")
    report = lookalike.duplicates(tmp_path)
    assert (report.groups, report.related, report.expected_wrong) == ((), (), 0)


def test_groups_around_a_medoid_hold_two_halves_together(tmp_path):
    pixels = np.asarray(scene(40, (640, 480)))
    for name, part in (("whole", pixels), ("left", pixels[:, :400]), ("right", pixels[:, 240:])):
        Image.fromarray(part).save(tmp_path / f"{name}.jpg", quality=92)
    not_same = [("left.jpg", "right.jpg")]
    same = [("left.jpg", "whole.jpg"), ("right.jpg", "whole.jpg")]
    lookalike.tune(tmp_path, same=same, not_same=not_same)
    tight, loose = (lookalike.duplicates(tmp_path, linkage=how) for how in ("complete", "medoid"))
    assert [len(group.members) for group in tight.groups] == [2]
    assert len(tight.related) == 1
    [group] = loose.groups
    assert group.medoid.path == "whole.jpg"
    assert [one.is_complete for one in (*tight.groups, group)] == [True, False]
    assert group_sentence(group) == "every listed pair 100 % sure"
    assert group.to_medoid() == {"left.jpg": 1.0, "right.jpg": 1.0, "whole.jpg": 1.0}
    assert (len(group.pairs), loose.related) == (2, ())
    assert loose.to_dict()["linkage"] == "medoid"
    assert loose.to_dict()["groups"][0]["members"][0]["to_medoid"] == 1.0


def test_the_medoid_is_the_member_that_is_surest_to_be_a_copy_of_all_others(album):
    for group in lookalike.duplicates(album).groups:
        near = group.to_medoid()
        assert near.keys() == {member.path for member in group.members}
        assert near[group.medoid.path] == 1
        assert min(near.values()) >= group.least_sure.verdict.probability


def test_an_unknown_way_to_make_groups_is_refused(album):
    with pytest.raises(lookalike.InputError, match="no such way"):
        lookalike.duplicates(album, linkage="chain")
