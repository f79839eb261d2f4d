import io
import os
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from made_sets import cifar_archive, idx, tarred
from PIL import Image

from lookalike.datasets.arrays import (
    CIFAR_ARCHIVE,
    IDX_ARCHIVES,
    cifar_pictures,
    idx_pictures,
    png,
)
from lookalike.nouns.errors import InputError

SIDES = st.integers(1, 9)


@given(
    st.tuples(SIDES, SIDES).flatmap(
        lambda size: st.sampled_from([size, (*size, 3)]).flatmap(lambda s: arrays(np.uint8, s))
    )
)
def test_another_program_reads_the_same_picture(picture):
    with Image.open(io.BytesIO(png(picture))) as read:
        read.load()
        assert read.mode == ("L" if picture.ndim == 2 else "RGB")
        assert (np.asarray(read) == picture).all()


def test_cifar_comes_out_as_it_went_in(tmp_path):
    content, pictures = cifar_archive(np.random.default_rng(0))
    (tmp_path / "c").write_bytes(content)
    found = {
        f"{part}/{label}/{name}.png": picture
        for part, label, name, picture in cifar_pictures({CIFAR_ARCHIVE: tmp_path / "c"})
    }
    assert found.keys() == pictures.keys()
    assert all((found[name] == pictures[name]).all() for name in found)


def test_the_pickles_of_old_python_are_read(tmp_path):
    # As Python 2 wrote them: text is bytes, arrays ask for numpy.core.multiarray.
    data = np.arange(3072, dtype=np.uint8).reshape(1, -1)
    batch = {"data": data, "fine_labels": [0], "filenames": ["one.png"]}
    old = pickle.dumps(batch, protocol=2).replace(
        b"cnumpy._core.multiarray", b"cnumpy.core.multiarray"
    )
    assert b"numpy.core.multiarray" in old
    meta = b"\x80\x02}U\x10fine_label_names]U\x05applea s."
    meta = meta.replace(b"a s.", b"as.")
    members = {"train": old, "test": old, "meta": meta}
    (tmp_path / "c").write_bytes(tarred({f"cifar-100-python/{k}": v for k, v in members.items()}))
    parts = [
        (part, label, name)
        for part, label, name, _ in cifar_pictures({CIFAR_ARCHIVE: tmp_path / "c"})
    ]
    assert parts == [("train", "apple", "one"), ("test", "apple", "one")]


class Evil:
    def __reduce__(self):
        return os.system, ("echo never",)


def test_a_pickle_that_wants_to_run_something_is_refused(tmp_path):
    members = {"cifar-100-python/meta": pickle.dumps({"fine_label_names": Evil()}, protocol=2)}
    (tmp_path / "c").write_bytes(tarred(members))
    with pytest.raises(InputError, match="has no place in a set of pictures"):
        next(cifar_pictures({CIFAR_ARCHIVE: tmp_path / "c"}))


def test_a_cifar_without_its_parts_is_told(tmp_path):
    (tmp_path / "c").write_bytes(tarred({"other": b""}))
    with pytest.raises(InputError, match="not CIFAR-100"):
        next(cifar_pictures({CIFAR_ARCHIVE: tmp_path / "c"}))


def idx_files(folder, **contents: bytes):
    files = {}
    for name in IDX_ARCHIVES:
        files[name] = folder / name
        files[name].write_bytes(contents[name.partition("-ubyte")[0].replace("-", "_")])
    return files


def test_idx_files_come_out_as_they_went_in(tmp_path):
    rng = np.random.default_rng(1)
    train, test = rng.integers(0, 256, (5, 28, 28)), rng.integers(0, 256, (2, 28, 28))
    files = idx_files(
        tmp_path,
        train_images_idx3=idx(train),
        train_labels_idx1=idx(np.array([3, 1, 4, 1, 5])),
        t10k_images_idx3=idx(test),
        t10k_labels_idx1=idx(np.array([9, 2])),
    )
    found = list(idx_pictures(files))
    assert [item[:3] for item in found[3:]] == [
        ("train", "1", "00003"),
        ("train", "5", "00004"),
        ("test", "9", "00000"),
        ("test", "2", "00001"),
    ]
    assert (np.stack([item[3] for item in found]) == np.concatenate([train, test])).all()


@pytest.mark.parametrize(
    ("labels", "what"), [(idx(np.zeros(3)), "do not fit"), (idx(np.zeros(2))[:3], "idx")]
)
def test_idx_files_that_do_not_fit_are_told(tmp_path, labels, what):
    pictures = idx(np.zeros((2, 4, 4)))
    if what == "idx":
        import gzip

        labels = gzip.compress(b"\0\0\x0d\1")
    files = idx_files(
        tmp_path,
        train_images_idx3=pictures,
        train_labels_idx1=labels,
        t10k_images_idx3=pictures,
        t10k_labels_idx1=labels,
    )
    with pytest.raises(InputError, match=what):
        list(idx_pictures(files))
