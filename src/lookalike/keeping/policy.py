"""Choose the copy that stays, by criteria that can be told in a sentence."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from lookalike.nouns.errors import InputError
from lookalike.nouns.keep_rules import KeepRules
from lookalike.nouns.picture import Facts

LOSSLESS = frozenset({"PNG", "TIFF", "BMP", "PPM", "QOI"})
_COPY_NAMES = re.compile(
    r"(\(\d+\)|\bcopy\b|\bcopie\b|\bkopie\b|\bcopia\b|-edited\b|_edit(ed)?\b|small|thumb)", re.I
)


@dataclass(frozen=True, slots=True)
class Contender:
    """A file that may stay.

    Attributes:
        path: relative to the collection, "/" between parts.
        facts: what the file tells.
        size_bytes: of the file.
        mtime_ns: when it was last changed.
        companions: files that belong to it, such as its raw file or a sidecar with edits.
    """

    path: str
    facts: Facts
    size_bytes: int
    mtime_ns: int
    companions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Which file stays, and why not the others.

    Attributes:
        keeper: its place among the contenders.
        reasons: for each contender one sentence; for the keeper why it stays.
    """

    keeper: int
    reasons: tuple[str, ...]


Key = Callable[[Contender], float]
_Criterion = tuple[Key, Callable[[Contender, Contender], str]]


def choose(contenders: Sequence[Contender], rules: KeepRules, *, converted: bool = False) -> Choice:
    """Choose the copy that stays: the first criterion that tells two files apart decides.

    Args:
        contenders: copies of one picture, at least two.
        rules: protected files come first of all, then the criteria in their order; the path
            decides where nothing else does, so that the choice is always the same.
        converted: whether a lossless file among them was made from a compressed one; then the
            compressed one is the original, otherwise it is the other way round.

    Raises:
        InputError: there is nothing to choose from.
    """
    if len(contenders) < 2:
        raise InputError("There is nothing to choose from")
    criteria = _criteria(rules, converted)
    keys = [(*(-key(c) for key, _ in criteria), len(c.path), c.path) for c in contenders]
    keeper = min(range(len(contenders)), key=keys.__getitem__)
    kept = contenders[keeper]
    second = min((i for i in range(len(contenders)) if i != keeper), key=keys.__getitem__)
    reasons = [_why(kept, other, criteria) for other in contenders]
    reasons[keeper] = _why(kept, contenders[second], criteria)
    return Choice(keeper, tuple(reasons))


def is_protected(path: str, rules: KeepRules) -> bool:
    """Whether the rules forbid to touch this file."""
    return _matches(path, rules.protect)


def _why(kept: Contender, other: Contender, criteria: Sequence[_Criterion]) -> str:
    for key, words in criteria:
        if key(kept) > key(other):
            return words(kept, other)
    return "nothing tells the two apart but their paths"


def _criteria(rules: KeepRules, converted: bool) -> list[_Criterion]:
    known = {
        "folder": (_folder(rules), _folder_words(rules)),
        "companions": (
            lambda c: len(c.companions),
            lambda a, b: f"{a.companions[0].rpartition('/')[2]} belongs to the one kept",
        ),
        "resolution": (_pixels, _pixels_words),
        "metadata": (_told, lambda a, b: "the one kept still tells when or with what it was taken"),
        "original": (_original(converted), _original_words),
        "compression": (_weight, lambda a, b: "the one kept is less compressed"),
        "date": (lambda c: -c.mtime_ns, lambda a, b: "the one kept is older"),
        "name": (_plain_name, lambda a, b: "the name of the other says that it is a copy"),
    }
    protected: _Criterion = (
        lambda c: float(is_protected(c.path, rules)),
        lambda a, b: "the one kept is protected",
    )
    return [protected, *(known[name] for name in rules.order)]


def _matches(path: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(path, p) or path.startswith(p.rstrip("/") + "/") for p in patterns)


def _folder(rules: KeepRules) -> Key:
    return lambda c: _matches(c.path, rules.prefer) - float(_matches(c.path, rules.avoid))


def _folder_words(rules: KeepRules) -> Callable[[Contender, Contender], str]:
    def words(kept: Contender, other: Contender) -> str:
        if _matches(other.path, rules.avoid):
            return "your rules avoid the place of the other"
        return "your rules prefer the place of the one kept"

    return words


def _pixels(contender: Contender) -> float:
    return contender.facts.width_px * contender.facts.height_px


def _pixels_words(kept: Contender, other: Contender) -> str:
    a, b = kept.facts, other.facts
    sizes = f"{a.width_px} × {a.height_px} against {b.width_px} × {b.height_px}"
    return f"the one kept has more pixels, {sizes}"


def _told(contender: Contender) -> float:
    return bool(contender.facts.taken) + bool(contender.facts.camera)


def _original(converted: bool) -> Key:
    return lambda c: float((c.facts.format in LOSSLESS) != converted)


def _original_words(kept: Contender, other: Contender) -> str:
    return f"the {other.facts.format} was made from the {kept.facts.format}"


def _weight(contender: Contender) -> float:
    """Bytes a pixel; lossless files have nothing to lose, however well they are packed."""
    if contender.facts.format in LOSSLESS:
        return math.inf
    return contender.size_bytes / max(_pixels(contender), 1)


def _plain_name(contender: Contender) -> float:
    return float(not _COPY_NAMES.search(contender.path.rpartition("/")[2]))
