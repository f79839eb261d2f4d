"""What the verbs on Spark answer; what they found lies in tables."""

from dataclasses import dataclass, fields

from lookalike.nouns.report import Table


@dataclass(frozen=True, slots=True)
class SparkIndexReport:
    """What one run of `lookalike.spark.index` did.

    Attributes:
        table: path of the table.
        model: that made the vectors.
        n_pictures: different pictures the table now holds.
        n_files: files that hold them.
        added: files that were decoded and embedded in this run.
        linked: files that were read, whose content was known.
        unchanged: files that were not read, since neither size nor time had changed.
        vanished: files that are gone since the last run.
        others: files that are no pictures.
        n_failed: pictures that cannot be read; `failures` lists them.
        seconds: how long the run took.
    """

    table: str
    model: str
    n_pictures: int
    n_files: int
    added: int
    linked: int
    unchanged: int
    vanished: int
    others: int
    n_failed: int
    seconds: float

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "table": self.table,
            "model": self.model,
            "pictures": self.n_pictures,
            "files": self.n_files,
            "added": self.added,
            "linked": self.linked,
            "unchanged": self.unchanged,
            "vanished": self.vanished,
            "others": self.others,
            "failed": self.n_failed,
            "seconds": round(self.seconds, 3),
        }

    def to_table(self) -> Table:
        """One row."""
        told = self.to_dict()
        return tuple(told), [tuple(told.values())]


@dataclass(frozen=True, slots=True)
class SparkDuplicatesReport:
    """What one run of `lookalike.spark.duplicates` found.

    Attributes:
        table: path of the table of pictures.
        out: path of the tables `pairs`, `groups` and `failures`.
        model: that made the vectors.
        least_probability: the least probability that a listed pair has.
        n_groups: sets in which every file is a copy of every other.
        spare_files: how many files would go if each group kept one.
        n_pairs: pairs within groups and between them.
        expected_wrong: how many of these the probabilities expect to be wrong.
        n_unreadable: pictures that could not be read and so were not compared.
        seconds: how long the run took.
    """

    table: str
    out: str
    model: str
    least_probability: float
    n_groups: int
    spare_files: int
    n_pairs: int
    expected_wrong: float
    n_unreadable: int
    seconds: float

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "table": self.table,
            "out": self.out,
            "model": self.model,
            "least_probability": self.least_probability,
            "groups": self.n_groups,
            "spare_files": self.spare_files,
            "pairs": self.n_pairs,
            "expected_wrong": round(self.expected_wrong, 3),
            "unreadable": self.n_unreadable,
            "seconds": round(self.seconds, 3),
        }

    def to_table(self) -> Table:
        """One row."""
        told = self.to_dict()
        return tuple(told), [tuple(told.values())]


@dataclass(frozen=True, slots=True)
class SparkMatchReport:
    """What one run of `lookalike.spark.match` found.

    Attributes:
        targets: path of the table whose pictures were asked about.
        sources: path of the table among whose pictures originals were looked for.
        out: path of the table of hits, `hits` in the folder that was named.
        n_targets: pictures that were asked about.
        n_hits: rows of the table.
    """

    targets: str
    sources: str
    out: str
    n_targets: int
    n_hits: int

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "targets": self.targets,
            "sources": self.sources,
            "out": self.out,
            "n_targets": self.n_targets,
            "n_hits": self.n_hits,
        }

    def to_table(self) -> Table:
        """One row."""
        told = self.to_dict()
        return tuple(told), [tuple(told.values())]


@dataclass(frozen=True, slots=True)
class SparkHit:
    """A picture of a table that is like a query.

    Attributes:
        query: path of the query.
        place: from 1, the most alike first.
        path: of the picture.
        verdict: the level, such as "edited copy".
        probability: of that level or a stricter one.
        doubtful: whether a look at the pixels, which nobody took, could change the verdict.
        score: cosine of the two embeddings.
        hash_bits: how many of 256 hash bits differ in the best orientation; None where a picture
            has too little detail for its hash.
    """

    query: str
    place: int
    path: str
    verdict: str
    probability: float
    doubtful: bool
    score: float
    hash_bits: int | None

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "query": self.query,
            "place": self.place,
            "path": self.path,
            "verdict": self.verdict,
            "probability": self.probability,
            "doubtful": self.doubtful,
            "score": round(self.score, 6),
            "hash_bits": self.hash_bits,
        }


@dataclass(frozen=True, slots=True)
class SparkSearchReport:
    """The hits of a search, all in memory.

    Attributes:
        table: path of the table that was searched.
        hits: in order of query and place.
    """

    table: str
    hits: tuple[SparkHit, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"table": self.table, "hits": [hit.to_dict() for hit in self.hits]}

    def to_table(self) -> Table:
        """One row for each hit."""
        header = tuple(field.name for field in fields(SparkHit))
        return header, [tuple(hit.to_dict().values()) for hit in self.hits]
