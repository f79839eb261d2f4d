"""Reads tables: CSV as spreadsheets and people write it, and Parquet."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from lookalike.nouns.errors import InputError, MissingExtra

_DELIMITERS = (",", ";", "\t", "|")
COLUMNS = frozenset("path label split group a b same source target".split())
"""The columns that lists may have."""

_BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_OTHER_WORDS = {
    "path": ("file", "filename", "file_name", "filepath", "image", "image_path", "picture", "name"),
    "label": ("class", "class_name", "category", "labels", "target", "species", "y", "kind"),
    "same": ("label", "match", "is_same", "similar", "y"),
    "a": ("left", "image1", "first", "path_a"),
    "b": ("right", "image2", "second", "path_b"),
    "source": ("original", "reference", "query"),
    "target": ("copy", "candidate"),
}
"""What people call these columns, nearest first."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The cells of a table as text, without white space around them.

    Attributes:
        path: where it was read from.
        columns: name in lower case to its cells, top to bottom; cells of columns that no list has
            may be left out.
        lines: of each row, the line of the file that it ends on.
    """

    path: Path
    columns: dict[str, list[str]]
    lines: Sequence[int]

    def __len__(self) -> int:
        return len(self.lines)

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def __getitem__(self, name: str) -> list[str]:
        """The cells of a column.

        Raises:
            InputError: there is none of this name; suggests the nearest.
        """
        if name not in self.columns:
            nearest = self._nearest(name)
            raise InputError(
                f"There is no column {name!r}, but " + ", ".join(map(repr, self.columns)),
                where=str(self.path),
                mend=f"rename {nearest!r} to {name!r}" if nearest else f"add a column {name!r}",
            )
        return self.columns[name]

    def filled(self, name: str) -> list[str]:
        """The cells of a column that must not have an empty one.

        Raises:
            InputError: there is none of this name, or a cell is empty.
        """
        if "" in (cells := self[name]):
            raise self.wrong(cells.index(""), f"{name} is empty", mend="fill in or remove the line")
        return cells

    def _nearest(self, name: str) -> str | None:
        words = [word for word in _OTHER_WORDS.get(name, ()) if word in self.columns]
        return next(iter(words or get_close_matches(name, self.columns, 1)), None)

    def wrong(self, row: int, what: str, *, mend: str = "") -> InputError:
        """An error at a row."""
        return InputError(what, where=f"{self.path}, line {self.lines[row]}", mend=mend)


def read_table(path: Path) -> Table:
    """Reads a CSV file, or a Parquet file by its ending.

    CSV: UTF-8 with or without a mark at its start, or UTF-16 with one; commas, semicolons, tabs
    or bars between cells, found out from the first line; quoted cells; empty lines are skipped.

    Raises:
        InputError: the file cannot be read as a table.
        MissingExtra: Parquet without pyarrow.
    """
    if path.suffix.lower() in {".parquet", ".pq"}:
        return _read_parquet(path)
    text = _text_of(path)
    first = text.lstrip("\r\n").split("\n", 1)[0]
    # The sign with most occurrences parts the first line, which is made of short plain words.
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        for cells in reader:
            if any(cells):
                rows.append(cells)
                lines.append(reader.line_num)
    except csv.Error as error:
        raise InputError(
            f"This is no table: {error}",
            where=f"{path}, line {reader.line_num}",
            mend='cells with a quote in them are written "like ""this"""',
        ) from error
    if not rows:
        raise InputError("The table is empty", where=str(path), mend="its first line names columns")
    return _table(path, rows, lines)


def _table(path: Path, rows: list[list[str]], lines: list[int]) -> Table:
    names = [name.strip().lower() for name in rows[0]]
    width = len(names)
    for line, cells in zip(lines, rows, strict=True):
        if not any(cells[width:]):
            del cells[width:]  # spreadsheets write separators at the end of a line
        if len(cells) != width:
            raise InputError(
                f"This line has {len(cells)} cells, the first line {width}",
                where=f"{path}, line {line}",
                mend='put cells with a comma in them in quotes: "a, b.jpg"',
            )
    columns: dict[str, list[str]] = {}
    for name, *cells in zip(names, *rows[1:], strict=True):
        columns.setdefault(name, [cell.strip() for cell in cells])
    return Table(path, columns, lines[1:])


def _text_of(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"This cannot be read: {error.strerror or error}", where=str(path), mend="check it"
        ) from error
    encoding = next(
        (name for mark, name in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), "utf-8"
    )
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"Byte {error.start} is not {encoding.upper()}",
            where=str(path),
            mend="save it as UTF-8",
        ) from error


def _read_parquet(path: Path) -> Table:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise MissingExtra("parquet", what="Parquet tables are read by pyarrow") from error
    try:
        table = parquet.read_table(path)
    except (ArrowException, OSError) as error:
        raise InputError(f"This is no Parquet table: {error}", where=str(path)) from error
    columns: dict[str, list[str]] = {}
    for written in table.column_names:
        name = written.strip().lower()
        # Others may hold whole pictures.
        cells = table.column(written).to_pylist() if name in COLUMNS else []
        columns.setdefault(name, ["" if cell is None else str(cell).strip() for cell in cells])
    return Table(path, columns, range(1, table.num_rows + 1))
