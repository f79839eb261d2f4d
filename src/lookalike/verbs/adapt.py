"""`adapt`: a model learns one collection, without any label, and is never worse afterwards."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lookalike.encoders.choose import DEFAULT_MODEL, load_encoder, path_of
from lookalike.encoders.encoder import Encoder
from lookalike.encoders.model_file import read_model, write_model
from lookalike.encoders.models_folder import installed_models
from lookalike.nouns.adapt_report import AdaptReport
from lookalike.nouns.card import ModelCard
from lookalike.nouns.embeddings import Floats, Ints
from lookalike.nouns.errors import InputError, WrongModel
from lookalike.nouns.labelled import PARTS, UNKNOWN, Labelled
from lookalike.nouns.measure import Measure
from lookalike.nouns.recipe import JudgePart
from lookalike.verbs.adapt_figures import figures_of, gain_of, places_of
from lookalike.verbs.adapt_views import Looked, changed_views, look_over
from lookalike.verbs.calibrated import calibrations_of
from lookalike.verbs.finished import model_path
from lookalike.verbs.material import need_training
from lookalike.verbs.progress import OnPhase, Progress, phase, silent, unnamed

if TYPE_CHECKING:
    from lookalike.training.adapter import Layers

LEARNED, CHOSEN = 0.6, 0.2
"""Shares of the pictures that are learned from and that choose the epoch; the rest judges."""

LEAST = 40
"""Fewer pictures teach nothing that could be told from chance."""

VIEWS, QUERIES = 6, 4
"""Changed views of each picture that is learned from, and edited copies of each other one."""

LARGEST_ERROR = 1e-3


def adapt(
    folders: Sequence[str | Path],
    model: str | Path = DEFAULT_MODEL,
    *,
    out: str | Path | None = None,
    provider: str = "auto",
    seed: int = 0,
    progress: Progress = silent,
    on_phase: OnPhase = unnamed,
) -> AdaptReport:
    """Teach a model one collection, from nothing but the pictures.

    Two layers behind the model learn to bring a picture and its edited and worn copies together.
    They start as the identity. A fifth of the pictures is kept out and judges: only where their
    copies find them better, beyond chance, a new model is written; else the old one stays.

    Args:
        folders: one or two folders of pictures, such as photographs and scans.
        model: the .onnx file, or the name, of the model to adapt.
        out: the new model's file; named after the model and the first folder unless given.
        provider: what runs the model, see `load_encoder`.
        seed: of all chance.
        progress: told of what is done in each phase.
        on_phase: told its name.

    Raises:
        InputError: the model is not one that can be adapted, a folder is not there, or there are
            too few pictures.
        WrongModel: the model's file is no good.
        MissingExtra: what training needs is not installed.
    """
    need_training()
    since = time.monotonic()
    base = file_of(model)
    places = tuple(_folder(folder) for folder in folders)
    path = model_path(out, f"{base.stem}-{places[0].name}")
    encoder = load_encoder(base, provider=provider)
    looked = look_over(places, encoder, seed, phase("Reading pictures", progress, on_phase))
    report = _adapted(base, path, places, encoder, looked, seed, progress, on_phase)
    return replace(report, seconds=time.monotonic() - since)


def _adapted(
    base: Path,
    path: Path,
    places: tuple[Path, ...],
    encoder: Encoder,
    looked: Looked,
    seed: int,
    progress: Progress,
    on_phase: OnPhase,
) -> AdaptReport:
    n = len(looked.paths)
    learned, chosen, held = _parts(n, places[0], seed)
    doing = phase("Changing pictures", progress, on_phase)
    views, queries, tests = _all_views(looked, encoder, (learned, chosen, held), doing, seed)
    learning = phase("Learning", progress, on_phase)
    layers = _taught(looked, learned, views, _ranker(looked, chosen, queries), seed, learning)
    before, after = _before_and_after(layers, looked, tests, held)
    gain = gain_of(before, after, seed)
    better = gain.low > 0 and float((after == 1).mean()) >= float((before == 1).mean())
    remarks = list(looked.remarks)
    if layers is not None and better:
        _write(base, path, layers, encoder.card, places, gain)
        _check(path, layers, looked, encoder)
        rest = np.concatenate([chosen, held])
        remarks += _calibrate(path, looked, rest, seed, phase("Calibrating", progress, on_phase))
    return AdaptReport(
        folders=places,
        base=encoder.name,
        model=path if layers is not None and better else None,
        n_pictures=n,
        n_learned=len(learned),
        n_held_out=len(held),
        before=figures_of(before, n),
        after=figures_of(after, n),
        gain=gain,
        seconds=0.0,
        failed=looked.failed,
        remarks=tuple(remarks),
    )


def file_of(model: str | Path) -> Path:
    """The file of a model that can be adapted.

    Raises:
        InputError: there is none.
    """
    if str(model) == DEFAULT_MODEL:
        return path_of(model)
    path = Path(model).expanduser()
    if path.suffix.lower() == ".onnx" and path.is_file():
        return path
    if found := installed_models().get(str(model)):
        return found
    if str(model) == "classic":
        raise InputError(
            "The model classic is no network, so nothing can be put behind it",
            where="model",
            mend="--model FILE.onnx; lookalike train, export and models add make such files",
        )
    raise InputError(
        "There is no such model",
        where=str(model),
        mend="name an .onnx file, or see lookalike models",
    )


def _folder(folder: str | Path) -> Path:
    place = Path(folder).expanduser()
    if not place.is_dir():
        raise InputError("There is no such folder", where=str(folder), mend="name a folder")
    return place.resolve()


def _parts(n: int, place: Path, seed: int) -> tuple[Ints, Ints, Ints]:
    """Which pictures are learned from, choose the epoch, and judge."""
    if n < LEAST:
        raise InputError(
            f"There are {n} different pictures; adapting needs {LEAST} or more",
            where=str(place),
            mend="name a larger folder",
        )
    order = np.random.default_rng(seed).permutation(n)
    learned, chosen, held = np.split(order, [round(LEARNED * n), round((LEARNED + CHOSEN) * n)])
    return learned, chosen, held


def _before_and_after(
    layers: "Layers | None", looked: Looked, tests: Floats, held: Ints
) -> tuple[Ints, Ints]:
    """At which places held-out originals are found without the layers, and with them."""
    before = places_of(looked.vectors, tests, held)
    if layers is None:
        return before, before
    moved = layers(tests.reshape(-1, tests.shape[-1])).reshape(tests.shape)
    return before, places_of(layers(looked.vectors), moved, held)


def _all_views(
    looked: Looked,
    encoder: Encoder,
    parts: tuple[Ints, Ints, Ints],
    progress: Progress,
    seed: int,
) -> list[Floats]:
    """Changed views of each part: (views, n, d) of the first, (queries, n, d) of the others."""
    made, done = [], 0
    total = sum((QUERIES if place else VIEWS) * len(rows) for place, rows in enumerate(parts))
    for place, rows in enumerate(parts):
        each = QUERIES if place else VIEWS

        def tell(now: int, _: int, before: int = done) -> None:
            progress(before + now, total)

        # Other chance for each part, so that no edit of a judge was practised on.
        made.append(changed_views(looked, rows, encoder, each, 3 * seed + place, tell))
        done += each * len(rows)
    return made


def _taught(
    looked: Looked,
    learned: Ints,
    views: Floats,
    judge: Callable[[Callable[[Floats], Floats]], float],
    seed: int,
    progress: Progress,
) -> "Layers | None":
    from lookalike.training.adapter import taught

    every = np.concatenate([looked.vectors[learned][None], views])
    return taught(every, judge, seed=seed, progress=progress)[0]


def _ranker(
    looked: Looked, rows: Ints, queries: Floats
) -> Callable[[Callable[[Floats], Floats]], float]:
    """Judges a change of vectors by how high edited copies find their originals."""

    def judge(change: Callable[[Floats], Floats]) -> float:
        moved = change(queries.reshape(-1, queries.shape[-1])).reshape(queries.shape)
        return float((1 / places_of(change(looked.vectors), moved, rows)).mean())

    return judge


def _write(
    base: Path,
    path: Path,
    layers: "Layers",
    card: ModelCard,
    places: tuple[Path, ...],
    gain: Measure,
) -> None:
    from lookalike.training.extended import with_layers

    names = " and ".join(place.name for place in places)
    told = f"{card.name}, adapted without labels to the pictures of {names}. {card.provenance}"
    figures = {**card.metrics, "adapt: gain of 1 / place": round(gain.value, 6)}
    new = replace(card, name=path.stem, calibrations=(), provenance=told, metrics=figures)
    write_model(path, with_layers(base, layers), new)


def _check(path: Path, layers: "Layers", looked: Looked, encoder: Encoder) -> None:
    """The file has to give what was judged."""
    some = looked.pixels(np.arange(min(8, len(looked.paths))))
    given = load_encoder(path, provider="cpu").encode(some)
    error = float(np.abs(given - layers(encoder.encode(some))).max())
    if not error <= LARGEST_ERROR:
        path.unlink()
        raise WrongModel(f"The adapted file differs from what was judged by {error:.2g}")


def _calibrate(
    path: Path, looked: Looked, rows: Ints, seed: int, progress: Progress
) -> tuple[str, ...]:
    """Fits "edited copy" on pictures that were not learned from."""
    n = len(rows)
    none = np.full(n, UNKNOWN, np.int64)
    data = Labelled(
        name="the collection",
        root=looked.paths[0].parent,
        paths=tuple(str(looked.paths[row]) for row in rows.tolist()),
        labels=none,
        classes=(),
        parts=np.full(n, PARTS.index("validation"), np.int64),
        groups=none,
    )
    found = calibrations_of(load_encoder(path), data, JudgePart(seed=seed), progress=progress)
    write_model(path, path, replace(read_model(path).card, calibrations=found))
    if found:
        return ("It knows edited copies; what is only similar has to be calibrated with labels.",)
    return ("The adapted model has scores but no probabilities: too few pictures were held out.",)
