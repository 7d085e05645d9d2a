"""The verb `results`: what is there, one of them again, a number for a paper, tables, questions, differences.

In: what click has read. Out: text on the standard output, notes on the other, an exit status. Nothing but
click is imported until a command has been chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from sim.errors import UsageError
from sim.views.verbs import strategies

RESULTS = Path("results")

FORMS = ("text", "latex", "bibtex")

folder = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
place = click.argument("place", metavar="[FOLDER]", required=False, type=click.Path(path_type=Path))
measures = click.option(
    "--measure", "measures", metavar="NAME", multiple=True, help="Only this measure (repeatable)."
)
machine = click.option("--csv", "machine", is_flag=True, help="As CSV, every digit, for machines.")


class InOrder(click.Group):
    """Commands in the order in which they are met, not by letter."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """As they were added."""
        return list(self.commands)


@click.group(
    cls=InOrder,
    invoke_without_command=True,
    short_help="List, quote, export, query and compare finished runs.",
)
@click.pass_context
def results(ctx: click.Context) -> None:
    """Look at finished runs: nothing here computes or changes one.

    FOLDER is searched with all below it (default: results). DIR is the folder of one study, where `run` has
    put its tables.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@results.command("list", short_help="Every study there is, with its headline numbers.")
@place
@machine
def list_(place: Path | None, machine: bool) -> int:
    """List every study in FOLDER and below it: strategies, runs, headline numbers, and its state."""
    from sim.views import terminal
    from sim.views.shelving import listed, listed_for_machines

    where = _place(place)
    click.echo(listed_for_machines(where) if machine else listed(where, terminal.width()))
    return 0


@results.command(short_help="Print one again, as `run` did.")
@folder
@strategies
@measures
def show(folder: Path, strategies: tuple[str, ...], measures: tuple[str, ...]) -> int:
    """Print a finished study again, as `run` did; or only some of its measures."""
    from sim.views.showing import shown

    text, notes = shown(folder, strategies, measures)
    click.echo(text)
    _tell(notes)
    return 0


@results.command(short_help="One number for a paper, with all that belongs to it.")
@folder
@click.option("--measure", metavar="NAME", required=True, help="What to quote, for example users_lost.")
@click.option("--strategy", metavar="NAME", help="Of this strategy rather than the baseline.")
@click.option(
    "--as",
    "form",
    type=click.Choice([*FORMS, "all"]),
    default="all",
    show_default=True,
    help="In which form.",
)
def quote(folder: Path, measure: str, strategy: str | None, form: str) -> int:
    """Quote one number with its interval, the spread, and all it takes to make it again.

    The mean of a time that the end of the simulation cut in some runs is refused, and what can be said
    instead is printed: median, restricted mean, and how many runs last longer than 7, 30 and 90 days.
    """
    from sim.views.quoting import quoted

    refusal, texts = quoted(folder, measure, strategy)
    _tell([refusal] if refusal else [])
    wanted = FORMS if form == "all" else (form,)
    parts = [f"{'' if form != 'all' else f'{name}:' + chr(10)}{texts[name]}" for name in wanted]
    click.echo("\n\n".join(parts))
    return 0


@results.command(short_help="Under which values of what nobody knows it fails.")
@folder
@click.option(
    "--when",
    metavar='"MEASURE > AMOUNT"',
    required=True,
    help='What counts as failing, for example "users_lost > 100000" or "downtime >= 7 d".',
)
@click.option("--strategy", metavar="NAME", help="Of this strategy rather than the baseline.")
def fails(folder: Path, when: str, strategy: str | None) -> int:
    """Find the values of the `unknowns` under which a strategy fails, from the runs there are.

    A small tree is grown on every second run and counted on the others. Needs scikit-learn (the extra
    `rules`).
    """
    from sim.views import terminal
    from sim.views.failing import where_it_fails

    found = where_it_fails(folder, when, strategy)
    columns = terminal.width()
    click.echo(terminal.paragraphs([each.text for each in found.sentences], columns))
    for table in found.tables:
        shown = terminal.table(table.header, table.rows, columns, right=range(1, len(table.header)))
        click.echo(f"\n{table.caption}:\n\n{shown}")
    return 0


@results.command(short_help="All tables as CSV, or as one workbook.")
@folder
@click.option(
    "--to", type=click.Choice(["csv", "xlsx"]), default="csv", show_default=True, help="What to write."
)
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="PLACE", help="A new folder (csv) or file (xlsx)."
)
def export(folder: Path, to: str, output: Path | None) -> int:
    """Write every table of a study as CSV, with units in `columns.csv`, or as one workbook.

    Instants stand beside hours. Nothing is overwritten. The last line printed is what was written.
    """
    from sim.study.export import export as written

    click.echo(written(folder, to, output).resolve())
    return 0


@results.command(short_help="Ask all studies something in SQL.")
@click.argument("sql", metavar='"SELECT ..."')
@place
@machine
def query(sql: str, place: Path | None, machine: bool) -> int:
    """Run one SELECT over the tables of every finished study in FOLDER and below it.

    The views are outcomes, segments, attribution, events, trajectories, summary, criticality and comparison;
    each row begins with scenario and digest. Names with a dot need double quotes. Only results can be read,
    and nothing written.
    """
    from sim.views import terminal
    from sim.views.answering import answered

    text, notes = answered(sql, _place(place), terminal.width(), machine=machine)
    _tell(notes)
    click.echo(text)
    return 0


@results.command(short_help="What two studies have in common, and what not.")
@click.argument("first", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("second", metavar="DIR", type=click.Path(path_type=Path))
@measures
def compare(first: Path, second: Path, measures: tuple[str, ...]) -> int:
    """Compare two finished studies: their inputs field by field, their measures with intervals.

    Run by run where both met the same random numbers, else as independent samples, and it says which.
    """
    from sim.views import terminal
    from sim.views.beside import beside

    click.echo(beside(first, second, measures, terminal.width()))
    return 0


def _place(given: Path | None) -> Path:
    """The folder to search.

    Raises
    ------
    UsageError
        If one was named that is not there.
    """
    where = RESULTS if given is None else given
    if given is not None and not where.is_dir():
        raise UsageError(f"There is no folder {where}.")
    return where


def _tell(notes: Sequence[str]) -> None:
    for note in notes:
        click.echo(f"Note: {note}", err=True)
