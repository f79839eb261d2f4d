"""Files and folders on whatever file system Spark reads, seen from the driver."""

from dataclasses import dataclass
from typing import Any

from pyspark.sql import SparkSession


@dataclass(frozen=True, slots=True)
class Files:
    """The Hadoop file system of a session, by paths such as `s3a://bucket/photos` or `/data`."""

    session: SparkSession

    def full(self, path: str) -> str:
        """The path with its file system, as Spark's own `path` columns have it."""
        system, place = self._find(path)
        return str(system.makeQualified(place).toString())

    def exists(self, path: str) -> bool:
        """Whether there is a file or folder."""
        system, place = self._find(path)
        return bool(system.exists(place))

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder."""
        system, place = self._find(path)
        return bool(system.exists(place) and system.getFileStatus(place).isDirectory())

    def names(self, path: str) -> list[str]:
        """What lies directly in a folder, sorted; nothing where there is none."""
        system, place = self._find(path)
        if not system.exists(place):
            return []
        return sorted(str(status.getPath().getName()) for status in system.listStatus(place))

    def write(self, path: str, text: str) -> None:
        """Write a small text file."""
        system, place = self._find(path)
        stream = system.create(place, True)
        try:
            stream.write(bytearray(text.encode()))
        finally:
            stream.close()

    def read(self, path: str) -> str:
        """Read a small text file."""
        rows = self.session.read.text(path, wholetext=True).collect()
        return str(rows[0][0])

    def remove(self, path: str) -> None:
        """Remove a folder that this program made, if it is there."""
        system, place = self._find(path)
        system.delete(place, True)

    def _find(self, path: str) -> tuple[Any, Any]:
        context: Any = self.session.sparkContext
        place = context._jvm.org.apache.hadoop.fs.Path(path)
        return place.getFileSystem(context._jsc.hadoopConfiguration()), place
