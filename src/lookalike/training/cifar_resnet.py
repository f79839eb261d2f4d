"""Residual networks for pictures of 32 x 32 pixels: 20, 32, 44 or 56 layers.

Source: He et al. 2016, arXiv:1512.03385, section 4.2 (shortcuts of option A).
"""

import torch.nn.functional as F
from torch import Tensor, nn

_CHANNELS = (16, 32, 64)


class CifarBlock(nn.Module):
    """Two 3 x 3 convolutions beside a shortcut without weights.

    Where the map shrinks, the shortcut takes every second place and fills the new channels, half
    of them before and half behind, with zeros.
    """

    def __init__(self, channels_in: int, channels: int) -> None:
        super().__init__()
        self.stride = 1 if channels == channels_in else 2
        self.added = (channels - channels_in) // 2
        self.conv1 = nn.Conv2d(channels_in, channels, 3, self.stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """(b, channels_in, h, w) to (b, channels, h / stride, w / stride)."""
        inner = F.relu(self.bn1(self.conv1(x)))
        inner = self.bn2(self.conv2(inner))
        if self.stride > 1:
            x = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, self.added, self.added))
        return F.relu(inner + x)


class CifarResNet(nn.Module):
    """Three stages of 16, 32 and 64 channels; 64 features, the mean over the last map."""

    classifier = "linear"

    def __init__(self, layers: int) -> None:
        """Builds it with He-normal convolutions.

        Args:
            layers: 6 n + 2, for n blocks a stage.
        """
        super().__init__()
        blocks = (layers - 2) // 6
        self.conv1 = nn.Conv2d(3, _CHANNELS[0], 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(_CHANNELS[0])
        self.layer1 = _stage(_CHANNELS[0], _CHANNELS[0], blocks)
        self.layer2 = _stage(_CHANNELS[0], _CHANNELS[1], blocks)
        self.layer3 = _stage(_CHANNELS[1], _CHANNELS[2], blocks)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight)

    def forward_features(self, x: Tensor) -> Tensor:
        """(b, 3, h, w) to the last map, (b, 64, h / 4, w / 4)."""
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return x

    def forward_head(self, x: Tensor, pre_logits: bool = True) -> Tensor:
        """(b, 64) the mean over the map; there is no classifier."""
        return x.mean((2, 3))

    def group_matcher(self, coarse: bool = True) -> dict[str, str]:
        """Which parameters make a stage, in timm's way."""
        return {"stem": r"^(?:conv1|bn1)", "blocks": r"^layer(\d+)"}


def _stage(channels_in: int, channels: int, blocks: int) -> nn.Sequential:
    first = CifarBlock(channels_in, channels)
    return nn.Sequential(first, *(CifarBlock(channels, channels) for _ in range(blocks - 1)))
