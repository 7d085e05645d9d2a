"""Three kinds of uncertainty, kept apart in words: chance, parameters, and the error of the simulation.

In: one strategy's runs and a measure. Out: a sentence for each kind there is. How far the runs lie apart is
chance and, where `unknowns` are varied, what nobody knows; how much is whose is estimated from the draws. How
far the mean may be off is the simulation's error, and the only one of the three that more runs make smaller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.study.summary import latent
from sim.views import wording

if TYPE_CHECKING:
    from sim.outcomes import Measure
    from sim.scenario import Scenario
    from sim.study.summary import Outcomes

MOST = 20_000
"""Runs that are looked at: the share is then known to about 0.01, and a million take seconds."""


def parameters(scenario: Scenario, measure: Measure, outcomes: Outcomes) -> str:
    """How much of the variance between runs the unknowns explain, and what the rest is; no full stop.

    Empty where nothing was varied, the measure is no amount, the horizon cut some run, or all runs are the
    same or too few.
    """
    share = explained(scenario, measure, outcomes)
    if share is None:
        return ""
    count = len(scenario.unknowns)
    what = "the unknown explains" if count == 1 else f"the {count} unknowns explain, each by itself,"
    told = f"about {wording.percent(share, 2)}" if share >= 0.01 else "less than 1 %"
    # a jump, or what two unknowns do together, is no chance, and a parabola does not find it either
    fit = "a parabola in it" if count == 1 else "a parabola in each"
    missed = "what that misses" if count == 1 else "what they do together or that misses"
    return f"of the variance between the runs {what} {told} by {fit}; the rest is chance and {missed}"


def explained(scenario: Scenario, measure: Measure, outcomes: Outcomes) -> float | None:
    """Share of the variance between runs that unknowns explain, each by itself; None where it is not told."""
    import numpy as np

    from sim.study.drawn import draws_of, moved

    if not scenario.unknowns or measure.kind in {"flag", "text"}:
        return None
    values = latent(measure, outcomes)
    if not np.isfinite(values).all():
        return None
    replications = np.asarray(outcomes["replication"][:MOST], dtype=np.int64)
    found = moved(values[:MOST], draws_of([scenario], replications))
    return None if found is None else found.explained
