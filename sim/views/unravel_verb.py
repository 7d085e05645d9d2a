"""`unravel`: one run followed person by person through a network of friends.

In: a scenario file. Out: sentences on the standard output; a picture and CSV files in a folder, whose path is
the last line printed. Nothing but click is imported until it is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.errors import ArchiveError
from sim.views.structure_verb import refuse_if_taken, replace_tables
from sim.views.verbs import number, output, scenario_file, seed, settings

if TYPE_CHECKING:
    from sim.scenario import Scenario, ScenarioFile
    from sim.views.unravelling import Unravelled

FILES = ("unravel.png", "unravel.svg", "moves.csv", "by_degree.csv", "by_community.csv", "cascade.csv")
"""All that may be written; a folder with anything else in it is somebody else's."""


@click.command(short_help="Follow one run person by person: who left because of whom.")
@scenario_file
@number("--replication", "Follow this run, counted from 0.", least=0, default=0)
@number("--people", "How many people stand for all users (not for ties from a file).", least=2, default=300)
@click.option("--strategy", metavar="NAME", help="Of this strategy rather than the baseline.")
@seed
@settings
@output
def unravel(file: Path, **options: Any) -> int:
    """Follow one run person by person: who left of their own accord, and who because friends did.

    The people and their friends are drawn as `users.network` says. A picture shows the network on the days on
    which most happens; the tables hold every move, and who followed whom.
    """
    return show(file, **options)


def show(
    path: Path,
    *,
    replication: int,
    people: int,
    strategy: str | None,
    seed: int | None,
    settings: Sequence[str],
    output: Path | None,
) -> int:
    """Print and write one run of one strategy of a scenario file."""
    from sim.scenario import load_scenario
    from sim.views import terminal
    from sim.views.checking import chosen
    from sim.views.unravel_sentences import findings

    file = load_scenario(path, settings=settings, seed=seed)
    name = chosen(file, [strategy])[0] if strategy else file.baseline
    folder = output or default_folder(file, name, replication)
    refuse_if_taken(folder, FILES)
    found = followed(file, name, replication, people)
    heading = f"{file.title}: run {replication:,}, person by person"
    if len(file.strategies) > 1:
        heading += f"\n{file.labels[name]}:"
    said = terminal.paragraphs([one.text for one in findings(found)], terminal.width())
    click.echo(f"{heading}\n\n{said}\n")
    click.echo(write(found, folder).resolve())
    return 0


def default_folder(file: ScenarioFile, strategy: str, replication: int) -> Path:
    """`results/<name>/unravel-<digest>-<replication>`, with the strategy where there are several."""
    which = f"-{strategy}" if len(file.strategies) > 1 else ""
    return Path("results") / file.name / f"unravel-{file.digest}{which}-{replication}"


def followed(file: ScenarioFile, strategy: str, replication: int, people: int) -> Unravelled:
    """Play one run, and follow some people through it."""
    from sim.demand.network.unravel import unravel as unravelled
    from sim.scenario import Inputs
    from sim.streams import BLOCK, Draws
    from sim.study.world import timeline
    from sim.views.labels import place
    from sim.views.unravelling import Unravelled

    scenario = file.scenario(strategy)
    inputs = Inputs(scenario, Draws(scenario.seed, replication // BLOCK))
    told = unravelled(scenario, timeline(scenario, replication), inputs, replication, people)
    return Unravelled(
        title=file.title,
        start=scenario.clock.start,
        horizon=scenario.clock.horizon,
        source=_source(file, strategy, replication, scenario.seed),
        told=told,
        causes=tuple(_cause(scenario, name) for name in told.causes),
        places=tuple(place(scenario, name) for name in told.places),
    )


def _cause(scenario: Scenario, name: str) -> str:
    """Why one left of one's own accord."""
    from sim.views.labels import rival_name

    if name in scenario.users.rivals:
        return f"drawn by {rival_name(scenario, name)}"
    return {"patience": "out of patience", "app": "the app stopped working"}[name]


def _source(file: ScenarioFile, strategy: str, replication: int, seed: int) -> str:
    """Enough to make the picture again."""
    import sim

    which = f" · strategy {strategy}" if len(file.strategies) > 1 else ""
    made = f"digest {file.digest} · seed {seed} · hostfall {sim.__version__} · run {replication:,}"
    return f"Scenario {file.name}{which} · {made}"


def write(found: Unravelled, folder: Path) -> Path:
    """Write the picture and the tables, each file whole or not at all; return the first."""
    from sim.views import progress
    from sim.views.figures.unravel import MOST_DRAWN, picture
    from sim.views.unravel_tables import files

    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = folder / FILES[2]
        if found.people <= MOST_DRAWN:
            with progress.waiting("Drawing the picture ..."):
                written = picture(found).save(folder)[0]
        else:
            click.echo(f"Note: no picture of more than {MOST_DRAWN:,} people.", err=True)
            for name in FILES[:2]:
                (folder / name).unlink(missing_ok=True)
        replace_tables(folder, files(found), FILES)
    except OSError as error:
        raise ArchiveError(f"{folder} cannot be written: {error.strerror}") from error
    return written
