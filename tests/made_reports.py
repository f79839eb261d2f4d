"""Reports made by hand, so that what is shown of them is the same on every machine."""

from pathlib import Path

import numpy as np

from lookalike.nouns.card import Calibration, ModelCard, Preprocessing
from lookalike.nouns.compare_report import ARRANGEMENTS, ComparedPair, CompareReport, Trio
from lookalike.nouns.demo_report import DemoReport
from lookalike.nouns.duplicates_report import DuplicatesReport, FoundGroup, FoundPair, Member
from lookalike.nouns.explain_report import ExplainReport, Outline, Region, Side
from lookalike.nouns.index_report import IndexReport, InfoReport, ModelLine, ModelsReport
from lookalike.nouns.map_report import NONE, Cluster, Colouring, MapReport
from lookalike.nouns.picture import Facts, Failure
from lookalike.nouns.search_report import Answer, Hit, SearchReport
from lookalike.nouns.verdict import Level, Rung, Verdict

FOLDER = Path("/albums/summer")
QUERY = Path("/scans/beach.jpg")
PHOTO = Facts(4032, 3024, "JPEG", "RGB", taken="2019-07-14T12:00:00", camera="Some Camera")
SMALL = Facts(1008, 756, "JPEG", "RGB")
DRAWN = Facts(4032, 3024, "PNG", "RGB")
LONG = "2019/a holiday by the sea/with grandmother, the dog and all the cousins/beach-small.jpg"

SAME_FILE = Verdict(Level.SAME_FILE, 1.0, Rung.BYTES, "every byte is the same")
SAME_PICTURE = Verdict(Level.SAME_PICTURE, 1.0, Rung.PIXELS, "every pixel is the same")
EDITED = Verdict(Level.EDITED_COPY, 0.99996, Rung.HASH, "250 of 256 marks match, mirrored", 0.91, 6)
DOUBTFUL = Verdict(Level.EDITED_COPY, 0.524, Rung.EMBEDDING, "the overall look scores 0.95 of 1")
SIMILAR = Verdict(Level.SIMILAR, 0.81, Rung.EMBEDDING, "the overall look scores 0.70 of 1", 0.7)
DIFFERENT = Verdict(Level.DIFFERENT, 0.998, Rung.EMBEDDING, "the overall look scores 0.10 of 1")

TORN = Failure(FOLDER / "torn.jpg", "The file is cut short")


def a_search() -> SearchReport:
    """Hits of every level, and a query that could not be read."""
    hits = (
        Hit("beach.jpg", SAME_FILE, PHOTO, 3_204_551, ("copies/beach.jpg", "old/beach.jpg")),
        Hit("beach.png", SAME_PICTURE, DRAWN, 18_900_000),
        Hit(LONG, EDITED, SMALL, 204_800),
        Hit("boat.jpg", DOUBTFUL, PHOTO, 2_900_000),
        Hit("harbour.jpg", SIMILAR, PHOTO, 999),
        Hit("tower.jpg", DIFFERENT, SMALL, 1),
    )
    failed = (Failure(Path("/scans/torn.jpg"), "The file is cut short"),)
    return SearchReport(FOLDER, "classic", 1234, (Answer(QUERY, hits),), failed)


def groups(n: int = 1, members: int = 3) -> tuple[FoundGroup, ...]:
    """Groups of one original and its smaller copies."""
    made = []
    for g in range(n):
        paths = [f"group-{g:03}/{m:03}.jpg" for m in range(members)]
        files = tuple(
            Member(path, 3_000_000 >> m, SMALL if m else PHOTO) for m, path in enumerate(paths)
        )
        pairs = tuple(FoundPair(a, b, EDITED) for i, a in enumerate(paths) for b in paths[i + 1 :])
        made.append(FoundGroup(files, pairs))
    return tuple(made)


def duplicates_of(*found: FoundGroup, related: tuple[FoundPair, ...] = ()) -> DuplicatesReport:
    """A report on these groups."""
    return DuplicatesReport(FOLDER, "classic", 1200, 1234, 0.9, found, related, n_unreadable=1)


def a_duplicates() -> DuplicatesReport:
    """Groups of every kind, one with a long name, and a pair across two of them."""
    exact = FoundGroup(
        (Member("beach.jpg", 3_204_551, PHOTO), Member("copies/beach.jpg", 3_204_551, PHOTO)),
        (FoundPair("beach.jpg", "copies/beach.jpg", SAME_FILE),),
    )
    mixed = FoundGroup(
        (
            Member("boat.jpg", 2_900_000, PHOTO),
            Member("boat.png", 18_900_000, DRAWN),
            Member(LONG, 204_800, SMALL),
        ),
        (
            FoundPair("boat.jpg", "boat.png", SAME_PICTURE),
            FoundPair("boat.jpg", LONG, EDITED),
            FoundPair("boat.png", LONG, EDITED),
        ),
    )
    across = (FoundPair("beach.jpg", "boat.png", EDITED),)
    return duplicates_of(mixed, exact, *groups(9, 10), related=across)


def a_compare(n: int = 2) -> CompareReport:
    """Two pictures, or three of which C is nearer to A."""
    a, b, c = QUERY, FOLDER / "boat.jpg", FOLDER / "beach.jpg"
    pairs = (
        ComparedPair(a, b, DOUBTFUL, 0.55),
        ComparedPair(a, c, EDITED, 0.99996),
        ComparedPair(b, c, SIMILAR, 0.81),
    )
    if n == 2:
        return CompareReport("classic", 0.5, pairs[:1])
    ways = dict(zip(ARRANGEMENTS, (0.838, 0.0, 0.161, 0.0, 0.001), strict=True))
    return CompareReport("classic", 0.5, pairs, trio=Trio(ways, 0.00004))


def an_explanation() -> ExplainReport:
    """Two regions in one picture, one in the other, laid over each other."""
    weights = np.zeros((8, 8), np.float32)
    weights[0, :3], weights[6:, 6:] = 0.04, 0.1
    regions = (Region((0.75, 0.75, 1.0, 1.0), 0.77), Region((0.0, 0.0, 0.375, 0.125), 0.23))
    first = Side(QUERY, weights, weights > 0, regions, 0.41, 0.83)
    second = Side(FOLDER / LONG, weights, weights > 0.05, regions[:1], 0.44, 0.8)
    frame = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))
    return ExplainReport("classic", EDITED, 0.91, first, second, Outline(frame, frame, 60, 52))


def a_map(n: int = 60) -> MapReport:
    """Pictures on a spiral in three clusters, every other one of a known year."""
    turns = np.arange(n) / 9
    points = np.stack([turns * np.cos(turns), turns * np.sin(turns)], axis=1).astype(np.float32)
    of = np.sort(np.arange(n) % 3)
    paths = tuple(f"{2018 + row % 2}/walk-{row:03}.jpg" for row in range(n))
    names = ("2018", "like walk-031", "like walk-058")
    clusters = tuple(
        Cluster(name, int((of == place).sum()), paths[int(np.flatnonzero(of == place)[0])])
        for place, name in enumerate(names)
    )
    years = np.where(np.arange(n) % 2, 0, NONE)
    return MapReport(
        folder=FOLDER,
        index=FOLDER / ".lookalike",
        model="classic",
        method="t-SNE",
        seed=0,
        paths=paths,
        points=points,
        cluster_of=of,
        clusters=clusters,
        colourings=(
            Colouring("folder", ("2018", "2019"), np.arange(n) % 2),
            Colouring("year", ("2019",), years),
            Colouring("cluster", names, of),
        ),
        laid_out=n - 10,
        kept_neighbours=0.6,
        remarks=("t-SNE laid out a sample.",),
    )


def an_index(**changed: object) -> IndexReport:
    """A run that did a bit of everything."""
    values: dict[str, object] = {
        "folder": FOLDER,
        "index": FOLDER / ".lookalike",
        "model": "classic",
        "n_pictures": 1200,
        "n_files": 1234,
        "added": 17,
        "linked": 3,
        "unchanged": 1214,
        "vanished": 2,
        "others": 5,
        "failed": (TORN,),
        "seconds": 200.4,
    }
    return IndexReport(**{**values, **changed})


def an_info() -> InfoReport:
    """An index with one unreadable picture."""
    return InfoReport(
        folder=FOLDER,
        index=FOLDER / ".lookalike",
        model="classic",
        fingerprint="classic-1",
        d=256,
        made_with="0.1.0",
        n_pictures=1200,
        n_files=1234,
        others=5,
        index_bytes=2_500_000,
        formats=(("JPEG", 1100), ("PNG", 100)),
        failed=(TORN,),
    )


def a_models() -> ModelsReport:
    """One that works and one that does not."""
    card = ModelCard(
        "classic",
        256,
        Preprocessing(64, 64),
        calibrations=(Calibration("edited copy", 30.0, -20.0, "made pairs"),),
        licence="Apache-2.0",
        provenance="no learned weights",
    )
    broken = ModelLine(None, "/models/broken.onnx", "it has no card")
    return ModelsReport((ModelLine(card, "built in"), broken), Path("/models"))


def a_demo() -> DemoReport:
    """One edit found, one in part, one missed, and a false pair."""
    return DemoReport(
        indexed=an_index(failed=()),
        duplicates=a_duplicates(),
        search=a_search(),
        compared=a_compare(3),
        page=FOLDER / "copies.html",
        planted={"exact copy": 15, "jpeg low": 15, "border": 15},
        found={"exact copy": 15, "jpeg low": 7},
        false_pairs=(FoundPair("a.jpg", "b.jpg", EDITED),),
    )
