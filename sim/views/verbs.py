"""The verbs of the command line: their options, and which part does the work.

In: what click has read. Out: what is printed, and an exit status. Each verb imports what it needs when it is
called and not before, so that asking for help loads no library.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sim.errors import UsageError
from sim.scenario.resolution import RESOLUTIONS
from sim.views import places

Option = Callable[[Callable[..., int]], Callable[..., int]]


class ScenarioPath(click.ParamType[Path]):
    """A scenario file that is there; what is in it is the loader's affair."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path, or fail with the nearest name."""
        path = Path(value)
        if not path.exists():
            raise UsageError(places.no_such_file(path))
        return path


class Whole(click.IntRange):
    """A whole number, called so in messages."""

    name = "whole number"


def number(name: str, text: str, *, least: int = 1, default: int | None = None) -> Option:
    """Return an option for a whole number."""
    return click.option(
        name, type=Whole(min=least), metavar="N", default=default, show_default=default is not None, help=text
    )


scenario_file = click.argument("file", type=ScenarioPath())
settings = click.option(
    "--set", "settings", metavar="PATH=VALUE", multiple=True, help="Change one field (repeatable)."
)
seed = number("--seed", "Another seed than the scenario's.", least=0)
unknowns = click.option(
    "--unknowns",
    type=click.Choice(["varied", "fixed"]),
    default="varied",
    show_default=True,
    help="Draw what nobody knows anew for each run, or hold it at its median.",
)
output = click.option("--output", type=click.Path(path_type=Path), help="Where to put it.")
strategies = click.option(
    "--strategy", "strategies", metavar="NAME", multiple=True, help="Only this strategy (repeatable)."
)


cluster = click.option(
    "--cluster", metavar="ADDRESS", help="Let the workers of a Dask scheduler compute (tcp://HOST:PORT)."
)
users = click.option(
    "--users",
    type=click.Choice(RESOLUTIONS),
    default="expected",
    help="Expected numbers of users (default), whole sampled ones, or individuals in a graph of friends.",
)


precision = click.option(
    "--precision",
    metavar="MEASURE=SHARE",
    multiple=True,
    help="Run until the mean of a measure is known to this share of it (users_lost=5%; repeatable). "
    "--replications is then the most there may be.",
)
figures = click.option(
    "--figures",
    type=click.Choice(["paper", "slides", "column"]),
    default="paper",
    show_default=True,
    help="Draw for a page's width only, or also slides (16:9, large type; in the folder slides), or also for "
    "one column of a journal (89 mm wide, type of 7 points; in the folder column).",
)
select = click.option(
    "--select",
    metavar="MEASURE=AMOUNT",
    help="Run until the best strategy in a measure is chosen; AMOUNT is the smallest difference that matters "
    "(downtime=12h, users_lost=5000). --replications is then the most there may be.",
)


@click.command(short_help="Run a scenario many times and write a report.")
@scenario_file
@strategies
@number("--replications", "How many runs to show.", default=1000)
@precision
@select
@seed
@number("--workers", "Processes to use.", default=1)
@cluster
@output
@click.option("--no-figures", is_flag=True, help="Write no pictures and no report.")
@figures
@click.option("--strict", is_flag=True, help="Exit with 1 if a claim (`expect:`) fails or is undecided.")
@settings
@unknowns
@users
@click.option("--open", "open_report", is_flag=True, help="Open the report when it is written.")
def run(file: Path, **options: Any) -> int:
    """Run a scenario many times; print what came out and write a report."""
    from sim.views.running import run_scenario

    return run_scenario(file, **options)


@click.command(short_help="List every input of a scenario; run nothing.")
@scenario_file
@strategies
@settings
@click.option(
    "--self-check",
    is_flag=True,
    help="Instead: hold the numbers of users of 200 runs against bounds that are made another way.",
)
def check(file: Path, strategies: tuple[str, ...], settings: tuple[str, ...], self_check: bool) -> int:
    """Read a scenario, run nothing, and list every input and where it comes from."""
    from sim.scenario.load import load_scenario
    from sim.views.checking import checked_for_people

    loaded = load_scenario(file, settings=settings)
    if self_check:
        from sim.views.self_checking import self_checked

        told, sound = self_checked(loaded, strategies)
        click.echo(told)
        return 0 if sound else 3
    click.echo(checked_for_people(loaded, strategies))
    return 0


@click.command(short_help="Write a scenario of your own platform.")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Ask nothing; take the answers in brackets.")
@click.option(
    "--suppliers",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A table of suppliers, as a spreadsheet saves it (CSV, with `,` or `;`).",
)
@output
def new(name: str, yes: bool, suppliers: Path | None, output: Path | None) -> int:
    """Write a scenario of your own platform from six questions, ready to check, run and change."""
    from sim.views.interview import write_scenario

    return write_scenario(name, ask=not yes, suppliers=suppliers, output=output)


@click.command("strategies", short_help="List the hosting strategies that come with this, or show one.")
@click.argument("name", required=False)
def library(name: str | None) -> int:
    """List the hosting strategies that a scenario can `use`, or show one with all its numbers."""
    from sim.views.library import entry_for_people, library_for_people

    click.echo(library_for_people() if name is None else entry_for_people(name))
    return 0


@click.command(short_help="Write the JSON Schema, for editors.")
@output
def schema(output: Path | None) -> int:
    """Write the JSON Schema of scenario files: with it, editors complete and explain what you type."""
    from sim.scenario.schema import schema_text, write_schema

    if output is None:
        click.echo(schema_text(), nl=False)
    else:
        write_schema(output)
        click.echo(output.resolve())
    return 0


@click.command(short_help="Tell one run as a dated story.")
@scenario_file
@number("--replication", "Tell this run, counted from 0.", least=0)
@click.option("--typical", is_flag=True, help="Tell the run nearest the middle (the default).")
@click.option("--worst", is_flag=True, help="Tell the run that lost the most users.")
@click.option("--strategy", help="Of this strategy rather than the baseline.")
@number("--replications", "How many runs to choose from.", default=1000)
@click.option(
    "--animate",
    type=click.Path(path_type=Path),
    metavar="FILE.gif",
    help="Write it as an animated GIF as well: what serves, where the users are, the clock.",
)
@seed
@settings
@unknowns
@users
def story(
    file: Path, replication: int | None, typical: bool, worst: bool, animate: Path | None, **options: Any
) -> int:
    """Tell one run as a dated story."""
    from sim.views.running import tell

    if (replication is not None) + typical + worst > 1:
        message = "Choose one of --replication, --typical and --worst."
        raise UsageError(message)
    which: Any = "worst" if worst else "typical" if replication is None else replication
    if animate is not None:
        from sim.views.animation.verb import animated

        return animated(file, which, animate, **options)
    click.echo(tell(file, which, **options))
    return 0


@click.command(short_help="Write a finished run's pictures and report again, or one page for a board.")
@click.argument("folder", type=click.Path(path_type=Path))
@figures
@click.option("--open", "open_report", is_flag=True, help="Open the report when it is written.")
@click.option(
    "--methods", is_flag=True, help="Print a paper's methods section (STRESS-DES, Markdown); draw nothing."
)
@click.option(
    "--decision", is_flag=True, help="Write one A4 page for a board instead: what to choose, and how sure."
)
@click.option(
    "--by",
    type=click.Choice(["cost", "users_lost", "downtime"]),
    help="With --decision: judge by what a year costs, users lost or downtime; by default the first known.",
)
def report(folder: Path, methods: bool, decision: bool, by: str | None, **options: Any) -> int:
    """Write the pictures and the report of a finished run again, from the files in its folder.

    With --decision it is one page that weighs the strategies: what is recommended, or what the runs cannot
    yet tell; a table; what would turn it; which assumptions it hangs on; what is not modelled.
    """
    if methods and decision:
        raise UsageError("Choose one of --methods and --decision.")
    if by and not decision:
        raise UsageError("--by says what a decision is judged by; give --decision as well.")
    if methods:
        from sim.study.shelf import open_study
        from sim.views.methods import methods as section

        click.echo(section(open_study(folder)), nl=False)
        return 0
    if decision:
        from sim.views.decision_verb import write_decision

        return write_decision(folder, by, open_page=options["open_report"])
    from sim.views.running import report_again

    return report_again(folder, **options)


VERBS: dict[str, click.Command] = {
    command.name or "": command for command in (run, check, new, library, story, report, schema)
}
