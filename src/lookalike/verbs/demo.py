"""`demo`: the main job on real photographs with known copies, and how well it went."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from lookalike.nouns.demo_report import DemoReport
from lookalike.nouns.duplicates_report import DuplicatesReport
from lookalike.verbs.compare import compare
from lookalike.verbs.demo_album import Album, make_album
from lookalike.verbs.duplicates import duplicates
from lookalike.verbs.index import index
from lookalike.verbs.progress import Progress, silent
from lookalike.verbs.ready import Source
from lookalike.verbs.search import search
from lookalike.verbs.show import save_page

QUERY = "edited/chelsea-sepia-blur.jpg"
COMPARED = (
    "photographs/motorcycle_left.jpg",
    "edited/motorcycle_left-mirror.jpg",
    "near-misses/motorcycle-a-step-to-the-right.jpg",
)
PAGE = "copies.html"


def demo(
    folder: str | Path = "lookalike-demo",
    *,
    progress: Progress = silent,
    comparing: Progress = silent,
) -> DemoReport:
    """Make a small album, index it, search it, find its copies, and count right and wrong.

    The photographs are those that scikit-image and scikit-learn carry; the copies are made with
    `EDITS`, so that what is true is known; the near misses look alike and are no copies.

    Args:
        folder: where the album goes; made anew, if the demo made it before.
        progress: called with files done and files to do.
        comparing: called with steps of comparing done and to do.

    Raises:
        InputError: the folder exists and was not made by the demo.
        MissingExtra: the packages that carry the photographs are not installed.
    """
    album = make_album(Path(folder).expanduser())
    indexed = index(album.folder, progress=progress)
    source = Source(album.folder, as_is=True)
    found = duplicates(source, comparing=comparing)
    sought = search([album.folder / QUERY], source, k=5)
    first, second, third = (album.folder / name for name in COMPARED)
    return DemoReport(
        indexed=indexed,
        duplicates=found,
        search=sought,
        compared=compare(first, second, third),
        page=save_page(found, album.folder / PAGE),
        planted=_by_edit(album, album.edit),
        found=_by_edit(album, _found(album, found)),
        false_pairs=tuple(
            pair for pair in found.listed if album.origin[pair.first] != album.origin[pair.second]
        ),
    )


def _by_edit(album: Album, paths: Iterable[str]) -> dict[str, int]:
    """How many of these planted copies there are of each edit."""
    return dict(Counter(album.edit[path] for path in paths))


def _found(album: Album, report: DuplicatesReport) -> set[str]:
    """Planted copies that are in a listed pair with a file of the same capture."""
    found: set[str] = set()
    for pair in report.listed:
        if album.origin[pair.first] == album.origin[pair.second]:
            found |= {pair.first, pair.second}
    return found & set(album.edit)
