"""Conditions as SQL."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from lookalike.nouns.where import Condition, Where

_PICTURE = {
    "format": "p.format",
    "taken": "p.taken",
    "width": "p.width",
    "height": "p.height",
    "megapixels": "p.width * p.height / 1e6",
}
_FILE = {"path": "CAST(f.path AS TEXT)", "modified": "f.mtime_ns", "size": "f.size"}
ORDERS = {
    "path": "SELECT row FROM files WHERE row NOT NULL ORDER BY path",
    "newest": """SELECT f.row FROM files f JOIN pictures p ON p.row = f.row ORDER BY
        CASE p.taken WHEN '' THEN strftime('%Y-%m-%dT%H:%M:%S', f.mtime_ns / 1000000000,
        'unixepoch', 'localtime') ELSE p.taken END DESC, f.path""",
    "largest": "SELECT row FROM files WHERE row NOT NULL ORDER BY size DESC, path",
    "added": "SELECT row FROM files WHERE row NOT NULL ORDER BY row DESC",
}
"""How pictures can be listed; the newest by the date taken, or changed where none is told."""
_LAST = "~"
"""Sorts behind every character of a date, so that `2019~` ends all that begins with 2019."""
_INT64 = 2**63 - 1

Value = str | int | float | bytes
_Piece = tuple[str, tuple[Value, ...]]


def rows_query(where: Where) -> _Piece:
    """SQL for the rows that meet all conditions, in rising order, and its parameters.

    Conditions on files must all hold for one and the same file.
    """
    pieces = [_piece(condition) for condition in where.conditions]
    fields = {condition.field for condition in where.conditions}
    about_files, about_pictures = bool(fields & _FILE.keys()), bool(fields & _PICTURE.keys())
    if about_files and about_pictures:
        source, row, alive = "files f JOIN pictures p ON p.row = f.row", "f.row", "f.row NOT NULL"
    elif about_files:
        source, row, alive = "files f", "f.row", "f.row NOT NULL"
    else:
        source, row, alive = "pictures p", "p.row", "p.row NOT IN (SELECT row FROM dead)"
    tests = " AND ".join([alive, *(sql for sql, _ in pieces)])
    values = tuple(value for _, some in pieces for value in some)
    return f"SELECT DISTINCT {row} FROM {source} WHERE {tests} ORDER BY {row}", values


def _piece(condition: Condition) -> _Piece:
    column = _PICTURE.get(condition.field) or _FILE[condition.field]
    value = condition.value
    if condition.op == "like":
        return f"lower({column}) GLOB lower(CAST(? AS TEXT))", (_bytes(str(value)),)
    if condition.field == "path":
        return f"{column} {condition.op} CAST(? AS TEXT)", (_bytes(str(value)),)
    if condition.field == "taken":
        sql, bounds = _within(column, condition.op, str(value), f"{value}{_LAST}")
        return f"({column} <> '' AND {sql})", bounds
    if condition.field == "modified":
        return _within(column, condition.op, *map(_nanoseconds, _span(str(value))))
    if isinstance(value, int):
        value = min(value, _INT64)
    return f"{column} {condition.op} ?", (value,)


def _within(column: str, op: str, low: Value, high: Value) -> _Piece:
    """Compare with all that lies in [low, high) as if it were one value."""
    if op == "=":
        return f"{column} >= ? AND {column} < ?", (low, high)
    if op == "!=":
        return f"({column} < ? OR {column} >= ?)", (low, high)
    side, bound = {"<": ("<", low), ">=": (">=", low), "<=": ("<", high), ">": (">=", high)}[op]
    return f"{column} {side} ?", (bound,)


def _span(date: str) -> Iterator[datetime | None]:
    """Begin and end of a date that may be cut short; no end where the calendar has none."""
    whole = date + "0001-01-01T00:00:00"[len(date) :] if len(date) < 19 else date
    start = datetime.fromisoformat(whole)
    yield start
    try:
        if len(date) == 4:
            yield start.replace(year=start.year + 1)
        elif len(date) == 7:
            yield (start + timedelta(days=31)).replace(day=1)
        else:
            steps = {10: timedelta(days=1), 13: timedelta(hours=1), 16: timedelta(minutes=1)}
            second = timedelta(seconds=1 if len(date) <= 19 else 10.0 ** (20 - len(date)))
            yield start + steps.get(len(date), second)
    except (OverflowError, ValueError):
        yield None


def _nanoseconds(local: datetime | None) -> int:
    if local is None:
        return _INT64
    try:
        seconds = int(local.replace(microsecond=0).timestamp())
    except (OSError, OverflowError, ValueError):  # Windows knows no local time before 1970
        seconds = int(
            (local.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
        )
    return max(-_INT64, min(seconds * 10**9 + local.microsecond * 1000, _INT64))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
