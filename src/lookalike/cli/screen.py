"""The terminal: how wide it is, tables without trailing blanks, verdicts in colour."""

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from lookalike.nouns.verdict import Level, Verdict
from lookalike.pages.words import named, percent, visible

PIPE = 10_000
"""The width of what is no terminal: no path is broken there."""

COLOURS = {
    Level.SAME_FILE: "green",
    Level.SAME_PICTURE: "green",
    Level.EDITED_COPY: "cyan",
    Level.SAME_CLASS: "magenta",
    Level.SIMILAR: "yellow",
    Level.DIFFERENT: "dim",
}


def console() -> Console:
    """Standard output; as wide as the terminal, or wide enough for any path in a pipe."""
    out = Console(highlight=False, markup=False, emoji=False)
    if out.is_terminal:
        return out
    return Console(highlight=False, markup=False, emoji=False, width=PIPE)


def table(*columns: str, right: tuple[str, ...] = (), head: bool = True) -> Table:
    """A table without lines; the columns named in `right` end where their heads end."""
    grid = Table(box=None, show_header=head, header_style="dim", padding=(0, 2, 0, 0))
    grid.pad_edge = False
    for column in columns:
        grid.add_column(column, overflow="fold", justify="right" if column in right else "left")
    return grid


def put(out: Console, *grids: Table, indent: int = 0) -> None:
    """Print the first of these tables that fits without broken cells, else the last.

    No line has blanks at its end.
    """
    fitting = (
        g for g in grids if Measurement.get(out, out.options, g).maximum <= out.width - indent
    )
    grid = next(fitting, grids[-1])
    options = out.options.update(width=out.width - indent)
    for line in out.render_lines(grid, options, pad=False):
        text = Text(" " * indent)
        for part in line:
            text.append(part.text, part.style)
        text.rstrip()
        out.print(text, soft_wrap=True)


def name(path: object) -> Text:
    """A path or a name as it can be shown; file names may hold anything."""
    return Text(visible(str(path)))


def level(verdict: Verdict) -> Text:
    """The verdict's name in its colour."""
    return Text(named(verdict), style=COLOURS[verdict.level])


def sure(verdict: Verdict) -> Text:
    """The verdict's probability in its colour."""
    return Text(percent(verdict.probability), style=COLOURS[verdict.level])


def why(verdict: Verdict) -> Text:
    """What was seen, in soft ink."""
    return Text(verdict.reason, style="dim")
