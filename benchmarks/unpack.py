"""Unpacks the archives of labelled pictures into the layouts that lookalike reads.

    LOOKALIKE_DATA=FOLDER python benchmarks/unpack.py SOURCE [--only NAME ...]

SOURCE holds the archives as they were handed to you; `archives.sha256` names them. Each set
becomes FOLDER/NAME, whole or not at all; one that is there already is left as it is.
`benchmarks/README.md` lists the sets and the layout of each.
"""

import argparse
import csv
import hashlib
import io
import json
import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Row = dict[str, str]
Bytes = NDArray[np.uint8]

LAYOUT = 1
"""Goes up when a layout changes, so that older folders are made anew."""

CHECKSUMS = {
    name: digest
    for digest, name in (
        line.split(maxsplit=1)
        for line in Path(__file__).with_name("archives.sha256").read_text("utf-8").splitlines()
    )
}
"""SHA-256 of each archive; the file can also be checked by `sha256sum -c`."""


class Problem(Exception):
    """Something the person at the keyboard can mend."""


def photos(source: Path, target: Path, archive: str) -> None:
    """Photos with a `labels.csv`: class folders and a manifest."""
    rows: list[Row] = []
    with zipfile.ZipFile(source / archive) as zipped:
        for row in _table(zipped, "labels.csv"):
            member = row["path"]
            placed = _as_manifest(row)
            _write(target / placed["path"], zipped.read(member))
            rows.append(placed)
    _manifest(target, rows)


def _as_manifest(row: Row) -> Row:
    """The row with `path` in a class folder, a `label`, and the sender as `group`."""
    path, extra = row["path"], {k: v for k, v in row.items() if k not in {"path", "label"}}
    label = row.get("label") or extra.pop("wnid")
    if "sender_id" in extra:
        extra["group"] = extra.pop("sender_id")
    if label not in PurePosixPath(path).parts[:-1]:
        path = str(PurePosixPath(path).parent / label / PurePosixPath(path).name)
    return {"path": path, "label": label, **extra}


def as_they_are(source: Path, target: Path, archive: str) -> None:
    """Every member of a zip under its own name, its tables included."""
    with zipfile.ZipFile(source / archive) as zipped:
        for member in zipped.infolist():
            if not member.is_dir():
                _write(target / member.filename, zipped.read(member))


def cifar100(source: Path, target: Path) -> None:
    """CIFAR-100 as train/CLASS/NAME.png and test/CLASS/NAME.png."""
    with zipfile.ZipFile(source / "cifar100/names.zip") as zipped:
        names: dict[str, list[str]] = json.loads(zipped.read("original_names.json"))
    with (source / "cifar100/superclasses.csv").open(newline="", encoding="utf-8") as table:
        superclass = {row["class"]: row["superclass"] for row in csv.DictReader(table)}
    rows: list[Row] = []
    for split, label, pixels in _strips(source):
        for name, picture in zip(names[f"{split}/{label}"], pixels, strict=True):
            path = f"{split}/{label}/{name}.png"
            _png(target / path, picture)
            rows.append({"path": path, "label": label, "split": split})
            rows[-1]["superclass"] = superclass[label]
    _manifest(target, rows)


def _strips(source: Path) -> Iterator[tuple[str, str, Bytes]]:
    """Split, class and (n, 32, 32, 3) pictures of each strip."""
    for archive in ("train_00-49", "train_50-99", "test"):
        with zipfile.ZipFile(source / f"cifar100/{archive}.zip") as zipped:
            for member in sorted(zipped.namelist()):
                with Image.open(io.BytesIO(zipped.read(member))) as strip:
                    pixels = np.asarray(strip.convert("RGB")).reshape(-1, 32, 32, 3)
                # "07_beetle.webp": the label number, then the class.
                yield archive.partition("_")[0], Path(member).stem.partition("_")[2], pixels


def mnist(source: Path, target: Path) -> None:
    """MNIST as train/DIGIT/NUMBER.png and test/DIGIT/NUMBER.png, in the original order."""
    rows: list[Row] = []
    with np.load(source / "mnist.npz") as arrays:
        for split in ("train", "test"):
            pairs = zip(arrays[f"{split}_images"], arrays[f"{split}_labels"], strict=True)
            for number, (picture, digit) in enumerate(pairs):
                path = f"{split}/{digit}/{number:05d}.png"
                _png(target / path, picture)
                rows.append({"path": path, "label": str(digit), "split": split})
    _manifest(target, rows)


def omniglot(source: Path, target: Path) -> None:
    """Omniglot as PART/ALPHABET/CHARACTER/NAME.png, black on white, and the one-shot runs."""
    rows: list[Row] = []
    with np.load(source / "omniglot.npz") as arrays:
        for part in ("background", "evaluation"):
            names = zip(arrays[f"{part}_alphabet"], arrays[f"{part}_character"], strict=True)
            for (alphabet, character), drawings in zip(names, arrays[part], strict=True):
                folder, _, stem = str(character).partition("/")
                label = f"{alphabet}/{folder}"
                for drawer, ink in enumerate(drawings, start=1):
                    path = f"{part}/{label}/{stem}_{drawer:02d}.png"
                    _png(target / path, _drawing(ink))
                    rows.append({"path": path, "label": label, "split": part})
                    rows[-1] |= {"alphabet": str(alphabet), "drawer": str(drawer)}
        _one_shot_runs(target, *(arrays[f"runs_{k}"] for k in ("train", "test", "label")))
    _manifest(target, rows)


def _one_shot_runs(target: Path, train: Bytes, test: Bytes, label: NDArray[np.int64]) -> None:
    """Twenty runs of twenty-way one-shot: `runs.csv` names each question and its answer."""
    rows: list[Row] = []
    for run in range(len(train)):
        for kind, drawings in (("class", train[run]), ("item", test[run])):
            for number, ink in enumerate(drawings, start=1):
                _png(target / f"runs/{run + 1:02d}/{kind}/{number:02d}.png", _drawing(ink))
        for number, answer in enumerate(label[run], start=1):
            folder = f"runs/{run + 1:02d}"
            rows.append({"run": str(run + 1), "item": f"{folder}/item/{number:02d}.png"})
            rows[-1]["answer"] = f"{folder}/class/{answer + 1:02d}.png"
    _table_of(target / "runs.csv", rows)


def _drawing(packed: Bytes) -> NDArray[np.bool_]:
    """(105, 105) paper, True where there is no ink, from (105, 14) packed ink."""
    paper: NDArray[np.bool_] = np.unpackbits(packed, axis=-1)[..., :105] == 0
    return paper


def weights(source: Path, target: Path) -> None:
    """The weight files, copied."""
    for archive in SETS["weights"].archives:
        _write(target / Path(archive).name, (source / archive).read_bytes())


@dataclass(frozen=True)
class Set:
    """Which archives a set needs and how it is unpacked."""

    archives: tuple[str, ...]
    unpack: Callable[[Path, Path], None]


def _zip(archive: str, unpack: Callable[[Path, Path, str], None]) -> Set:
    return Set((archive,), lambda source, target: unpack(source, target, archive))


def _all_in(folder: str, unpack: Callable[[Path, Path], None]) -> Set:
    return Set(tuple(name for name in CHECKSUMS if name.startswith(f"{folder}/")), unpack)


SETS = {
    "clothing": _zip("clothing.zip", photos),
    "flowers": _zip("flowers.zip", photos),
    "weather": _zip("weather.zip", photos),
    "groceries": _zip("groceries.zip", photos),
    "imagenet-sample": _zip("imagenet_sample.zip", photos),
    "neardup": _zip("neardup.zip", as_they_are),
    "historical": _zip("historical.zip", as_they_are),
    "weird": _zip("weird.zip", as_they_are),
    "weights": _all_in("weights", weights),
    "tiny-imagenet": _zip("tiny_imagenet.zip", photos),
    "omniglot": Set(("omniglot.npz",), omniglot),
    "cifar100": _all_in("cifar100", cifar100),
    "mnist": Set(("mnist.npz",), mnist),
}


def unpack_set(name: str, source: Path, data: Path) -> bool:
    """Makes data/NAME out of its archives, whole or not at all.

    Returns:
        False where a finished folder of this layout was there already.
    """
    final, stamp = data / name, _stamp(name)
    marker = final / ".complete"
    if marker.is_file() and marker.read_text(encoding="utf-8") == stamp:
        return False
    if final.exists() and not marker.is_file():
        raise Problem(f"{final} is there but was not made by this script: move it away first")
    for archive in SETS[name].archives:
        _check(source / archive, CHECKSUMS[archive])
    data.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=f".unpack-{name}-", dir=data))
    try:
        SETS[name].unpack(source, workshop / "new")
        _write(workshop / "new" / ".complete", stamp.encode())
        if final.exists():
            final.rename(workshop / "old")
        (workshop / "new").rename(final)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return True


def _stamp(name: str) -> str:
    lines = [f"{CHECKSUMS[archive]}  {archive}\n" for archive in SETS[name].archives]
    return f"layout {LAYOUT}\n" + "".join(lines)


def _check(path: Path, wanted: str) -> None:
    try:
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise Problem(f"{path}: {error.strerror}; is SOURCE the right folder?") from error
    if found != wanted:
        raise Problem(f"{path}: SHA-256 is {found}, expected {wanted}; fetch the archive again")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _png(path: Path, pixels: Bytes | NDArray[np.bool_]) -> None:
    encoded = io.BytesIO()
    Image.fromarray(pixels).save(encoded, "PNG", compress_level=1)
    _write(path, encoded.getvalue())


def _table(zipped: zipfile.ZipFile, member: str) -> list[Row]:
    with zipped.open(member) as stream:
        return list(csv.DictReader(io.TextIOWrapper(stream, "utf-8", newline="")))


def _table_of(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _manifest(target: Path, rows: Iterable[Row]) -> None:
    _table_of(target / "manifest.csv", sorted(rows, key=lambda row: row["path"]))


def main(arguments: Sequence[str] | None = None) -> int:
    """Unpacks what was asked for; 2 where the person at the keyboard can mend it."""
    parser = argparse.ArgumentParser(description="Unpack archives to where LOOKALIKE_DATA points.")
    parser.add_argument("source", type=Path, help="folder that holds the archives")
    parser.add_argument("--only", nargs="+", choices=SETS, metavar="NAME", help=", ".join(SETS))
    options = parser.parse_args(arguments)
    try:
        if not (data := os.environ.get("LOOKALIKE_DATA")):
            raise Problem("LOOKALIKE_DATA is not set: name the folder to unpack to")
        for name in options.only or SETS:
            fresh = unpack_set(name, options.source, Path(data))
            print(f"{name}: {'unpacked' if fresh else 'there already'}", flush=True)
    except Problem as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
