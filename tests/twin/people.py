"""One process a user: what can happen to this user now, and which of it comes first."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Generator
from dataclasses import dataclass, field

import numpy as np
import simpy

from tests.twin.doors import Doors
from tests.twin.patience import Patience, leaves_at_clock

STATES = ("active", "waiting", "away", "gone")
NEVER = math.inf


@dataclass(frozen=True)
class Person:
    """What a user of one segment is like. Hazards per hour, times in hours."""

    patience: Patience
    return_rate: float
    return_fades_over: float | None
    churn: float = 0.0
    gives_up: float = 0.0
    uninstalls: float = 0.0
    app_decay: float = 0.0


@dataclass
class Diary:
    """How many users were in which state at ``times``; hours of service they had."""

    times: tuple[float, ...]
    counts: dict[str, list[int]] = field(init=False)
    served_hours: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.counts = {state: [0] * len(self.times) for state in STATES}

    def spent(self, state: str, start: float, end: float) -> None:
        """Note that one user was in ``state`` during [start, end)."""
        for i in range(bisect_left(self.times, start), bisect_left(self.times, end)):
            self.counts[state][i] += 1


def exponential(rate: float, rng: np.random.Generator) -> float:
    """Hours until something with a constant hazard happens."""
    return float(rng.exponential(1.0 / rate)) if rate > 0.0 else NEVER


def returns_after(rate: float, fades: float | None, age: float, rng: np.random.Generator) -> float:
    """Hours until a user who has been away for ``age`` hours returns, if the doors stay open.

    The hazard at absence age a is rate x exp(-a / fades); its integral from ``age`` must reach a unit
    exponential, and may never do so.
    """
    if rate == 0.0:
        return NEVER
    if fades is None:
        return exponential(rate, rng)
    left = math.exp(-age / fades) - float(rng.exponential()) / (rate * fades)
    return -fades * math.log(left) - age if left > 0.0 else NEVER


class User:
    """One user's life from ``joins_at`` to the horizon; ``now`` is the user's own, absolute clock."""

    def __init__(self, person: Person, doors: Doors, diary: Diary, rng: np.random.Generator) -> None:
        self.person, self.doors, self.diary, self.rng = person, doors, diary, rng
        self.state = "active"
        self.needs_app = False
        self.left_at = NEVER
        self.hours_served = 0.0

    def live(self, env: simpy.Environment, joins_at: float) -> Generator[simpy.Event, object, None]:
        """Wait for the first thing that happens, or for a door to move; then look again."""
        now, horizon = joins_at, self.doors.horizon
        yield env.timeout(joins_at)
        while now < horizon:
            self.see_the_doors(now)
            change = self.doors.next_change(now)
            what, when = self.first_of(now)
            end = min(when, change, horizon)
            self.diary.spent(self.state, now, NEVER if end >= horizon else end)
            if self.state == "active":
                self.hours_served += self.doors.capacity_hours(now, min(end, horizon))
            yield env.timeout(end - now)
            now = end
            if when < min(change, horizon):
                self.become(what, now)
        self.diary.served_hours.append(self.hours_served)

    def see_the_doors(self, now: float) -> None:
        if self.state == "active" and not self.doors.served(now):
            self.state = "waiting"
        elif self.state == "waiting" and self.doors.served(now):
            self.state = "active"

    def first_of(self, now: float) -> tuple[str, float]:
        """What would happen first if the doors stayed as they are, and when."""
        person, doors, rng = self.person, self.doors, self.rng
        if self.state == "gone":
            return "nothing", NEVER
        could = {"churns": now + exponential(person.churn, rng)}
        if self.state == "active" and not doors.joinable(now):
            could["loses the app"] = now + exponential(person.app_decay, rng)
        if self.state == "waiting":
            clock = doors.patience_clock(now)
            could["loses patience"] = now + leaves_at_clock(person.patience, clock, rng) - clock
        if self.state == "away":
            could["gives up"] = now + exponential(person.gives_up, rng)
            if doors.served(now) and (doors.joinable(now) or not self.needs_app):
                age = now - self.left_at
                could["returns"] = now + returns_after(person.return_rate, person.return_fades_over, age, rng)
        what = min(could, key=lambda name: could[name])
        return what, could[what]

    def become(self, what: str, now: float) -> None:
        if what in {"churns", "gives up"}:
            self.state = "gone"
        elif what == "returns":
            self.state = "active"
        else:
            self.state, self.left_at = "away", now
            self.needs_app = what == "loses the app" or self.rng.random() < self.person.uninstalls


@dataclass(frozen=True)
class Joins:
    """Newcomers: rate x (1 + sum of times x exp(-(t - at) / fades_over)) an hour while the doors are open."""

    rate: float
    surges: tuple[tuple[float, float, float], ...] = ()

    def at(self, t: float, doors: Doors) -> float:
        if not (doors.served(t) and doors.joinable(t)):
            return 0.0
        extra = sum(times * math.exp(-(t - at) / fades) for at, times, fades in self.surges if t >= at)
        return self.rate * (1.0 + extra)

    def draw(self, number: int, doors: Doors, rng: np.random.Generator) -> list[float]:
        """Instants at which ``number`` newcomers join: density proportional to the rate, by rejection."""
        most = self.rate * (1.0 + sum(times for _, times, _ in self.surges))
        instants: list[float] = []
        while len(instants) < number:
            t = float(rng.uniform(0.0, doors.horizon))
            if rng.random() * most < self.at(t, doors):
                instants.append(t)
        return instants


def lives(
    person: Person,
    doors: Doors,
    joins_at: list[float],
    times: tuple[float, ...],
    rng: np.random.Generator,
    kind: type[User] = User,
) -> Diary:
    """Live the lives of users who join at the given instants (0 = there from the start)."""
    env, diary = simpy.Environment(), Diary(times)
    for instant in joins_at:
        env.process(kind(person, doors, diary, rng).live(env, instant))
    env.run()
    return diary
