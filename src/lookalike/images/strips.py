"""A decoded picture, upright and in RGB or grey, some rows at a time.

Turning, converting and shrinking a strip at a time needs the memory of one strip, not of another
whole picture, and it stays in the processor's cache. Shrinking happens after turning, so that
the boxes that are averaged start at the upright corner: the eight turns of one picture then give
the same pixels, also where the size is no multiple of the factor.
"""

from collections.abc import Iterator

from PIL import Image

from lookalike.images.rgb import Mode, grey_range, to_mode

STRIP_PIXELS = 1 << 19

_Turn = Image.Transpose
_TURNS = {
    2: _Turn.FLIP_LEFT_RIGHT,
    3: _Turn.ROTATE_180,
    4: _Turn.FLIP_TOP_BOTTOM,
    5: _Turn.TRANSPOSE,
    6: _Turn.ROTATE_270,
    7: _Turn.TRANSVERSE,
    8: _Turn.ROTATE_90,
}


def upright_size(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Width and height after turning a picture of this size upright."""
    return (size[1], size[0]) if orientation >= 5 else size


def upright_strips(
    image: Image.Image, orientation: int, factor: int = 1, mode: Mode = "RGB"
) -> Iterator[tuple[int, Image.Image]]:
    """Strips of the upright picture from top to bottom.

    Args:
        image: decoded, as it is stored, any mode.
        orientation: as EXIF counts, 1 to 8.
        factor: each `factor` x `factor` box of pixels becomes their mean; the boxes at the right
            and lower edges may be cut.
        mode: of the strips.

    Yields:
        The strip's first row, counted after shrinking, and the strip.
    """
    deep = grey_range(image)
    width, height = upright_size(image.size, orientation)
    rows = max(1, STRIP_PIXELS // width // factor) * factor
    for top in range(0, height, rows):
        box = _stored_box(image.size, orientation, top, min(top + rows, height))
        # A picture of one strip, the usual case after a scaled decode, is not copied first.
        part = image if box == (0, 0, *image.size) else image.crop(box)
        strip = to_mode(part, deep, mode)
        if orientation in _TURNS:
            strip = strip.transpose(_TURNS[orientation])
        yield top // factor, strip.reduce(factor) if factor > 1 else strip


def _stored_box(
    size: tuple[int, int], orientation: int, top: int, bottom: int
) -> tuple[int, int, int, int]:
    """Where these rows of the upright picture lie in the stored one: left, top, right, bottom."""
    width, height = size
    if orientation in (1, 2):
        return 0, top, width, bottom
    if orientation in (3, 4):
        return 0, height - bottom, width, height - top
    if orientation in (5, 6):
        return top, 0, bottom, height
    return width - bottom, 0, width - top, height
