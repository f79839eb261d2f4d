"""Small sets of pictures to judge a model on, made by code."""

import csv
import shutil
from pathlib import Path

import numpy as np
from PIL import Image
from scenes import scene

COLOURS = {
    "amber": (230, 160, 40),
    "brick": (170, 60, 45),
    "cedar": (40, 110, 60),
    "denim": (50, 80, 160),
    "ebony": (40, 35, 40),
    "fog": (205, 205, 215),
}


def tinted(name: str, seed: int) -> Image.Image:
    """A picture of its own for each seed, in the colour of its class."""
    picture = scene(1000 + seed, (96, 80))
    return Image.blend(picture, Image.new("RGB", picture.size, COLOURS[name]), 0.55)


def class_folders(folder: Path, *, classes: int = 4, each: int = 10, first: int = 0) -> Path:
    """FOLDER/CLASS/NUMBER.png; no two pictures are alike, those of a class have one colour."""
    for number, name in enumerate(list(COLOURS)[:classes]):
        (folder / name).mkdir(parents=True)
        for place in range(each):
            seed = first + 100 * number + place
            tinted(name, seed).save(folder / name / f"{place:02}.png")
    return folder


def parts_folders(folder: Path, *, classes: int = 4) -> Path:
    """FOLDER/train/CLASS, FOLDER/validation/CLASS and FOLDER/test/CLASS."""
    for place, (part, each) in enumerate({"train": 4, "validation": 6, "test": 7}.items()):
        class_folders(folder / part, classes=classes, each=each, first=10 * place)
    return folder


def matched_folders(folder: Path, *, pairs: int = 8) -> Path:
    """FOLDER/source and FOLDER/target: small darkened copies; two sources match nothing."""
    for side in ("source", "target"):
        (folder / side).mkdir(parents=True)
    for number in range(pairs + 2):
        scene(number, (120, 96)).save(folder / "source" / f"{number:02}.png")
    for number in range(pairs):
        small = scene(number, (120, 96)).resize((60, 48))
        dark = Image.fromarray((np.asarray(small) * 0.8).astype(np.uint8))
        dark.save(folder / "target" / f"{number:02}.jpg", quality=70)
    return folder


def groups_folder(folder: Path, *, groups: int = 5) -> Path:
    """Copies of five scenes and three single pictures, told by groups.csv."""
    folder.mkdir(parents=True)
    rows = [("path", "group")]
    for number in range(groups):
        for place, quality in enumerate((92, 60, 30)):
            name = f"{number}-{place}.jpg"
            scene(number, (160, 120)).save(folder / name, quality=quality)
            rows.append((name, f"scene {number}"))
    for number in range(3):
        scene(50 + number, (160, 120)).save(folder / f"alone-{number}.jpg")
    with (folder / "groups.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return folder


def runs_folder(folder: Path, *, ways: int = 4, runs: int = 3) -> Path:
    """Folders of classes, and runs.csv: in each run every class once as example, once asked."""
    class_folders(folder, classes=ways, each=2 * runs + 4)
    rows = [("run", "item", "answer")]
    names = list(COLOURS)[:ways]
    for run in range(runs):
        shown = {}
        for place, name in enumerate(names):
            for kind, number in (("class", 2 * run), ("item", 2 * run + 1)):
                path = folder.parent / "runs" / f"{run}" / kind / f"{place}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / name / f"{number:02}.png", path)
                shown[kind, place] = path
        for place in range(ways):
            both = (shown["item", place], shown["class", place])
            rows.append((str(run), *(path.relative_to(folder.parent).as_posix() for path in both)))
    with (folder.parent / "runs.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    manifest = [("path", "label")]
    for name in names:
        manifest += [
            (f"{folder.name}/{name}/{path.name}", name)
            for path in sorted((folder / name).iterdir())
        ]
    with (folder.parent / "manifest.csv").open("w", newline="") as file:
        csv.writer(file).writerows(manifest)
    return folder.parent
