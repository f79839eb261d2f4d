"""Where a collection lies and where its index does."""

from dataclasses import dataclass
from pathlib import Path

from lookalike.nouns.errors import InputError

INDEX_FOLDER = ".lookalike"


@dataclass(frozen=True, slots=True)
class Place:
    """A collection and its index.

    Attributes:
        folder: the collection, absolute.
        index: the folder of the index, absolute.
    """

    folder: Path
    index: Path

    @classmethod
    def of(cls, folder: str | Path, index: str | Path | None = None) -> "Place":
        """The index lies in the collection unless it is named.

        Raises:
            InputError: there is no such folder.
        """
        root = Path(folder).expanduser()
        if not root.is_dir():
            found = "is a file, not a folder" if root.exists() else "does not exist"
            raise InputError(f"The folder {found}", where=str(root), mend="name a folder")
        root = root.resolve()
        own = root / INDEX_FOLDER if index is None else Path(index).expanduser().resolve()
        return cls(root, own)

    def relative(self, path: Path) -> str:
        """The path as the index stores it: relative, with "/" between parts."""
        return path.relative_to(self.folder).as_posix()

    def absolute(self, stored: str) -> Path:
        """The path of a file that the index names."""
        return self.folder / stored
