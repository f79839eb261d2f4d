"""Where the bytes of pictures come from: a folder that Spark reads, or a table that holds them."""

from collections.abc import Sequence
from typing import Protocol

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lookalike.nouns.errors import InputError
from lookalike.spark.files import Files

COLUMNS = ("path", "size", "modified")
"""What is known of a file without reading it; `modified` in microseconds since 1970."""


class Source(Protocol):
    """Pictures by relative path."""

    @property
    def name(self) -> str:
        """For people, and for `source_of` where it is a folder."""

    def listing(self) -> DataFrame:
        """COLUMNS of every file."""

    def contents(self, paths: Sequence[str]) -> DataFrame:
        """COLUMNS and `content` of some files, those that are there."""


def source_of(session: SparkSession, source: str | DataFrame) -> Source:
    """A folder by its path, or a table with the columns `path` and `content`.

    Raises:
        InputError: there is no such folder, or a column is missing.
    """
    if isinstance(source, DataFrame):
        return TableSource(source)
    return FolderSource(session, source)


class FolderSource:
    """All files below a folder on any file system that Spark reads."""

    def __init__(self, session: SparkSession, folder: str) -> None:
        files = Files(session)
        if not files.is_folder(folder):
            raise InputError(
                "There is no such folder", where=folder, mend="name it as Spark reads it"
            )
        self.name = files.full(folder)
        self._session = session
        self._prefix = self.name.rstrip("/") + "/"

    def listing(self) -> DataFrame:
        """COLUMNS of every file."""
        return self._read([self.name]).select(*COLUMNS)

    def contents(self, paths: Sequence[str]) -> DataFrame:
        """COLUMNS and `content` of some files, those that are there."""
        if not paths:
            return self._read([self.name]).limit(0)
        return self._read([self._prefix + path for path in paths])

    def _read(self, paths: list[str]) -> DataFrame:
        # Spark takes names that begin with "_" for its own; cameras do not. `__globPaths__` keeps
        # brackets in names from being patterns.
        reader = (
            self._session.read.format("binaryFile")
            .option("recursiveFileLookup", "true")
            .option("ignoredPathSegmentRegex", r"^\.")
            .option("ignoreMissingFiles", "true")
            .option("__globPaths__", "false")
        )
        start = F.length(F.lit(self._prefix)) + 1
        return reader.load(paths).select(
            F.col("path").substr(start, F.length("path")).alias("path"),
            F.col("length").alias("size"),
            F.unix_micros("modificationTime").alias("modified"),
            "content",
        )


class TableSource:
    """A table that holds the bytes: `path` and `content`, perhaps `modified`."""

    name = ""

    def __init__(self, table: DataFrame) -> None:
        missing = {"path", "content"} - set(table.columns)
        if missing:
            raise InputError(
                f"The table of pictures has no column {sorted(missing)[0]!r}",
                where=", ".join(table.columns),
                mend="give it the columns path and content, and if you like modified",
            )
        told = F.unix_micros("modificationTime") if "modificationTime" in table.columns else None
        modified = F.col("modified").cast("bigint") if "modified" in table.columns else told
        self._table = table.select(
            F.col("path").cast("string"),
            F.length("content").cast("bigint").alias("size"),
            (F.lit(0).cast("bigint") if modified is None else modified).alias("modified"),
            "content",
        )

    def listing(self) -> DataFrame:
        """COLUMNS of every file."""
        return self._table.select(*COLUMNS)

    def contents(self, paths: Sequence[str]) -> DataFrame:
        """COLUMNS and `content` of some files, those that are there."""
        wanted = self._table.sparkSession.createDataFrame(
            [(path,) for path in paths], "path string"
        )
        return self._table.join(F.broadcast(wanted), "path", "left_semi")
