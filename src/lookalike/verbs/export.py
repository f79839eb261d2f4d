"""`export`: a network trained here or elsewhere becomes one model file."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lookalike.encoders.model_file import read_model
from lookalike.nouns.errors import InputError
from lookalike.nouns.export_report import ExportReport
from lookalike.nouns.recipe import DataPart, JudgePart, Pooling
from lookalike.verbs.finished import finished, model_path, provenance_of
from lookalike.verbs.judge_parts import read_data, with_parts
from lookalike.verbs.material import need_training
from lookalike.verbs.progress import Progress, silent

if TYPE_CHECKING:
    from lookalike.training.embedder import Embedder


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
    found = _found(Path(source), architecture, pooling, size_px)
    embedder, judge = found.embedder, judge or found.judge
    path = model_path(out, found.name)
    model = finished(embedder, path, name=found.name, provenance=found.provenance, half=half)
    remarks: tuple[str, ...] = ("The model has scores but no probabilities: --data gives them.",)
    wanted = found.data if data is None else data
    if wanted is not None:
        part = wanted if isinstance(wanted, DataPart) else DataPart(str(wanted))
        read = read_data(part.source, layout=part.layout, seed=part.seed)
        parts, _ = with_parts(read, part, whole=False)
        remarks = model.calibrate(parts, judge, progress=progress)
    return ExportReport(
        model=model.path,
        name=found.name,
        d=embedder.d,
        size_px=embedder.size_px,
        size_bytes=model.path.stat().st_size,
        fingerprint=read_model(model.path).fingerprint,
        relations=tuple(calibration.relation for calibration in model.card.calibrations),
        remarks=remarks,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """A network, and what is known of it."""

    embedder: "Embedder"
    name: str
    provenance: str
    judge: JudgePart
    data: DataPart | None


def _found(place: Path, architecture: str, pooling: Pooling, size_px: int) -> _Found:
    """The network of a run or of a file of weights."""
    from lookalike.training.embedder import load_embedder
    from lookalike.training.restored import restored_run

    if not place.exists():
        raise InputError("There is no such run or file", where=str(place), mend="check the path")
    if place.is_dir():
        recipe, embedder = restored_run(place)
        return _Found(embedder, recipe.name, provenance_of(recipe), recipe.judge, recipe.data)
    if not architecture:
        raise InputError(
            "A file of weights does not tell its architecture",
            where=str(place),
            mend="--architecture resnet50, or name the folder of a run",
        )
    embedder = load_embedder(architecture, place, pooling=pooling, size_px=size_px)
    told = f"Weights of {place.name} in the architecture {architecture}."
    return _Found(embedder, place.stem, told, JudgePart(), None)
