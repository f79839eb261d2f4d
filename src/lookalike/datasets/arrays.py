"""Archives that hold pictures as arrays, turned into a folder of PNG files for each class."""

import gzip
import pickle
import struct
import tarfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np

from lookalike.nouns.embeddings import Bytes, Ints
from lookalike.nouns.errors import InputError

CIFAR_ARCHIVE = "cifar-100-python.tar.gz"
IDX_ARCHIVES = tuple(
    f"{part}-{kind}-ubyte.gz"
    for part in ("train", "t10k")
    for kind in ("images-idx3", "labels-idx1")
)

Item = tuple[str, str, str, Bytes]
"""Part, class, name and picture."""


def cifar_pictures(archives: Mapping[str, Path]) -> Iterator[Item]:
    """The pictures of CIFAR-100 with their fine classes.

    Source:
        Krizhevsky 2009, https://www.cs.toronto.edu/~kriz/cifar.html ("python version").
    """
    with tarfile.open(archives[CIFAR_ARCHIVE]) as tarred:
        classes = _pickled(tarred, "meta")["fine_label_names"]
        for part in ("train", "test"):
            batch = _pickled(tarred, part)
            pixels = np.asarray(batch["data"], np.uint8).reshape(-1, 3, 32, 32)
            for name, label, picture in zip(
                batch["filenames"], batch["fine_labels"], pixels, strict=True
            ):
                yield part, str(classes[label]), Path(name).stem, picture.transpose(1, 2, 0)


def idx_pictures(archives: Mapping[str, Path]) -> Iterator[Item]:
    """The pictures of MNIST or one of its relatives, numbered in their order.

    Source:
        LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist/ (the format "idx").
    """
    for part, images, labels in (("train", *IDX_ARCHIVES[:2]), ("test", *IDX_ARCHIVES[2:])):
        pictures, digits = _idx(archives[images]), _idx(archives[labels])
        if len(pictures) != len(digits) or pictures.ndim != 3 or digits.ndim != 1:
            raise InputError("Pictures and labels do not fit", where=str(archives[images]))
        for number, (picture, digit) in enumerate(zip(pictures, digits, strict=True)):
            yield part, str(digit), f"{number:05d}", picture


def png(picture: Bytes) -> bytes:
    """The picture as a PNG file.

    Args:
        picture: (h, w) grey or (h, w, 3) RGB.

    Source:
        PNG specification, third edition, https://www.w3.org/TR/png-3/.
    """
    height, width = picture.shape[:2]
    lines = np.zeros((height, picture[0].size + 1), np.uint8)  # each line starts with filter 0
    lines[:, 1:] = picture.reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, 0 if picture.ndim == 2 else 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(lines.tobytes())), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def _idx(path: Path) -> Bytes | Ints:
    with gzip.open(path) as stream:
        content = stream.read()
    if content[:3] != b"\0\0\x08":
        raise InputError("This is no idx file of bytes", where=str(path), mend="fetch it again")
    shape = struct.unpack(f">{content[3]}I", content[4 : 4 + 4 * content[3]])
    return np.frombuffer(content, np.uint8, offset=4 + 4 * content[3]).reshape(shape)


class _Arrays(pickle.Unpickler):
    """Builds plain data and arrays, and refuses everything else that a pickle may ask for."""

    def find_class(self, module: str, name: str) -> object:
        if (module.replace("_core", "core"), name) in _ALLOWED:
            return super().find_class(module.replace("numpy.core", "numpy._core"), name)
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a set of pictures")


_ALLOWED = frozenset(
    {
        ("numpy.core.multiarray", "_reconstruct"),
        ("numpy", "ndarray"),
        ("numpy", "dtype"),
        ("_codecs", "encode"),
    }
)


def _pickled(tarred: tarfile.TarFile, part: str) -> dict[str, Sequence[Any]]:
    try:
        stream: IO[bytes] | None = tarred.extractfile(f"cifar-100-python/{part}")
        if stream is None:
            raise KeyError(part)
        with stream:
            content: dict[str, Sequence[Any]] = _Arrays(stream, encoding="latin1").load()
    except (KeyError, pickle.UnpicklingError) as error:
        raise InputError(f"This is not CIFAR-100: {error}", where=str(tarred.name)) from error
    return content
