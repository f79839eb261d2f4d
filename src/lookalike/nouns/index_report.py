"""What `index`, `info` and `models` answer."""

from dataclasses import dataclass
from pathlib import Path

from lookalike.nouns.card import ModelCard
from lookalike.nouns.picture import Failure
from lookalike.nouns.report import Table, failure_dicts
from lookalike.nouns.shard import Shard


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What one run of `index` did.

    Attributes:
        folder: the collection.
        index: where its index lies.
        model: that made the vectors.
        n_pictures: different pictures the index now holds.
        n_files: files that hold them.
        added: pictures that were decoded and embedded in this run.
        linked: new or moved files whose content was known, so nothing was computed.
        unchanged: files that were not read, since neither size nor time had changed.
        vanished: files that are gone since the last run.
        others: files that are no pictures.
        failed: pictures that cannot be read, from this run and from earlier ones.
        seconds: how long the run took.
        shard: the share of the files that was asked for; None for all.
    """

    folder: Path
    index: Path
    model: str
    n_pictures: int
    n_files: int
    added: int
    linked: int
    unchanged: int
    vanished: int
    others: int
    failed: tuple[Failure, ...]
    seconds: float
    shard: Shard | None = None

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "folder": str(self.folder),
            "index": str(self.index),
            **({} if self.shard is None else {"shard": str(self.shard)}),
            "model": self.model,
            "pictures": self.n_pictures,
            "files": self.n_files,
            "added": self.added,
            "linked": self.linked,
            "unchanged": self.unchanged,
            "vanished": self.vanished,
            "others": self.others,
            "failed": failure_dicts(self.failed),
            "seconds": round(self.seconds, 3),
        }

    def to_table(self) -> Table:
        """The files that failed."""
        return ("path", "reason"), [(str(f.path), f.reason) for f in self.failed]


@dataclass(frozen=True, slots=True)
class InfoReport:
    """What an index holds.

    Attributes:
        folder: the collection.
        index: where its index lies.
        model: that made the vectors.
        fingerprint: of that model.
        d: dimensions of a vector.
        made_with: version of lookalike that made the index.
        n_pictures: different pictures.
        n_files: files that hold them.
        others: files that are no pictures.
        index_bytes: room that the index takes.
        formats: pictures of each file format, most frequent first.
        failed: pictures that cannot be read.
        n_answers: what you said of pairs of pictures.
        learned: whose scores are read as the pictures themselves taught.
    """

    folder: Path
    index: Path
    model: str
    fingerprint: str
    d: int
    made_with: str
    n_pictures: int
    n_files: int
    others: int
    index_bytes: int
    formats: tuple[tuple[str, int], ...]
    failed: tuple[Failure, ...]
    n_answers: int = 0
    learned: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "folder": str(self.folder),
            "index": str(self.index),
            "model": self.model,
            "fingerprint": self.fingerprint,
            "d": self.d,
            "made_with": self.made_with,
            "pictures": self.n_pictures,
            "files": self.n_files,
            "others": self.others,
            "index_bytes": self.index_bytes,
            "formats": dict(self.formats),
            "answers": self.n_answers,
            "learned": list(self.learned),
            "failed": failure_dicts(self.failed),
        }

    def to_table(self) -> Table:
        """The files that failed."""
        return ("path", "reason"), [(str(f.path), f.reason) for f in self.failed]


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A model that can be named, or a file that should be one and is not.

    Attributes:
        card: of the model; None where it cannot be used.
        source: where it comes from: "built in" or a file.
        problem: why it cannot be used; empty where it can.
        words: whether pictures can be searched by words with it.
    """

    card: ModelCard | None
    source: str
    problem: str = ""
    words: bool = False

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        card = self.card
        return {
            "name": card.name if card else "",
            "d": card.d if card else None,
            "licence": card.licence if card else "",
            "provenance": card.provenance if card else "",
            "calibrated_for": [c.relation for c in card.calibrations] if card else [],
            "words": self.words,
            "source": self.source,
            "problem": self.problem,
        }


@dataclass(frozen=True, slots=True)
class ModelsReport:
    """Which models there are.

    Attributes:
        models: built in first, then those of the user's models folder.
        folder: that folder; a model file put there can be named by its stem.
    """

    models: tuple[ModelLine, ...]
    folder: Path

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"models": [m.to_dict() for m in self.models], "folder": str(self.folder)}

    def to_table(self) -> Table:
        """One row for each model."""
        header = ("name", "d", "licence", "source", "problem")
        rows = [tuple(model.to_dict()[name] for name in header) for model in self.models]
        return header, rows


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What one run of `merge` made.

    Attributes:
        folder: the collection.
        index: where its index lies now.
        model: that made the vectors.
        shards: the indexes that were joined, in order of their number.
        n_pictures: different pictures the index holds.
        n_files: files that hold them.
        others: files that are no pictures.
        failed: pictures that cannot be read.
        seconds: how long the run took.
    """

    folder: Path
    index: Path
    model: str
    shards: tuple[Path, ...]
    n_pictures: int
    n_files: int
    others: int
    failed: tuple[Failure, ...]
    seconds: float

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "folder": str(self.folder),
            "index": str(self.index),
            "model": self.model,
            "shards": [str(shard) for shard in self.shards],
            "pictures": self.n_pictures,
            "files": self.n_files,
            "others": self.others,
            "failed": failure_dicts(self.failed),
            "seconds": round(self.seconds, 3),
        }

    def to_table(self) -> Table:
        """The files that failed."""
        return ("path", "reason"), [(str(f.path), f.reason) for f in self.failed]
