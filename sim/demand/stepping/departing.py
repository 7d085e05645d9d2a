"""Those who leave in half a step: out of patience, or drawn by rivals or friends; and those who lose the app.

Hazards of several causes compete: one leaves with chance 1 - exp(-sum of the integrated hazards), and then
for each cause in proportion to its hazard; never with chance 1 - exp(-hazard of the cause).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.stepping.conditions import Conditions
from sim.demand.stepping.counting import Counting
from sim.demand.stepping.crowd import Crowd
from sim.demand.stepping.mood import Mood, Numbers
from sim.demand.stepping.state import State

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hazards:
    """Integrated hazards of half a step by cause, (kinds, uses or 1, segments, rows); None: no such cause."""

    elsewhere: Array
    rivals: tuple[Array | None, ...]

    def total(self) -> Array:
        """All causes."""
        total: Array = self.elsewhere
        for part in self.rivals:
            if part is not None:
                total = total + part
        return total


class Departing:
    """The move, for one crowd under given conditions."""

    def __init__(self, crowd: Crowd, mood: Mood, given: Conditions, counting: Counting) -> None:
        self._crowd, self._mood, self._given, self._counting = crowd, mood, given, counting
        self._uninstalls = crowd.uninstalls if crowd.uninstalls.any() else None
        pulls = given.pull.any(axis=(0, 2, 3, 4)) if given.pull.size else np.zeros(0, dtype=bool)
        self._pulling = np.flatnonzero(pulls).tolist()
        self._beside = {rival: use for use, rival in enumerate(crowd.tried, start=1)}

    def move(self, state: State, i: int, half: int) -> None:
        """Half a step of leaving."""
        if not self._given.restless[i]:
            return
        needed = self._mood.needed
        share, attraction = self._midway(state, i, half) if needed else (None, None)
        hazards = self._hazards(i, half, share, attraction)
        total = hazards.total()
        left = self._counting.take(state.here, -np.expm1(-total))
        state.here = state.here - left
        causes = [part for part in hazards.rivals if part is not None]
        parts = self._counting.split(left, total, causes) if causes else []
        for part in parts:
            left = left - part
        self._go(state, left.sum(axis=(0, 1)), 0)
        found = iter(parts)
        for rival, hazard in enumerate(hazards.rivals, start=1):
            if hazard is not None:
                self._go(state, next(found).sum(axis=(0, 1)), rival)

    def _hazards(self, i: int, half: int, share: Array | None, attraction: Array | None) -> Hazards:
        given = self._given
        elsewhere = given.patience[i, half]
        if share is not None and given.infects is not None:
            elsewhere = elsewhere + given.infects[i] * share
        rivals: list[Array | None] = [None] * len(self._crowd.rivals.names)
        for rival in self._pulling:
            pull = given.pull[i, rival] if attraction is None else given.pull[i, rival] * attraction[rival]
            if rival in self._beside:
                wide = np.zeros((len(pull), self._crowd.marks[1], *pull.shape[1:]))
                wide[:, self._beside[rival]] = pull
                rivals[rival] = wide
            else:
                rivals[rival] = pull[:, None]
        return Hazards(elsewhere[:, None], tuple(rivals))

    def _midway(self, state: State, i: int, half: int) -> tuple[Array | None, Array | None]:
        """The mood in the middle: half of those gone who would leave in the mood of the beginning."""
        mood, crowd = self._mood, self._crowd
        at_first = state.numbers(crowd)
        share = mood.share_away(at_first) if mood.follows else None
        hazards = self._hazards(i, half, share, mood.attraction(at_first))
        total = hazards.total()
        left = state.here * (-0.5 * np.expm1(-total))
        with_rivals = at_first.with_rivals
        gone = left.sum(axis=(0, 1, 2))
        if mood.grows:
            each = np.divide(left, total, out=np.zeros_like(left), where=total > 0.0)
            with_rivals = with_rivals.copy()
            for rival, part in enumerate(hazards.rivals):
                if part is not None and rival not in self._beside:  # else they were counted there before
                    with_rivals[rival] += (each * part).sum(axis=(0, 1, 2))
            for rival, use in self._beside.items():
                mine = hazards.rivals[rival]
                stay = left[:, use] if mine is None else left[:, use] - (each * mine)[:, use]
                with_rivals[rival] -= stay.sum(axis=(0, 1))
        midway = Numbers(at_first.present - gone, at_first.away + gone, with_rivals)
        return mood.share_away(midway) if mood.follows else None, mood.attraction(midway)

    def _go(self, state: State, leavers: Array, place: int) -> None:
        leave_for(state, leavers, place, self._crowd, self._uninstalls, self._counting)


def leave_for(
    state: State, leavers: Array, place: int, crowd: Crowd, uninstalls: Array | None, counting: Counting
) -> None:
    """People (segments, rows) go away to a place; some remove the app."""
    away = state.away
    state.flows[f"left.{crowd.places[place]}"] += leavers
    away.held[0, place] += leavers
    away.pending[0, place] += leavers
    if uninstalls is not None:
        need = counting.take(leavers, uninstalls)
        for table in (away.held, away.pending):
            table[0, place] -= need
            table[1, place] += need


def lose_app(state: State, people: Array, crowd: Crowd, up: NDArray[np.bool_], counting: Counting) -> None:
    """People (kinds, uses, segments, rows) whose app has stopped working: some move, the others go away."""
    if max(crowd.to) >= 0:
        movers = counting.take(people, crowd.moves)
        people = people - movers
        settled = movers.sum(axis=0)
        for s, to in enumerate(crowd.to):
            if to < 0 or not settled[:, s].any():
                continue
            there = settled[:, s]
            if state.door is None:
                state.here[0, :, to] += there
            else:
                state.door[0, :, to] += np.where(up[to], there, 0.0)
                state.here[0, :, to] += np.where(up[to], 0.0, there)
            number = there.sum(axis=0)
            state.moved[s] -= number
            state.moved[to] += number
            state.flows["moved_out"][s] += number
            state.flows["moved_in"][to] += number
    losers = people.sum(axis=(0, 1))
    state.flows["left.elsewhere"] += losers
    state.away.held[1, 0] += losers
    state.away.pending[1, 0] += losers
