"""What each step is like: all that does not depend on how many users are where, worked out before the first.

In: a crowd and the mesh of its strides. Out: `Conditions`, tables with a row a stride or a step, so that the
loop over steps only multiplies. Hazards are integrals over half a step where they act twice in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.demand.climate import Climate, Stretch
from sim.demand.stepping.crowd import Crowd

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

NUDGE = 1.0 + 1e-13
"""Readings of the patience clock are rounded up by this: an instant at which all leave is not missed."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Tables of ``m`` strides of ``n / m`` equal steps. Settled or not is the axis "kinds".

    Attributes
    ----------
    mesh
        Edges of the strides, hours, (rows, m + 1).
    up, joinable
        (m, segments, rows).
    falls, back, lasted
        Where the service falls, or comes back, at the start of a stride, and how long it was away, hours.
        (m, segments, rows).
    cliff
        Share of present users who lose the app at the start of a stride, likewise; None: never.
    shut
        Whether the way back is closed, for those who do not need the app and those who do:
        (m, 1 or 2, segments, rows).
    eventful
        Of each stride, whether anything happens at its start in any row.
    capacity, capacity_end
        Served share at both ends of a stride; (m, segments, rows).
    clock, pressed
        Reading of the patience clock at the start of each stride, and m (0 while up); (m, segments, rows).
    hours
        Length of each step, (n, rows).
    patience
        Hazard of losing patience in each half of a step, (n, 2, kinds, segments, rows).
    infects
        What the share of people who are away is to be multiplied by: hazard of leaving because of friends in
        half a step, (n, kinds, segments, rows); None: friends act on nobody.
    decay
        Hazard of losing the app in half a step, (n, segments, rows); None: never.
    pull
        Hazard of leaving for each rival in half a step, at its first size,
        (n, rivals, kinds, segments, rows).
    tries
        Hazard of trying each of the rivals that are tried, in a step, (n, tried, segments, rows).
    restless, pulled_along
        Of each step, whether anybody may leave in it; and whether only because friends are away.
    joins
        Expected newcomers, (n, segments, rows).
    admits
        People the door lets in per hour, at the start and the end of a step, if all stood there for that
        segment, (n, 2, segments, rows); None: there is no door.
    alive, kept
        Share left by ordinary churn, and by giving up, after half a step, (n, segments, rows); None: all.
    stays_new, settles
        Share of the unsettled who are still unsettled, and who have settled, after half a step; None: there
        are none.
    powers
        Share of those away who are in the same class of impulses still after a step,
        (n, 1 or 2, 1 or places, classes, segments, rows), churn and giving up included.
    spent
        Share of the impulses that have fired in a step, (n, 1 or 2, 1 or places, segments, rows).
    """

    mesh: Array
    up: Flags
    joinable: Flags
    falls: Flags
    back: Flags
    lasted: Array
    cliff: Array | None
    shut: Flags
    eventful: tuple[bool, ...]
    capacity: Array
    capacity_end: Array
    clock: Array
    pressed: Array
    hours: Array
    patience: Array
    infects: Array | None
    decay: Array | None
    pull: Array
    tries: Array
    restless: tuple[bool, ...]
    pulled_along: tuple[bool, ...]
    joins: Array
    admits: Array | None
    alive: Array
    kept: Array | None
    stays_new: Array | None
    settles: Array | None
    powers: Array
    spent: Array

    @property
    def cuts(self) -> int:
        """Steps a stride."""
        return len(self.hours) // len(self.up)


def conditions(crowd: Crowd, mesh: Array, cuts: int) -> Conditions:
    """The tables of `cuts` steps a stride."""
    seen = [climate.between(mesh[:, :-1], mesh[:, 1:]) for climate in crowd.climates]
    lengths = np.diff(mesh, axis=1)
    up, joinable = _table(seen, "up"), _table(seen, "joinable")
    pairs = list(zip(crowd.climates, seen, strict=True))
    there = (lengths.T > 0.0)[:, None, :]
    cliff = _cliffs(crowd, mesh, there, joinable)
    pressed = np.where(there, _table(seen, "pressure") / np.where(there, lengths.T[:, None, :], 1.0), 0.0)
    patience, clock = _patience(pairs, mesh, pressed, cuts)
    ways = [~up, ~(up & joinable)] if crowd.app else [~up]
    nothing = np.empty(0)
    given = Conditions(
        mesh=mesh, up=up, joinable=joinable, **_events(up, there, cliff),
        lasted=np.stack([_lasted(*pair) for pair in pairs], axis=1),
        cliff=cliff, shut=np.stack(ways, axis=1),
        capacity=_table(seen, "capacity"), capacity_end=_table(seen, "capacity_end"),
        clock=clock, pressed=pressed, hours=np.repeat(lengths.T / cuts, cuts, axis=0),
        patience=_by_kind(crowd, patience), infects=None, decay=None, pull=nothing, tries=nothing,
        restless=(), pulled_along=(), joins=_joins(crowd, mesh, cuts, up, joinable),
        admits=_admits(crowd, seen, cuts), alive=nothing, kept=None, stays_new=None, settles=None,
        powers=nothing, spent=nothing,
    )  # fmt: skip
    return _hazards(crowd, given, _table(seen, "open", 2))


def _events(up: Flags, there: Flags, cliff: Array | None) -> dict[str, Any]:
    """Where the service falls or comes back, and which strides begin with anything."""
    before = np.concatenate([up[:1], up[:-1]])
    falls, back = there & before & ~up, there & ~before & up
    eventful = (falls | back).any(axis=(1, 2))
    if cliff is not None:
        eventful |= cliff.any(axis=(1, 2))
    return {"falls": falls, "back": back, "eventful": tuple(np.atleast_1d(eventful).tolist())}


def coarser(crowd: Crowd, fine: Conditions) -> Conditions:
    """The same strides with half as many steps; sums of what was worked out for the finer ones."""
    n = len(fine.hours) // 2
    admits = fine.admits
    if admits is not None:
        admits = np.stack([admits[::2, 0], admits[1::2, 1]], axis=1)
    halves = fine.patience.sum(axis=1)
    given = replace(
        fine,
        hours=fine.hours[::2] * 2.0,
        patience=halves.reshape(n, 2, *halves.shape[1:]),
        joins=fine.joins.reshape(n, 2, *fine.joins.shape[1:]).sum(axis=1),
        admits=admits,
    )
    ratio = 2  # hazards that act for half a step each
    pull, tries = ratio * fine.pull[::2], ratio * fine.tries[::2]
    return _hazards(crowd, given, None, pull, tries)


def _hazards(
    crowd: Crowd, given: Conditions, open_: Any, pull: Array | None = None, tries: Array | None = None
) -> Conditions:
    """Fill in what follows from the length of the steps."""
    hours, cuts = given.hours, given.cuts
    half = 0.5 * hours[:, None, :]
    up = np.repeat(given.up, cuts, axis=0)
    m = np.repeat(given.pressed, cuts, axis=0)
    infects, decay = _infects(crowd, up, m * half, half), _decays(crowd, given, half)
    if pull is None:
        pull, tries = _drawn(crowd, np.repeat(open_, cuts, axis=0), up, m, half)
    assert tries is not None
    alone = given.patience.any(axis=(1, 2, 3, 4)) | pull.any(axis=(1, 2, 3, 4))
    moved = alone if infects is None else alone | infects.any(axis=(1, 2, 3))
    alive = np.exp(-crowd.churn * half)
    kept = np.exp(-crowd.gives_up * half) if crowd.gives_up.any() else None
    stays_new, settles = _unsettled(crowd, alive, half)
    powers, spent = _powers(crowd, given, alive, kept)
    return replace(
        given,
        infects=infects,
        decay=decay,
        pull=pull,
        tries=tries,
        restless=tuple(np.atleast_1d(moved).tolist()),
        pulled_along=tuple(np.atleast_1d(moved & ~alone).tolist()),
        alive=alive,
        kept=kept,
        stays_new=stays_new,
        settles=settles,
        powers=powers,
        spent=spent,
    )


def _infects(crowd: Crowd, up: Flags, pressed: Array, half: Array) -> Array | None:
    """See `Conditions`."""
    if not (crowd.friends_waiting.any() or crowd.friends_active.any()):
        return None
    waiting = _by_kind(crowd, crowd.friends_waiting * pressed)
    return waiting + (crowd.friends_active * np.where(up, half, 0.0))[:, None]


def _decays(crowd: Crowd, given: Conditions, half: Array) -> Array | None:
    """See `Conditions`."""
    if not crowd.decay.any():
        return None
    shut = np.repeat(given.up & ~given.joinable, given.cuts, axis=0)
    decay = np.where(shut, crowd.decay * half, 0.0)
    return decay if decay.any() else None


def _drawn(crowd: Crowd, ajar: Flags, up: Flags, pressed: Array, half: Array) -> tuple[Array, Array]:
    """Hazards of leaving for a rival, and of trying one; `ajar` tells which are open, (n, rivals, ...)."""
    rivals = crowd.rivals
    drawn = np.where(ajar, crowd.drawn * rivals.pull[:, None, :], 0.0)
    pull = _by_kind(crowd, drawn * (pressed * half)[:, None])
    asked = list(crowd.tried)
    wanting = np.where(ajar, crowd.drawn * rivals.tries[:, None, :], 0.0)[:, asked]
    return pull, wanting * np.where(up, 0.0, 2.0 * half)[:, None]


def _unsettled(crowd: Crowd, alive: Array, half: Array) -> tuple[Array | None, Array | None]:
    """Shares of the unsettled who still are after half a step, and who have settled."""
    if not any(crowd.newcomers):
        return None, None
    rate = crowd.extra_churn + crowd.settles
    # a segment that says nothing of newcomers has settled ones only: they are never unsettled
    share = np.divide(crowd.settles, rate, out=np.zeros_like(rate), where=rate > 0.0)
    return alive * np.exp(-rate * half), alive * share * -np.expm1(-rate * half)


def _table(seen: list[Stretch], name: str, axis: int = 1) -> NDArray[Any]:
    """One field of every segment as (m, segments, rows), or (m, rivals, segments, rows)."""
    if axis == 2:
        rows, m = seen[0].up.shape
        wide = [np.broadcast_to(one.open, (len(one.open), rows, m)) for one in seen]
        return np.stack([np.moveaxis(one, 2, 0) for one in wide], axis=2)
    return np.stack([getattr(one, name).T for one in seen], axis=1)


def _by_kind(crowd: Crowd, hazard: Array) -> Array:
    """The settled, and the unsettled where anybody is: a new axis before (segments, rows)."""
    if not any(crowd.newcomers):
        return hazard[..., None, :, :]
    with np.errstate(invalid="ignore"):  # no factor of 0 keeps anybody beyond the end of a bounded law
        more = np.where(np.isinf(hazard), np.where(crowd.leaving > 0.0, hazard, 0.0), hazard * crowd.leaving)
    return np.stack([hazard, more], axis=-3)


def _lasted(climate: Climate, seen: Stretch) -> Array:
    row = np.arange(len(seen.phase))[:, None]
    return climate.lasted[seen.phase, row].T


def _cliffs(crowd: Crowd, mesh: Array, there: Flags, joinable: Flags) -> Array | None:
    """Share of apps that stop working at the start of each stride; they do where they cannot be updated."""
    kept = np.ones(joinable.shape)
    starts = mesh[:, :-1].T
    for s, climate in enumerate(crowd.climates):
        for cliff in climate.cliffs:
            here = there[:, 0] & (np.abs(starts - cliff.at) <= 1e-9 * crowd.horizon) & ~joinable[:, s]
            kept[:, s] *= np.where(here, 1.0 - cliff.affects, 1.0)
    return None if kept.all() and (kept == 1.0).all() else 1.0 - kept


def _patience(
    pairs: list[tuple[Climate, Stretch]], mesh: Array, pressed: Array, cuts: int
) -> tuple[Array, Array]:
    """Hazard of losing patience in the halves of all steps, and the patience clock at starts of strides."""
    rows, m = len(mesh), mesh.shape[1] - 1
    hazard = np.zeros((m, 2 * cuts, len(pairs), rows))
    clocks = np.zeros((m, len(pairs), rows))
    row = np.arange(rows)[:, None]
    for s, (climate, seen) in enumerate(pairs):
        phases = climate.phases
        begin = phases.clock[seen.phase, row] - phases.start[seen.phase, row]
        first, last = begin + mesh[:, :-1], begin + mesh[:, 1:]
        clocks[:, s] = first.T
        force = pressed[:, s].T
        down = np.flatnonzero((force > 0.0) & (last > first))
        if not down.size:
            continue
        at = first.take(down)[:, None]
        points = at + (last.take(down)[:, None] - at) * (np.arange(2 * cuts + 1) / (2 * cuts))
        points[:, -1] = last.take(down)
        traits = climate.traits
        overrides = {name: value[down // m][:, None] for name, value in traits.overrides.items()}
        with np.errstate(divide="ignore", invalid="ignore"):
            left = traits.patience.log_survival(points * NUDGE, **overrides)
            fall = np.where(np.isneginf(left[:, :-1]), np.inf, left[:, :-1] - left[:, 1:])
            hazard[down % m, :, s, down // m] = force.take(down)[:, None] * fall
    halves = hazard.reshape(m * cuts, 2, len(pairs), rows)
    return halves, clocks


def _joins(crowd: Crowd, mesh: Array, cuts: int, up: Flags, joinable: Flags) -> Array:
    """Expected newcomers of every step; some of those who find their way in closed take another."""
    rows, m = len(mesh), mesh.shape[1] - 1
    hours = np.repeat(np.diff(mesh, axis=1) / cuts, cuts, axis=1)
    start = np.repeat(mesh[:, :-1], cuts, axis=1) + hours * np.tile(np.arange(cuts), m)
    result = np.zeros((m * cuts, len(crowd.names), rows))
    open_ = np.repeat(up & joinable, cuts, axis=0)
    barred = np.repeat(up & ~joinable, cuts, axis=0)
    for s, climate in enumerate(crowd.climates):
        traits = climate.traits
        if not traits.joins.any():
            continue
        wanting = climate.wanting(start, hours).T if traits.surges else traits.joins * hours.T
        result[:, s] += np.where(open_[:, s], wanting, 0.0)
        to = crowd.to[s]
        if to >= 0:
            result[:, to] += np.where(barred[:, s] & open_[:, to], crowd.moves[s] * wanting, 0.0)
    return result


def _admits(crowd: Crowd, seen: list[Stretch], cuts: int) -> Array | None:
    """People let in per hour at both ends of every step."""
    if crowd.door is None:
        return None
    first, last = _table(seen, "capacity"), _table(seen, "capacity_end")
    share = np.arange(cuts + 1)[:, None, None] / cuts
    points = first[:, None] + (last - first)[:, None] * share
    ends = np.stack([points[:, :-1], points[:, 1:]], axis=2)
    return np.asarray(crowd.door.admits * ends.reshape(-1, *ends.shape[2:]))


def _powers(crowd: Crowd, given: Conditions, alive: Array, kept: Array | None) -> tuple[Array, Array]:
    """Shares of the classes of impulses that are left as they were, and of the impulses that have fired."""
    hours = given.hours[:, None, None, None, :]
    some = any(crowd.memoryless)
    fire = crowd.fire if some else crowd.fire[:1]
    silent: Array = np.exp(-fire * hours)  # (n, 1, places or 1, segments, rows)
    if some:
        shut = np.repeat(given.shut, given.cuts, axis=0)[:, :, None]
        keeps = np.array(crowd.memoryless)[:, None] & shut
        silent = np.where(keeps, 1.0, silent)
    stay = alive * alive if kept is None else (alive * kept) ** 2
    shape = (*silent.shape[:3], crowd.most + 1, *silent.shape[3:])
    powers = np.empty(shape)
    powers[:, :, :, 0] = stay[:, None, None]
    for k in range(1, crowd.most + 1):
        np.multiply(powers[:, :, :, k - 1], silent, out=powers[:, :, :, k])
    spent = 1.0 - silent
    spent[..., list(np.flatnonzero(crowd.memoryless)), :] = 0.0
    return powers, spent
