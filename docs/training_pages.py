"""The pages of docs/reference about training, for `make_reference.py`."""

import importlib
import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


def recipe_page() -> list[str]:
    """Every key of a recipe, and the tables of what some of them name."""
    recipe = importlib.import_module("lookalike.nouns.recipe")
    lines = ["# Recipes, key by key", ""]
    lines += [
        "A recipe is a TOML file. What it leaves out has the value below; a key that is not known",
        "is refused, with the nearest one. `lookalike recipes NAME` prints one to begin with.",
        "[Losses](losses.md), [augmentations](#augmentations), [backbones](#backbones) and",
        "[protocols](../guides/evaluate.md) have tables of their own.",
        "",
    ]
    hints = get_type_hints(recipe.Recipe)
    own = _told(recipe.Recipe)
    plain = [key for key in fields(recipe.Recipe) if hints[key.name] is str]
    lines += ["## Above the first part", "", *_keys(plain, own, hints)]
    for key in fields(recipe.Recipe):
        kind = _part(hints[key.name])
        if kind is None:
            continue
        several = get_origin(hints[key.name]) is tuple
        head = f"[[{key.name}]]" if several else f"[{key.name}]"
        lines += [f"## `{head}`", "", _sentence(own[key.name]), ""]
        lines += _keys(fields(kind), _told(kind), get_type_hints(kind))
    lines += ["## `[quick.PART]`", "", _sentence(own["quick"]), ""]
    lines += ["```toml", "[quick.fit]", "epochs = 1", "```", ""]
    return lines + _augmentations() + _backbones()


def losses_page() -> list[str]:
    """The table of losses, and each with its formula."""
    losses = importlib.import_module("lookalike.training.loss_table").LOSSES
    intro = (importlib.import_module("lookalike.training.loss_table").__doc__ or "").splitlines()
    lines = ["# Losses", "", *intro[2:], ""]
    lines += ["| loss | what it does | paper |", "|---|---|---|"]
    for name, entry in losses.items():
        first = entry.doc.splitlines()[0]
        lines.append(f"| [{name}](#{name}) | {_cell(first)} | {_cell(entry.paper)} |")
    for name, entry in losses.items():
        lines += ["", f"## {name}", "", inspect.cleandoc(entry.doc), ""]
        lines += ["| key | its own | may be |", "|---|---|---|", *_settings(entry)]
        needs = ", ".join(_NEEDS[need] for need in entry.needs)
        batches = ", ".join(entry.batches)
        lines += ["", f"Needs {needs}. Batches: {batches}. Source: {entry.paper}."]
    return lines


_NEEDS = {
    "alike": "alike pictures in a batch",
    "classes": "the class of each picture",
    "teacher": "a teacher",
    "another": "another loss beside it",
}


def recipes_page() -> list[str]:
    """The recipes that come with lookalike."""
    recipes = importlib.import_module("lookalike.verbs.recipes")
    lines = ["# The recipes", ""]
    lines += ["`lookalike train NAME` runs one. Where no data are named, `--data` has to.", ""]
    lines += ["| recipe | what it trains | data | network | published |", "|---|---|---|---|---|"]
    for name in recipes.recipe_names():
        made = recipes.load_recipe(name)
        networks = ", ".join(made.backbone.names)
        cells = (made.summary, made.data.source, networks, made.published)
        lines.append(f"| `{name}` | " + " | ".join(_cell(cell) for cell in cells) + " |")
    return lines


PAGES: dict[str, Callable[[], list[str]]] = {
    "recipe.md": recipe_page,
    "recipes.md": recipes_page,
    "losses.md": losses_page,
}


def _settings(entry: Any) -> Iterable[str]:  # noqa: ANN401
    for key in ("margin", "scale", "temperature"):
        own = getattr(entry, key)
        if own is not None:
            unit = _UNITS[entry.unit] if key == "margin" else ""
            yield f"| `{key}` | {own:g}{unit} | a number |"
    yield f"| `distance` | | {', '.join(entry.distances)} |"
    yield f"| `mining` | | {', '.join(entry.minings)} |"
    yield f"| `memory` | 0 | {'how many earlier embeddings' if entry.memory else '0'} |"


_UNITS = {
    "distance": " of the usual distance of two random embeddings",
    "radians": " radians",
    "cosine": " of cosine",
}


def _augmentations() -> list[str]:
    known = importlib.import_module("lookalike.training.augment").AUGMENTATIONS
    lines = [
        "## Augmentations",
        "",
        "| `augment.name` | what it does: what it is for |",
        "|---|---|",
    ]
    return [*lines, *(f"| `{name}` | {_cell(entry.doc)} |" for name, entry in known.items()), ""]


def _backbones() -> list[str]:
    names = importlib.import_module("lookalike.training.backbone_names")
    lines = ["## Backbones", "", "`backbone.names` takes every network that timm has by its name,"]
    lines += ["and of the project's own " + ", ".join(f"`{own}`" for own in names.OWN) + "."]
    lines += ["Of torchvision's names those that differ from timm's are known too:", ""]
    lines += ["| name | timm's name |", "|---|---|"]
    return [*lines, *(f"| `{name}` | `{timm}` |" for name, timm in names.ALIASES.items()), ""]


def _part(hint: Any) -> type | None:  # noqa: ANN401
    """The dataclass of a part, also where there may be several."""
    kind = get_args(hint)[0] if get_origin(hint) is tuple else hint
    return kind if is_dataclass(kind) and isinstance(kind, type) else None


def _keys(keys: "Sequence[Field[Any]]", told: dict[str, str], hints: dict[str, Any]) -> list[str]:
    lines = ["| key | default | may be | what it says |", "|---|---|---|---|"]
    for key in keys:
        cells = (_default(key), _may_be(hints[key.name]), _cell(told[key.name]))
        lines.append(f"| `{key.name}` | " + " | ".join(cells) + " |")
    return [*lines, ""]


def _default(key: "Field[Any]") -> str:
    if key.default is MISSING:
        return "must be given"
    if key.default is None:
        return "the loss's own"
    text = importlib.import_module("lookalike.nouns.recipe_text")
    return f"`{text._literal(key.default)}`"


def _may_be(hint: Any) -> str:  # noqa: ANN401
    origin = get_origin(hint)
    if origin is Literal:
        return ", ".join(f"`{choice}`" for choice in get_args(hint))
    if origin is tuple:
        return f"list: {_may_be(get_args(hint)[0])}"
    if origin is Union or not isinstance(hint, type):
        return _may_be(next(kind for kind in get_args(hint) if kind is not type(None)))
    return {str: "text", int: "whole number", float: "number", bool: "true, false"}[hint]


def _told(kind: type) -> dict[str, str]:
    """What the docstring says of each attribute."""
    section = (inspect.getdoc(kind) or "").partition("Attributes:\n")[2].partition("\n\n")[0]
    found = re.findall(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", section, re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in found}


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
