"""The `golden` fixture and its flag, on a project of one test."""

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
def run(pytester):
    pytester.makeconftest(CONFTEST.read_text(encoding="utf-8"))

    def run(text: str, number: object, *flags: str) -> dict[str, int]:
        pytester.makepyfile(test_one=TEST.format(text=text, number=number))
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", *flags).parseoutcomes()

    return run


def test_a_golden_file_is_written_only_by_the_flag_and_then_holds(run, pytester):
    assert run("one\n", 1.0) == {"failed": 2}
    assert not (pytester.path / "golden").exists()
    assert run("one\n", 1.0, "--refresh-golden") == {"passed": 2}
    assert run("one\n", 1.0009) == {"passed": 2}
    assert run("two\n", 1.0009) == {"passed": 1, "failed": 1}


@pytest.mark.parametrize("number", ["1.002", "'1.0'", "1.0, 2", "[1.0]"])
def test_numbers_beyond_the_tolerance_and_other_shapes_fail(run, number):
    run("one\n", 1.0, "--refresh-golden")
    assert run("one\n", number) == {"passed": 1, "failed": 1}
