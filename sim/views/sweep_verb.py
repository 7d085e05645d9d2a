"""The verb `sweep`: how a result moves with some fields, and where two strategies swap.

In: what click has read. Out: sentences and tables on the standard output; tables, pictures, a page and the
studies of all points in a folder. The last line printed is the path of the page. Nothing but click is
imported until it is called.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.views.verbs import (
    cluster,
    figures,
    number,
    output,
    scenario_file,
    seed,
    settings,
    strategies,
    unknowns,
)

if TYPE_CHECKING:
    from sim.views.sheet import Form
    from sim.views.sweep import Swept

MOST_ROWS = 40
"""Rows of a table that are printed; the page and the file have all."""


@click.command(short_help="Vary fields; find where two strategies swap.")
@scenario_file
@click.option(
    "--vary", metavar="PATH=LOW..HIGH|a,b,c", multiple=True, required=True,
    help="A field and its values (repeatable); the second end says the unit of both (5..40 %).",
)  # fmt: skip
@number("--points", "Values of each range (7; of two fields 5, of more 3); of a sample, points (32).")
@click.option(
    "--method", metavar="grid|lhs|sobol", default="grid",
    help="All combinations (default), or a sample: Latin hypercube or Sobol points.",
)  # fmt: skip
@click.option("--log", is_flag=True, help="Even steps in the logarithm.")
@strategies
@click.option(
    "--measure", "measures", metavar="M", multiple=True,
    help="What is shown (repeatable); downtime, users_lost and cost unless given.",
)  # fmt: skip
@click.option(
    "--break-even", metavar="MEASURE",
    help="Find where two strategies have the same mean of a measure, along the first field.",
)  # fmt: skip
@click.option(
    "--between", nargs=2, metavar="A B", help="Which two; the baseline with each other one unless given."
)
@number("--replications", "Runs of each strategy at each point.", default=200)
@number("--workers", "Processes to use.", default=1)
@cluster
@seed
@settings
@unknowns
@output
@figures
@click.option("--open", "open_report", is_flag=True, help="Open the page when it is written.")
def sweep(file: Path, **options: Any) -> int:
    """Run a scenario at many values of some fields, on the same random numbers at all of them.

    Every point is a study of its own: what is finished is kept, and the same command goes on. No run depends
    on how likely an event is: where its chance is varied, cost_a_year is what a year costs.
    """
    return show(file, **options)


def show(
    path: Path,
    *,
    vary: Sequence[str],
    settings: Sequence[str],
    seed: int | None,
    unknowns: Any,
    output: Path | None,
    figures: Form,
    open_report: bool,
    between: Sequence[str] | None,
    workers: int,
    cluster: str | None,
    **wanted: Any,
) -> int:
    """Print and write what moves along a sweep of a scenario file."""
    from sim.scenario import load_scenario
    from sim.study import executors
    from sim.study.sweep import Asking, carry_out, order_of
    from sim.views import forms, progress
    from sim.views.sweep import REPORT, Swept

    executor = executors.chosen(workers, cluster)
    file = load_scenario(path, settings=settings, seed=seed, unknowns=unknowns)
    asking = Asking(vary, between=between or (), settings=settings, seed=seed, unknowns=unknowns, **wanted)
    with progress.waiting("Reading the scenario at every point ..."):
        order = order_of(file, asking)
    folder = output or order.default_folder
    typed = click.get_current_context().find_root().obj
    command = shlex.join(["hostfall", *(typed or ())])
    with progress.bar(f"Sweeping {file.name}") as shown:
        study = carry_out(order, workers, folder, shown, command=command, executor=executor)
    with progress.waiting("Drawing the pictures and writing the page ..."):
        found = Swept(study, command)
        if figures != "paper":
            forms.save(forms.of_varied(found, figures), folder, figures)
    _print(found)
    page = (folder / REPORT).resolve()
    click.echo(page)
    if open_report:
        click.launch(str(page))
    return 0


def _print(found: Swept) -> None:
    """Sentences, then tables."""
    from sim.views import terminal
    from sim.views.printed import FEW_RUNS

    study, columns = found.study, terminal.width()
    if study.already_done:
        runs = f"{len(study.points)} points, {study.replications:,} runs of each strategy at each"
        more = f"--replications {5 * study.replications}"
        click.echo(f"Already done: {runs}\nMore runs, keeping these: {more}\n")
    click.echo(f"{found.title}\n\n{terminal.paragraphs([one.text for one in found.sentences], columns)}\n")
    texts = len(study.fields) + (len(study.strategies) > 1)
    for name, table in found.tables.items():
        first = len(study.fields) + 3 if name == "break_even" else texts
        right = () if name == "break_even" else range(first, len(table.header))
        told = terminal.table(table.header, table.rows[:MOST_ROWS], columns, right=right)
        left = len(table.rows) - MOST_ROWS
        click.echo(
            f"{table.caption}:\n\n{told}\n" + (f"{left} more rows in sweep.csv.\n" if left > 0 else "")
        )
    if study.replications < FEW_RUNS:
        click.echo(f"Note: {study.replications} runs at each point are few.", err=True)
    if study.failed:
        click.echo(f"Note: {study.failed:,} runs failed; the first: {study.reason}", err=True)
