"""Edits that put something over or around a picture: text, marks, frames, screens."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from lookalike.nouns.embeddings import Bytes

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]

_CAPTIONS = (
    "Monday mood",
    "when the coffee is gone",
    "Summer 2019",
    "you had one job",
    "WAIT FOR IT",
    "best day ever!",
    "Nobody: Absolutely nobody:",
    "Greetings from the lake",
    "SOLD",
)
_FRAMES: tuple[Colour, ...] = ((255, 255, 255), (0, 0, 0), (200, 30, 40), (30, 60, 140))
_INKS: tuple[Colour, ...] = ((255, 255, 255), (20, 20, 20), (230, 60, 50), (40, 110, 220))
_LINE_GREY = (190, 190, 195)


def caption(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """A line of text over the picture's top or bottom, or on a white strip above it."""
    height, width = pixels.shape[:2]
    text = _CAPTIONS[chance.integers(len(_CAPTIONS))]
    font = _fitting_font(text, 0.9 * width, float(chance.uniform(0.09, 0.14)) * height)
    left, top, right, bottom = font.getbbox(text)
    line_px = round(1.6 * (bottom - top))
    place = ("top", "bottom", "strip")[chance.integers(3)]
    strip_px = line_px if place == "strip" else 0
    sheet = Image.new("RGB", (width, height + strip_px), (255, 255, 255))
    sheet.paste(Image.fromarray(pixels), (0, strip_px))
    middle = height - line_px / 2 if place == "bottom" else line_px / 2
    ImageDraw.Draw(sheet).text(
        ((width - right - left) / 2, middle - (top + bottom) / 2),
        text,
        font=font,
        fill=(0, 0, 0) if strip_px else (255, 255, 255),
        stroke_width=0 if strip_px else max(1, (bottom - top) // 12),
        stroke_fill=(0, 0, 0),
    )
    return np.asarray(sheet)


def _fitting_font(
    text: str, width_px: float, height_px: float
) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The built-in font, as large as the height allows and the width leaves room for."""
    probe = ImageFont.load_default(100)
    left, _, right, _ = probe.getbbox(text)
    return ImageFont.load_default(max(4, min(height_px, 100 * width_px / (right - left))))


def logo(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """A partly transparent mark in one corner, a fifth to a third of the short side."""
    image = Image.fromarray(pixels).convert("RGBA")
    size = max(6, round(float(chance.uniform(0.2, 0.33)) * min(image.size)))
    gap = max(1, min(image.size) // 40)
    left = gap if chance.random() < 0.5 else image.width - size - gap
    top = gap if chance.random() < 0.5 else image.height - size - gap
    mark = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    ink = _INKS[chance.integers(len(_INKS))]
    _draw_mark(
        ImageDraw.Draw(mark), size, ink, int(chance.integers(3)), int(chance.integers(170, 256))
    )
    image.alpha_composite(mark, (left, top))
    return np.asarray(image.convert("RGB"))


def _draw_mark(draw: ImageDraw.ImageDraw, size: int, ink: Colour, shape: int, alpha: int) -> None:
    solid, edge = (*ink, alpha), size - 1
    paper = (20, 20, 20, alpha) if sum(ink) > 380 else (255, 255, 255, alpha)
    if shape == 0:
        draw.ellipse((0, 0, edge, edge), fill=solid)
        draw.ellipse((edge / 4, edge / 4, 3 * edge / 4, 3 * edge / 4), fill=paper)
    elif shape == 1:
        draw.rounded_rectangle((0, edge / 4, edge, 3 * edge / 4), size / 10, fill=solid)
        draw.text(
            (size / 2, size / 2),
            "TV 1",
            fill=paper,
            font=ImageFont.load_default(size / 3),
            anchor="mm",
        )
    else:
        draw.polygon([(0, edge), (edge / 2, 0), (edge, edge)], fill=solid)
        draw.line(
            [(edge / 4, 3 * edge / 4), (3 * edge / 4, 3 * edge / 4)], paper, max(1, size // 12)
        )


def border(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """A frame around it, 3 to 12 % of the short side."""
    edge = max(1, round(float(chance.uniform(0.03, 0.12)) * min(pixels.shape[:2])))
    return _framed(pixels, edge, edge, _FRAMES[chance.integers(len(_FRAMES))])


def letterbox(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """Bars on two sides that make it square, 16:9 or 9:16, whichever changes it."""
    height, width = pixels.shape[:2]
    wanted = float(chance.choice((1.0, 16 / 9, 9 / 16)))
    if abs(wanted * height / width - 1) < 0.1:
        wanted = 16 / 9 if wanted < 1.5 else 1.0
    rows = max(0, round((width / wanted - height) / 2))
    columns = max(0, round((height * wanted - width) / 2))
    return _framed(pixels, rows, columns, _FRAMES[chance.integers(2)])


def _framed(pixels: Bytes, rows: int, columns: int, colour: Colour) -> Bytes:
    height, width = pixels.shape[:2]
    sheet = np.empty((height + 2 * rows, width + 2 * columns, 3), np.uint8)
    sheet[:] = colour
    sheet[rows : rows + height, columns : columns + width] = pixels
    return sheet


def screenshot(pixels: Bytes, chance: np.random.Generator) -> Bytes:
    """The picture on a telephone's screen or a web page, with what stands around it there."""
    dark = chance.random() < 0.4
    paper, ink = ((18, 18, 20), (235, 235, 235)) if dark else ((255, 255, 255), (25, 25, 28))
    drawn = _telephone if chance.random() < 0.5 else _page
    return np.asarray(drawn(Image.fromarray(pixels), paper, ink, chance))


def _telephone(
    picture: Image.Image, paper: Colour, ink: Colour, chance: np.random.Generator
) -> Image.Image:
    """Picture over the whole width; clock and sender above, signs and text below."""
    width, unit = picture.width, max(1.0, picture.width / 40)
    above, below = round(6 * unit), round(float(chance.uniform(7, 14)) * unit)
    screen = Image.new("RGB", (width, picture.height + above + below), paper)
    screen.paste(picture, (0, above))
    draw = ImageDraw.Draw(screen)
    font = ImageFont.load_default(max(4, 1.6 * unit))
    draw.text((unit, 0.3 * unit), f"{chance.integers(24)}:{chance.integers(10, 60)}", ink, font)
    draw.rectangle((width - 3.5 * unit, 0.6 * unit, width - unit, 1.8 * unit), outline=ink)
    draw.ellipse((unit, 2.5 * unit, 4 * unit, 5.5 * unit), _INKS[chance.integers(2, 4)])
    draw.rectangle((5 * unit, 3 * unit, 16 * unit, 3.8 * unit), ink)
    draw.rectangle((5 * unit, 4.4 * unit, 12 * unit, 5 * unit), _LINE_GREY)
    foot = above + picture.height
    for sign in range(3):
        left = (1 + 4 * sign) * unit
        draw.ellipse((left, foot + unit, left + 2.5 * unit, foot + 3.5 * unit), outline=ink)
    _text_lines(draw, (unit, foot + 4.5 * unit, width - unit, foot + below), unit, chance)
    return screen


def _page(
    picture: Image.Image, paper: Colour, ink: Colour, chance: np.random.Generator
) -> Image.Image:
    """Picture in a column; address bar and heading above, text below and beside it."""
    unit = max(1.0, picture.width / 40)
    margin, side = round(3 * unit), round(float(chance.uniform(6, 14)) * unit)
    above, below = round(9 * unit), round(8 * unit)
    width = picture.width + 2 * margin + side
    screen = Image.new("RGB", (width, picture.height + above + below), paper)
    screen.paste(picture, (margin, above))
    draw = ImageDraw.Draw(screen)
    draw.rectangle((0, 0, width, 3 * unit), (222, 224, 230))
    draw.rounded_rectangle((4 * unit, 0.6 * unit, width - unit, 2.4 * unit), unit, (255, 255, 255))
    font = ImageFont.load_default(max(4, 3 * unit))
    draw.text((margin, 4 * unit), "The daily picture", ink, font)
    beside = margin + picture.width + unit
    _text_lines(draw, (beside, above, width - unit, above + picture.height), unit, chance)
    foot = above + picture.height + unit
    _text_lines(draw, (margin, foot, margin + picture.width, foot + below), unit, chance)
    return screen


def _text_lines(
    draw: ImageDraw.ImageDraw, box: Box, unit: float, chance: np.random.Generator
) -> None:
    """Grey bars of uneven length, as text looks from afar."""
    left, top, right, bottom = box
    while top + unit < bottom and left + unit < right:
        end = left + float(chance.uniform(0.6, 1)) * (right - left)
        draw.rectangle((left, top, end, top + 0.8 * unit), _LINE_GREY)
        top += 1.8 * unit
