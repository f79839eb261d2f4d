"""Standard output and error that can print every file name, whatever the console's encoding."""

import codecs
import sys

PLAIN = {"×": "x", "·": "-", "…": "...", "█": "#", "░": ".", "—": "-"}
"""What stands for a sign that the console does not have; "?" for all others."""


def prepare() -> None:
    """Names that are no valid text keep their bytes; signs the console lacks become plain ones.

    What the library logs as a warning becomes one plain line on standard error.
    """
    codecs.register_error("lookalike", plainer)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="lookalike")
    from lookalike.cli.remarks import listen

    listen()


def plainer(error: UnicodeError) -> tuple[str | bytes, int]:
    """An error handler of `codecs`: the byte a stray half stands for, else a plainer sign."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    character = error.object[error.start]
    if "\udc80" <= character <= "\udcff":
        return bytes([ord(character) - 0xDC00]), error.start + 1
    return PLAIN.get(character, "?"), error.start + 1
