"""A map in one sentence."""

from lookalike.nouns.map_report import MapReport
from lookalike.pages.words import count


def map_sentence(report: MapReport) -> str:
    """How many pictures were laid out, in how many clusters, and by which method."""
    pictures = count(len(report), "picture")
    return f"{pictures} in {count(len(report.clusters), 'cluster')}, laid out by {report.method}."
