"""The verb `sensitivity`: which unknown moves the result, and how much of it is chance.

In: what click has read. Out: sentences and tables on the standard output; a table, pictures and the
evaluations in a folder, whose path is the last line printed. Nothing but click is imported until it is
called.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.errors import UsageError
from sim.views.verbs import cluster, figures, number, output, scenario_file, seed, settings

if TYPE_CHECKING:
    from sim.views.sheet import Form


@click.command(short_help="Find which unknown moves the result, and how much of it is chance.")
@scenario_file
@click.option(
    "--measure", "measures", metavar="M", multiple=True,
    help="What is to be explained (repeatable); users_lost and downtime unless given.",
)  # fmt: skip
@click.option("--strategy", metavar="NAME", help="Of this strategy rather than the baseline.")
@number("--base", "Points to start from: a power of two (512; for --screen any number, 200).", least=2)
@click.option(
    "--group", "groups", metavar="NAME=PATH,PATH", multiple=True,
    help="Vary these unknowns together (repeatable); a path stands for all below it.",
)  # fmt: skip
@click.option(
    "--screen", is_flag=True, help="Only find what can be left alone: fewer runs, for many unknowns."
)
@number("--workers", "Processes to use.", default=1)
@cluster
@seed
@settings
@output
@figures
def sensitivity(file: Path, **options: Any) -> int:
    """Find which of the `unknowns` moves the result most, and how much of it is chance.

    The variance of a measure is shared out among what nobody knows and chance, which no better knowledge
    takes away. What is finished is kept: the same command goes on, a larger --base adds to it.
    """
    return show(file, **options)


def show(
    path: Path,
    *,
    measures: Sequence[str],
    strategy: str | None,
    base: int | None,
    groups: Sequence[str],
    screen: bool,
    workers: int,
    cluster: str | None,
    seed: int | None,
    settings: Sequence[str],
    output: Path | None,
    figures: Form,
) -> int:
    """Print and write what moves one strategy of a scenario file."""
    from sim.scenario import load_scenario
    from sim.study.sensitivity import default_folder
    from sim.views import forms, progress, sensitivity, terminal
    from sim.views.checking import chosen

    file = load_scenario(path, settings=settings, seed=seed)
    name = chosen(file, [strategy])[0] if strategy else file.baseline
    together = _groups(groups)
    folder = output or default_folder(file, strategy=name, groups=together, screen=screen)
    typed = click.get_current_context().find_root().obj
    with progress.bar(f"Varying what is unknown in {file.name}") as shown:
        found = sensitivity.sensitivity(
            file,
            measures=measures,
            strategy=name,
            base=base,
            groups=together,
            screen=screen,
            workers=workers,
            cluster=cluster,
            output=folder,
            progress=shown,
            command=shlex.join(["hostfall", *(typed or ())]),
        )
    if figures != "paper":
        with progress.waiting(f"Drawing the {forms.SAID[figures]} ..."):
            forms.save(forms.of_varied(found, figures), folder, figures)
    if found.study.already_done:
        runs = f"{found.study.evaluations:,} runs from {found.study.base:,} points"
        click.echo(f"Already done: {runs}\nMore, keeping these: --base {2 * found.study.base}\n")
    columns = terminal.width()
    heading = file.title if len(file.strategies) == 1 else f"{file.title}\n{found.study.label}:"
    click.echo(f"{heading}\n\n{terminal.paragraphs([one.text for one in found.sentences], columns)}\n")
    for table in found.tables.values():
        told = terminal.table(table.header, table.rows, columns, right=range(1, len(table.header)))
        click.echo(f"{table.caption}:\n\n{told}\n")
    click.echo(folder.resolve())
    return 0


def _groups(texts: Sequence[str]) -> dict[str, list[str]]:
    """Groups as they are typed, NAME=PATH,PATH.

    Raises
    ------
    UsageError
        If one is not written so, or is there twice.
    """
    found: dict[str, list[str]] = {}
    for text in texts:
        name, equals, paths = (part.strip() for part in text.partition("="))
        if not equals or not name:
            raise UsageError(f"--group {text}: write NAME=PATH,PATH")
        if name in found:
            raise UsageError(f"--group {name} is there twice; write all its paths in one")
        found[name] = [path.strip() for path in paths.split(",") if path.strip()]
    return found
