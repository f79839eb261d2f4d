"""Networks that were made elsewhere: ONNX files without a card, judged with one made here."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from lookalike.encoders.bare_network import output_width
from lookalike.encoders.model_file import write_model
from lookalike.nouns.card import ModelCard, Preprocessing
from lookalike.nouns.errors import InputError


@contextmanager
def with_card(model: str | Path, fed: Preprocessing | None) -> Iterator[str | Path]:
    """The model as it is, or a copy with a card where it is told how the network is fed.

    Args:
        model: name or file.
        fed: from pixels to the network's input; None leaves the model as it is.

    Yields:
        What `load_encoder` takes; a copy is gone afterwards.

    Raises:
        InputError: something is told of a model that is no file.
        WrongModel: the file is no network that turns pictures into vectors.
    """
    if fed is None:
        yield model
        return
    path = Path(model)
    if not path.is_file():
        raise InputError(
            "There is no such network", where=str(model), mend="--size goes with an .onnx file"
        )
    d = output_width(path, fed.width_px)
    with TemporaryDirectory(prefix="lookalike-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / path.name
        write_model(copy, path, ModelCard(path.stem, d, fed))
        yield copy
