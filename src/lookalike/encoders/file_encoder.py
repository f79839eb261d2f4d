"""What all runtimes of one-file models share: card, preprocessing, batches, unit length."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lookalike.encoders.encoder import check_pictures, unit_rows
from lookalike.encoders.graph_check import check_output
from lookalike.encoders.model_file import ModelFile
from lookalike.encoders.preprocess import network_input, short_side_px
from lookalike.nouns.card import ModelCard
from lookalike.nouns.embeddings import Bytes, Floats

BATCH = 8
"""Pictures a call of the network: measured best or near it in every runtime."""


class FileEncoder(ABC):
    """An encoder whose network and card come from one file; a runtime adds `_run`."""

    def __init__(self, file: ModelFile) -> None:
        self._file = file
        self._batch = BATCH

    @abstractmethod
    def _run(self, batch: Floats) -> NDArray[Any]:
        """The network's first output for (b, 3, h, w) pictures, b at most `self._batch`."""

    @property
    def path(self) -> Path:
        """The model's file."""
        return self._file.path

    @property
    def card(self) -> ModelCard:
        """What the model is and what its scores mean."""
        return self._file.card

    @property
    def name(self) -> str:
        """Short name, from the card."""
        return self.card.name

    @property
    def fingerprint(self) -> str:
        """Of the network, the preprocessing and the metric; the same for every runtime."""
        return self._file.fingerprint

    @property
    def d(self) -> int:
        """Dimensions of each vector."""
        return self.card.d

    @property
    def short_side_px(self) -> int:
        """Pictures whose short side is at least this long are never enlarged."""
        return short_side_px(self.card.preprocessing)

    def encode(self, pictures: Sequence[Bytes]) -> Floats:
        """One vector a picture; see `Encoder.encode`.

        Raises:
            InputError: an array is no picture.
            WrongModel: the network fails, or gives something else than its card says.
        """
        check_pictures(pictures)
        vectors = np.zeros((len(pictures), self.d), np.float32)
        for start in range(0, len(pictures), self._batch):
            part = pictures[start : start + self._batch]
            output = self._run(network_input(part, self.card.preprocessing))
            vectors[start : start + len(part)] = check_output(output, len(part), self._file)
        return unit_rows(vectors)

    def _try_once(self) -> None:
        """Runs one black picture, so that a network that cannot work is refused at the start."""
        self.encode([np.zeros((8, 8, 3), np.uint8)])
