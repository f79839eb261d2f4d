"""The `golden` fixture and its flag, on a project of one test."""

import importlib.util
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
CONFTEST = Path(__file__).parents[1] / "conftest.py"
TEST = """
def test_text(golden):
    golden("deep/a.txt", {text!r})

def test_numbers(golden):
    golden("b.json", {{"first": [{number}, 2], "name": "x"}}, tolerance=1e-3)
"""


@pytest.fixture
def run(pytester, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeconftest(CONFTEST.read_text(encoding="utf-8"))

    def run(text: str, number: float, *flags: str) -> dict[str, int]:
        pytester.makepyfile(test_one=TEST.format(text=text, number=number))
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", *flags).parseoutcomes()

    return run


def test_a_golden_file_is_written_only_by_the_flag_and_then_holds(run, pytester):
    assert run("one\n", 1.0) == {"failed": 2}
    assert not (pytester.path / "golden").exists()
    assert run("one\n", 1.0, "--refresh-golden") == {"passed": 2}
    assert run("one\n", 1.0009) == {"passed": 2}
    assert run("two\n", 1.0011) == {"failed": 2}


@pytest.mark.parametrize(
    ("actual", "where"),
    [
        ({"a": [1.0, 2.0004], "b": 3}, ""),
        ({"a": [1.0, 2.002], "b": 3}, "$.a.1"),
        ({"a": [1.0, "2.0"], "b": 3}, "$.a.1"),
        ({"a": [1.0], "b": 3}, "$.a"),
        ({"a": [1.0, 2.0], "b": 4}, "$.b"),
        ({"a": [1.0, 2.0]}, "$"),
        ({"a": [1.0, float("nan")], "b": 3}, "$.a.1"),
    ],
)
def test_numbers_are_held_to_the_tolerance_and_everything_else_exactly(actual, where):
    spec = importlib.util.spec_from_file_location("conftest_of_all", CONFTEST)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    wanted = {"a": [1, 2.0], "b": 3}
    assert module._first_difference(actual, wanted, 1e-3, "$").partition(":")[0] == where
