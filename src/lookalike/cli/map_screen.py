"""A map, for a person at a terminal."""

from rich.text import Text

from lookalike.cli import hints
from lookalike.cli.screen import console, name, put, table
from lookalike.nouns.map_report import MapReport
from lookalike.pages.map_words import map_sentence

SHOWN = 20


def show_map(report: MapReport) -> None:
    """The clusters, largest first, and how to look at the map."""
    out = console()
    out.print(Text(map_sentence(report), style="bold"))
    grid = table("pictures", "cluster", "most like all of it", right=("pictures",))
    for cluster in report.clusters[:SHOWN]:
        grid.add_row(f"{cluster.n:,}", name(cluster.name), name(cluster.medoid))
    out.print()
    put(out, grid, indent=2)
    if (hidden := len(report.clusters) - SHOWN) > 0:
        out.print(Text(f"  and {hidden:,} more, which --json lists", style="dim"))
    for remark in report.remarks:
        out.print(Text(f"\n{remark}", style="dim"))
    where = hints.collection(report.folder, report.index)
    hints.show(out, ("Look at it", hints.command("map", *where, "--html", "map.html")))
