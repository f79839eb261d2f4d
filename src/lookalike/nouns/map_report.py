"""What `map` answers."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lookalike.nouns.embeddings import Floats, Ints, read_only
from lookalike.nouns.errors import InputError
from lookalike.nouns.report import Table

NONE = -1
"""In a colouring: the picture has no such thing."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Pictures that lie together in the space of the embeddings.

    Attributes:
        name: the folder that most of them come from, else "like" and the medoid's file.
        n: how many pictures.
        medoid: path of the picture that is most like all the others.
    """

    name: str
    n: int
    medoid: str

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"name": self.name, "pictures": self.n, "medoid": self.medoid}


@dataclass(frozen=True, slots=True, eq=False)
class Colouring:
    """One way to colour n pictures.

    Attributes:
        name: "folder", "cluster", "year", "label" or "group".
        names: of the colours.
        of: (n,) places in `names`, or NONE.
    """

    name: str
    names: tuple[str, ...]
    of: Ints

    def __post_init__(self) -> None:
        if len(self.of) and not -1 <= int(self.of.min()) <= int(self.of.max()) < len(self.names):
            raise InputError("A colouring names each of its colours")
        object.__setattr__(self, "of", read_only(self.of))


@dataclass(frozen=True, slots=True, eq=False)
class MapReport:
    """A collection laid out in the plane.

    Attributes:
        folder: the collection.
        index: where its index lies.
        model: that made the vectors.
        method: "PCA", "t-SNE" or "UMAP".
        seed: of all chance; the same seed gives the same map.
        paths: n pictures, relative to the folder.
        points: (n, 2) float32, where each lies; near pictures are alike.
        cluster_of: (n,) places in `clusters`.
        clusters: the largest first.
        colourings: ways to colour the pictures; "folder" and "cluster" always.
        laid_out: pictures that the method itself laid out; the others were put beside those of
            them that they are most like.
        kept_neighbours: of the ten nearest of a picture by the model, the share that is among its
            ten nearest on the map; None for fewer pictures than twelve.
        remarks: what a user should know, one sentence each.
    """

    folder: Path
    index: Path
    model: str
    method: str
    seed: int
    paths: tuple[str, ...]
    points: Floats
    cluster_of: Ints
    clusters: tuple[Cluster, ...]
    colourings: tuple[Colouring, ...]
    laid_out: int
    kept_neighbours: float | None
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.paths)
        if self.points.shape != (n, 2) or len(self.cluster_of) != n:
            raise InputError("A map needs one point and one cluster for each picture")
        if any(len(colouring.of) != n for colouring in self.colourings):
            raise InputError("A colouring colours every picture of its map")
        if not np.isfinite(self.points).all():
            raise InputError("A map holds a point that is not finite")
        for name in ("points", "cluster_of"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def __len__(self) -> int:
        return len(self.paths)

    def colouring(self, name: str) -> Colouring | None:
        """The colouring of this name, or None."""
        return next((c for c in self.colourings if c.name == name), None)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; what belongs to pictures stands in arrays of equal length."""
        return {
            "folder": str(self.folder),
            "model": self.model,
            "method": self.method,
            "seed": self.seed,
            "pictures": len(self),
            "laid_out": self.laid_out,
            "kept_neighbours": self.kept_neighbours,
            "clusters": [cluster.to_dict() for cluster in self.clusters],
            "paths": list(self.paths),
            "x": [round(x, 4) for x in self.points[:, 0].tolist()],
            "y": [round(y, 4) for y in self.points[:, 1].tolist()],
            "cluster": self.cluster_of.tolist(),
            "colourings": [
                {"name": c.name, "names": list(c.names), "of": c.of.tolist()}
                for c in self.colourings
            ],
            "remarks": list(self.remarks),
        }

    def to_table(self) -> Table:
        """One row for each picture."""
        header = ("path", "x", "y", *(c.name for c in self.colourings))
        columns = [
            [c.names[place] if place != NONE else None for place in c.of.tolist()]
            for c in self.colourings
        ]
        places = (self.points.astype(np.float64).round(4)).tolist()
        return header, [
            (path, x, y, *cells)
            for path, (x, y), *cells in zip(self.paths, places, *columns, strict=True)
        ]
