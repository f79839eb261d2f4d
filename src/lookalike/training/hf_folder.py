"""Where an encoder in the layout of transformers lies: in a folder here, or fetched from the hub.

Such a repository tells its kind by "model_type" in config.json; those that timm writes have
"architecture" there instead.
"""

import json
import re
from pathlib import Path
from typing import Any

from lookalike.nouns.errors import InputError, WrongModel
from lookalike.training.log import silence

HUB = "hf-hub:"
MEND = (
    "run this where there is a network, and copy the files it writes into the models folder here; "
    "or bring the repository here as a folder, and name that"
)
CONFIG = "config.json"
_OTHERS = ("*.json", "*.txt", "*.model", "README.md")
_WEIGHTS = (("model.safetensors", "model-*.safetensors"), ("pytorch_model*.bin",))


def hf_folder(name: str) -> Path | None:
    """The folder of an encoder that transformers can open.

    Args:
        name: a folder, "OWNER/REPOSITORY" or "hf-hub:OWNER/REPOSITORY"; other names are timm's.

    Returns:
        The folder, fetched from the hub where it is not here; None for an encoder of timm's.

    Raises:
        InputError: the hub cannot be reached, or has no such repository.
        WrongModel: its config.json is damaged.
    """
    if Path(name).is_dir():
        folder = Path(name).resolve()
        return folder if _is_for_transformers(folder / CONFIG) else None
    repository = name.removeprefix(HUB)
    if repository == name and not on_hub(name):
        return None
    import huggingface_hub.utils.logging  # noqa: F401  # its first import makes its loggers talk

    with silence():
        if not _is_for_transformers(_fetched(repository, CONFIG)):
            return None
        return _fetched_whole(repository)


def on_hub(name: str) -> bool:
    """Whether a name without a prefix is one of the hub's, OWNER/REPOSITORY."""
    return re.fullmatch(r"[\w.-]+/[\w.-]+", name) is not None


def licence_of(folder: Path) -> str:
    """The licence that the head of a repository's README tells; empty where it tells none."""
    try:
        text = (folder / "README.md").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    head = re.match(r"---\s*\n(.*?)\n---", text, re.DOTALL)
    found = re.search(r"^license:\s*[\"']?([^\s\"']+)", head[1], re.MULTILINE) if head else None
    return found[1] if found else ""


def read_json(path: Path) -> dict[str, Any]:
    """A file of the repository.

    Raises:
        WrongModel: it cannot be read, or holds no object.
    """
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WrongModel(
            f"The file cannot be read: {error}", where=str(path), mend="copy the repository again"
        ) from error
    if not isinstance(read, dict):
        raise WrongModel("The file holds no settings", where=str(path), mend="copy it again")
    return read


def _is_for_transformers(config: Path) -> bool:
    if not config.is_file():
        return False
    read = read_json(config)
    return "model_type" in read and "architecture" not in read


def _fetched(repository: str, file: str) -> Path:
    from huggingface_hub import hf_hub_download

    try:
        return Path(hf_hub_download(repository, file))
    except Exception as error:  # the hub's and its transport's errors have no common root
        raise not_to_be_had(repository, error) from error


def _fetched_whole(repository: str) -> Path:
    """All that is needed and no more: weights in one format, none of other frameworks.

    Without a network it is what an earlier run has fetched.
    """
    from huggingface_hub import HfApi, snapshot_download

    try:
        files = HfApi().list_repo_files(repository)
        kinds = [kind for kind in _WEIGHTS if any(_has(files, pattern) for pattern in kind)]
        wanted = [*_OTHERS, *(kinds[0] if kinds else ())]
        return Path(snapshot_download(repository, allow_patterns=wanted))
    except Exception as error:  # as above
        try:
            return Path(snapshot_download(repository, local_files_only=True))
        except Exception:  # as above; the first error says more
            raise not_to_be_had(repository, error) from error


def _has(files: list[str], pattern: str) -> bool:
    return any(Path(file).match(pattern) and "/" not in file for file in files)


def not_to_be_had(name: str, error: Exception) -> InputError:
    """What is told where an encoder cannot be fetched or opened, with its cure."""
    reason = str(error).strip().partition("\n")[0]
    return InputError(f"The encoder cannot be had: {reason}", where=name, mend=MEND)
