import io
import stat
import tarfile
import zipfile

import pytest
from made_sets import tarred, zipped

from lookalike.datasets.extract import extract
from lookalike.nouns.errors import InputError

MEMBERS = {"a/1.jpg": b"one", "a/b/2.jpg": b"two", "3.jpg": b""}


def found(folder) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(
    "content", [zipped(MEMBERS), tarred(MEMBERS), tarred(MEMBERS, "w"), tarred(MEMBERS, "w:xz")]
)
def test_all_files_come_out(tmp_path, content):
    (tmp_path / "archive").write_bytes(content)
    extract(tmp_path / "archive", tmp_path / "out")
    assert found(tmp_path / "out") == MEMBERS


@pytest.mark.parametrize("pack", [zipped, tarred])
@pytest.mark.parametrize(
    "name", ["../evil", "a/../../evil", "/evil", "C:/evil", "..\\evil", "a/c:evil"]
)
def test_nothing_leaves_the_folder(tmp_path, pack, name):
    (tmp_path / "archive").write_bytes(pack({name: b"bad"}))
    with pytest.raises(InputError, match="leads out"):
        extract(tmp_path / "archive", tmp_path / "deep" / "out")
    assert not [path for path in tmp_path.rglob("*") if "evil" in path.name]


def test_links_are_left_out_so_that_nothing_is_written_through_them(tmp_path):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, kind in (("link", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "../outside"
            archive.addfile(info)
        info = tarfile.TarInfo("link/1.jpg")
        info.size = 3
        archive.addfile(info, io.BytesIO(b"one"))
    (tmp_path / "archive").write_bytes(stream.getvalue())
    extract(tmp_path / "archive", tmp_path / "out")
    assert found(tmp_path / "out") == {"link/1.jpg": b"one"}
    with zipfile.ZipFile(tmp_path / "archive", "w") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "../outside")
        archive.writestr("a/", "")
        archive.writestr("a/1.jpg", b"one")
    extract(tmp_path / "archive", tmp_path / "again")
    assert found(tmp_path / "again") == {"a/1.jpg": b"one"}


@pytest.mark.parametrize(
    "content",
    [b"", b"no archive", tarred(MEMBERS)[:60], zipped(MEMBERS)[:70]],
    ids=["empty", "text", "tar", "zip"],  # an archive's bytes tell the second it was made in
)
def test_a_broken_archive_is_told(tmp_path, content):
    (tmp_path / "archive").write_bytes(content)
    with pytest.raises(InputError, match="cannot be read"):
        extract(tmp_path / "archive", tmp_path / "out")
