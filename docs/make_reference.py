"""Writes docs/reference from the code: commands, public names, errors, recipes and losses.

python docs/make_reference.py            write the pages
python docs/make_reference.py --check    write nothing; exit 1 where a page is out of date
"""

import argparse
import ast
import importlib
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

REFERENCE = Path(__file__).parent / "reference"
MADE = "<!-- Made by docs/make_reference.py: change the code, then run `make docs`. -->"
QUOTES = "'"
EXIT_CODES = {
    0: "The command has done what was asked.",
    1: "A fault of lookalike: please report it.",
    2: "Something you can mend: two lines on standard error say what went wrong and what to try.",
    130: "Stopped by Ctrl-C; what was done is kept.",
}
LISTED = ("Args:", "Attributes:", "Raises:")


def command_page() -> str:
    """Every command with its arguments and options, and the exit codes."""
    group: click.Command = importlib.import_module("lookalike.cli.main").main
    lines = [MADE, "", "# The command", ""]
    for path, command in commands(group):
        lines += _command(path, command, group.context_settings)
    lines += ["## Exit codes", "", "| code | meaning |", "|--:|---|"]
    lines += [f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items()]
    return _page(lines)


def commands(group: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Each command that is not hidden, as ("lookalike search", command), the group first."""
    yield from _below("lookalike", group)


def _below(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from _below(f"{path} {name}", child)


def _command(path: str, command: click.Command, settings: MutableMapping[str, Any]) -> list[str]:
    context = click.Context(command, info_name=path, **settings)
    pieces = command.collect_usage_pieces(context)
    lines = [f"## `{path}`", "", *_prose(command.help or ""), ""]
    lines += ["```", " ".join([path, *pieces]), "```", ""]
    # The help option is the same everywhere: it is shown once, with the group.
    given = command.get_params(context) if isinstance(command, click.Group) else command.params
    options = [p for p in given if isinstance(p, click.Option) and not p.hidden]
    if options:
        lines += ["| option | what it does |", "|---|---|"]
        lines += [f"| {_spelling(option)} | {_meaning(option)} |" for option in options]
        lines.append("")
    return lines


def _prose(text: str) -> list[str]:
    """The help; a paragraph under click's mark for "leave these lines as they are" is fenced."""
    lines: list[str] = []
    for paragraph in inspect.cleandoc(text.partition("\f")[0]).split("\n\n"):
        kept = paragraph.removeprefix("\b\n")
        lines += ["```", kept, "```", ""] if kept != paragraph else [kept, ""]
    return lines


def _spelling(option: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    return names if option.is_flag or option.count else f"{names} {_value(option)}"


def _value(option: click.Option) -> str:
    kind = option.type
    if isinstance(kind, click.Choice):
        return ", ".join(str(choice) for choice in kind.choices)
    if isinstance(kind, click.IntRange | click.FloatRange):
        low = f"from {kind.min}" if kind.min is not None else ""
        high = f"to {kind.max}" if kind.max is not None else ""
        return " ".join(filter(None, (kind.name.split()[0].upper(), low, high)))
    return option.metavar or kind.name.upper()


def _meaning(option: click.Option) -> str:
    text = " ".join((option.help or "").split()).replace("|", "\\|")
    text += "" if text.endswith((".", "]")) else "."
    text += " Must be given." if option.required else ""
    text += " May be given several times." if option.multiple else ""
    shown = isinstance(option.default, str | int | float) and not option.is_flag
    return f"{text} Default: `{option.default}`." if shown and not option.count else text


def names_page() -> str:
    """Every name that `import lookalike` offers."""
    api = importlib.import_module("lookalike.api")
    lines = [MADE, "", "# The Python package", "", "`import lookalike` offers these names.", ""]
    for name in api.__all__:
        lines += _name(f"lookalike.{name}", getattr(api, name))
    lines += ["# On Spark", "", "`lookalike.spark` offers these names, with the extra `spark`.", ""]
    spark = importlib.import_module("lookalike.spark")
    for name in spark.__all__:
        lines += _name(f"lookalike.spark.{name}", getattr(spark, name))
    return _page(lines)


def _name(path: str, thing: object) -> list[str]:
    lines, name = [f"## `{path}`", ""], path.rpartition(".")[2]
    if inspect.isclass(thing):
        node = _source(thing)
        bases = ", ".join(base.__name__ for base in thing.__bases__ if base is not object)
        lines += ["```", f"class {name}({bases})" if bases else f"class {name}"]
        lines += [f"    {ast.unparse(part)}" for part in _fields(node)] + ["```"]
        lines += ["", *_docstring(thing), "", *_methods(node), ""]
    elif callable(thing):
        node = _source(thing)
        signature = _signature(node) if isinstance(node, ast.FunctionDef) else name
        lines += ["```", signature, "```", "", *_docstring(thing), ""]
    return lines


def _source(thing: Callable[..., object]) -> ast.stmt:
    return ast.parse(textwrap.dedent(inspect.getsource(thing))).body[0]


def _signature(node: ast.FunctionDef, *, bound: bool = False) -> str:
    """As written in the source: the same text under every version of Python."""
    arguments = re.sub(r"(?<=[^ =])=(?=[^=])", " = ", ast.unparse(node.args))
    if bound:
        arguments = re.sub(r"^(self|cls)(, )?(/, )?", "", arguments)
    result = f" -> {ast.unparse(node.returns).strip(QUOTES)}" if node.returns else ""
    line = f"{node.name}({arguments}){result}"
    if len(line) <= 96:
        return line
    # Break after each comma outside brackets.
    broken = re.sub(r", (?![^\[(]*[\])])", ",\n    ", arguments)
    return f"{node.name}(\n    {broken},\n){result}"


def _fields(node: ast.stmt) -> list[ast.stmt]:
    """What a dataclass holds, or the members of an enum."""
    parts = node.body if isinstance(node, ast.ClassDef) else []
    return [
        part
        for part in parts
        if (isinstance(part, ast.AnnAssign) and not ast.unparse(part.target).startswith("_"))
        or (isinstance(part, ast.Assign) and ast.unparse(part.targets[0]).isupper())
    ]


def _methods(node: ast.stmt) -> list[str]:
    lines: list[str] = []
    for part in node.body if isinstance(node, ast.ClassDef) else ():
        if not isinstance(part, ast.FunctionDef) or part.name.startswith("_"):
            continue
        marks = {ast.unparse(mark) for mark in part.decorator_list}
        text = part.name if "property" in marks else _signature(part, bound=True)
        first = (ast.get_docstring(part) or "").partition("\n\n")[0]
        lines.append(f"- `{' '.join(text.split())}`: {' '.join(first.split())}")
    return ["**Methods and properties**", "", *lines] if lines else []


def _docstring(thing: object) -> list[str]:
    """Google sections as bold words and lists; everything else as it stands."""
    lines: list[str] = []
    listed = False
    for line in (inspect.getdoc(thing) or "").splitlines():
        if re.fullmatch(r"[A-Z][a-z]+:", line):
            listed = line in LISTED
            lines += ["", f"**{line[:-1]}**", ""]
        elif listed and re.match(r" {4}\S", line):
            head, _, tail = line.strip().partition(": ")
            lines.append(f"- `{head}`: {tail}")
        elif lines and re.match(r" {4}", line) and "**" in "".join(lines):
            lines.append(f"  {line.strip()}" if listed else line.strip())
        else:
            lines.append(line)
            listed = False if line else listed
    return lines


def errors_page() -> str:
    """Every error class and what it means."""
    errors = importlib.import_module("lookalike.nouns.errors")
    lines = [MADE, "", "# Errors", "", *(inspect.getdoc(errors) or "").splitlines(), ""]
    for error in error_classes():
        lines += [f"## `{error.__name__}`", "", *_docstring(error), ""]
        lines += [f"The command ends with exit code {getattr(error, 'exit_code', 1)}.", ""]
    return _page(lines)


def error_classes() -> list[type[Exception]]:
    """All classes of the tree, in the order in which they are written."""
    errors = importlib.import_module("lookalike.nouns.errors")
    return [e for e in vars(errors).values() if inspect.isclass(e) and issubclass(e, Exception)]


def _page(lines: Sequence[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip() + "\n"


def training_page(name: str) -> str:
    """One of the pages of `training_pages.py`."""
    if str(Path(__file__).parent) not in sys.path:
        sys.path.append(str(Path(__file__).parent))
    pages: dict[str, Callable[[], list[str]]] = importlib.import_module("training_pages").PAGES
    return _page([MADE, "", *pages[name]()])


PAGES: dict[str, Callable[[], str]] = {
    "cli.md": command_page,
    "python.md": names_page,
    "errors.md": errors_page,
    "recipe.md": partial(training_page, "recipe.md"),
    "recipes.md": partial(training_page, "recipes.md"),
    "losses.md": partial(training_page, "losses.md"),
}


def outdated() -> list[str]:
    """The pages that differ from what the code says."""
    stale = []
    for name, make in PAGES.items():
        path = REFERENCE / name
        if not path.is_file() or path.read_text(encoding="utf-8") != make():
            stale.append(name)
    return stale


def main() -> int:
    """Writes or checks the pages."""
    parser = argparse.ArgumentParser(description="Write docs/reference from the code.")
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if out of date")
    stale = outdated()
    if parser.parse_args().check:
        for name in stale:
            sys.stderr.write(f"docs/reference/{name} is out of date: run make docs\n")
        return 1 if stale else 0
    REFERENCE.mkdir(exist_ok=True)
    for name in stale:
        (REFERENCE / name).write_text(PAGES[name](), encoding="utf-8", newline="\n")
        sys.stdout.write(f"docs/reference/{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
