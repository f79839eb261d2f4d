"""Numbers and names as people read them."""

import unicodedata

SIZE_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def size(n_bytes: int) -> str:
    """A number of bytes, in decimal units as disks are sold."""
    amount = float(n_bytes)
    for unit in SIZE_UNITS:
        if amount < 1000 or unit == SIZE_UNITS[-1]:
            break
        amount /= 1000
    return f"{amount:.0f} {unit}" if unit == "bytes" or amount >= 100 else f"{amount:.1f} {unit}"


def percent(probability: float) -> str:
    """A probability in percent, never rounded up to certainty."""
    if probability >= 1:
        return "100 %"
    if probability > 0.9995:
        return "> 99.9 %"
    if probability < 0.001:
        return "< 0.1 %"
    return f"{100 * probability:.1f} %"


def count(n: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 file", "12,000 files"."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def duration(seconds: float) -> str:
    """A time span: "0.4 s", "3 min 20 s", "2 h 5 min"."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def visible(text: str) -> str:
    r"""A file name that is safe to show: control and undecodable characters as \x escapes."""
    return "".join(c if _shows(c) else c.encode("unicode_escape").decode() for c in text)


def _shows(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
