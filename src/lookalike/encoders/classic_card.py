"""The card of the classic encoder; benchmarks/quality/classic.py fits its calibrations."""

from lookalike.nouns.card import ModelCard, Preprocessing

SIDE_PX = 64

CARD = ModelCard(
    name="classic",
    d=256,
    preprocessing=Preprocessing(SIDE_PX, SIDE_PX, fit="squash", interpolation="bilinear"),
    calibrations=(),
    licence="Apache-2.0",
    provenance="no learned weights: light, colour and gradient layout of 64 x 64 pixels",
)
