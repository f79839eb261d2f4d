"""Files of weights that need more than their tensors: how they want the network and its input."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

Triple = tuple[float, float, float]
HALVES: Triple = (0.5, 0.5, 0.5)
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
CIFAR_MEAN, CIFAR_STD = (0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010)


@dataclass(frozen=True, slots=True)
class KnownWeights:
    """What one file of weights wants.

    Attributes:
        architecture: the network, by the name it is built under.
        mean: of each channel, subtracted.
        std: of each channel, divided by.
        crop_share: share of the short side that the centre crop keeps.
        options: for building the network.
        bare: a layer of the network whose activation the weights were made without.
    """

    architecture: str
    mean: Triple
    std: Triple
    crop_share: float = 1.0
    options: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    bare: str = ""


_SAME = MappingProxyType({"pad_type": "same"})

KNOWN = {
    # Converted from TensorFlow's networks: inputs from -1 to 1, its way of padding.
    "88fd790ce21105a8d002d959399276fa94f2a41cb9318ab21250ab530750d9d3": KnownWeights(
        "mobilenetv2_100", HALVES, HALVES, 0.875, _SAME
    ),
    "dcf1959c841e3041aee4ac5d5f939b5e3261bf8e083190d6c9242a2b57e64ae4": KnownWeights(
        "mobilenet_edgetpu_100", HALVES, HALVES, 0.875, _SAME, "blocks.0.0.bn1"
    ),
    "2262a8156167d386bfd5b7f57530b37b31149cb1979039d9f1cc8df6c34e340a": KnownWeights(
        "mobilenetv1_025", HALVES, HALVES, 0.875, _SAME
    ),
    # CIFAR-10 classifier; CIFAR-100 triplet networks, trained on all and on 90 classes.
    "8f57958b943cc42f2276d83777059ea5a3fd3a7ef5fdcb68344e4b38c0d5887b": KnownWeights(
        "resnet20", IMAGENET_MEAN, IMAGENET_STD
    ),
    "2fe81d2c51620a7945c57c89f1bcdcf2b50d72e689e3539557ec2702a0cc7e39": KnownWeights(
        "resnet56", CIFAR_MEAN, CIFAR_STD
    ),
    "3fca9749c1ea1d6b175c8681b6d015ff71a521470f8c5d6d688616f76b1eb18f": KnownWeights(
        "resnet56", CIFAR_MEAN, CIFAR_STD
    ),
}
"""By the SHA-256 of the file: another file of the same name is treated like any other."""


def known_weights(path: Path) -> KnownWeights | None:
    """What is known about this file of weights."""
    with path.open("rb") as file:
        return KNOWN.get(hashlib.file_digest(file, "sha256").hexdigest())
