"""The album that the examples of the docs work on, made by code.

photos/hills.jpg              photos/2024/hills.jpg is the same file
photos/harbour.jpg            photos/harbour-small.jpg is half as wide
photos/orchard.jpg            photos/orchard-mirrored.jpg is its mirror picture
photos/market.jpg, photos/river.png, photos/tower.jpg
photos/torn.jpg               cannot be decoded: the second half is missing
query.jpg                     harbour.jpg, saved again at a low quality
card/tower.jpg                is half as wide; card/new.jpg is in no other folder
"""

import shutil
from pathlib import Path

from PIL import Image
from scenes import scene

SCENES = ("hills.jpg", "harbour.jpg", "orchard.jpg", "market.jpg", "river.png", "tower.jpg")


def make_album(folder: Path) -> None:
    """Writes `photos/`, `card/` and `query.jpg` into the folder."""
    photos = folder / "photos"
    (photos / "2024").mkdir(parents=True)
    for seed, name in enumerate(SCENES):
        scene(seed).save(photos / name, quality=92)
    shutil.copyfile(photos / "hills.jpg", photos / "2024" / "hills.jpg")
    scene(1).resize((160, 120)).save(photos / "harbour-small.jpg", quality=90)
    mirrored = scene(2).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    mirrored.save(photos / "orchard-mirrored.jpg", quality=92)
    whole = (photos / "market.jpg").read_bytes()
    (photos / "torn.jpg").write_bytes(whole[: len(whole) // 2])
    scene(1).save(folder / "query.jpg", quality=40)
    (folder / "card").mkdir()
    scene(5).resize((160, 120)).save(folder / "card" / "tower.jpg", quality=90)
    scene(30).save(folder / "card" / "new.jpg", quality=92)
