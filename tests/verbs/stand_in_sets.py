"""The sets that recipes are trained on, in small: laid out as the real ones, of real pictures.

Photographs are cut out of those that scikit-image and scikit-learn carry, a class a photograph,
and cuttings do not overlap; drawings are scikit-learn's digits.
"""

import csv
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lookalike.images.sample_photos import sample

PHOTOS = {
    "astronaut": "astronaut.png",
    "brick": "brick.png",
    "cat": "chelsea.png",
    "coffee": "coffee.png",
    "coins": "coins.png",
    "grass": "grass.png",
    "gravel": "gravel.png",
    "motorcycle": "motorcycle_left.png",
    "rocket": "rocket.jpg",
    "stars": "hubble_deep_field.jpg",
    "tissue": "ihc.png",
}


@cache
def photo(name: str) -> Image.Image:
    """A photograph of scikit-image, in RGB."""
    pytest.importorskip("skimage")
    with Image.open(sample("skimage", f"data/{PHOTOS[name]}")) as picture:
        return picture.convert("RGB")


def tiles(name: str, across: int, down: int) -> Iterator[Image.Image]:
    """All cuttings of a photograph, row by row."""
    picture = photo(name)
    width, height = picture.width // across, picture.height // down
    for place in range(across * down):
        x, y = place % across * width, place // across * height
        yield picture.crop((x, y, x + width, y + height))


def digits() -> Iterator[tuple[str, np.ndarray]]:
    """Class and (8, 8) uint8 ink of scikit-learn's digits, in order."""
    pytest.importorskip("sklearn")
    rows = np.loadtxt(sample("sklearn", "datasets/data/digits.csv.gz"), delimiter=",")
    for row in rows[:400]:
        yield str(int(row[-1])), np.minimum(row[:-1].reshape(8, 8) * 16, 255).astype(np.uint8)


def save(picture: Image.Image, path: Path) -> str:
    """Writes a picture, and names it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path)
    return path.name


def table(path: Path, rows: Iterable[dict[str, str]]) -> None:
    """Writes a CSV file."""
    rows = list(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def imagenette(data: Path) -> None:
    """imagenette2/train/WNID/NAME.JPEG, and val: ten classes."""
    for n, name in enumerate(sorted(PHOTOS)[:10]):
        for place, tile in enumerate(tiles(name, 5, 4)):
            part = "val" if place % 5 == 2 else "train"
            wnid = f"n0{n}440764"
            save(tile, data / f"imagenette2/{part}/{wnid}/{wnid}_{place}.JPEG")


def indoor67(data: Path) -> None:
    """indoorCVPR_09/Images/CLASS/NAME.jpg with TrainImages.txt and TestImages.txt."""
    lists: dict[str, list[str]] = {"Train": [], "Test": []}
    for name in sorted(PHOTOS)[:6]:
        for place, tile in enumerate(tiles(name, 4, 4)):
            listed = f"{name}room/{name}_{place:03d}.jpg"
            save(tile, data / "indoorCVPR_09/Images" / listed)
            if place < 14:  # as in the real set, some are on neither list
                lists["Test" if place % 4 == 3 else "Train"].append(listed)
    for part, names in lists.items():
        path = data / f"indoorCVPR_09/{part}Images.txt"
        path.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")


def cifar100(data: Path) -> None:
    """cifar100/train/CLASS/NAME.png of 32 x 32 and test, with manifest.csv: 22 classes."""
    rows = []
    for name in sorted(PHOTOS):
        for place, tile in enumerate(tiles(name, 6, 4)):
            label = f"{name}_{'left' if place % 6 < 3 else 'right'}"
            part = "test" if place % 3 == 1 else "train"
            path = f"{part}/{label}/{name}_s_{place:06d}.png"
            save(tile.resize((32, 32)), data / "cifar100" / path)
            rows.append({"path": path, "label": label, "split": part, "superclass": name})
    table(data / "cifar100/manifest.csv", rows)


def mnist(data: Path) -> None:
    """mnist/train/DIGIT/NUMBER.png of 28 x 28 and test, with manifest.csv."""
    rows = []
    for number, (label, ink) in enumerate(digits()):
        part = "test" if number % 4 == 0 else "train"
        path = f"{part}/{label}/{number:05d}.png"
        picture = Image.fromarray(ink).resize((28, 28), Image.Resampling.BICUBIC)
        save(picture, data / "mnist" / path)
        rows.append({"path": path, "label": label, "split": part})
    table(data / "mnist/manifest.csv", rows)


def omniglot(data: Path) -> None:
    """omniglot/background/ALPHABET/CHARACTER/NAME.png, black on white, and evaluation.

    Of alphabets there are digits upright and lying, and for evaluation those two in the mirror.
    """
    rows = []
    turned = {
        ("background", "Upright"): lambda ink: ink,
        ("background", "Lying"): np.rot90,
        ("evaluation", "Upright_Mirrored"): np.fliplr,
        ("evaluation", "Lying_Mirrored"): lambda ink: np.rot90(np.fliplr(ink)),
    }
    drawn = list(digits())
    for (part, alphabet), turn in turned.items():
        for digit in range(10):
            inks = [ink for label, ink in drawn if label == str(digit)][:6]
            for drawer, ink in enumerate(inks, start=1):
                label = f"{alphabet}/character{digit + 1:02d}"
                path = f"{part}/{label}/{digit:04d}_{drawer:02d}.png"
                picture = Image.fromarray(np.ascontiguousarray(turn(ink))).resize((105, 105))
                save(picture.point(lambda value: 255 * (value < 96), "1"), data / "omniglot" / path)
                facts = {"path": path, "label": label, "split": part}
                rows.append(facts | {"alphabet": alphabet, "drawer": str(drawer)})
    table(data / "omniglot/manifest.csv", rows)


def food(data: Path) -> None:
    """train_triplets.txt with the pictures in `food` beside it, named without their ending."""
    names = {
        name: [save(tile, data / f"food/{n}{place:03d}.jpg").removesuffix(".jpg")
               for place, tile in enumerate(tiles(name, 3, 3))]
        for n, name in enumerate(sorted(PHOTOS))
    }  # fmt: skip
    chance = np.random.default_rng(0)
    lines = []
    for _ in range(2000):
        one, other = chance.choice(sorted(names), 2, replace=False)
        anchor, positive = chance.choice(names[one], 2, replace=False)
        lines.append(f"{anchor} {positive} {chance.choice(names[other])}\n")
    (data / "train_triplets.txt").write_text("".join(lines), encoding="utf-8")


def unlabelled(data: Path) -> None:
    """photos/NAME.jpg, with a folder inside: nobody knows what they show."""
    for name in sorted(PHOTOS):
        for place, tile in enumerate(tiles(name, 3, 3)):
            folder = data / "photos" / ("older" if place % 2 else "")
            save(tile, folder / f"{name}{place}.jpg")
