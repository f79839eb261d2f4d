"""Every command as it is typed: its JSON, its CSV, its page, its help and its exit code."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

import lookalike
from lookalike.cli.main import main
from lookalike.verbs import demo_album

COMMANDS = (
    *("index", "merge", "search", "duplicates", "tune", "clean", "undo", "purge"),
    *(
        "compare",
        "match",
        "recognise",
        "serve",
        "explain",
        "map",
        "hash",
        "train",
        "recipes",
        "evaluate",
        "adapt",
        "distil",
        "export",
        "spark",
        "info",
        "models",
        "demo",
    ),
)


def run(*words, code: int = 0):
    """The command's result; its exit code must be this."""
    result = CliRunner().invoke(
        main, [str(word) for word in words], prog_name="lookalike", env={"COLUMNS": "80"}
    )
    assert result.exit_code == code, result.output
    return result


QUERY = "c-small.jpg"
CASES = {
    "index": (lambda f: ["index", f], lookalike.index),
    "search": (
        lambda f: ["search", f / QUERY, "--in", f, "-k", "4"],
        lambda f: lookalike.search([f / QUERY], f, k=4),
    ),
    "search-where": (
        lambda f: ["search", f / QUERY, f / "a.jpg", "--in", f, "--where", "width < 200"],
        lambda f: lookalike.search([f / QUERY, f / "a.jpg"], f, where="width < 200"),
    ),
    "search-torn": (
        lambda f: ["search", f / "torn.jpg", f / "a.jpg", "--in", f, "--as-is"],
        lambda f: lookalike.search([f / "torn.jpg", f / "a.jpg"], lookalike.Source(f, as_is=True)),
    ),
    "duplicates": (lambda f: ["duplicates", f], lookalike.duplicates),
    "duplicates-surer": (
        lambda f: ["duplicates", f, "--least-probability", "0.9999"],
        lambda f: lookalike.duplicates(f, least_probability=0.9999),
    ),
    "duplicates-new": (
        lambda f: ["duplicates", f, "--new", f / QUERY, f / "e.jpg"],
        lambda f: lookalike.duplicates_of([f / QUERY, f / "e.jpg"], f),
    ),
    "duplicates-promised": (
        lambda f: ["duplicates", f, "--wrong-at-most", "1%"],
        lambda f: lookalike.duplicates(f, wrong_at_most=0.01),
    ),
    "duplicates-complete": (
        lambda f: ["duplicates", f, "--miss-at-most", "0.05"],
        lambda f: lookalike.duplicates(f, miss_at_most=0.05),
    ),
    "compare": (
        lambda f: ["compare", f / "c.jpg", f / QUERY],
        lambda f: lookalike.compare(f / "c.jpg", f / QUERY),
    ),
    "compare-three": (
        lambda f: ["compare", f / "c.jpg", f / "a.jpg", f / QUERY],
        lambda f: lookalike.compare(f / "c.jpg", f / "a.jpg", f / QUERY),
    ),
    "explain": (
        lambda f: ["explain", f / "c.jpg", f / QUERY],
        lambda f: lookalike.explain(f / "c.jpg", f / QUERY),
    ),
    "map": (
        lambda f: ["map", f, "--method", "pca", "--clusters", "3"],
        lambda f: lookalike.map_pictures(f, method="pca", clusters=3),
    ),
    "info": (lambda f: ["info", f], lookalike.info),
    "models": (lambda _: ["models"], lambda _: lookalike.models()),
}


@pytest.mark.parametrize("case", CASES)
def test_json_is_what_the_verb_answers(read_album, case):
    words, verb = CASES[case]
    shown = json.loads(run(*words(read_album), "--json").stdout)
    wanted = json.loads(json.dumps(verb(read_album).to_dict()))
    for answer in (shown, wanted):
        answer.pop("seconds", None)
    assert shown == wanted


@pytest.mark.parametrize("case", CASES)
def test_csv_is_what_the_verb_answers(read_album, case):
    words, verb = CASES[case]
    header, *rows = csv.reader(io.StringIO(run(*words(read_album), "--csv").stdout))
    wanted_header, wanted = verb(read_album).to_table()
    assert tuple(header) == wanted_header
    assert rows == [["" if cell is None else str(cell) for cell in row] for row in wanted]


@pytest.mark.parametrize("case", CASES)
def test_without_an_option_a_person_is_answered(read_album, case):
    words, _ = CASES[case]
    result = run(*words(read_album))
    assert result.stdout.strip() and not result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("case", ["search", "duplicates", "compare", "compare-three"])
def test_the_page_comes_beside_the_answer(read_album, tmp_path, case):
    words, verb = CASES[case]
    page = tmp_path / "page.html"
    result = run(*words(read_album), "--json", "--html", page)
    json.loads(result.stdout)
    assert str(page) in result.stderr
    other = lookalike.save_page(verb(read_album), tmp_path / "other.html")
    assert page.read_bytes() == other.read_bytes()
    assert list(tmp_path.glob("*.part")) == []


def test_a_missing_index_is_made_on_the_way_where_it_was_asked_for(album, tmp_path):
    place = tmp_path / "elsewhere"
    assert "groups of copies" in run("duplicates", album, "--index", place).stdout
    assert place.is_dir() and not (album / ".lookalike").exists()
    assert f"--index {place}" in run("index", album, "--index", place).stdout.replace("'", "")


def test_the_demo_counts_what_it_planted(tmp_path, monkeypatch):
    pytest.importorskip("skimage")
    pytest.importorskip("sklearn")
    few = [p for p in demo_album.sample_photographs() if p.stem in {"chelsea", "motorcycle_left"}]
    monkeypatch.setattr(demo_album, "sample_photographs", lambda: few)
    monkeypatch.setattr(demo_album, "PLANTED", ("mirror", "sepia_blur"))
    shown = json.loads(run("demo", tmp_path / "demo", "--json").stdout)
    planted, found = sum(shown["planted"].values()), sum(shown["found"].values())
    assert 0 < found <= planted
    assert shown["found"]["exact copy"] == shown["planted"]["exact copy"]
    text = run("demo", tmp_path / "demo").stdout
    assert text.startswith(f"{found} of {planted} planted copies found")
    assert (tmp_path / "demo" / "copies.html").read_text(encoding="utf-8").startswith("<!doctype")


def test_no_arguments_show_the_help():
    assert run().stdout == run("--help").stdout
    assert "lookalike demo" in run().stdout


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_texts(golden, name):
    text = run(*([name] if name else []), "--help").stdout
    assert max(map(len, text.splitlines())) <= 80
    if name:
        assert f"\n    lookalike {name}" in text, "an example belongs into each help"
    golden(f"help/{name or 'lookalike'}.txt", text)


def test_all_commands_are_tested_here():
    assert tuple(main.commands) == COMMANDS


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["duplicate"], "duplicates"),
        (["duplicates", "x", "--jsn"], "--json"),
        (["duplicates"], "FOLDER"),
        (["compare", "a.jpg"], "'B'"),
        (["search", "a.jpg"], "--in"),
        (["search", "a.jpg", "--in", "x", "-k", "0"], "-k"),
        (["duplicates", "x", "--least-probability", "1"], "--least-probability"),
        (["duplicates", "x", "--wrong-at-most", "few"], "no share"),
        (["duplicates", "x", "--wrong-at-most", "60%"], "at most 50%"),
        (["duplicates", "x", "--miss-at-most", "0"], "above 0"),
        (["duplicates", "x", "--miss-at-most", "1%", "--wrong-at-most", "1%"], "exclude each"),
        (["duplicates", "x", "--json", "--csv"], "exclude each other"),
        (["models", "--csv", "--json"], "exclude each other"),
        (["duplicates", "no-such-folder"], "no-such-folder"),
        (["duplicates", "x", "--new"], "FOLDER --new FILES"),
        (["duplicates", "x", "y.jpg"], "FOLDER --new FILES"),
        (["duplicates", "x", "--against-index", "y"], "--against"),
        (["duplicates", "x", "--against", "y", "--html", "p.html"], "--html"),
        (["duplicates", "x", "--against", "y", "--new", "z"], "exclude each other"),
        (["index", "no-such-folder"], "no-such-folder"),
        (["info", "no-such-folder"], "no-such-folder"),
        (["compare", "no-such-a.jpg", "no-such-b.jpg"], "no-such-a.jpg"),
        (["search", "no-such.jpg", "--in", "no-such-folder"], "no-such.jpg"),
    ],
)
def test_what_cannot_be_done_exits_with_2_and_says_why(words, said):
    result = run(*words, code=2)
    assert said in result.stderr and not result.stdout
    assert "Traceback" not in result.output


def test_a_page_that_cannot_be_written_is_refused_before_anything_is_read(album):
    result = run("duplicates", album, "--html", album / "no" / "page.html", code=2)
    assert "there is no folder" in result.stderr
    assert not (album / ".lookalike").exists()


def test_a_folder_is_held_against_another_with_both_indexes_elsewhere(album, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "again.jpg").write_bytes((album / "a.jpg").read_bytes())
    (inbox / "new.png").write_bytes((album / "dark-0.png").read_bytes())
    (album / "dark-0.png").unlink()
    places = "--index", tmp_path / "one", "--against-index", tmp_path / "other"
    said = run("duplicates", inbox, "--against", album, *places).stdout
    assert "1 of 2 files in album already, 1 new." in said
    assert "backup/a.jpg, same file" in said
    assert "New:\n   new.png" in said
    assert not (album / ".lookalike").exists() and not (inbox / ".lookalike").exists()


def test_shares_are_read_and_merged(album, tmp_path):
    said = [run("index", album, "--shard", f"{number}/2").stdout for number in (1, 2)]
    assert said[0].startswith("Share 1/2: ") and "lookalike merge" in said[1]
    assert "try: " in run("merge", album, album / ".lookalike/shards/1-of-2", code=2).stderr
    merged = run("merge", album).stdout
    assert merged.startswith("15 pictures in 16 files: 2 shares joined")
    assert "torn.jpg" in merged and "lookalike duplicates" in merged
    shown = json.loads(run("merge", album, "--rebuild", "--json").stdout)
    assert (shown["pictures"], len(shown["shards"]), len(shown["failed"])) == (15, 2, 1)
    assert run("merge", album, "--rebuild", "--csv").stdout.startswith("path,reason\ntorn.jpg,")
    assert json.loads(run("index", album, "--shard", "2/2", "--json").stdout)["shard"] == "2/2"


def test_answers_are_given_and_listed(album):
    pair = album / "e.jpg", album / "f.jpg"
    said = run("tune", album, "--same", *pair, "--not-same", album / "c.jpg", album / QUERY).stdout
    assert said.startswith("2 answers, 2 given now.\n")
    assert "e.jpg and f.jpg: the same\n" in said
    shown = json.loads(run("tune", album, "--json").stdout)
    assert shown == lookalike.tune(album).to_dict()
    assert "no-such.jpg" in run("tune", album, "--same", "no-such.jpg", pair[0], code=2).stderr
