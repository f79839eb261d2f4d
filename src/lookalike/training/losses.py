"""Losses by name: built from their parts of a recipe, and checked against the rest of it."""

import difflib
import math
from collections.abc import Sequence
from dataclasses import replace

import torch

from lookalike.nouns.errors import RecipeError
from lookalike.nouns.recipe import LossPart, Recipe
from lookalike.training.loss_entry import LossEntry, Sizes, usual_distance
from lookalike.training.loss_modules import Loss, LossSum
from lookalike.training.loss_table import LOSSES

__all__ = ["LOSSES", "build_loss", "build_losses", "check_losses", "with_defaults"]


def with_defaults(part: LossPart, d: int) -> LossPart:
    """The part with the loss's own margin, scale and temperature where it names none.

    Raises:
        RecipeError: there is no such loss.
    """
    entry = _entry_of(part.name)
    own = entry.margin
    if own is not None and entry.unit == "distance":
        own *= usual_distance(part.distance, d)
    return replace(
        part,
        margin=own if part.margin is None else part.margin,
        scale=entry.scale if part.scale is None else part.scale,
        temperature=entry.temperature if part.temperature is None else part.temperature,
    )


def build_loss(
    part: LossPart, *, d: int, n_classes: int, teacher_d: int | None = None, seed: int = 0
) -> Loss:
    """One loss, as its part of a recipe says.

    Args:
        part: name and settings.
        d: width of an embedding.
        n_classes: classes that labels count through; 0 where there are none.
        teacher_d: width of the teacher's embeddings; None where there is no teacher.
        seed: of first weights and drawn triplets.

    Raises:
        RecipeError: a setting does not fit, or the sizes do not allow this loss.
    """
    entry = _entry_of(part.name)
    _check_settings(part, entry, d)
    _check_needs(part, entry, n_classes, has_teacher=bool(teacher_d))
    with torch.random.fork_rng(devices=[]):
        # Only the processor's: on other devices nothing would put the caller's chance back.
        torch.default_generator.manual_seed(seed)
        return entry.build(with_defaults(part, d), Sizes(d, n_classes, teacher_d or 0, seed))


def build_losses(
    parts: Sequence[LossPart],
    *,
    d: int,
    n_classes: int,
    teacher_d: int | None = None,
    seed: int = 0,
    n_parts: int = 1,
) -> LossSum:
    """All losses of a recipe as one module, which keeps the value of each for the log.

    Args:
        parts: one or several.
        d: width of an embedding.
        n_classes: classes that labels count through; 0 where there are none.
        teacher_d: width of the teacher's embeddings; None where there is no teacher.
        seed: of first weights and drawn triplets.
        n_parts: that an embedding has, all of one width.

    Raises:
        RecipeError: a setting does not fit, or the sizes do not allow a loss.
    """
    losses = []
    width = d // n_parts
    for place, part in enumerate(parts):
        own = width if part.part else d
        loss = build_loss(part, d=own, n_classes=n_classes, teacher_d=teacher_d, seed=seed + place)
        losses.append((part.name, part.weight, loss))
    starts = [(part.part - 1) * width if part.part else None for part in parts]
    return LossSum(losses, [None if at is None else slice(at, at + width) for at in starts])


def check_losses(recipe: Recipe, n_classes: int) -> None:
    """Refuses losses that cannot work with the rest of the recipe.

    Args:
        recipe: whose losses, batches and teacher are meant.
        n_classes: classes that training sees; 0 where the pictures have none.

    Raises:
        RecipeError: names the key, and what to write instead.
    """
    for part in recipe.loss:
        entry = _entry_of(part.name)
        _check_settings(part, entry, None)
        _check_needs(part, entry, n_classes, has_teacher=bool(recipe.teacher.models))
        if "another" in entry.needs and all(
            "another" in _entry_of(other.name).needs for other in recipe.loss
        ):
            raise RecipeError(
                f"{part.name} alone only spreads the pictures",
                where="loss.name",
                mend="add a second [[loss]], such as nt-xent",
            )
        _check_batch(part, entry, recipe, n_classes)
    if all(part.weight == 0 for part in recipe.loss):
        raise RecipeError(
            "Every loss has the weight 0", where="loss.weight", mend="give one of them 1"
        )


def _entry_of(name: str) -> LossEntry:
    if name in LOSSES:
        return LOSSES[name]
    near = difflib.get_close_matches(name, LOSSES, 1, 0.5)
    mend = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(LOSSES)}"
    raise RecipeError(f"There is no loss {name!r}", where="loss.name", mend=mend)


def _check_settings(part: LossPart, entry: LossEntry, d: int | None) -> None:
    """Refuses keys that this loss has not, and values out of range."""
    for key, value, own in (
        ("margin", part.margin, entry.margin),
        ("scale", part.scale, entry.scale),
        ("temperature", part.temperature, entry.temperature),
    ):
        if value is not None and own is None:
            raise RecipeError(
                f"{part.name} has no {key}", where=f"loss.{key}", mend="leave the key out"
            )
    for key, chosen, known in (
        ("distance", part.distance, entry.distances),
        ("mining", part.mining, entry.minings),
    ):
        if chosen not in known:
            raise RecipeError(
                f"{part.name} does not work with {chosen!r}",
                where=f"loss.{key}",
                mend=f"one of {', '.join(known)}",
            )
    if part.memory and not entry.memory:
        able = ", ".join(name for name, other in LOSSES.items() if other.memory)
        raise RecipeError(
            f"{part.name} has no use for earlier embeddings",
            where="loss.memory",
            mend=f"write 0, or take one of {able}",
        )
    _check_ranges(part, entry, d)


def _check_ranges(part: LossPart, entry: LossEntry, d: int | None) -> None:
    limit = _largest_margin(part, entry, d)
    # Without a relational part the scale of distil may be 0.
    lowest_scale_fits = part.scale is None or part.scale > 0 or "teacher" in entry.needs
    for key, value, fits, mend in (
        (
            "margin",
            part.margin,
            part.margin is None or 0 < part.margin < limit,
            f"choose one above 0 and below {limit:.4g}"
            + (" (radians)" if entry.unit == "radians" else ""),
        ),
        (
            "scale",
            part.scale,
            lowest_scale_fits and (part.scale or 0) >= 0 and math.isfinite(part.scale or 0),
            "choose one above 0",
        ),
        (
            "temperature",
            part.temperature,
            part.temperature is None or 0 < part.temperature < math.inf,
            "choose one above 0, usually 0.05 to 0.5",
        ),
        ("weight", part.weight, 0 <= part.weight < math.inf, "choose 0 or more"),
        ("memory", part.memory, part.memory >= 0, "choose 0 or more"),
    ):
        if not fits:
            raise RecipeError(
                f"{part.name}: a {key} of {value} is out of range", where=f"loss.{key}", mend=mend
            )


def _largest_margin(part: LossPart, entry: LossEntry, d: int | None) -> float:
    """Margins from here on can never be met; infinite where that hangs on an unknown width."""
    if entry.unit == "distance" and part.distance == "l1":
        return 2 * math.sqrt(d) if d else math.inf
    return {"distance": 2.0, "radians": math.pi / 2, "cosine": 1.0}[entry.unit]


def _check_needs(part: LossPart, entry: LossEntry, n_classes: int, *, has_teacher: bool) -> None:
    if "classes" in entry.needs and n_classes < 2:
        raise RecipeError(
            f"{part.name} needs pictures of two classes or more",
            where="loss.name",
            mend='take "nt-xent" with batch.kind = "views", or give the pictures classes',
        )
    if "teacher" in entry.needs and not has_teacher:
        raise RecipeError(
            f"{part.name} needs a teacher",
            where="teacher.models",
            mend='name one: models = ["teacher.onnx"]',
        )


def _check_batch(part: LossPart, entry: LossEntry, recipe: Recipe, n_classes: int) -> None:
    """Refuses kinds of batch in which this loss finds nothing."""
    batch = recipe.batch
    if batch.kind not in entry.batches:
        raise RecipeError(
            f"{part.name} does not work with batches of {batch.kind}",
            where="batch.kind",
            mend=f"one of {', '.join(entry.batches)}; or the loss contrastive, which takes any",
        )
    if "alike" in entry.needs:
        if batch.kind in ("shuffled", "balanced") and n_classes < 2:
            raise RecipeError(
                f"{part.name} finds no alike pictures where no classes are known",
                where="batch.kind",
                mend='take "views"',
            )
        if batch.kind in ("balanced", "views") and batch.pictures < 2:
            raise RecipeError(
                f"{part.name} finds no alike pictures in a batch with one of each",
                where="batch.pictures",
                mend="take 2 or more",
            )
    if not part.memory:
        return
    if batch.kind in ("pairs", "triplets"):
        raise RecipeError(
            "Listed pairs and triplets have no use for earlier embeddings",
            where="loss.memory",
            mend='write 0, or take batch.kind = "balanced"',
        )
    each, groups = batch.pictures, {"balanced": batch.classes, "views": batch.size}
    most = groups[batch.kind] * each if batch.kind in groups else batch.size
    if part.memory < most:
        raise RecipeError(
            f"A memory of {part.memory} is smaller than a batch of {most}",
            where="loss.memory",
            mend=f"take {most} or more, such as {16 * most}",
        )
