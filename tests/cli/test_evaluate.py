"""`lookalike evaluate` as it is typed, and what a person sees of it."""

import csv
import io
import json
import re
import sys

import judged_sets as sets
import made_evaluation as made
import pytest
from click.testing import CliRunner
from networks import network

import lookalike
from lookalike.cli.evaluate import LAYOUTS, PROTOCOLS
from lookalike.cli.evaluation_tables import show_evaluation
from lookalike.cli.main import main
from lookalike.datasets.read import LAYOUTS as KNOWN_LAYOUTS
from lookalike.nouns.recipe import DataPart, JudgePart
from lookalike.verbs.evaluate import PROTOCOLS as KNOWN_PROTOCOLS

FEW = ("--pairs", 100, "--triplets", 100, "--episodes", 10, "--ways", 2, "--ways", 3)
CODES = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(scope="module")
def classes(tmp_path_factory):
    return sets.class_folders(tmp_path_factory.mktemp("sets") / "colours", each=8)


def run(*words, code=0):
    result = CliRunner().invoke(
        main, [str(word) for word in words], prog_name="lookalike", env={"COLUMNS": "80"}
    )
    assert result.exit_code == code, result.output
    return result


def few(*protocols, **changes):
    return JudgePart(protocols, 100, 100, (2, 3), episodes=10, **changes)


def test_the_command_knows_what_the_verb_knows():
    assert tuple(KNOWN_PROTOCOLS) == PROTOCOLS
    assert LAYOUTS == KNOWN_LAYOUTS


def test_json_is_what_the_verb_answers(classes):
    shown = json.loads(run("evaluate", "classic", classes, *FEW, "--seed", 3, "--json").stdout)
    verb = lookalike.evaluate("classic", classes, judge=few(seed=3), seed=3)
    assert shown == json.loads(json.dumps(verb.to_dict()))


def test_csv_is_what_the_verb_answers(classes):
    words = ("--protocol", "retrieval", "--protocol", "one-shot", "--shots", 2)
    text = run("evaluate", "classic", classes, *FEW, *words, "--csv").stdout
    verb = lookalike.evaluate("classic", classes, judge=few("retrieval", "one-shot", shots=2))
    header, rows = verb.to_table()
    read = list(csv.reader(io.StringIO(text)))
    assert read == [list(header), *([str(cell) for cell in row] for row in rows)]


def test_a_person_sees_figures_beside_baselines(classes):
    text = run("evaluate", "classic", classes, *FEW).stdout
    assert text.startswith("Are two pictures alike? Accuracy")
    for words in ("95 % interval", "baseline", "precision", "worst mistakes", "macro average"):
        assert words in text
    assert "add --html report.html" in text
    assert re.search(r"^  matching: the data lack targets", text, re.MULTILINE)


def test_the_page_comes_beside_the_answer(classes, tmp_path):
    page = tmp_path / "report.html"
    words = ("--protocol", "retrieval", "--html", page, "--json")
    result = run("evaluate", "classic", classes, *words)
    json.loads(result.stdout)
    assert str(page) in result.stderr
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_without_its_extra_the_page_is_refused_and_the_table_works(classes, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    words = ("evaluate", "classic", classes, "--protocol", "retrieval")
    result = run(*words, "--html", tmp_path / "report.html", code=2)
    assert "pip install 'lookalike[plots]'" in result.stderr
    assert "R@1" in run(*words).stdout


def test_a_recipe_brings_its_parts_and_its_judging(classes, tmp_path):
    recipe = tmp_path / "mine.toml"
    recipe.write_text(
        'name = "mine"\n[data]\n'
        f'source = "{classes.as_posix()}"\ntest = 0.5\nseed = 7\n'
        '[judge]\nprotocols = ["retrieval"]\nseed = 5\n'
    )
    shown = json.loads(run("evaluate", "classic", recipe, "--json").stdout)
    part = DataPart(str(classes), test=0.5, seed=7)
    verb = lookalike.evaluate("classic", part, judge=JudgePart(("retrieval",), seed=5))
    assert shown == json.loads(json.dumps(verb.to_dict()))
    assert shown["seed"] == 5


def test_a_network_without_a_card_is_told_how_it_is_fed(classes, tmp_path):
    path = tmp_path / "bare.onnx"
    path.write_bytes(network())
    words = ("evaluate", path, classes, "--protocol", "retrieval")
    assert "no card" in run(*words, code=2).stderr
    fed = ("--size", 32, "--mean", 0.5, 0.5, 0.5, "--std", 0.2, 0.2, 0.2, "--crop-share", 0.9)
    assert "R@1" in run(*words, *fed).stdout
    assert "need --size" in run(*words, "--crop-share", 0.9, code=2).stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("classic", "no-such-folder"), "no-such-folder"),
        (("no-such-model", "."), "no-such-model"),
        (("classic", ".", "--protocol", "guessing"), "verification"),
        (("classic", ".", "--wrong-at-most", "1"), "--wrong-at-most"),
        (("classic", "no-such.toml"), "no-such.toml"),
    ],
)
def test_what_cannot_be_done_exits_with_2_and_says_why(words, said):
    result = run("evaluate", *words, code=2)
    assert said in result.stderr and not result.stdout
    assert "Traceback" not in result.output


@pytest.fixture
def screen(monkeypatch, capsys):
    """Shows something on a terminal so many columns wide, or in a pipe for 0."""

    def shown(report, columns):
        for name in ("FORCE_COLOR", "NO_COLOR", "TERM", "COLORTERM", "TTY_COMPATIBLE"):
            monkeypatch.delenv(name, raising=False)
        if columns:
            monkeypatch.setenv("FORCE_COLOR", "1")
            monkeypatch.setenv("TERM", "xterm-256color")
            monkeypatch.setenv("COLUMNS", str(columns))
        show_evaluation(report)
        return capsys.readouterr().out

    return shown


@pytest.mark.skipif(sys.platform == "win32", reason="paths are written with other slashes there")
@pytest.mark.parametrize("columns", [80, 120, 0])
def test_screens_are_as_they_were(screen, golden, columns):
    text = CODES.sub("", screen(made.an_evaluation(), columns))
    golden(f"screens/evaluate-{columns or 'pipe'}.txt", text)


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(screen, columns):
    lines = CODES.sub("", screen(made.a_large_evaluation(), columns)).splitlines()
    kept = [line for line in lines if "/" not in line and "--html" not in line]
    assert [line for line in kept if len(line.rstrip()) > columns] == []


def test_figures_that_do_not_beat_their_baseline_are_yellow(screen):
    text = screen(made.an_evaluation(), 120)
    assert re.search(r"\x1b\[33m\s*90\.0 %", text)
    assert not re.search(r"\x1b\[33m\s*80\.0 %", text)
    piped = screen(made.an_evaluation(), 0)
    assert "\x1b" not in piped
    assert [line for line in piped.splitlines() if line != line.rstrip()] == []


def test_names_cannot_speak_to_the_terminal(screen):
    text = screen(made.an_evaluation("a\x1b]0;x\x07\u202e[red]"), 0)
    assert not {"\x1b", "\x07", "\u202e"} & set(text) and "[red]" in text
