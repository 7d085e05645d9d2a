"""The walk from the start to the horizon: step by step, all replications at once.

A step is a fixed list of moves: half of the leaving, the middle (return, join, settle, try, the door), the
other half of the leaving. Each move is right to second order in the step and the list reads the same
backwards, so the error falls with the square of the step (G. Strang, SIAM J. Numer. Anal. 5 (1968) 506-517).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.stepping.absent import Absent
from sim.demand.stepping.conditions import Conditions
from sim.demand.stepping.counting import Counting
from sim.demand.stepping.crowd import Crowd
from sim.demand.stepping.departing import Departing
from sim.demand.stepping.instants import change
from sim.demand.stepping.middle import Middle
from sim.demand.stepping.mood import Mood
from sim.demand.stepping.state import Columns, State

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Walked:
    """What was seen on the way.

    Attributes
    ----------
    records
        The state right after what happens at the start of each stride, after each of its steps, and so at its
        end right before what happens next: (strides, cuts + 1, quantities, rows); quantities as in `Columns`.
    flows
        Gross numbers of moves by the horizon, by name, (segments, rows).
    emptied
        Steps in which a queue became empty, and after which share of the step, (rows,); 1 where none did.
    """

    records: Array
    flows: dict[str, Array]
    emptied: tuple[tuple[int, Array], ...] = ()


def walk(
    crowd: Crowd, given: Conditions, here: Array, away: Absent, counting: Counting, *, scouting: bool = False
) -> Walked:
    """From `here`, present users at the start, with nobody away, to the horizon."""
    state, columns, mood = State.begin(crowd, here, away), Columns.of(crowd), Mood(crowd)
    departing = Departing(crowd, mood, given, counting)
    middle = Middle(crowd, mood, given, counting, scouting=scouting)
    strides, cuts = len(given.up), given.cuts
    records = np.empty((strides, cuts + 1, columns.size, crowd.start.shape[1]))
    # where nobody is left, the size of a rival over ours is infinite: its attraction is the most there is
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        for stride in range(strides):
            away.turn(given.shut[stride])
            change(state, crowd, mood, given, stride, counting)
            columns.write(state, records[stride, 0])
            for cut in range(cuts):
                i = stride * cuts + cut
                departing.move(state, i, 0)
                middle.move(state, i)
                departing.move(state, i, 1)
                columns.write(state, records[stride, cut + 1])
    return Walked(records, state.flows, tuple(middle.emptied))
