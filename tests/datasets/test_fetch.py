import hashlib
from dataclasses import replace

import pytest

from lookalike.datasets.fetch import Archive, fetch
from lookalike.nouns.errors import InputError

CONTENT = bytes(range(256)) * 4096


def test_an_archive_is_fetched_once_checked_and_told_of(server, tmp_path):
    archive = server.archive("set.zip", CONTENT)
    told = []
    path = fetch(archive, tmp_path / "new" / "place", progress=lambda *x: told.append(x))
    assert path.read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert fetch(archive, path.parent) == path
    assert server.asked == [("set.zip", None)]
    assert [file.name for file in path.parent.iterdir()] == ["set.zip"]


@pytest.mark.parametrize("knows_ranges", [True, False])
def test_what_arrived_before_a_break_is_not_fetched_again(server, tmp_path, knows_ranges):
    archive = server.archive("set.zip", CONTENT)
    server.breaks_after, server.knows_ranges = 300_000, knows_ranges
    with pytest.raises(InputError, match=f"broke off after 300000 of {len(CONTENT)} bytes"):
        fetch(archive, tmp_path)
    assert not (tmp_path / "set.zip").exists()
    server.breaks_after = None
    assert fetch(archive, tmp_path).read_bytes() == CONTENT
    assert server.asked[1] == ("set.zip", "bytes=300000-")


def test_a_leftover_longer_than_the_whole_is_thrown_away(server, tmp_path):
    archive = server.archive("set.zip", b"short")
    (tmp_path / "set.zip.part").write_bytes(b"much longer than that")
    assert fetch(archive, tmp_path).read_bytes() == b"short"


def test_a_leftover_of_another_file_is_noticed_and_thrown_away(server, tmp_path):
    archive = server.archive("set.zip", CONTENT)
    (tmp_path / "set.zip.part").write_bytes(b"wrong" * 100)
    with pytest.raises(InputError, match="hash differs"):
        fetch(archive, tmp_path)
    assert fetch(archive, tmp_path).read_bytes() == CONTENT


def test_the_next_address_is_tried(server, tmp_path):
    archive = server.archive("set.zip", CONTENT)
    server.files["bad/set.zip"] = b"something else"
    places = ("gone", "bad", "")
    urls = tuple(f"{server.url}/{place}/set.zip".replace("//set", "/set") for place in places)
    assert fetch(replace(archive, urls=urls), tmp_path).read_bytes() == CONTENT
    assert len(server.asked) == 3


def test_where_nothing_helps_the_error_says_what_to_do(server, tmp_path):
    content = server.archive("set.zip", CONTENT)
    server.files["set.zip"] = b"damaged"
    urls = (f"{server.url}/set.zip", f"{server.url}/none.zip", "http://127.0.0.1:1/set.zip")
    with pytest.raises(InputError) as caught:
        fetch(replace(content, urls=urls), tmp_path)
    assert "hash differs" in caught.value.what
    assert "404" in caught.value.what
    assert "refused" in caught.value.what.lower()
    assert str(tmp_path / "set.zip") in caught.value.mend
    assert urls[0] in caught.value.mend
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_lies_there_is_checked_too(server, tmp_path):
    archive = server.archive("set.zip", CONTENT)
    (tmp_path / "set.zip").write_bytes(b"mine")
    with pytest.raises(InputError, match="not the archive that it should be"):
        fetch(archive, tmp_path)
    assert (tmp_path / "set.zip").read_bytes() == b"mine"
    assert server.asked == []


@pytest.mark.parametrize("algorithm", ["sha256", "sha1", "md5"])
def test_one_of_several_digests_is_enough(tmp_path, algorithm):
    digest = f"{algorithm}:{hashlib.new(algorithm, b'x').hexdigest()}"
    (tmp_path / "x").write_bytes(b"x")
    assert fetch(Archive("x", (), ("sha256:" + "0" * 64, digest)), tmp_path) == tmp_path / "x"
