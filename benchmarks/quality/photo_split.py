"""Which photographs the built-in encoder learns from, and which take no part until it is judged.

    LOOKALIKE_DATA=FOLDER python benchmarks/quality/photo_split.py learned.csv held-out.csv

Writes both lists as manifests (path, label, group). A quarter is held out, drawn by a hash of the
sender where the set names one and of the path elsewhere, so the lists are the same everywhere.
"""

import csv
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

PHOTOGRAPHS = ("imagenet-sample", "clothing", "flowers", "weather", "groceries")
SMALL = "tiny-imagenet"
HELD_OUT_ONE_IN = 4


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


def write(path: Path, data: Path, chosen: list[Photo]) -> None:
    """A manifest with absolute paths, so that it can lie anywhere."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(("path", "label", "group"))
        lines.writerows((data / one.path, one.label, one.group) for one in chosen)


def main() -> None:
    """Both lists."""
    data = Path(os.environ["LOOKALIKE_DATA"]).resolve()
    known = list(photos(data))
    for path, held_out in zip(sys.argv[1:3], (False, True), strict=True):
        chosen = [one for one in known if one.held_out == held_out]
        write(Path(path), data, chosen)
        print(f"{len(chosen):,} pictures in {path}")


if __name__ == "__main__":
    main()
