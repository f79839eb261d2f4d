"""Conditions on pictures and their files, as `--where` takes them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from lookalike.nouns.errors import InputError

_TEXT_OPS = ("=", "!=", "like")
_ORDER_OPS = ("=", "!=", "<", "<=", ">", ">=")
_KINDS = {"text": _TEXT_OPS, "date": _ORDER_OPS, "number": _ORDER_OPS}
FIELDS = {
    "path": "text",
    "format": "text",
    "taken": "date",
    "modified": "date",
    "size": "number",
    "width": "number",
    "height": "number",
    "megapixels": "number",
}
"""What can be asked about, and how its values compare."""
_EXAMPLES = {
    "path": "path like 'holiday/*.jpg'",
    "format": "format = JPEG",
    "taken": "taken >= 2020-01",
    "modified": "modified < 2024-06-30",
    "size": "size > 1MB",
    "width": "width >= 1000",
    "height": "height >= 1000",
    "megapixels": "megapixels >= 12",
}
FORMATS = (
    *("AVIF", "BMP", "CUR", "DDS", "GIF", "HEIC", "ICO", "JPEG", "JPEG2000", "PCX", "PNG", "PPM"),
    *("PSD", "QOI", "SGI", "TIFF", "WEBP"),
)
"""Names of file formats that `format =` takes: those that the facts of a picture give."""
_OTHER_NAMES = {
    **{"JPG": "JPEG", "MPO": "JPEG", "TIF": "TIFF", "HEIF": "HEIC", "JP2": "JPEG2000"},
    **{"PBM": "PPM", "PGM": "PPM"},
}
_UNITS = {"": 1, "B": 1} | {
    f"{prefix}{middle}B": base**power
    for power, prefix in enumerate("KMGT", start=1)
    for middle, base in (("", 1000), ("I", 1024))
}
_TOKEN = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([=!<>~]+)|([^\s=!<>~"']+))""")
_DATE = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2})(?::(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?)?)?)?)?"
)
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)")
_Word = tuple[str, bool]
"""A piece of the text, and whether it stood in quotes."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison.

    Attributes:
        field: one of FIELDS.
        op: "=", "!=", "<", "<=", ">", ">=" or "like".
        value: text for path and format; an ISO date or datetime, perhaps cut short, for taken and
            modified; bytes, pixels or millions of pixels for the others.
    """

    field: str
    op: str
    value: str | int | float

    def __post_init__(self) -> None:
        if self.field not in FIELDS:
            raise _unknown("field", self.field, tuple(FIELDS), _EXAMPLES["taken"])
        kind = FIELDS[self.field]
        if self.op not in _KINDS[kind]:
            raise _unknown(f"comparison for {self.field}", self.op, _KINDS[kind], self.example)
        if isinstance(self.value, str) != (kind != "number"):
            raise InputError(f"{self.value!r} is no value for {self.field}", mend=self.hint)

    @property
    def example(self) -> str:
        """A condition on this field that is right."""
        return _EXAMPLES[self.field]

    @property
    def hint(self) -> str:
        """The example as a line for the user."""
        return f"for example: {self.example}"

    @classmethod
    def parse(cls, field: str, op: str, text: str) -> "Condition":
        """A condition from three words.

        Raises:
            InputError: the field, the comparison or the value is not known.
        """
        field, op = field.lower(), op.lower()
        kind = FIELDS.get(field, "text")
        rough = cls(field, op, 0 if kind == "number" else text)
        if kind == "text":
            value: str | int | float = text if field == "path" else _format(text, rough)
        elif kind == "date":
            value = _date(text, rough)
        else:
            value = _number(text, rough)
        return cls(field, op, value)


@dataclass(frozen=True, slots=True)
class Where:
    """Conditions that must all hold; none means every picture.

    Dates compare by the part that is given: `taken = 2019` is any day of 2019, `taken > 2019` is
    2020 or later. Times are local. What a file does not tell (no date taken) meets no condition
    on it. `like` is a glob (`*` any text, also "/"; `?` one character; `[a-z]` one of these) that
    takes A and a for the same letter.
    """

    conditions: tuple[Condition, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Where":
        """Read conditions joined by `and`, such as `taken >= 2020-01 and size > 1MB`.

        Values that hold the word "and", a quote or one of `=!<>~` need quotes around them.

        Raises:
            InputError: a field, a comparison or a value is not known.
        """
        words = _words(text)
        parts: list[list[_Word]] = [[]]
        for word in words:
            if word[0].lower() == "and" and not word[1]:
                parts.append([])
            else:
                parts[-1].append(word)
        return cls(tuple(_condition(part, text) for part in parts) if words else ())


def _words(text: str) -> list[_Word]:
    found: list[_Word] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise InputError(
                "A quote is not closed", where=text, mend="close it with the same sign"
            )
        double, single, op, word = match.groups()
        quoted = double if double is not None else single
        found.append((op or word, False) if quoted is None else (quoted, True))
        at = match.end()
    return found


def _condition(words: Sequence[_Word], text: str) -> Condition:
    if len(words) < 3:
        raise InputError(
            "A condition is a field, a comparison and a value",
            where=text,
            mend=f"for example: {_EXAMPLES['taken']} and {_EXAMPLES['size']}",
        )
    field, op = words[0][0], words[1][0]
    return Condition.parse(field, op, " ".join(word for word, _ in words[2:]))


def _format(text: str, of: Condition) -> str:
    name = text.upper()
    name = _OTHER_NAMES.get(name, name)
    if of.op != "like" and name not in FORMATS:
        raise _unknown("format", text, FORMATS, of.example)
    return name


def _date(text: str, of: Condition) -> str:
    match = _DATE.fullmatch(text.strip())
    year, *rest = match.groups() if match else ("",)
    filled = [part or low for part, low in zip(rest, ("01", "01", "00", "00", "00"), strict=False)]
    try:
        datetime(int(year), *map(int, filled))  # type: ignore[arg-type]
    except ValueError:
        raise InputError(f"{text!r} is not a date", where=of.field, mend=of.hint) from None
    return text.strip().replace(" ", "T")


def _number(text: str, of: Condition) -> int | float:
    match = _SIZE.fullmatch(text.strip())
    unit = match[2].upper() if match else ""
    allowed = _UNITS if of.field == "size" else {"": 1} | ({"PX": 1} if "m" not in of.field else {})
    if match is None:
        raise InputError(f"{text!r} is not a number", where=of.field, mend=of.hint)
    if unit not in allowed:
        raise _unknown(f"unit for {of.field}", match[2], tuple(allowed), of.example)
    if of.field == "megapixels":
        return float(match[1])
    if "." not in match[1]:
        return int(match[1]) * allowed[unit]
    return float(match[1]) * allowed[unit]


def _unknown(kind: str, given: str, known: Sequence[str], example: str) -> InputError:
    by_folded = {name.casefold(): name for name in known if name}
    near = get_close_matches(given.casefold(), by_folded, n=1, cutoff=0.5)
    choice = f"did you mean {by_folded[near[0]]!r}?" if near else f"one of {', '.join(by_folded)};"
    return InputError(
        f"Unknown {kind} {given!r}", where="--where", mend=f"{choice} for example: {example}"
    )
