"""From a map of features to one vector."""

import torch
from torch import Tensor, nn


class GeM(nn.Module):
    """Generalised mean over the places of a map: (mean of x^p)^(1/p), p learned.

    p = 1 is the mean, large p comes near the maximum. Values below 1e-6 count as 1e-6.

    Source:
        Radenovic et al. 2019, arXiv:1711.02512.
    """

    def __init__(self, p: float = 3.0) -> None:
        super().__init__()
        self.p = nn.Parameter(torch.tensor(p))

    def forward(self, places: Tensor) -> Tensor:
        """(b, places, channels) to (b, channels)."""
        with torch.autocast(places.device.type, enabled=False):  # powers need float32
            return places.float().clamp(min=1e-6).pow(self.p).mean(1).pow(1 / self.p)


def places_of(trunk: nn.Module, features: Tensor) -> Tensor:
    """What a network's last layer gives, as (b, places, channels).

    Args:
        trunk: a timm network, or one like it.
        features: (b, c, h, w); (b, h, w, c) where the network says so; or (b, tokens, c), whose
            leading class and register tokens are no places and are left out.
    """
    if features.dim() == 4:
        last = getattr(trunk, "output_fmt", "NCHW") == "NHWC"
        return features.flatten(1, 2) if last else features.flatten(2).transpose(1, 2)
    return features[:, int(getattr(trunk, "num_prefix_tokens", 0)) :]
