"""Which photographs the built-in encoder learns from, and which take no part until it is judged.

    LOOKALIKE_DATA=FOLDER python benchmarks/quality/photo_split.py learned.csv held-out.csv

Writes both lists as manifests (path, label, group). A quarter is held out, drawn by a hash of the
sender where the set names one and of the path elsewhere, so the lists are the same everywhere.
"""

import csv
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

PHOTOGRAPHS = ("imagenet-sample", "clothing", "flowers", "weather", "groceries")
SMALL = "tiny-imagenet"
HELD_OUT_ONE_IN = 4
SMALL_PER_CLASS = 15
"""Small pictures that are learned from beside the photographs: enough for variety, too few to make
everything blurred. The others wait, and serve to fit the calibrations."""


@dataclass(frozen=True, slots=True)
class Photo:
    """One picture of the sets.

    Attributes:
        path: below the data folder, "/" between parts.
        label: set and class.
        group: pictures of one group are on the same side.
    """

    path: str
    label: str
    group: str

    @property
    def kind(self) -> str:
        """The set it belongs to."""
        return self.path.partition("/")[0]

    @property
    def held_out(self) -> bool:
        """Whether no training may see it."""
        return blake2b(self.group.encode(), digest_size=1).digest()[0] % HELD_OUT_ONE_IN == 0


def photos(data: Path) -> Iterator[Photo]:
    """All pictures of the sets, in the order of their manifests."""
    for name in (*PHOTOGRAPHS, SMALL):
        with open(data / name / "manifest.csv", encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                path = f"{name}/{line['path']}"
                group = f"{name}/{line['group']}" if line.get("group") else path
                yield Photo(path, f"{name}/{line['label']}", group)


def learned(data: Path) -> list[Photo]:
    """What the built-in encoder learns from: photographs, and some small pictures of each class."""
    chosen: list[Photo] = []
    small: Counter[str] = Counter()
    for one in photos(data):
        small[one.label] += one.kind == SMALL and not one.held_out
        if not one.held_out and (one.kind != SMALL or small[one.label] <= SMALL_PER_CLASS):
            chosen.append(one)
    return chosen


def write(path: Path, data: Path, chosen: list[Photo]) -> None:
    """A manifest with absolute paths, so that it can lie anywhere."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(("path", "label", "group"))
        lines.writerows((data / one.path, one.label, one.group) for one in chosen)


def main() -> None:
    """Both lists."""
    data = Path(os.environ["LOOKALIKE_DATA"]).resolve()
    held_out = [one for one in photos(data) if one.held_out]
    for path, chosen in zip(sys.argv[1:3], (learned(data), held_out), strict=True):
        write(Path(path), data, chosen)
        print(f"{len(chosen):,} pictures in {path}")


if __name__ == "__main__":
    main()
