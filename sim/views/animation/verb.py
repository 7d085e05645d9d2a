"""`story --animate`: one run told, and written as an animated GIF.

In: what was asked for on the command line. Out: the story on the standard output, which says all that the
animation shows, and the path of the GIF as its last line.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from sim.errors import UsageError
from sim.views import progress

if TYPE_CHECKING:
    from sim.scenario.resolution import Resolution
    from sim.views.api import Which


def animated(
    path: Path,
    which: Which,
    target: Path,
    *,
    settings: Sequence[str],
    seed: int | None,
    unknowns: Literal["varied", "fixed"],
    strategy: str | None,
    replications: int,
    users: Resolution = "expected",
) -> int:
    """Tell one run and draw it. Returns the exit status.

    Raises
    ------
    UsageError
        If the file to write is no GIF, or is there already.
    """
    from sim.scenario import load_scenario
    from sim.study import default_folder, run_study
    from sim.views import terminal
    from sim.views.animation.frames import reel
    from sim.views.animation.gif import write_gif
    from sim.views.checking import chosen
    from sim.views.story import case_and_run, tell

    refuse(target)
    file = load_scenario(path, settings=settings, seed=seed, unknowns=unknowns)
    # One run of a given number needs no others; the typical and the worst are found among all.
    some = replications if isinstance(which, str) else 1
    with progress.bar(f"Running {file.name}") as shown:
        study = run_study(
            file,
            replications=some,
            output=default_folder(file, users=users),
            strategies=chosen(file, [strategy] if strategy else []),
            users=users,
            progress=shown,
        )
    case, run = case_and_run(study, strategy, which)
    told = tell(case, run)
    click.echo(terminal.paragraphs(told.text.splitlines(), terminal.width(), hang=2))
    history = study.replay(case.provenance.strategy, run.replication).history
    made = reel(case, run, told, main_only=True, history=history)
    with progress.waiting(f"Drawing {len(made.frames)} pictures ..."):
        write_gif(made, target)
    click.echo(f"\nThe same as moving pictures, {made.seconds:.0f} seconds:\n{target.resolve()}")
    return 0


def refuse(target: Path) -> None:
    """Refuse a file that cannot be written, before anything is computed."""
    if target.suffix.lower() != ".gif":
        raise UsageError(f"{target}: an animation is written as a GIF; choose a name that ends in .gif")
    if target.exists():
        raise UsageError(f"{target} is there already; choose another name.")
