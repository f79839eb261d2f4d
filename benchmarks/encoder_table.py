"""The table of encoders beside each other, from the results of benchmarks/quality/encoder.py."""

from table_line import Bench

BENCH = "encoder-quality"
SETS = ("clothing", "flowers", "weather", "groceries")
MEASURES = ("micro-AP", "recall at 90 % precision")


def encoder_table(bench: Bench) -> str:
    """Three tables: copies, likeness, and poor photographs with speed and size."""
    rows = bench.rows
    names = [key.removeprefix("speed, ") for key in rows if key.startswith("speed, ")]

    def cell(key: str) -> str:
        return f"{100 * float(rows[key]['value']):.1f} %" if key in rows else ""

    def plain(key: str) -> str:
        return f"{float(rows[key]['value']):.1f}" if key in rows else ""

    copies = [
        "| copies among pictures never learned from | micro-AP | normalised "
        "| recall at 90 % precision | normalised |",
        "|---|--:|--:|--:|--:|",
    ]
    likeness = [
        f"| nearest other picture is of the same class | {' | '.join(SETS)} | mean |",
        f"|---|{'--:|' * (len(SETS) + 1)}",
    ]
    rest = [
        "| poor photographs among their originals | top-1 | top-15 | pictures/s | MB |",
        "|---|--:|--:|--:|--:|",
    ]
    for name in names:
        four = [
            cell(f"copies, {name}, {measure}{how}")
            for measure in MEASURES
            for how in ("", ", normalised")
        ]
        copies.append(f"| {name} | {' | '.join(four)} |")
        keys = [f"likeness, {name}, {kind}, R@1" for kind in SETS]
        if all(key in rows for key in keys):
            mean = sum(float(rows[key]["value"]) for key in keys) / len(keys)
            shown = [*map(cell, keys), f"{100 * mean:.1f} %"]
            likeness.append(f"| {name} | {' | '.join(shown)} |")
        poor = [cell(f"poor photographs, {name}, {top}") for top in ("top-1", "top-15")]
        speed = [plain(f"speed, {name}"), plain(f"size, {name}")]
        rest.append(f"| {name} | {' | '.join([*poor, *speed])} |")
    return "\n".join(["## Encoders", "", *copies, "", *likeness, "", *rest, ""])
