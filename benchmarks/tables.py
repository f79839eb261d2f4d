"""Writes the table of README.md's section "Measured" from the newest results of each benchmark.

    python benchmarks/tables.py [--check]

With --check nothing is written; the exit code is 1 if the table is not that of the results.
"""

import argparse
import re
import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from table_line import Bench, Line, Right, number

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
BEGIN, END = "<!-- tables:begin -->", "<!-- tables:end -->"
HEAD = (
    "| work | lookalike | peer | ratio | spread | how right |",
    "|---|--:|--:|--:|--:|---|",
)
_MACHINE = re.compile(r"(.+)-(\d+)-cores-(.+)")


def bits_off(size: str) -> Right:
    """How far our hash is from that of a full decode."""
    name = f"{size}: perceptual, scaled / full decode"
    return lambda bench: f"{bench.value(name)} of 64 bits off"


def copies_found(size: str) -> Right:
    """How many planted copies are found, and how many pairs are false."""

    def told(bench: Bench) -> str:
        row = bench.starting(f"{size}: copies found by duplicates, of ")
        planted = row["name"].rpartition(" ")[2]
        return f"{row['value']} of {planted} copies, {bench.value(f'{size}: false pairs')} false"

    return told


def recall(name: str) -> Right:
    """The share of the peer's exact answer that we give too."""
    return lambda bench: f"recall {float(bench.rows[name]['recall']):g}"


def false_pairs(ours: str, peer: str) -> Right:
    """False pairs of the two."""

    def told(bench: Bench) -> str:
        counts = [number(bench.rows[f"{name}, all edits"]["false"]) for name in (ours, peer)]
        return f"false pairs: {counts[0]}, peer {counts[1]}"

    return told


def score_gap(name: str) -> Right:
    """How far scores are from those of the peer."""
    return lambda bench: f"scores within {bench.rows[name]['score_gap']}"


def hashing(size: str) -> Line:
    """A perceptual hash of one file."""
    ours, peer = f"{size}: perceptual, 64 bit", f"{size}: ImageHash phash"
    ratio = f"{peer} / {ours.partition(': ')[2]}"
    return Line(
        *("hashing", f"hash a JPEG, {size}", ours, peer, "ImageHash", ratio),
        spread_of_ratio=True,
        right=bits_off(size),
    )


def indexing(size: str, encoder: str, words: str) -> Line:
    """A folder read and embedded."""
    peer = f"{size}: imagededup CNN (random weights)"
    return Line(
        *("indexing", f"index a folder, {size}, {words}", f"{size}: index, {encoder}", peer),
        peer_name="imagededup CNN",
        spread_of_ratio=True,
        least=False,
        right=copies_found(size) if encoder == "built-in" else lambda _: "",
    )


def searching(task: str, ours: str, peer: str, words: str) -> Line:
    """Nearest neighbours, exact."""
    names = f"{task}: {ours}", f"{task}: {peer}"
    return Line("search", words, *names, "FAISS", right=recall(names[0]))


def joining(name: str, words: str) -> Line:
    """All pairs above a score, exact."""
    return Line("joins", words, name, peer_name="FAISS", column="faiss_s", right=recall(name))


def scaling(task: str, n: int, words: str, peer: str = "") -> Line:
    """One task on a large collection, with the memory that the process held."""
    name = f"{task}, {n} rows"

    def told(bench: Bench) -> str:
        row = bench.rows[name]
        right = [f"recall {float(row['recall']):g}"] if row["recall"] else []
        if row["peak_mb"] != row["made_with_mb"]:  # else the data took more to make
            right.append(f"{number(row['peak_mb'])} MB")
        return ", ".join(right)

    peers = (f"{peer}, {n} rows", "FAISS") if peer else ()
    return Line("scale", words.format(n=f"{n:,}"), name, *peers, right=told)


SMALL, LARGE = "640x480", "12-megapixel"
MILLION, HUNDRED = "1000000 x 256", "100000 x 256, cosine >= 0.9"
OURS, PHASH = "lookalike", "ImageHash phash"
NETWORK = "network in ONNX Runtime"

LINES = (
    Line(
        *("duplicates-quality", "copies by 46 kinds of edits", f"{OURS}, all edits"),
        f"{PHASH}, all edits",
        peer_name="ImageHash phash",
        least=False,
        right=false_pairs(OURS, PHASH),
    ),
    hashing(LARGE),
    hashing(SMALL),
    indexing(LARGE, "built-in", "built-in"),
    indexing(SMALL, "built-in", "built-in"),
    indexing(LARGE, "classic", "classic"),
    indexing(SMALL, "classic", "classic"),
    indexing(LARGE, NETWORK, "a network"),
    Line(
        *("indexing", "memory to index it, built-in", f"{LARGE}: index, built-in, peak memory"),
        f"{LARGE}: imagededup CNN, peak memory",
        "imagededup CNN",
    ),
    Line(
        *("encoders", "a network on two threads", "OpenVINO, 2 threads"),
        *("ONNX Runtime float32, 2 threads", "ONNX Runtime"),
        least=False,
        right=score_gap("OpenVINO, 2 threads"),
    ),
    searching(
        *(f"one query, {MILLION}", "top_k float32", "faiss IndexFlatIP"),
        "one query in 1,000,000 vectors",
    ),
    searching(
        *(f"one query, {MILLION}", "top_k float16 memory map", "faiss IndexFlatIP"),
        "the same, read from disk as float16",
    ),
    searching(
        *(f"64 queries, {MILLION}", "top_k float16 memory map", "faiss IndexFlatIP"),
        "64 queries in 1,000,000 vectors",
    ),
    searching(
        *(f"one query, {MILLION} bits", "hamming_top_k", "faiss IndexBinaryFlat"),
        "one query in 1,000,000 hashes",
    ),
    joining(f"clustered, {HUNDRED}", "all pairs of 100,000 vectors"),
    joining("100000 hashes in 8 variants, distance <= 31", "all pairs of 100,000 hashes, 8 ways"),
    scaling("join", 1_000_000, "all pairs of {n} vectors", "faiss_join"),
    scaling("hamming", 1_000_000, "all pairs of {n} hashes", "faiss_hamming"),
    scaling("hamming_turned", 1_000_000, "the same, 8 ways"),
    scaling("duplicates", 1_000_000, "`duplicates` of {n}, the look aside"),
    scaling("add", 1_000_000, "1,000 more into an index of {n}"),
    Line("store", "open an index of 1,000,000", "open and close, 1000000"),
)


def newest(folder: Path) -> dict[str, Bench]:
    """The newest results of each benchmark."""
    found = (Bench.read(path) for path in sorted(folder.glob("*.csv")))
    runs = sorted((run for run in found if run is not None), key=lambda run: run.date)
    return {run.name: run for run in runs}


def missing(benches: dict[str, Bench]) -> list[str]:
    """Rows that should be in results that are there, and are not."""
    there = [line for line in LINES if line.bench in benches]
    return [line.ours for line in there if line.ours not in benches[line.bench].rows]


def section(benches: dict[str, Bench]) -> str:
    """What stands between the markers; lines whose benchmark was not run are left out."""
    shown = [
        line for line in LINES if line.bench in benches and line.ours in benches[line.bench].rows
    ]
    table = [f"| {' | '.join(line.cells(benches[line.bench]))} |" for line in shown]
    used = {line.bench: benches[line.bench] for line in shown}
    return "\n".join([*HEAD, *table, "", *runs(used.values())])


def runs(benches: Iterable[Bench]) -> list[str]:
    """When, with which version and on which machine each was measured."""
    where: dict[tuple[str, str, str], list[str]] = {}
    for bench in benches:
        where.setdefault((bench.date, bench.version, bench.machine), []).append(bench.name)
    return [
        f"Measured on {date} with lookalike {version} on {_machine(machine)}: "
        f"{', '.join(sorted(names))}."
        for (date, version, machine), names in sorted(where.items())
    ]


def _machine(slug: str) -> str:
    found = _MACHINE.fullmatch(slug)
    if found is None:
        return slug
    return f"{found[1].replace('-', ' ')}, {found[2]} cores, {found[3].replace('-', ' ')}"


def with_section(page: str, text: str) -> str:
    """The page with this text between its markers.

    Raises:
        ValueError: the page does not have both markers once, in order.
    """
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(BEGIN) > page.index(END):
        raise ValueError(f"README.md needs {BEGIN} and after it {END}, once each")
    before, after = page.partition(BEGIN)[0], page.partition(END)[2]
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, say if it is old")
    options = parser.parse_args()
    benches = newest(RESULTS)
    for name in missing(benches):
        print(f"no row {name!r} in the results: left out of the table", file=sys.stderr)
    page = ROOT / "README.md"
    text = page.read_text(encoding="utf-8")
    wanted = with_section(text, section(benches))
    if options.check and text != wanted:
        print("README.md is not what the results say: run python benchmarks/tables.py")
        return 1
    if not options.check:
        page.write_text(wanted, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
