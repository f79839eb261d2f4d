"""Judges `duplicates` and other finders of copies on held-out photographs.

    LOOKALIKE_DATA=FOLDER python benchmarks/quality/duplicates.py [--peer-python PATH]

The library: photographs with one file for each edit of `copies_edits.py`, other photographs, and
hard near misses: frames of bursts, the near misses of `checked_pairs.csv`, pages of text, dark
frames. Photographs come from the halves of imagenet-sample, flowers and clothing that no curve was
fitted to; those that the fit of the geometry drew are left out.

A pair is true when both files come from one photograph. Recall counts pairs of a photograph and
its edited file; a false pair counts against the classes of both its files. Each finder runs in a
process of its own on the same files, and what is not installed is left out and named.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations, product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from copies_edits import CLASSES
from copies_library import Library, Names, build
from copies_peers import PEERS
from results import write_csv
from sights import data_folder

PROBABILITIES = (0.5, 0.9)
"""The least that may be asked for, and the default; the run is made at the first."""

OURS = "lookalike"
EQUAL = {"probability": 1.0, "rung": "bytes"}
LIMIT_S = 900
ALL = "all edits"
BEYOND = "cut to 40 %"
"""More is lost than is left; not in the sum of all edits."""

OWN_RUN = """
import json, sys, time
import lookalike
folder, index, least, helpers = sys.argv[1:]
start = time.perf_counter()
report = lookalike.duplicates(
    lookalike.Source(folder, index=index), least_probability=float(least)
)
seconds = round(time.perf_counter() - start, 1)
sys.path.insert(0, helpers)
from memory import peak_mb
print(json.dumps({"seconds": seconds, "peak_mb": peak_mb(), "report": report.to_dict()}))
"""
Row = dict[str, object]


@dataclass(frozen=True)
class Answer:
    """What one finder said, and what it took.

    Attributes:
        name: of the finder.
        pairs: files that it calls copies.
        seconds: from a folder it has not seen to the pairs.
        peak_mb: memory held at most.
        rungs: for each pair the rung that decided; of lookalike only.
        report: as JSON; of lookalike only.
    """

    name: str
    pairs: set[Names]
    seconds: float
    peak_mb: int
    rungs: dict[Names, str] = field(default_factory=dict)
    report: dict[str, object] = field(default_factory=dict)


def ours(folder: Path, index: Path) -> list[Answer]:
    """One run of `duplicates` on a folder without an index, read at each least probability."""
    helpers = str(Path(__file__).parents[1])
    ask = [sys.executable, "-c", OWN_RUN, str(folder), str(index), str(PROBABILITIES[0]), helpers]
    told = _run(ask)
    report = told["report"]
    listed = [pair for group in report["groups"] for pair in group["pairs"]] + report["related"]
    said = {frozenset({pair["first"], pair["second"]}): pair for pair in listed}
    alike: dict[str, list[str]] = {}
    for member in (member for group in report["groups"] for member in group["members"]):
        alike.setdefault(member["digest"], []).append(member["path"])
    for same in alike.values():
        said |= {frozenset(pair): EQUAL for pair in combinations(same, 2)}
    named = {path: same for same in alike.values() for path in same}
    for pair in listed:  # a content is told by one of its files: all of them are meant
        for ends in product(*(named.get(pair[end], [pair[end]]) for end in ("first", "second"))):
            if ends[0] != ends[1]:
                said.setdefault(frozenset(ends), pair)
    answers = []
    for least in PROBABILITIES:
        kept = {pair: one for pair, one in said.items() if one["probability"] >= least}
        rungs = {pair: str(one["rung"]) for pair, one in kept.items()}
        name = OURS if least == PROBABILITIES[-1] else f"{OURS} at {least}"
        wrong = sum(1 - one["probability"] for one in listed if one["probability"] >= least)
        told_of = {**report, "expected_wrong": round(wrong, 2)}
        answers.append(Answer(name, set(rungs), told["seconds"], told["peak_mb"], rungs, told_of))
    return answers[::-1]


def theirs(name: str, folder: Path, python: str) -> Answer | None:
    """One run of a peer; None, and a line that says why, where there is none."""
    script = str(Path(__file__).with_name("copies_peers.py"))
    why = ""
    for interpreter in dict.fromkeys((sys.executable, python)):
        try:
            told = _run([interpreter, script, name, str(folder)])
        except subprocess.SubprocessError as error:
            why = f"it failed: {error}"
            continue
        if "left_out" not in told:
            pairs = {frozenset(pair) for pair in told["pairs"]}
            return Answer(name, pairs, told["seconds"], told["peak_mb"])
        why = told["left_out"]
    print(f"{name} is left out: {why}", flush=True)
    return None


def _run(command: list[str]) -> dict:  # type: ignore[type-arg]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=LIMIT_S)
    told: dict = json.loads(done.stdout.strip().splitlines()[-1])  # type: ignore[type-arg]
    return told


def judged(library: Library, answer: Answer) -> list[Row]:
    """A row for each class of edits, and one for all but what is beyond."""
    false = {pair for pair in answer.pairs if not library.is_true(pair)}
    rows = []
    wanted_of = {edit: library.pairs_of(edit) for edit in CLASSES}
    every = set().union(*(pairs for edit, pairs in wanted_of.items() if edit != BEYOND))
    for edit, wanted in {ALL: every, **wanted_of}.items():
        held = (p for p in false if edit == ALL or any(library.edit[f] == edit for f in p))
        rows.append(_row(answer, edit, wanted, sum(1 for _ in held)))
    return rows


def _row(answer: Answer, edit: str, wanted: set[Names], false: int) -> Row:
    found = len(wanted & answer.pairs)
    precision = found / (found + false) if found else float(not false)
    recall = found / len(wanted)
    both = precision + recall
    rungs = Counter(answer.rungs[pair] for pair in wanted & answer.rungs.keys())
    return {
        "name": f"{answer.name}, {edit}",
        "value": round(2 * precision * recall / both if both else 0.0, 4),
        "unit": "F1 of pairs",
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "found": found,
        "pairs": len(wanted),
        "false": false,
        "rungs": " ".join(f"{rung} {count}" for rung, count in sorted(rungs.items())),
    }


def totals(library: Library, answer: Answer) -> list[Row]:
    """What is not of one class: all pairs of one photograph, near misses, time and memory."""
    false = {pair for pair in answer.pairs if not library.is_true(pair)}
    for pair in sorted(map(sorted, false))[:30]:
        print(f"false, {answer.name}: {' '.join(pair)}", flush=True)
    counts = Counter(library.origin.values())
    every = sum(count * (count - 1) // 2 for count in counts.values())
    found = len(answer.pairs) - len(false)
    near = len(false & library.near)
    return [
        {
            "name": f"{answer.name}, every two files of one photograph",
            **{"value": round(found / every, 4), "unit": "share found"},
            **{"found": found, "pairs": every, "false": len(false)},
        },
        {
            "name": f"{answer.name}, near misses called copies",
            **{"value": near, "unit": "pairs", "pairs": len(library.near)},
        },
        {"name": f"{answer.name}, time", "value": answer.seconds, "unit": "s"},
        {"name": f"{answer.name}, peak memory", "value": answer.peak_mb, "unit": "MB"},
        *_groups(library, answer),
    ]


def _groups(library: Library, answer: Answer) -> list[Row]:
    """Whether every two members of our groups are copies at the group's level, and sure enough."""
    if not answer.report:
        return []
    weak = mixed = 0
    wrong = {
        "name": f"{answer.name}, pairs promised wrong",
        **{"value": answer.report["expected_wrong"], "unit": "pairs"},
    }
    if answer.name == OURS:
        return [wrong]
    groups = answer.report["groups"]
    for group in groups:
        sure = {frozenset({p["first"], p["second"]}): p for p in group["pairs"]}
        contents = {m["digest"]: m["path"] for m in reversed(group["members"])}
        for pair in combinations(contents.values(), 2):
            said = sure.get(frozenset(pair))
            weak += said is None or said["probability"] < answer.report["least_probability"]
        mixed += len({library.origin[m["path"]] for m in group["members"]}) > 1
    return [
        wrong,
        {"name": f"{answer.name}, groups", "value": len(groups), "unit": "groups"},
        {"name": f"{answer.name}, groups with a false member", "value": mixed, "unit": "groups"},
        {"name": f"{answer.name}, pairs below their group's level", "value": weak, "unit": "pairs"},
    ]


def main() -> int:
    """Builds, asks all, judges, writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edited", type=int, default=120, help="photographs that are edited")
    parser.add_argument("--each", type=int, default=8, help="edits of each of these")
    parser.add_argument("--others", type=int, default=400, help="further photographs")
    parser.add_argument("--peer-python", default=sys.executable, help="where else peers are")
    parser.add_argument("--only-ours", action="store_true", help="leave all peers out")
    options = parser.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as index:
        counts = options.edited, options.each, options.others
        library = build(data_folder(), Path(made), *counts)
        print(f"{len(library.origin)} files, {len(library.near)} near misses", flush=True)
        answers = ours(Path(made), Path(index))
        if not options.only_ours:
            asked = [theirs(name, Path(made), options.peer_python) for name in PEERS]
            answers += [answer for answer in asked if answer is not None]
        for answer in answers:
            rows += judged(library, answer) + totals(library, answer)
    for row in rows:
        print(*row.values(), sep="  ")
    if options.only_ours:
        return 0
    print(write_csv("duplicates-quality", rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
