"""What happens at an instant, between two strides: the service falls or comes back, apps are too old."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.demand.stepping.conditions import Conditions
from sim.demand.stepping.counting import Counting
from sim.demand.stepping.crowd import Crowd
from sim.demand.stepping.departing import lose_app
from sim.demand.stepping.mood import Mood
from sim.demand.stepping.state import State

Array = NDArray[np.float64]


def change(
    state: State, crowd: Crowd, mood: Mood, given: Conditions, stride: int, counting: Counting
) -> None:
    """Everything at the start of a stride, in order: suppliers first, then people."""
    if not given.eventful[stride]:
        return
    back = given.back[stride]
    if state.door is not None:
        comes = np.where(back, state.here, 0.0)
        goes = np.where(given.falls[stride], state.door, 0.0)
        state.here = state.here - comes + goes
        state.door = state.door + comes - goes
    if back.any() and crowd.at_once.any():
        _watchers_return(state, crowd, mood, given, stride, counting)
    if given.cliff is not None and given.cliff[stride].any():
        lost = counting.take(state.here, given.cliff[stride])
        state.here = state.here - lost
        if state.door is not None:
            queue = counting.take(state.door, given.cliff[stride])
            state.door = state.door - queue
            lost = lost + queue
        lose_app(state, lost, crowd, given.up[stride], counting)


def _watchers_return(
    state: State, crowd: Crowd, mood: Mood, given: Conditions, stride: int, counting: Counting
) -> None:
    """Some of those away come back at the very moment the service does, if their way back is open."""
    fading = np.exp(-given.lasted[stride] / crowd.outage_fades)
    chance = crowd.at_once * np.where(given.back[stride], fading, 0.0)
    if mood.doubts:
        chance = chance * (1.0 - crowd.friends_returning * mood.share_away(state.numbers(mood.tried)))
    open_ = np.where(given.shut[stride], 0.0, 1.0)
    back = state.away.take(open_[:, None] * chance).sum(axis=(0, 1))
    state.flows["returned"] += back
    if state.door is None:
        state.here[0, 0] += back
    else:
        state.door[0, 0] += back
