"""A block of evaluations: one replication a row, with given unknowns and the draws of a block as its chance.

In: a scenario, a block of draws, and uniforms of the unknowns. Out: an `Evaluation`: every measure as a
number, and which replications failed. It is the spine's own way from draws to measures; only the columns
"unknown / <path>" of the table of draws are given rather than drawn.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import assess, measures_of
from sim.streams import BLOCK, Draws
from sim.study.machine import fingerprint
from sim.study.statistics import Array
from sim.study.summary import values
from sim.study.world import BlockFailedError, Failure, play

if TYPE_CHECKING:
    from sim.scenario import Scenario


class GivenDraws(Draws):
    """The table of draws of a block in which the columns of the unknowns are given."""

    __slots__ = ("_given",)

    def __init__(self, seed: int, block: int, given: Mapping[str, Array]) -> None:
        """`given` holds uniforms by path of the unknown, each of shape (BLOCK,)."""
        super().__init__(seed, block)
        self._given = {f"unknown / {path}": column for path, column in given.items()}

    def column(self, name: str, attempt: int = 0) -> Array:
        """The given uniforms of an unknown, the block's own of everything else. Shape (BLOCK,)."""
        if name in self._given and attempt == 0:
            self._columns.setdefault(name, [self._given[name]])  # counts as used
            return self._given[name]
        return super().column(name, attempt)


@dataclass(frozen=True, slots=True)
class Task:
    """One block of evaluations: where its result goes, and all that it takes."""

    name: str
    scenario: Scenario
    block: int
    given: Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came out of a block.

    Attributes
    ----------
    measures
        Names, in the order of the rows of `numbers`.
    numbers
        Flags as 0 and 1, whether data were lost as 0 and 1. Shape (measures, BLOCK).
    failed
        Replications without an outcome. Shape (BLOCK,).
    reason
        Of the first that failed; empty if none did.
    """

    measures: tuple[str, ...]
    numbers: Array
    failed: NDArray[np.bool_]
    reason: str

    def encoded(self) -> bytes:
        """As the bytes of a file (NumPy's npz)."""
        file = io.BytesIO()
        np.savez_compressed(
            file,
            measures=np.array(self.measures),
            numbers=self.numbers,
            failed=self.failed,
            reason=np.array(self.reason),
        )
        return file.getvalue()

    @classmethod
    def decoded(cls, content: bytes) -> Evaluation:
        """From the bytes of a file."""
        with np.load(io.BytesIO(content), allow_pickle=False) as found:
            names = tuple(str(name) for name in found["measures"])
            return cls(names, found["numbers"], found["failed"], str(found["reason"]))


@dataclass(frozen=True, slots=True)
class Done:
    """What a task gives back: its file, the machine that made it, and what that is called."""

    name: str
    content: bytes
    machine: Mapping[str, Any]
    where: str = "a worker"


def compute(task: Task) -> Done:
    """Do a task, here or in a worker."""
    return Done(task.name, evaluate(task.scenario, task.block, task.given).encoded(), fingerprint())


def evaluate(scenario: Scenario, block: int, given: Mapping[str, Array]) -> Evaluation:
    """Every measure of the replications of a block with these uniforms of the unknowns.

    What happened and the counterfactual have the same unknowns and the same chance.

    Checked by: tests/unit/test_study_sensitivity.py
    """
    measures = measures_of(scenario)
    try:
        happened = play(scenario, block, draws=GivenDraws(scenario.seed, block, given))
        spared = scenario.spared()
        beside = happened
        if spared is not scenario:
            draws = GivenDraws(scenario.seed, block, given)
            beside = play(spared, block, name="counterfactual ", draws=draws)
        found = assess(
            scenario, happened.timelines, happened.history, beside.timelines, beside.history, happened.inputs
        )
    except BlockFailedError as error:
        nothing = np.full((len(measures), BLOCK), np.nan)
        return Evaluation(tuple(measures), nothing, np.ones(BLOCK, dtype=np.bool_), str(error))
    broken = {row: Failure("outcomes", law) for row, law in found.violations.items()}
    failures = {**broken, **beside.failures, **happened.failures}
    failed = np.zeros(BLOCK, dtype=np.bool_)
    failed[list(failures)] = True
    first = next(iter(failures.values()), None)
    return Evaluation(
        tuple(measures),
        np.array([values(measure, found.columns) for measure in measures.values()]),
        failed,
        f"{first.stage}: {first.reason}" if first is not None else "",
    )
