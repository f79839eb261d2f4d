"""The table of `duplicates` beside other finders of copies, from the results of its benchmark."""

from table_line import Bench

BENCH = "duplicates-quality"
ALL = "all edits"
SEVERAL = "every two files of one photograph"
SHOWN = (
    "lookalike",
    "imagededup PHash",
    "PDQ",
    "ImageHash phash",
    "ImageHash dhash",
    "cleanvision",
    "difPy",
)
"""Columns, where they were measured; the results hold further ones."""

COUNTS = (
    (SEVERAL, lambda value: f"{float(value):.2f}", f"{SEVERAL}: share found"),
    ("near misses called copies", lambda value: f"{float(value):.0f}", ""),
    ("time", lambda value: f"{float(value):.0f} s", "time, reading included"),
    ("peak memory", lambda value: f"{float(value):.0f} MB", ""),
)


def copies_table(bench: Bench) -> str:
    """F1 of pairs by class of edits, then what is not of one class."""
    there = [name for name in SHOWN if f"{name}, {ALL}" in bench.rows]
    ours = there[0]
    rows = bench.rows
    edits = [
        key.removeprefix(f"{ours}, ")
        for key, row in rows.items()
        if key.startswith(f"{ours}, ") and row["unit"] == "F1 of pairs"
    ]
    lines = [
        f"| F1 of pairs, by edit | pairs | {' | '.join(there)} |",
        f"|---|{'--:|' * (len(there) + 1)}",
    ]
    for edit in edits:
        values = (f"{float(rows[f'{name}, {edit}']['value']):.2f}" for name in there)
        cells = edit, rows[f"{ours}, {edit}"]["pairs"], *values
        lines.append(f"| {' | '.join(cells)} |")
    for key, told, words in COUNTS:
        values = (told(rows[f"{name}, {key}"]["value"]) for name in there)
        cells = words or key, rows[f"{ours}, {key}"]["pairs"], *values
        lines.append(f"| {' | '.join(cells)} |")
    false = (rows[f"{name}, {ALL}"]["false"] for name in there)
    lines.append(f"| {' | '.join(('false pairs in all', '', *false))} |")
    return "\n".join(["## Copies, by edit", "", *lines, ""])
