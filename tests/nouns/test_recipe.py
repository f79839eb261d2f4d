"""A recipe and its TOML say the same; what is not known is refused, and the nearest key named."""

import string
import tomllib
from dataclasses import fields, replace
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.nouns import recipe as nouns
from lookalike.nouns.card import Fit
from lookalike.nouns.errors import RecipeError
from lookalike.nouns.recipe import (
    AugmentPart,
    BackbonePart,
    BatchPart,
    DataPart,
    FitPart,
    HeadPart,
    JudgePart,
    LossPart,
    Recipe,
    TeacherPart,
)

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
NAMES = st.lists(st.text(string.ascii_letters + string.digits + " _./\\'\"#", min_size=1)).map(
    tuple
)
SHARES = st.floats(0, 1, exclude_max=True)
COUNTS = st.integers(0, 10**12)
WIDTHS = st.lists(st.integers(1, 4000), max_size=3).map(tuple)
NUMBERS = st.floats(1e-9, 1e9)


def one_of(alias) -> st.SearchStrategy[str]:
    return st.sampled_from(get_args(alias))


MAYBE = st.none() | NUMBERS
DATA = st.builds(
    DataPart, TEXTS, one_of(nouns.Layout), SHARES, SHARES, SHARES, COUNTS, st.integers()
)
LOSSES = st.builds(
    LossPart,
    st.sampled_from(["triplet", "nt-xent"]),
    NUMBERS,
    MAYBE,
    MAYBE,
    MAYBE,
    one_of(nouns.Distance),
    one_of(nouns.Mining),
    COUNTS,
)
QUICK = st.dictionaries(
    st.just("fit"),
    st.dictionaries(st.sampled_from(["epochs", "patience"]), COUNTS, min_size=1),
)


@st.composite
def recipes(draw) -> Recipe:
    names = draw(NAMES.filter(bool))
    return Recipe(
        name=draw(TEXTS.filter(bool)),
        summary=draw(TEXTS),
        published=draw(TEXTS),
        data=draw(DATA),
        backbone=BackbonePart(
            names,
            draw(st.sampled_from([("none",), ("hub",) * len(names)])),
            draw(st.sampled_from(["all", "none", "last 2"])),
            draw(one_of(nouns.Pooling)),
            draw(COUNTS),
            draw(one_of(Fit)),
        ),
        head=HeadPart(
            draw(one_of(nouns.HeadKind)),
            draw(WIDTHS),
            draw(SHARES),
            shares=draw(st.sampled_from([(), (1.0,), (0.25, 0.75)])),
        ),
        loss=tuple(draw(st.lists(LOSSES, min_size=1, max_size=3))),
        batch=BatchPart(draw(one_of(nouns.BatchKind)), draw(st.integers(2, 999))),
        augment=AugmentPart(draw(TEXTS), draw(NUMBERS)),
        fit=FitPart(draw(COUNTS), draw(one_of(nouns.Optimiser)), draw(NUMBERS)),
        judge=JudgePart(draw(NAMES), ways=draw(WIDTHS)),
        teacher=TeacherPart(draw(NAMES)),
        quick=draw(QUICK),
    )


@given(recipes())
def test_a_recipe_can_be_read_from_what_it_writes(recipe):
    text = recipe.to_toml()
    read = Recipe.from_mapping(tomllib.loads(text))
    assert replace(read, quick={}) == replace(recipe, quick={})
    assert {name: dict(keys) for name, keys in read.quick.items()} == recipe.quick
    assert read.to_toml() == text


@given(recipes())
def test_a_trial_is_named_as_one_and_changes_only_what_quick_names(recipe):
    quick = recipe.quickened()
    assert quick.name == f"{recipe.name}-quick"
    assert replace(quick.fit, epochs=0, patience=0) == replace(recipe.fit, epochs=0, patience=0)
    for key in ("epochs", "patience"):
        wanted = recipe.quick.get("fit", {}).get(key, getattr(recipe.fit, key))
        assert getattr(quick.fit, key) == wanted
    same = [part.name for part in fields(Recipe) if part.name not in ("name", "fit")]
    assert all(getattr(quick, name) == getattr(recipe, name) for name in same)


PARTS = {
    part.name: kind
    for part in fields(Recipe)
    if hasattr(kind := get_type_hints(Recipe)[part.name], "__dataclass_fields__")
}


def keys() -> list[tuple[str, str]]:
    parts = {**PARTS, "loss": LossPart}
    return [(part, key.name) for part, kind in parts.items() for key in fields(kind)]


@pytest.mark.parametrize(("part", "key"), keys())
def test_a_slip_in_any_key_names_the_right_one(part, key):
    slip = f"{key}s" if not key.endswith("s") else f"{key}x"
    tables = {slip: 1}
    with pytest.raises(RecipeError) as caught:
        Recipe.from_mapping({"name": "x", part: [tables] if part == "loss" else tables})
    assert caught.value.where == f"{part}.{slip}"
    assert repr(key) in caught.value.mend


@pytest.mark.parametrize(
    ("data", "where", "words"),
    [
        ({}, "name", "'name' is missing"),
        ({"summary": "x"}, "name", "'name' is missing"),
        ({"name": ""}, "name", "needs a name"),
        ({"name": "x", "fitt": {}}, "fitt", "did you mean 'fit'"),
        ({"name": "x", "zzzz": 1}, "zzzz", "known here: name, summary"),
        ({"name": 3}, "name", "this is a text"),
        ({"name": "x", "fit": 3}, "fit", r"write \[fit\]"),
        ({"name": "x", "loss": ["triplet"]}, "loss", r"write \[loss\]"),
        ({"name": "x", "loss": []}, "loss", "needs a loss"),
        ({"name": "x", "fit": {"epochs": True}}, "fit.epochs", "a whole number"),
        ({"name": "x", "fit": {"epochs": 1.5}}, "fit.epochs", "a whole number"),
        ({"name": "x", "fit": {"epochs": -1}}, "fit.epochs", "0 or more"),
        ({"name": "x", "fit": {"lr": "fast"}}, "fit.lr", "this is a number"),
        ({"name": "x", "fit": {"lr": float("nan")}}, "fit.lr", "finite"),
        ({"name": "x", "fit": {"lr": 0}}, "fit.lr", "above 0"),
        ({"name": "x", "fit": {"optimiser": "adamm"}}, "fit.optimiser", "did you mean 'adam"),
        ({"name": "x", "batch": {"kind": "?"}}, "batch.kind", "one of shuffled, balanced"),
        ({"name": "x", "judge": {"ways": [5, "x"]}}, "judge.ways", "a whole number"),
        ({"name": "x", "data": {"test": 1.0}}, "data.test", r"lies in \[0, 1\)"),
        ({"name": "x", "backbone": {"weights": ["a", "b"]}}, "backbone.weights", "once"),
        ({"name": "x", "quick": {"fitt": {}}}, "quick.fitt", "did you mean 'fit'"),
        ({"name": "x", "quick": {"fit": {"epoch": 1}}}, "quick.fit.epoch", "mean 'epochs'"),
        ({"name": "x", "quick": {"fit": {"epochs": "1"}}}, "quick.fit.epochs", "whole number"),
        ({"name": "x", "quick": {"fit": {"epochs": -1}}}, "fit.epochs", "0 or more"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(data, where, words):
    with pytest.raises(RecipeError, match=words) as caught:
        Recipe.from_mapping(data)
    assert caught.value.where == where
    assert "__init__" not in str(caught.value)


def test_whole_numbers_serve_as_numbers_and_one_value_as_a_list():
    data = {"name": "x", "fit": {"lr": 1}, "head": {"widths": 64}}
    recipe = Recipe.from_mapping(data | {"backbone": {"names": "vit_b_16, swin_t"}})
    assert isinstance(recipe.fit.lr, float)
    assert recipe.head.widths == (64,)
    assert recipe.backbone.names == ("vit_b_16", "swin_t")


def test_a_change_to_the_losses_changes_each():
    recipe = Recipe("x", loss=(LossPart("triplet"), LossPart("koleo", weight=0.1)))
    changed = recipe.changed({"loss": {"margin": 0.5}, "summary": "other"})
    assert [loss.margin for loss in changed.loss] == [0.5, 0.5]
    assert [loss.weight for loss in changed.loss] == [1.0, 0.1]
    assert changed.summary == "other"
    assert recipe.loss[0].margin is None


def test_changing_what_is_no_part_is_refused():
    with pytest.raises(RecipeError, match="no part") as caught:
        Recipe("x").changed({"name": {"first": 1}})
    assert caught.value.where == "name"


def test_turned_classes_and_a_teacher_exclude_each_other():
    with pytest.raises(RecipeError, match="turned classes"):
        Recipe("r", augment=AugmentPart(turned_classes=True), teacher=TeacherPart(("a.onnx",)))


@pytest.mark.parametrize(
    ("parts", "where"),
    [
        ({"head": HeadPart("linear", (8,), shares=(0.5, 0.6))}, "head.shares"),
        ({"head": HeadPart("linear", (8,), shares=(0.5, 0.5), classes=True)}, "head.classes"),
        ({"loss": (LossPart(part=1),)}, "loss.part"),
        ({"augment": AugmentPart(view_strengths=(1.0, -1.0))}, "augment.view_strengths"),
    ],
)
def test_parts_of_an_embedding_that_do_not_fit_are_refused(parts, where):
    with pytest.raises(RecipeError) as caught:
        Recipe("r", **parts)
    assert caught.value.where == where
