"""The same verbs on a Spark cluster: `from lookalike.spark import index`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lookalike.spark.copies import duplicates
    from lookalike.spark.indexing import index
    from lookalike.spark.nearest import match, search
    from lookalike.spark.table import failures, pictures

__all__ = ["duplicates", "failures", "index", "match", "pictures", "search"]

_HOMES = {
    "duplicates": "lookalike.spark.copies",
    "failures": "lookalike.spark.table",
    "index": "lookalike.spark.indexing",
    "match": "lookalike.spark.nearest",
    "pictures": "lookalike.spark.table",
    "search": "lookalike.spark.nearest",
}


def __getattr__(name: str) -> object:
    """Imports a verb when it is first asked for, and Spark with it."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
