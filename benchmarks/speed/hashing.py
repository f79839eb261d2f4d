"""Times the hashing of JPEG files beside ImageHash and imagededup, in one interleaved run.

    python benchmarks/speed/hashing.py [--photos FOLDER] [--rounds N]

Every figure is for whole files: read, decode, hash, on one thread. Beside the time stands what
it costs: bits that differ from the hash of the full decode, and from the reference packages.

A scaled decode must still undo the Huffman code of the whole file, so the gain falls with the
bytes that a pixel takes; hence one size of picture at several qualities. Cameras write 12
megapixels into 2 to 5 MB, messengers and editors into 1 to 2. The row "limit" is what remains if
all but that decode took no time at all.
"""

import argparse
import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time

import imagehash
import numpy as np
import pdqhash  # type: ignore[import-untyped]
from PIL import Image

from lookalike.images.decode import read_grey, read_picture
from lookalike.images.hashes import (
    HASHES,
    describe_hashes,
    pdq_hash,
    perceptual_hash,
)
from lookalike.nouns.embeddings import Bytes

sys.path.insert(0, str(Path(__file__).parents[1]))
from results import write_csv

Hasher = Callable[[Path], object]

SIZES = {
    "12-megapixel": (3000, 4000, 90, 6),
    "12-megapixel, quality 80": (3000, 4000, 80, 6),
    "12-megapixel, quality 95": (3000, 4000, 95, 6),
    "640x480": (480, 640, 90, 40),
}
"""Height, width, JPEG quality and number of the pictures made where no folder is given."""
INDEX_PX = 256
"""Short side that an index decodes."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, help="a folder of JPEG files")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, files in photo_sets(options.photos, Path(folder)):
            rows += time_rows(name, files, options.rounds) + quality_rows(name, files)
    for row in rows:
        print(
            f"{row['name']:<58} {row['value']:>9} {row['unit']:<14}"
            f" {row.get('ratio', ''):>7} {row.get('spread', '')}"
        )
    print(f"written: {write_csv('hashing', rows)}")


def photo_sets(photos: Path | None, folder: Path) -> Iterator[tuple[str, list[Path]]]:
    """Names and files to time."""
    if photos is not None:
        found = sorted(p for p in photos.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg"))
        yield photos.name, found
        return
    for name, (height, width, quality, count) in SIZES.items():
        files = [folder / f"{name}-{seed}.jpg" for seed in range(count)]
        for seed, file in enumerate(files):
            Image.fromarray(made_photo(seed, height, width)).save(file, quality=quality)
        yield name, files


def made_photo(seed: int, height: int, width: int) -> Bytes:
    """Colour at all scales, less of it the finer the scale, as photographs have it."""
    chance = np.random.default_rng(seed)
    pixels = np.full((height, width, 3), 128, np.float32)
    for cells, strength in ((3, 70), (7, 45), (16, 28), (40, 18), (110, 11), (300, 8), (900, 6)):
        rows = max(2, round(cells * height / max(height, width)))
        coarse = chance.integers(0, 256, (rows, cells, 3), dtype=np.uint8)
        layer = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
        pixels += (np.asarray(layer, np.float32) - 128) * np.float32(strength / 74)
    pixels += chance.standard_normal((height, width, 1), np.float32) * 2
    return np.clip(pixels, 0, 255).astype(np.uint8)


def hashers() -> tuple[dict[str, Hasher], dict[str, Hasher]]:
    """Ours and theirs; each takes a file as a user has it."""
    ours: dict[str, Hasher] = {
        "perceptual, 64 bit": lambda path: perceptual_hash(small_grey(path)),
        "PDQ, 8 orientations": lambda path: describe_hashes(
            read_picture(path, short_side_px=INDEX_PX).pixels
        ),
    }
    peers: dict[str, Hasher] = {"ImageHash phash": imagehash_phash}
    try:
        from imagededup.methods import PHash  # type: ignore[import-not-found]
    except ImportError as error:
        print(f"imagededup is left out: {error}")
    else:
        method = PHash(verbose=False)
        peers["imagededup PHash"] = lambda path: method.encode_image(image_file=str(path))
    return ours, peers


def small_grey(path: Path) -> Bytes:
    return read_grey(path, short_side_px=HASHES["perceptual"].short_side_px)


def eighth(path: Path) -> object:
    """The least that any scaled decode has to do."""
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        image.draft("L", (1, 1))
        return image.load()


def imagehash_phash(path: Path) -> object:
    with Image.open(path) as image:
        return imagehash.phash(image)


def time_rows(name: str, files: list[Path], rounds: int) -> list[dict[str, object]]:
    """Each hasher's time, and each peer's time over ours, file by file.

    A file's time is the processor's, of all threads, and its best of all rounds: what other
    programs on the machine take away is no property of a hasher.
    """
    ours, peers = hashers()
    every = {**ours, **peers, "limit": eighth}
    for hasher in every.values():
        hasher(files[0])
    times = {label: np.empty((rounds, len(files))) for label in every}
    for turn in range(rounds):
        labels = list(every)[turn % len(every) :] + list(every)[: turn % len(every)]
        for place, file in enumerate(files):
            for label in labels:
                start = process_time()
                every[label](file)
                times[label][turn, place] = process_time() - start
    best = {label: of_all.min(axis=0) for label, of_all in times.items()}
    sizes = np.array([file.stat().st_size for file in files])
    rows = [_row(f"{name}: size", sizes / 1e6, "MB a file")]
    rows += [
        _row(f"{name}: {label}", 1000 * seconds, "ms a file") for label, seconds in best.items()
    ]
    for label in (*ours, "limit"):
        for peer in peers:
            ratios = best[peer] / best[label]
            row = _row(f"{name}: {peer} / {label}", ratios, "times")
            rows.append({**row, "ratio": row["value"]})
    return rows


def quality_rows(name: str, files: list[Path]) -> list[dict[str, object]]:
    """Bits that a scaled decode costs, and bits off the reference packages."""
    off: dict[str, list[int]] = {}
    for file in files:
        full = read_picture(file, short_side_px=None).pixels
        small = small_grey(file)
        index = read_picture(file, short_side_px=INDEX_PX).pixels
        image = Image.fromarray(full)
        found = {
            "perceptual, scaled / full decode": (perceptual_hash(small), perceptual_hash(full)),
            "PDQ for the index, scaled / full decode": (
                describe_hashes(index)[0][0],
                describe_hashes(full)[0][0],
            ),
            "average / ImageHash": (
                HASHES["average"](full),
                _packed(imagehash.average_hash(image)),
            ),
            "difference / ImageHash": (HASHES["difference"](full), _packed(imagehash.dhash(image))),
            "perceptual / ImageHash": (perceptual_hash(full), _packed(imagehash.phash(image))),
            "wavelet / ImageHash": (HASHES["wavelet"](full), _packed(imagehash.whash(image))),
            "PDQ / pdqhash": (
                pdq_hash(full)[0],
                np.packbits(pdqhash.compute(full)[0].astype(np.bool_)),
            ),
        }
        for label, (first, second) in found.items():
            off.setdefault(label, []).append(int(np.bitwise_count(first ^ second).sum()))
    return [
        {
            "name": f"{name}: {label}",
            "value": round(float(np.mean(bits)), 2),
            "unit": "bits off, mean",
            "spread": f"{min(bits)} to {max(bits)}",
        }
        for label, bits in off.items()
    ]


def _packed(theirs: imagehash.ImageHash) -> Bytes:
    return np.packbits(theirs.hash.ravel())


def _row(name: str, values: np.ndarray, unit: str) -> dict[str, object]:
    low, middle, high = np.percentile(values, [10, 50, 90])
    return {
        "name": name,
        "value": round(float(middle), 2),
        "unit": unit,
        "spread": f"{low:.2f} to {high:.2f}",
    }


if __name__ == "__main__":
    main()
