"""Child process of test_kill: store the pictures that are missing, a few at a time."""

import sys
from pathlib import Path

from made_pictures import batch, open_writer


def main(folder: Path, count: int, step: int) -> None:
    with open_writer(folder) as writer:
        known = writer.stamps()
        missing = [n for n in range(count) if known.pop(f"album/{n}.jpg") is None]
        for start in range(0, len(missing), step):
            writer.commit(batch(missing[start : start + step]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
