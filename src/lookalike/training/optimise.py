"""Which parameters are trained how fast, and with which optimiser."""

from collections.abc import Iterable
from itertools import chain

from torch import nn, optim

from lookalike.nouns.errors import RecipeError
from lookalike.nouns.recipe import FitPart


def build_optimiser(
    fit: FitPart, backbones: nn.Module, others: Iterable[nn.Module]
) -> optim.Optimizer:
    """The optimiser over everything that is trained.

    Args:
        fit: rates, decay and kind.
        backbones: trained at `lr`.
        others: head and loss, trained at `head_lr` where that is given.

    Raises:
        RecipeError: there is nothing to train.
    """
    groups = [
        *_groups([backbones], fit.lr, fit.weight_decay),
        *_groups(others, fit.head_lr or fit.lr, fit.weight_decay),
    ]
    if not groups:
        raise RecipeError(
            "There is nothing to train: the backbone is frozen and there is no head",
            where="backbone.trained",
            mend='give it a head, train "all", or set fit.epochs to 0',
        )
    if fit.optimiser == "sgd":
        return optim.SGD(groups, lr=fit.lr, momentum=fit.momentum, nesterov=fit.momentum > 0)
    if fit.optimiser == "adam":
        return optim.Adam(groups, lr=fit.lr)
    return optim.AdamW(groups, lr=fit.lr)


def _groups(
    modules: Iterable[nn.Module], lr: float, weight_decay: float
) -> list[dict[str, object]]:
    """Weights, which decay, and biases, norms and scales, which do not."""
    named = chain.from_iterable(module.parameters() for module in modules)
    trained = [parameter for parameter in named if parameter.requires_grad]
    weights = [parameter for parameter in trained if parameter.ndim > 1]
    others = [parameter for parameter in trained if parameter.ndim <= 1]
    return [
        {"params": parameters, "lr": lr, "weight_decay": decay}
        for parameters, decay in ((weights, weight_decay), (others, 0.0))
        if parameters
    ]
