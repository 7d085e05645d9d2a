"""What a study found of rivals and of the queue at the door, in sentences.

In: one strategy's `Case`. Out: sentences, none where a scenario has neither. The words are in
`templates/sentences.toml`. Where people are is told in numbers; which of two rivals has more is told only
where the runs tell it, pair by pair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.views import wording
from sim.views.labels import rival_name
from sim.views.quantiles import quantile
from sim.views.saying import Sentence, say

if TYPE_CHECKING:
    from sim.views.case import Case


def crowd(case: Case) -> tuple[Sentence | None, ...]:
    """Where those who left went, which rival took more, and how many stood at the door."""
    return places(case), most(case), door(case)


def _rivals(case: Case) -> list[str]:
    return [name for name in case.scenario.users.rivals if f"users_at.{name}" in case.outcomes]


def places(case: Case) -> Sentence | None:
    """How many are at each rival at the end, and how many had left for it."""
    rivals = _rivals(case)
    if not rivals:
        return None
    there = {name: float(case.column(f"users_at.{name}").mean()) for name in rivals}
    left = sum(float(case.column(f"left_for.{name}").mean()) for name in rivals)
    names = [rival_name(case.scenario, name) for name in rivals]
    if max(map(abs, there.values())) < 0.5:
        variant = "none" if left < 0.5 else "none_stayed"
        return say("places", variant, rivals=wording.listing(names), left=wording.count(left))
    told = [
        f"{wording.count(there[name])} {'are ' if name == rivals[0] else ''}at {label}"
        for name, label in zip(rivals, names, strict=True)
    ]
    rest = float(case.column("users_not_returned").mean()) - sum(there.values())
    fields = {
        "there": wording.listing(told),
        "rest": wording.count(rest),
        "left": wording.count(left),
        "them": "it" if len(rivals) == 1 else "them",
    }
    if min([rest, *there.values()]) < -0.5:
        return say("places", "net", **fields)
    return say("places", "rest" if rest >= 0.5 else "all", **fields)


def most(case: Case) -> Sentence | None:
    """Which rival has more at the end than any other, if that can be told."""
    rivals = sorted(_rivals(case), key=lambda name: -float(case.column(f"users_at.{name}").mean()))
    if len(rivals) < 2 or float(case.column(f"users_at.{rivals[0]}").mean()) < 0.5:
        return None
    gap = case.column(f"users_at.{rivals[0]}") - case.column(f"users_at.{rivals[1]}")
    fields = {
        "first": rival_name(case.scenario, rivals[0]),
        "second": rival_name(case.scenario, rivals[1]),
        "size": wording.count(float(gap.mean())),
    }
    if np.abs(gap).max() < 0.5:
        return say("most", "same", **fields)
    half = 1.96 * float(gap.std(ddof=1)) / np.sqrt(gap.size) if gap.size > 1 else np.inf
    if half >= float(gap.mean()):
        return say("most", "undecided", **fields)
    return say("most", "certain" if np.ptp(gap) < 0.5 else "more", error=wording.count(half, 2), **fields)


def door(case: Case) -> Sentence | None:
    """How many stood at the door, and for how long together."""
    if "users_at_door_peak" not in case.outcomes:
        return None
    peak, hours = case.column("users_at_door_peak"), float(case.column("door_hours").mean())
    queued = int((peak >= 0.5).sum())
    half, tenth = quantile(peak, 0.5), quantile(peak, 0.9)
    fields = {
        "runs": f"{case.runs:,}",
        "half": wording.count(half),
        "tenth": wording.count(tenth),
        "most": wording.count(float(peak.max())),
        "queued": wording.out_of(queued, case.runs),
        "hours": wording.count(hours),
    }
    if not queued:
        return say("door", "never", **fields)
    if half < 0.5:
        return say("door", "sometimes", **fields)
    return say("door", "certain" if np.ptp(peak) < 0.005 * peak.max() else "often", **fields)
