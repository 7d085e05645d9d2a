"""Who leaves in a step, why, and where to.

In: those present who have borne enough, or have too few friends. Out: they are away, and wait for what brings
them back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.demand.network.crowd import AWAY, Crowd
from sim.demand.network.draws import CAUSE, THRESHOLD, UNINSTALL, Seeds, exponential, uniform
from sim.demand.network.hazards import Habits, Hazards
from sim.demand.network.moves import FRIENDS, LEFT, TOO_FEW
from sim.demand.network.record import Recorder
from sim.demand.network.returning import Returning
from sim.demand.network.steps import Array, Index, Step


class Leaving:
    """How people leave. ``thresholds``: whether anybody needs friends to be there."""

    __slots__ = (
        "_crowd",
        "_habits",
        "_hazards",
        "_keeps",
        "_places",
        "_recorder",
        "_returning",
        "_uninstall",
        "thresholds",
    )

    def __init__(
        self, crowd: Crowd, hazards: Hazards, habits: Habits, recorder: Recorder, returning: Returning
    ) -> None:
        self._crowd, self._hazards, self._habits = crowd, hazards, habits
        self._recorder, self._returning = recorder, returning
        self._places = np.asarray(hazards.places, dtype=np.int8)
        self._keeps = np.asarray(hazards.keeps_app)
        self._uninstall = bool(habits.uninstalls.any())
        self.thresholds = bool(crowd.need.any())

    def leave(self, who: Index, step: Step) -> None:
        """They leave, if ordinary churn does not come first."""
        if not who.size:
            return
        crowd = self._crowd
        kind, share = crowd.kind.take(who), crowd.share.take(who)
        before = step.borne(kind, share, 0)
        borne = step.borne(kind, share, 1) - before
        lacking = crowd.limit.take(who) - before
        time = self._when(lacking, borne, step)
        np.maximum(time, crowd.since.take(who), out=time)
        tipped = None
        if self.thresholds:
            time[lacking > borne] = np.inf
            due = crowd.due.take(who)
            tipped = due <= time
            np.minimum(time, due, out=time)
            crowd.due[who] = np.inf
        crowd.limit[who] = np.inf
        stays = time < crowd.churn.take(who)
        if not stays.all():
            who, kind, share, time, borne = who[stays], kind[stays], share[stays], time[stays], borne[stays]
            tipped = None if tipped is None else tipped[stays]
        self._go(who, kind, share, time, borne, tipped, step)

    @staticmethod
    def _when(lacking: Array, borne: Array, step: Step) -> Array:
        """The hour at which what is lacking has been borne: in the step, or in the one before.

        The latter where a friend left in that step, and so soon that one would have followed in it.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.where(borne > 0.0, lacking / borne, 0.0)
        np.clip(part, -1.0, 1.0, out=part)
        part *= step.end - step.begin
        part += step.begin
        return part

    def _go(
        self, who: Index, kind: Index, share: NDArray[np.float32], time: Array, borne: Array,
        tipped: NDArray[np.bool_] | None, step: Step,
    ) -> None:  # fmt: skip
        crowd = self._crowd
        streams = crowd.draw(who)
        cause = self._causes(kind, share, borne, streams, step)
        if tipped is not None:
            cause[tipped] = TOO_FEW
        own = np.maximum(cause, 0)
        place = np.where(cause >= 0, self._places.take(own), np.int8(0))
        if self._uninstall or not self._keeps.all():
            keeps = (cause < 0) | self._keeps.take(own)
            keeps &= uniform(streams, UNINSTALL) >= self._habits.uninstalls.take(kind)
            crowd.app[who] = keeps
        crowd.state[who], crowd.since[who], crowd.place[who] = AWAY, time, place
        because = np.where(cause < 0, crowd.last.take(who), -1) if crowd.last.size else -1
        self._recorder.add(time, who, LEFT, place, cause, because)
        self._returning.wait(who, time)

    def _causes(
        self, kind: Index, share: NDArray[np.float32], borne: Array, streams: Seeds, step: Step
    ) -> NDArray[np.int8]:
        """Why each left: causes in proportion to what each added to the hazard borne in the step."""
        own = self._hazards.own
        friends = share * (step.pull[1] - step.pull[0]).take(kind) if step.presses else None
        if len(own) == 1 and friends is None:
            return np.zeros(kind.size, dtype=np.int8)
        rest = uniform(streams, CAUSE) * borne
        cause = np.full(kind.size, len(own) - 1, dtype=np.int8)
        if friends is not None:
            cause[friends > 0.0] = FRIENDS
        open_ = np.ones(kind.size, dtype=np.bool_)
        for j, table in enumerate(own):
            part = (table[step.number + 1] - table[step.number]).take(kind)
            taken = open_ & (rest < part)
            cause[taken] = j
            open_ &= ~taken
            rest -= part
        return cause

    def watch(self, who: Index, time: Array) -> None:
        """Of those present: who has too few friends now will leave, unless friends return first."""
        crowd = self._crowd
        short = crowd.short_of_friends(who)
        known = np.isfinite(crowd.due.take(who))
        crowd.due[who[known & ~short]] = np.inf
        begin = np.flatnonzero(short & ~known)
        who = who[begin]
        streams = crowd.draw(who)
        within = self._habits.within.take(crowd.kind.take(who))
        crowd.due[who] = time[begin] + within * exponential(streams, THRESHOLD)
