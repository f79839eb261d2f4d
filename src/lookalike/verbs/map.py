"""`map`: a collection laid out in the plane, so that like pictures lie together."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from lookalike.neighbours.kmeans import Clusters, best_k_means, k_means, medoids
from lookalike.neighbours.search import top_k
from lookalike.nouns.duplicates_report import DuplicatesReport
from lookalike.nouns.embeddings import Floats, Halves, Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.map_report import Cluster, Colouring, MapReport
from lookalike.nouns.neighbours import Neighbours
from lookalike.nouns.where import Where
from lookalike.plots.components import principal_components
from lookalike.plots.layout import NAMES, Layout, Method, lay_out
from lookalike.plots.projections import FEWEST, Points
from lookalike.verbs.map_colours import Told, colourings, main_folder
from lookalike.verbs.place import Place
from lookalike.verbs.progress import OnPhase, unnamed
from lookalike.verbs.ready import Source, ready

COMPONENTS = 50
"""Of the vectors, as t-SNE's authors do: what is left out is mostly noise."""

LANDMARKS = 3000
"""More pictures than this take t-SNE and UMAP minutes."""

BLOCK = 8192
"""Pictures whose nearest are looked for at a time."""

ASKED, KEPT = 500, 10
"""How many pictures are asked whether their nearest KEPT stay near on the map."""


def map_pictures(
    source: Source | str | Path,
    *,
    method: str = "auto",
    clusters: int = 0,
    landmarks: int = LANDMARKS,
    labels: str | Path | None = None,
    groups: DuplicatesReport | str | Path | None = None,
    where: Where | str | None = None,
    seed: int = 0,
    on_phase: OnPhase = unnamed,
) -> MapReport:
    """Lay a collection out in the plane: near pictures are alike to the model.

    Args:
        source: the collection, as a folder or with options.
        method: "pca", "t-sne", "umap", or "auto": t-SNE where scikit-learn is installed and there
            are enough pictures, else PCA.
        clusters: how many; 0 chooses the clearest number.
        landmarks: how many pictures t-SNE and UMAP lay out at most; beyond that a sample is laid
            out and each other picture is put beside those it is most like, which the report
            says. 0 lays all out.
        labels: a CSV file with the columns path and label, to colour by.
        groups: copies found by `duplicates`, or the file of `save_duplicates`, to colour by.
        where: which pictures of the collection, as a filter or its text.
        seed: the same seed gives the same map.
        on_phase: told what is going on.

    Raises:
        InputError: an argument is not valid, no picture is left, or there is no such folder.
        MissingExtra: the method needs a package that is not installed.
        WrongIndex: the index was made by another model than the one asked for.
    """
    _check(method, clusters, landmarks, seed)
    wanted = Where.parse(where) if isinstance(where, str) else where
    asked = _Asked(method, clusters, landmarks, seed, on_phase)
    with ready(source if isinstance(source, Source) else Source(source)) as (place, reader, model):
        rows = reader.live_rows() if wanted is None else reader.rows_where(wanted)
        if not len(rows):
            raise InputError(
                "There is no picture to lay out",
                where=str(place.folder),
                mend="name a folder of pictures",
            )
        told = Told.of(reader, rows)
        colours = tuple(colourings(place, told, labels, groups))
        shown = _Shown(rows, told.paths, reader.vectors())
        del told  # what else it holds is not needed any more
        return _mapped(place, shown, model.name, colours, asked)


@dataclass(frozen=True, slots=True)
class _Asked:
    """How the map is to be made."""

    method: str
    clusters: int
    landmarks: int
    seed: int
    on_phase: OnPhase


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    """The n pictures of the map.

    Attributes:
        rows: (n,) of theirs in the index, rising.
        paths: n.
        vectors: (all rows, d) of the index.
    """

    rows: Ints
    paths: tuple[str, ...]
    vectors: Halves

    def nearest(self, queries: Ints, among: Ints, k: int) -> Neighbours:
        """Places of pictures that are nearest to some, by the model."""
        found = [
            top_k(
                np.asarray(self.vectors[self.rows[queries[low : low + BLOCK]]], np.float32),
                self.vectors,
                k=k,
                rows=self.rows[among],
            )
            for low in range(0, len(queries), BLOCK)
        ]
        ids = np.searchsorted(self.rows, np.concatenate([part.ids for part in found]))
        scores = np.concatenate([part.scores for part in found])
        return Neighbours(ids.astype(np.int64), scores)


def _mapped(
    place: Place,
    shown: _Shown,
    model: str,
    colours: tuple[Colouring, ...],
    asked: _Asked,
) -> MapReport:
    rows, seed = shown.rows, asked.seed
    asked.on_phase("Clustering")
    own = shown.vectors if len(rows) == len(shown.vectors) else shown.vectors[rows]
    components = principal_components(own, COMPONENTS).of(own)
    found = _clusters(components, asked.clusters, seed)
    chosen, remarks = _chosen(asked.method, len(rows))
    asked.on_phase(f"Laying out by {NAMES[chosen]}")

    layout = lay_out(components, chosen, shown.nearest, landmarks=asked.landmarks, seed=seed)
    named = _named(found, medoids(own, found.of), shown.paths)
    some = _sample(len(rows), seed)
    enough = len(rows) > KEPT + 1
    return MapReport(
        folder=place.folder,
        index=place.index,
        model=model,
        method=NAMES[chosen],
        seed=seed,
        paths=shown.paths,
        points=layout.points.astype(np.float32),
        cluster_of=found.of,
        clusters=named,
        colourings=(*colours, Colouring("cluster", tuple(c.name for c in named), found.of)),
        laid_out=len(layout.landmarks),
        kept_neighbours=_kept(
            layout.points, some, shown.nearest(some, np.arange(len(rows)), KEPT + 1)
        )
        if enough
        else None,
        remarks=(*remarks, *_said(layout, NAMES[chosen])),
    )


def _check(method: str, clusters: int, landmarks: int, seed: int) -> None:
    if method not in ("auto", *NAMES):
        raise InputError(
            f"There is no method {method!r}",
            where="method",
            mend=f"one of auto, {', '.join(NAMES)}",
        )
    if min(clusters, landmarks, seed) < 0:
        raise InputError(
            "Numbers of clusters and landmarks, and the seed, are 0 or more", mend="give none"
        )


def _clusters(components: Floats, wanted: int, seed: int) -> Clusters:
    if wanted:
        return k_means(components, wanted, seed=seed)
    return best_k_means(components, seed=seed)


def _chosen(method: str, n: int) -> tuple[Method, tuple[str, ...]]:
    """The method, and what is to be said of the choice."""
    if method in ("pca", "t-sne", "umap"):
        return method, ()  # type: ignore[return-value]  # one of these three
    if n < FEWEST:
        return "pca", (f"With fewer than {FEWEST} pictures the map is of principal axes (PCA).",)
    if find_spec("sklearn") is None:
        told = "The map is of principal axes (PCA); pip install 'lookalike[plots]' for t-SNE."
        return "pca", (told,)
    return "t-sne", ()


def _said(layout: Layout, name: str) -> tuple[str, ...]:
    n, m = len(layout.points), len(layout.landmarks)
    if m == n:
        return ()
    return (
        f"{name} laid out a sample of {m:,} pictures; each of the other {n - m:,} was put between "
        "those of the sample that it is most like.",
    )


def _named(found: Clusters, centres: Ints, paths: Sequence[str]) -> tuple[Cluster, ...]:
    """Clusters with their medoids; no two have one name."""
    made: list[Cluster] = []
    taken: dict[str, int] = {}
    for number, row in enumerate(centres.tolist()):
        own = [paths[place] for place in np.flatnonzero(found.of == number).tolist()]
        name = main_folder(own, paths) or f"like {Path(paths[row]).stem}"
        taken[name] = taken.get(name, 0) + 1
        name += f" {taken[name]}" * (taken[name] > 1)
        made.append(Cluster(name, len(own), paths[row]))
    return tuple(made)


def _sample(n: int, seed: int) -> Ints:
    return np.sort(np.random.default_rng(seed).choice(n, min(n, ASKED), replace=False))


def _kept(points: Points, asked: Ints, near: Neighbours) -> float:
    """Share of the nearest by the model that are among the nearest on the map."""
    kept = []
    for row, ids in zip(asked.tolist(), near.ids.tolist(), strict=True):
        wanted = [other for other in ids if other != row][:KEPT]
        gaps = np.square(points - points[row]).sum(axis=1)
        gaps[row] = np.inf
        here = np.argpartition(gaps, KEPT)[:KEPT]
        kept.append(float(np.isin(wanted, here).mean()))
    return float(np.mean(kept))
