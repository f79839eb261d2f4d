"""Tells when a training has gone wrong, and what to change about it."""

import math
from collections import deque
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from lookalike.nouns.recipe import Recipe
from lookalike.training.losses import with_defaults

_ALIKE = 0.97
"""A mean cosine above this leaves next to nothing to tell pictures apart."""

_EASING = 0.005
"""A mean cosine that has fallen by as much is on its way out of a collapse."""

_USED = 0.05
"""So small a share of the dimensions that could be used is a collapse into few."""

_AT_MARGIN = 0.02
"""A triplet loss within this share of its margin has learned nothing."""

_ROWS = 2048
"""More embeddings tell no more."""


def mean_cosine(embeddings: Tensor) -> float:
    """Mean cosine of all pairs of different rows.

    Args:
        embeddings: (n, d), each of length 1; n above 1.
    """
    n = len(embeddings)
    return float((embeddings.sum(dim=0).square().sum() - n) / (n * (n - 1)))


def effective_rank(embeddings: Tensor) -> float:
    """How many dimensions embeddings use: 1 on a line, d where all are used alike, 0 in a point.

    Args:
        embeddings: (n, d).

    Source:
        Roy and Vetterli 2007, The effective rank; here of the covariance.
    """
    centred = (embeddings - embeddings.mean(dim=0)).double()
    wide = centred.shape[0] < centred.shape[1]
    spread = torch.linalg.eigvalsh(centred @ centred.T if wide else centred.T @ centred).clamp(0)
    if float(spread.sum()) <= 1e-9 * len(embeddings):
        return 0.0
    return float(torch.exp(torch.special.entr(spread / spread.sum()).sum()))


class CollapseAlarm:
    """Looks at embeddings and loss now and then, and speaks up once when something is wrong.

    A network from scratch begins with nearly equal embeddings, so the alarm waits until a state
    has lasted for some looks without getting better. Numbers that are none are told at once.
    """

    def __init__(self, recipe: Recipe, *, n_classes: int, patience: int = 3) -> None:
        """An alarm.

        Args:
            recipe: what is trained; the advice hangs on it.
            n_classes: classes that the embeddings come from; 0 where each picture is its own.
            patience: how many looks in a row have to be bad.
        """
        self._recipe = recipe
        self._n_classes = n_classes
        self._cosines: deque[float] = deque(maxlen=patience)
        self._bad_looks = {"point": 0, "few": 0, "margin": 0}
        self._patience = patience
        self._told: set[str] = set()

    def look(
        self, embeddings: Tensor, loss: float, terms: Mapping[str, float] | None = None
    ) -> str | None:
        """What is wrong, and what to change; None where nothing is, or where it was told before.

        Args:
            embeddings: (n, d) of a batch or of validation, of several classes or pictures.
            loss: of the same batch, or the mean since the last look.
            terms: the value of each loss by its name, where there are several.
        """
        found = embeddings.detach().to("cpu", torch.float32)
        if not math.isfinite(loss) or not bool(torch.isfinite(found).all()):
            return self._once("numbers", self._about_numbers(loss))
        if len(found) < 3:
            return None
        found = functional.normalize(found[:: math.ceil(len(found) / _ROWS)], dim=1)
        cosine, rank = mean_cosine(found), effective_rank(found)
        self._cosines.append(cosine)
        usable = self._usable(found)
        width = found.shape[1]
        for name, bad, text in (
            ("point", cosine > _ALIKE, self._about_point(cosine)),
            ("few", usable >= 4 and rank < max(1.5, _USED * usable), self._about_few(rank, width)),
            ("margin", self._at_margin(width, loss, terms), self._about_margin(loss)),
        ):
            if self._lasts(name, bad):
                return self._once(name, text)
        return None

    def state_dict(self) -> dict[str, object]:
        """What it has seen, so that a training taken up again is told the same."""
        return {
            "cosines": list(self._cosines),
            "bad_looks": dict(self._bad_looks),
            "told": sorted(self._told),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """As it was saved."""
        self._cosines = deque(state["cosines"], maxlen=self._patience)
        self._bad_looks = dict(state["bad_looks"])
        self._told = set(state["told"])

    def _lasts(self, name: str, bad: bool) -> bool:
        """Whether this has been bad for long enough."""
        self._bad_looks[name] = self._bad_looks[name] + 1 if bad else 0
        if not bad:
            self._told.discard(name)
        easing = name == "point" and self._cosines[0] - self._cosines[-1] > _EASING
        return self._bad_looks[name] >= self._patience and not easing

    def _once(self, name: str, text: str) -> str | None:
        if name in self._told:
            return None
        self._told.add(name)
        return text

    def _usable(self, embeddings: Tensor) -> int:
        """How many dimensions could be filled; classes may well end in one point each."""
        most = min(embeddings.shape[1], len(embeddings) - 1)
        return min(most, self._n_classes - 1) if self._n_classes else most

    def _at_margin(self, d: int, loss: float, terms: Mapping[str, float] | None) -> bool:
        parts = [part for part in self._recipe.loss if part.name == "triplet" and part.weight]
        if len(parts) != 1:
            return False
        part = parts[0]
        alone = len(self._recipe.loss) == 1
        value = (terms or {}).get("triplet", loss / part.weight if alone else None)
        margin = with_defaults(part, d).margin
        if value is None or not margin:
            return False
        return abs(value / margin - 1) < _AT_MARGIN

    def _about_numbers(self, loss: float) -> str:
        advice = [self._lower_lr(), *self._warm_up()]
        if not self._recipe.fit.clip:
            advice.append("fit.clip = 1.0")
        if self._recipe.fit.precision != "32":
            advice.append('fit.precision = "32"')
        return f"The loss is no number any more ({loss}). Try {_listed(advice)}."

    def _about_point(self, cosine: float) -> str:
        advice = [*self._softer_mining(), self._lower_lr(), *self._warm_up(), self._more()]
        return (
            f"All pictures get nearly the same embedding (mean cosine {cosine:.3f}): the model "
            f"has collapsed. Try {_listed(advice)}."
        )

    def _about_few(self, rank: float, d: int) -> str:
        advice = [self._more(), *self._softer_mining()]
        names = {part.name for part in self._recipe.loss}
        if names & {"nt-xent", "supcon", "softmax"}:
            advice.append("a lower loss.temperature")
        if "koleo" not in names:
            advice.append('a second [[loss]] with name = "koleo" and weight = 0.1')
        return (
            f"The embeddings use about {rank:.1f} of their {d} dimensions: the model tells "
            f"pictures apart in few ways only. Try {_listed(advice)}."
        )

    def _about_margin(self, loss: float) -> str:
        advice = [*self._softer_mining(), self._lower_lr(), *self._warm_up(), self._more()]
        return (
            f"The triplet loss stays at its margin ({loss:.3f}): positives and negatives are "
            f"equally far from their anchors. Try {_listed(advice)}."
        )

    def _softer_mining(self) -> list[str]:
        hard = {part.name for part in self._recipe.loss if part.mining == "hard"}
        if "triplet" in hard:
            return ['loss.mining = "semi-hard" instead of "hard"']
        return ['loss.mining = "all" instead of "hard"'] if hard else []

    def _lower_lr(self) -> str:
        return f"a lower fit.lr such as {self._recipe.fit.lr / 3:.1g}"

    def _warm_up(self) -> list[str]:
        return ["a longer fit.warm_up such as 0.1"] if self._recipe.fit.warm_up < 0.1 else []

    def _more(self) -> str:
        return f"a larger batch.size such as {2 * self._recipe.batch.size}"


def _listed(advice: list[str]) -> str:
    return advice[0] if len(advice) == 1 else f"{', '.join(advice[:-1])} or {advice[-1]}"
