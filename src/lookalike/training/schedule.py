"""How fast is learned at each step."""

import math

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

from lookalike.nouns.recipe import FitPart, Schedule


def lr_share(step: int, *, steps: int, warm_up: float, schedule: Schedule) -> float:
    """Share of the highest learning rate at a step: a straight rise, then the schedule.

    It hangs on the step alone, so a training that is taken up again goes on as if never left.

    Args:
        step: from 0; beyond the last it stays as after the last.
        steps: of the whole training.
        warm_up: share of all steps that the rise takes.
        schedule: "cosine" falls to 0 after the last step, "constant" stays.

    Returns:
        In (0, 1] during training.

    Source:
        Loshchilov and Hutter 2016, arXiv:1608.03983 (the fall); Goyal et al. 2017,
        arXiv:1706.02677 (the rise).
    """
    rise = round(warm_up * steps)
    if step < rise:
        return (step + 1) / (rise + 1)
    if schedule == "constant":
        return 1.0
    done = min((step - rise) / max(steps - rise, 1), 1.0)
    return 0.5 * (1 + math.cos(math.pi * done))


def build_schedule(optimiser: Optimizer, fit: FitPart, steps: int) -> LambdaLR:
    """The schedule of a recipe, to be stepped after each batch.

    Args:
        optimiser: whose rates, as they are now, are the highest.
        fit: kind of schedule and length of the rise.
        steps: of the whole training.
    """
    return LambdaLR(
        optimiser,
        lambda step: lr_share(step, steps=steps, warm_up=fit.warm_up, schedule=fit.schedule),
    )
