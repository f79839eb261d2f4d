"""The progress bar: how many, how fast, how long still."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PLAIN_SECONDS = 10.0
"""Where standard error is no terminal, one line this often."""


class Bar:
    """A verb's progress on standard error; appears only when there is something to do."""

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._bar: tuple[Progress, TaskID] | None = None
        self._started = self._told = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop()

    def begin(self, doing: str) -> None:
        """Go on with something else, from its start."""
        self._stop()
        self._doing = doing
        self._started = self._told = time.monotonic()

    def say(self, line: str) -> None:
        """A line on standard error, above the bar."""
        if self._bar is None:
            click.echo(line, err=True)
        else:
            self._bar[0].console.print(line, markup=False, highlight=False, soft_wrap=True)

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` are done; what is done vanishes and may begin anew."""
        if done >= total:
            self._stop()
            self._started = time.monotonic()
        elif not sys.stderr.isatty():
            self._plain(done, total)
        else:
            self._show(done, total)

    def _stop(self) -> None:
        if self._bar is not None:
            self._bar[0].stop()
        self._bar = None

    def _show(self, done: int, total: int) -> None:
        if self._bar is None:
            self._bar = self._start(total)
        progress, task = self._bar
        progress.update(task, completed=done, total=total)
        speed, left = progress.tasks[task].speed, progress.tasks[task].time_remaining
        told = f"{done:,} of {total:,}" + (f", {_rate(speed)}" if speed else "")
        progress.update(task, told=told + ("" if left is None else f", {_span(left)} left"))

    def _plain(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._told < PLAIN_SECONDS:
            return
        self._told = now
        rate = done / (now - self._started)
        left = f", {_span((total - done) / rate)} left" if rate else ""
        click.echo(f"{self._doing}: {done:,} of {total:,}, {_rate(rate)}{left}", err=True)

    def _start(self, total: int) -> "tuple[Progress, TaskID]":
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[told]}"),
            console=Console(stderr=True),
            transient=True,
        )
        progress.start()
        return progress, progress.add_task(self._doing, total=total, told="")


def _rate(speed: float) -> str:
    if speed < 0.5:
        return f"{_span(1 / speed)} each" if speed else "not one yet"
    return f"{speed:,.0f} a second" if speed >= 10 else f"{speed:.1f} a second"


def _span(seconds: float) -> str:
    """As a person says it: "40 s", "12 min", "3 h 20 min"."""
    minutes = round(seconds / 60)
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
