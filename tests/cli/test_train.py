"""`train`, `distil`, `export` and `recipes` as they are typed, and what a person sees of them."""

import json
import re
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import made_evaluation
import pytest
from click.testing import CliRunner

import lookalike
from lookalike.cli import bar as bars
from lookalike.cli.main import main
from lookalike.cli.training_tables import epoch_line, show_export, show_recipes, show_train
from lookalike.nouns.export_report import ExportReport
from lookalike.nouns.picture import Failure
from lookalike.nouns.recipes_report import RecipesReport
from lookalike.nouns.train_report import Epoch, TrainReport

CODES = re.compile(r"\x1b\[[0-9;]*m")
EPOCHS = (Epoch(1, 0.51, 1e-3, 0.7, 12.4), Epoch(2, 0.42, 1e-4, 0.8, 9.96))
TRAINED = TrainReport(
    name="flowers",
    model=Path("flowers.onnx"),
    run_folder=Path("runs/flowers"),
    n_train=1_280,
    n_validation=320,
    n_parameters=4_007_548,
    n_trained=163_968,
    precision="bf16",
    measured="pair accuracy",
    best_epoch=2,
    epochs=EPOCHS,
    remarks=("3 pictures were left out of training because the test part has them too.",),
    failed=(Failure(Path("/flowers/torn.jpg"), "The file is cut short"),),
    seconds=22.3,
)
EXPORTED = ExportReport(
    Path("flowers.onnx"), "flowers", 128, 224, 16_400_000, "ab" * 16, ("same class", "similar")
)
SCREENS = {
    "train": lambda: show_train(TRAINED),
    "train-judged": lambda: show_train(replace(TRAINED, judged=made_evaluation.an_evaluation())),
    "export": lambda: show_export(EXPORTED),
    "export-bare": lambda: show_export(
        replace(EXPORTED, relations=(), remarks=("The model has scores but no probabilities.",))
    ),
    "recipes": lambda: show_recipes(RecipesReport((recipe("mnist-triplets"), recipe("food")))),
}


def recipe(name: str) -> lookalike.Recipe:
    summary = "Handwritten digits, the same or different, small enough to draw and compare."
    source = "mnist" if name.startswith("mnist") else ""
    return lookalike.Recipe(name, summary, data=lookalike.DataPart(source))


def run(*words: object, code: int = 0):
    result = CliRunner().invoke(
        main, [str(word) for word in words], prog_name="lookalike", env={"COLUMNS": "80"}
    )
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def asked(monkeypatch) -> dict:
    """What the verbs were called with, which then answer at once."""
    calls: dict = {}

    def verb(name, report):
        def called(*arguments, **options):
            calls[name] = (arguments, options)
            if "on_phase" in options:
                options["on_phase"]("Training")
                options["progress"](1, 2)
                for epoch in EPOCHS:
                    options["on_epoch"](epoch)
            return report

        return called

    for name, report in (("train", TRAINED), ("distil", TRAINED), ("export", EXPORTED)):
        # By its name in sys.modules: the package's own attributes are the functions.
        __import__(f"lookalike.verbs.{name}")
        monkeypatch.setattr(sys.modules[f"lookalike.verbs.{name}"], name, verb(name, report))
    return calls


@pytest.mark.skipif(sys.platform == "win32", reason="paths are written with other slashes there")
@pytest.mark.parametrize("name", SCREENS)
def test_screens_are_as_they_were(name, golden, monkeypatch, capsys):
    for variable in ("FORCE_COLOR", "NO_COLOR", "TERM", "COLORTERM", "TTY_COMPATIBLE"):
        monkeypatch.delenv(variable, raising=False)
    SCREENS[name]()
    piped = capsys.readouterr().out
    assert "\x1b" not in piped
    golden(f"screens/{name}-pipe.txt", piped)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    for columns in (80, 120):
        monkeypatch.setenv("COLUMNS", str(columns))
        SCREENS[name]()
        golden(f"screens/{name}-{columns}.txt", CODES.sub("", capsys.readouterr().out))


def test_what_is_typed_reaches_the_verb(asked, tmp_path):
    page, out = tmp_path / "page.html", tmp_path / "m.onnx"
    run(
        *("train", "mnist-triplets", "--data", "photos", "--out", out, "--runs", tmp_path),
        *("--set", "fit.epochs=7", "--set", "judge.ways=2,3", "--fresh", "--html", page),
    )
    (made,), options = asked["train"]
    assert made.data.source == "photos"
    assert made.fit.epochs == 7 and made.judge.ways == (2, 3)
    assert made.name == "mnist-triplets"
    assert (options["out"], options["runs"], options["html"]) == (out, tmp_path, page)
    assert options["resume"] is False
    assert "quick" not in options  # or it would be applied again, over what was set


def test_what_is_set_wins_over_a_trial(asked):
    run("train", "mnist-triplets", "--quick", "--set", "fit.epochs=7")
    (made,), options = asked["train"]
    assert made.name == "mnist-triplets-quick"
    assert made.fit.epochs == 7
    assert made.data.per_class > 0
    assert options["resume"] is True


def test_teachers_reach_the_verb(asked):
    run("distil", "photos-distil", "--teacher", "a.onnx", "--teacher", "b.onnx", "--data", "x")
    (made,), options = asked["distil"]
    assert options["teachers"] == ("a.onnx", "b.onnx")
    assert made.data.source == "x"


def test_what_is_to_be_exported_reaches_the_verb(asked):
    words = ("--architecture", "resnet20", "--pooling", "gem", "--size", 48, "--half")
    shown = run("export", "w.pt", *words, "--data", "photos", "--json").stdout
    (source,), options = asked["export"]
    assert source == Path("w.pt")
    assert options.pop("progress")
    assert options == {
        "out": None,
        "architecture": "resnet20",
        "pooling": "gem",
        "size_px": 48,
        "data": "photos",
        "half": True,
    }
    assert json.loads(shown) == json.loads(json.dumps(EXPORTED.to_dict()))


@pytest.mark.parametrize("verb", ["train", "distil"])
def test_json_and_csv_are_what_the_verb_answers(asked, verb):
    result = run(verb, "mnist-triplets", "--set", "fit.epochs=2", "--json")
    assert json.loads(result.stdout) == json.loads(json.dumps(TRAINED.to_dict()))
    assert result.stderr.splitlines() == [
        "epoch 1 of 2: loss 0.5100, validation 0.7000, 12 s",
        "epoch 2 of 2: loss 0.4200, validation 0.8000, 10.0 s",
    ]
    lines = run(verb, "mnist-triplets", "--csv").stdout.splitlines()
    assert lines == [
        "epoch,loss,lr,measure,seconds",
        "1,0.51,0.001,0.7,12.4",
        "2,0.42,0.0001,0.8,9.96",
    ]


def test_a_pass_that_was_measured_by_its_loss_says_so():
    line = epoch_line(Epoch(3, 2.5, 1e-3, -1.75, 0.24), 12)
    assert line == "epoch  3 of 12: loss 2.5000, validation loss 1.7500, 0.2 s"
    assert epoch_line(Epoch(3, 2.5, 1e-3, None, 0.24), 3) == "epoch 3 of 3: loss 2.5000, 0.2 s"


def test_recipes_are_listed_and_printed_as_they_were_written(tmp_path):
    listed = json.loads(run("recipes", "--json").stdout)["recipes"]
    assert [line["name"] for line in listed] == lookalike.recipe_names()
    text = run("recipes", "mnist-triplets").stdout
    assert tomllib.loads(text)["name"] == "mnist-triplets"
    assert text.startswith("# ")
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    assert lookalike.load_recipe(path) == lookalike.load_recipe("mnist-triplets")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["train"], "RECIPE"),
        (["train", "mnist-triplet"], "did you mean 'mnist-triplets'"),
        (["train", "gone.toml"], "gone.toml"),
        (["train", "mnist-triplets", "--set", "fit.epoch=3"], "did you mean 'epochs'"),
        (["train", "mnist-triplets", "--set", "epochs=3"], "--set fit.epochs=3"),
        (["train", "mnist-triplets", "--set", "judge.protocols=verifcation"], "verification"),
        (["train", "mnist-triplets", "--out", "model.pt"], "--out model.onnx"),
        (["train", "mnist-triplets", "--data", "no-such-folder"], "no-such-folder"),
        (["train", "photos-nt-xent"], "--data FOLDER"),
        (["train", "mnist-triplets", "--html", "no/page.html"], "there is no folder"),
        (["recipes", "mnist"], "mnist-triplets"),
        (["distil", "photos-distil", "--data", "."], "teacher"),
        (["export", "no-such-run"], "no-such-run"),
    ],
)
def test_what_cannot_be_done_exits_with_2_and_says_why(words, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(*words, code=2)
    assert said in result.stderr and not result.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 s"), (99, "99 s"), (100, "2 min"), (5_400, "90 min"), (12_000, "3 h 20 min")],
)
def test_a_span_is_told_as_a_person_says_it(seconds, told):
    assert bars._span(seconds) == told


@pytest.mark.parametrize(
    ("speed", "told"),
    [(0, "not one yet"), (0.1, "10 s each"), (2, "2.0 a second"), (1234, "1,234 a second")],
)
def test_a_speed_is_told_the_way_that_has_a_figure(speed, told):
    assert bars._rate(speed) == told


def test_a_line_stands_above_the_bar_and_each_phase_has_its_own_name(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with bars.Bar("Reading") as bar:
        bar(1, 4)
        bar.begin("Training")
        bar(1, 4)
        bar.say("epoch [red]1[/red]")
        bar(2, 4)
    told = CODES.sub("", capsys.readouterr().err)
    assert "Reading" in told or "Training" in told
    assert "epoch [red]1[/red]\n" in told
