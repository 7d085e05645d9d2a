"""`explore FILE --export page.html`: the explorer as one file that needs neither Python nor a network.

In: a scenario file, controls, where to. Out: the page. All combinations of a few positions of a few inputs
are computed beforehand; the page moves between them and makes nothing up in between.
"""

from __future__ import annotations

import json
import math
import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

import sim
from sim.errors import ArchiveError, HostfallError, UsageError
from sim.scenario import load_scenario
from sim.streams import BLOCK
from sim.views import progress, wording
from sim.views.explorer.export_axes import Axis, axes_of, settings_of
from sim.views.explorer.export_cells import cell
from sim.views.explorer.export_grid import Cells, Keeping, computed

INTERRUPTED = 130
MOST_BYTES = 5_000_000
"""Of the page: what a mail may carry and a course page load."""
REST = 400_000
"""Bytes kept free for what is no setting: scripts, replays, the table of inputs."""


@dataclass(frozen=True, slots=True)
class Export:
    """What is exported.

    Attributes
    ----------
    path
        The scenario file.
    axes
        What can be moved.
    blocks
        Blocks of runs of each setting.
    """

    path: Path
    axes: tuple[Axis, ...]
    blocks: int

    @property
    def count(self) -> int:
        """Settings in the grid."""
        return math.prod(len(axis.points) for axis in self.axes)

    @property
    def runs(self) -> int:
        """Of each setting."""
        return self.blocks * BLOCK

    def identity(self) -> str:
        """For what settings are computed: the scenario, the positions, the runs, the version."""
        points = [[axis.path, [point.setting for point in axis.points]] for axis in self.axes]
        return json.dumps([sim.__version__, load_scenario(self.path).digest, self.blocks, points])


def export_page(
    path: Path, target: Path, *, wanted: Sequence[str] = (), replications: int = BLOCK, workers: int = 0
) -> int:
    """Write the page of a scenario file. Returns the exit status.

    Parameters
    ----------
    path, target
        The scenario file, and the page to write, which must not be there.
    wanted
        Paths of the inputs that can be moved; default the most telling.
    replications
        Runs of each setting; a block is computed whole, so it is rounded up to those.
    workers
        Processes; 0 for as many as there are cores, at most four.

    Raises
    ------
    UsageError, ArchiveError
        If it cannot be made like that, or not be written there.
    """
    from sim.views.explorer.export_page import page

    refuse(path, target)
    export = Export(path.resolve(), axes_of(path.resolve(), wanted), -(-replications // BLOCK))
    keeping = Keeping(target.with_name(f"{target.name}.part"), export.identity())
    if keeping.foreign():
        raise UsageError(f"{keeping.path} is there already and is no export; choose another name.")
    said = " x ".join(str(len(axis.points)) for axis in export.axes)
    click.echo(
        f"{export.count} settings ({said}) of {export.runs:,} runs each. What can be moved:\n"
        + "\n".join(f"  {axis.path}: {', '.join(p.text for p in axis.points)}" for axis in export.axes),
        err=True,
    )
    try:
        cells = _computed(export, keeping, workers or min(os.cpu_count() or 1, 4))
        with progress.waiting("Writing the page ..."):
            written = page(export, cells, _command(path, target, wanted, export.runs)).encode("utf-8")
    except KeyboardInterrupt:
        kept = len(keeping.read())
        click.echo(
            f"Interrupted: {kept} of {export.count} settings are kept in {keeping.path}; the same command "
            "goes on from there.",
            err=True,
        )
        return INTERRUPTED
    if len(written) > MOST_BYTES:
        raise UsageError(_too_large(len(written)))
    _write(target, written)
    keeping.end()
    click.echo(f"{target.resolve()}")
    return 0


def refuse(path: Path, target: Path) -> None:
    """Refuse what cannot be read or written, before anything is computed."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder; give a scenario file")
    if target.suffix.lower() not in {".html", ".htm"}:
        raise UsageError(f"{target}: a page is written as HTML; choose a name that ends in .html")
    if target.exists():
        raise UsageError(f"{target} is there already; choose another name.")


def _computed(export: Export, keeping: Keeping, workers: int) -> Cells:
    """All settings, after one has shown that they will fit into a page."""
    settings = list(settings_of(export.axes))
    base = next(one for one in settings if one.at == tuple(axis.base for axis in export.axes))
    first = cell(export.path, base, export.blocks)
    if "refused" in first:
        raise HostfallError(f"the scenario as it is has no result: {first['refused']}")
    size = len(json.dumps(first)) * export.count + REST
    if size > 1.3 * MOST_BYTES:  # what several settings share is written once, so this is too much
        raise UsageError(_too_large(size))
    with progress.bar(f"Computing {export.count} settings") as shown:

        def told(done: int, count: int) -> None:
            if shown is not None:
                shown(done * export.blocks, count * export.blocks)

        return computed(export.path, settings, export.blocks, keeping, workers=workers, told=told)


def _too_large(size: int) -> str:
    amount, most = (wording.number(each / 1e6, 2) for each in (size, MOST_BYTES))
    return f"the page would have {amount} MB; at most {most}: ask for fewer --control or --replications"


def _write(target: Path, content: bytes) -> None:
    """Whole or not at all, and never over something else."""
    beside = target.with_name(f"{target.name}.new")
    try:
        beside.write_bytes(content)
        if target.exists():
            raise ArchiveError(f"{target} is there already; choose another name")
        beside.replace(target)
    except OSError as error:
        raise ArchiveError(f"{target} cannot be written: {error.strerror}") from error
    finally:
        beside.unlink(missing_ok=True)


def _command(path: Path, target: Path, wanted: Sequence[str], runs: int) -> str:
    """What makes the page again, with names and no folders of this machine."""
    words = ["hostfall", "explore", path.name, "--export", target.name]
    words += [word for name in wanted for word in ("--control", name)]
    words += ["--replications", str(runs)] if runs != BLOCK else []
    return shlex.join(words)
