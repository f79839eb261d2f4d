"""docs/reference says what the code says: every command, option, argument and error."""

import ast
import builtins
import importlib.util
import re
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"


def load_maker():
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs/make_reference.py")
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    return maker


maker = load_maker()


def test_the_pages_are_up_to_date():
    assert maker.outdated() == [], "run make docs"


def test_every_command_and_option_is_documented_and_explained():
    from lookalike.cli.main import main

    text = (REFERENCE / "cli.md").read_text(encoding="utf-8")
    for path, command in maker.commands(main):
        _, found, section = text.partition(f"\n## `{path}`\n")
        section = section.partition("\n## ")[0]
        assert found, path
        assert command.help, f"{path} has no help"
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                assert all(f"`{name}`" in section for name in option.opts), (path, option.opts)
                assert option.help, f"{path} {option.opts[0]} has no help"


def test_every_error_is_documented():
    text = (REFERENCE / "errors.md").read_text(encoding="utf-8")
    for error in maker.error_classes():
        assert f"\n## `{error.__name__}`\n" in text
        assert error.__name__ in maker.inspect.getdoc(maker.inspect.getmodule(error))


def test_errors_that_reach_a_user_are_made_in_one_place():
    tree = {error.__name__ for error in maker.error_classes()}
    builtin = {name for name in vars(builtins) if name.endswith(("Error", "Exception"))}
    for path in (ROOT / "src").rglob("*.py"):
        if path.parts[-2:] == ("nouns", "errors.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            bases = {ast.unparse(b) for b in node.bases} if isinstance(node, ast.ClassDef) else ()
            if not (tree | builtin).isdisjoint(bases):
                assert caught_in(path.parent, node.name), f"{node.name} belongs in nouns/errors.py"


def caught_in(room: Path, name: str) -> bool:
    """Whether a file of the room catches it, so that it is the room's own business."""
    texts = (path.read_text(encoding="utf-8") for path in room.glob("*.py"))
    return any(re.search(rf"except [^:]*\b{name}\b", text) for text in texts)


@click.group()
def toy() -> None:
    """A toy.

    \b
    kept
    apart
    """


@toy.command()
@click.argument("folder")
@click.option("-k", "--count", default=10, help="How many")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--kind", type=click.Choice(["a", "b"]), multiple=True, help="One of a|b.")
@click.option("--size", type=click.IntRange(1), required=True, help="How big.")
@click.option("--share", type=click.FloatRange(0, 1), help="How much.  [default: all]")
@click.option("--secret", hidden=True)
def find(**_: object) -> None:
    """Finds."""


@toy.command(hidden=True)
def unseen() -> None:
    """Not shown."""


@pytest.fixture
def page() -> str:
    sections = [maker._command(path, command, {}) for path, command in maker.commands(toy)]
    return maker._page([line for section in sections for line in section])


@pytest.mark.parametrize(
    "line",
    [
        "```\nkept\napart\n```",
        "lookalike find [OPTIONS] FOLDER",
        "| `-k`, `--count` INTEGER | How many. Default: `10`. |",
        "| `--json` | As JSON. |",
        "| `--size` INTEGER from 1 | How big. Must be given. |",
        "| `--share` FLOAT from 0 to 1 | How much. [default: all] |",
        "| `--kind` a, b | One of a\\|b. May be given several times. |",
    ],
)
def test_a_page_is_made_of_the_command_itself(page, line):
    assert line in page


def test_what_is_hidden_is_not_documented(page):
    assert "secret" not in page
    assert "unseen" not in page
