"""`lookalike tune`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from lookalike.cli.answer import answer
from lookalike.cli.bar import Bar
from lookalike.cli.options import ReadyOptions, source_of, source_options

if TYPE_CHECKING:
    from lookalike.nouns.answers import TuneReport
    from lookalike.verbs.ready import Source

PAIR = click.Path(path_type=Path), click.Path(path_type=Path)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--same", multiple=True, type=PAIR, metavar="A B", help="These two are copies of one picture."
)
@click.option("--not-same", multiple=True, type=PAIR, metavar="A B", help="These two are not.")
@click.option(
    "--csv",
    "answers",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Read many answers from a table with the columns a, b and same (yes or no).",
)
@click.option(
    "--forget", multiple=True, type=PAIR, metavar="A B", help="Say nothing of these two any more."
)
@click.option(
    "--ask",
    "most",
    is_flag=False,
    flag_value=20,
    type=click.IntRange(1),
    metavar="[N]",
    help="Be asked about the N most doubtful pairs, 20 unless given; y, n, s to skip, q to stop.",
)
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="With --ask: write the pictures of all questions side by side, and do not open them.",
)
@click.option(
    "--from-pictures",
    is_flag=True,
    help="Learn what scores mean from the pictures of FOLDER themselves; you need say nothing.",
)
@click.option(
    "--forget-pictures", is_flag=True, help="Forget what was learned with --from-pictures."
)
@source_options
@click.option("--json", "as_json", is_flag=True, help="Print all answers as JSON.")
def tune(
    folder: Path,
    same: tuple[tuple[Path, Path], ...],
    not_same: tuple[tuple[Path, Path], ...],
    answers: Path | None,
    forget: tuple[tuple[Path, Path], ...],
    most: int | None,
    html: Path | None,
    from_pictures: bool,
    forget_pictures: bool,
    as_json: bool,
    **options: Unpack[ReadyOptions],
) -> None:
    """Say which pictures are copies and which are not; duplicates heeds it at once.

    A pair that is not the same is never listed again. Answers are kept in the index; without an
    option they are listed. With --ask you are asked, and the answers also make all other doubtful
    pairs more probable or less. With --from-pictures it learns from edited copies that it makes of
    your pictures, and from the pairs that they make, what scores mean among them.

    \b
    Examples:
      lookalike tune ~/Pictures --not-same beach-1.jpg beach-2.jpg
      lookalike tune ~/Pictures --csv answers.csv
      lookalike tune ~/Pictures --ask
      lookalike tune ~/Pictures --from-pictures
      lookalike tune ~/Pictures
    """  # noqa: D301
    from lookalike.cli.tune_screen import show_tune
    from lookalike.verbs.tune import tune as run

    said = bool(same or not_same or answers or forget)
    if most is not None and said:
        raise click.UsageError("--ask goes alone: say what you know, then be asked")
    if html is not None and most is None:
        raise click.UsageError("--html goes with --ask")
    if from_pictures or forget_pictures:
        if said or most is not None or (from_pictures and forget_pictures):
            raise click.UsageError("--from-pictures and --forget-pictures go alone")
        _from_pictures(folder, options, as_json=as_json, forget=forget_pictures)
        return
    with Bar("Reading pictures") as bar:
        source = source_of(folder, options, bar)
        if most is None:
            report = run(source, same=same, not_same=not_same, answers=answers, forget=forget)
    if most is not None:
        report = _ask(source, most, html)
    answer(report, {"as_json": as_json, "as_csv": False}, show_tune)


def _from_pictures(folder: Path, options: ReadyOptions, *, as_json: bool, forget: bool) -> None:
    """Learn from the pictures, or forget that."""
    from lookalike.cli.tune_screen import show_learnt
    from lookalike.verbs.own_pictures import forget_pictures as forget_all
    from lookalike.verbs.own_pictures import tune_from_pictures

    with Bar("Reading pictures") as reading, Bar("Making copies") as bar:
        source = source_of(folder, options, reading)
        if forget:
            known = forget_all(source)
        else:
            report = tune_from_pictures(source, progress=bar, on_phase=bar.begin)
    if not forget:
        answer(report, {"as_json": as_json, "as_csv": False}, show_learnt)
    elif as_json:
        click.echo(json.dumps({"forgotten": known}))
    else:
        click.echo("Forgotten." if known else "There was nothing to forget.")


def _ask(source: "Source", most: int, html: Path | None) -> "TuneReport":
    """Ask about the most doubtful pairs and keep what is said."""
    import tempfile
    from dataclasses import replace

    from lookalike.cli.ask import asked
    from lookalike.verbs.questions import answer_questions, questions, save_questions

    with Bar("Comparing pictures") as comparing:
        report = questions(source, most=most, comparing=comparing)
    with tempfile.TemporaryDirectory() as made:
        if report.questions:
            page = save_questions(report, html or Path(made) / "questions.html")
            click.echo(f"The pictures are at {page}", err=True)
            if html is None:
                click.launch(page.as_uri())
        given = asked(report) if report.questions else []
    return answer_questions(replace(source, as_is=True, progress=lambda _, __: None), given)
