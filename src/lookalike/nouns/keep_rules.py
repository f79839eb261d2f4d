"""A user's rules for which copies stay."""

import tomllib
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Self

from lookalike.nouns.errors import InputError

CRITERIA = (
    "folder",
    "companions",
    "resolution",
    "metadata",
    "original",
    "compression",
    "date",
    "name",
)
"""What a copy is kept for, most important first, unless the rules say otherwise."""


@dataclass(frozen=True, slots=True)
class KeepRules:
    """Rules for which copies stay; patterns are globs over relative paths, `*` crosses `/`.

    Attributes:
        protect: files that are never touched; where one copy is protected, it is kept.
        prefer: files that are rather kept, whatever their quality.
        avoid: files that rather go, whatever their quality.
        order: criteria, most important first; those left out do not count.
    """

    protect: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    order: tuple[str, ...] = CRITERIA

    def __post_init__(self) -> None:
        for name in self.order:
            if name not in CRITERIA:
                raise _unknown(name, CRITERIA, "criterion")
        if len(set(self.order)) < len(self.order):
            raise InputError("A criterion stands twice in the order", where=", ".join(self.order))

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """The rules of a TOML file with the attributes above as keys, each a list of texts.

        Raises:
            InputError: it is no TOML, or has a key or a criterion that is not known.
        """
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InputError(f"The rules are no TOML: {error}", mend=_EXAMPLE) from error
        known = [field.name for field in fields(cls)]
        for key, value in data.items():
            if key not in known:
                raise _unknown(key, known, "rule")
            if not (isinstance(value, list) and all(isinstance(v, str) for v in value)):
                raise InputError("A rule is a list of texts", where=key, mend=_EXAMPLE)
        return cls(**{key: tuple(value) for key, value in data.items()})


_EXAMPLE = 'write for example: avoid = ["Downloads/*"]'


def _unknown(name: str, known: tuple[str, ...] | list[str], what: str) -> InputError:
    near = get_close_matches(name, known, n=1)
    mend = f"did you mean {near[0]}?" if near else f"choose of: {', '.join(known)}"
    return InputError(f"There is no such {what}", where=name, mend=mend)
