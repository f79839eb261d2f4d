"""Optional parts that a command needs."""

from importlib.util import find_spec

from lookalike.nouns.errors import MissingExtra


def need(extra: str, *modules: str) -> None:
    """Refuse to go on without an extra.

    Args:
        extra: its name.
        modules: what it brings.

    Raises:
        MissingExtra: one of these is not installed.
    """
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        raise MissingExtra(extra, what=f"This needs {missing[0]}, which is not installed")
