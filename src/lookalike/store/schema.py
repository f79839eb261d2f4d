"""The database of an index: its tables, its version, and how it is asked to keep its word."""

FORMAT_VERSION = 1
"""Kept as `PRAGMA user_version`; a program reads no index that is newer than it knows."""
APPLICATION_ID = 0x6C6B616C
"""Kept in the file's header, where `file` and this room find it: "lkal"."""

TABLES = (
    # One row. `n_rows` counts rows of the vector file that are committed, dead ones included.
    """CREATE TABLE about (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        model TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        d INTEGER NOT NULL,
        dtype TEXT NOT NULL,
        made_with TEXT NOT NULL,
        generation INTEGER NOT NULL,
        n_rows INTEGER NOT NULL
    )""",
    """CREATE TABLE pictures (
        row INTEGER PRIMARY KEY,
        digest BLOB NOT NULL UNIQUE,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        format TEXT NOT NULL,
        mode TEXT NOT NULL,
        orientation INTEGER NOT NULL,
        taken TEXT NOT NULL,
        camera TEXT NOT NULL,
        scaled_digest BLOB NOT NULL
    )""",
    # Apart from the facts, so that asking for facts does not read 256 bytes a picture beside them.
    """CREATE TABLE hashes (
        row INTEGER PRIMARY KEY,
        quality INTEGER NOT NULL,
        bits BLOB NOT NULL
    )""",
    # Every file that was looked at: a picture has a row, a failure has a reason, any other neither.
    """CREATE TABLE files (
        id INTEGER PRIMARY KEY,
        path BLOB NOT NULL UNIQUE,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        row INTEGER,
        reason TEXT,
        CHECK (row IS NULL OR reason IS NULL)
    )""",
    # Rows that no file holds any more; they keep their place until the vectors are compacted.
    "CREATE TABLE dead (row INTEGER PRIMARY KEY)",
    "CREATE INDEX files_row ON files (row) WHERE row IS NOT NULL",
    "CREATE INDEX files_failed ON files (path) WHERE reason IS NOT NULL",
    "CREATE INDEX pictures_taken ON pictures (taken) WHERE taken <> ''",
)

WRITER_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    # Apple's fsync leaves data in the drive's cache; these ask for the real thing there.
    "PRAGMA fullfsync = ON",
    "PRAGMA checkpoint_fullfsync = ON",
    "PRAGMA cache_size = -32768",
    "PRAGMA journal_size_limit = 67108864",
)
