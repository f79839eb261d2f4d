"""Writes the tables of trained models into docs/concepts/quality.md and, of some rows, README.md.

    python benchmarks/quality_tables.py [--check]

A results file with the columns low, high, baseline and published becomes one table. With --check
nothing is written; the exit code is 1 if a table is not that of the results.
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from copies_table import BENCH as COPIES
from copies_table import copies_table
from encoder_table import BENCH as ENCODERS
from encoder_table import encoder_table
from table_line import Bench, Row
from tables import RESULTS, ROOT, newest, runs

BEGIN, END = "<!-- quality:begin -->", "<!-- quality:end -->"
HEAD = (
    "| what | measured | 95 % interval | without a model | published |",
    "|---|--:|--:|--:|--:|",
)
TITLES = {
    "cifar100-quality": "CIFAR-100, all classes trained on",
    "cifar100-unseen-quality": "CIFAR-100, classes never trained on",
    "omniglot-quality": "Omniglot, alphabets never trained on",
    "mnist-quality": "MNIST",
    "same-class-flowers-quality": "Same class or not: flowers",
    "same-class-clothing-quality": "Same class or not: clothing",
    "photo-matching-quality": "Poor and old photographs matched to their originals",
    "poor-photos-quality": "Poor photographs and their originals",
    "recognise-quality": "Recognised from one to five examples, strangers rejected",
    "shelf-quality": "A shop's shelf and the clean picture",
}
IN_README = (
    "CIFAR-100, triplets, ours",
    "CIFAR-100, pairs, ours",
    "CIFAR-100, 10 unseen classes, 10-way 1-shot, ours",
    "CIFAR-100, 10 unseen classes, 10-way 1-shot, published weights, 150 epochs",
    "Omniglot, 20-way 1-shot",
    "Omniglot, 20-way 1-shot, official runs",
    "MNIST, pairs",
    "flowers, mobilenetv2_100, frozen, pairs",
    "flowers, mobilenetv2_100, classes taught, pairs",
    "clothing, mobilenetv2_100, frozen, pairs",
    "clothing, mobilenetv2_100, classes taught, pairs",
    "made poor, perceptual hash, top-1",
    "made poor, ensemble before, top-1",
    "made poor, ensemble after, top-1",
    "made poor, ensemble after, top-15",
    "made poor, match, top-1",
    "made poor, match, top-15",
    "shelf, by photo, mobilenetv2_100 before",
    "shelf, by photo, mobilenetv2_100 after",
)


def share(text: str) -> str:
    """A share as per cent; what is no number stays."""
    try:
        return f"{100 * float(text):.1f} %"
    except ValueError:
        return text


def line(row: Row) -> str:
    """One line of a table."""
    low, high = (share(row[key]).removesuffix(" %") for key in ("low", "high"))
    known = " ".join(share(word) for word in row["published"].split(" "))
    baseline = f"{share(row['baseline'])}, {row['baseline_name']}" if row["baseline"] else ""
    return f"| {row['name']} | {share(row['value'])} | {low} to {high} | {baseline} | {known} |"


def tables_of(benches: dict[str, Bench]) -> str:
    """All rows, a table for each results file, and where they were measured."""
    there = [name for name in TITLES if name in benches]
    parts: list[str] = []
    own = {COPIES: copies_table, ENCODERS: encoder_table}
    parts += [table(benches[name]) for name, table in own.items() if name in benches]
    for name in there:
        parts += [f"## {TITLES[name]}", "", *HEAD, *map(line, benches[name].rows.values()), ""]
    there += [name for name in own if name in benches]
    return "\n".join([*parts, *runs(benches[name] for name in there)])


def chosen(benches: dict[str, Bench]) -> str:
    """The rows of README."""
    rows = {
        key: row for name in TITLES if name in benches for key, row in benches[name].rows.items()
    }
    return "\n".join([*HEAD, *(line(rows[name]) for name in IN_README if name in rows)])


def between(page: str, text: str, where: str) -> str:
    """The page with this text between its markers.

    Raises:
        ValueError: the page does not have both markers once, in order.
    """
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(BEGIN) > page.index(END):
        raise ValueError(f"{where} needs {BEGIN} and after it {END}, once each")
    return f"{page.partition(BEGIN)[0]}{BEGIN}\n{text}\n{END}{page.partition(END)[2]}"


def main() -> int:
    """Writes, or compares."""
    parser = argparse.ArgumentParser(description="The tables of trained models.")
    parser.add_argument("--check", action="store_true", help="write nothing, say if it is old")
    options = parser.parse_args()
    benches = newest(RESULTS)
    wanted: Iterable[tuple[str, str]] = (
        ("docs/concepts/quality.md", tables_of(benches)),
        ("README.md", chosen(benches)),
    )
    old = []
    for name, text in wanted:
        page = (ROOT / name).read_text(encoding="utf-8")
        made = between(page, text, name)
        if made != page:
            old.append(name)
        if not options.check:
            (ROOT / name).write_text(made, encoding="utf-8", newline="\n")
    if options.check and old:
        print(f"{', '.join(old)}: not what the results say: python benchmarks/quality_tables.py")
    return int(options.check and bool(old))


if __name__ == "__main__":
    sys.exit(main())
