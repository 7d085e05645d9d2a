"""Run a study: what is not yet on disk is computed, block by block, and the tables are made from the blocks.

In: a scenario file and how many replications. Out: a `Study`. Every finished block is on disk before it
counts, so a study can be stopped at any moment and goes on where it stopped, or further than it first went.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING, Any

from sim.errors import ArchiveError, HostfallError, ScenarioError, UsageError
from sim.streams import BLOCK
from sim.study import executors, tables
from sim.study.archive import Archive
from sim.study.executors import Task, WorkersLostError
from sim.study.machine import difference, fingerprint, versions
from sim.study.origin import INPUTS, inputs_csv
from sim.study.study import Study
from sim.study.tables import Part
from sim.study.world import Counterfactual

if TYPE_CHECKING:
    from sim.scenario import ScenarioFile
    from sim.scenario.resolution import Resolution

Progress = Callable[[int, int], None]

FORMAT = 1
"""Of the folder: raised when files or columns change their meaning."""

TABLES = (
    "outcomes.parquet",
    "segments.parquet",
    "attribution.parquet",
    "events.parquet",
    "trajectories.parquet",
    "summary.csv",
    "comparison.csv",
    "criticality.csv",
    "scenario.yaml",
)

_BUNDLE = 8
"""Most blocks in a task: what is lost if its worker dies."""


class StudyInterrupted(KeyboardInterrupt):
    """Ctrl-C during a study; its text says what is kept and how to go on."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a study is asked for."""

    file: ScenarioFile
    strategies: tuple[str, ...]
    replications: int
    workers: int
    users: Resolution
    command: str
    progress: Progress | None
    executor: Callable[[int], Executor]

    @property
    def digest(self) -> str:
        """Of the scenario file; another one for every other detail of users, which changes every number."""
        if self.users == "expected":
            return self.file.digest
        return sha256(f"{self.file.digest} {self.users}".encode()).hexdigest()[: len(self.file.digest)]


def default_folder(
    file: ScenarioFile, *, users: Resolution = "expected", results: Path | None = None
) -> Path:
    """`results/<name>/<digest>`."""
    order = Order(file, (), 1, 1, users, "", None, executors.make)
    return (results or Path("results")) / file.name / order.digest


def run_study(
    file: ScenarioFile,
    *,
    replications: int = 1_000,
    workers: int = 1,
    output: Path | None = None,
    strategies: Sequence[str] | None = None,
    users: Resolution = "expected",
    progress: Progress | None = None,
    command: str = "",
    executor: Callable[[int], Executor] = executors.make,
) -> Study:
    """Run, continue, extend, or find done.

    Parameters
    ----------
    replications
        How many the tables show; blocks are always computed whole.
    workers
        Processes; 1 computes in this one.
    output
        The folder of results; None keeps them in a temporary one for as long as the `Study` lives.
    strategies
        Which of the file's to run, by default all.
    users
        "expected" numbers, whole "sampled" ones, or individuals in a "graph" of friends.
    progress
        Called with (finished blocks, all blocks) at the start and whenever some are finished.
    command
        What was typed, for the manifest.
    executor
        Makes a `concurrent.futures.Executor` for so many workers.

    Raises
    ------
    UsageError
        If a strategy does not exist, or a number makes no sense.
    ScenarioError
        If something that is said of the users cannot be followed in the detail asked for.
    ArchiveError
        If the folder holds something else, is in use, or cannot be written.
    StudyInterrupted
        On Ctrl-C.
    WorkersLostError
        If workers keep dying or cannot be reached; what is finished is kept.
    """
    chosen = _chosen(file, strategies)
    for number, what in ((replications, "replications"), (workers, "workers")):
        if number < 1:
            raise UsageError(f"{what} must be at least 1, not {number}")
    _can_be_shown(file, chosen, users)
    order = Order(file, chosen, replications, workers, users, command, progress, executor)
    keeper = TemporaryDirectory(prefix="hostfall-") if output is None else None
    archive = Archive(Path(keeper.name) if keeper else Path(output or "."))
    with archive.open(order.digest) as manifest:
        shown = _shown(order, manifest)
        parts = [part for part in shown if part.strategy in chosen]
        done = _is_done(file, archive, manifest, shown)
        if not done:
            try:
                _carry_out(order, archive, manifest, shown)
            except KeyboardInterrupt:
                how = _how_to_go_on(archive, shown, kept=keeper is None)
                raise StudyInterrupted(f"Interrupted: {how}") from None
            except WorkersLostError as error:
                how = _how_to_go_on(archive, shown, kept=keeper is None)
                raise WorkersLostError(f"{error}. {how}") from error
    return Study(file, archive, parts, shown, users=users, already_done=done, keeper=keeper)


def _can_be_shown(file: ScenarioFile, strategies: Sequence[str], users: Resolution) -> None:
    """Refuse a detail in which something that is said of the users cannot be followed."""
    from sim.demand.resolution import refused

    problems = [problem for name in strategies for problem in refused(file.scenario(name), users)]
    if problems:
        raise ScenarioError(list(dict.fromkeys(problems)))


def _how_to_go_on(archive: Archive, shown: Sequence[Part], *, kept: bool) -> str:
    if not kept:
        return "nothing is kept without an output folder."
    total = sum(len(part.blocks) for part in shown)
    finished = total - sum(len(blocks) for blocks in _missing(archive, shown).values())
    done = f"{finished} of {total} blocks of {BLOCK} runs are done and kept in {archive.folder}"
    return f"{done}; the same command goes on from there."


def _chosen(file: ScenarioFile, strategies: Sequence[str] | None) -> tuple[str, ...]:
    if strategies is None:
        return tuple(file.strategies)
    for strategy in strategies:
        if strategy not in file.strategies:
            near = get_close_matches(strategy, list(file.strategies), n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(file.strategies)}"
            raise UsageError(f"{file.name} has no strategy `{strategy}`; {hint}")
    if not strategies:
        raise UsageError("name at least one strategy, or none at all for every one")
    return tuple(strategy for strategy in file.strategies if strategy in strategies)


def _shown(order: Order, manifest: Mapping[str, Any]) -> list[Part]:
    """What the tables will show: what they already do, and what is asked for."""
    before: Mapping[str, int] = manifest.get("strategies", {})
    parts = []
    for strategy, scenario in order.file.strategies.items():
        asked = order.replications if strategy in order.strategies else 0
        shown = max(asked, before.get(strategy, 0))
        if shown:
            parts.append(Part(strategy, scenario, shown))
    return parts


def _is_done(
    file: ScenarioFile, archive: Archive, manifest: Mapping[str, Any], shown: Sequence[Part]
) -> bool:
    """Whether the tables are those asked for, and the words (which no digest covers) still hold."""
    return (
        bool(manifest.get("complete"))
        and manifest.get("format") == FORMAT
        and manifest.get("strategies") == {part.strategy: part.replications for part in shown}
        and all((archive.folder / table).is_file() for table in TABLES)
        and not _missing(archive, shown)
        and (archive.folder / "scenario.yaml").read_text(encoding="utf-8") == file.resolved_yaml()
        and manifest.get("leaves_open", {}) == _leaves_open(file)
    )


def _leaves_open(file: ScenarioFile) -> dict[str, str]:
    """What strategies from the library do not protect from: a resolved scenario no longer says it."""
    return {strategy: said for strategy, said in file.leaves_open.items() if said}


def _missing(archive: Archive, shown: Sequence[Part]) -> dict[str, list[int]]:
    """Blocks that are not on disk yet, by strategy."""
    found = {}
    for part in shown:
        finished = set(archive.finished(part.strategy, part.blocks))
        blocks = [block for block in part.blocks if block not in finished]
        if blocks:
            found[part.strategy] = blocks
    return found


def _carry_out(order: Order, archive: Archive, manifest: Mapping[str, Any], shown: Sequence[Part]) -> None:
    began, started = monotonic(), datetime.now(UTC)
    machine = fingerprint()
    missing = _missing(archive, shown)
    if manifest and missing:
        unlike = difference(machine, manifest.get("machine", machine))
        if unlike:
            begun = f"{archive.folder} was begun on a machine that gives other bits ({unlike})"
            raise ArchiveError(f"{begun}; choose another folder")
    said = _manifest(order, manifest, machine, started)
    archive.write_manifest(said)
    archive.write("scenario.yaml", order.file.resolved_yaml().encode("utf-8"))
    archive.write(INPUTS, inputs_csv(order.file.evidence))
    _compute(order, archive, shown, missing)
    failed = {part.strategy: _failed(archive, part) for part in shown}
    tables.derive(archive, shown, order.file.baseline, users=order.users)
    said |= {
        "strategies": {part.strategy: part.replications for part in shown},
        "replications": max(part.replications for part in shown),
        "failed": failed,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "duration_seconds": round(manifest.get("duration_seconds", 0.0) + monotonic() - began, 3),
        "complete": True,
    }
    archive.write_manifest(said)


def _failed(archive: Archive, part: Part) -> int:
    """How many runs failed. If all did there is nothing to show, and nothing to keep from a second try."""
    failed, reason = tables.failures_of(archive, part)
    if failed == part.replications:
        for block in part.blocks:
            archive.rows(part.strategy, block).unlink(missing_ok=True)
        raise HostfallError(
            f"every run of {part.strategy} failed, the first at {reason}; none of it was kept"
        )
    return failed


def _manifest(
    order: Order, before: Mapping[str, Any], machine: Mapping[str, Any], started: datetime
) -> dict[str, Any]:
    """What the folder says of itself while the study runs; what was finished before stays finished."""
    return {
        "format": FORMAT,
        "name": order.file.name,
        "title": order.file.title,
        "digest": order.digest,
        "seed": order.file.scenario().seed,
        "users": order.users,
        "block": BLOCK,
        "baseline": order.file.baseline,
        "leaves_open": _leaves_open(order.file),
        "strategies": before.get("strategies", {}),
        "replications": before.get("replications", 0),
        "failed": before.get("failed", {}),
        "versions": versions(),
        "machine": machine,
        "command": order.command,
        "started": before.get("started", started.isoformat(timespec="seconds")),
        "finished": None,
        "duration_seconds": before.get("duration_seconds", 0.0),
        "complete": False,
    }


def _compute(
    order: Order, archive: Archive, shown: Sequence[Part], missing: Mapping[str, Sequence[int]]
) -> None:
    total = sum(len(part.blocks) for part in shown)
    finished = total - sum(len(blocks) for blocks in missing.values())
    progress = order.progress or (lambda _done, _total: None)
    progress(finished, total)
    results = executors.run(_tasks(order, shown, missing), order.workers, order.executor)
    try:
        for done in results:
            for block in done.blocks:
                archive.keep(done.strategy, block)
            finished += len(done.blocks)
            progress(finished, total)
    finally:
        results.close()


def _tasks(order: Order, shown: Sequence[Part], missing: Mapping[str, Sequence[int]]) -> Iterable[Task]:
    """The missing blocks, several to a task where workers share them."""
    size = 1
    if order.workers > 1:
        blocks = sum(len(each) for each in missing.values())
        size = min(max(blocks // (4 * order.workers), 1), _BUNDLE)
    for part in shown:
        counterfactual = Counterfactual()
        wanted = missing.get(part.strategy, [])
        for i in range(0, len(wanted), size):
            bundle = tuple(wanted[i : i + size])
            yield Task(part.strategy, part.scenario, bundle, order.users, counterfactual)
