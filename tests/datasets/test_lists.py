"""Pair lists, triplet lists and matched folders."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_sets import parts_of, put

from lookalike.datasets.listed import joined
from lookalike.datasets.read import read
from lookalike.nouns.errors import InputError


def named(data, rows) -> list[list[str]]:
    return [[data.paths[row] for row in line] for line in rows.tolist()]


def test_pairs(tmp_path):
    put(tmp_path, "1.jpg", "2.jpg", "x/3.jpg")
    (tmp_path / "pairs.csv").write_text("a;b;same;who\n2.jpg;1.jpg;Yes;me\nx\\3.jpg;1.jpg;0;me\n")
    for source in (tmp_path, tmp_path / "pairs.csv"):
        data = read(source)
        assert named(data, data.pairs) == [["2.jpg", "1.jpg"], ["x/3.jpg", "1.jpg"]]
        assert data.same.tolist() == [True, False]
        assert data.classes == ()


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("1.jpg,2.jpg,maybe", "'maybe' does not say"),
        ("1.jpg,1.jpg,1", "with itself"),
        ("1.jpg,2.jpg,1\n2.jpg,1.jpg,0", "contradicts line 2"),
        ("1.jpg,9.jpg,1", "1 of 2 pictures are not there: 9.jpg"),
        ("1.jpg,,1", "b is empty"),
        ("", "no pair"),
    ],
)
def test_bad_pairs_are_told(tmp_path, lines, what):
    put(tmp_path, "1.jpg", "2.jpg")
    (tmp_path / "list.csv").write_text(f"a,b,same\n{lines}\n")
    with pytest.raises(InputError, match=what) as caught:
        read(tmp_path / "list.csv")
    assert caught.value.mend


def test_a_column_of_answers_that_is_not_there_suggests_one(tmp_path):
    (tmp_path / "list.csv").write_text("a,b,match\n1.jpg,2.jpg,1\n")
    with pytest.raises(InputError, match="rename 'match' to 'same'"):
        read(tmp_path / "list.csv")


def test_pairs_may_have_parts_and_a_picture_only_one(tmp_path):
    put(tmp_path, "1.jpg", "2.jpg", "3.jpg", "4.jpg")
    path = tmp_path / "list.csv"
    path.write_text("a,b,same,split\n1.jpg,2.jpg,1,train\n3.jpg,4.jpg,1,test\n")
    assert list(parts_of(read(path)).values()) == ["train", "train", "test", "test"]
    path.write_text("a,b,same,split\n1.jpg,2.jpg,1,train\n2.jpg,4.jpg,0,test\n")
    with pytest.raises(InputError, match=r"2\.jpg is in test and in train"):
        read(path)


@pytest.mark.parametrize("folder", ["", "images/", "food/"])
def test_triplets_with_and_without_endings(tmp_path, folder):
    put(tmp_path, *(f"{folder}{name}" for name in ("00001.jpg", "00002.jpg", "00003.png")))
    path = tmp_path / "train_triplets.txt"
    path.write_text("00002.jpg 00001   00003\n\n# judged twice\n00001\t00003.png\t00002\n")
    data = read(path)
    names = [[name.removeprefix(folder) for name in line] for line in named(data, data.triplets)]
    assert names == [
        ["00002.jpg", "00001.jpg", "00003.png"],
        ["00001.jpg", "00003.png", "00002.jpg"],
    ]
    assert all(data.path(row).is_file() for row in range(len(data)))


def test_triplets_name_their_folder_or_lie_elsewhere(tmp_path):
    put(tmp_path / "album", "food/1.jpg", "food/2.jpg", "food/3 b.jpg")
    (tmp_path / "album/t.txt").write_text("food/1\tfood/2.jpg\tfood/3 b\n")
    data = read(tmp_path / "album/t.txt")
    assert data.paths == ("food/1.jpg", "food/2.jpg", "food/3 b.jpg")
    (tmp_path / "lists.txt").write_text("1 2 food/1\n")
    with pytest.raises(InputError, match="3 of 3 pictures"):
        read(tmp_path / "lists.txt")
    (tmp_path / "lists.txt").write_text("1 2 3 b.jpg\n".replace(" ", "\t", 2))
    again = read(tmp_path / "lists.txt", pictures=tmp_path / "album/food")
    assert again.paths == ("1.jpg", "2.jpg", "3 b.jpg")
    assert again.root == tmp_path / "album/food"


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("1 2", "line 1.*2 names, not three"),
        ("1 2 3\n1 2 1", "line 2.*twice"),
        ("1 2 9", "1 of 3 pictures are not there: 9"),
        ("1 2 twin", "'twin' may be twin.jpg or twin.png"),
        ("\n\n", "no triplet"),
    ],
)
def test_bad_triplets_are_told(tmp_path, lines, what):
    put(tmp_path, "1.jpg", "2.jpg", "3.jpg", "twin.jpg", "twin.png")
    (tmp_path / "t.txt").write_text(lines)
    with pytest.raises(InputError, match=what):
        read(tmp_path / "t.txt")


def test_matched_folders(tmp_path):
    put(tmp_path, "source/a.jpg", "source/x/b.png", "source/lone.jpg")
    put(tmp_path, "target/a.png", "target/x/b.jpg", "target/x/c.jpg", "target/a.webp")
    data = read(tmp_path)
    assert named(data, data.pairs) == [
        ["source/a.jpg", "target/a.png"],
        ["source/a.jpg", "target/a.webp"],
        ["source/x/b.png", "target/x/b.jpg"],
    ]
    assert data.same.all()
    assert data.sides.tolist() == [1, 1, 1, 2, 2, 2, 2]
    groups = dict(zip(data.paths, data.groups.tolist(), strict=True))
    assert groups["source/a.jpg"] == groups["target/a.png"] == groups["target/a.webp"]
    assert groups["source/a.jpg"] != groups["source/x/b.png"] == groups["target/x/b.jpg"]
    assert groups["source/lone.jpg"] == groups["target/x/c.jpg"] == -1


def test_folders_that_do_not_match_are_told(tmp_path):
    put(tmp_path, "source/a.jpg", "target/b.jpg")
    with pytest.raises(InputError, match="No target has the name"):
        read(tmp_path)
    put(tmp_path, "source/a.png")
    with pytest.raises(InputError, match=r"source/a\.jpg and source/a\.png have one name"):
        read(tmp_path, layout="matched")


def test_a_matched_list_takes_the_rest_as_distractors(tmp_path):
    put(tmp_path, "old/1.jpg", "old/2.jpg", "new/1.jpg", "new/3.jpg", "others/9.jpg")
    (tmp_path / "pairs.csv").write_text(
        'source,target,relation\nnew/1.jpg,old/1.jpg,"a, b"\nnew/1.jpg,old/2.jpg,\n'
    )
    data = read(tmp_path)
    assert named(data, data.pairs) == [["new/1.jpg", "old/1.jpg"], ["new/1.jpg", "old/2.jpg"]]
    sides = dict(zip(data.paths, data.sides.tolist(), strict=True))
    assert [sides[name] for name in ("old/1.jpg", "old/2.jpg")] == [2, 2]
    assert [sides[name] for name in ("new/1.jpg", "new/3.jpg", "others/9.jpg")] == [1, 1, 1]
    (tmp_path / "pairs.csv").write_text("source,target\nnew/1.jpg,old/1.jpg\nold/1.jpg,old/2.jpg\n")
    with pytest.raises(InputError, match=r"old/1\.jpg is a source and a target"):
        read(tmp_path)


@given(
    st.integers(1, 12).flatmap(
        lambda n: st.tuples(
            st.just(n),
            st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=20),
        )
    )
)
def test_joined_rows_are_those_that_hang_together(case):
    n, links = case
    group = list(range(n))
    for a, b in links:
        low, high = sorted((group[a], group[b]))
        group = [low if other == high else other for other in group]
    found = joined(n, np.array(links, np.int64).reshape(-1, 2))
    assert found.tolist() == [min(i for i in range(n) if group[i] == g) for g in group]


def test_a_long_chain_is_one_group():
    order = np.random.default_rng(1).permutation(5000)
    assert (joined(5000, np.column_stack([order[:-1], order[1:]])) == 0).all()
