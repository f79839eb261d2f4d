"""The end of a training: one file with network, card, calibration and figures."""

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from lookalike.encoders.choose import load_encoder
from lookalike.encoders.model_file import write_model
from lookalike.nouns.card import ModelCard
from lookalike.nouns.errors import InputError
from lookalike.nouns.evaluation_report import EvaluationReport
from lookalike.nouns.labelled import Labelled
from lookalike.nouns.recipe import JudgePart, Recipe
from lookalike.verbs.calibrated import calibrations_of
from lookalike.verbs.progress import Progress

if TYPE_CHECKING:
    from lookalike.training.embedder import Embedder

SUFFIX = ".onnx"


class Finished:
    """A model file, and its card as it is filled in.

    Attributes:
        path: the file.
        card: as it stands in the file.
    """

    def __init__(self, path: Path, graph: bytes, card: ModelCard) -> None:
        self.path, self.card = path, card
        write_model(path, graph, card)

    def calibrate(self, data: Labelled, judge: JudgePart, *, progress: Progress) -> tuple[str, ...]:
        """Fits probabilities on the validation part of the data.

        Returns:
            What a user should know about it.
        """
        found = calibrations_of(load_encoder(self.path), data, judge, progress=progress)
        self._rewrite(replace(self.card, calibrations=found))
        if found:
            return ()
        return (
            "The model has scores but no probabilities: the validation part has too few pairs, "
            "or its scores do not tell them apart.",
        )

    def add_figures(self, judged: EvaluationReport) -> None:
        """Writes what was measured on the test part into the card."""
        figures = {
            f"{protocol.protocol}: {measure.name}": round(measure.value, 6)
            for protocol in judged.judged
            for measure in protocol.measures
        }
        self._rewrite(replace(self.card, metrics=figures))

    def _rewrite(self, card: ModelCard) -> None:
        self.card = card
        write_model(self.path, self.path, card)


def model_path(out: str | Path | None, name: str) -> Path:
    """Where a model is written, with its folder made.

    Raises:
        InputError: the name is not one of a model file.
    """
    path = Path(out or f"{name}{SUFFIX}")
    if path.suffix.lower() != SUFFIX:
        raise InputError(
            f"A model file ends in {SUFFIX}", where=str(path), mend=f"--out {path.stem}{SUFFIX}"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def finished(
    embedder: "Embedder", path: Path, *, name: str, provenance: str, half: bool = False
) -> Finished:
    """Writes a network as a model file.

    Args:
        embedder: in evaluation mode, on the processor.
        path: of the file.
        name: of the model.
        provenance: who made it from what.
        half: store weights as float16.

    Raises:
        WrongModel: the network cannot be exported.
    """
    from lookalike.training.export import export_onnx

    card = ModelCard(
        name=name,
        d=embedder.d,
        preprocessing=embedder.preprocessing,
        provenance=provenance,
    )
    return Finished(path, export_onnx(embedder, half=half), card)


def provenance_of(recipe: Recipe) -> str:
    """Who made a model from what: one sentence, then the recipe as TOML."""
    made_by = ", ".join(f"{name} {version(name)}" for name in ("lookalike", "torch", "timm"))
    return (
        f"Trained by the recipe {recipe.name} on {recipe.data.source}, seed {recipe.fit.seed}, "
        f"with {made_by}.\n\n{recipe.to_toml()}"
    )
