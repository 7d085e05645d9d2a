"""Individuals on a network: who leaves when because of whom, and who comes back.

In: ties, the kind of each person, what drives each kind (`Hazards`, `Ways`, `Habits`). Out: `Moves`.

Why this way: between the moves of one's friends nothing changes for a person, so only the friends of those
who moved are touched; and once a day everybody whose hazard might be used up by the end of it is looked up in
one pass, which is all that a person costs whose friends stay. Time goes in steps (an hour unless told
otherwise). What a friend does in a step is heard at its end, but counts from its own hour on, and who would
have left in between leaves then. So the only error is that of two people who are friends and both move in one
step, the second not having heard of the first: it falls with the square of the step. Without influence of
friends a person's times are exact, up to a hazard that is taken as constant within a step.

Rejected: a heap of everybody's next move (a million entries, each rewritten a dozen times), thinning with an
upper bound of the hazard (most proposals fail), a pass over all people every hour (4,320 times a million),
hazards frozen for a step (an error of the order of the step, see theory case G9).

References
----------
Leaving when the integrated hazard reaches a unit exponential: the time-change theorem (Daley and Vere-Jones
2003, An Introduction to the Theory of Point Processes I, 7.4). Kept clocks moved on when a neighbour changes:
the next reaction method (Gibson and Bruck 2000, J. Phys. Chem. A 104:1876). Too few friends: Török and
Kertész 2017, Sci. Rep. 7.

Checked by: tests/theory/test_two_friends.py, tests/theory/test_g8_first_passage.py,
tests/theory/test_complete_network.py, tests/unit/test_network_people.py
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.demand.network.calendar import Calendar
from sim.demand.network.crowd import AWAY, GONE, PRESENT, Crowd
from sim.demand.network.draws import Seeds
from sim.demand.network.hazards import Habits, Hazards, Ways
from sim.demand.network.leaving import Leaving
from sim.demand.network.moves import CHURNED, Moves
from sim.demand.network.record import Recorder
from sim.demand.network.returning import Returning
from sim.demand.network.steps import Clock, Index, Step
from sim.demand.network.telling import Telling
from sim.demand.network.ties import Ties

WINDOW = 24
"""Steps between two looks at everybody."""


def follow_people(
    ties: Ties,
    kind: NDArray[np.int32],
    hazards: Hazards,
    ways: Ways,
    habits: Habits,
    seeds: Seeds,
    *,
    need: NDArray[np.int32] | None = None,
    traced: bool = False,
    window: int = WINDOW,
) -> Moves:
    """Follow everybody from the first edge to the last.

    Parameters
    ----------
    ties
        Who is friends with whom. Several replications are one network without ties between them.
    kind
        Column of each person in the tables. Shape (people,).
    seeds
        One for each person, see `sim.demand.network.draws.seeds_of`. Shape (people,).
    need
        How many present friends each person needs to stay; None: nobody needs any. Shape (people,).
    traced
        Whether to tell because of whom each one left.
    window
        Steps between two looks at everybody; changes the cost, never the result.
    """
    crowd = Crowd.of(ties, kind, habits, seeds, need, traced=traced)
    return _Course(ties, crowd, hazards, ways, habits).run(window)


class _Course:
    """The people on their way from the first edge to the last."""

    __slots__ = (
        "_churners", "_clock", "_crowd", "_cuts", "_influence", "_leaving", "_recorder", "_returning",
        "_telling",
    )  # fmt: skip

    def __init__(self, ties: Ties, crowd: Crowd, hazards: Hazards, ways: Ways, habits: Habits) -> None:
        self._crowd, self._recorder, self._clock = crowd, Recorder(), Clock(hazards)
        self._returning = Returning(crowd, ways, habits, self._recorder)
        self._leaving = Leaving(crowd, hazards, habits, self._recorder, self._returning)
        self._telling = Telling(ties, crowd, self._clock, self._leaving)
        pulls = bool(hazards.pull.any()) or bool(habits.deterred.any())
        self._influence = bool(ties.friend.size) and (pulls or self._leaving.thresholds)
        churners = np.flatnonzero(crowd.churn <= hazards.edges[-1])
        self._churners = churners[np.argsort(crowd.churn[churners], kind="stable")]
        self._cuts = np.searchsorted(crowd.churn[self._churners], hazards.edges, side="right")
        self._cuts[0] = 0

    def run(self, window: int) -> Moves:
        """Step by step, with a look at everybody every `window` steps."""
        if self._leaving.thresholds:
            everybody = np.arange(self._crowd.kind.size)
            self._leaving.watch(everybody, np.zeros(everybody.size))
        steps = self._clock.steps
        for first in range(0, steps, window):
            calendar = Calendar(self._clock, first, min(first + window, steps))
            if calendar.rises and self._telling.behind:
                self._telling.catch_up(first)
            calendar.look_up(self._crowd)
            for number in range(calendar.first, calendar.last):
                self._advance(self._clock.step(number), calendar)
        return self._recorder.moves()

    def _advance(self, step: Step, calendar: Calendar) -> None:
        """One step."""
        moved = movers = self._ready(calendar.noted(step.number), step)
        while movers.size:
            state = self._crowd.state.take(movers)
            self._leaving.leave(movers[state == PRESENT], step)
            back = movers[state == AWAY]
            if back.size:
                back, since = self._returning.come_back(back, step)
                if self._leaving.thresholds:
                    self._leaving.watch(back, since)
            movers = self._ready(movers, step)
        churners = self._churn(step)
        if self._influence and (moved.size or churners.size):
            for some in self._telling.tell(moved, churners, step, calendar):
                calendar.note(self._crowd, some, step.number + 1)
        calendar.note_moved(self._crowd, moved, step.number + 1)

    def _ready(self, who: Index, step: Step) -> Index:
        """Of some people those who move in this step."""
        if not who.size:
            return who
        crowd = self._crowd
        ready = step.borne(crowd.kind.take(who), crowd.share.take(who), 1) >= crowd.limit.take(who)
        ready |= crowd.due.take(who) <= step.end
        return who[ready]

    def _churn(self, step: Step) -> Index:
        """Ordinary churn, whatever one's state."""
        crowd = self._crowd
        who = self._churners[self._cuts[step.number] : self._cuts[step.number + 1]]
        if not who.size:
            return who
        state = crowd.state.take(who)
        if (state == GONE).any():
            who, state = who[state != GONE], state[state != GONE]
        time = crowd.churn.take(who)
        self._recorder.add(time, who, CHURNED, np.where(state == AWAY, crowd.place.take(who), -1))
        crowd.state[who], crowd.limit[who], crowd.due[who], crowd.since[who] = GONE, np.inf, np.inf, time
        return who
