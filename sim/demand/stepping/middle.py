"""The middle of a step: people settle, try rivals, return, join, and are let in at the door.

Ordinary churn takes its half before and its half after, since it acts on everyone alike.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.demand.stepping.conditions import Conditions
from sim.demand.stepping.counting import Counting
from sim.demand.stepping.crowd import Crowd
from sim.demand.stepping.departing import leave_for, lose_app
from sim.demand.stepping.door import followed
from sim.demand.stepping.mood import Mood, Numbers
from sim.demand.stepping.state import State

Array = NDArray[np.float64]


class Middle:
    """The move, for one crowd under given conditions."""

    def __init__(
        self, crowd: Crowd, mood: Mood, given: Conditions, counting: Counting, *, scouting: bool = False
    ) -> None:
        self.emptied: list[tuple[int, Array]] = []
        self._scouting = scouting
        self._crowd, self._mood, self._given, self._counting = crowd, mood, given, counting
        self._new = np.array(crowd.newcomers)[:, None]
        self._trying = bool(given.tries.any())
        self._joining = [bool(one.any()) for one in given.joins]
        self._uninstalls = crowd.uninstalls if crowd.uninstalls.any() else None
        self._tried = crowd.tried
        self._owed = np.zeros(crowd.start.shape[1])
        self._abandons = None
        if crowd.door is not None and crowd.door.abandons.any():
            self._abandons = -np.expm1(-0.5 * crowd.door.abandons * given.hours)
        self._losing = None if given.decay is None else np.asarray(given.decay.any(axis=(1, 2)))
        self._settle = None
        if given.stays_new is not None and given.settles is not None:
            rest = 1.0 - given.stays_new
            self._settle = np.divide(given.settles, rest, out=np.zeros_like(rest), where=rest > 0.0)

    def move(self, state: State, i: int) -> None:
        """All of it, for a whole step."""
        given, mood, stride = self._given, self._mood, i // self._given.cuts
        trying = self._trying and bool(given.tries[i].any())
        self._decay(state, i)
        self._abandon(state, i)
        state.here = self._age(state.here, i)
        if state.door is not None and state.door.any():
            state.door = self._age(state.door, i)
        present = self._present(state, i) if mood.doubts or (mood.lures and trying) else None
        before, returned = state.away.held, np.zeros_like(state.joined)
        if state.away.anybody:
            fails = None if present is None or not mood.doubts else self._fails(state, present, i, stride)
            returned, gave_up = state.away.pass_time(given, i, given.shut[stride], fails)
            state.flows["returned"] += returned
            state.flows["gave_up"] += gave_up
        if trying:
            halfway = None
            if present is not None and mood.lures:
                held = 0.5 * (before + state.away.held)
                halfway = self._halfway(state, present + 0.5 * returned.sum(axis=0), held)
            self._try_rivals(state, i, halfway)
        coming = np.zeros_like(state.here)
        coming[0, 0] = returned
        if self._joining[i]:
            joins = self._counting.come(given.joins[i])
            state.joined += joins
            if len(coming) > 1:
                coming[1, 0] = np.where(self._new, joins, 0.0)
                joins = np.where(self._new, 0.0, joins)
            coming[0, 0] += joins
        self._enter(state, coming, i, stride)
        state.here = self._age(state.here, i)
        self._abandon(state, i)
        self._decay(state, i)

    def _abandon(self, state: State, i: int) -> None:
        """Half a step in which some of those who stand at the door leave.

        Not a part of the draining: whoever leaves may return, so it must come before and after returning.
        """
        if state.door is None or self._abandons is None or not state.door.any():
            return
        left = self._counting.take(state.door, self._abandons[i])
        state.door = state.door - left
        gone = np.zeros_like(state.left)
        gone[0] = left.sum(axis=(0, 1))
        state.flows["abandoned"] += gone[0]
        leave_for(state, gone, self._uninstalls, self._counting)
        state.left -= gone

    def _decay(self, state: State, i: int) -> None:
        """Half a step in which apps stop working that cannot be installed again."""
        given = self._given
        if given.decay is None or self._losing is None or not self._losing[i]:
            return
        lost = self._counting.take(state.here, -np.expm1(-given.decay[i]))
        state.here = state.here - lost
        lose_app(state, lost, self._crowd, given.up[i // given.cuts], self._counting)

    def _present(self, state: State, i: int) -> Array:
        """People present halfway, if nobody returned: half of the newcomers are there. Shape (rows,)."""
        there = state.here if state.door is None else state.here + state.door
        present: Array = there.sum(axis=(0, 1, 2))
        return present + 0.5 * self._given.joins[i].sum(axis=0) if self._joining[i] else present

    def _halfway(self, state: State, present: Array, held: Array) -> Numbers:
        """What others see in the middle of the step, given who is away by way, place and segment then."""
        with_rivals = held[:, 1:].sum(axis=(0, 2))
        for use, rival in enumerate(self._tried, start=1):
            with_rivals[rival] += state.here[:, use].sum(axis=(0, 1))
            if state.door is not None:
                with_rivals[rival] += state.door[:, use].sum(axis=(0, 1))
        return Numbers(present, held.sum(axis=(0, 1, 2)), with_rivals)

    def _age(self, people: Array, i: int) -> Array:
        """Half a step of churn, and of settling."""
        given, take = self._given, self._counting.take
        alive = given.alive[i]
        if given.stays_new is None or self._settle is None:
            return take(people, alive)
        aged = np.empty(people.shape)
        aged[1] = take(people[1], given.stays_new[i])
        aged[0] = take(people[0], alive) + take(people[1] - aged[1], self._settle[i])
        return aged

    def _fails(self, state: State, present: Array, i: int, stride: int) -> Array:
        """Chance that a return fails, in the middle of the step: half of those back who would be by then."""
        mood, crowd, away, given = self._mood, self._crowd, state.away, self._given
        away.settle()
        stay = given.alive[i] if given.kept is None else given.alive[i] * given.kept[i]
        gone = np.add.reduce(np.add.reduce(away.held, axis=(0, 1)) * stay, axis=0)
        first = Numbers(present, gone, np.zeros(0))  # nothing depends on the rivals here
        chance = 1.0 - crowd.friends_returning * mood.share_away(first)
        back = away.held - away.silent(given.powers[i])
        back *= np.where(given.shut[stride], 0.0, chance)[:, None]
        number = 0.5 * back.sum(axis=(0, 1, 2))
        midway = Numbers(present + number, gone - number, first.with_rivals)
        return crowd.friends_returning * mood.share_away(midway)

    def _try_rivals(self, state: State, i: int, halfway: Numbers | None) -> None:
        """Some of those who use nothing beside begin to use a rival."""
        crowd, tries = self._crowd, self._given.tries[i]
        tried = list(self._tried)
        if halfway is not None:
            guess = tries * self._attraction(halfway)
            total = guess.sum(axis=0)
            share = np.divide(-np.expm1(-total), total, out=np.ones_like(total), where=total > 0.0)
            with_rivals = halfway.with_rivals.copy()
            with_rivals[tried] += 0.5 * (guess * share * state.here[:, 0].sum(axis=0)).sum(axis=1)
            tries = tries * self._attraction(replace(halfway, with_rivals=with_rivals))
        total = tries.sum(axis=0)
        moved = self._counting.take(state.here[:, 0], -np.expm1(-total))
        state.here[:, 0] -= moved
        parts = self._counting.split(moved, total, list(tries[:-1]))
        for part in parts:
            moved = moved - part
        for use, (rival, part) in enumerate(zip(tried, [*parts, moved], strict=True), start=1):
            state.here[:, use] += part
            state.flows[f"tried.{crowd.rivals.names[rival]}"] += part.sum(axis=0)

    def _attraction(self, halfway: Numbers) -> Array:
        """The factor of the rivals that are tried, (tried, 1, rows)."""
        factor = self._mood.attraction(halfway)
        assert factor is not None
        return factor[list(self._tried)][:, None]

    def _enter(self, state: State, coming: Array, i: int, stride: int) -> None:
        """Who comes is there at once, or stands at the door."""
        if state.door is None:
            state.here = state.here + coming
            return
        crowd, given = self._crowd, self._given
        door = crowd.door
        assert door is not None
        assert given.admits is not None
        up = given.up[stride]
        if not up.any():  # nobody stands at a door that is shut
            state.here = state.here + coming
            return
        walking = np.where(up, 0.0, coming)
        coming = coming - walking
        state.here = state.here + walking
        standing = np.where(up, state.door, 0.0)
        queue, arrivals = standing.sum(axis=(0, 1)), coming.sum(axis=(0, 1))
        waiting, arriving = queue.sum(axis=0), arrivals.sum(axis=0)
        if not waiting.any() and self._all_walk_in(arrivals, i):
            state.here = state.here + coming
            return
        everyone = queue + arrivals
        known = everyone.sum(axis=0)
        weight = np.where(known > 0.0, everyone, 1.0)
        admits = (given.admits[i] * weight).sum(axis=1) / weight.sum(axis=0)
        done, lasts = followed(
            np.maximum(waiting, 0.0), np.maximum(arriving, 0.0), (admits[0], admits[1]), door.retries, 0.0,
            given.hours[i],
        )  # fmt: skip
        if self._scouting:
            empties = (waiting > 0.0) & (done.waiting == 0.0)
            if empties.any():
                share = lasts / np.where(empties, given.hours[i], 1.0)
                self.emptied.append((i, np.where(empties, share, 1.0)))
        stays = _staying(waiting, arriving, done.waiting)
        let_in = self._counting.admit(standing, coming, stays, self._owed)
        state.door = self._age(state.door + coming - let_in, i)
        state.here = state.here + let_in

    def _all_walk_in(self, arrivals: Array, i: int) -> bool:
        """Whether nobody has to stand at any door, even if each segment had the narrowest door to itself."""
        admits = self._given.admits
        assert admits is not None
        narrowest = admits[i].min(axis=(0, 1)) * self._given.hours[i]
        return bool((arrivals.sum(axis=0) <= narrowest).all())


def _staying(waiting: Array, arriving: Array, at_end: Array) -> tuple[Array, Array]:
    """Shares of those who stood at the door, and of those who came, who still stand there.

    Whoever comes has stood there for half the step, so that share is the root of the other; together they
    make up `at_end`: waiting y**2 + arriving y = at_end.
    """
    root = arriving + np.sqrt(arriving**2 + 4.0 * np.maximum(waiting, 0.0) * at_end)
    y = np.divide(2.0 * at_end, root, out=np.zeros_like(root), where=root > 0.0)
    y = np.minimum(y, 1.0)
    return y * y, y
