"""What a board can decide from a study: who is recommended, whether the runs tell, and what would turn it.

In: a `Comparison` of one study. Out: a `Decision`: records, from which sentences, tables and the page are
made. Nobody is recommended whose difference from another still has an interval with 0 in it.

By what it is decided: where income, costs and the chance of what is simulated are given, by what a year
costs; else by users lost, if any are, else by downtime. The page says which, and another may be asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.errors import UsageError
from sim.views.decision_turns import Turn, turns

if TYPE_CHECKING:
    from sim.scenario.resolution import Resolution
    from sim.study.arms import Arm
    from sim.study.drawn import Moved, Mover
    from sim.study.exposure import Exposure, Unanswered
    from sim.study.selection import Best
    from sim.study.statistics import Array, Interval
    from sim.study.yearly import Account
    from sim.views.case import Input
    from sim.views.comparison import Comparison

Criterion = Literal["cost", "users_lost", "downtime"]

WEEK = 7 * 24.0
"""Hours; a board asks how likely it is to be down for longer."""


@dataclass(frozen=True, slots=True)
class Row:
    """One strategy of the table.

    Attributes
    ----------
    median
        Hours down that half of the runs do not exceed; infinite if the end cut it.
    over_week
        Share of the runs that are down for more than a week in all; None where less is simulated.
    users_lost, cost
        Means; cost is that of a year at the given chance, None where there is no money or no chance.
    """

    strategy: str
    label: str
    median: float
    over_week: Interval | None
    users_lost: Interval
    cost: Interval | None
    exposures: tuple[Exposure, ...]


@dataclass(frozen=True, slots=True)
class Hinge:
    """An unknown, and the rival whom it brings nearest to the leader.

    `lost` is the share of the average lead that is gone in the worse of the two outer fifths of the unknown;
    above 1 the rival is better there.
    """

    rival: str
    mover: Mover
    lost: float


@dataclass(frozen=True)
class Decision:
    """Everything the page says.

    Attributes
    ----------
    found
        The strategies side by side.
    by
        The criterion; less of it is better.
    assumed
        Inputs of the leading strategy that are assumptions, those first that most days down hang on.
    inputs
        How many inputs with evidence there are, and how many of them are assumptions.
    users
        In what detail users were followed.
    """

    found: Comparison
    by: Criterion
    assumed: tuple[Input, ...] = ()
    inputs: tuple[int, int] = (0, 0)
    users: Resolution = "expected"

    # -- who ----------------------------------------------------------------------------------------------

    @cached_property
    def worlds(self) -> tuple[list[Arm], list[Mapping[str, Array]]]:
        """The strategies, baseline first, and what the criterion needs of the runs that all have."""
        from sim.study.comparison import paired

        arms = [self.found.arm(self.found.baseline), *self.found.others]
        measure = "users_lost" if self.by == "cost" else self.by
        needed = [("replication", measure, arm.measures[measure].censored_by) for arm in arms]
        return arms, paired(
            *(
                {name: arm.outcomes[name] for name in names if name}
                for arm, names in zip(arms, needed, strict=True)
            )
        )

    @property
    def money(self) -> Account | None:
        """The account in money; None where there is none."""
        first = self.found.accounts[0]
        return first if first.kind == "money" else None

    @property
    def chances(self) -> dict[str, float] | None:
        """The chance a year that the file gives each strategy; None where it does not give all."""
        given = self.found.accounts[0].given
        known = {name: chance for name, chance in given.items() if chance is not None}
        return known if len(known) == len(given) else None

    @cached_property
    def values(self) -> dict[str, Array]:
        """The criterion with each strategy, row beside row. Each of shape (runs,)."""
        from sim.study.summary import values

        if self.by == "cost":
            assert self.money is not None
            assert self.chances is not None
            chances = self.chances
            return {name: self.money.a_year(name, chances[name]) for name in self.money.loss}
        arms, worlds = self.worlds
        return {
            arm.strategy: values(arm.measures[self.by], world)
            for arm, world in zip(arms, worlds, strict=True)
        }

    @cached_property
    def best(self) -> Best:
        """Who leads, and how firmly."""
        from sim.study.selection import best

        return best(self.values, self.found.arm(self.found.baseline).scenario.seed)

    @cached_property
    def possible(self) -> tuple[str, ...]:
        """The leader, and all who may yet be better: not ruled out, or by an interval with 0 in it."""
        lead = self.values[self.best.strategy]
        compared = max(len(self.values) - 1, 1)
        return tuple(
            name
            for name, column in self.values.items()
            if name in self.best.possible or _holds_nothing(column - lead, compared)
        )

    @property
    def decided(self) -> bool:
        """Whether somebody can be recommended: nobody else may be better, but for those that are the same."""
        return len(self.values) > 1 and set(self.possible) <= set(self.best.alike) < set(self.values)

    @property
    def rivals(self) -> list[str]:
        """The strategies but the leading one and those that are the same as it, the nearest first."""
        rest = [name for name in self.values if name not in self.best.alike]
        return sorted(rest, key=lambda name: float(self.values[name].mean()))

    def gap(self, rival: str) -> Interval:
        """By how much the rival is worse than the leader, with the interval that holds for all rivals."""
        from sim.study.simultaneous import joint_interval

        apart = self.values[rival] - self.values[self.best.strategy]
        return joint_interval(apart, max(len(self.values) - 1, 1))

    def needed(self, rival: str) -> float:
        """Runs that would tell the two apart, if the difference is what it is now; infinite for none."""
        gap, runs = self.gap(rival), self.best.runs
        if not gap.value:
            return float("inf")
        return runs * ((gap.high - gap.low) / (2.0 * gap.value)) ** 2

    # -- what it hangs on ---------------------------------------------------------------------------------

    @cached_property
    def draws(self) -> dict[str, Array]:
        """The draw of every unknown in every run."""
        from sim.study.drawn import draws_of

        arms, worlds = self.worlds
        runs = np.asarray(worlds[0]["replication"], dtype=np.int64)
        return draws_of([arm.scenario for arm in arms], runs)

    @cached_property
    def moved(self) -> dict[str, Moved]:
        """What moves the leader's lead over each rival (alone: the criterion itself), by rival."""
        from sim.study.drawn import moved

        lead = self.values[self.best.strategy]
        about = {name: self.values[name] - lead for name in self.rivals} or {self.best.strategy: lead}
        found = {name: moved(column, self.draws) for name, column in about.items()}
        return {name: one for name, one in found.items() if one is not None}

    @property
    def nearest(self) -> Moved | None:
        """The same for the nearest rival."""
        return next(iter(self.moved.values()), None)

    @cached_property
    def hinges(self) -> list[Hinge]:
        """The unknowns that are shown to move a lead, the one that moves the answer most first."""
        found: dict[str, Hinge] = {}
        for rival, moved in self.moved.items() if self.rivals else ():
            lead = self.gap(rival).value
            for one in moved.movers:
                if not one.told or not lead > 0.0:
                    continue
                hinge = Hinge(rival, one, 1.0 - min(one.low.value, one.high.value) / lead)
                if one.path not in found or hinge.lost > found[one.path].lost:
                    found[one.path] = hinge
        return sorted(found.values(), key=lambda hinge: -hinge.lost)

    @cached_property
    def stays(self) -> float | None:
        """Share of the draws of the unknowns in which the leader leads every rival, chance averaged out."""
        if not self.rivals or len(self.moved) < len(self.rivals):
            return None
        ahead = np.all([one.fitted > 0.0 for one in self.moved.values()], axis=0)
        return float(ahead.mean())

    @property
    def ahead(self) -> dict[str, float]:
        """Share of the runs in which each does best, equals sharing it."""
        return {each.strategy: each.best_run for each in self.best.contenders}

    @cached_property
    def turns(self) -> list[Turn]:
        """Under which values of an unknown a rival is better, the most likely first."""
        lead = self.values[self.best.strategy]
        gaps = {name: self.values[name] - lead for name in self.rivals if name in self.moved}
        return turns(self.moved, gaps, self.draws) if self.decided else []

    # -- the table ----------------------------------------------------------------------------------------

    @cached_property
    def rows(self) -> list[Row]:
        """A row a strategy, in the order of the criterion."""
        from sim.study.exposure import exposures
        from sim.study.statistics import mean_interval, quantile, share_interval
        from sim.study.summary import latent, values

        made = []
        for arm in self.found.arms:
            hours = latent(arm.measures["downtime"], arm.outcomes)
            lost = values(arm.measures["users_lost"], arm.outcomes)
            long = arm.scenario.clock.horizon > WEEK
            over = share_interval(int((hours > WEEK).sum()), len(hours)) if long else None
            cost = None
            if self.money is not None and self.chances is not None:
                cost = mean_interval(self.money.a_year(arm.strategy, self.chances[arm.strategy]))
            half = quantile(np.sort(hours), 0.5)
            exposed = exposures(arm.scenario)
            made.append(Row(arm.strategy, arm.label, half, over, mean_interval(lost), cost, exposed))
        order = {name: float(column.mean()) for name, column in self.values.items()}
        return sorted(made, key=lambda row: order[row.strategy])

    @cached_property
    def unanswered(self) -> tuple[Unanswered, ...]:
        """Suppliers that with no strategy anybody stands in for, though something ends without them."""
        from sim.study.exposure import unanswered

        each = [set(unanswered(arm.scenario)) for arm in self.found.arms]
        common = set.intersection(*each)
        return tuple(one for one in unanswered(self.found.arms[0].scenario) if one in common)


def decide(
    found: Comparison,
    by: str | None = None,
    *,
    assumed: Sequence[Input] = (),
    inputs: tuple[int, int] = (0, 0),
) -> Decision:
    """Weigh the strategies of a study.

    Parameters
    ----------
    found
        The strategies side by side; one alone is told and not recommended.
    by
        "cost", "users_lost" or "downtime"; by default the first that the study can tell.
    assumed, inputs
        See `Decision`.

    Raises
    ------
    UsageError
        If the study cannot tell what is asked for.

    Checked by: tests/unit/test_views_decision.py
    """
    usual = Decision(found, "users_lost", tuple(assumed), inputs)
    able = usual.money is not None and usual.chances is not None
    if by == "cost" and not able:
        raise UsageError(
            "What a year costs cannot be told: the scenario needs costs or income (`users.revenue`) and the "
            "chance of what is simulated (`chance: 4 % per year` at an event). users_lost and downtime can."
        )
    if by is None:
        earns = able and any(arm.outcomes["revenue_lost"].any() for arm in found.arms)
        by = "cost" if earns else "downtime" if found.is_idle("users_lost") else "users_lost"
    return Decision(found, by, tuple(assumed), inputs)  # type: ignore[arg-type]  # click has checked it


def _holds_nothing(apart: Array, compared: int) -> bool:
    """Whether the interval of a difference holds 0."""
    from sim.study.simultaneous import joint_interval

    gap = joint_interval(apart, compared)
    return gap.low <= 0.0 <= gap.high
