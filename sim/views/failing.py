"""When does this strategy fail: the answer of `results fails`, in sentences and a table.

In: the folder of a finished study, and what counts as failing, as "users_lost > 100000". Out: `Failures`. The
runs are read and nothing is simulated; the values of the unknowns are drawn again from the seed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import ge, gt, le, lt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.study.failing import Box, Failing, failing
from sim.views import movers, saying, wording
from sim.views.saying import Sentence
from sim.views.table import Table

if TYPE_CHECKING:
    from sim.outcomes import Measure
    from sim.scenario import Scenario
    from sim.study.arms import Arm

SIGNS: dict[str, Callable[[Any, Any], Any]] = {">": gt, ">=": ge, "<": lt, "<=": le}
CONDITION = re.compile(r"\s*([A-Za-z_][\w.]*)\s*(>=|<=|>|<)\s*(\S.*?)\s*")

say = partial(saying.fill, "failing_sentences")


@dataclass(frozen=True, slots=True)
class Condition:
    """What counts as failing: a measure on one side of a limit in its inside unit, and the limit as typed."""

    measure: Measure
    sign: str
    limit: float
    typed: str


@dataclass(frozen=True, slots=True)
class Failures:
    """Where one strategy fails, for people."""

    condition: Condition
    arm: Arm
    found: Failing

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """How often it fails, and where more or less often than that."""
        found, scenario = self.found, self.arm.scenario
        fields = {"what": self.condition.typed, "label": self.arm.label, "runs": f"{found.runs:,}"}
        if found.failing in {0, found.runs}:
            return (say("fails", "never" if not found.failing else "always", **fields),)
        said = [say("fails", "some", share=wording.percent(found.share.value), **fields)]
        if len(found.boxes) == 1:
            return (*said, say("where", "nothing", count=len(scenario.unknowns)))
        for variant, boxes in (("worse", found.worse), ("safer", found.safer)):
            if boxes:
                box = boxes[0]
                numbers = {"share": wording.percent(box.share.value), "covers": wording.percent(box.covers)}
                ends = {"low": wording.percent(box.share.low), "high": wording.percent(box.share.high)}
                said.append(say("where", variant, place=place(scenario, box), **numbers, **ends))
        if not (found.worse or found.safer):
            said.append(say("where", "unsure"))
        return (*said, say("where", "caveat", runs=f"{found.held_back:,}"))

    @property
    def tables(self) -> tuple[Table, ...]:
        """A row a box; none where there is nothing to tell apart."""
        if len(self.found.boxes) < 2:
            return ()
        rows = [
            (
                wording.capital(place(self.arm.scenario, box)),
                f"{box.runs:,}",
                wording.percent(box.share.value),
                f"{wording.percent(box.share.low)} to {wording.percent(box.share.high)}",
                wording.percent(box.covers),
            )
            for box in self.found.boxes
        ]
        header = ("Where", "Runs", "Fail", "95 % interval", "Of all that fail")
        how = f"{self.found.held_back:,} runs that the boxes were not made from"
        return (Table(f"Where “{self.condition.typed}” holds ({how})", header, tuple(rows)),)

    def __str__(self) -> str:
        return "\n".join([*(each.text for each in self.sentences), *map(str, self.tables)])


def where_it_fails(folder: Path, when: str, strategy: str | None = None) -> Failures:
    """Read a finished study and find where a strategy fails.

    Parameters
    ----------
    when
        ``MEASURE > AMOUNT``, or with ``>=``, ``<`` or ``<=``; a time takes a unit.
    strategy
        By default the baseline.

    Raises
    ------
    UsageError, ArchiveError
        If there is no such study, strategy or measure, it cannot be answered, or scikit-learn is missing.
    """
    from sim.study.drawn import draws_of
    from sim.study.summary import latent
    from sim.views.quoting import strategy_of

    arm, _ = strategy_of(folder, strategy)
    condition = read_condition(when, arm)
    values = latent(condition.measure, arm.outcomes)
    fails = SIGNS[condition.sign](values, condition.limit)
    return Failures(condition, arm, failing(draws_of([arm.scenario], arm.outcomes["replication"]), fails))


def read_condition(when: str, arm: Arm) -> Condition:
    """A condition as typed.

    Raises
    ------
    UsageError
        If it is none, or there is no such measure.
    """
    from sim.scenario import units
    from sim.views.showing import known_measure

    found = CONDITION.fullmatch(when)
    if found is None:
        raise UsageError(f'--when {when}: write a measure, a sign and an amount: "users_lost > 100000"')
    measure = arm.measures[known_measure(found[1], arm.measures)]
    kinds = {"time": units.DURATION, "money": units.MONEY, "share": units.SHARE}
    try:
        limit = units.parse_quantity(found[3], kinds.get(measure.kind, units.COUNT))
    except units.Wrong as wrong:
        raise UsageError(f"--when {when}: {wrong}") from None
    return Condition(measure, found[2], limit, f"{measure.name} {found[2]} {found[3]}")


def place(scenario: Scenario, box: Box) -> str:
    """A box in words: ``acceptance is below 24 % and churn is above 3 % per month``."""
    if not box.bounds:
        return "everywhere"
    return wording.listing([_side(scenario, path, *ends) for path, ends in box.bounds.items()])


def _side(scenario: Scenario, path: str, low: float, high: float) -> str:
    name = f"“{movers.name(scenario, path)}”"
    ends = [movers.value_at(scenario, path, end) if 0.0 < end < 1.0 else "" for end in (low, high)]
    if all(ends):
        return f"{name} is between {ends[0]} and {ends[1]}"
    return f"{name} is above {ends[0]}" if ends[0] else f"{name} is at most {ends[1]}"
