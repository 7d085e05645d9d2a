"""What the operator and those it deals with do beyond search and work, told: withdrawals, appeals, giving up.

In: a scenario and one happening. Out: the variant of a sentence and what fills it, and whether the story
makes no sense without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.supply.timeline import GAVE_UP
from sim.views import wording
from sim.views.labels import company, replacement

if TYPE_CHECKING:
    from sim.scenario.model import Scenario
    from sim.supply.timeline import Happening

TASK_EVENTS = {
    "started": "started",
    "finished": "finished",
    "abandoned": "abandoned",
    "to be done again": "done_again",
    "spared": "spared",
    "cut short": "cut_short",
}
"""What happens to tasks, and the sentence that tells it of all tasks of one instant."""

_APPEALS = {
    "appealed": ("appealed", False),
    "appeal refused": ("appeal_refused", False),
    "appeal granted": ("appeal_granted", True),
}


def candidate(entity: str) -> str:
    """``Candidate 5``, or the candidate's own name."""
    name = entity.split(".candidate.", 1)[-1]
    return f"Candidate {name}" if name.isdigit() else wording.capital(wording.spoken(name).replace(".", " "))


def operator_act(scenario: Scenario, one: Happening) -> tuple[str, dict[str, str], bool] | None:
    """The sentence about such an act; None if it is none."""
    role = one.entity.split(".", 1)[0]
    if one.event == GAVE_UP:
        return "gave_up", {}, True
    if one.event == "withdrew":
        return "withdrew", {"who": candidate(one.entity), "new": replacement(scenario, role)}, False
    if one.event == "dropped":
        return "dropped", {"who": candidate(one.cause)}, True
    if one.event in _APPEALS:
        variant, main = _APPEALS[one.event]
        return variant, {"who": company(scenario, role)}, main
    return None
