"""A folder of held-out photographs, their edits and hard near misses, and what is true of it."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from copies_edits import dark_frame, dealt, edited, text_page
from sights import LARGE, Pair, burst_pairs, bursts, checked, names_in, place

HELD_OUT = 1
"""The half of the photographs that no curve of hashes or embeddings was fitted to."""

GEOMETRY_SAW = 300
"""So many photographs of that half, in the order in which `overlay.py` draws them, are left out."""

ORIGINALS = ("imagenet-sample", "flowers", "clothing")
"""Sets without hidden copies that are not known; groceries and weather take no part."""

PAGES = DARK = 12
Names = frozenset[str]


@dataclass
class Library:
    """A folder and what is true of it.

    Attributes:
        folder: of the files.
        origin: the photograph that each file comes from.
        edit: the class of edit by which it was made; empty for photographs as they are.
        near: pairs of files that are near misses.
    """

    folder: Path
    origin: dict[str, str] = field(default_factory=dict)
    edit: dict[str, str] = field(default_factory=dict)
    near: set[Names] = field(default_factory=set)

    def is_true(self, pair: Iterable[str]) -> bool:
        """Whether both files come from one photograph."""
        a, b = pair
        return self.origin[a] == self.origin[b]

    def pairs_of(self, edit: str) -> set[Names]:
        """The edited files of a class, each with its photograph."""
        made = (file for file, how in self.edit.items() if how == edit)
        return {frozenset({file, f"{file.partition('--')[0]}.jpg"}) for file in made}

    def add(self, path: Path, name: str, origin: str) -> str:
        """Copy one photograph; its name in the library."""
        file = f"{Path(name).with_suffix('').as_posix().replace('/', '__')}{path.suffix.lower()}"
        if file not in self.origin:
            shutil.copyfile(path, self.folder / file)
            self.origin[file], self.edit[file] = origin, ""
        return file

    def put(self, file: str, content: bytes, origin: str, edit: str = "") -> str:
        """Write one file; its name."""
        (self.folder / file).write_bytes(content)
        self.origin[file], self.edit[file] = origin, edit
        return file


def build(root: Path, folder: Path, n_edited: int, each: int, n_others: int) -> Library:
    """Write all files of the library.

    Args:
        root: of the sets of labelled pictures.
        folder: where to write.
        n_edited: photographs that are edited.
        each: edits of each; all edits come about equally often.
        n_others: further photographs.
    """
    library = Library(folder)
    same = one_origin(checked("copy"))
    names = held_out(root)[: n_edited + n_others]
    for name in names:
        library.add(place(root, name), name, same.get(name, name))
    for pair in burst_pairs(bursts(root)) + checked("near miss"):
        files = [library.add(place(root, name), name, same.get(name, name)) for name in pair]
        library.near.add(frozenset(files))
    _add_made(library)
    for seed, (name, hand) in enumerate(zip(names, dealt(n_edited, each), strict=False)):
        stem = Path(name).with_suffix("").as_posix().replace("/", "__")
        for variant, content in edited(place(root, name).read_bytes(), hand, seed):
            library.put(f"{stem}--{variant.file}", content, same.get(name, name), variant.kind)
    return library


def held_out(root: Path) -> list[str]:
    """Photographs that no calibration has seen, in the order in which they are taken."""
    half = names_in(root, LARGE, HELD_OUT)
    seen = np.random.default_rng(0).permutation(len(half))[:GEOMETRY_SAW]
    seen_names = {half[row] for row in seen.tolist()}
    names = [
        name
        for name in half
        if name.startswith(ORIGINALS) and name.endswith(".jpg") and name not in seen_names
    ]
    order: list[str] = np.random.default_rng(1).permutation(names).tolist()
    return order


def one_origin(pairs: list[Pair]) -> dict[str, str]:
    """One name for all photographs that are copies of each other."""
    origin: dict[str, str] = {}
    for a, b in pairs:
        kept, gone = origin.get(a, a), origin.get(b, b)
        origin = {name: kept if first == gone else first for name, first in origin.items()}
        origin[a] = origin[b] = kept
    return origin


def _add_made(library: Library) -> None:
    """Pages of text and dark frames: no two of a kind are copies."""
    for kind, count, made in (("page", PAGES, text_page), ("dark", DARK, dark_frame)):
        files = [library.put(f"{kind}{i}.jpg", made(i), f"{kind}{i}", "") for i in range(count)]
        library.near |= {frozenset({a, b}) for a in files for b in files if a < b}
