"""Which models may be named, and those that are loaded."""

import threading
from pathlib import Path

from lookalike.encoders.choose import DEFAULT_MODEL, load_encoder
from lookalike.encoders.encoder import Encoder
from lookalike.encoders.model_file import read_card
from lookalike.nouns.errors import InputError
from lookalike.nouns.index_report import ModelLine, ModelsReport
from lookalike.verbs.models import models as listed
from lookalike.web.settings import Settings


class Models:
    """Models by name; none can be named by a path.

    Args:
        settings: may name further files.

    Raises:
        LookalikeError: one of these is no model.
    """

    def __init__(self, settings: Settings) -> None:
        self._provider = settings.provider
        for path in settings.models:
            if not path.is_file():
                mend = "check how it is spelt"
                raise InputError("There is no such model file", where=str(path), mend=mend)
        self._given = {
            card.name: (card, path) for path in settings.models if (card := read_card(path))
        }
        self._loaded: dict[str, Encoder] = {}
        self._guard = threading.Lock()

    def report(self) -> ModelsReport:
        """All that can be named; where they lie on disk is nobody's business."""
        lines = [
            ModelLine(line.card, _place(line.source), line.problem) for line in listed().models
        ]
        lines += [ModelLine(card, "given at the start") for card, _ in self._given.values()]
        return ModelsReport(tuple(lines), Path())

    def load(self, name: str) -> Encoder:
        """A model, loaded at its first use.

        Args:
            name: empty for the default one.

        Raises:
            InputError: there is no model of this name.
            WrongModel: its file is no good.
        """
        wanted = name or DEFAULT_MODEL
        with self._guard:
            if wanted not in self._loaded:
                self._loaded[wanted] = load_encoder(self._known(wanted), provider=self._provider)
            return self._loaded[wanted]

    def _known(self, name: str) -> str | Path:
        if name in self._given:
            return self._given[name][1]
        for line in listed().models:
            if line.card is not None and name in (line.card.name, Path(line.source).stem):
                return name if line.source == "built in" else Path(line.source)
        raise InputError("There is no model of this name", where=name[:80], mend="GET models")


def _place(source: str) -> str:
    return source if source == "built in" else Path(source).name
