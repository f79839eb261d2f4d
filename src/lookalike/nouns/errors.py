"""Everything that can go wrong, as one tree.

    LookalikeError
    ├── InputError(ValueError)       what was asked for cannot be done as asked
    ├── UnreadableImage              a file is no picture that can be decoded
    ├── WrongIndex                   the index was made by another model or a newer version
    ├── BusyIndex                    another process is writing this index
    ├── RecipeError                  a recipe has a key or value that is not known
    ├── WrongModel                   a model file without a card, or with one that does not fit it
    └── MissingExtra(ImportError)    an optional part is not installed

Each carries what went wrong, where, and the command or line that mends it.
"""


class LookalikeError(Exception):
    """The root of all errors that lookalike raises on purpose.

    Attributes:
        what: one sentence, what went wrong.
        where: the file, folder, option or value it happened at; may be empty.
        mend: what to do or type about it; may be empty.
    """

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.mend = mend

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text} ({self.mend})" if self.mend else text

    def to_dict(self) -> dict[str, str]:
        """The error as the JSON that every door answers with."""
        return {"error": self.what, "where": self.where, "mend": self.mend}


class InputError(LookalikeError, ValueError):
    """What was asked for cannot be done as asked."""


class UnreadableImage(LookalikeError):
    """A file is no picture that can be decoded, or is too big to decode safely."""


class WrongIndex(LookalikeError):
    """The index was made by another model, by a newer version, or is damaged."""


class BusyIndex(LookalikeError):
    """Another process is writing this index."""


class WrongModel(LookalikeError):
    """A model file has no card, or its card does not fit its network."""


class RecipeError(LookalikeError):
    """A recipe has a key that is not known, or a value that does not fit."""


class MissingExtra(LookalikeError, ImportError):
    """An optional part of lookalike is not installed."""

    def __init__(self, extra: str, *, what: str) -> None:
        super().__init__(what, where=extra, mend=f"pip install 'lookalike[{extra}]'")
