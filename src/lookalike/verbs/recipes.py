"""Recipes that come with lookalike, and those of the user."""

import difflib
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from lookalike.nouns.errors import InputError, RecipeError
from lookalike.nouns.recipe import Recipe

SUFFIX = ".toml"


def recipe_names() -> list[str]:
    """The recipes that `load_recipe` knows by name."""
    folder = files("lookalike") / "recipes"
    return sorted(f.name.removesuffix(SUFFIX) for f in folder.iterdir() if f.name.endswith(SUFFIX))


def load_recipe(
    name: str | Path,
    changes: Mapping[str, Mapping[str, object]] | None = None,
    *,
    quick: bool = False,
) -> Recipe:
    """A recipe by its name or its file.

    Args:
        name: one of `recipe_names`, or a path that ends in .toml.
        changes: other values, part by part: {"fit": {"epochs": 3}}.
        quick: with the recipe's own changes for a trial of minutes, which `changes` may change
            again.

    Raises:
        InputError: there is no such recipe.
        RecipeError: it is no TOML, or has a key or value that is not known.
    """
    recipe = Recipe.from_mapping(_parsed(recipe_text(name), str(name)))
    recipe = recipe.quickened() if quick else recipe
    return recipe.changed(changes) if changes else recipe


def as_changes(settings: list[str]) -> dict[str, dict[str, object]]:
    """Settings of the command line as changes: "fit.epochs=3" -> {"fit": {"epochs": 3}}.

    The value is read as TOML, the brackets of a list left out or not; what is no TOML is a text.

    Raises:
        RecipeError: a setting has not the form part.key=value.
    """
    changes: dict[str, dict[str, object]] = {}
    for setting in settings:
        place, sign, value = setting.partition("=")
        part, dot, key = place.strip().partition(".")
        if not (sign and dot and part and key):
            raise RecipeError(
                f"{setting!r} does not set anything", where="--set", mend="--set fit.epochs=3"
            )
        changes.setdefault(part, {})[key] = _toml_value(value.strip())
    return changes


def _toml_value(text: str) -> object:
    for written in (text, f"[{text}]") if text else ():
        try:
            value: object = tomllib.loads(f"value = {written}")["value"]
        except tomllib.TOMLDecodeError:
            continue
        return value
    return text


def recipe_text(name: str | Path) -> str:
    """A recipe as it was written, comments included.

    Raises:
        InputError: there is no such recipe.
    """
    path = Path(name)
    if path.suffix == SUFFIX:
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or error
            told = f"The recipe cannot be read: {reason}"
            raise InputError(told, where=str(name), mend="check the path") from error
    known = recipe_names()
    if str(name) not in known:
        near = difflib.get_close_matches(str(name), known, 1)
        mend = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(known)}, or a .toml"
        raise InputError("There is no such recipe", where=str(name), mend=mend)
    return (files("lookalike") / "recipes" / f"{name}{SUFFIX}").read_text(encoding="utf-8")


def _parsed(text: str, where: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"The recipe is no TOML: {error}", where=where) from error
