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
from sim.demand.look import Places, Seen, look
from sim.demand.people import traits_of
from sim.demand.phases import Phases, cut
from sim.scenario import Inputs, Scenario
from sim.streams import BLOCK
from sim.supply.timeline import Timeline

Array = NDArray[np.float64]

_MESH = 24.0
_EPSILON = 1e-9


def simulate_demand(
    scenario: Scenario, timelines: Sequence[Timeline], inputs: Inputs, *, sampled: bool = False
) -> History:
    """Expected (or sampled) users by state, given one timeline a replication.

    Parameters
    ----------
    timelines
        One a replication of the block `inputs` was made for, in order.
    sampled
        Whole counts drawn from the exact law of the numbers at the report times, instead of their
        expectation. One generator a segment and replication; claims no common random numbers.

    References
    ----------
    Given the timeline users are independent Markov chains, so counts at any set of times are multinomial
    with transition probabilities from the product integral (Andersen, Borgan, Gill and Keiding 1993,
    Statistical Models Based on Counting Processes, II.6).
    """
    courses = _courses(scenario, timelines, inputs)
    times = report_times(scenario.clock.horizon, scenario.clock.report_every)
    if sampled:
        from sim.demand.sampled import sample

        return sample(scenario, courses, inputs, times)
    return _expected(scenario, courses, times)


def report_times(horizon: float, every: float) -> Array:
    """Multiples of `every` from 0, and the horizon. Hours."""
    times = np.arange(int(np.floor(horizon / every + _EPSILON)) + 1) * every
    times = times[times < horizon * (1.0 - 1e-12)]
    return np.append(times, horizon)


def _courses(scenario: Scenario, timelines: Sequence[Timeline], inputs: Inputs) -> list[Course]:
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
    mesh = report_times(horizon, _MESH)
    shared = times.size if np.array_equal(times, mesh) else 0
    fixed = times if shared else np.concatenate([times, mesh])
    breaks = changes(horizon, _tables(courses).values())
    everywhere = np.concatenate([np.broadcast_to(fixed, (BLOCK, fixed.size)), breaks], axis=1)
    seen = _look(courses, everywhere)
    split = times.size
    states = {state: np.stack([getattr(part, state)[:, :split] for part in seen], axis=1) for state in STATES}
    points = everywhere[:, 0 if shared else split :]
    order = np.argsort(points, axis=1, kind="stable")
    totals = {
        state: _total([getattr(part, state)[:, 0 if shared else split :] for part in seen])
        for state in STATES
    }
    return History(
        segments=tuple(scenario.users.segments),
        times=times,
        states=states,
        end={state: values[:, :, -1] for state, values in states.items()},
        start=np.stack([course.traits.start for course in courses], axis=1),
        joined=np.stack([course.joined[-1] for course in courses], axis=1),
        served_hours=np.stack([course.served_hours for course in courses], axis=1),
        grid=np.take_along_axis(points, order, axis=1),
        on_grid={state: np.take_along_axis(total, order, axis=1) for state, total in totals.items()},
        active_at=lambda hours: _total([part.active for part in _look(courses, hours)]),
        given_up_at=lambda hours: _total([part.away + part.gone for part in _look(courses, hours)]),
    )


def _tables(courses: Sequence[Course]) -> dict[int, Phases]:
    return {id(course.phases): course.phases for course in courses}


def _look(courses: Sequence[Course], times: Array) -> list[Seen]:
    places = {key: Places.of(phases, times) for key, phases in _tables(courses).items()}
    return [look(course, places[id(course.phases)]) for course in courses]


def _total(parts: Sequence[Array]) -> Array:
    total = np.array(parts[0])
    for part in parts[1:]:
        total += part
    return total


def changes(horizon: float, tables: Iterable[Phases]) -> Array:
    """Every start of a phase and the moment before it. Shape (replications, points), hours."""
    starts = np.concatenate([table.start for table in tables]).T
    return np.concatenate([starts, np.maximum(starts - _EPSILON * max(horizon, 1.0), 0.0)], axis=1)
