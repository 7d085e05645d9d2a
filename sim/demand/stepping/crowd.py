"""Everybody who uses the platform, put together: the segments' numbers side by side.

In: a scenario, the block's inputs and timelines. Out: `Crowd`, arrays of shape (segments, rows) where a
segment's records have (rows,), and which mechanisms are used at all; what is not used costs nothing later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.demand.climate import Climate, merged
from sim.demand.impulses import enough
from sim.demand.people import Traits, traits_of
from sim.demand.phases import Phases, cut
from sim.demand.social import Door, Rivals, Social, chosen, door_of, rivals_of, social_of
from sim.demand.stepping.mesh import FIRST, SHORTEST, USED, strides
from sim.scenario import Inputs, Scenario
from sim.streams import BLOCK
from sim.supply.timeline import Timeline

Array = NDArray[np.float64]
Index = NDArray[np.int64]

_TAIL = 1e-8
"""Share of leavers whose impulses beyond the last class are put into it."""

_CALM = 6.0
"""Mean number of impulses up to which classes can be told from their moments without losing digits."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """All segments. Arrays of shape (segments, rows), with (places, ...) in front where said.

    Attributes
    ----------
    most
        Largest number of impulses kept.
    fresh, fire
        Mean number of impulses of one who has just left, and the rate at which one fires; by place.
    memoryless
        Which segments carry exactly one impulse that is never wasted.
    leaving, extra_churn, settles, unsettled
        What is said of newcomers: factor of leaving, churn beside the ordinary one, hazard of settling, share
        unsettled at the start. Neutral where a segment says nothing of them.
    newcomers
        Which segments say something of them.
    at_once
        Share of those away who come back at the moment of reopening after an outage of no length; by place.
    outage_fades
        Hours of outage at which that has fallen to 37 %; infinite where it does not fall.
    to
        The segment to which those move whose way in is closed; -1: nowhere.
    moves
        Share of them who do.
    app
        Whether anybody can come to need the way in again.
    """

    names: tuple[str, ...]
    horizon: float
    start: Array
    churn: Array
    gives_up: Array
    decay: Array
    uninstalls: Array
    most: int
    fresh: Array
    fire: Array
    memoryless: tuple[bool, ...]
    newcomers: tuple[bool, ...]
    leaving: Array
    extra_churn: Array
    settles: Array
    unsettled: Array
    drawn: Array
    friends_waiting: Array
    friends_active: Array
    friends_returning: Array
    at_once: Array
    outage_fades: Array
    to: tuple[int, ...]
    moves: Array
    rivals: Rivals
    door: Door | None
    climates: tuple[Climate, ...]
    app: bool

    @classmethod
    def of(cls, scenario: Scenario, timelines: Sequence[Timeline], inputs: Inputs) -> Crowd:
        """Read everything that is said of users, and the timelines as each segment feels them."""
        names = tuple(scenario.users.segments)
        traits = [traits_of(scenario, name, inputs) for name in names]
        social = [social_of(scenario, name, inputs) for name in names]
        rivals = rivals_of(scenario, inputs)
        loose = np.concatenate([np.ones((1, 1, BLOCK)), 1.0 - rivals.stickiness[:, None, :]])
        shy = np.stack([one.stigma_returning for one in social]) * loose
        fresh, fire = _impulses(traits, shy)
        joins_by = [scenario.users.segments[name].join_by for name in names]
        cliffs = any(one.cliffs and by is not None for one, by in zip(social, joins_by, strict=True))
        return cls(
            names=names,
            horizon=scenario.clock.horizon,
            **{
                field: np.stack([getattr(one, field) for one in traits])
                for field in ("start", "churn", "gives_up", "decay", "uninstalls")
            },
            most=_most(traits, fresh),
            fresh=fresh,
            fire=fire,
            memoryless=tuple(one.impulses.memoryless for one in traits),
            newcomers=tuple(one.unsettled is not None for one in social),
            leaving=_of_newcomers(social, "leaving", 1.0),
            extra_churn=_of_newcomers(social, "churn", 0.0),
            settles=_of_newcomers(social, "settles", 0.0),
            unsettled=_of_newcomers(social, "at_start", 0.0),
            **{
                field: np.stack([getattr(one, field) for one in social])
                for field in ("drawn", "friends_waiting", "friends_active", "friends_returning")
            },
            at_once=np.stack([one.on_reopening for one in social]) * shy,
            outage_fades=np.stack(
                [np.full(BLOCK, np.inf) if one.outage_fades is None else one.outage_fades for one in social]
            ),
            to=tuple(-1 if one.moving is None else names.index(one.moving.to) for one in social),
            moves=np.stack([np.zeros(BLOCK) if one.moving is None else one.moving.share for one in social]),
            rivals=rivals,
            door=door_of(scenario, inputs),
            climates=_climates(scenario, timelines, inputs, traits, social),
            app=cliffs or any(one.uninstalls.any() or one.decay.any() for one in traits),
        )

    def rows(self, index: Index) -> Crowd:
        """The same for a selection of rows."""
        climates = tuple(climate.rows(index) for climate in self.climates)
        found: Crowd = chosen(replace(self, climates=()), index)
        return replace(found, climates=climates)

    @property
    def places(self) -> tuple[str, ...]:
        """Where those who are away can be."""
        return self.rivals.places

    @property
    def tried(self) -> tuple[int, ...]:
        """The rivals that are used beside before they are left for, by their number."""
        return tuple(np.flatnonzero(self.rivals.tried).tolist())

    @property
    def marks(self) -> tuple[int, int]:
        """Kinds of present users: settled or not, and what they use beside."""
        return 2 if any(self.newcomers) else 1, 1 + len(self.tried)

    @property
    def edges(self) -> Array:
        """All instants at which anything changes for anybody, with the horizon; (rows, edges)."""
        return merged([climate.edges for climate in self.climates], self.horizon)

    @property
    def mesh(self) -> Array:
        """Edges of the strides of every row; see `sim.demand.stepping.mesh`."""
        edges = self.edges
        first = np.full((len(edges), edges.shape[1] - 1), FIRST)
        row = np.arange(len(edges))[:, None]
        for climate in self.climates:
            phases, traits = climate.phases, climate.traits
            soon = np.broadcast_to(traits.patience.quantile(USED, **traits.overrides), (len(edges),))
            phase = phases.find(edges[:, :-1])
            begins = ~phases.up[phase, row] & (phases.clock[phase, row] == 0.0)
            begins &= phases.start[phase, row] == edges[:, :-1]
            soon = np.clip(soon, SHORTEST, FIRST)[:, None]
            first = np.where(begins, np.minimum(first, soon), first)
        return strides(edges, first)

    @property
    def calm(self) -> bool:
        """Whether impulses may be carried by their moments while the way back is closed.

        They may not where a return can fail because friends are away, and not where there are very many.
        """
        fading = [s for s, forgets in enumerate(self.memoryless) if not forgets]
        many = float(self.fresh[:, fading].max(initial=0.0)) > _CALM
        return not many and not self.friends_returning.any()


def _impulses(traits: Sequence[Traits], shy: Array) -> tuple[Array, Array]:
    """Mean fresh impulses and the rate at which one fires; shape (places, segments, rows)."""
    fresh, fire = np.empty_like(shy), np.empty_like(shy)
    for s, one in enumerate(traits):
        impulses = one.impulses
        if impulses.memoryless:
            fresh[:, s], fire[:, s] = 1.0, impulses.fire * shy[:, s]
        else:
            fresh[:, s], fire[:, s] = impulses.fresh * shy[:, s], impulses.fire
    return fresh, fire


def _of_newcomers(social: Sequence[Social], name: str, neutral: float) -> Array:
    return np.stack(
        [np.full(BLOCK, neutral) if one.unsettled is None else getattr(one.unsettled, name) for one in social]
    )


def _climates(
    scenario: Scenario,
    timelines: Sequence[Timeline],
    inputs: Inputs,
    traits: Sequence[Traits],
    social: Sequence[Social],
) -> tuple[Climate, ...]:
    """Segments that feel the same changes share one table of phases."""
    forgotten = np.broadcast_to(np.asarray(inputs.number("users.forgotten_after"), dtype=float), (BLOCK,))
    tables: dict[tuple[str, str | None, tuple[float, ...]], Phases] = {}
    found = []
    for (name, record), one, other in zip(scenario.users.segments.items(), traits, social, strict=True):
        key = (record.served_by, record.join_by, tuple(surge.at for surge in one.surges))
        if key not in tables:
            tables[key] = cut(timelines, *key, forgotten)
        found.append(Climate.of(scenario, name, one, other, tables[key]))
    return tuple(found)


def _most(traits: Sequence[Traits], fresh: Array) -> int:
    """The largest number of impulses kept for all."""
    means = (float(fresh[:, s].max()) for s, one in enumerate(traits) if not one.impulses.memoryless)
    return enough(max(means, default=0.0), _TAIL)
