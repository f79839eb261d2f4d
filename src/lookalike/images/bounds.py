"""The bounds that a single picture must keep."""

from lookalike.nouns.errors import UnreadableImage

DECODE_LIMIT_BYTES = 400 * 2**20
"""What one picture may need, where nothing else is said: a photograph of about 100 megapixels
in full, and of several thousand where JPEG is decoded scaled."""

LARGEST_SIDE_PX = 2**31 - 1


def check_bounds(size: tuple[int, int], cost_bytes: int, limit_bytes: int) -> None:
    """Refuses a picture without pixels, and one that would need more memory than it may have.

    Raises:
        UnreadableImage: it is refused; the sentence names its size and its need.
    """
    width, height = size
    if not (0 < width <= LARGEST_SIDE_PX and 0 < height <= LARGEST_SIDE_PX):
        raise UnreadableImage(f"{width} x {height} pixels is no size of a picture")
    if cost_bytes > limit_bytes:
        raise UnreadableImage(
            f"Too big to decode safely: {width} x {height} pixels "
            f"({width * height / 1e6:.0f} megapixels) would need {cost_bytes / 1e6:.0f} MB "
            f"of memory, above the limit of {limit_bytes / 1e6:.0f} MB"
        )
