"""What the users of one segment are like, and how many of them are where.

`Traits` are the segment's fields with this block's unknowns in place, a value a replication; `Users` are
expected numbers of users by state, a value a row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.demand.impulses import Impulses
from sim.errors import Problem, ScenarioError
from sim.scenario import Inputs, Law, Scenario
from sim.scenario.first_visit import visited
from sim.scenario.people import MOST_RETURNS
from sim.streams import BLOCK

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Surge:
    """A burst of newcomers: from `at` on, joins x (1 + times exp(-(t - at) / fades_over))."""

    at: float
    times: Array
    fades: Array
    """1 / fades_over, per hour."""


@dataclass(frozen=True, slots=True)
class Traits:
    """One segment. Arrays of shape (rows,); rates per hour.

    Attributes
    ----------
    start, joins
        Users at the start; users who join per hour while they can.
    churn, gives_up, decay
        Hazards: ordinary churn; of one who is away, of giving up; of an active user whose app must be
        installed again, while that is impossible.
    uninstalls
        Share of leavers who must install the app to return.
    patience, overrides
        Law of the hours until a waiting user leaves, and its parameters that differ between rows.
    """

    start: Array
    joins: Array
    churn: Array
    gives_up: Array
    decay: Array
    uninstalls: Array
    impulses: Impulses
    patience: Law
    overrides: dict[str, Array]
    surges: tuple[Surge, ...]

    def rows(self, index: NDArray[np.int64]) -> Traits:
        """The same for a selection of rows."""
        return replace(
            self,
            start=self.start[index],
            joins=self.joins[index],
            churn=self.churn[index],
            gives_up=self.gives_up[index],
            decay=self.decay[index],
            uninstalls=self.uninstalls[index],
            impulses=self.impulses.rows(index),
            overrides={name: value[index] for name, value in self.overrides.items()},
            surges=tuple(Surge(s.at, s.times[index], s.fades[index]) for s in self.surges),
        )

    def join_flows(self, start: Array) -> list[tuple[Array, Array]]:
        """The flow of newcomers from `start` on, as terms a exp(-b s): (a, b) with a in users per hour.

        No terms where nobody ever joins.
        """
        if not self.joins.any():
            return []
        flows = [(self.joins, np.zeros_like(self.joins))]
        for surge in self.surges:
            age = start - surge.at
            begun = age >= 0.0
            height = np.where(begun, np.exp(-surge.fades * np.where(begun, age, 0.0)), 0.0)
            flows.append((self.joins * surge.times * height, surge.fades))
        return flows


@dataclass(frozen=True, slots=True)
class Users:
    """Expected users of one segment by state; those who are gone follow from what is left of everyone.

    ``with_app`` and ``without_app`` are the away users who need only the service back, and those who need
    the way to install too, by impulses left: shape (most + 1, rows). The others: shape (rows,).
    """

    active: Array
    waiting: Array
    with_app: Array
    without_app: Array

    def rows(self, index: NDArray[np.int64]) -> Users:
        """The same for a selection of rows."""
        return Users(
            self.active[index], self.waiting[index], self.with_app[:, index], self.without_app[:, index]
        )

    def put(self, index: NDArray[np.int64], part: Users) -> None:
        """Write `part` into the rows of this (mutable arrays) at `index`."""
        self.active[index], self.waiting[index] = part.active, part.waiting
        self.with_app[:, index], self.without_app[:, index] = part.with_app, part.without_app

    def copy(self) -> Users:
        """Arrays of its own."""
        return Users(self.active.copy(), self.waiting.copy(), self.with_app.copy(), self.without_app.copy())


def traits_of(scenario: Scenario, segment: str, inputs: Inputs) -> Traits:
    """Read one segment with the block's unknowns."""
    path = f"users.segments.{segment}"
    record = scenario.users.segments[segment]

    def rows(value: float | Array) -> Array:
        return np.broadcast_to(np.asarray(value, dtype=float), (BLOCK,)).copy()

    def field(name: str) -> Array:
        return rows(inputs.number(f"{path}.{name}"))

    rate = field("returns.rate")
    fades = None if record.returns.fades_over is None else field("returns.fades_over")
    if fades is not None and float((rate * fades).max()) > MOST_RETURNS:
        message = f"rate x fades_over must not exceed {MOST_RETURNS:g}; leave fades_over out (it never fades)"
        raise ScenarioError([Problem(f"{path}.returns", message)])
    patience, overrides = inputs.law(f"{path}.patience")
    if record.visits is not None:
        patience, overrides = visited(patience, overrides, field("visits"))
    surges = []
    for event in scenario.events:
        if event.verb == "surge" and event.of in ("users", segment):
            base = f"events.{event.id}"
            fading = 1.0 / rows(inputs.number(f"{base}.fades_over"))
            surges.append(Surge(event.at, rows(inputs.number(f"{base}.times")), fading))
    return Traits(
        start=rows(inputs.number("users.start")) * field("share"),
        joins=rows(inputs.number("users.joins")) * field("join_share"),
        churn=field("churn"),
        gives_up=field("gives_up"),
        decay=field("app_decay"),
        uninstalls=field("uninstalls"),
        impulses=Impulses.of(rate, fades),
        patience=patience,
        overrides={name: rows(value) for name, value in overrides.items()},
        surges=tuple(surges),
    )
