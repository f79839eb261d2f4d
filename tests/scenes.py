"""Pictures made by code that behave like photographs: soft ground, hard edges, own colours."""

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
