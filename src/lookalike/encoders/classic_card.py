"""The card of the classic encoder; benchmarks/quality/encoder_curves.py fits its calibrations."""

from lookalike.nouns.card import Calibration, ModelCard, Preprocessing

SIDE_PX = 64

CARD = ModelCard(
    name="classic",
    d=256,
    preprocessing=Preprocessing(SIDE_PX, SIDE_PX, fit="squash", interpolation="bilinear"),
    calibrations=(
        Calibration(
            relation="edited copy",
            slope=33.75,
            intercept=-15.80,
            near=(0.0, -2.0),
            learned_on="7,800 edited copies and 79,597,868 pairs of photographs of two classes, "
            "1 pair in 160 of them from one series; every two frames of four bursts",
        ),
        Calibration(
            relation="similar",
            slope=7.62,
            intercept=-1.80,
            learned_on="photographs of clothes, flowers, weather and groceries: pairs of one "
            "class, and 3,624,990 pairs of two classes",
        ),
    ),
    licence="Apache-2.0",
    provenance="no learned weights: light, colour and gradient layout of 64 x 64 pixels",
)
