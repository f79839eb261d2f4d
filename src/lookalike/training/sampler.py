"""Hands each process its batches of an epoch."""

from collections.abc import Iterator

import torch
import torch.distributed
from torch.utils.data import DistributedSampler, TensorDataset

from lookalike.training.plans import Plan, Planner


class EpochPlans(DistributedSampler[Plan]):
    """The plans of the epoch that was set, or this process's share of them.

    Being a DistributedSampler it is not replaced by Lightning, which would shard single items and
    so tear batches apart. The process's place is asked when an epoch begins, since processes may
    be joined after the loader was made.
    """

    def __init__(self, planner: Planner, epoch: int, *, repeat: bool) -> None:
        """Shards the batches of a planner.

        Args:
            planner: of whole epochs, alike in all processes.
            epoch: the first one.
            repeat: whether batches come twice where they cannot be shared out evenly; else some
                are skipped.
        """
        super().__init__(TensorDataset(torch.empty(1)), num_replicas=1, rank=0, shuffle=False)
        self._planner, self._repeat = planner, repeat
        self._planned: tuple[int, list[Plan]] = (-1, [])
        self.set_epoch(epoch)

    def __iter__(self) -> Iterator[Plan]:
        return iter(self.shard(*_place()))

    def __len__(self) -> int:
        return len(self.shard(*_place()))

    def shard(self, rank: int, world: int) -> list[Plan]:
        """The batches of one of `world` processes; all get equally many."""
        if self._planned[0] != self.epoch:
            self._planned = self.epoch, self._planner(self.epoch)
        plans = self._planned[1]
        if self._repeat and plans:
            plans = [plans[place % len(plans)] for place in range(-(-len(plans) // world) * world)]
        return plans[rank : len(plans) // world * world : world]


def _place() -> tuple[int, int]:
    """This process's number, and how many there are."""
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        return torch.distributed.get_rank(), torch.distributed.get_world_size()
    return 0, 1
