"""Open an index that is up to date: built on the way if it is missing."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lookalike.encoders.choose import load_encoder
from lookalike.encoders.encoder import Encoder
from lookalike.nouns.errors import BusyIndex, InputError, WrongIndex
from lookalike.store.reader import IndexReader
from lookalike.verbs.index import index as bring_up_to_date
from lookalike.verbs.place import Place
from lookalike.verbs.progress import Progress, silent

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """Which collection to use and how.

    Attributes:
        folder: the collection.
        index: where its index lies; inside the collection unless named.
        model: name or file of the model; the one that the index has, else the default.
        provider: what runs the model, see `load_encoder`.
        as_is: answer from the index as it is, without looking for new or changed files.
        progress: called with files done and files to do while the index is brought up to date.
    """

    folder: str | Path
    index: str | Path | None = None
    model: str | Path | None = None
    provider: str = "auto"
    as_is: bool = False
    progress: Progress = silent


@contextmanager
def ready(source: Source) -> Iterator[tuple[Place, IndexReader, Encoder]]:
    """The collection, its index opened for reading, and the model that made it.

    The index is made if there is none, and brought up to date unless `as_is`. Where that cannot
    be done now (another process writes it, or the folder is read-only), an existing index
    answers as it is.

    Raises:
        InputError: there is no such folder, or no index and none can be made.
        WrongIndex: the index was made by another model than the one asked for.
    """
    place = Place.of(source.folder, source.index)
    if not (source.as_is and IndexReader.exists(place.index)):
        _refresh(source, place)
    with IndexReader.open(place.index) as reader:
        yield place, reader, model_for(source, reader, place)


def model_for(
    source: Source, reader: IndexReader, place: Place, loaded: Encoder | None = None
) -> Encoder:
    """The model that made an index.

    Args:
        source: the collection; may name the model.
        reader: its index.
        place: where both lie.
        loaded: a model that is in memory already, taken if it is the right one.

    Raises:
        WrongIndex: the index was made by another model than the one asked for, or by one that is
            not installed here.
    """
    if loaded is not None and loaded.fingerprint == reader.fingerprint:
        return loaded
    encoder = _encoder(source, reader, place)
    if encoder.fingerprint != reader.fingerprint:
        raise WrongIndex(
            f"The index was made by the model {reader.model!r}, not by {encoder.name!r}",
            where=str(place.index),
            mend=f"lookalike index {place.folder} --model {encoder.name} --rebuild",
        )
    return encoder


def _encoder(source: Source, reader: IndexReader, place: Place) -> Encoder:
    if source.model is not None:
        return load_encoder(source.model, provider=source.provider)
    try:
        return load_encoder(reader.model, provider=source.provider)
    except InputError as error:
        raise WrongIndex(
            f"The index was made by the model {reader.model!r}, which is not installed here",
            where=str(place.index),
            mend=f"name its file: --model {reader.model}.onnx",
        ) from error


def _refresh(source: Source, place: Place) -> None:
    try:
        bring_up_to_date(
            place.folder,
            index=place.index,
            model=source.model,
            provider=source.provider,
            progress=source.progress,
        )
    except (BusyIndex, InputError) as error:
        about_the_index = error.where == str(place.index)  # not about the collection or the model
        if not (about_the_index and IndexReader.exists(place.index)):
            raise
        log.warning("%s; the answer comes from the index as it is", error.what)
