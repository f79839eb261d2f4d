"""The index of a cluster: Parquet parts that are only ever added to, and a card of what they are.

    TABLE/about.json              model, fingerprint, card, and the folder that was read
    TABLE/files/run=1/round=0/    one row a file that was looked at, see FILE_SCHEMA

Of the rows of one path that of the last run counts. Spark shows the parts of a round only once
the round is whole.
"""

import json
from dataclasses import asdict, dataclass

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lookalike.geometry.words import VERSION
from lookalike.nouns.card import ModelCard
from lookalike.nouns.errors import InputError, WrongIndex
from lookalike.spark.embed import FILE_SCHEMA
from lookalike.spark.files import Files
from lookalike.spark.frames import ddl

FORMAT_VERSION = 1
_ABOUT = "about.json"
_FILES = "files"
_SCRATCH = "_survey"
_RUN = "run="
FILE_COLUMNS = f"{ddl(FILE_SCHEMA)}, `run` int, `round` int"


@dataclass(frozen=True, slots=True)
class About:
    """What a table says of itself.

    Attributes:
        model: name of the model that made the vectors.
        fingerprint: of that model.
        card: of that model, as JSON.
        source: the folder that was read; empty where it was a table of bytes.
        words: version of the local words.
        version: of this layout.
    """

    model: str
    fingerprint: str
    card: str
    source: str
    words: int = VERSION
    version: int = FORMAT_VERSION

    @property
    def model_card(self) -> ModelCard:
        """What the scores mean."""
        return ModelCard.from_json(self.card)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of pictures, by its path on any file system that Spark reads."""

    session: SparkSession
    path: str

    @property
    def files(self) -> Files:
        """The file systems of the session."""
        return Files(self.session)

    @property
    def scratch(self) -> str:
        """A folder for what only one run needs."""
        return self._under(_SCRATCH)

    def about(self) -> About | None:
        """What the table says of itself; None where there is none yet.

        Raises:
            WrongIndex: it is newer than this program, or damaged.
        """
        if not self.files.exists(self._under(_ABOUT)):
            return None
        try:
            told = json.loads(self.files.read(self._under(_ABOUT)))
            if told["version"] > FORMAT_VERSION:
                raise WrongIndex(
                    f"The table has format {told['version']}, made by a newer lookalike",
                    where=self.path,
                    mend="pip install --upgrade lookalike",
                )
            if told["words"] != VERSION:
                raise WrongIndex(
                    "The table was made by a lookalike that names local features otherwise",
                    where=self.path,
                    mend="make another table",
                )
            return About(**told)
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            raise WrongIndex(
                f"The table is damaged: {error}", where=self.path, mend="make it again elsewhere"
            ) from error

    def opened(self) -> About:
        """As `about`.

        Raises:
            InputError: there is no such table.
        """
        if (about := self.about()) is None:
            raise InputError(
                "There is no table of pictures here",
                where=self.path,
                mend=f"make it: lookalike spark index PICTURES {self.path}",
            )
        return about

    def begin(self, about: About) -> None:
        """Say what the table is.

        Raises:
            InputError: the folder holds other things.
        """
        others = self.files.names(self.path)
        if others and _ABOUT not in others:
            raise InputError(
                "This folder holds other things than a table of pictures",
                where=self.path,
                mend="name a new folder",
            )
        self.files.write(self._under(_ABOUT), json.dumps(asdict(about), indent=2) + "\n")

    def next_run(self) -> int:
        """A number above those of all runs, also of those that were broken off."""
        names = self.files.names(self._under(_FILES))
        runs = [int(name[len(_RUN) :]) for name in names if name.startswith(_RUN)]
        return max(runs, default=0) + 1

    def add(self, rows: DataFrame, *, run: int, round_: int) -> None:
        """Write one round of a run, whole or not at all."""
        place = self._under(f"{_FILES}/{_RUN}{run}/round={round_}")
        rows.write.mode("overwrite").parquet(place)

    def rows(self) -> DataFrame:
        """All rows of all runs, none where nothing has been written yet."""
        if not self.files.exists(self._under(_FILES)):
            return self.session.createDataFrame([], FILE_COLUMNS)
        return self.session.read.schema(FILE_COLUMNS).parquet(self._under(_FILES))

    def state(self) -> DataFrame:
        """What counts of each path: size, modified, digest and reason."""
        kept = F.struct("size", "modified", "digest", "reason", "gone")
        last = self.rows().groupBy("path").agg(F.max_by(kept, "run").alias("last"))
        return last.select("path", "last.*").where(~F.col("gone")).drop("gone")

    def _under(self, name: str) -> str:
        return f"{self.path.rstrip('/')}/{name}"


def pictures(session: SparkSession, table: str) -> DataFrame:
    """The pictures of a table: one row for each content that at least one file holds.

    Args:
        session: a running one.
        table: path of the table.

    Returns:
        digest, path (the first in the order of a walk), paths (all, in order of path), size, the
        facts, scaled_digest, quality, hashes (eight orientations of 32 bytes) and vector.

    Raises:
        InputError: there is no such table.
        WrongIndex: it is newer than this program, or damaged.
    """
    place = Table(session, table)
    place.opened()
    held = (
        place.state()
        .where("digest IS NOT NULL")
        .groupBy("digest")
        .agg(
            F.min_by("path", walk_order("path")).alias("path"),
            F.array_sort(F.collect_list("path")).alias("paths"),
            F.min("size").alias("size"),
        )
    )
    columns = [name for name in FILE_SCHEMA.names if name not in _OF_FILES]
    described = place.rows().where("vector IS NOT NULL").select("digest", *columns)
    return held.join(described.dropDuplicates(["digest"]), "digest")


_OF_FILES = {"path", "size", "modified", "digest", "model", "reason", "gone"}


def walk_order(path: str) -> Column:
    """A key by which paths sort as a walk over the folder meets them: "/" before all else."""
    return F.replace(F.col(path), F.lit("/"), F.lit("\0"))


def failures(session: SparkSession, table: str) -> DataFrame:
    """The files of a table that could not be read: path and reason, in order of path.

    Raises:
        InputError: there is no such table.
        WrongIndex: it is newer than this program, or damaged.
    """
    place = Table(session, table)
    place.opened()
    return place.state().where("reason IS NOT NULL").select("path", "reason").orderBy("path")
