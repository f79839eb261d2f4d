"""Where a user's own models lie."""

import os
import sys
from pathlib import Path

VARIABLE = "LOOKALIKE_MODELS"


def models_folder() -> Path:
    """The folder whose .onnx files are known by their stems; it need not exist.

    The variable LOOKALIKE_MODELS names it; else it is the system's place for a user's data.
    """
    if named := os.environ.get(VARIABLE):
        return Path(named)
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA")
        data = Path(home) if home else Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        data = Path.home() / "Library" / "Application Support"
    else:
        data = Path.home() / ".local" / "share"
    return data / "lookalike" / "models"


def installed_models() -> dict[str, Path]:
    """Name to file of each model in the folder, in order of name."""
    folder = models_folder()
    if not folder.is_dir():
        return {}
    return {path.stem: path for path in sorted(folder.glob("*.onnx")) if path.is_file()}
