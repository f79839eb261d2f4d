"""What a step of training costs beside a bare torch loop, both taking turns in one run.

    python benchmarks/speed/training.py [--rounds 10] [--steps 4]

Both do the same: the same batches from the same loader, prepared in the same process, the same
network, loss, optimiser and schedule, float32 and channels last. Ours is `fit` as every training
uses it, with its log, progress and checkpoints; the other is written down in `Bare`. Each round
holds some steps of ours against as many bare ones.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import torch

from lookalike.nouns.embeddings import Bytes
from lookalike.nouns.labelled import Labelled
from lookalike.nouns.recipe import AugmentPart, BackbonePart, BatchPart, FitPart, LossPart, Recipe
from lookalike.training.device import as_input
from lookalike.training.embedder import build_embedder
from lookalike.training.feed import Material, PictureFeed
from lookalike.training.fit import fit
from lookalike.training.losses import build_losses
from lookalike.training.optimise import build_optimiser
from lookalike.training.pictures import PictureStore
from lookalike.training.schedule import build_schedule

sys.path.insert(0, str(Path(__file__).parents[1]))
from results import write_csv

CLASSES, EACH = 32, 16
WARM_UP = 2
"""Rounds that are not counted."""


def recipe(network: str, b: int, batches: int) -> Recipe:
    return Recipe(
        f"speed-{network}",
        backbone=BackbonePart((network,), ("none",)),
        loss=(LossPart("triplet", mining="semi-hard"),),
        batch=BatchPart("balanced", b, classes=b // 4, pictures=4, per_epoch=b * batches),
        augment=AugmentPart("small"),
        fit=FitPart(epochs=1, optimiser="sgd", lr=0.01, precision="32", workers=0),
    )


def material(store: PictureStore) -> Material:
    n = len(store)
    data = Labelled(
        name="made",
        root=Path("nowhere"),
        paths=tuple(f"{row}.png" for row in range(n)),
        labels=np.arange(n, dtype=np.int64) % CLASSES,
        classes=tuple(f"class {number}" for number in range(CLASSES)),
        parts=np.ones(n, np.int64),
        groups=np.full(n, -1, np.int64),
    )
    return Material(data, store)


class Bare:
    """The loop that one would write without any framework."""

    def __init__(self, wanted: Recipe, store: PictureStore) -> None:
        self.network = build_embedder(wanted).to(memory_format=torch.channels_last).train()
        self.losses = build_losses(wanted.loss, d=self.network.d, n_classes=CLASSES)
        parts = (self.network.backbones, [self.network.head, self.losses])
        self.optimiser = build_optimiser(wanted.fit, *parts)
        loader = PictureFeed(wanted, self.network, material(store)).train()
        self.schedule = build_schedule(self.optimiser, wanted.fit, len(loader))
        self.batches = iter(loader)

    def steps(self, count: int) -> float:
        """Does so many; the seconds they took."""
        since = perf_counter()
        for _ in range(count):
            batch = next(self.batches)
            embeddings = self.network(as_input(batch.pictures))
            loss = self.losses(embeddings, batch.labels)
            self.optimiser.zero_grad()
            loss.backward()
            self.optimiser.step()
            self.schedule.step()
        return perf_counter() - since


class Clock(PictureStore):
    """Pictures that tell when so many have been asked for: whole steps, as `fit` sees them."""

    every = 0
    asked = 0
    ring: Callable[[], None]

    def get(self, row: int) -> Bytes:
        """The picture; rings first where it is the first of so many."""
        if self.asked % self.every == 0:
            self.ring()
        self.asked += 1
        return super().get(row)


def measured(network: str, b: int, rounds: int, steps: int) -> dict[str, object]:
    """Both loops, in turns."""
    chance = np.random.default_rng(0)
    made = chance.integers(0, 256, (CLASSES * EACH, 32, 32, 3), dtype=np.uint8)
    wanted = recipe(network, b, (rounds + WARM_UP + 1) * steps)
    bare = Bare(wanted, PictureStore.of(made))
    ours: list[float] = []
    theirs: list[float] = []
    since = [0.0]

    def ring() -> None:
        ours.append(perf_counter() - since[0])
        theirs.append(bare.steps(steps))
        since[0] = perf_counter()

    store = Clock.of(made)
    store.every, store.ring = b * steps, ring
    with tempfile.TemporaryDirectory() as folder:
        fit(wanted, build_embedder(wanted), material(store), folder=Path(folder) / "run")
    # What rang first stands before any step of ours, and what is warm counts only.
    pairs = list(zip(ours[1:], theirs[1:], strict=True))[WARM_UP:]
    ratios = sorted(one / other for one, other in pairs)
    return {
        "name": f"{network}, batch {b}",
        "value": round(median(one for one, _ in pairs) / steps * 1e3, 2),
        "unit": "ms/step",
        "ratio": round(median(ratios), 3),
        "spread": f"{ratios[0]:.3f} {ratios[-1]:.3f}",
        "bare": round(median(other for _, other in pairs) / steps * 1e3, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--steps", type=int, default=4)
    options = parser.parse_args()
    rows = []
    for network, b in (("resnet20", 128), ("resnet56", 128), ("conv4", 64)):
        rows.append(measured(network, b, options.rounds, options.steps))
        print(*rows[-1].values(), sep="  ", flush=True)
    print(write_csv("training", rows))


if __name__ == "__main__":
    main()
