"""Folders of striped pictures to train on for a second."""

import csv

from PIL import Image
from tiny_runs import RECIPE, stripes

from lookalike.nouns.recipe import DataPart, JudgePart

CLASSES, EACH = 4, 16
JUDGE = JudgePart(
    protocols=("verification", "triplets"), pairs=200, triplets=200, ways=(2,), episodes=20
)


def striped(folder, *, each=EACH):
    """A folder a class."""
    for label in range(CLASSES):
        place = folder / f"class {label}"
        place.mkdir(parents=True)
        for number in range(each):
            picture = Image.fromarray(stripes(label, label * each + number))
            picture.save(place / f"{number:02}.png")
    return folder


def manifest(folder, parts):
    """Names the part of each picture: {"class 0/00.png": "test", ...}."""
    with (folder / "manifest.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["path", "label", "split"])
        for path in sorted(folder.rglob("*.png")):
            name = path.relative_to(folder).as_posix()
            writer.writerow([name, path.parent.name, parts.get(name, "train")])


def recipe(folder, **parts):
    """The tiny recipe on this folder."""
    wanted = RECIPE.changed({"fit": {"epochs": 3}}).changed(parts)
    kept = {name: getattr(wanted, name) for name in wanted.__slots__}
    layout = parts.get("data", {}).get("layout", "auto")
    return type(wanted)(**{**kept, "data": DataPart(str(folder), layout), "judge": JUDGE})
