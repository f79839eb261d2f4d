"""The layer contract of pyproject.toml holds."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = "from importlinter.cli import lint_imports_command as run; run()"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    # From a copy's `src`, whatever is installed: the first entry of sys.path is the working folder.
    code = f"import sys; sys.path.insert(0, {str(folder / 'src')!r}); {LINT}"
    flags = ["--no-logo", "--no-cache", "--config", str(ROOT / "pyproject.toml")]
    return subprocess.run(
        [sys.executable, "-c", code, *flags], capture_output=True, text=True, cwd=folder
    )


def test_imports_point_down_only():
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("room", "line", "broken"),
    [
        ("images", "import lookalike.store", "lookalike.images -> lookalike.store"),
        ("nouns", "from lookalike import verbs", "lookalike.nouns -> lookalike.verbs"),
        ("verdicts", "import torch", "lookalike.verdicts -> torch"),
        ("helpers", "", "- lookalike.helpers"),
    ],
)
def test_the_contract_notices(tmp_path, room, line, broken):
    package = tmp_path / "src" / "lookalike"
    rooms = [*(path.parent.name for path in ROOT.glob("src/lookalike/*/__init__.py")), room]
    for name in rooms:
        (package / name).mkdir(parents=True, exist_ok=True)
        (package / name / "__init__.py").write_text(line if name == room else "")
    (package / "__init__.py").write_text("")
    (package / "api.py").write_text("")
    result = lint(tmp_path)
    assert result.returncode == 1
    assert broken in result.stdout
