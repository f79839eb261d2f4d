"""From the name of a model to an encoder. Runtimes are imported only when they are needed."""

import difflib
import logging
from importlib.util import find_spec
from pathlib import Path

from lookalike.encoders.encoder import Encoder
from lookalike.encoders.models_folder import installed_models
from lookalike.nouns.card import ModelCard
from lookalike.nouns.errors import InputError, LookalikeError, MissingExtra

DEFAULT_MODEL = "built-in"
PROVIDERS = ("auto", "openvino", "onnxruntime", "cpu", "cuda", "coreml", "directml")
_IN_PACKAGE = {"built-in": Path(__file__).with_name("built_in.onnx")}
_NAMES = (*_IN_PACKAGE, "classic")

_log = logging.getLogger(__name__)


def load_encoder(
    model: str | Path | Encoder = DEFAULT_MODEL,
    *,
    provider: str = "auto",
    threads: int | None = None,
) -> Encoder:
    """The encoder that a name or a path stands for.

    Args:
        model: "built-in", "classic", a path to a one-file model (.onnx), the name of one in the
            user's models folder, or an encoder that is loaded already and comes back as it is.
        provider: "auto" takes OpenVINO where it is installed, else ONNX Runtime on the
            processor, which is also "cpu" and "onnxruntime"; "openvino", "cuda", "coreml" and
            "directml" ask for that one. The classic encoder has no use for it.
        threads: how many threads will call `encode` at the same time; all cores where not told.

    Raises:
        InputError: the model or the provider is unknown or not available.
        MissingExtra: provider is "openvino", which is not installed.
        WrongModel: the model's file is no good.
    """
    if not isinstance(model, str | Path):
        return model
    if provider not in PROVIDERS:
        raise InputError(
            f"There is no provider {provider!r}",
            where="provider",
            mend=_suggestion(provider, list(PROVIDERS)),
        )
    if threads is not None and threads < 1:
        raise InputError(f"{threads} threads cannot work", where="threads", mend="give 1 or more")
    if model == "classic":
        from lookalike.encoders.classic import ClassicEncoder

        return ClassicEncoder()
    return _from_file(path_of(model), provider, threads)


def list_models() -> list[tuple[ModelCard | None, str]]:
    """Every model that can be named: its card, and where it comes from.

    A model whose file is no good has no card, and the source tells what is wrong with it.
    """
    from lookalike.encoders.classic_card import CARD
    from lookalike.encoders.model_file import read_card

    own = [(read_card(path), "built in") for path in _IN_PACKAGE.values()]
    found: list[tuple[ModelCard | None, str]] = [*own, (CARD, "built in")]
    for path in installed_models().values():
        try:
            found.append((read_card(path), str(path)))
        except LookalikeError as error:
            found.append((None, f"broken: {error}"))
    return found


def path_of(model: str | Path) -> Path:
    """The file that a name or a path stands for; "classic" has none.

    Raises:
        InputError: there is no such model.
    """
    if str(model) in _IN_PACKAGE:
        return _IN_PACKAGE[str(model)]
    path = Path(model)
    if path.suffix.lower() == ".onnx" and path.is_file():
        return path
    installed = installed_models()
    if str(model) in installed:
        return installed[str(model)]
    if path.suffix.lower() == ".onnx":
        raise InputError("There is no such model file", where=str(model), mend="check the path")
    if path.is_file():
        raise InputError(
            "A model file ends in .onnx", where=str(model), mend="lookalike models lists the names"
        )
    names = sorted({*_NAMES, *installed})
    raise InputError(
        f"There is no model {str(model)!r}", where="model", mend=_suggestion(str(model), names)
    )


def _suggestion(wrong: str, names: list[str]) -> str:
    near = difflib.get_close_matches(wrong, names, n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?" if near else f"choose one of: {', '.join(names)}"


def _from_file(path: Path, provider: str, threads: int | None) -> Encoder:
    has_openvino = find_spec("openvino") is not None
    if provider == "openvino" and not has_openvino:
        raise MissingExtra("openvino", what="The provider openvino is not installed")
    if provider == "openvino" or (provider == "auto" and has_openvino):
        from lookalike.encoders.openvino_encoder import CannotRun, OpenVinoEncoder

        try:
            return OpenVinoEncoder(path, threads=threads)
        except CannotRun as error:
            _log.warning("%s; ONNX Runtime runs it instead", error)
    from lookalike.encoders.onnx_encoder import OnnxEncoder

    name = "cpu" if provider in ("auto", "openvino", "onnxruntime") else provider
    return OnnxEncoder(path, providers=(name,))
