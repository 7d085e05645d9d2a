"""Who comes back in a step, gives up, or stays away.

In: those away for whom something is due: an impulse to return, the service's return, or giving up. Out: they
are present, gone, or wait for what is next. An impulse is let through with a chance that falls with the share
of friends who are away; the hazard of return needs no other clock than the hour one left.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.demand.network.crowd import GONE, PRESENT, Crowd, unpacked
from sim.demand.network.draws import CHANCE, QUIT, RETURN, STAYING, exponential, uniform
from sim.demand.network.hazards import Habits, Ways
from sim.demand.network.moves import GAVE_UP, RETURNED
from sim.demand.network.record import Recorder
from sim.demand.network.steps import Array, Index, Step

_IMPULSE, _QUITS, _REOPENS = range(3)


class Returning:
    """How people come back."""

    __slots__ = ("_crowd", "_deters", "_habits", "_quits", "_recorder", "_reopens", "_ways")

    def __init__(self, crowd: Crowd, ways: Ways, habits: Habits, recorder: Recorder) -> None:
        self._crowd, self._ways, self._habits, self._recorder = crowd, ways, habits, recorder
        self._reopens = bool(np.isfinite(ways.reopens).any())
        self._quits = bool(habits.gives_up.any())
        self._deters = bool(habits.deterred.any())

    def wait(self, who: Index, now: Array) -> None:
        """What those away see next: an impulse to return, the service's return, or giving up."""
        if not who.size:
            return
        crowd, habits = self._crowd, self._habits
        kind = crowd.kind.take(who)
        way = self._way(who, kind)
        streams = crowd.draw(who)
        rate = habits.rate[crowd.place.take(who), kind]
        hazard = exponential(streams, RETURN)
        left = crowd.since.take(who)
        due = self._ways.next_impulse(way, left, now, hazard, rate, habits.fading.take(kind))
        if self._reopens or self._quits:
            what = np.full(who.size, _IMPULSE, dtype=np.int8)
            for number, used, other in (
                (_REOPENS, self._reopens, self._next_reopening), (_QUITS, self._quits, self._giving_up)
            ):  # fmt: skip
                if used:
                    then = other(way, kind, now, streams)
                    what[then < due] = number
                    np.minimum(due, then, out=due)
            crowd.awaits[who] = what
        crowd.due[who] = due

    def _way(self, who: Index, kind: Index) -> Index:
        return kind + np.where(self._crowd.app.take(who), 0, self._habits.churn.size)

    def _next_reopening(self, way: Index, kind: Index, now: Array, streams: NDArray[np.uint64]) -> Array:
        return self._ways.next_reopening(way, now)

    def _giving_up(self, way: Index, kind: Index, now: Array, streams: NDArray[np.uint64]) -> Array:
        with np.errstate(divide="ignore"):
            return np.asarray(now + exponential(streams, QUIT) / self._habits.gives_up.take(kind))

    def come_back(self, who: Index, step: Step) -> tuple[Index, Array]:
        """What is due happens; returns who is present again, and since when."""
        crowd = self._crowd
        time = crowd.due.take(who)
        crowd.due[who] = np.inf
        stays = time < crowd.churn.take(who)
        if not stays.all():
            who, time = who[stays], time[stays]
        if self._quits:
            quits = crowd.awaits.take(who) == _QUITS
            over, then = who[quits], time[quits]
            crowd.state[over], crowd.since[over] = GONE, then
            self._recorder.add(then, over, GAVE_UP, crowd.place.take(over))
            who, time = who[~quits], time[~quits]
        succeeds = self._succeeds(who, time)
        if succeeds is not None:
            self.wait(who[~succeeds], time[~succeeds])
            who, time = who[succeeds], time[succeeds]
        if who.size:
            self._return(who, time, step)
        return who, time

    def _succeeds(self, who: Index, time: Array) -> NDArray[np.bool_] | None:
        """Whether an impulse, or the sight of the service coming back, brings one back; None: all."""
        if not (self._deters or self._reopens):
            return None
        crowd, habits = self._crowd, self._habits
        kind = crowd.kind.take(who)
        away, known = unpacked(crowd.friends.take(who))
        chance = 1.0 - habits.deterred.take(kind) * (away / np.maximum(known, 1))
        if self._reopens:
            seen = np.flatnonzero(crowd.awaits.take(who) == _REOPENS)
            way, place = self._way(who[seen], kind[seen]), crowd.place.take(who[seen])
            chance[seen] *= self._ways.chance_at(way, time[seen]) * habits.holds[place, kind[seen]]
        doubtful = np.flatnonzero(chance < 1.0)  # only they draw, whoever else moves in this step
        succeeds = np.ones(who.size, dtype=np.bool_)
        succeeds[doubtful] = uniform(crowd.draw(who[doubtful]), CHANCE) < chance[doubtful]
        return succeeds

    def _return(self, who: Index, time: Array, step: Step) -> None:
        """Present again, with a new hazard to bear."""
        crowd = self._crowd
        kind, share = crowd.kind.take(who), crowd.share.take(who)
        limit = step.borne(kind, share, 1)
        before = step.borne(kind, share, 0)
        limit -= before
        limit *= np.maximum(step.part(time), 0.0)
        limit += before
        limit += exponential(crowd.draw(who), STAYING)
        crowd.state[who], crowd.since[who], crowd.limit[who] = PRESENT, time, limit
        self._recorder.add(time, who, RETURNED, crowd.place.take(who))
