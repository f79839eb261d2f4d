"""What the library logs as a warning, as one plain line on standard error."""

import logging

import click

from lookalike.pages.words import visible


class Remarks(logging.Handler):
    """Prints each record on a line of its own."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print one record."""
        click.echo(f"warning: {visible(record.getMessage())}", err=True)


def listen() -> None:
    """From here on the warnings of lookalike are shown, once each."""
    logger = logging.getLogger("lookalike")
    if not any(isinstance(handler, Remarks) for handler in logger.handlers):
        logger.addHandler(Remarks(logging.WARNING))
