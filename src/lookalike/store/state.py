"""Whether an index has changed, told without opening it."""

from pathlib import Path

from lookalike.store import layout

State = tuple[tuple[int, int, int], ...]


def state_of(folder: str | Path) -> State:
    """Equal twice only if nothing was committed in between; empty where there is no index.

    A changed state may still hold the same answers: SQLite also folds its log in.

    Args:
        folder: of the index itself, such as `album/.lookalike`.
    """
    seen = []
    database, log, *_ = layout.database_files(Path(folder))
    for path in (database, log):
        try:
            facts = path.stat()
        except OSError:
            continue
        seen.append((facts.st_ino, facts.st_size, facts.st_mtime_ns))
    return tuple(seen)
