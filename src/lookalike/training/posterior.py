"""Answers in place of an embedding: how likely each class of the training is."""

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from lookalike.nouns.errors import InputError, RecipeError
from lookalike.nouns.recipe import Recipe
from lookalike.training.losses import with_defaults

LOSS = "softmax"
"""The loss that learns a direction for each class, by cosine alone."""


class Posterior(nn.Module):
    """Probabilities of classes from an embedding, by a normalised softmax.

    The cosine of two such vectors grows with the probability that two pictures are of one class,
    as far as the network knows the classes; other classes are all alike to it.

    Attributes:
        d: of what comes out, the number of classes.
    """

    directions: Tensor

    def __init__(self, directions: Tensor, temperature: float) -> None:
        """Probabilities by known directions.

        Args:
            directions: (d, n_classes), of any length.
            temperature: the cosines are divided by it, above 0.
        """
        super().__init__()
        self.register_buffer("directions", F.normalize(directions.float(), dim=0))
        self.temperature = temperature
        self.d = directions.shape[1]

    def forward(self, embeddings: Tensor) -> Tensor:
        """(b, d) of length 1 to (b, n_classes) that sum to 1."""
        return torch.softmax(embeddings @ self.directions / self.temperature, dim=1)


def check_posterior(recipe: Recipe, n_classes: int) -> None:
    """Refuses answers by class that the training cannot give.

    Raises:
        RecipeError: no loss learns directions of classes, nothing is learned, or the model is to
            be judged on other classes.
    """
    if not recipe.head.classes:
        return
    if recipe.data.unseen_classes:
        raise RecipeError(
            "Answers by class say nothing of classes that training never sees",
            where="head.classes",
            mend="set head.classes = false, or data.unseen_classes = 0",
        )
    losses = sum(part.name == LOSS for part in recipe.loss)
    if losses != 1 or not recipe.fit.epochs or n_classes < 2:
        raise RecipeError(
            f"Answers by class need one loss {LOSS!r} and at least one epoch on two classes",
            where="head.classes",
            mend=f'set loss.name = "{LOSS}", or leave the key out',
        )


def posterior_of(recipe: Recipe, stored: Mapping[str, Tensor]) -> Posterior | None:
    """What turns embeddings into answers, from the weights of a training.

    Args:
        recipe: of the training.
        stored: all its weights, those of the losses among them.

    Returns:
        None where the recipe wants embeddings.

    Raises:
        InputError: the weights have no directions of classes.
    """
    if not recipe.head.classes:
        return None
    place, part = next((i, one) for i, one in enumerate(recipe.loss) if one.name == LOSS)
    directions = stored.get(f"losses.losses.{place}.term.W")
    temperature = with_defaults(part, 1).temperature
    if directions is None or temperature is None:
        raise InputError("The checkpoint has no directions of classes", where="head.classes")
    return Posterior(directions, temperature)
