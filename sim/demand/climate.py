"""What the world is like for the users of one segment, hour by hour: all that does not depend on the users.

In: what the users are like, their phases, and the events about people. Out: `Climate`, which knows the
instants at which anything changes (`edges`), and says of any stretch of time between two of them what
happens in it: whether the service is up, how much patience runs out, how hard those who wait are pressed to
leave, which rivals are open, what capacity there is, and who joins. Engines multiply this by what depends on
the users.

All leaving while the service is down goes by one factor m: stigma, earlier outages that are not forgotten,
and what is announced. It is constant between two edges, so the patience used up in a stretch is m times an
exact difference of log-survival, however singular the law.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.demand.exponentials import decay_moment
from sim.demand.people import Traits
from sim.demand.phases import Phases
from sim.demand.social import Announcement, Cliff, Social, chosen
from sim.scenario import Scenario

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Index = NDArray[np.int64]

_MOST_ATOMS = 16
"""Laws of more values than that have no edge at each: their jumps are taken where they fall in a stretch."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What happens to a segment's users in stretches of time without an edge inside. Shape (rows, n).

    Attributes
    ----------
    phase
        The phase of the segment's table in which it lies.
    up, joinable
        Whether the service can be used at all, and the way in is open.
    patience
        Hazard of losing patience, integrated: m x the fall of log-survival. Infinite where everybody leaves
        (an atom at the end of a stretch belongs to it); 0 while up.
    pressure
        Integral of m, hours; 0 while up.
    open
        Which rivals are open. Shape (rivals, 1, n) or (rivals, rows, n).
    capacity, capacity_end
        Served share right after the start, and just before the end.
    joins, barred
        Expected newcomers; and those who would join but cannot, the service being up and the way in closed.
    """

    phase: Index
    up: Flags
    joinable: Flags
    patience: Array
    pressure: Array
    open: Flags
    capacity: Array
    capacity_end: Array
    joins: Array
    barred: Array


@dataclass(frozen=True, slots=True)
class Force:
    """One announcement as the rows feel it: in force from `at` until `until`, hours. Shape (rows,)."""

    at: float
    until: Array
    deadline: Array
    holds: Array
    missed: Array


@dataclass(frozen=True, slots=True)
class Climate:
    """The world of one segment in every replication.

    Attributes
    ----------
    edges
        Instants at which anything changes, ascending from 0, each once; short rows repeat the horizon, which
        is the last of every row. Shape (rows, E), hours.
    back
        Whether the service comes back with the start of a phase. Shape (phases, rows).
    lasted
        Hours of the outage that has ended then; 0 elsewhere. Shape (phases, rows).
    factor
        Stigma and earlier outages, of each phase: m without what is announced. Shape (phases, rows).
    forces
        The announcements.
    opens
        Hours from which on each rival is open. Shape (rivals,).
    """

    traits: Traits
    phases: Phases
    cliffs: tuple[Cliff, ...]
    horizon: float
    edges: Array
    back: Flags
    lasted: Array
    factor: Array
    forces: tuple[Force, ...]
    opens: Array

    @classmethod
    def of(cls, scenario: Scenario, segment: str, traits: Traits, social: Social, phases: Phases) -> Climate:
        """The climate of `segment`, whose traits, other fields and phases are given."""
        horizon = scenario.clock.horizon
        back, lasted, earlier = _outages(phases)
        forces = _in_force(social.announcements, phases, back)
        opens = [
            min((event.at for event in scenario.events if (event.verb, event.of) == ("open", rival)),
                default=-np.inf)
            for rival in scenario.users.rivals
        ]  # fmt: skip
        instants = [cliff.at for cliff in social.cliffs] + opens + [event.at for event in traits.surges]
        return cls(
            traits=traits,
            phases=phases,
            cliffs=social.cliffs,
            horizon=horizon,
            edges=_edges(traits, phases, forces, instants, horizon),
            back=back,
            lasted=lasted,
            factor=social.stigma_leaving * social.again**earlier,
            forces=forces,
            opens=np.array(opens),
        )

    def rows(self, index: Index) -> Climate:
        """The same for a selection of rows."""
        phases = self.phases
        tables = {
            name: np.ascontiguousarray(getattr(phases, name)[:, index])
            for name in ("start", "length", "up", "joinable", "capacity", "slope", "clock")
        }
        return replace(
            self,
            traits=self.traits.rows(index),
            phases=Phases(**tables, count=phases.count[index]),
            cliffs=tuple(chosen(cliff, index) for cliff in self.cliffs),
            edges=self.edges[index],
            back=self.back[:, index],
            lasted=self.lasted[:, index],
            factor=self.factor[:, index],
            forces=tuple(chosen(force, index) for force in self.forces),
        )

    def between(self, start: Array, end: Array) -> Stretch:
        """What happens from `start` to `end`, hours, of shape (rows, n); no edge may lie inside."""
        middle, phases = 0.5 * (start + end), self.phases
        phase = phases.find(middle)
        row = np.arange(len(start))[:, None]
        since = start - phases.start[phase, row]
        hours = end - start
        up, joinable = phases.up[phase, row], phases.joinable[phase, row]
        capacity, slope = phases.capacity[phase, row], phases.slope[phase, row]
        m = np.where(up, 0.0, self.factor[phase, row] * self.announced(middle))
        clock = phases.clock[phase, row] + since
        wanting = np.where(up, self.wanting(start, hours), 0.0)
        return Stretch(
            phase=phase,
            up=up,
            joinable=joinable,
            patience=self._impatience(clock, clock + hours, m, up),
            pressure=m * hours,
            open=self.opens[:, None, None] <= middle,
            capacity=np.where(up, capacity + slope * since, 0.0),
            capacity_end=np.where(up, capacity + slope * (since + hours), 0.0),
            joins=np.where(joinable, wanting, 0.0),
            barred=np.where(joinable, 0.0, wanting),
        )

    def announced(self, times: Array) -> Array:
        """By what the announcement in force multiplies the hazard of leaving. Shape of `times`."""
        factor = np.ones_like(times)
        for force in self.forces:
            here = (times >= force.at) & (times < force.until[:, None])
            said = np.where(times < force.deadline[:, None], force.holds[:, None], force.missed[:, None])
            factor = np.where(here, said, factor)
        return factor

    def wanting(self, start: Array, hours: Array) -> Array:
        """Newcomers who would join in `hours` from `start` if they could; no surge may begin inside."""
        rows, n = start.shape
        traits = self.traits.rows(np.repeat(np.arange(rows), n))
        total = np.zeros(rows * n)
        for height, fading in traits.join_flows(start.ravel()):
            total += height * decay_moment(0, fading, hours.ravel())
        return total.reshape(rows, n)

    def _impatience(self, clock: Array, later: Array, m: Array, up: Flags) -> Array:
        """The fall of log-survival, times m, from one reading of the patience clock to another."""
        found = np.zeros_like(clock)
        down = np.flatnonzero(~up & (later > clock) & (m > 0.0))
        row = down // clock.shape[1]
        overrides = {name: values[row] for name, values in self.traits.overrides.items()}
        law = self.traits.patience
        with np.errstate(divide="ignore", invalid="ignore"):
            before = law.log_survival(clock.take(down), **overrides)
            fall = before - law.log_survival(later.take(down), **overrides)
            found.ravel()[down] = m.take(down) * np.where(np.isneginf(before), np.inf, fall)
        return found


def _outages(phases: Phases) -> tuple[Flags, Array, Array]:
    """Where the service comes back, after how many hours, and how many earlier outages are not forgotten.

    Each of shape (phases, rows). Down phases without service in between are one outage.
    """
    back, lasted = np.zeros_like(phases.up), np.zeros_like(phases.start)
    earlier = np.zeros_like(phases.start)
    rows = phases.start.shape[1]
    out, count = np.zeros(rows), np.zeros(rows)
    was_down = np.zeros(rows, dtype=bool)
    for p in range(len(phases.start)):
        there = phases.length[p] > 0.0
        down = ~phases.up[p] & there
        begins = down & ~was_down
        count = np.where(begins, np.where(phases.clock[p] > 0.0, count + 1.0, 0.0), count)
        earlier[p] = count
        back[p] = there & phases.up[p] & was_down
        lasted[p] = np.where(back[p], out, 0.0)
        out = np.where(down, np.where(begins, 0.0, out) + phases.length[p], out)
        was_down = np.where(there, down, was_down)
    return back, lasted, earlier


def _in_force(announcements: Sequence[Announcement], phases: Phases, back: Flags) -> tuple[Force, ...]:
    """Until when each announcement is in force: the service comes back, or something else is announced."""
    found = []
    for i, said in enumerate(announcements):
        coming = np.where(back & (phases.start > said.at), phases.start, np.inf)
        until = coming.min(axis=0)
        if i + 1 < len(announcements):
            until = np.minimum(until, announcements[i + 1].at)
        found.append(Force(said.at, until, said.at + said.back_within, said.holds, said.missed))
    return tuple(found)


def _edges(
    traits: Traits, phases: Phases, forces: Sequence[Force], instants: Sequence[float], horizon: float
) -> Array:
    """All instants at which anything changes; see `Climate`."""
    rows = phases.start.shape[1]
    parts = [phases.start.T, np.full((rows, 1), horizon)]
    parts += [np.full((rows, 1), at) for at in instants if 0.0 < at < horizon]
    for force in forces:
        parts.append(np.full((rows, 1), force.at))
        parts.append(np.where(force.deadline < force.until, force.deadline, horizon)[:, None])
    parts += _turns(traits, phases, horizon)
    return merged(parts, horizon)


def merged(parts: Sequence[Array], horizon: float) -> Array:
    """Instants (rows, n) of several lists: ascending, each once, within 0 and the horizon."""
    edges = np.sort(np.clip(np.concatenate(parts, axis=1), 0.0, horizon), axis=1)
    same = edges[:, 1:] - edges[:, :-1] <= 1e-12 * horizon
    edges[:, 1:][same] = horizon
    edges = np.sort(edges, axis=1)
    return np.ascontiguousarray(edges[:, : max(int((edges < horizon).sum(axis=1).max()) + 1, 2)])


def _turns(traits: Traits, phases: Phases, horizon: float) -> list[Array]:
    """When the patience clock reads a value at which the law jumps or bends."""
    atoms = traits.patience.atoms(**traits.overrides)
    if atoms is None:
        values = list(traits.patience.knots(**traits.overrides))
    else:
        values = [np.asarray(value) for value in atoms[0]] if len(atoms[0]) <= _MOST_ATOMS else []
    if not values or phases.up.all():
        return []
    found = []
    for value in values:
        at = phases.start + (np.asarray(value, dtype=float) - phases.clock)
        inside = ~phases.up & (at > phases.start) & (at < phases.start + phases.length)
        found.append(np.where(inside, at, horizon).T)
    return found
