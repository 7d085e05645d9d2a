"""All settings of the grid, computed in a few processes and kept as they come.

In: a scenario file, axes, how many blocks of runs. Out: one record a setting, in the order of the grid. What
is finished is written to a file beside the page, a line each, so that an interrupted export goes on where it
was; the file says for what it was computed and is used for nothing else.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any

from sim.views.explorer.export_axes import Setting
from sim.views.explorer.export_cells import cell

HEAD = b'"['
"""How the first line of every such file begins."""

Cells = dict[tuple[int, ...], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Keeping:
    """The file that holds what is finished.

    Attributes
    ----------
    path
        Beside the page that is made.
    identity
        What the settings were computed for; of anything else nothing is taken over.
    """

    path: Path
    identity: str

    def read(self) -> Cells:
        """What was finished before; nothing where it was for something else."""
        if not self.path.is_file():
            return {}
        lines = self.path.read_text(encoding="utf-8").splitlines()
        if not lines or lines[0] != json.dumps(self.identity):
            return {}
        found: Cells = {}
        for line in lines[1:]:
            try:
                at, record = json.loads(line)
            except ValueError:
                break  # the line that was being written when it was interrupted
            found[tuple(at)] = record
        return found

    def foreign(self) -> bool:
        """Whether a file is there that no export has begun."""
        if not self.path.is_file():
            return self.path.exists()
        with self.path.open("rb") as file:
            return file.read(len(HEAD)) != HEAD

    def begin(self, known: Cells) -> None:
        """Write the head and what is known."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(self.identity), *(_line(at, record) for at, record in known.items())]
        self.path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def add(self, at: tuple[int, ...], record: dict[str, Any]) -> None:
        """One more is finished."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(_line(at, record) + "\n")

    def end(self) -> None:
        """All is done."""
        self.path.unlink(missing_ok=True)


def computed(
    path: Path,
    settings: Sequence[Setting],
    blocks: int,
    keeping: Keeping,
    *,
    workers: int = 1,
    told: Callable[[int, int], None] | None = None,
) -> Cells:
    """Every setting.

    Parameters
    ----------
    path, settings, blocks
        The scenario file, the grid, and blocks of runs of each setting.
    keeping
        Where what is finished is written, and may be found.
    workers
        Processes; with one there is none beside this.
    told
        Called with how many are finished, and of how many.
    """
    found = {at: record for at, record in keeping.read().items() if at in {each.at for each in settings}}
    left = [each for each in settings if each.at not in found]
    keeping.begin(found)
    # Closed whatever interrupts it, or the processes would go on with all that was asked.
    with closing(_each(path, left, blocks, min(workers, len(left)))) as each:
        for setting, record in each:
            found[setting.at] = record
            keeping.add(setting.at, record)
            if told is not None:
                told(len(found), len(settings))
    return found


def _each(
    path: Path, settings: Sequence[Setting], blocks: int, workers: int
) -> Generator[tuple[Setting, dict[str, Any]], None, None]:
    """The settings as they are finished."""
    if workers < 2:
        yield from ((each, cell(path, each, blocks)) for each in settings)
        return
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_deaf) as pool:
        asked: dict[Future[dict[str, Any]], Setting] = {
            pool.submit(cell, path, each, blocks): each for each in settings
        }
        try:
            for done in as_completed(asked):
                yield asked[done], done.result()
        except BaseException:
            # Interrupted: nobody waits for what is still under way.
            pool.shutdown(wait=False, cancel_futures=True)
            for process in active_children():
                process.terminate()
            raise


def _deaf() -> None:
    """Ctrl-C ends the process that asks; these finish what they do and are not asked again."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _line(at: tuple[int, ...], record: dict[str, Any]) -> str:
    return json.dumps([list(at), record], ensure_ascii=False, allow_nan=False, separators=(",", ":"))
