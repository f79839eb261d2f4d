"""One finder of copies, asked about a folder in a process of its own.

    python copies_peers.py NAME FOLDER

Prints one line of JSON: the pairs of files that it calls copies, seconds and peak memory, or why
it is left out. It also runs where only the peer is installed, and imports nothing of lookalike.
Each peer answers as it does when nothing is asked of it but copies; what had to be chosen stands
beside it.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))
from memory import peak_mb

Pair = tuple[str, str]
Finder = Callable[[Path], Iterable[Pair]]
PHASH_DISTANCE = 10
"""Of 64 bits: the default of imagededup's hashes; ImageHash itself names none."""

PDQ_DISTANCE = 31
"""Of 256 bits: what PDQ's authors recommend."""

SUFFIXES = (".jpg", ".png")


class LeftOutError(Exception):
    """The peer cannot run here; the message says why."""


def imagehash_pairs(folder: Path, method: str) -> Iterator[Pair]:
    """ImageHash names no threshold; 10 of 64 bits is imagededup's."""
    import imagehash
    import numpy as np
    from PIL import Image

    hash_of = getattr(imagehash, method)
    files = _files(folder)
    hashes = []
    for file in files:
        with Image.open(folder / file) as picture:
            hashes.append(np.packbits(hash_of(picture).hash))
    return _near(files, np.stack(hashes), PHASH_DISTANCE)


def pdq_pairs(folder: Path) -> Iterator[Pair]:
    """pdqhash, upright only."""
    import numpy as np
    import pdqhash
    from PIL import Image

    files = _files(folder)
    hashes = []
    for file in files:
        with Image.open(folder / file) as picture:
            hashes.append(np.packbits(pdqhash.compute(np.asarray(picture.convert("RGB")))[0]))
    return _near(files, np.stack(hashes), PDQ_DISTANCE)


def imagededup_pairs(folder: Path, method: str) -> set[Pair]:
    """Its hashes and its network at their defaults."""
    from imagededup import methods

    if method == "CNN" and not _has_cnn_weights():
        raise LeftOutError("its weights are not here, and nothing is downloaded")
    found = getattr(methods, method)().find_duplicates(image_dir=folder)
    return {(a, b) if a < b else (b, a) for a, many in found.items() for b in many}


def difpy_pairs(folder: Path) -> Iterator[Pair]:
    """Its looser mode, and pictures of different sizes as well; each of its groups is all pairs."""
    import difPy

    built = difPy.build(str(folder), show_progress=False)
    search = difPy.search(built, similarity="similar", same_dim=False, show_progress=False)
    for one, others in search.result.items():
        names = {Path(one).name, *(Path(other[0]).name for other in others)}
        yield from combinations(sorted(names), 2)


def cleanvision_pairs(folder: Path) -> Iterator[Pair]:
    """Its exact and near duplicates at their defaults."""
    from cleanvision import Imagelab

    lab = Imagelab(data_path=str(folder), verbose=False)
    lab.find_issues({"exact_duplicates": {}, "near_duplicates": {}}, verbose=False)
    for issue in ("exact_duplicates", "near_duplicates"):
        for found in lab.info[issue]["sets"]:
            yield from combinations(sorted(Path(path).name for path in found), 2)


def czkawka_pairs(folder: Path) -> Iterator[Pair]:
    """czkawka_cli, similar images at its defaults."""
    program = shutil.which("czkawka_cli")
    if program is None:
        raise LeftOutError("no program czkawka_cli")
    with tempfile.TemporaryDirectory() as made:
        told = Path(made) / "found.json"
        ask = [program, "image", "--directories", str(folder), "--compact-file-to-save", str(told)]
        subprocess.run(ask, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if not told.is_file():
            return
        for group in json.loads(told.read_text(encoding="utf-8")):
            names = sorted(Path(file["path"]).name for file in group)
            yield from combinations(names, 2)


PEERS: dict[str, tuple[str, Finder]] = {
    "ImageHash phash": ("imagehash", lambda folder: imagehash_pairs(folder, "phash")),
    "ImageHash dhash": ("imagehash", lambda folder: imagehash_pairs(folder, "dhash")),
    "ImageHash whash": ("imagehash", lambda folder: imagehash_pairs(folder, "whash")),
    "PDQ": ("pdqhash", pdq_pairs),
    "imagededup PHash": ("imagededup", lambda folder: imagededup_pairs(folder, "PHash")),
    "imagededup DHash": ("imagededup", lambda folder: imagededup_pairs(folder, "DHash")),
    "imagededup CNN": ("imagededup", lambda folder: imagededup_pairs(folder, "CNN")),
    "difPy": ("difPy", difpy_pairs),
    "cleanvision": ("cleanvision", cleanvision_pairs),
    "czkawka": ("", czkawka_pairs),
}
"""The package each needs, and how it is asked."""


def _files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if file.suffix in SUFFIXES)


def _near(files: list[str], hashes: "object", most: int) -> Iterator[Pair]:
    """Pairs of hashes, (n, bytes) uint8, that differ in no more bits."""
    import numpy as np

    many = np.asarray(hashes)
    for i in range(len(many) - 1):
        differ = np.bitwise_count(many[i + 1 :] ^ many[i]).sum(axis=1)
        for j in (np.flatnonzero(differ <= most) + i + 1).tolist():
            yield files[i], files[j]


def _has_cnn_weights() -> bool:
    import torch

    return any(Path(torch.hub.get_dir(), "checkpoints").glob("mobilenet_v3_small-*.pth"))


def _peak_with_children_mb() -> int:
    """The larger of this process and its largest child: peers start processes of their own."""
    import resource

    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 2**10
    return max(peak_mb(), children)


def main() -> int:
    """Asks, and prints the answer."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    package, find = PEERS[name]
    # What the packages print is no answer.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    start = perf_counter()
    try:
        if package and find_spec(package) is None:
            raise LeftOutError(f"{package} is not installed")
        pairs = sorted(set(find(folder)))
        seconds = round(perf_counter() - start, 1)
        answer = {"seconds": seconds, "peak_mb": _peak_with_children_mb(), "pairs": pairs}
    except LeftOutError as why:
        answer = {"left_out": str(why)}
    print(json.dumps(answer), file=answers, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
