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

_add = np.add.reduce

_TINY = 1e-300
"""What is divided by where nobody leaves."""


@dataclass(frozen=True, slots=True)
class Hazards:
    """Integrated hazards of half a step: (kinds, 1, segments, rows); those by rival have uses."""

    elsewhere: Array
    rivals: Array

    def total(self) -> Array:
        """All causes."""
        if not len(self.rivals):
            return self.elsewhere
        return np.asarray(_add(self.rivals, axis=0) + self.elsewhere)


class Departing:
    """The move, for one crowd under given conditions."""

    def __init__(self, crowd: Crowd, mood: Mood, given: Conditions, counting: Counting) -> None:
        self._crowd, self._mood, self._given, self._counting = crowd, mood, given, counting
        self._uninstalls = crowd.uninstalls if crowd.uninstalls.any() else None
        pulls = given.pull.any(axis=(0, 2, 3, 4)) if given.pull.size else np.zeros(0, dtype=bool)
        self._pulling = np.flatnonzero(pulls).tolist()
        self._places = [rival + 1 for rival in self._pulling]
        self._beside = {rival: use for use, rival in enumerate(crowd.tried, start=1)}
        self._luring = [(k, rival) for k, rival in enumerate(self._pulling) if rival in mood.growing]
        self._pull = self._by_use(given.pull)

    def _by_use(self, pull: Array) -> Array:
        """Hazards for the rivals that pull at all, (n, pulling, kinds, uses or 1, segments, rows)."""
        uses = self._crowd.marks[1]
        n, _, kinds, *rest = pull.shape if pull.size else (len(self._given.hours), 0, 1, 1, 1)
        wide = np.zeros((n, len(self._pulling), kinds, uses, *rest))
        for place, rival in enumerate(self._pulling):
            # who leaves for a rival that is tried uses it beside
            use = self._beside.get(rival, slice(None))
            wide[:, place, :, use] = pull[:, rival] if rival in self._beside else pull[:, rival, :, None]
        return wide

    def move(self, state: State, i: int, half: int) -> None:
        """Half a step of leaving."""
        if not self._given.restless[i] or (self._given.pulled_along[i] and not state.away.anybody):
            return
        share, attraction = self._midway(state, i, half) if self._mood.needed else (None, None)
        hazards = self._hazards(i, half, share, attraction)
        total = hazards.total()
        left = self._counting.take(state.here, -np.expm1(-total))
        state.here = state.here - left
        gone = np.empty_like(state.left)
        gone[0] = _add(left, axis=(0, 1))
        if self._pulling:
            parts = self._counting.causes(left, total, hazards.rivals)
            gone[0] -= _add(parts, axis=0)
            if len(parts) + 1 < len(gone):
                gone[1:] = 0.0
            gone[self._places] = parts
        else:
            gone[1:] = 0.0
        leave_for(state, gone, self._uninstalls, self._counting)

    def _hazards(self, i: int, half: int, share: Array | None, attraction: Array | None) -> Hazards:
        given = self._given
        elsewhere = given.patience[i, half]
        if share is not None and given.infects is not None:
            elsewhere = elsewhere + given.infects[i] * share
        rivals = self._pull[i]
        if attraction is not None and self._luring:
            rivals = rivals.copy()
            for place, rival in self._luring:
                rivals[place] *= attraction[rival]
        return Hazards(elsewhere[:, None], rivals)

    def _midway(self, state: State, i: int, half: int) -> tuple[Array | None, Array | None]:
        """The mood in the middle: half of those gone who would leave in the mood of the beginning."""
        mood = self._mood
        at_first = state.numbers(mood.tried)
        share = mood.share_away(at_first) if mood.follows else None
        hazards = self._hazards(i, half, share, mood.attraction(at_first))
        total = hazards.total()
        left = np.expm1(-total)
        left *= -0.5
        left = left * state.here
        gone = _add(left.reshape(-1, left.shape[-1]), axis=0)
        with_rivals = at_first.with_rivals
        if mood.grows:
            each = left / np.maximum(total, _TINY)
            for place, rival in self._luring:
                with_rivals[rival] += np.einsum("kusr,kusr->r", each, hazards.rivals[place])
            for rival, use in mood.tried:  # who left for it was counted there before
                with_rivals[rival] -= _add(left[:, use], axis=(0, 1))
        midway = Numbers(at_first.present - gone, at_first.away + gone, with_rivals)
        return mood.share_away(midway) if mood.follows else None, mood.attraction(midway)


def leave_for(state: State, leavers: Array, uninstalls: Array | None, counting: Counting) -> None:
    """People (places, segments, rows) go away to places; some remove the app."""
    away = state.away
    state.left += leavers
    if uninstalls is None:
        away.held[0] += leavers
        away.pending[0] += leavers
        return
    need = counting.take(leavers, uninstalls)
    rest = leavers - need
    for table in (away.held, away.pending):
        table[0] += rest
        table[1] += need


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
