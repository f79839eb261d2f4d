"""Heads: from a backbone's features to an embedding."""

from torch import Tensor, nn

from lookalike.nouns.errors import RecipeError
from lookalike.nouns.recipe import HeadPart


class Head(nn.Module):
    """Layers in a row.

    Attributes:
        d: dimensions of what comes out.
    """

    def __init__(self, layers: nn.Module, d: int) -> None:
        super().__init__()
        self.layers = layers
        self.d = d

    def forward(self, features: Tensor) -> Tensor:
        """(b, width) to (b, d), not scaled to length 1."""
        out: Tensor = self.layers(features)
        return out


class Skip(nn.Module):
    """x + f(x), where f is two layers with a ReLU between, of which the last starts at zero.

    It starts as the identity exactly, so that training can only improve on the features.
    """

    def __init__(self, width: int, inner: int, dropout: float) -> None:
        super().__init__()
        last = nn.Linear(inner, width)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.inner = nn.Sequential(_linear(width, inner), nn.ReLU(), *_dropout(dropout), last)

    def forward(self, x: Tensor) -> Tensor:
        """(b, width) to (b, width)."""
        out: Tensor = x + self.inner(x)
        return out


def build_head(part: HeadPart, width: int) -> Head:
    """A head of a recipe.

    * none: the features as they are; d = width.
    * linear: one layer, `widths` being (d,).
    * mlp: a layer for each of `widths`, ReLU between, dropout before the last.
    * skip: starts as the identity. `widths` is () or (inner,), and d = width; with (inner, d) a
      projection without bias follows, whose rows start orthonormal: it keeps angles as well as a
      blind choice of d directions can.

    Weights start He-uniform, biases at zero; see `Skip` for its exception.

    Args:
        part: kind, widths and dropout.
        width: of the features.

    Raises:
        RecipeError: the widths do not fit the kind.
    """
    widths = part.widths
    _check(part, width)
    if part.kind == "none":
        return Head(nn.Identity(), width)
    if part.kind == "skip":
        block = Skip(width, widths[0] if widths else width, part.dropout)
        if len(widths) < 2:
            return Head(block, width)
        return Head(nn.Sequential(block, _orthonormal(width, widths[1])), widths[1])
    layers: list[nn.Module] = []
    before = width
    for after in widths[:-1]:
        layers += [_linear(before, after), nn.ReLU()]
        before = after
    last = _linear(before, widths[-1])
    return Head(nn.Sequential(*layers, *_dropout(part.dropout), last), widths[-1])


def _check(part: HeadPart, width: int) -> None:
    least, most = {"none": (0, 0), "linear": (1, 1), "mlp": (1, 99), "skip": (0, 2)}[part.kind]
    if not least <= len(part.widths) <= most:
        wanted = f"{least}" if least == most else f"{least} to {most}"
        raise RecipeError(
            f"A head of the kind {part.kind!r} takes {wanted} widths, not {len(part.widths)}",
            where="head.widths",
        )
    if any(one < 1 for one in part.widths):
        raise RecipeError("A width is 1 or more", where="head.widths")
    if part.kind == "skip" and len(part.widths) == 2 and part.widths[1] > width:
        raise RecipeError(
            f"A skip head cannot be wider than the features, {width}", where="head.widths"
        )


def _dropout(share: float) -> list[nn.Module]:
    return [nn.Dropout(share)] if share else []


def _linear(before: int, after: int) -> nn.Linear:
    layer = nn.Linear(before, after)
    nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
    nn.init.zeros_(layer.bias)
    return layer


def _orthonormal(before: int, after: int) -> nn.Linear:
    layer = nn.Linear(before, after, bias=False)
    nn.init.orthogonal_(layer.weight)
    return layer
