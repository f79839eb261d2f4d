"""Photographs that scikit-image and scikit-learn carry: real ones, without a download."""

from importlib.util import find_spec
from pathlib import Path

from lookalike.nouns.errors import MissingExtra

PHOTOGRAPHS = {
    "skimage": (
        "data/astronaut.png",
        "data/brick.png",
        "data/camera.png",
        "data/chelsea.png",
        "data/coffee.png",
        "data/coins.png",
        "data/grass.png",
        "data/gravel.png",
        "data/hubble_deep_field.jpg",
        "data/ihc.png",
        "data/motorcycle_left.png",
        "data/retina.jpg",
        "data/rocket.jpg",
    ),
    "sklearn": ("datasets/images/china.jpg", "datasets/images/flower.jpg"),
}

OTHER_CAPTURE = ("skimage", "data/motorcycle_right.png")
"""The same motorcycle, taken from a hand's breadth to the right: alike, but no copy."""

PAGES = (("skimage", "data/page.png"), ("skimage", "data/text.png"))
"""Scans of text: each line of print is like every other."""


def sample_photographs() -> list[Path]:
    """Files of different photographs.

    Raises:
        MissingExtra: scikit-image or scikit-learn is not installed.
    """
    return [sample(package, name) for package, names in PHOTOGRAPHS.items() for name in names]


def sample(package: str, name: str) -> Path:
    """One file of an installed package; the package itself is not imported.

    Raises:
        MissingExtra: the package is not installed, or no longer carries the file.
    """
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        if (path := Path(folder) / name).is_file():
            return path
    raise MissingExtra("demo", what=f"The demo needs the photograph {name} of {package}")
