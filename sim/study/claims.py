"""Targets and claims: in what share of the runs they are met, and whether so many runs decide it.

In: the outcomes of one strategy. Out: `Verdict` records. A length of time that the horizon cut has broken
"at most 7 d" once 7 d are seen of it, and has neither met nor broken it before; such a run, like a failed
one, stands against a claim where it would prove it and for it where it would refute it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import Measure, measures_of
from sim.study.statistics import exact_share_interval
from sim.study.summary import Outcomes, finished, values

if TYPE_CHECKING:
    from sim.scenario import Scenario

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target or a claim, and what the runs say of it.

    Attributes
    ----------
    text
        In words, for people.
    strategy, measure
        What it is about.
    limits
        (lowest, highest) value that meets it; infinite where there is none.
    needed
        In what share of the runs it has to be met; None for a target, which is measured and not judged.
    runs, met, undecided
        Runs, those that meet it, and those that the horizon (or a failure) keeps from saying.
    low, high
        Clopper and Pearson's 95 % interval of the share that meet it, the undecided counted against it and
        for it. Exact, for "pass" and "fail" are then each wrong in at most 2.5 % of studies.
    verdict
        "pass" (all of the interval is at least `needed`), "fail" (none is), "undecided"; "" for a target.
    """

    text: str
    strategy: str
    measure: str
    limits: tuple[float, float]
    needed: float | None
    runs: int
    met: int
    undecided: int
    low: float
    high: float
    verdict: Literal["pass", "fail", "undecided", ""]

    @property
    def share(self) -> float:
        """Share of the runs that meet it."""
        return self.met / self.runs


def targets(scenario: Scenario, strategy: str, outcomes: Outcomes, failed: int = 0) -> list[Verdict]:
    """What is wanted of recovery time, data and users, each against all runs."""
    wanted, measures = scenario.targets, measures_of(scenario)
    found = []
    if wanted.rto is not None:
        met, open_ = _within(measures["time_to_recover"], outcomes, -math.inf, wanted.rto)
        text = "recovered within the recovery time objective"
        found.append(
            _verdict(text, strategy, "time_to_recover", (-math.inf, wanted.rto), None, met, open_, failed)
        )
    if wanted.rpo is not None:
        met, open_ = _within(measures["data_loss_window"], outcomes, -math.inf, wanted.rpo)
        met = met & (outcomes["data_lost"] != "all")
        text = "data lost within the recovery point objective"
        found.append(
            _verdict(text, strategy, "data_loss_window", (-math.inf, wanted.rpo), None, met, open_, failed)
        )
    if wanted.users_lost is not None:
        most = wanted.users_lost * scenario.users.start
        met, open_ = _within(measures["users_lost"], outcomes, -math.inf, most)
        text = "users lost within the target"
        found.append(_verdict(text, strategy, "users_lost", (-math.inf, most), None, met, open_, failed))
    return found


def claims(scenario: Scenario, strategy: str, outcomes: Outcomes, failed: int = 0) -> list[Verdict]:
    """The claims about this strategy; one that names none is about each."""
    measures = measures_of(scenario)
    found = []
    for claim in scenario.expect:
        if claim.strategy not in (None, strategy):
            continue
        low = -math.inf if claim.at_least is None else float(claim.at_least)
        high = math.inf if claim.at_most is None else float(claim.at_most)
        met, open_ = _within(measures[claim.measure], outcomes, low, high)
        text = claim.label or claim.measure
        needed = claim.in_share_of_runs
        found.append(_verdict(text, strategy, claim.measure, (low, high), needed, met, open_, failed))
    return found


def _within(measure: Measure, outcomes: Outcomes, low: float, high: float) -> tuple[Mask, Mask]:
    """Which runs are known to lie within the limits, and which may or may not."""
    found, whole = values(measure, outcomes), finished(measure, outcomes)
    if not measure.open_ended:
        whole = np.ones_like(whole)
    inside = (found >= low) & (found <= high)
    surely = found >= low if math.isinf(high) else np.zeros_like(whole)  # it can only have become longer
    met = np.where(whole, inside, surely)
    return met, ~whole & ~met & (found <= high)


def _verdict(
    text: str,
    strategy: str,
    measure: str,
    limits: tuple[float, float],
    needed: float | None,
    met: Mask,
    open_: Mask,
    failed: int,
) -> Verdict:
    runs, hits, undecided = len(met) + failed, int(met.sum()), int(open_.sum()) + failed
    low, high = exact_share_interval(hits, runs).low, exact_share_interval(hits + undecided, runs).high
    verdict: Literal["pass", "fail", "undecided", ""] = ""
    if needed is not None and needed >= 1.0:
        # an interval can refute "in every run" but never prove it: all the runs that there are must do
        verdict = "pass" if hits == runs else "fail" if hits + undecided < runs else "undecided"
    elif needed is not None:
        verdict = "pass" if low >= needed else "fail" if high < needed else "undecided"
    return Verdict(text, strategy, measure, limits, needed, runs, hits, undecided, low, high, verdict)
