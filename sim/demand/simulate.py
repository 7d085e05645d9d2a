"""From timelines to what the users did, all replications of a block at once.

Segments do not act on each other, so each is followed on its own; nothing here knows how the supply side
came about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.demand.course import Course, follow
from sim.demand.history import STATES, History
from sim.demand.look import Seen, look
from sim.demand.people import traits_of
from sim.demand.phases import Phases, cut
from sim.demand.places import Places
from sim.demand.resolution import steps_needed
from sim.scenario import Inputs, Scenario
from sim.scenario.resolution import Resolution
from sim.streams import BLOCK
from sim.supply.timeline import Timeline

Array = NDArray[np.float64]

_MESH = 24.0
_EPSILON = 1e-9


def simulate_demand(
    scenario: Scenario, timelines: Sequence[Timeline], inputs: Inputs, *, users: Resolution = "expected"
) -> History:
    """Expected (or sampled) users by state, given one timeline a replication.

    Parameters
    ----------
    timelines
        One a replication of the block `inputs` was made for, in order.
    users
        "expected" numbers; "sampled" ones: whole counts drawn from the exact law of the numbers at the report
        times, one generator a segment and replication, which claims no common random numbers; or "graph":
        individuals in a network of friends, who stand for all users.

    References
    ----------
    Given the timeline users are independent Markov chains, so counts at any set of times are multinomial
    with transition probabilities from the product integral (Andersen, Borgan, Gill and Keiding 1993,
    Statistical Models Based on Counting Processes, II.6).
    """
    times = report_times(scenario.clock.horizon, scenario.clock.report_every)
    if users == "graph":
        from sim.demand.network import simulate_people

        return simulate_people(scenario, timelines, inputs, times)
    if steps_needed(scenario):
        from sim.demand import stepping

        return stepping.simulate(scenario, timelines, inputs, times, sampled=users == "sampled")
    courses = courses_of(scenario, timelines, inputs)
    if users == "sampled":
        from sim.demand.sampled import sample

        return sample(scenario, courses, inputs, times)
    return _expected(scenario, courses, times)


def report_times(horizon: float, every: float) -> Array:
    """Multiples of `every` from 0, and the horizon. Hours."""
    times = np.arange(int(np.floor(horizon / every + _EPSILON)) + 1) * every
    times = times[times < horizon * (1.0 - 1e-12)]
    return np.append(times, horizon)


def courses_of(scenario: Scenario, timelines: Sequence[Timeline], inputs: Inputs) -> list[Course]:
    """Every segment's course; segments that feel the same changes share one table of phases."""
    forgotten = np.broadcast_to(np.asarray(inputs.number("users.forgotten_after"), dtype=float), (BLOCK,))
    tables: dict[tuple[str, str | None, tuple[float, ...]], Phases] = {}
    courses = []
    for name, record in scenario.users.segments.items():
        traits = traits_of(scenario, name, inputs)
        key = (record.served_by, record.join_by, tuple(surge.at for surge in traits.surges))
        if key not in tables:
            tables[key] = cut(timelines, *key, forgotten)
        courses.append(follow(traits, tables[key]))
    return courses


def _expected(scenario: Scenario, courses: Sequence[Course], times: Array) -> History:
    horizon = scenario.clock.horizon
    states = {state: np.empty((len(courses), BLOCK, times.size)) for state in STATES}
    parts = [Seen(**{state: states[state][s] for state in STATES}) for s in range(len(courses))]
    seen = [(np.broadcast_to(times, (BLOCK, times.size)), _look(courses, times, parts))]
    mesh = report_times(horizon, _MESH)
    if not np.array_equal(times, mesh):
        seen = [(np.broadcast_to(mesh, (BLOCK, mesh.size)), _look(courses, mesh))]
    breaks = changes(horizon, _tables(courses).values())
    seen.append((breaks, _look(courses, breaks)))
    grid, on_grid = _merged(seen)
    by_segment = {state: np.swapaxes(values, 0, 1) for state, values in states.items()}
    return History(
        segments=tuple(scenario.users.segments),
        times=times,
        states=by_segment,
        end={state: values[:, :, -1].copy() for state, values in by_segment.items()},
        start=np.stack([course.traits.start for course in courses], axis=1),
        joined=np.stack([course.joined[-1] for course in courses], axis=1),
        served_hours=np.stack([course.served_hours for course in courses], axis=1),
        grid=grid,
        on_grid=on_grid,
        active_at=lambda hours: _total([part.active for part in _look(courses, hours)]),
        given_up_at=lambda hours: _total([part.away + part.gone for part in _look(courses, hours)]),
    )


def _merged(seen: Sequence[tuple[Array, Sequence[Seen]]]) -> tuple[Array, dict[str, Array]]:
    """All times looked at in order, and users by state then, all segments together."""
    points = np.concatenate([times for times, _ in seen], axis=1)
    order = np.argsort(points, axis=1, kind="stable")
    totals = {
        state: np.concatenate([_total([getattr(part, state) for part in parts]) for _, parts in seen], axis=1)
        for state in STATES
    }
    return (
        np.take_along_axis(points, order, axis=1),
        {state: np.take_along_axis(total, order, axis=1) for state, total in totals.items()},
    )


def _tables(courses: Sequence[Course]) -> dict[int, Phases]:
    return {id(course.phases): course.phases for course in courses}


def _look(courses: Sequence[Course], times: Array, into: Sequence[Seen] | None = None) -> list[Seen]:
    """Every segment at times that ascend: (m,) the same for all replications, or (replications, m)."""
    times = np.broadcast_to(times, (BLOCK, times.shape[-1]))
    places = {key: Places.of(phases, times) for key, phases in _tables(courses).items()}
    return [
        look(course, places[id(course.phases)], None if into is None else into[s])
        for s, course in enumerate(courses)
    ]


def _total(parts: Sequence[Array]) -> Array:
    total = np.array(parts[0])
    for part in parts[1:]:
        total += part
    return total


def changes(horizon: float, tables: Iterable[Phases]) -> Array:
    """Every start of a phase and the moment before it, ascending. Shape (replications, points), hours."""
    starts = np.concatenate([table.start for table in tables]).T
    moments = np.concatenate([starts, np.maximum(starts - _EPSILON * max(horizon, 1.0), 0.0)], axis=1)
    return np.sort(moments, axis=1)
