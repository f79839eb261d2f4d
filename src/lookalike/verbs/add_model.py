"""`models add`: a published image encoder becomes one model file."""

import re
from dataclasses import replace
from pathlib import Path

from lookalike.encoders.model_file import read_model, write_model
from lookalike.encoders.models_folder import models_folder
from lookalike.nouns.export_report import ExportReport
from lookalike.nouns.recipe import DataPart, JudgePart, Pooling
from lookalike.verbs.finished import finished, model_path
from lookalike.verbs.judge_parts import read_data, with_parts
from lookalike.verbs.material import need_training
from lookalike.verbs.progress import Progress, silent

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

    Args:
        name: of one of timm's networks, such as "vit_small_patch14_dinov2.lvd142m";
            "hf-hub:OWNER/REPOSITORY"; or a folder that holds such a repository.
        weights: a file, in place of the hub's, for one of timm's networks.
        data: pictures to calibrate on, with labels or without, as `evaluate` takes them.
        pooling: how the last map becomes a vector.
        size_px: input side; 0 for the network's own.
        half: store weights as float16, which makes the file half as large.
        out: the model file; in the models folder unless given.
        progress: told of pictures read.

    Raises:
        RecipeError: no network has this name.
        InputError: the weights are not to be had (there may be no network), or the data cannot
            be read.
        WrongModel: the weights are damaged or another network's, or the file would differ from
            torch by more than 1e-3.
        MissingExtra: what training needs is not installed.
    """
    need_training()
    from lookalike.training.fetched import fetched

    source = "hub" if weights is None else str(Path(weights).expanduser())
    embedder, licence = fetched(name, weights=source, pooling=pooling, size_px=size_px)
    path = model_path(models_folder() / f"{file_stem(name)}.onnx" if out is None else out, "")
    origin = f"the file {Path(source).name}" if weights is not None else "as it was published"
    told = f"{name}, weights from {origin}." if weights is not None else f"{name}, {origin}."
    model = finished(embedder, path, name=path.stem, provenance=told, half=half)
    remarks: tuple[str, ...] = (SCORES_ONLY,)
    if data is not None:
        part = data if isinstance(data, DataPart) else DataPart(str(data))
        read = read_data(part.source, layout=part.layout, seed=part.seed)
        parts, _ = with_parts(read, part, whole=False)
        remarks = model.calibrate(parts, JudgePart(), progress=progress)
    write_model(path, path, replace(model.card, licence=licence))
    return ExportReport(
        model=path,
        name=path.stem,
        d=embedder.d,
        size_px=embedder.size_px,
        size_bytes=path.stat().st_size,
        fingerprint=read_model(path).fingerprint,
        relations=tuple(calibration.relation for calibration in model.card.calibrations),
        remarks=remarks,
    )


def file_stem(name: str) -> str:
    """What the model is called: the last part of its name, with nothing that a file cannot have."""
    last = re.split(r"[/\\:]", name.rstrip("/\\"))[-1]
    return re.sub(r"[^\w.-]+", "-", last).strip(".-") or "model"
