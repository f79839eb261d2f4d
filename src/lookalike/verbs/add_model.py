"""`models add`: a published image encoder becomes one model file."""

import re
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from lookalike.encoders.model_file import read_model, write_model
from lookalike.encoders.models_folder import models_folder
from lookalike.encoders.preprocess import network_input
from lookalike.encoders.text_file import TextCard, text_path, write_text_side
from lookalike.nouns.errors import InputError, MissingExtra, WrongModel
from lookalike.nouns.export_report import ExportReport
from lookalike.nouns.recipe import DataPart, JudgePart, Pooling
from lookalike.verbs.finished import Finished, finished, model_path
from lookalike.verbs.judge_parts import read_data, with_parts
from lookalike.verbs.material import need_training
from lookalike.verbs.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Callable

    from lookalike.training.embedder import Embedder

    Words = Callable[[], tuple[bytes, str]]

SCORES_ONLY = "The model has scores but no probabilities: --data FOLDER of pictures gives them."


def add_model(
    name: str,
    *,
    weights: str | Path | None = None,
    data: str | Path | DataPart | None = None,
    pooling: Pooling = "avg",
    size_px: int = 0,
    half: bool = False,
    out: str | Path | None = None,
    progress: Progress = silent,
) -> ExportReport:
    """Write an encoder that others published as one model file, which `model` can name.

    A model of pictures and words (CLIP, SigLIP) in the layout of transformers brings its words
    too, in a second file beside the first: see `search_text`.

    Args:
        name: of one of timm's networks, such as "vit_small_patch14_dinov2.lvd142m";
            "OWNER/REPOSITORY" of the Hugging Face hub, in the layout of transformers or of timm;
            or a folder that holds such a repository.
        weights: a file, in place of the hub's, for one of timm's networks.
        data: pictures to calibrate on, with labels or without, as `evaluate` takes them.
        pooling: how the last map becomes a vector, in timm's networks.
        size_px: input side; 0 for the network's own.
        half: store weights as float16, which makes the files half as large.
        out: the model file; in the models folder unless given.
        progress: told of pictures read.

    Raises:
        RecipeError: no network has this name.
        InputError: the weights are not to be had (there may be no network), or the data cannot
            be read.
        WrongModel: the weights are damaged or another network's, or the file would differ from
            torch by more than 1e-3.
        MissingExtra: what training or transformers' layout needs is not installed.
    """
    need_training()
    path = model_path(models_folder() / f"{file_stem(name)}.onnx" if out is None else out, "")
    embedder, licence, words = _published(name, weights, pooling, size_px, half)
    origin = f"the file {Path(weights).name}" if weights is not None else "as it was published"
    told = f"{name}, weights from {origin}." if weights is not None else f"{name}, {origin}."
    model = finished(embedder, path, name=path.stem, provenance=told, half=half)
    remarks = _calibrated(model, data, progress)
    write_model(path, path, replace(model.card, licence=licence))
    fingerprint = read_model(path).fingerprint
    beside, remark = _write_words(path, words, fingerprint, embedder.d, licence)
    return ExportReport(
        model=path,
        name=path.stem,
        d=embedder.d,
        size_px=embedder.size_px,
        size_bytes=path.stat().st_size,
        fingerprint=fingerprint,
        relations=tuple(calibration.relation for calibration in model.card.calibrations),
        remarks=(*remarks, *remark),
        words=beside,
    )


def file_stem(name: str) -> str:
    """What the model is called: the last part of its name, with nothing that a file cannot have."""
    last = re.split(r"[/\\:]", name.rstrip("/\\"))[-1]
    return re.sub(r"[^\w.-]+", "-", last).strip(".-") or "model"


def _published(
    name: str, weights: str | Path | None, pooling: Pooling, size_px: int, half: bool
) -> "tuple[Embedder, str, Words | None]":
    """The encoder, its licence, and what exports its words where it knows any."""
    from lookalike.training.fetched import fetched
    from lookalike.training.hf_folder import HUB, hf_folder, licence_of, on_hub

    folder = None if weights is not None else hf_folder(name)
    if folder is None:
        source = "hub" if weights is None else str(Path(weights).expanduser())
        hub = weights is None and on_hub(name) and not Path(name).is_dir()
        asked = f"{HUB}{name}" if hub else name
        return *fetched(asked, weights=source, pooling=pooling, size_px=size_px), None
    if pooling != "avg":
        raise InputError(
            "Only networks of timm can be pooled otherwise", where=name, mend="leave --pooling out"
        )
    need_transformers()
    from lookalike.training.hf_images import hf_embedder
    from lookalike.training.hf_text import hf_text, knows_words

    embedder, model = hf_embedder(folder, name, network_input, size_px=size_px)
    if not knows_words(model):
        return embedder, licence_of(folder), None
    return embedder, licence_of(folder), lambda: hf_text(model, folder, half=half)


def _calibrated(
    model: Finished, data: str | Path | DataPart | None, progress: Progress
) -> tuple[str, ...]:
    """What a user should know about the model's probabilities, once they are fitted."""
    if data is None:
        return (SCORES_ONLY,)
    part = data if isinstance(data, DataPart) else DataPart(str(data))
    read = read_data(part.source, layout=part.layout, seed=part.seed)
    parts, _ = with_parts(read, part, whole=False)
    return model.calibrate(parts, JudgePart(), progress=progress)


def _write_words(
    path: Path, words: "Words | None", fingerprint: str, d: int, licence: str
) -> tuple[Path | None, tuple[str, ...]]:
    """The words' file, where the model has one, and what to say where it could not be made."""
    beside = text_path(path)
    beside.unlink(missing_ok=True)  # of an older model of this name
    if words is None:
        return None, ()
    try:
        graph, tokenizer = words()
    except WrongModel as error:
        return None, (f"{error.what}.",)
    write_text_side(beside, graph, TextCard(fingerprint, d, tokenizer, licence))
    return beside, ()


def need_transformers() -> None:
    """Refuses to begin without what the layout of transformers needs.

    Raises:
        MissingExtra: it is not installed.
    """
    if find_spec("transformers") is None:
        raise MissingExtra(
            "hub", what="A repository in this layout needs transformers, which is not installed"
        )
