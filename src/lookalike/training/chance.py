"""Chance that depends on names and numbers alone, never on what was drawn before."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b

import numpy as np
import torch


def seed_of(*parts: int | str) -> int:
    """A seed below 2**63 for these parts in this order; other parts give an unrelated one."""
    digest = blake2b(repr(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


def generator_of(*parts: int | str) -> np.random.Generator:
    """A source of chance for these parts; see `seed_of`."""
    return np.random.default_rng(seed_of(*parts))


@contextmanager
def torch_kept() -> Iterator[torch.Generator]:
    """Torch's own source of chance on the CPU, to be seeded freely; put back afterwards.

    Torchvision's transforms draw from it and take no other.
    """
    state = torch.default_generator.get_state()
    try:
        yield torch.default_generator
    finally:
        torch.default_generator.set_state(state)


def drawn_generator() -> np.random.Generator:
    """A source for what draws from NumPy, begun by torch's own."""
    return np.random.default_rng(int(torch.randint(2**63 - 1, ())))
