"""Names of classes as they can stand beside a figure."""

LETTERS = 26


def shortened(name: str) -> str:
    """A name that fits, its end kept: where classes lie in folders, that tells most.

    What matplotlib would take for a formula or leave out of a legend is told as it is.
    """
    name = printable(name)
    name = name if len(name) <= LETTERS else f"…{name[1 - LETTERS :]}"
    name = name.replace("$", r"\$")
    return f" {name}" if name.startswith("_") else name


def printable(text: str) -> str:
    """The same with question marks for what cannot be seen, and might not be allowed in a page."""
    return "".join(c if c.isprintable() else "?" for c in text)
