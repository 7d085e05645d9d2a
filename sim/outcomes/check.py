"""What must hold in every replication, whatever the scenario; where it does not, the simulator is wrong.

In: all that was measured. Out: for each offending replication a sentence. Checked in every run, not only in
the tests: a conservation law that breaks in one run of a thousand is found by the thousand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.attribution import Attribution
from sim.outcomes.pieces import Pieces

if TYPE_CHECKING:
    from sim.demand import History
    from sim.supply.timeline import Timeline

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

RELATIVE = 1e-9
"""Rounding that is let pass, as a share of all users, or of the horizon."""


class Violations:
    """Sentences by row of the block."""

    def __init__(self) -> None:
        self.by_row: dict[int, str] = {}

    def note(self, holds: Mask, law: str) -> None:
        """Remember the first law that each row breaks. NaN compares as false, so it breaks every law."""
        for row in np.flatnonzero(~holds):
            self.by_row.setdefault(int(row), law)


def conserved(found: Violations, history: History, world: str) -> None:
    """Everyone who was there, joined or moved in is active, waiting, away or gone, and counted once."""
    came = history.start + history.joined
    slack = RELATIVE * np.maximum(came, 1.0)
    everyone = came if history.moved is None else came + history.moved
    counted: Array = (
        history.end["active"] + history.end["waiting"] + history.end["away"] + history.end["gone"]
    )
    # who moves in brings the rounding of a segment that may be far larger
    allowed = slack if history.moved is None else slack.sum(axis=1, keepdims=True)
    kept: Mask = np.asarray(np.abs(counted - everyone) <= allowed)
    found.note(np.logical_and.reduce(kept, axis=1), f"users are not conserved ({world})")
    for state, values in history.states.items():
        low = values.min(axis=(1, 2)) if values.size else np.zeros(len(values))
        found.note(low >= -slack.max(axis=1), f"a negative number of users is {state} ({world})")


def in_one_place(found: Violations, history: History, world: str) -> None:
    """Who moves out moves in elsewhere, who is away is at one place, and who stands at the door waits."""
    slack = RELATIVE * np.maximum((history.start + history.joined).sum(axis=1), 1.0)
    if history.moved is not None:
        balance = np.abs(history.moved.sum(axis=1))
        found.note(balance <= slack, f"those who move out do not move in elsewhere ({world})")
    if history.at_place is not None:
        apart = np.abs(history.at_place.sum(axis=2) - history.states["away"]).max(axis=(1, 2))
        found.note(apart <= slack, f"those away are not at one place each ({world})")
        fewest = history.at_place.min(axis=(1, 2, 3))
        found.note(fewest >= -slack, f"a negative number of users is at some place ({world})")
    if history.door is not None:
        waiting = history.states["waiting"].sum(axis=1)
        queue = (history.door - waiting).max(axis=1)
        found.note(queue <= slack, f"more stand at the door than wait ({world})")
        found.note(history.door.min(axis=1) >= -slack, f"a negative number stands at the door ({world})")


def adds_up(
    found: Violations, pieces: Mapping[str, Pieces], attribution: Attribution, timelines: Sequence[Timeline]
) -> None:
    """Up and down make the horizon, and the parts of every outage make the downtime, for each capability."""
    parts = attribution.totals(list(pieces), len(timelines))
    for name, one in pieces.items():
        slack = RELATIVE * max(one.horizon, 1.0)
        down, up = one.hours(one.is_down), one.hours(~one.is_down)
        found.note(np.abs(up + down - one.horizon) <= slack, f"up + down is not the horizon for {name}")
        holds = np.abs(parts[name] - down) <= slack
        for row in np.flatnonzero(~holds):
            # a timeline written by hand has no records, and nothing to attribute its downtime to
            holds[row] = not timelines[int(row)].records
        found.note(holds, f"the causes of the downtime of {name} do not add up to it")


def loss_adds_up(found: Violations, columns: Mapping[str, NDArray[Any]], everyone: Array) -> None:
    """What is lost is what the counterfactual has more."""
    gap: Array = columns["users_end_counterfactual"] - columns["users_end"] - columns["users_lost"]
    found.note(np.abs(gap) <= RELATIVE * np.maximum(everyone, 1.0), "users_lost is not the sum of its parts")
