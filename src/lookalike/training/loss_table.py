"""The table of losses: formula, when to prefer which, and how each is built.

In the formulas d(a, b) is the distance of two embeddings, s their cosine, y a class, w its learned
direction, m the margin and t the temperature.
"""

import math

from pytorch_metric_learning import losses as library
from torch import nn

from lookalike.nouns.recipe import LossPart
from lookalike.training.loss_entry import (
    ANY_DISTANCE,
    NOT_PAIRS,
    NOT_VIEWS,
    LossEntry,
    Sizes,
    number,
    usual_distance,
)
from lookalike.training.loss_modules import ClassLoss, Loss, MinedLoss, SpreadLoss, TeacherLoss
from lookalike.training.loss_terms import ArcFace, Contrastive, Distil, KoLeo, NTXent, PairBCE
from lookalike.training.mining import Miner, MultiSimilarityPairs, measure_of


def _mined(part: LossPart, sizes: Sizes, term: nn.Module, miner: nn.Module | None = None) -> Loss:
    found = miner or Miner(
        part.mining,
        part.distance,
        wanted="triplets" if part.name == "triplet" else "pairs",
        margin=part.margin or 0.0,
        seed=sizes.seed,
    )
    return MinedLoss(term, found, d=sizes.d, memory=part.memory)


def _pair_bce(part: LossPart, sizes: Sizes) -> Loss:
    usual = usual_distance(part.distance, sizes.d)
    # Starts undecided at the cosine 0.5, or at half the usual distance.
    midpoint = 0.5 if part.distance == "cosine" else -usual / 2
    term = PairBCE(part.distance, scale=number(part.scale) / usual, midpoint=midpoint)
    return _mined(part, sizes, term)


def _contrastive(part: LossPart, sizes: Sizes) -> Loss:
    return _mined(part, sizes, Contrastive(part.distance, number(part.margin)))


def _triplet(part: LossPart, sizes: Sizes) -> Loss:
    measure = measure_of(part.distance)
    term = library.TripletMarginLoss(margin=number(part.margin), distance=measure)
    return _mined(part, sizes, term)


def _nt_xent(part: LossPart, sizes: Sizes) -> Loss:
    return _mined(part, sizes, NTXent(number(part.temperature)))


def _supcon(part: LossPart, sizes: Sizes) -> Loss:
    return _mined(part, sizes, library.SupConLoss(temperature=number(part.temperature)))


def _multi_similarity(part: LossPart, sizes: Sizes) -> Loss:
    term = library.MultiSimilarityLoss(alpha=2, beta=number(part.scale), base=number(part.margin))
    miner = MultiSimilarityPairs() if part.mining == "hard" else None
    return _mined(part, sizes, term, miner)


def _arcface(part: LossPart, sizes: Sizes) -> Loss:
    degrees = math.degrees(number(part.margin))
    return ClassLoss(
        ArcFace(sizes.n_classes, sizes.d, margin=degrees, scale=number(part.scale)),
    )


def _cosface(part: LossPart, sizes: Sizes) -> Loss:
    return ClassLoss(
        library.CosFaceLoss(
            sizes.n_classes, sizes.d, margin=number(part.margin), scale=number(part.scale)
        )
    )


def _proxy_anchor(part: LossPart, sizes: Sizes) -> Loss:
    return ClassLoss(
        library.ProxyAnchorLoss(
            sizes.n_classes, sizes.d, margin=number(part.margin), alpha=number(part.scale)
        )
    )


def _softmax(part: LossPart, sizes: Sizes) -> Loss:
    temperature = number(part.temperature)
    return ClassLoss(
        library.NormalizedSoftmaxLoss(sizes.n_classes, sizes.d, temperature=temperature)
    )


def _koleo(part: LossPart, sizes: Sizes) -> Loss:
    return SpreadLoss(KoLeo())


def _distil(part: LossPart, sizes: Sizes) -> Loss:
    return TeacherLoss(Distil(sizes.d, sizes.teacher_d, relation=number(part.scale)))


LOSSES: dict[str, LossEntry] = {
    "pair-bce": LossEntry(
        _pair_bce,
        """Binary cross-entropy of "alike or not" on the score of a pair.

        p = sigmoid(a * s + b) with learned a > 0 and b; each kind of pair counts half. `scale` is
        where a starts, in units of the usual distance. Prefer it where the data are listed pairs
        and a decision is wanted; where there are classes, triplet and the margin softmax losses
        order the embeddings better.""",
        "Koch et al. 2015, Siamese Neural Networks for One-shot Image Recognition",
        scale=10.0,
        distances=ANY_DISTANCE,
        minings=("all", "random", "hard"),
        memory=True,
    ),
    "contrastive": LossEntry(
        _contrastive,
        """Alike pairs attract, others repel up to a margin.

        1/2 mean d(a, p)^2 + 1/2 mean max(0, m - d(a, n))^2, the second over pairs within the
        margin; the paper's distance is "l2". Prefer it where all pairs of a kind should have one
        distance, so that one threshold serves; triplet asks for order only and fits varied
        classes better.""",
        "Hadsell et al. 2006, Dimensionality Reduction by Learning an Invariant Mapping",
        margin=0.7,
        distances=ANY_DISTANCE,
        minings=("all", "random", "hard"),
        memory=True,
    ),
    "triplet": LossEntry(
        _triplet,
        """The positive is nearer than the negative by a margin.

        mean max(0, d(a, p) - d(a, n) + m) over the triplets that are not yet zero. Mining:
        "semi-hard" is the safe choice; "hard" learns fastest and collapses soonest; "all" is slow
        once most triplets hold; "random" suits few classes. Prefer it to contrastive where classes
        are of different width, and nt-xent to it where batches are large.""",
        "Schroff et al. 2015, arXiv:1503.03832",
        batches=NOT_PAIRS,
        margin=0.2,
        distances=ANY_DISTANCE,
        minings=("all", "random", "semi-hard", "hard"),
        memory=True,
    ),
    "nt-xent": LossEntry(
        _nt_xent,
        """Finds the positive among all negatives of its anchor.

        mean -log(exp(s(a, p) / t) / (exp(s(a, p) / t) + sum over n of exp(s(a, n) / t))). The
        choice for unlabelled pictures in two views, with large batches. A lower temperature looks
        at the hardest negatives only. With classes supcon is smoother.""",
        "Chen et al. 2020, arXiv:2002.05709",
        batches=NOT_PAIRS,
        temperature=0.1,
        memory=True,
    ),
    "supcon": LossEntry(
        _supcon,
        """As nt-xent, with all positives of an anchor at a time.

        mean over anchors of -1/|P| sum over p of log(exp(s(a, p) / t) / sum over all others of
        exp(s / t)). Prefer it to nt-xent where there are classes, and to softmax where classes
        are too many or too small for a direction of their own.""",
        "Khosla et al. 2020, arXiv:2004.11362",
        batches=NOT_PAIRS,
        temperature=0.1,
        memory=True,
    ),
    "multi-similarity": LossEntry(
        _multi_similarity,
        """Pairs weigh by how hard they are, alone and beside the others of their anchor.

        mean of 1/2 log(1 + sum over p of exp(-2 (s - m))) + 1/b log(1 + sum over n of
        exp(b (s - m))), b being `scale`. "hard" adds the paper's own mining. Prefer it to triplet
        for balanced batches of many classes; it has more to tune.""",
        "Wang et al. 2019, arXiv:1904.06627",
        batches=NOT_PAIRS,
        margin=0.5,
        unit="cosine",
        scale=50.0,
        minings=("all", "hard"),
        memory=True,
    ),
    "arcface": LossEntry(
        _arcface,
        """Softmax over classes, the own class handicapped by an angle.

        -log softmax of scale * cos(angle(x, w)), the own class taking cos(angle + m). The margin
        is in radians. The strongest where each class has many pictures; any batch will do, best
        shuffled. Use cosface where it does not start to learn, and a scale of 20 to 30 with less
        than about a thousand classes.""",
        "Deng et al. 2019, arXiv:1801.07698",
        needs=("classes",),
        batches=NOT_VIEWS,
        margin=0.5,
        unit="radians",
        scale=64.0,
    ),
    "cosface": LossEntry(
        _cosface,
        """Softmax over classes, the own class handicapped by a cosine.

        -log softmax of scale * s(x, w), the own class taking s - m. Gentler than arcface where
        embeddings are still far from their class, otherwise its equal.""",
        "Wang et al. 2018, arXiv:1801.09414",
        needs=("classes",),
        batches=NOT_VIEWS,
        margin=0.35,
        unit="cosine",
        scale=64.0,
    ),
    "proxy-anchor": LossEntry(
        _proxy_anchor,
        """Each class's direction against all pictures of the batch.

        mean over classes of log(1 + sum over own x of exp(-a (s - m))) + log(1 + sum over other x
        of exp(a (s + m))), a being `scale`. Learns fast from few pictures a class; it wants a
        higher learning rate for the directions (`head_lr`).""",
        "Kim et al. 2020, arXiv:2003.13911",
        needs=("classes",),
        batches=NOT_VIEWS,
        margin=0.1,
        unit="cosine",
        scale=32.0,
    ),
    "softmax": LossEntry(
        _softmax,
        """Softmax over classes with directions instead of weights, and no margin.

        -log softmax of s(x, w) / t. The plainest and sturdiest with classes: try it first, then
        cosface or arcface for tighter classes.""",
        "Wang et al. 2017, arXiv:1704.06369; Zhai and Wu 2019, arXiv:1811.12649",
        needs=("classes",),
        batches=NOT_VIEWS,
        temperature=0.05,
    ),
    "koleo": LossEntry(
        _koleo,
        """Spreads embeddings: each moves from its nearest neighbour that is no kin.

        -mean log d(x, nearest of another label), in l2. Not a loss of its own: add it with a
        weight of 0.1 to 1 where thresholds should mean the same everywhere, as for copies.""",
        "Sablayrolles et al. 2019, arXiv:1806.03198; Pizzi et al. 2022, arXiv:2202.10261",
        needs=("another",),
    ),
    "distil": LossEntry(
        _distil,
        """Embeddings learn to be a teacher's.

        mean(1 - s(map(x), teacher)) + scale * mean (s(x, x') - s(teacher, teacher'))^2; the map
        is linear, learned, and left out where the widths agree. The second part is what makes the
        student's own scores right, so leave `scale` at 0 only with equal widths. Needs no
        labels.""",
        "Hinton et al. 2015, arXiv:1503.02531; Park et al. 2019, arXiv:1904.05068; "
        "Tung and Mori 2019, arXiv:1907.09682",
        needs=("teacher",),
        scale=10.0,
    ),
}
