"""A scenario's users as individuals: who they are, and the tables of what drives their kinds.

In: numbers of users by segment (`sim.demand.stepping.crowd.Crowd`), ties and seeds of some replications. Out:
`Situation`, all that `follow_people` needs. A kind is a segment in a replication: kind = row x segments +
segment. Everything the numbers of users feel (stigma, earlier outages, announcements, forced versions,
rivals) comes from the same `Climate`, so both feel the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.climate import Climate, merged
from sim.demand.network.draws import THRESHOLD, Seeds, seeds_of, uniform
from sim.demand.network.hazards import CERTAIN, Habits, Hazards, Ways
from sim.demand.network.making import make_ties
from sim.demand.network.threshold import needed
from sim.demand.network.ties import Ties, side_by_side
from sim.demand.sampled import whole
from sim.demand.stepping.crowd import Crowd
from sim.scenario import Inputs, Scenario
from sim.scenario.crowd import Network
from sim.streams import BLOCK, generator

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Situation:
    """Individuals of some replications side by side, and what drives them. ``R`` rows, ``S`` segments.

    Attributes
    ----------
    crowd
        The numbers of users they stand for, of the same rows.
    segment
        The segment of each person. Shape (people,).
    counts
        How many individuals stand for each segment. Shape (R, S).
    causes
        The names of `Hazards.own`.
    """

    crowd: Crowd
    ties: Ties
    kind: NDArray[np.int32]
    segment: NDArray[np.int32]
    counts: Index
    hazards: Hazards
    ways: Ways
    habits: Habits
    seeds: Seeds
    need: NDArray[np.int32] | None
    causes: tuple[str, ...]


def situation_of(
    scenario: Scenario, crowd: Crowd, inputs: Inputs, rows: Index, edges: Array, people: int | None = None
) -> Situation:
    """The individuals of some replications of a block.

    Parameters
    ----------
    crowd
        Of the whole block.
    edges
        Hours between which people do not hear of each other, from 0 to the horizon.
    people
        How many individuals stand for all users, if not as many as the scenario says.
    """
    network = scenario.users.network or Network()
    if people is not None and network.kind != "edges":
        network = Network.model_validate({**network.model_dump(exclude_unset=True), "people": people})
    some = crowd.rows(rows)
    given = make_ties(network, generator(0, "network")) if network.kind == "edges" else None
    ties, kinds, seeds, counts = [], [], [], []
    for row, number in enumerate(rows.tolist()):
        replication = inputs.draws.block * BLOCK + number
        one = given or make_ties(network, generator(inputs.draws.seed, "network", replication))
        rng = generator(inputs.draws.seed, "users / people", replication)
        count = _represented(some.start[:, row], one.people)
        segment = rng.permutation(np.repeat(np.arange(count.size, dtype=np.int32), count))
        ties.append(one)
        kinds.append(segment + np.int32(row * count.size))
        seeds.append(seeds_of(one.people, rng))
        counts.append(count)
    whole, kind = side_by_side(ties) if len(ties) > 1 else ties[0], np.concatenate(kinds)
    hazards, causes = _hazards(some, edges)
    stream = np.concatenate(seeds)
    return Situation(
        crowd=some,
        ties=whole,
        kind=kind,
        segment=kind % np.int32(len(some.names)),
        counts=np.stack(counts),
        hazards=hazards,
        ways=_ways(some),
        habits=_habits(scenario, some, inputs, rows),
        seeds=stream,
        need=_need(scenario, some, inputs, rows, whole, kind, stream),
        causes=causes,
    )


def _represented(start: Array, people: int) -> Index:
    """How many of the individuals stand for each segment: in proportion, one at least where anybody is."""
    count: Index = whole(start[None] / start.sum() * people)[0].astype(np.int64)
    for none in np.flatnonzero((count == 0) & (start > 0.0)):
        count[np.argmax(count)] -= 1
        count[none] += 1
    return count


def _by_kind(values: Array) -> Array:
    """Values (..., segments, rows) as (..., kinds)."""
    return np.ascontiguousarray(np.swapaxes(values, -1, -2)).reshape(*values.shape[:-2], -1)


def _hazards(crowd: Crowd, edges: Array) -> tuple[Hazards, tuple[str, ...]]:
    """What drives people away, integrated to each edge."""
    rivals = crowd.rivals
    rows, segments = crowd.start.shape[1], len(crowd.names)
    names = ("patience", *rivals.names, "app")
    tables = np.zeros((len(names) + 1, edges.size, rows, segments))
    for s, climate in enumerate(crowd.climates):
        points, reached = _points(climate, edges)
        seen = climate.between(points[:, :-1], points[:, 1:])
        hours = np.diff(points, axis=1)
        up = np.where(seen.up, hours, 0.0)
        pieces = [np.minimum(seen.patience, CERTAIN)]
        for rival in range(len(rivals.names)):
            force = crowd.drawn[s] * rivals.pull[rival]
            pieces.append(np.where(seen.open[rival], force[:, None] * seen.pressure, 0.0))
        lost = np.where(seen.joinable, 0.0, crowd.decay[s][:, None] * up)
        pieces.append(lost + _cliffs(climate, points, seen.joinable))
        pieces.append(
            crowd.friends_waiting[s][:, None] * seen.pressure + crowd.friends_active[s][:, None] * up
        )
        for table, piece in zip(tables, pieces, strict=True):
            total = np.concatenate([np.zeros((rows, 1)), np.cumsum(piece, axis=1)], axis=1)
            table[:, :, s] = np.take_along_axis(total, reached, axis=1).T
    flat = tables.reshape(len(tables), edges.size, rows * segments)
    used = [j for j in range(len(names)) if j == 0 or flat[j].any()]
    places = [0, *range(1, len(rivals.names) + 1), 0]
    hazards = Hazards(
        edges=edges,
        own=tuple(flat[j] for j in used),
        places=tuple(places[j] for j in used),
        keeps_app=tuple(names[j] != "app" or j != len(names) - 1 for j in used),
        pull=flat[-1],
    )
    return hazards, tuple(names[j] for j in used)


def _points(climate: Climate, edges: Array) -> tuple[Array, Index]:
    """All instants at which anything changes or people hear of each other, and where the latter stand."""
    rows = len(climate.edges)
    points = merged([climate.edges, np.broadcast_to(edges, (rows, edges.size))], climate.horizon)
    near = edges - 1e-9 * climate.horizon
    return points, np.stack([np.searchsorted(row, near) for row in points])


def _cliffs(climate: Climate, points: Array, joinable: NDArray[np.bool_]) -> Array:
    """Hazard of losing the app to a version that is required, in the stretch that ends at that instant."""
    hazard = np.zeros(joinable.shape)
    for cliff in climate.cliffs:
        here = np.abs(points[:, :-1] - cliff.at) <= 1e-9 * climate.horizon
        here &= (np.diff(points) > 0.0) & ~joinable
        with np.errstate(divide="ignore"):
            loss = np.minimum(-np.log1p(-cliff.affects), CERTAIN)
        jump = np.where(here, loss[:, None], 0.0)
        hazard[:, :-1] += jump[:, 1:]
        hazard[:, 0] += jump[:, 0]  # at the very start: in the first stretch
    return hazard


def _ways(crowd: Crowd) -> Ways:
    """When the way back is open, and when the service returns."""
    kinds = crowd.start.size
    open_: list[list[tuple[float, float]]] = [[] for _ in range(2 * kinds)]
    back: list[list[tuple[float, float]]] = [[] for _ in range(2 * kinds)]
    at_once = bool(crowd.at_once.any())
    for s, climate in enumerate(crowd.climates):
        phases = climate.phases
        for row in range(crowd.start.shape[1]):
            kind = row * len(crowd.names) + s
            for p in range(int(phases.count[row])):
                if not phases.up[p, row]:
                    continue
                begin = float(phases.start[p, row])
                end = begin + float(phases.length[p, row])
                ways = (kind, kind + kinds) if phases.joinable[p, row] else (kind,)
                for way in ways:
                    _extend(open_[way], begin, end)
                    if at_once and climate.back[p, row]:
                        fades = climate.lasted[p, row] / crowd.outage_fades[s, row]
                        back[way].append((begin, float(np.exp(-fades))))
    intervals, reopenings = _padded(open_), _padded(back)
    return Ways(
        intervals[0], intervals[1], reopenings[0], np.where(np.isfinite(reopenings[1]), reopenings[1], 0.0)
    )


def _extend(intervals: list[tuple[float, float]], begin: float, end: float) -> None:
    if intervals and intervals[-1][1] == begin:
        begin = intervals.pop()[0]
    intervals.append((begin, end))


def _padded(lists: Sequence[Sequence[tuple[float, float]]]) -> Array:
    """Pairs as two tables (2, rows, m), all rows padded with infinity."""
    table = np.full((2, len(lists), max(map(len, lists)) + 1), np.inf)
    for row, pairs in enumerate(lists):
        for column, pair in enumerate(pairs):
            table[:, row, column] = pair
    return table


def _habits(scenario: Scenario, crowd: Crowd, inputs: Inputs, rows: Index) -> Habits:
    forgets = np.array(crowd.memoryless)[:, None]
    rate = np.where(forgets, crowd.fire, crowd.fresh * crowd.fire)
    within = [_number(inputs, f"users.segments.{name}.friends.within", rows) for name in crowd.names]
    return Habits(
        churn=_by_kind(crowd.churn),
        gives_up=_by_kind(crowd.gives_up),
        uninstalls=_by_kind(crowd.uninstalls),
        rate=_by_kind(rate),
        fading=_by_kind(np.where(forgets, 0.0, crowd.fire[0])),
        holds=_by_kind(crowd.at_once),
        deterred=_by_kind(crowd.friends_returning),
        within=_by_kind(np.stack(within)),
    )


def _number(inputs: Inputs, path: str, rows: Index) -> Array:
    return np.broadcast_to(np.asarray(inputs.number(path), dtype=float), (BLOCK,))[rows]


def _need(
    scenario: Scenario,
    crowd: Crowd,
    inputs: Inputs,
    rows: Index,
    ties: Ties,
    kind: NDArray[np.int32],
    seeds: Seeds,
) -> NDArray[np.int32] | None:
    """How many present friends each one needs; None where nobody needs any."""
    segments = [scenario.users.segments[name] for name in crowd.names]
    if not any(segment.friends.by_threshold for segment in segments):
        return None
    need, degree = np.zeros(ties.people, dtype=np.int32), ties.degree
    for s, (name, segment) in enumerate(zip(crowd.names, segments, strict=True)):
        who = np.flatnonzero(kind % len(segments) == s)
        share = np.zeros(who.size)
        if segment.friends.leaves_below is not None:
            law, overrides = inputs.law(f"users.segments.{name}.friends.leaves_below")
            row = rows[kind[who] // len(segments)]
            own = {
                parameter: np.broadcast_to(np.asarray(value, dtype=float), (BLOCK,))[row]
                for parameter, value in overrides.items()
            }
            share = np.asarray(law.quantile(uniform(seeds[who], THRESHOLD), **own))
        number = _number(inputs, f"users.segments.{name}.friends.at_least", rows)
        need[who] = needed(degree[who], share, number[kind[who] // len(segments)].astype(np.int32))
    return need
