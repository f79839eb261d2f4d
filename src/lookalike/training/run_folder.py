"""The folder of one training: its recipe, log and checkpoints."""

import csv
import hashlib
import io
import json
import os
import shutil
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import astuple, fields, replace
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch

from lookalike.nouns.errors import InputError, RecipeError
from lookalike.nouns.labelled import Labelled
from lookalike.nouns.recipe import JudgePart, Recipe
from lookalike.nouns.train_report import Epoch

RECIPE, STATE, LOG = "recipe.toml", "run.json", "epochs.csv"
LAST, BEST = "last.ckpt", "best.ckpt"


class RunFolder:
    """Where a training keeps what it needs to go on after an interruption.

    A file is written beside its place and moved there, so that at any instant it is whole.
    """

    def __init__(self, folder: Path, state: dict[str, Any]) -> None:
        self.folder = folder
        self._state = state

    @classmethod
    def open(cls, folder: Path, recipe: Recipe, data: Labelled, *, resume: bool) -> "RunFolder":
        """The folder of this recipe on these pictures, made where it is not there.

        Args:
            folder: of the run.
            recipe: as it is run, kept as TOML.
            data: what it is run on.
            resume: go on where the folder has left off; else begin anew.

        Raises:
            InputError: the folder belongs to another recipe or other pictures, or is not one of
                a training.
        """
        told = folder / RECIPE
        text, pictures = recipe.to_toml(), _digest(data)
        state: dict[str, Any] = {}
        if not told.is_file() and _holds_others(folder):
            raise InputError(
                "The folder is no run folder and holds other things",
                where=str(folder),
                mend="name a new folder",
            )
        if resume and told.is_file():
            state = json.loads((folder / STATE).read_text(encoding="utf-8"))
            _refuse_another(folder, _trains_as(told, recipe), "recipe")
            _refuse_another(folder, state["pictures"] == pictures, "set of pictures")
            _replace(told, text.encode())
            return cls(folder, state)
        if told.is_file():
            for name in (LAST, BEST, LOG):
                (folder / name).unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        opened = cls(folder, {})
        opened.remember("pictures", pictures)
        _replace(told, text.encode())
        return opened

    def recall(self, key: str) -> Any:  # noqa: ANN401
        """What was remembered under this name, or None."""
        return self._state.get(key)

    def remember(self, key: str, value: Any) -> None:  # noqa: ANN401
        """Keeps a plain value for whoever goes on."""
        self._state[key] = value
        _replace(self.folder / STATE, json.dumps(self._state, indent=1).encode())

    @property
    def last(self) -> Path | None:
        """The checkpoint to go on from, if there is one."""
        path = self.folder / LAST
        return path if path.is_file() else None

    @property
    def best(self) -> Path:
        """The checkpoint of the best pass."""
        return self.folder / BEST

    def keep(self, save: Callable[[str], None], *, better: bool, writes_here: bool) -> None:
        """Writes the checkpoint of a pass.

        Args:
            save: writes it to a path; every process calls it.
            better: it is the best so far, too.
            writes_here: whether this process is the one that writes files.
        """
        draft = self.folder / f".{LAST}.part"
        save(str(draft))
        if not writes_here:
            return
        if better:
            copy = self.folder / f".{BEST}.part"
            shutil.copyfile(draft, copy)
            os.replace(copy, self.best)
        os.replace(draft, self.folder / LAST)

    def write_log(self, epochs: Sequence[Epoch]) -> None:
        """Writes the passes as CSV."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([field.name for field in fields(Epoch)])
        writer.writerows(astuple(epoch) for epoch in epochs)
        _replace(self.folder / LOG, text.getvalue().encode())


def _trains_as(told: Path, recipe: Recipe) -> bool:
    """Whether a recipe that is kept leads to the same weights; how they are used may differ."""
    try:
        kept = Recipe.from_mapping(tomllib.loads(told.read_text(encoding="utf-8")))
    except (RecipeError, tomllib.TOMLDecodeError):
        return False
    return _training_of(kept) == _training_of(recipe)


def _training_of(recipe: Recipe) -> Recipe:
    head = replace(recipe.head, classes=False)
    return replace(recipe, summary="", published="", head=head, judge=JudgePart(), quick={})


def load_checkpoint(path: Path) -> dict[str, Any]:
    """What a checkpoint holds, on the processor; plain values and tensors only.

    Raises:
        InputError: the file is no checkpoint.
    """
    try:
        loaded: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, ValueError, UnpicklingError) as error:
        raise InputError(f"The checkpoint cannot be read: {error}", where=str(path)) from error
    return loaded


def _holds_others(folder: Path) -> bool:
    """Whether there is anything but what a run leaves that was ended while its folder was made."""
    if not folder.exists():
        return False
    own = (STATE, f".{RECIPE}.")
    return not folder.is_dir() or not all(
        any(name in path.name for name in own) for path in folder.iterdir()
    )


def _refuse_another(folder: Path, same: bool, what: str) -> None:
    if not same:
        raise InputError(
            f"This run folder was made with another {what}",
            where=str(folder),
            mend="--fresh begins it anew, --runs names another folder",
        )


def _digest(data: Labelled) -> str:
    """Of everything that a training sees of the set, its pixels aside."""
    digest = hashlib.blake2b("\0".join(data.paths).encode(), digest_size=16)
    for column in (data.labels, data.parts, data.pairs, data.same, data.triplets, data.sides):
        digest.update(column.tobytes())
    digest.update(str(data.unseen).encode())
    return digest.hexdigest()


def _replace(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")  # each process of several has one
    draft.write_bytes(content)
    os.replace(draft, path)
