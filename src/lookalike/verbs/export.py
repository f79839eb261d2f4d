"""`export`: a network trained here or elsewhere becomes one model file."""

from pathlib import Path

from lookalike.encoders.model_file import read_model
from lookalike.nouns.errors import InputError
from lookalike.nouns.export_report import ExportReport
from lookalike.nouns.recipe import DataPart, JudgePart, Pooling
from lookalike.verbs.finished import finished, model_path, provenance_of
from lookalike.verbs.judge_parts import read_data, with_parts
from lookalike.verbs.material import need_training
from lookalike.verbs.progress import Progress, silent


def export(
    source: str | Path,
    *,
    out: str | Path | None = None,
    architecture: str = "",
    pooling: Pooling = "avg",
    size_px: int = 0,
    data: str | Path | DataPart | None = None,
    judge: JudgePart | None = None,
    half: bool = False,
    progress: Progress = silent,
) -> ExportReport:
    """Write a network as one model file, with all that is needed to use it.

    Args:
        source: the folder of a run, whose best epoch so far is taken; or a file of weights (a
            torch state dict, .npz or .safetensors) of `architecture`.
        out: the model file; named after the source, in the working folder, unless given.
        architecture: of a file of weights, as recipes name backbones.
        pooling: of a file of weights.
        size_px: input side of a file of weights; 0 for the network's own.
        data: pictures to calibrate on, as `evaluate` takes them; those of the run's recipe
            unless given, and none for a file of weights.
        judge: how many pairs are drawn for it, and the seed.
        half: store weights as float16, which makes the file half as large.
        progress: told of pictures read.

    Raises:
        InputError: there is no such run or file, or the data cannot be read.
        RecipeError: the architecture is not known.
        WrongModel: the weights are another architecture's, or the network cannot be exported.
        MissingExtra: what training needs is not installed.
    """
    need_training()
    from lookalike.training.embedder import load_embedder
    from lookalike.training.restored import restored_run

    place = Path(source)
    if not place.exists():
        raise InputError("There is no such run or file", where=str(source), mend="check the path")
    if place.is_dir():
        recipe, embedder = restored_run(place)
        name, judge = recipe.name, judge or recipe.judge
        told = provenance_of(recipe)
        data = recipe.data if data is None else data
    elif architecture:
        embedder = load_embedder(architecture, place, pooling=pooling, size_px=size_px)
        name, judge = place.stem, judge or JudgePart()
        told = f"Weights of {place.name} in the architecture {architecture}."
    else:
        raise InputError(
            "A file of weights does not tell its architecture",
            where=str(source),
            mend="--architecture resnet50, or name the folder of a run",
        )
    model = finished(embedder, model_path(out, name), name=name, provenance=told, half=half)
    remarks: tuple[str, ...] = ("The model has scores but no probabilities: --data gives them.",)
    if data is not None:
        part = data if isinstance(data, DataPart) else DataPart(str(data))
        read = read_data(part.source, layout=part.layout, seed=part.seed)
        parts, _ = with_parts(read, part, whole=False)
        remarks = model.calibrate(parts, judge, progress=progress)
    return ExportReport(
        model=model.path,
        name=name,
        d=embedder.d,
        size_px=embedder.size_px,
        size_bytes=model.path.stat().st_size,
        fingerprint=read_model(model.path).fingerprint,
        relations=tuple(calibration.relation for calibration in model.card.calibrations),
        remarks=remarks,
    )
