"""`models`: which models can be named."""

from pathlib import Path

from lookalike.encoders.choose import list_models
from lookalike.encoders.models_folder import models_folder
from lookalike.encoders.text_file import has_words
from lookalike.nouns.index_report import ModelLine, ModelsReport


def models() -> ModelsReport:
    """All models that `model` can name: built in, and in the user's models folder."""
    lines = [
        ModelLine(card, source, words=has_words(Path(source)))
        if card
        else ModelLine(None, "", source.removeprefix("broken: "))
        for card, source in list_models()
    ]
    return ModelsReport(tuple(lines), models_folder())
