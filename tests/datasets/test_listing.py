import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_sets import put

from lookalike.datasets.listing import folders_in, one_form, pictures_under
from lookalike.nouns.errors import InputError


def test_pictures_are_told_by_their_endings_at_any_depth(tmp_path):
    put(tmp_path, "b/2.PNG", "b/c/3.webp", "1.jpg", "a.txt", "b/manifest.csv", "b/no_ending")
    assert pictures_under(tmp_path) == ["1.jpg", "b/2.PNG", "b/c/3.webp"]


def test_hidden_files_and_what_systems_leave_behind_are_left_out(tmp_path):
    put(tmp_path, "a/1.jpg", "a/._1.jpg", ".cache/2.jpg", "__MACOSX/a/3.jpg", "@eaDir/4.jpg")
    assert pictures_under(tmp_path) == ["a/1.jpg"]
    assert folders_in(tmp_path) == ["a"]


def test_a_folder_that_looks_like_a_picture_is_a_folder(tmp_path):
    put(tmp_path, "album.jpg/1.png")
    assert pictures_under(tmp_path) == ["album.jpg/1.png"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_are_followed_once_and_never_in_circles(tmp_path):
    put(tmp_path, "set/a/1.jpg", "pool/2.jpg")
    (tmp_path / "set/b").symlink_to(tmp_path / "pool", target_is_directory=True)
    (tmp_path / "set/c").symlink_to(tmp_path / "pool", target_is_directory=True)
    (tmp_path / "set/a/up").symlink_to(tmp_path / "set", target_is_directory=True)
    (tmp_path / "set/a/all").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "set/d").symlink_to(tmp_path / "set/a", target_is_directory=True)
    found = pictures_under(tmp_path / "set")
    assert len(found) == 2
    assert found[0] == "a/1.jpg"
    assert found[1] in ("b/2.jpg", "c/2.jpg")


def test_a_folder_that_is_not_there_is_an_error_with_its_name(tmp_path):
    with pytest.raises(InputError, match="nowhere"):
        pictures_under(tmp_path / "nowhere")


@given(st.text(max_size=8))
def test_both_normal_forms_are_one(text):
    assert one_form(unicodedata.normalize("NFD", text)) == one_form(
        unicodedata.normalize("NFC", text)
    )
