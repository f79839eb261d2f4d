"""lookalike tells which pictures are alike, and how sure it is."""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lookalike.api import *  # noqa: F403


def __getattr__(name: str) -> object:
    """Forward public names to `lookalike.api`, which is imported on first use."""
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    api = importlib.import_module(".api", __name__)
    try:
        return getattr(api, name)
    except AttributeError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None


def __dir__() -> list[str]:
    """The public names."""
    return list(importlib.import_module(".api", __name__).__all__)
