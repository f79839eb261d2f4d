"""Pictures made by code that behave like photographs: soft ground, hard edges, own colours."""

import shutil
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter


def scene(seed: int, size: tuple[int, int] = (320, 240)) -> Image.Image:
    """A picture of its own for each seed."""
    numbers = np.random.default_rng(seed)
    width, height = size
    coarse = numbers.integers(0, 256, (6, 8, 3), np.uint8)
    picture = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)
    picture = picture.filter(ImageFilter.GaussianBlur(4))
    pen = ImageDraw.Draw(picture)
    for _ in range(12):
        x, y = (int(v) for v in numbers.integers((0, 0), (width - 40, height - 40)))
        across, down = (int(v) for v in numbers.integers(15, 90, 2))
        colour = tuple(int(v) for v in numbers.integers(0, 256, 3))
        draw = pen.ellipse if numbers.random() < 0.5 else pen.rectangle
        draw((x, y, x + across, y + down), fill=colour)
    return picture


def album_of_copies(folder: Path) -> Path:
    """Eight scenes, copies of four of them, three dark frames, a text and a torn file."""
    (folder / "backup").mkdir(parents=True)
    for seed, name in enumerate("abcdefgh"):
        scene(seed).save(folder / (f"{name}.png" if name == "b" else f"{name}.jpg"), quality=92)
    shutil.copyfile(folder / "a.jpg", folder / "backup" / "a.jpg")
    scene(1).save(folder / "b.bmp")
    scene(2).transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(folder / "c-mirrored.jpg")
    scene(2).resize((160, 120)).save(folder / "c-small.jpg")
    scene(3).transpose(Image.Transpose.ROTATE_90).save(folder / "d-turned.jpg")
    for shade in (0, 2, 4):
        Image.new("RGB", (320, 240), (shade,) * 3).save(folder / f"dark-{shade}.png")
    (folder / "notes.txt").write_text("no picture")
    whole = (folder / "e.jpg").read_bytes()
    (folder / "torn.jpg").write_bytes(whole[: len(whole) // 2])
    return folder
