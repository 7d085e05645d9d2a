"""The blocks of all points: what is missing is computed together, and what is the same is computed once.

In: scenario files by point, and their folders. Out: finished blocks in every folder, so that the study of a
point finds all its runs done.

Why this way: blocks of all points go through one set of workers, for a point has often a single one. Where a
strategy does not have what is varied, or only how likely an event is differs (on which no run depends), its
blocks are those of another point, and are copied.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from sim.errors import ArchiveError
from sim.streams import BLOCK
from sim.study import executors
from sim.study.archive import Archive
from sim.study.encode import Encoded
from sim.study.executors import Task
from sim.study.machine import difference, fingerprint, versions
from sim.study.world import Counterfactual

if TYPE_CHECKING:
    from sim.scenario import Scenario, ScenarioFile


@dataclass(frozen=True, slots=True)
class Place:
    """One strategy at one point: where its study is, and its scenario file."""

    archive: Archive
    file: ScenarioFile
    strategy: str

    @property
    def scenario(self) -> Scenario:
        """What is simulated there."""
        return self.file.scenario(self.strategy)


At = tuple[str, int]
"""What a block is of: the digest of all that its runs depend on, and its number."""


@dataclass
class Blocks:
    """The blocks of a sweep, and how many are finished.

    Attributes
    ----------
    copied
        Blocks that were those of another point.
    """

    replications: int
    workers: int
    executor: Callable[[int], Executor]
    progress: Callable[[int, int], None]
    total: int = 0
    done: int = 0
    copied: int = 0
    _sources: dict[At, Place] = field(default_factory=dict)

    def finish(self, places: Iterable[Place]) -> None:
        """Put every missing block of some points on disk."""
        missing: dict[At, list[Place]] = {}
        for place in places:
            _begin(place)
            key = simulated(place.scenario)
            for block in range(-(-self.replications // BLOCK)):
                self.total += 1
                if place.archive.rows(place.strategy, block).is_file():
                    self._sources.setdefault((key, block), place)
                    self.done += 1
                else:
                    missing.setdefault((key, block), []).append(place)
        self.progress(self.done, self.total)
        for at in [at for at in missing if at in self._sources]:
            self._keep(missing.pop(at), _read(self._sources[at], at[1]), fresh=0)
        if missing:
            self._compute(missing)

    def _compute(self, missing: Mapping[At, list[Place]]) -> None:
        results = executors.run(_tasks(missing), self.workers, self.executor)
        try:
            for finished in results:
                for block in finished.blocks:
                    at = (finished.strategy, block.block)
                    self._keep(missing[at], block, fresh=1)
                    self._sources[at] = missing[at][0]
        finally:
            results.close()

    def _keep(self, wanting: Sequence[Place], block: Encoded, *, fresh: int) -> None:
        """Put a block into every folder that wants it."""
        for place in wanting:
            place.archive.keep(place.strategy, block)
            self.done += 1
        self.copied += len(wanting) - fresh
        self.progress(self.done, self.total)


def _tasks(missing: Mapping[At, list[Place]]) -> Iterable[Task]:
    """One a block: a point has few, and each is worth the way to a worker. They go by what they are of."""
    beside: dict[str, Counterfactual] = {}
    for (key, block), wanting in missing.items():
        counterfactual = beside.setdefault(key, Counterfactual())
        yield Task(key, wanting[0].scenario, (block,), "expected", counterfactual)


def simulated(scenario: Scenario) -> str:
    """A digest of all in a scenario that a run depends on: everything but how likely events are."""
    from sim.scenario.written import write_scenario

    events = tuple(event.model_copy(update={"chance": None}) for event in scenario.events)
    said = write_scenario(scenario.model_copy(update={"events": events}), words=False)
    for name in ("targets", "expect", "observed"):
        said.pop(name, None)
    return sha256(json.dumps(said, sort_keys=True).encode("utf-8")).hexdigest()


def _read(place: Place, block: int) -> Encoded:
    """A finished block as it is on disk."""
    rows = place.archive.rows(place.strategy, block).read_bytes()
    beside = place.archive.trajectories(place.strategy, block)
    return Encoded(block, rows, beside.read_bytes() if beside.is_file() else None)


@cache
def _versions() -> Mapping[str, str]:
    return versions()


def _begin(place: Place) -> None:
    """Say whose folder it is before there is anything in it, as a study does.

    Raises
    ------
    ArchiveError
        If it was begun on a machine that gives other bits, or holds something else.
    """
    place.archive.check(place.file.digest)
    before = place.archive.manifest()
    unlike = difference(fingerprint(), before.get("machine", fingerprint()))
    if unlike and not before.get("complete"):
        begun = f"{place.archive.folder} was begun on a machine that gives other bits ({unlike})"
        raise ArchiveError(f"{begun}; choose another folder")
    if not before:
        place.archive.folder.mkdir(parents=True, exist_ok=True)
        place.archive.write_manifest(
            {
                "name": place.file.name,
                "title": place.file.title,
                "digest": place.file.digest,
                "seed": place.file.scenario().seed,
                "versions": dict(_versions()),
                "machine": fingerprint(),
                "complete": False,
            }
        )
