"""imagededup's CNN at its defaults, as a process that answers one line of JSON for each on stdin.

    {"folder": "...", "threads": 2}
      -> {"seconds": 1.0, "cpu_seconds": 1.9, "pictures": 12, "peak_mb": 480}

The first line comes unasked and names the model. It runs in an environment of its own, where
lookalike need not be installed. imagededup's weights are used where they are in torch's own
folder; nothing is downloaded: else the same network gets random weights, which costs the same.
"""

import json
import os
import sys
from pathlib import Path
from time import perf_counter, process_time

import torch
from imagededup.methods import CNN  # type: ignore[import-not-found]
from imagededup.utils.models import CustomModel, MobilenetV3  # type: ignore[import-not-found]
from memory import peak_mb
from torchvision import models


class RandomMobilenetV3(torch.nn.Module):
    """The layers that `MobilenetV3` takes, without its weights."""

    def __init__(self) -> None:
        super().__init__()
        network = models.mobilenet_v3_small(weights=None).eval()
        self.layers = torch.nn.Sequential(network.features, network.avgpool)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """(b, 3, 224, 224) to (b, 576)."""
        return self.layers(pictures).squeeze(dim=3).squeeze(dim=2)


def make_cnn() -> tuple[CNN, str]:
    """The peer, and what it is."""
    kept = Path(torch.hub.get_dir(), "checkpoints").glob("mobilenet_v3_small-*.pth")
    if any(kept):
        return CNN(), "imagededup CNN"
    torch.manual_seed(0)
    model = CustomModel("random", RandomMobilenetV3().eval(), MobilenetV3.transform)
    return CNN(model_config=model), "imagededup CNN (random weights)"


def main() -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what the packages print is no answer
    cnn, name = make_cnn()
    print(json.dumps({"name": name, "threads": torch.get_num_threads()}), file=answers, flush=True)
    for line in sys.stdin:
        ask = json.loads(line)
        torch.set_num_threads(ask["threads"])
        start, cpu_start = perf_counter(), process_time()
        encoded = cnn.encode_images(image_dir=ask["folder"])
        answer = {
            "seconds": perf_counter() - start,
            "cpu_seconds": process_time() - cpu_start,
            "pictures": len(encoded),
            "peak_mb": peak_mb(),
        }
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
