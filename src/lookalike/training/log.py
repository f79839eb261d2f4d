"""Keeps what Lightning, torch and the hub say to themselves away from the screen."""

import contextlib
import logging
import warnings
from collections.abc import Iterator

_TALKATIVE = (
    *("lightning.pytorch", "lightning.fabric", "lightning_fabric", "pytorch_lightning"),
    "huggingface_hub",
)


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """No tips, no notices of devices and no warnings of others while this lasts; errors pass."""
    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)
