"""Run a sensitivity study: evaluations that are not yet on disk are made, block by block, and then looked at.

In: a scenario file, which measures, how many base points. Out: a `Sensitivity`. Every finished block is on
disk before it counts; the same command goes on where it stopped, or says that all is done; a larger base
keeps what there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sim.errors import ArchiveError, UsageError
from sim.streams import BLOCK
from sim.study import executors
from sim.study.archive import Archive
from sim.study.executors import WorkersLostError
from sim.study.machine import difference, fingerprint, versions
from sim.study.run import Progress, StudyInterrupted
from sim.study.sensitivity import evaluate, table
from sim.study.sensitivity.inputs import Groups
from sim.study.sensitivity.look import Sensitivity, look
from sim.study.sensitivity.order import FORMAT, Order, names, order_of, points, task

if TYPE_CHECKING:
    from sim.scenario import ScenarioFile


def run_sensitivity(
    file: ScenarioFile,
    *,
    strategy: str | None = None,
    measures: Sequence[str] = (),
    base: int | None = None,
    groups: Groups | None = None,
    screen: bool = False,
    workers: int = 1,
    output: Path | None = None,
    progress: Progress | None = None,
    command: str = "",
    executor: Callable[[int], Executor] = executors.make,
) -> Sensitivity:
    """Run, continue, extend, or find done.

    Parameters
    ----------
    strategy
        By default the baseline.
    measures
        By default users lost and downtime.
    base
        Rows of each table, a power of two (512); a folder that has more shows more. Replications: base x
        (inputs + 2), in whole blocks. For a screening any number (200), and base x (inputs + 1).
    groups
        Paths of unknowns by name of the group.
    screen
        Elementary effects (Morris) rather than shares of the variance.
    workers
        Processes.
    output
        The folder of results; None keeps nothing.
    progress
        Called with (finished blocks, all blocks).
    command
        What was typed, for the manifest.
    executor
        Makes a `concurrent.futures.Executor` for so many workers.

    Raises
    ------
    UsageError
        If nothing is unknown, a name does not exist, a measure may be cut by the horizon.
    ArchiveError
        If the folder holds something else, is in use, or cannot be written.
    StudyInterrupted
        On Ctrl-C.
    WorkersLostError
        If workers keep dying or cannot be reached; what is finished is kept.

    Checked by: tests/unit/test_study_sensitivity.py
    """
    order = order_of(file, strategy, measures, base, groups, screen, command)
    if workers < 1:
        raise UsageError(f"workers must be at least 1, not {workers}")
    place = TemporaryDirectory(prefix="hostfall-") if output is None else nullcontext(str(output))
    with place as folder:
        archive = Archive(Path(folder))
        with archive.open(order.digest) as manifest:
            hands = Hands(workers, executor, progress or (lambda _done, _total: None), output is not None)
            return _answer(order, archive, manifest, hands)


@dataclass(frozen=True, slots=True)
class Hands:
    """Who computes, who is told, and whether what is finished is kept."""

    workers: int
    executor: Callable[[int], Executor]
    tell: Progress
    kept: bool


def _answer(order: Order, archive: Archive, manifest: Mapping[str, Any], hands: Hands) -> Sensitivity:
    order = replace(order, base=max(order.base, manifest.get("base", 0)))  # never less than before
    missing = [name for name in names(order) if not (archive.folder / name).is_file()]
    measures = [measure.name for measure in order.measures]
    same = manifest.get("complete") and manifest.get("base") == order.base
    done = bool(same and manifest.get("measures") == measures and not missing)
    said = _manifest(order, manifest)
    if missing:
        _refuse_another_machine(archive, manifest)
        archive.write_manifest(said)
        _compute(order, archive, missing, hands)
    tabled = (archive.folder / table.name(order.screen)).is_file()
    found = look(order, archive, kept=hands.kept, done=done and tabled)
    if not found.already_done:
        archive.write(table.name(order.screen), table.written(found.inputs, found.spreads, order.screen))
        finished = datetime.now(UTC).isoformat(timespec="seconds")
        more = {"base": order.base, "measures": measures, "failed": found.failed}
        archive.write_manifest(said | more | {"finished": finished, "complete": True})
    return found


def _manifest(order: Order, before: Mapping[str, Any]) -> dict[str, Any]:
    started = datetime.now(UTC).isoformat(timespec="seconds")
    return {
        "kind": "sensitivity",
        "format": FORMAT,
        "name": order.file.name,
        "title": order.file.title,
        "digest": order.digest,
        "scenario_digest": order.file.digest,
        "seed": order.scenario.seed,
        "block": BLOCK,
        "strategy": order.strategy,
        "screen": order.screen,
        "inputs": {each.name: list(each.paths) for each in order.inputs},
        "base": before.get("base", 0),
        "measures": before.get("measures", []),
        "failed": before.get("failed", 0),
        "versions": versions(),
        "machine": before.get("machine", fingerprint()),
        "command": order.command,
        "started": before.get("started", started),
        "finished": None,
        "complete": False,
    }


def _refuse_another_machine(archive: Archive, manifest: Mapping[str, Any]) -> None:
    unlike = difference(fingerprint(), manifest["machine"]) if "machine" in manifest else ""
    if unlike:
        begun = f"{archive.folder} was begun on a machine that gives other bits ({unlike})"
        raise ArchiveError(f"{begun}; choose another folder")


def _compute(order: Order, archive: Archive, missing: Sequence[str], hands: Hands) -> None:
    total = len(order.tables) * order.blocks
    done = total - len(missing)
    hands.tell(done, total)
    design = points(order)
    tasks = (task(order, design, name) for name in missing)
    results = executors.run_any(tasks, evaluate.compute, hands.workers, hands.executor)
    try:
        for result in results:
            archive.write(result.name, result.content)
            done += 1
            hands.tell(done, total)
    except KeyboardInterrupt:
        raise StudyInterrupted(f"Interrupted: {_how_to_go_on(archive, done, total, hands)}") from None
    except WorkersLostError as error:
        raise WorkersLostError(f"{error}. {_how_to_go_on(archive, done, total, hands)}") from error
    finally:
        results.close()


def _how_to_go_on(archive: Archive, done: int, total: int, hands: Hands) -> str:
    if not hands.kept:
        return "nothing is kept without an output folder."
    are = f"{done} of {total} blocks of {BLOCK} runs are done and kept in {archive.folder}"
    return f"{are}; the same command goes on from there."
