"""A figure that was drawn, ready to stand in a page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure as SVG, whose colours follow the page by day and by night.

    Attributes:
        title: what it shows, a few words.
        svg: one `<svg>` element to be put into a page as it is; it carries `alt` as its label.
        alt: the figure in words, for whoever cannot see it.
        caption: how to read it; may be empty.
    """

    title: str
    svg: str
    alt: str
    caption: str = ""
