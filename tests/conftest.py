"""What all tests share: golden files, rewritten by `pytest --refresh-golden`, and an album."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--refresh-golden",
        action="store_true",
        help="rewrite the files under tests/golden with what the code gives now",
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Compares with tests/golden/NAME, or rewrites it when --refresh-golden is given.

    `golden("help.txt", text)` for text; `golden("first.json", data, tolerance=1e-4)` for anything
    that JSON holds, where the tolerance is absolute and for floats only.
    """
    refresh = bool(request.config.getoption("--refresh-golden"))

    def check(name: str, actual: Any, *, tolerance: float = 0.0) -> None:
        path = GOLDEN / name
        text = actual if isinstance(actual, str) else _json(actual)
        if refresh:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        if not path.is_file():
            pytest.fail(f"tests/golden/{name} is missing: run pytest --refresh-golden")
        wanted = path.read_text(encoding="utf-8")
        if isinstance(actual, str) or not tolerance:
            assert text == wanted, f"differs from tests/golden/{name}"
        else:
            problem = _first_difference(json.loads(text), json.loads(wanted), tolerance, "$")
            assert not problem, f"differs from tests/golden/{name} at {problem}"

    return check


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """An album with copies of every rung, see `album_of_copies`; a test may change it."""
    from scenes import album_of_copies

    return album_of_copies(tmp_path / "album")


@pytest.fixture(scope="session")
def read_album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same album with its index, for tests that change nothing."""
    from scenes import album_of_copies

    import lookalike

    folder = album_of_copies(tmp_path_factory.mktemp("read") / "album")
    lookalike.index(folder)
    return folder


def _json(data: Any) -> str:
    return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def _first_difference(actual: Any, wanted: Any, tolerance: float, where: str) -> str:
    """Where two JSON values differ by more than the tolerance; empty where nowhere."""
    numbers = isinstance(actual, int | float) and isinstance(wanted, int | float)
    if numbers and float in (type(actual), type(wanted)):
        alike = math.isclose(actual, wanted, rel_tol=0, abs_tol=tolerance)
        return "" if alike else f"{where}: {actual} is not {wanted}"
    if type(actual) is not type(wanted):
        return f"{where}: {actual!r} is not {wanted!r}"
    if isinstance(actual, dict):
        if actual.keys() != wanted.keys():
            return f"{where}: keys {sorted(actual)} are not {sorted(wanted)}"
        parts = ((actual[key], wanted[key], key) for key in actual)
    elif isinstance(actual, list):
        if len(actual) != len(wanted):
            return f"{where}: {len(actual)} values, not {len(wanted)}"
        parts = zip(actual, wanted, range(len(actual)), strict=True)
    else:
        return "" if actual == wanted else f"{where}: {actual!r} is not {wanted!r}"
    found = (_first_difference(a, w, tolerance, f"{where}.{key}") for a, w, key in parts)
    return next((difference for difference in found if difference), "")
