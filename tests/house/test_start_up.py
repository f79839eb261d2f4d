"""What a fresh process imports: the budget of start-up, counted in modules."""

import json
import subprocess
import sys

ALLOWED = {"lookalike", "click", "colorama"}
"""colorama: click needs it on Windows."""


def third_party(code: str) -> set[str]:
    """Top-level modules from outside the standard library that this code brings in."""
    before = "import json, sys; old = set(sys.modules)\n"
    after = "\nprint('MODULES', json.dumps(sorted(set(sys.modules) - old)))"
    result = subprocess.run(
        [sys.executable, "-c", before + code + after], capture_output=True, text=True, check=True
    )
    modules = json.loads(result.stdout.rpartition("MODULES ")[2])
    return {name.partition(".")[0] for name in modules} - set(sys.stdlib_module_names)


def test_importing_the_package_brings_in_nothing_else():
    assert third_party("import lookalike") == {"lookalike"}


def test_help_of_the_command_and_of_each_verb_needs_click_only():
    code = """
from lookalike.cli.main import main
import click
context = click.Context(main, info_name="lookalike")
for words in ([], *([name] for name in main.list_commands(context))):
    try:
        main([*words, "--help"], prog_name="lookalike")
    except SystemExit as end:
        assert not end.code, words
"""
    assert third_party(code) <= ALLOWED


def test_the_measure_notices_what_it_is_for():
    assert third_party("import numpy") == {"numpy"}
