"""A recipe: all that decides how a model is made and judged; the same as a TOML file."""
# Over 300 lines: most of them tell what the keys mean, and one list is easier to read than two.

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, Self

from lookalike.nouns.card import Fit
from lookalike.nouns.errors import RecipeError
from lookalike.nouns.recipe_text import filled, overlaid, to_toml

Layout = Literal["auto", "classes", "manifest", "pairs", "triplets", "matched", "unlabelled"]
Pooling = Literal["avg", "gem"]
HeadKind = Literal["none", "linear", "mlp", "skip"]
Distance = Literal["cosine", "l2", "l1"]
Mining = Literal["all", "random", "semi-hard", "hard"]
BatchKind = Literal["shuffled", "balanced", "pairs", "triplets", "views"]
Optimiser = Literal["sgd", "adam", "adamw"]
Schedule = Literal["cosine", "constant"]
Precision = Literal["auto", "32", "bf16"]


@dataclass(frozen=True, slots=True)
class DataPart:
    """Which pictures, and what they are for.

    Attributes:
        source: a folder, a CSV or Parquet manifest, a triplet text file, or the name of a
            standard set.
        layout: how it is laid out; "auto" finds out.
        validation: share of the training pictures kept back to choose thresholds.
        test: share kept back for the report, where the source has no test part of its own.
        unseen_classes: share of the classes, the last in order, that training never sees.
        per_class: at most so many pictures of each class and part; 0 for all.
        seed: of all drawing.
    """

    source: str = ""
    layout: Layout = "auto"
    validation: float = 0.15
    test: float = 0.2
    unseen_classes: float = 0.0
    per_class: int = 0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class BackbonePart:
    """The network that sees.

    Attributes:
        names: timm's names, or resnet20, resnet32, resnet44, resnet56 of the CIFAR kind; several
            make an ensemble whose features are joined.
        weights: "hub", "none" (from scratch), or a file; one for each name or one for all.
        trained: "all", "none" (frozen), or "last N" for the last N stages.
        pooling: of the last map.
        size_px: input side; 0 for the backbone's own.
        begin: the folder of a run whose network, head and all, this training goes on from; empty
            for the weights above.
        fit: how a picture becomes a square: cut out of its centre, squashed, or padded with grey.
    """

    names: tuple[str, ...] = ("efficientnet_b0",)
    weights: tuple[str, ...] = ("hub",)
    trained: str = "all"
    pooling: Pooling = "avg"
    size_px: int = 0
    fit: Fit = "crop"
    begin: str = ""


@dataclass(frozen=True, slots=True)
class HeadPart:
    """What turns features into an embedding, which is always scaled to length 1.

    Attributes:
        kind: none; linear; mlp (ReLU between, He-uniform start); skip (starts as the identity).
        widths: of its layers, the last being the embedding; none needs none, skip no more than
            the width inside.
        dropout: before the last layer, in [0, 1).
        classes: answer with how likely each class of the training is, instead of with the
            embedding: these classes are told apart better, others hardly. Needs the loss softmax.
        shares: how much each of several parts of equal width counts in a score, summing to 1;
            each part may have losses of its own, as in [0.5, 0.5]; empty for one embedding.
    """

    kind: HeadKind = "none"
    widths: tuple[int, ...] = ()
    dropout: float = 0.0
    classes: bool = False
    shares: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class LossPart:
    """What is made small. Several are added up.

    Attributes:
        name: one of the table of losses.
        weight: in the sum.
        margin: left out, it is the loss's own; likewise scale and temperature.
        scale: of margin softmax losses.
        temperature: of contrastive softmax losses.
        distance: how the loss compares embeddings.
        mining: which triplets or pairs of a batch count.
        memory: so many earlier embeddings join the batch as further partners; 0 for none.
        part: of the embedding that it looks at, from 1, see head.shares; 0 for all of it.
    """

    name: str = "triplet"
    weight: float = 1.0
    margin: float | None = None
    scale: float | None = None
    temperature: float | None = None
    distance: Distance = "cosine"
    mining: Mining = "all"
    memory: int = 0
    part: int = 0


@dataclass(frozen=True, slots=True)
class BatchPart:
    """How pictures come together in a batch.

    Attributes:
        kind: shuffled; balanced (P classes x K pictures); pairs (half of them of one class);
            triplets; views (each picture several times, edited anew).
        size: pictures a batch, or pairs, or triplets.
        classes: P of balanced batches.
        pictures: K of balanced batches; also the number of views.
        drawn: train on so many pairs or triplets, drawn once; 0 draws new ones for each epoch.
        per_epoch: pictures, pairs or triplets an epoch; 0 for as many as there are pictures.
    """

    kind: BatchKind = "shuffled"
    size: int = 64
    classes: int = 16
    pictures: int = 4
    drawn: int = 0
    per_epoch: int = 0


@dataclass(frozen=True, slots=True)
class AugmentPart:
    """How pictures are changed on the way into training.

    Attributes:
        name: one of the table of augmentations.
        strength: 0 for none, 1 for the usual.
        view_strengths: of each view of a picture in turn, times `strength`, as in [0.3, 1]; empty
            for all the same.
        turned_classes: each class turned by 90, 180 and 270 degrees is taught as three more, for
            characters and other things that have a right way up.
    """

    name: str = "light"
    strength: float = 1.0
    view_strengths: tuple[float, ...] = ()
    turned_classes: bool = False


@dataclass(frozen=True, slots=True)
class FitPart:
    """How the training runs.

    Attributes:
        epochs: passes.
        optimiser: which.
        lr: highest learning rate.
        head_lr: of head and loss, where they have their own; 0 for `lr`.
        weight_decay: of weights, not of biases and norms.
        momentum: of sgd.
        schedule: of the learning rate after warming up.
        warm_up: share of all steps.
        ema: decay of the averaged weights; 0 for none.
        clip: largest norm of the gradient; 0 for no limit.
        precision: "auto" measures which is faster.
        patience: stop after so many epochs without a better validation; 0 for never.
        feature_views: of a frozen backbone: features of so many edited views of each picture are
            kept; 1 keeps those of the picture itself.
        sizes_px: input sides over the course of the training, each for an equal share of the
            epochs, as in [20, 24, 32]: small ones first are faster; empty for the backbone's own.
        workers: processes that prepare pictures; -1 finds out.
        seed: of all chance.
        stop: leave the schedule after so many passes, for another training to go on; 0 for never.
    """

    epochs: int = 10
    optimiser: Optimiser = "adamw"
    lr: float = 1e-3
    head_lr: float = 0.0
    weight_decay: float = 0.01
    momentum: float = 0.9
    schedule: Schedule = "cosine"
    warm_up: float = 0.05
    ema: float = 0.0
    clip: float = 0.0
    precision: Precision = "auto"
    patience: int = 0
    feature_views: int = 1
    sizes_px: tuple[int, ...] = ()
    workers: int = -1
    seed: int = 0
    stop: int = 0


@dataclass(frozen=True, slots=True)
class JudgePart:
    """How the model is judged.

    Attributes:
        protocols: of the table of protocols; empty for all that the data allow.
        pairs: balanced pairs to draw for verification.
        triplets: to draw; trios likewise.
        ways: classes an episode.
        shots: examples a class.
        episodes: to draw for each number of ways.
        top: how deep matching and retrieval look.
        wrong_at_most: choose the threshold for so small a share of wrong "same"; 0 chooses the
            one with the best accuracy.
        seed: of all drawing.
    """

    protocols: tuple[str, ...] = ()
    pairs: int = 10_000
    triplets: int = 10_000
    ways: tuple[int, ...] = (5, 10, 20)
    shots: int = 1
    episodes: int = 1_000
    top: int = 15
    wrong_at_most: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class TeacherPart:
    """Models whose embeddings a student learns.

    Attributes:
        models: one-file models; several are joined.
    """

    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is made and judged.

    Attributes:
        name: of the recipe and of its model.
        summary: one sentence.
        published: the figure to be held beside it, with its source; may be empty.
        data: which pictures.
        backbone: the network that sees.
        head: from features to the embedding.
        loss: one or several, added up.
        batch: how pictures come together.
        augment: how they are changed.
        fit: how the training runs.
        judge: how the model is judged.
        teacher: whose embeddings are learned, if any.
        quick: what `--quick` changes, part by part.
    """

    name: str
    summary: str = ""
    published: str = ""
    data: DataPart = DataPart()
    backbone: BackbonePart = BackbonePart()
    head: HeadPart = HeadPart()
    loss: tuple[LossPart, ...] = (LossPart(),)
    batch: BatchPart = BatchPart()
    augment: AugmentPart = AugmentPart()
    fit: FitPart = FitPart()
    judge: JudgePart = JudgePart()
    teacher: TeacherPart = TeacherPart()
    quick: Mapping[str, Mapping[str, object]] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        for wrong, where, what in (
            (not self.name, "name", "A recipe needs a name"),
            (not self.loss, "loss", "A recipe needs a loss"),
            (not 0 <= self.data.validation < 1, "data.validation", "A share lies in [0, 1)"),
            (not 0 <= self.data.test < 1, "data.test", "A share lies in [0, 1)"),
            (
                not 0 <= self.data.unseen_classes < 1,
                "data.unseen_classes",
                "A share lies in [0, 1)",
            ),
            (
                len(self.backbone.weights) not in (1, len(self.backbone.names)),
                "backbone.weights",
                "Weights are named once for all backbones, or once for each",
            ),
            (not 0 <= self.head.dropout < 1, "head.dropout", "A share lies in [0, 1)"),
            (not _are_shares(self.head.shares), "head.shares", "Shares above 0 sum to 1"),
            (
                bool(self.head.shares) and self.head.classes,
                "head.classes",
                "An embedding in parts has no answers by class: leave one of both out",
            ),
            (
                not all(0 <= one.part <= len(self.head.shares) for one in self.loss),
                "loss.part",
                "A part is one of those of head.shares, counted from 1, or 0",
            ),
            (
                min(self.augment.view_strengths, default=0) < 0,
                "augment.view_strengths",
                "Strengths are 0 or more",
            ),
            (self.fit.epochs < 0, "fit.epochs", "A number of epochs is 0 or more"),
            (self.fit.stop < 0, "fit.stop", "A number of epochs is 0 or more"),
            (self.fit.lr <= 0, "fit.lr", "A learning rate is above 0"),
            (min(self.fit.sizes_px, default=1) < 1, "fit.sizes_px", "A side is 1 pixel or more"),
            (
                self.augment.turned_classes and bool(self.teacher.models),
                "augment.turned_classes",
                "A teacher knows no turned classes: set it to false",
            ),
            (self.batch.size < 2, "batch.size", "A batch needs two pictures or more"),
        ):
            if wrong:
                raise RecipeError(what, where=where)

    def quickened(self) -> "Recipe":
        """The same with the changes of `quick`: a trial of minutes, not a result.

        Its name says so, so that neither run folder nor model file is taken for the real ones.

        Raises:
            RecipeError: a part or key of `quick` is not known, or a value does not fit.
        """
        return replace(overlaid(self, self.quick, "quick"), name=f"{self.name}-quick")

    def changed(self, changes: Mapping[str, Mapping[str, object]]) -> "Recipe":
        """The same with other values, part by part: {"fit": {"epochs": 3}}.

        Raises:
            RecipeError: a part or key is not known, or a value does not fit.
        """
        return overlaid(self, changes)

    def to_toml(self) -> str:
        """The recipe as the file it could have been read from."""
        return to_toml(self)

    @classmethod
    def from_mapping(cls, data: Mapping[str, object]) -> Self:
        """The recipe that a TOML file holds.

        Raises:
            RecipeError: a key is not known or missing, or a value does not fit; names the nearest
                key.
        """
        made = filled(cls, data)
        made.quickened()  # so that a slip in [quick] is told now
        return made


def _are_shares(shares: tuple[float, ...]) -> bool:
    return not shares or (min(shares) > 0 and abs(sum(shares) - 1) < 1e-6)
