"""What the operator would have announced: how it goes if all goes to plan.

In: a scenario. Out: one timeline, in which everything takes its middling time, whoever is asked first says
yes, nothing is done twice, nobody goes back on a word, and nothing fails that was not set to. It is the
same model, played with draws that are set instead of drawn, so it knows of every rule and every task. The
gap between it and the runs is the planning fallacy that a plan of likely durations cannot see: refusals, and
that the longest of several tasks decides.

References
----------
Kahneman and Tversky 1979, "Intuitive prediction: biases and corrective procedures", TIMS Studies in
Management Science 12, 313-327 (the inside view).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.scenario.inputs import Inputs
from sim.scenario.model import Scenario
from sim.streams import BLOCK, Draws
from sim.supply.simulate import SupplyPlan
from sim.supply.timeline import Timeline

_MIDDLE = 0.5
_YES = 0.0
_NEVER = float(np.nextafter(1.0, 0.0))
_SET = {
    "answer": _YES, "granted": _YES,
    "rework": _NEVER, "withdraws": _NEVER, "drops": _NEVER, "fails": _NEVER, "leaves": _NEVER,
}  # fmt: skip
"""What a decision is set to, by the last word of its draw's name: below every chance, or above."""


class _Planned(Draws):
    """Draws that are set: the middle, or the good answer where there are two."""

    def column(self, name: str, attempt: int = 0) -> NDArray[np.float64]:
        """The value that the name's purpose is set to, for all replications. Shape (BLOCK,)."""
        return np.full(BLOCK, _SET.get(name.rsplit(" / ", 1)[-1], _MIDDLE))


def forecast(scenario: Scenario) -> Timeline:
    """The timeline of a scenario in which all goes to plan.

    Checked by: tests/unit/test_supply_forecast.py
    """
    response = scenario.response.model_copy(update={"optimism": None})
    plan = scenario.model_copy(update={"response": response})
    return SupplyPlan(plan, Inputs(plan, _Planned(plan.seed, 0))).run(0)
