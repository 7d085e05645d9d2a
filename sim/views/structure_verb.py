"""The verb `structure`: what depends on what, and what one loss can do.

In: what click has read. Out: sentences and tables on the standard output; a picture and CSV files in a
folder, whose path is the last line printed. Nothing but click is imported until it is called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from sim.errors import ArchiveError
from sim.views.verbs import number, output, scenario_file, seed, settings, unknowns

if TYPE_CHECKING:
    from sim.scenario import Scenario, ScenarioFile
    from sim.study.consequence import Consequences
    from sim.views.anatomy import Anatomy

FILES = (
    "structure.png", "structure.svg", "cut_sets.csv", "importance.csv", "consequence.csv", "survival.csv",
)  # fmt: skip
"""All that may be written; a folder with anything else in it is somebody else's."""


@click.command(short_help="Show what depends on what, and what one loss can do.")
@scenario_file
@click.option("--strategy", metavar="NAME", help="Of this strategy rather than the baseline.")
@click.option("--no-simulation", is_flag=True, help="Only what follows from who needs whom.")
@number("--replications", "How many runs to make of each loss.", default=200)
@seed
@settings
@unknowns
@output
def structure(file: Path, **options: Any) -> int:
    """Show what depends on what: single points of failure, cut sets, importance, concentration.

    That much needs no simulation. Then every supplier is lost at the start, one at a time and for good, in
    runs that are otherwise alike: how many users that costs, and whether it is replaced before it matters.
    """
    return show(file, **options)


def show(
    path: Path,
    *,
    strategy: str | None,
    no_simulation: bool,
    replications: int,
    seed: int | None,
    settings: Sequence[str],
    unknowns: Literal["varied", "fixed"],
    output: Path | None,
) -> int:
    """Print and write everything about one strategy of a scenario file."""
    from sim.scenario import load_scenario
    from sim.views import terminal
    from sim.views.anatomy import Anatomy
    from sim.views.checking import chosen
    from sim.views.structure import printed

    file = load_scenario(path, settings=settings, seed=seed, unknowns=unknowns)
    name = chosen(file, [strategy])[0] if strategy else file.baseline
    scenario = file.scenario(name)
    folder = output or default_folder(file, name)
    refuse_if_taken(folder)
    lost = None if no_simulation else _simulated(file, scenario, replications)
    found = Anatomy.of(scenario, file.labels[name], _source(file, name), lost)
    heading = file.title if len(file.strategies) == 1 else f"{file.title}\n{found.label}:"
    click.echo(f"{heading}\n\n{printed(found, terminal.width())}\n")
    click.echo(write(found, folder).resolve())
    return 0


def default_folder(file: ScenarioFile, strategy: str) -> Path:
    """`results/<name>/structure-<digest>`, with the strategy where there are several."""
    which = f"-{strategy}" if len(file.strategies) > 1 else ""
    return Path("results") / file.name / f"structure-{file.digest}{which}"


def refuse_if_taken(folder: Path, files: Sequence[str] = FILES) -> None:
    """Refuse a place that holds anything but the files of an earlier call.

    Raises
    ------
    ArchiveError
        Says what is there.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ArchiveError(f"{folder} is a file; choose a folder for the results")
    others = sorted(one.name for one in folder.iterdir() if one.name.removesuffix(".part") not in files)
    if others:
        message = f"{folder} holds something else ({others[0]}); choose an empty or a new folder"
        raise ArchiveError(message)


def write(found: Anatomy, folder: Path) -> Path:
    """Write the picture and the tables, each file whole or not at all; return the picture."""
    from sim.views import progress
    from sim.views.figures.structure import picture
    from sim.views.structure import files

    try:
        with progress.waiting("Drawing the picture ..."):
            written = picture(found).save(folder)
        replace_tables(folder, files(found))
    except OSError as error:
        raise ArchiveError(f"{folder} cannot be written: {error.strerror}") from error
    return written[0]


def replace_tables(folder: Path, contents: Mapping[str, bytes], names: Sequence[str] = FILES) -> None:
    """Write the tables, each whole or not at all; one that no longer applies goes."""
    for name in names:
        if name.endswith(".csv") and name not in contents:
            (folder / name).unlink(missing_ok=True)
    for name, content in contents.items():
        beside = folder / f"{name}.part"
        beside.write_bytes(content)
        beside.replace(folder / name)


def _simulated(file: ScenarioFile, scenario: Scenario, replications: int) -> Consequences:
    from sim.study.consequence import consequences
    from sim.views import progress

    with progress.bar(f"Losing each supplier of {file.name}") as shown:
        return consequences(scenario, replications, shown)


def _source(file: ScenarioFile, strategy: str) -> str:
    """Where the picture comes from: no run, so no seed and no replications."""
    import sim

    which = f" · strategy {strategy}" if len(file.strategies) > 1 else ""
    return f"Scenario {file.name}{which} · digest {file.digest} · hostfall {sim.__version__} · no simulation"
