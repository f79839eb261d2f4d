"""Recipes whose losses cannot work are refused, with the key and the cure."""

from dataclasses import replace

import pytest

from lookalike.nouns.errors import RecipeError
from lookalike.nouns.recipe import BatchPart, LossPart, Recipe, TeacherPart
from lookalike.training.losses import LOSSES, build_loss, check_losses

BALANCED = BatchPart("balanced")


def recipe(*losses, batch=BALANCED, models=()):
    return Recipe("test", loss=losses, batch=batch, teacher=TeacherPart(models))


WRONG = [
    (recipe(LossPart("triplett")), 9, "loss.name", "did you mean 'triplet'?"),
    (recipe(LossPart("arcface")), 0, "loss.name", "nt-xent"),
    (recipe(LossPart("softmax"), batch=BatchPart("views")), 9, "batch.kind", "shuffled"),
    (recipe(LossPart("distil")), 9, "teacher.models", "models = ["),
    (recipe(LossPart("koleo", weight=0.1)), 9, "loss.name", "second [[loss]]"),
    (recipe(LossPart("triplet", margin=2.5)), 9, "loss.margin", "below 2"),
    (recipe(LossPart("triplet", margin=0.0)), 9, "loss.margin", "above 0"),
    (recipe(LossPart("arcface", margin=28.6)), 9, "loss.margin", "radians"),
    (recipe(LossPart("cosface", margin=-0.1)), 9, "loss.margin", "below 1"),
    (recipe(LossPart("nt-xent", margin=0.1)), 9, "loss.margin", "leave the key out"),
    (recipe(LossPart("nt-xent", temperature=0.0)), 9, "loss.temperature", "above 0"),
    (recipe(LossPart("triplet", temperature=0.1)), 9, "loss.temperature", "leave"),
    (recipe(LossPart("cosface", scale=0.0)), 9, "loss.scale", "above 0"),
    (recipe(LossPart("cosface", scale=float("nan"))), 9, "loss.scale", "above 0"),
    (recipe(LossPart("triplet", scale=2.0)), 9, "loss.scale", "leave"),
    (recipe(LossPart("nt-xent", distance="l2")), 9, "loss.distance", "cosine"),
    (recipe(LossPart("nt-xent", mining="hard")), 9, "loss.mining", "all"),
    (recipe(LossPart("triplet", weight=-1.0)), 9, "loss.weight", "0 or more"),
    (recipe(LossPart("triplet", weight=0.0)), 9, "loss.weight", "give one"),
    (recipe(LossPart("triplet", memory=-1)), 9, "loss.memory", "0 or more"),
    (recipe(LossPart("triplet", memory=32)), 9, "loss.memory", "64 or more"),
    (recipe(LossPart("arcface", memory=512)), 9, "loss.memory", "take one of"),
    (recipe(LossPart("triplet", memory=512), batch=BatchPart("triplets")), 9, "loss.memory", "0"),
    (recipe(LossPart("triplet"), batch=BatchPart("pairs")), 9, "batch.kind", "triplets"),
    (recipe(LossPart("triplet")), 0, "batch.kind", "views"),
    (recipe(LossPart("supcon"), batch=BatchPart("shuffled")), 1, "batch.kind", "views"),
    (recipe(LossPart("supcon"), batch=BatchPart("views", pictures=1)), 0, "batch.pictures", "2"),
]


@pytest.mark.parametrize(("wrong", "classes", "where", "mend"), WRONG)
def test_what_cannot_work_is_refused_with_its_cure(wrong, classes, where, mend):
    with pytest.raises(RecipeError) as refused:
        check_losses(wrong, classes)
    assert refused.value.where == where
    assert mend in refused.value.mend


@pytest.mark.parametrize("name", LOSSES)
def test_each_loss_works_with_each_kind_of_batch_that_it_names(name):
    entry = LOSSES[name]
    partner = [LossPart("softmax")] if "another" in entry.needs else []
    for kind in set(entry.batches).intersection(*(LOSSES[part.name].batches for part in partner)):
        check_losses(recipe(LossPart(name), *partner, batch=BatchPart(kind), models=("t.onnx",)), 9)


@pytest.mark.parametrize("name", LOSSES)
def test_own_settings_are_in_range_when_written_down(name):
    entry = LOSSES[name]
    part = LossPart(name, margin=entry.margin, scale=entry.scale, temperature=entry.temperature)
    others = (LossPart("softmax"),)
    check_losses(recipe(part, *others, models=("t.onnx",)), 9)


def test_the_recipes_cure_is_enough():
    small = recipe(LossPart("triplet", memory=32))
    check_losses(replace(small, loss=(LossPart("triplet", memory=64),)), 9)
    check_losses(recipe(LossPart("nt-xent"), batch=BatchPart("views")), 0)


def test_a_margin_in_l1_hangs_on_the_width():
    part = LossPart("triplet", distance="l1", margin=10.0)
    check_losses(recipe(part), 9)
    build_loss(part, d=64, n_classes=9)
    with pytest.raises(RecipeError, match="out of range"):
        build_loss(part, d=16, n_classes=9)


def test_building_refuses_as_well():
    with pytest.raises(RecipeError, match="two classes"):
        build_loss(LossPart("arcface"), d=8, n_classes=1)
    with pytest.raises(RecipeError, match="teacher"):
        build_loss(LossPart("distil"), d=8, n_classes=0)
