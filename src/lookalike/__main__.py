"""The door of the command: `lookalike`, or `python -m lookalike`."""

import sys


def run() -> None:
    """Run the command; Ctrl-C ends it quietly, also while it is still being loaded."""
    try:
        from lookalike.cli.main import main

        main()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    run()
