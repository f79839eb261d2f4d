"""Trains in a process of its own that ends without a word after so many steps.

python train_until_killed.py FOLDER RUN MODEL STEPS
"""

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path += [str(HERE), str(HERE.parent / "training")]


def main() -> None:
    import torch
    from striped_folders import recipe

    from lookalike.training import callbacks
    from lookalike.verbs.train import train

    torch.set_num_threads(1)
    callbacks._TELL_EVERY_SECONDS = -1.0
    folder, run, model, steps = sys.argv[1:]
    training = [False]

    def phase(name: str) -> None:
        training[0] = name == "Training"

    def progress(done: int, total: int) -> None:
        if training[0] and done >= int(steps):
            os._exit(9)  # no handler, no flush, no farewell

    train(recipe(folder), out=model, runs=run, progress=progress, on_phase=phase)


if __name__ == "__main__":
    main()
