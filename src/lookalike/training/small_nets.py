"""Small networks to be trained from scratch, for drawings, letters and digits."""

import torch.nn.functional as F
from torch import Tensor, nn


class Conv4(nn.Module):
    """Four blocks of convolution, batch norm, ReLU and halving, 64 channels each.

    Source: Vinyals et al. 2016, arXiv:1606.04080; Snell et al. 2017, arXiv:1703.05175.
    """

    classifier = "linear"

    def __init__(self, channels: int = 64) -> None:
        super().__init__()
        self.blocks = nn.Sequential(
            *(_conv4_block(channels if step else 3, channels) for step in range(4))
        )
        _he_start(self)

    def forward_features(self, x: Tensor) -> Tensor:
        """(b, 3, h, w) to the last map, (b, 64, h / 16, w / 16); sides are rounded down."""
        x = self.blocks(x)
        return x

    def forward_head(self, x: Tensor, pre_logits: bool = True) -> Tensor:
        """(b, 64) the mean over the map."""
        return x.mean((2, 3))

    def group_matcher(self, coarse: bool = True) -> dict[str, str]:
        """Which parameters make a stage, in timm's way."""
        return {"blocks": r"^blocks\.(\d+)"}


class DrawingsResNet(nn.Module):
    """Four stages of one residual block, 32 to 256 channels, for pictures of 32 to 64 pixels.

    1.2 million parameters. Its first stage keeps the full size, for thin strokes; where a map
    shrinks, the shortcut is a mean over 2 x 2 places and a 1 x 1 convolution.
    """

    classifier = "linear"

    def __init__(self, channels: tuple[int, ...] = (32, 64, 128, 256)) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, channels[0], 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels[0])
        before = (channels[0], *channels)
        self.layers = nn.Sequential(
            *(_Residual(a, b) for a, b in zip(before, channels, strict=False))
        )
        _he_start(self)

    def forward_features(self, x: Tensor) -> Tensor:
        """(b, 3, h, w) to the last map, (b, 256, h / 8, w / 8)."""
        x = self.layers(F.relu(self.bn1(self.conv1(x))))
        return x

    def forward_head(self, x: Tensor, pre_logits: bool = True) -> Tensor:
        """(b, 256) the mean over the map."""
        return x.mean((2, 3))

    def group_matcher(self, coarse: bool = True) -> dict[str, str]:
        """Which parameters make a stage, in timm's way."""
        return {"stem": r"^(?:conv1|bn1)", "blocks": r"^layers\.(\d+)"}


class _Residual(nn.Module):
    def __init__(self, channels_in: int, channels: int) -> None:
        super().__init__()
        stride = 1 if channels == channels_in else 2
        self.conv1 = nn.Conv2d(channels_in, channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.shortcut: nn.Module = nn.Identity()
        if stride > 1:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(2, ceil_mode=True),
                nn.Conv2d(channels_in, channels, 1, bias=False),
                nn.BatchNorm2d(channels),
            )

    def forward(self, x: Tensor) -> Tensor:
        inner = F.relu(self.bn1(self.conv1(x)))
        inner = self.bn2(self.conv2(inner))
        return F.relu(inner + self.shortcut(x))


def _conv4_block(channels_in: int, channels: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels, 3, padding=1, bias=False),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        nn.MaxPool2d(2),
    )


def _he_start(net: nn.Module) -> None:
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
