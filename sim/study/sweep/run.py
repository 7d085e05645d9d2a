"""Run a sweep: the design is written first, then every point is run as an ordinary study, or found done.

In: a scenario file and what is varied. Out: a `Sweep`. The studies are in `points/0001`, `points/0002`, ...;
all meet the same draws, for these go by name and block, so two points differ in nothing but what was varied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sim.errors import HostfallError, ScenarioError, UsageError
from sim.streams import BLOCK
from sim.study import executors
from sim.study.archive import Archive
from sim.study.arms import arms_of
from sim.study.executors import WorkersLostError
from sim.study.machine import fingerprint, versions
from sim.study.run import Progress, StudyInterrupted, run_study
from sim.study.statistics import Array
from sim.study.study import Study
from sim.study.sweep import table
from sim.study.sweep.blocks import Blocks, Place
from sim.study.sweep.design import Point
from sim.study.sweep.fields import Value
from sim.study.sweep.look import BreakEven, Sweep
from sim.study.sweep.measures import YEARLY, columns, known_measures
from sim.study.sweep.order import FORMAT, Asking, Files, Order, at_point, order_of
from sim.study.sweep.search import Search
from sim.study.sweep.table import Row
from sim.study.tables import OUTCOMES, Part

if TYPE_CHECKING:
    from sim.scenario import ScenarioFile

POINTS = "points"


def run_sweep(
    file: ScenarioFile,
    asking: Asking,
    *,
    workers: int = 1,
    output: Path | None = None,
    progress: Progress | None = None,
    command: str = "",
    executor: Callable[[int], Executor] = executors.make,
) -> Sweep:
    """Run, continue, extend, or find done.

    Parameters
    ----------
    asking
        What is varied, and what is looked at.
    workers, executor
        As of `run_study`.
    output
        The folder of results; None keeps nothing.
    progress
        Called with (finished blocks, all blocks); a break-even adds some.

    Raises
    ------
    ScenarioError
        With every problem of what was asked for, or of the scenario at some point.
    ArchiveError
        If the folder holds something else, is in use, or cannot be written.
    StudyInterrupted
        On Ctrl-C.
    WorkersLostError
        If workers keep dying or cannot be reached; what is finished is kept.

    Checked by: tests/unit/test_study_sweep.py
    """
    for number, what in ((asking.replications, "replications"), (workers, "workers")):
        if number < 1:
            raise UsageError(f"{what} must be at least 1, not {number}")
    return carry_out(order_of(file, asking), workers, output, progress, command=command, executor=executor)


def carry_out(
    order: Order,
    workers: int,
    output: Path | None,
    progress: Progress | None,
    *,
    command: str = "",
    executor: Callable[[int], Executor] = executors.make,
) -> Sweep:
    """Do what was understood; see `run_sweep`."""
    place = TemporaryDirectory(prefix="hostfall-") if output is None else nullcontext(str(output))
    with place as folder:
        archive = Archive(Path(folder))
        with archive.open(order.digest) as manifest:
            order = replace(order, replications=max(order.replications, manifest.get("replications", 0)))
            tell = progress or (lambda _done, _total: None)
            blocks = Blocks(order.replications, workers, executor, tell)
            running = Running(order, archive, manifest, blocks, kept=output is not None, command=command)
            with running.interruptible():
                return running.sweep()


class Running:
    """A sweep while it runs: what has been looked at so far."""

    def __init__(
        self,
        order: Order,
        archive: Archive,
        manifest: dict[str, Any],
        blocks: Blocks,
        *,
        kept: bool,
        command: str,
    ) -> None:
        self.order = order
        self.archive = archive
        self.before = manifest
        self.blocks = blocks
        self.kept = kept
        self.command = command
        self.known = known_measures(order.files[0][order.strategies[0]].scenario())
        self.rows: dict[tuple[int, str], list[Row]] = {}
        self.samples: dict[tuple[int, str], dict[str, Array]] = {}
        self.points: dict[tuple[Value, ...], Point] = {}
        self.failed = 0
        self.reason = ""
        self.computed = False
        self.started = datetime.now(UTC).isoformat(timespec="seconds")
        self.added = self._added_before()

    # -- from the design to the answer --------------------------------------------------------------------

    def sweep(self) -> Sweep:
        """All of it."""
        order = self.order
        self._write_manifest(complete=False)  # says whose folder this is
        self._write_design()
        self.look(zip(order.points, order.files, strict=True))
        found = Search(order, self).all()
        shown = sorted(self.points.values(), key=lambda point: point.number)
        at = [(point.number, name) for point in shown for name in order.strategies]
        rows = [row for each in at for row in self.rows.get(each, ())]
        done = self._is_done()
        if not done:
            self.archive.write(table.TABLE, table.written_table(order.fields, shown, rows))
            if order.break_even is not None:
                self.archive.write(table.EVEN, table.written_even(order.fields, found))
            self._write_manifest(complete=True)
        return self._answer(tuple(shown), tuple(rows), tuple(found), done=done)

    def look(self, places: Iterable[tuple[Point, Files]]) -> None:
        """Run the studies of some points, or find them done, and read what came out."""
        wanted = [(point, self._places(point, files)) for point, files in places]
        self.blocks.finish(place for _, there in wanted for place in there)
        for point, there in wanted:
            self.points[point.values] = point
            for place in there:
                self.rows[point.number, place.strategy] = self._read(point, place)

    def add(self, values: tuple[Value, ...], strategies: Sequence[str]) -> Point:
        """Look at one more point with these strategies; the others are not run there."""
        texts = tuple(value.text for value in values)
        number = self.added.get(texts) or max([*self._numbers(), len(self.order.points)]) + 1
        point = self.points.get(values) or Point(number, values, refined=True)
        missing = [name for name in strategies if (point.number, name) not in self.samples]
        files, problems = at_point(self.order.base, self.order.fields, point, missing)
        if problems:
            raise ScenarioError(problems)
        if point.refined:
            self.added[texts] = point.number
        self._write_design()
        self.look([(point, files)])
        return point

    @property
    def copied(self) -> int:
        """Blocks that were those of another point, now and before."""
        return int(self.before.get("blocks_copied", 0)) + self.blocks.copied

    def _numbers(self) -> list[int]:
        return [*self.added.values(), *(point.number for point in self.points.values())]

    # -- one point ----------------------------------------------------------------------------------------

    def _places(self, point: Point, files: Files) -> list[Place]:
        folder = self.archive.folder / POINTS / point.name
        return [Place(Archive(folder / name), file, name) for name, file in files.items()]

    def _read(self, point: Point, place: Place) -> list[Row]:
        """What came out of one strategy at one point."""
        order, strategy = self.order, place.strategy
        try:
            study, fresh = studied(place, order.replications, self.command)
        except HostfallError as error:
            at = ", ".join(f"{f.path} = {v.text}" for f, v in zip(order.fields, point.values, strict=True))
            raise type(error)(f"at {at}: {error}") from error
        self.computed |= fresh
        arm = arms_of(study)[0]
        rows = table.read_rows(study.folder / "summary.csv", point.number, (strategy,), self.known)
        found = self.samples[point.number, strategy] = columns(arm, order.measures)
        self.failed += arm.failed
        self.reason = self.reason or arm.reason
        return rows + [
            table.row_of_year(point.number, strategy, order.measures[name], found[name], arm.failed)
            for name in YEARLY
            if name in order.measures and name in found
        ]

    # -- files --------------------------------------------------------------------------------------------

    def _added_before(self) -> dict[tuple[str, ...], int]:
        """Points that were added for a break-even before, by the texts of their values."""
        design = self.archive.folder / table.DESIGN
        return table.read_refined(design.read_bytes(), self.order.fields) if design.is_file() else {}

    def _write_design(self) -> None:
        """The design, and what was added to it."""
        fields = self.order.fields
        added = sorted((number, texts) for texts, number in self.added.items())
        refined = [
            Point(number, tuple(map(table.value_again, fields, texts)), refined=True)
            for number, texts in added
        ]
        content = table.written_design(fields, [*self.order.points, *refined])
        target = self.archive.folder / table.DESIGN
        if not target.is_file() or target.read_bytes() != content:
            self.archive.write(table.DESIGN, content)

    def _is_done(self) -> bool:
        """Whether the tables are those asked for."""
        same = ("strategies", "replications", "measures", "break_even", "between")
        said = self._said(complete=True)
        files = [table.TABLE, *([table.EVEN] if self.order.break_even is not None else [])]
        return (
            bool(self.before.get("complete"))
            and not self.computed
            and all(self.before.get(name) == said[name] for name in same)
            and all((self.archive.folder / name).is_file() for name in files)
        )

    def _said(self, *, complete: bool) -> dict[str, Any]:
        order, before = self.order, self.before
        return {
            "kind": "sweep",
            "format": FORMAT,
            "name": order.file.name,
            "title": order.file.title,
            "digest": order.digest,
            "scenario_digest": order.file.digest,
            "seed": order.file.scenario().seed,
            "block": BLOCK,
            "fields": [
                {"path": field.path, "unit": field.unit, "log": field.log, "strategies": list(field.known)}
                for field in order.fields
            ],
            "method": order.method,
            "points": len(order.points),
            "points_added": len(self.added),
            "strategies": list(order.strategies),
            "replications": order.replications,
            "measures": list(order.measures),
            "break_even": order.break_even.name if order.break_even is not None else None,
            "between": [list(pair) for pair in order.pairs],
            "failed": self.failed,
            "blocks_copied": self.copied,
            "versions": versions(),
            "machine": fingerprint(),
            "command": self.command,
            "started": before.get("started", self.started),
            "finished": datetime.now(UTC).isoformat(timespec="seconds") if complete else None,
            "complete": complete,
        }

    def _write_manifest(self, *, complete: bool) -> None:
        """Replace the manifest; what was finished stays finished until something is added."""
        if complete or not self.before:
            self.archive.write_manifest(self._said(complete=complete))

    # -- the answer ---------------------------------------------------------------------------------------

    def _answer(
        self, points: tuple[Point, ...], rows: tuple[Row, ...], found: tuple[BreakEven, ...], *, done: bool
    ) -> Sweep:
        order = self.order
        return Sweep(
            file=order.file,
            fields=order.fields,
            method=order.method,
            points=points,
            strategies=order.strategies,
            measures=order.measures,
            rows=rows,
            samples=self.samples,
            break_evens=found,
            replications=order.replications,
            runs=order.replications * len(self.samples),
            copied=self.copied * BLOCK,
            failed=self.failed,
            reason=self.reason,
            digest=order.digest,
            folder=self.archive.folder if self.kept else None,
            already_done=done,
        )

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Say what is kept and how to go on, where it is interrupted or its workers are lost."""
        try:
            yield
        except KeyboardInterrupt:
            raise StudyInterrupted(f"Interrupted: {self._how_to_go_on()}") from None
        except WorkersLostError as error:
            raise WorkersLostError(f"{error}. {self._how_to_go_on()}") from error

    def _how_to_go_on(self) -> str:
        if not self.kept:
            return "nothing is kept without an output folder."
        done = f"{self.blocks.done} of {self.blocks.total} blocks of {BLOCK} runs are done"
        return f"{done} and kept in {self.archive.folder}; the same command goes on from there."


def studied(place: Place, replications: int, command: str) -> tuple[Study, bool]:
    """The study of one strategy at one point, and whether its tables had to be made.

    A finished one is taken as it is: the folder of the sweep goes by all that decides its numbers.
    """
    manifest = place.archive.manifest()
    shown = manifest.get("strategies", {}).get(place.strategy, 0)
    there = all((place.archive.folder / name).is_file() for name in (OUTCOMES, "summary.csv"))
    if manifest.get("complete") and shown >= replications and there:
        part = Part(place.strategy, place.scenario, shown)
        return Study(place.file, place.archive, [part], [part], already_done=True), False
    folder = place.archive.folder
    return run_study(place.file, replications=replications, output=folder, command=command), True
