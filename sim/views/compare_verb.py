"""The verb `compare`: its options, and what it prints.

In: what click has read. Out: sentences and tables on the standard output, files in the folder of the study,
an exit status. Nothing but click is imported until it is called.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from sim.errors import UsageError
from sim.views.verbs import (
    ScenarioPath,
    cluster,
    figures,
    number,
    output,
    precision,
    seed,
    select,
    settings,
    strategies,
    unknowns,
    users,
)

if TYPE_CHECKING:
    from sim.scenario.resolution import Resolution
    from sim.study.run import Progress
    from sim.views.comparison import Comparison
    from sim.views.sheet import Form

COMPUTES = {
    "without": "--without",
    "precision": "--precision",
    "select": "--select",
    "replications": "--replications",
    "seed": "--seed",
    "settings": "--set",
    "unknowns": "--unknowns",
    "users": "--users",
    "workers": "--workers",
    "cluster": "--cluster",
}
"""Options that say what to simulate; finished results are read as they are."""


WORDS = {"So", "Dominates"}
"""Columns of words."""


@click.command(short_help="Compare strategies, and worlds without some of the events.")
@click.argument("places", metavar="FILE | DIR...", nargs=-1, required=True, type=ScenarioPath())
@strategies
@click.option("--baseline", metavar="NAME", help="What the others are compared with.")
@click.option(
    "--without",
    metavar="EVENT",
    multiple=True,
    help="Also run the world without this event and what is because of it (repeatable: each alone, and all "
    "together). A+B takes out A and B together, as one.",
)
@precision
@select
@number("--replications", "How many runs to show.", default=1000)
@seed
@settings
@unknowns
@users
@number("--workers", "Processes to use.", default=1)
@cluster
@output
@figures
def compare(places: tuple[Path, ...], figures: Form, **options: Any) -> int:
    """Compare the strategies of a scenario run by run, and say what each does a year.

    FILE runs its strategies (or finds them done) on the same random numbers. DIR is what `run` has written:
    its strategies are compared as they are; of several, each must have one strategy, and the same seed.
    Tables and pictures go into the folder `compare` of the results.
    """
    from sim.views import forms, wording

    folders = [place for place in places if place.is_dir()]
    if figures != "paper" and len(folders) > 1 and options["output"] is None:
        what = wording.capital(forms.SAID[figures])
        message = f"{what} of several folders belong to none of them: say where with --output DIR."
        raise UsageError(message)
    if not folders and len(places) == 1:
        found = _simulated(places[0], **options)
    elif len(folders) == len(places):
        found = _read(folders, **options)
    else:
        message = "Give one scenario file, or folders of finished results."
        raise UsageError(message)
    if figures != "paper" and found.folder is not None:
        forms.save(forms.of_comparison(found, figures), found.folder, figures)
    _show(found)
    _more_than_asked(found, options)
    return 0


def _more_than_asked(found: Comparison, options: Mapping[str, Any]) -> None:
    """Say so where fewer runs were asked for than the folder has: all of them are shown."""
    given = click.get_current_context().get_parameter_source("replications")
    runs, asked = max(arm.runs for arm in found.arms), options["replications"]
    if given is ParameterSource.COMMANDLINE and runs > asked:
        click.echo(f"Note: {runs:,} runs were there already, and all are shown, not {asked:,}.", err=True)


def _simulated(
    path: Path,
    *,
    settings: Sequence[str],
    seed: int | None,
    unknowns: Any,
    users: Resolution,
    output: Path | None,
    **wanted: Any,
) -> Comparison:
    """Run what is missing, in the usual folder unless another was named."""
    from sim.scenario import load_scenario
    from sim.study import default_folder
    from sim.views.compare import compare as compare_file

    file = load_scenario(path, settings=settings, seed=seed, unknowns=unknowns)
    typed = click.get_current_context().find_root().obj
    return compare_file(
        file,
        output=output or default_folder(file, users=users),
        users=users,
        watch=_watch,
        command=shlex.join(["hostfall", *(typed or ())]),
        **wanted,
    )


def _watch(name: str) -> AbstractContextManager[Progress | None]:
    from sim.views import progress

    return progress.bar(f"Running {name}")


def _read(folders: Sequence[Path], **options: Any) -> Comparison:
    """Read finished results; refuse what would have to be simulated."""
    from sim.views.compare import compare_folders

    context = click.get_current_context()
    given = [
        option
        for name, option in COMPUTES.items()
        if context.get_parameter_source(name) not in {ParameterSource.DEFAULT, None}
    ]
    if given:
        what = f"{', '.join(given)} would have to be simulated, and finished results are read as they are"
        raise UsageError(f"{what}; give the file instead, for example {folders[0] / 'scenario.yaml'}")
    wanted = {name: options[name] for name in ("strategies", "baseline", "output")}
    return compare_folders(folders, **wanted)


def _show(found: Comparison) -> None:
    """Sentences, then tables, part by part; last the folder."""
    from sim.views import terminal
    from sim.views.printed import FEW_RUNS

    columns = terminal.width()
    click.echo(f"{found.title}\n")
    for heading, said, tables in found.parts:
        if heading:
            click.echo(f"{heading}\n")
        if said:
            click.echo(terminal.paragraphs([each.text for each in said], columns) + "\n")
        for table in tables:
            texts = 2 if table.header[1] in {"Strategy", "Without", "Than"} else 1
            right = [i for i in range(texts, len(table.header)) if table.header[i] not in WORDS]
            shown = terminal.table(table.header, table.rows, columns, right=right)
            click.echo(f"{table.caption}:\n\n{shown}\n")
    for arm in found.arms:
        if arm.failed:
            note = f"{arm.failed:,} runs of {arm.label} failed and have no outcome; the first: {arm.reason}"
            click.echo(f"Note: {note}", err=True)
    runs = min(arm.runs for arm in found.arms)
    if runs < FEW_RUNS:
        click.echo(f"Note: {runs} runs are few; --replications 1000 costs little.", err=True)
    if found.folder is not None:
        click.echo(found.folder.resolve())
