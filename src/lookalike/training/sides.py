"""Small pictures first: the input side over the course of a training."""

import torch

from lookalike.nouns.errors import RecipeError
from lookalike.nouns.recipe import FitPart, Recipe
from lookalike.training.embedder import Embedder


def side_at(fit: FitPart, epoch: int) -> int:
    """The input side of an epoch, from 0; 0 for the backbone's own."""
    sides = fit.sizes_px
    return sides[min(epoch * len(sides) // fit.epochs, len(sides) - 1)] if sides else 0


def check_sides(recipe: Recipe, embedder: Embedder) -> None:
    """Refuses sides that the network does not take.

    Raises:
        RecipeError: a side is too large or does not fit, or the backbone is frozen.
    """
    sides = recipe.fit.sizes_px
    if not sides:
        return
    if embedder.frozen or len(embedder.backbones) > 1:
        raise RecipeError(
            "Sides change only where one backbone is trained",
            where="fit.sizes_px",
            mend="leave the key out",
        )
    was_training = embedder.training
    embedder.eval()
    for side in sorted(set(sides)):
        if side > embedder.size_px:
            raise RecipeError(
                f"Pictures have {embedder.size_px} pixels a side, and cannot grow to {side}",
                where="fit.sizes_px",
                mend=f"set backbone.size_px = {side}",
            )
        try:
            with torch.no_grad():
                embedder(torch.full((1, 3, side, side), 0.5))
        except (RuntimeError, AssertionError, ValueError) as error:
            raise RecipeError(
                f"The network does not take pictures of {side} pixels a side: {error}",
                where="fit.sizes_px",
                mend="take multiples of 32, or leave the key out",
            ) from error
    embedder.train(was_training)
