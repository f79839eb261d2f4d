"""Heads have the layers that a recipe asks for, and start as it says."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from lookalike.nouns.errors import RecipeError
from lookalike.nouns.recipe import HeadPart
from lookalike.training.heads import build_head
from lookalike.training.pooling import GeM


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)


def layers(head):
    return [m for m in head.modules() if not list(m.children())]


def test_none_is_the_features_themselves():
    head = build_head(HeadPart(), 7)
    x = torch.randn(3, 7)
    assert head.d == 7
    assert torch.equal(head(x), x)
    assert not list(head.parameters())


@pytest.mark.parametrize("widths", [(10,), (512, 10), (1000, 1000), (3000, 2000, 1000)])
def test_an_mlp_has_relu_between_and_dropout_before_the_last(widths):
    head = build_head(HeadPart("mlp", widths, 0.3), 20)
    kinds = [type(layer) for layer in layers(head)]
    assert kinds == [nn.Linear, nn.ReLU] * (len(widths) - 1) + [nn.Dropout, nn.Linear]
    linear = [layer for layer in layers(head) if isinstance(layer, nn.Linear)]
    assert [layer.in_features for layer in linear] == [20, *widths[:-1]]
    assert [layer.out_features for layer in linear] == list(widths)
    assert head.d == widths[-1]
    assert head(torch.randn(2, 20)).shape == (2, widths[-1])


def test_without_dropout_there_is_no_such_layer():
    assert [type(m) for m in layers(build_head(HeadPart("linear", (4,)), 6))] == [nn.Linear]


@pytest.mark.parametrize("kind", ["linear", "mlp"])
def test_weights_start_he_uniform_and_biases_at_zero(kind):
    (layer,) = layers(build_head(HeadPart(kind, (300,)), 150))
    bound = (6 / 150) ** 0.5
    assert float(layer.weight.detach().abs().max()) <= bound
    # 45,000 uniform numbers: spread and extremes are those of the bound.
    assert float(layer.weight.detach().abs().max()) > 0.99 * bound
    assert float(layer.weight.detach().std()) == pytest.approx(bound / 3**0.5, rel=0.02)
    assert not layer.bias.any()


@given(
    width=st.integers(1, 40),
    inner=st.integers(1, 40),
    dropout=st.sampled_from([0.0, 0.5]),
    seed=st.integers(0, 99),
)
def test_skip_starts_as_the_identity(width, inner, dropout, seed):
    head = build_head(HeadPart("skip", (inner,), dropout), width)
    x = torch.randn(3, width, generator=torch.Generator().manual_seed(seed)) * 100
    assert head.d == width
    assert torch.equal(head(x), x)


def test_skip_can_learn():
    head = build_head(HeadPart("skip"), 8)
    x = torch.randn(4, 8)
    head(x).square().sum().backward()
    moved = [p for p in head.parameters() if p.grad is not None and p.grad.any()]
    with torch.no_grad():
        for parameter in moved:
            parameter -= 0.01 * parameter.grad
    assert moved
    assert not torch.equal(head(x), x)


def test_a_narrower_skip_starts_as_an_orthonormal_projection():
    head = build_head(HeadPart("skip", (16, 5)), 12)
    rows = head(torch.eye(12)).T  # (5, 12), the projection
    torch.testing.assert_close(rows @ rows.T, torch.eye(5), atol=1e-5, rtol=0)
    x = torch.randn(6, 12)
    assert head.d == 5
    assert (head(x).norm(dim=1) <= x.norm(dim=1) + 1e-5).all()


@pytest.mark.parametrize(
    ("kind", "widths"),
    [
        ("none", (5,)),
        ("linear", ()),
        ("linear", (5, 5)),
        ("mlp", ()),
        ("mlp", (5, 0)),
        ("skip", (5, 5, 5)),
        ("skip", (5, 9)),
    ],
)
def test_widths_that_do_not_fit_are_refused(kind, widths):
    with pytest.raises(RecipeError) as told:
        build_head(HeadPart(kind, widths), 8)
    assert told.value.where == "head.widths"


@given(p=st.floats(1, 12), more=st.floats(0.1, 5), seed=st.integers(0, 99))
def test_gem_lies_between_mean_and_maximum_and_rises_with_p(p, more, seed):
    places = torch.rand(2, 9, 4, generator=torch.Generator().manual_seed(seed)) + 0.01
    with torch.no_grad():
        lower, higher = GeM(p)(places), GeM(p + more)(places)
    assert (lower >= places.mean(1) - 1e-4).all()
    assert (higher >= lower - 1e-4).all()
    assert (higher <= places.amax(1) + 1e-4).all()


def test_gem_of_power_one_is_the_mean_and_p_is_learned():
    places = torch.rand(2, 9, 4)
    gem = GeM(1.0)
    torch.testing.assert_close(gem(places), places.mean(1))
    gem(-places).sum().backward()  # also where nothing is above zero
    assert torch.isfinite(gem.p.grad)
