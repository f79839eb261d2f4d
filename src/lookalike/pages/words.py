"""Numbers and names as people read them."""

import unicodedata

from lookalike.nouns.verdict import Verdict

SIZE_UNITS = ("bytes", "kB", "MB", "GB", "TB")

SURE = 0.9
"""A pair that is less probably a copy than this is only perhaps one."""


def size(n_bytes: int) -> str:
    """A number of bytes, in decimal units as disks are sold."""
    if n_bytes < 1000:
        return count(n_bytes, "byte")
    amount = float(n_bytes)
    for unit in SIZE_UNITS:
        # 999.5 would be printed as 1000 of the unit.
        if amount < 999.5 or unit == SIZE_UNITS[-1]:
            break
        amount /= 1000
    return f"{amount:.0f} {unit}" if amount >= 99.95 else f"{amount:.1f} {unit}"


def percent(probability: float) -> str:
    """A probability in percent: whole below 99 %, and never rounded to certainty."""
    if probability >= 1:
        return "100 %"
    if probability > 0.999:
        return "> 99.9 %"
    if probability < 0.001:
        return "< 0.1 %"
    if 0.01 <= probability < 0.985:
        return f"{100 * probability:.0f} %"
    return f"{100 * probability:.1f} %"


def named(verdict: Verdict) -> str:
    """The verdict's name; with a question mark where it may well be no copy."""
    return f"{verdict.level}?" if is_doubtful(verdict) else str(verdict.level)


def is_doubtful(verdict: Verdict) -> bool:
    """Whether the pair is a copy, but not surely so."""
    return verdict.is_copy and verdict.probability < SURE


def count(n: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 file", "12,000 files"."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def duration(seconds: float) -> str:
    """A time span: "0.4 s", "3 min 20 s", "2 h 5 min"."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def pixels(width_px: int, height_px: int) -> str:
    """The size of a picture."""
    return f"{width_px} × {height_px}"


def visible(text: str) -> str:
    r"""A file name that is safe to show: control and undecodable characters as \x escapes."""
    return "".join(c if _shows(c) else c.encode("unicode_escape").decode() for c in text)


def _shows(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
