"""Keeps decoders from talking to the user past lookalike: a run prints its own words only."""

import ctypes
import logging
import re
import warnings
from functools import cache

from PIL import _imaging

_PILLOW = r"PIL\."

# Without any handler, Python prints Pillow's log to stderr; an application's own handlers go on
# receiving it.
logging.getLogger("PIL").addHandler(logging.NullHandler())


def quieten_decoders() -> None:
    """Silences Pillow's warnings about odd metadata, and what libtiff writes to stderr.

    Pillow's warnings would reach the user, or become errors where an application asks for that.
    `warnings.catch_warnings` is not safe with threads, so this is a filter for Pillow's own
    modules only. It is put first again before each picture, because others may have added filters
    since; `filterwarnings` moves a filter that is there already.
    """
    _silence_libtiff()
    first = warnings.filters[0] if warnings.filters else None
    module = first[3] if first else None
    is_ours = isinstance(module, re.Pattern) and module.pattern == _PILLOW
    if not (first and first[0] == "ignore" and is_ours):
        warnings.filterwarnings("ignore", module=_PILLOW)


@cache
def _silence_libtiff() -> None:
    """Takes libtiff's printing handlers away, once; damage is still told by its return codes.

    Pillow sets none, and libtiff's own print each oddity. Where libtiff is linked into Pillow so
    that its functions cannot be found by name, as on Windows, it goes on printing.
    """
    try:
        library = ctypes.CDLL(_imaging.__file__)
        for name in ("TIFFSetErrorHandler", "TIFFSetWarningHandler"):
            handler = getattr(library, name)
            handler.argtypes, handler.restype = [ctypes.c_void_p], ctypes.c_void_p
            handler(None)
    except (AttributeError, OSError):
        return
