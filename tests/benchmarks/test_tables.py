"""benchmarks/tables.py on results made here, and on those that are in the project."""

import csv
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
COLUMNS = ("name", "value", "unit", "ratio", "spread", "recall", "faiss_s", "false")


@pytest.fixture
def tables(monkeypatch) -> ModuleType:
    monkeypatch.setattr(sys, "path", [str(FOLDER), *sys.path])
    monkeypatch.delitem(sys.modules, "table_line", raising=False)
    spec = importlib.util.spec_from_file_location("tables_script", FOLDER / "tables.py")
    script = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "tables_script", script)
    spec.loader.exec_module(script)
    return script


@pytest.fixture
def project(tmp_path, tables, monkeypatch) -> Path:
    """A project with an empty table and no results."""
    (tmp_path / "results").mkdir()
    monkeypatch.setattr(tables, "ROOT", tmp_path)
    monkeypatch.setattr(tables, "RESULTS", tmp_path / "results")
    page = f"# Before\n\n{tables.BEGIN}\n{tables.END}\n\n# After\n"
    (tmp_path / "README.md").write_text(page, encoding="utf-8")
    return tmp_path


def write(project: Path, run: str, *rows: tuple[str, ...]) -> None:
    path = project / "results" / f"{run}-0.1.0-some-cpu-2-cores-linux.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([(*row, *[""] * (len(COLUMNS) - len(row))) for row in rows])


def table(tables: ModuleType) -> dict[str, list[str]]:
    """Work to the other five cells."""
    lines = tables.section(tables.newest(tables.RESULTS)).splitlines()
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if "|" in line]
    return {work: rest for work, *rest in cells[2:]}


def test_a_ratio_of_its_own_row_and_the_quality_beside_it(project, tables):
    write(
        *(project, "hashing-2026-01-01"),
        ("12-megapixel: perceptual, 64 bit", "20.0", "ms a file", "", "19 to 21"),
        ("12-megapixel: ImageHash phash", "100.0", "ms a file", "", "99 to 101"),
        ("12-megapixel: ImageHash phash / perceptual, 64 bit", "5", "times", "5", "4.9 to 5.1"),
        ("12-megapixel: perceptual, scaled / full decode", "0.33", "bits off", "", "0 to 2"),
    )
    assert table(tables) == {
        "hash a JPEG, 12-megapixel": [
            *("20 ms a file", "100 ms a file, ImageHash", "5"),
            *("4.90 to 5.10 times", "0.33 of 64 bits off"),
        ]
    }


def test_a_peer_in_a_column_and_one_that_was_not_there(project, tables):
    name = "clustered, 100000 x 256, cosine >= 0.9"
    write(project, "joins-2026-01-01", (name, "14.2", "s", "20.9", "13.7-15.0", "1.0", "298"))
    write(
        *(project, "indexing-2026-01-01"),
        ("640x480: index, built-in", "85.2", "pictures/s", "", "80.1 to 90.2 pictures/s"),
        ("640x480: copies found by duplicates, of 50", "49", "pairs"),
        ("640x480: false pairs", "1", "pairs"),
    )
    assert table(tables) == {
        "index a folder, 640x480, built-in": [
            *("85.2 pictures/s", "", "", "80.1 to 90.2 pictures/s", "49 of 50 copies, 1 false")
        ],
        "all pairs of 100,000 vectors": [
            "14.2 s",
            "298 s, FAISS",
            "20.9",
            "13.7 to 15 s",
            "recall 1",
        ],
    }


def test_a_ratio_that_is_computed_is_above_1_where_we_are_better(project, tables):
    write(
        *(project, "duplicates-quality-2026-01-01"),
        ("lookalike, all edits", "0.9", "F1 of pairs", "", "", "", "", "2"),
        ("ImageHash phash, all edits", "0.6", "F1 of pairs", "", "", "", "", "99"),
    )
    peak = "peak memory"
    write(
        *(project, "indexing-2026-01-01"),
        (f"12-megapixel: index, built-in, {peak}", "100", "MB"),
        (f"12-megapixel: imagededup CNN, {peak}", "900", "MB"),
    )
    found = table(tables)
    assert found["copies by 46 kinds of edits"] == [
        *("0.90 F1 of pairs", "0.60 F1 of pairs, ImageHash phash", "1.50", ""),
        "false pairs: 2, peer 99",
    ]
    assert found["memory to index it, built-in"][2] == "9"


def test_the_newest_run_counts_and_is_named(project, tables):
    for day, value in (("2026-02-10", "3"), ("2026-02-09", "2"), ("2025-12-31", "1")):
        write(project, f"store-{day}", ("open and close, 1000000", value, "ms", "", "1-4"))
    assert table(tables)["open an index of 1,000,000"][0] == "3 ms"
    said = tables.section(tables.newest(tables.RESULTS)).splitlines()[-1]
    assert said == "Measured on 2026-02-10 with lookalike 0.1.0 on some cpu, 2 cores, linux: store."


def test_check_tells_an_old_table_and_writes_nothing(project, tables, monkeypatch, capsys):
    write(project, "store-2026-01-01", ("open and close, 1000000", "3", "ms"))
    page, before = project / "README.md", (project / "README.md").read_text(encoding="utf-8")

    def run(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["tables.py", *words])
        return tables.main()

    assert run("--check") == 1
    assert page.read_text(encoding="utf-8") == before
    assert run() == 0
    after = page.read_text(encoding="utf-8")
    assert "| open an index of 1,000,000 | 3 ms |" in after
    assert after.startswith("# Before\n") and after.endswith("\n# After\n")
    assert run("--check") == 0 and run() == 0
    assert page.read_text(encoding="utf-8") == after


@pytest.mark.parametrize("page", ["none", "twice", "turned"])
def test_a_page_without_the_two_markers_is_refused(page, tables):
    begin, end = tables.BEGIN, tables.END
    text = {"none": "", "twice": f"{begin}{begin}{end}", "turned": f"{end}{begin}"}[page]
    with pytest.raises(ValueError, match="once each"):
        tables.with_section(text, "table")


def test_every_line_finds_its_row_in_the_results_of_the_project(tables):
    benches = tables.newest(tables.RESULTS)
    assert tables.missing(benches) == []
    assert table(tables)
