"""Small collections of files, plans over them, and pictures of their state."""

import errno
import inspect
import os
import stat
from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from lookalike.nouns.clean_plan import CleanPlan, Removal
from lookalike.quarantine import disk

DAY_NS = 86_400 * 10**9
MEMORY = Path("/dev/shm")
"""A file system in memory, which many systems have."""
START_NS = 1_600_000_000_123_456_789


def digest(file: BinaryIO) -> bytes:
    return blake2b(file.read(), digest_size=32).digest()


def hex_of(data: bytes) -> str:
    return blake2b(data, digest_size=32).hexdigest()


def write_tree(folder: Path, files: dict[str, bytes], *, mode: int = 0o640) -> None:
    """Files and folders, each with a time and rights of its own, all in the past."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".lookalike" / "quarantine").mkdir(parents=True, exist_ok=True)
    for number, (path, content) in enumerate(files.items()):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        file.chmod(mode)
        os.utime(file, ns=(START_NS, START_NS + number * DAY_NS))
    for number, (path, _, _) in enumerate(os.walk(folder, topdown=False)):
        os.utime(path, ns=(START_NS, START_NS - (number + 1) * DAY_NS))


def removal(folder: Path, path: str, keeper: str, *companions: str) -> Removal:
    status = (folder / path).stat()
    return Removal(
        path=path,
        keeper=keeper,
        digest=hex_of((folder / path).read_bytes()),
        keeper_digest=hex_of((folder / keeper).read_bytes()),
        size_bytes=status.st_size,
        mtime_ns=status.st_mtime_ns,
        reason=f"{keeper} is larger",
        companions=companions,
    )


def plan_of(folder: Path, *removals: Iterable[str], protected: tuple[str, ...] = ()) -> CleanPlan:
    """A plan of (path, keeper, companions...) lines."""
    return CleanPlan(folder, tuple(removal(folder, *line) for line in removals), protected)


def snapshot(folder: Path) -> dict[str, tuple[object, ...]]:
    """All that can be seen of a collection, lookalike's own folder left out."""
    seen: dict[str, tuple[object, ...]] = {}
    first_names: dict[int, str] = {}
    for path in [folder, *sorted(folder.rglob("*"))]:
        name = path.relative_to(folder).as_posix()
        if name.split("/")[0] == ".lookalike":
            continue
        status = path.lstat()
        facts = (stat.S_IFMT(status.st_mode), stat.S_IMODE(status.st_mode), status.st_mtime_ns)
        if path.is_symlink():
            seen[name] = (*facts, os.readlink(path))
        elif path.is_file():
            twin = first_names.setdefault(status.st_ino, name)
            seen[name] = (*facts, hex_of(path.read_bytes()), twin)
        else:
            seen[name] = facts
    return seen


def contents(*folders: Path) -> set[bytes]:
    """The bytes of every file that can be reached, wherever it lies."""
    paths = (path for folder in folders for path in folder.rglob("*"))
    return {path.read_bytes() for path in paths if path.is_file()}


def left_in_quarantine(folder: Path) -> list[str]:
    """Files that an operation still holds."""
    root = folder / ".lookalike" / "quarantine"
    own = ("journal.jsonl", "journal.new", "lock")
    return [p.name for p in root.rglob("*") if p.is_file() and p.name not in own]


def acts() -> dict[str, Callable[..., object]]:
    """Every function through which files are looked at or changed."""
    return {
        name: thing
        for name, thing in vars(disk).items()
        if inspect.isfunction(thing) and thing.__module__ == disk.__name__
    }


def another_disk(folder: Path) -> dict[str, Callable[..., object]]:
    """Stand-ins for the acts that do not reach from one disk to another: the quarantine is one."""
    own = folder / ".lookalike"

    def within(act: Callable[..., object]) -> Callable[..., object]:
        def checked(source: Path, target: Path) -> object:
            if (own in source.parents) != (own in target.parents):
                raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), str(source))
            return act(source, target)

        return checked

    return {name: within(acts()[name]) for name in ("rename", "replace", "link")}


FILES = {
    "a/IMG_1.JPG": b"one" * 500,
    "a/IMG_1.CR2": b"raw of one" * 300,
    "a/IMG_1.xmp": b"edits of one",
    "a/deep/er/two.png": b"two" * 700,
    "b/one.jpg": b"one" * 500,
    "b/two small.png": b"two, another size",
    "two.png": b"two" * 700,
    "other.gif": b"nothing like it",
}
LINES = (
    ("a/IMG_1.JPG", "b/one.jpg", "a/IMG_1.CR2", "a/IMG_1.xmp"),
    ("a/deep/er/two.png", "two.png"),
    ("b/two small.png", "two.png"),
)


def small_tree(folder: Path) -> CleanPlan:
    """A collection of eight files, and a plan that moves five of them."""
    write_tree(folder, FILES)
    return plan_of(folder, *LINES)


SAME_LINES = (("a/IMG_1.JPG", "b/one.jpg"), ("a/deep/er/two.png", "two.png"))


def small_tree_of_links(folder: Path) -> CleanPlan:
    """The same collection, and a plan whose files have the bytes of what stays."""
    write_tree(folder, FILES)
    return plan_of(folder, *SAME_LINES)
