"""The ladder's order, what detail is needed for, and that more evidence is never less."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.encoders.classic_card import CARD, SIDE_PX
from lookalike.nouns.alignment import Alignment
from lookalike.nouns.card import Calibration, ModelCard, Preprocessing
from lookalike.nouns.verdict import Level, Rung
from lookalike.verdicts.calibrate import DOUBT, EVEN_PRIOR
from lookalike.verdicts.decide import (
    HASH_BITS,
    HASH_CALIBRATION,
    HASH_RELATION,
    Evidence,
    Priors,
    alike_chance,
    chance_of_level,
    decide,
    hash_probability,
    score_probability,
)

SHARP = ModelCard(
    name="sharp",
    d=8,
    preprocessing=Preprocessing(SIDE_PX, SIDE_PX),
    calibrations=(
        Calibration("edited copy", slope=80.0, intercept=-60.0, near=(90.0, -80.0)),
        Calibration("similar", slope=20.0, intercept=-8.0),
    ),
)
"""A model that tells copies from near misses, unlike classic."""

UNTAUGHT = ModelCard(name="untaught", d=8, preprocessing=Preprocessing(8, 8))

TAUGHT = ModelCard(
    name="taught",
    d=8,
    preprocessing=Preprocessing(8, 8),
    calibrations=(Calibration("same class", slope=20.0, intercept=-8.0),),
)
"""A model that was trained on classes."""

cards = st.sampled_from([CARD, SHARP, UNTAUGHT, TAUGHT])
bits = st.none() | st.integers(0, HASH_BITS)
scores = st.floats(-1, 1)
many_priors = st.builds(Priors.of_pair, st.integers(2, 10**8)) | st.builds(
    Priors.of_hit, st.integers(1, 10**8)
)
priors = st.just(Priors.by_hand()) | many_priors
evidence = st.builds(
    Evidence,
    same_bytes=st.booleans(),
    same_pixels=st.booleans(),
    score=scores,
    hash_bits=bits,
    turn=st.sampled_from(["", "mirrored"]),
)


def seen(**what) -> Evidence:
    nothing = {"same_bytes": False, "same_pixels": False, "score": 0.0, "hash_bits": 128}
    return Evidence(**{**nothing, **what})


@given(evidence, cards, priors)
def test_equal_bytes_and_equal_pixels_decide_alone(look, card, before):
    verdict = decide(look, card, before)
    assert (verdict.level is Level.SAME_FILE) == look.same_bytes
    assert (verdict.level is Level.SAME_PICTURE) == (look.same_pixels and not look.same_bytes)
    assert (verdict.probability == 1) == (look.same_bytes or look.same_pixels)


@given(evidence, cards, priors)
def test_nothing_but_bytes_and_pixels_is_certain(look, card, before):
    look = dataclasses.replace(look, same_bytes=False, same_pixels=False)
    verdict = decide(look, card, before)
    slack = 1e-7
    assert DOUBT - slack <= verdict.probability <= 1
    assert verdict.level is Level.DIFFERENT or verdict.probability <= 1 - DOUBT + slack
    assert verdict.level is not Level.DIFFERENT or verdict.probability >= EVEN_PRIOR


@given(scores, cards, priors)
def test_without_detail_no_hash_and_no_embedding_makes_a_copy(score, card, before):
    verdict = decide(seen(score=score, hash_bits=None), card, before)
    assert not verdict.is_copy
    assert verdict.rung is Rung.EMBEDDING


@given(st.integers(0, HASH_BITS), scores, cards, priors)
def test_the_first_rung_that_is_sure_enough_decides(differ, score, card, before):
    verdict = decide(seen(score=score, hash_bits=differ), card, before)
    by_hash = hash_probability(differ, HASH_CALIBRATION, prior=before.copy)
    by_score = score_probability(score, card, "edited copy", before.copy)
    if by_hash >= EVEN_PRIOR:
        assert (verdict.level, verdict.rung) == (Level.EDITED_COPY, Rung.HASH)
    elif by_score >= EVEN_PRIOR:
        assert (verdict.level, verdict.rung) == (Level.EDITED_COPY, Rung.EMBEDDING)
    else:
        assert not verdict.is_copy
    if verdict.is_copy:
        assert verdict.probability == max(by_hash, by_score)


@given(bits, bits, scores, scores, cards, priors)
def test_more_evidence_is_never_a_lower_level(bits_a, bits_b, score_a, score_b, card, before):
    if bits_a is None or bits_b is None:
        bits_a = bits_b = None
    else:
        bits_a, bits_b = max(bits_a, bits_b), min(bits_a, bits_b)
    low, high = sorted((score_a, score_b))
    weak = decide(seen(score=low, hash_bits=bits_a), card, before)
    strong = decide(seen(score=high, hash_bits=bits_b), card, before)
    assert weak.level.rank <= strong.level.rank
    if weak.level is strong.level:
        rises = weak.level is not Level.DIFFERENT
        assert weak.closeness[:2] <= strong.closeness[:2]
        assert (weak.probability <= strong.probability) == rises or (
            weak.probability == strong.probability
        )


@given(evidence, cards, st.integers(2, 10**7), st.integers(2, 10**7))
def test_a_larger_collection_is_never_surer(look, card, a, b):
    small, large = sorted((a, b))
    for made in (Priors.of_pair, Priors.of_hit):
        in_large, in_small = decide(look, card, made(large)), decide(look, card, made(small))
        assert in_large.level.rank <= in_small.level.rank


def test_the_ladder_from_top_to_bottom():
    before = Priors.by_hand()
    rungs = [
        (seen(same_bytes=True, same_pixels=True, hash_bits=0, score=1.0), Level.SAME_FILE),
        (seen(same_pixels=True, hash_bits=0, score=1.0), Level.SAME_PICTURE),
        (seen(hash_bits=2, score=1.0), Level.EDITED_COPY),
        (seen(hash_bits=100, score=0.99), Level.EDITED_COPY),
        (seen(hash_bits=100, score=0.6), Level.SIMILAR),
        (seen(hash_bits=128, score=0.0), Level.DIFFERENT),
    ]
    found = [decide(look, SHARP, before) for look, _ in rungs]
    assert [verdict.level for verdict in found] == [level for _, level in rungs]
    assert [verdict.rung for verdict in found] == [
        Rung.BYTES,
        Rung.PIXELS,
        Rung.HASH,
        Rung.EMBEDDING,
        Rung.EMBEDDING,
        Rung.EMBEDDING,
    ]


@given(evidence, cards, priors)
def test_what_is_not_different_is_alike_and_the_chance_of_a_level_rises_downwards(
    look, card, before
):
    verdict = decide(look, card, before)
    alike = alike_chance(look, card, before)
    assert (alike >= EVEN_PRIOR) == (verdict.level is not Level.DIFFERENT)
    chances = [chance_of_level(level, look, card, before) for level in list(Level)[:-1]]
    assert chances == sorted(chances)
    assert chances[-1] == alike


def test_a_model_that_was_taught_classes_says_same_class():
    before = Priors.by_hand()
    assert decide(seen(score=0.6), TAUGHT, before).level is Level.SAME_CLASS
    assert decide(seen(score=0.0), TAUGHT, before).level is Level.DIFFERENT
    assert decide(seen(score=1.0, hash_bits=0), TAUGHT, before).level is Level.EDITED_COPY
    one_scene = Alignment(np.zeros((2, 3), np.float32), 40, 40, changed=0.9, contained=0.3)
    verdict = decide(seen(score=0.0, alignment=one_scene), TAUGHT, before)
    assert verdict.level is Level.SIMILAR


def test_classic_alone_never_calls_a_copy():
    for before in (Priors.by_hand(), Priors.of_pair(2), Priors.of_hit(1)):
        verdict = decide(seen(hash_bits=60, score=1.0), CARD, before)
        assert verdict.level is Level.SIMILAR


@pytest.mark.parametrize("differ", [28, 36, 50, 70])
def test_burst_frames_are_similar_and_no_copies(differ):
    # Real consecutive frames differ in 28 to 70 bits and score 0.96 to 0.996.
    verdict = decide(seen(hash_bits=differ, score=0.99), CARD, Priors.of_pair(2))
    assert verdict.level is Level.SIMILAR


def test_the_reason_names_what_was_seen():
    before = Priors.by_hand()
    turned = decide(seen(hash_bits=3, turn="mirrored"), CARD, before)
    assert "253 of 256" in turned.reason
    assert turned.reason.endswith("mirrored")
    assert "0.25" in decide(seen(score=0.25), CARD, before).reason


def test_a_model_without_calibrations_leaves_all_to_the_hash():
    before = Priors.by_hand()
    assert decide(seen(score=1.0), UNTAUGHT, before).level is Level.DIFFERENT
    assert decide(seen(score=-1.0, hash_bits=0), UNTAUGHT, before).rung is Rung.HASH


def test_a_curve_of_a_folders_own_hashes_takes_the_place_of_the_usual_one():
    stricter = Calibration(HASH_RELATION, 90.0, -78.0, near=HASH_CALIBRATION.near)
    own = dataclasses.replace(CARD, calibrations=(*CARD.calibrations, stricter))
    priors = Priors.of_pair(1000)
    usual, strict = (
        [decide(seen(score=0.0, hash_bits=bits), card, priors).is_copy for bits in range(40)]
        for card in (CARD, own)
    )
    assert 0 < sum(strict) < sum(usual)
