"""One world in which users of several segments live together, and the counts that act on them.

In: a setting. Out: how many users were in each state at given times, and what they did on the way.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy

from tests.twin.manners import EVERYBODY, Rival, Segment, Setting
from tests.twin.resident import Resident

Process = Generator[simpy.Event, Any, None]

TICK = 0.05
"""Hours between two looks of the doorkeeper: short against everything that happens at the door."""


@dataclass(frozen=True)
class Report:
    """Copies of the totals of a `World` at one time, and how many stood at the door."""

    count: Counter[tuple[str, str]]
    away_at: Counter[tuple[str, str]]
    beside: Counter[str]
    door: int


class World:
    """Totals of users, kept up to date by the users themselves.

    ``count`` is by segment and state, ``away_at`` by segment and place, ``beside`` by rival, ``flows`` by
    what was done and the segment of who did it. ``reports`` tells how it was at every one of ``times``.
    """

    def __init__(
        self,
        setting: Setting,
        times: tuple[float, ...],
        rng: np.random.Generator,
        kind: type[Resident] = Resident,
    ) -> None:
        self.setting, self.times, self.rng, self.kind = setting, times, rng, kind
        self.env = simpy.Environment()
        self.count: Counter[tuple[str, str]] = Counter()
        self.away_at: Counter[tuple[str, str]] = Counter()
        self.beside: Counter[str] = Counter()
        self.flows: Counter[tuple[str, str]] = Counter()
        self.served_hours: dict[str, float] = dict.fromkeys(setting.segments, 0.0)
        self.standing: list[Resident] = []
        self.somebody = self.env.event()
        self.reports: list[Report] = []
        self.looked_at, self.seen = -1.0, 0.0

    def run(self) -> World:
        """Live until the horizon."""
        for name, segment in self.setting.segments.items():
            for i in range(segment.number):
                self.env.process(self.settle(name, i).live(0.0))
            self.env.process(self.newcomers(name, segment))
        self.start = self.present()
        self.env.process(self.reporter())
        if self.setting.entrance is not None:
            self.env.process(self.doorkeeper())
        self.env.run(until=self.setting.horizon * (1.0 + 1e-9))
        return self

    # -- what acts on everybody ----------------------------------------------------------------------

    def total(self, state: str) -> int:
        return sum(self.count[name, state] for name in self.setting.segments)

    def present(self) -> int:
        return self.total("active") + self.total("waiting")

    def share_away(self) -> float:
        """Share of those who are not gone that is away."""
        away = self.total("away")
        return away / (self.present() + away) if away else 0.0

    def share_away_before(self, now: float) -> float:
        """The same for something that happens to all at one instant: as it was before the first of them."""
        if now != self.looked_at:
            self.looked_at, self.seen = now, self.share_away()
        return self.seen

    def attraction(self, name: str, rival: Rival) -> float:
        """How much more (or less) a rival attracts than at the start, by its size and ours."""
        if rival.grows == 0.0 or rival.users == 0.0:
            return 1.0
        present = self.present()
        if present == 0:
            return rival.at_most
        theirs = rival.users + self.beside[name]
        theirs += sum(self.away_at[segment, name] for segment in self.setting.segments)
        growth = (theirs / rival.users) / (present / self.start)
        return min(rival.at_most, float(growth**rival.grows))

    def promise(self, segment: str, now: float) -> float:
        """What the announcement in force multiplies the hazard of leaving by; 1 if there is none."""
        made = [a for a in self.setting.announcements if a.of in {EVERYBODY, segment} and a.at <= now]
        if not made:
            return 1.0
        last = max(made, key=lambda a: a.at)
        reopenings = self.setting.segments[segment].doors.reopenings
        if any(last.at < instant <= now for instant in reopenings):
            return 1.0
        return last.holds if now < last.at + last.back_within else last.missed

    def next_change(self, segment: str, now: float) -> float:
        """The first instant after ``now`` at which something changes for users of the segment."""
        setting = self.setting
        edges = [setting.segments[segment].doors.next_change(now)]
        edges += [edge for a in setting.announcements for edge in (a.at, a.at + a.back_within)]
        edges += [rival.opens_at for rival in setting.rivals.values()]
        edges += [cliff.at for cliff in setting.cliffs]
        return min(edge for edge in edges if edge > now)

    # -- who comes -----------------------------------------------------------------------------------

    def settle(self, segment: str, i: int) -> Resident:
        """User ``i`` of those there at the start, who has settled or not."""
        number, member = self.setting.segments[segment].number, self.setting.segments[segment].member
        newcomers = member.newcomers
        unsettled = newcomers is not None and i < round(newcomers.at_start * number)
        return self.kind(self, segment, unsettled=unsettled)

    def newcomers(self, name: str, segment: Segment) -> Process:
        """Those who want to join: Poisson, thinned from the highest rate to the one of the moment."""
        surges, now = segment.surges, 0.0
        highest = segment.joins * (1.0 + sum(times for _, times, _ in surges))
        while highest > 0.0:
            wait = float(self.rng.exponential(1.0 / highest))
            if now + wait >= self.setting.horizon:
                return
            yield self.env.timeout(wait)
            now += wait
            extra = sum(times * math.exp(-(now - at) / over) for at, times, over in surges if now >= at)
            if self.rng.random() * highest < segment.joins * (1.0 + extra):
                self.admit(name, now)

    def admit(self, name: str, now: float) -> None:
        """A newcomer joins the segment, or another one if its way in is closed, or nobody."""
        segments = self.setting.segments
        doors, moves = segments[name].doors, segments[name].member.moves
        if not doors.served(now):
            return
        if not doors.joinable(now):
            if moves is None or self.rng.random() >= moves.share:
                return
            name, doors = moves.to, segments[moves.to].doors
            if not (doors.served(now) and doors.joinable(now)):
                return
        self.flows["joined", name] += 1
        newcomer = self.kind(self, name, unsettled=segments[name].member.newcomers is not None)
        self.env.process(newcomer.live(now))

    # -- the door ------------------------------------------------------------------------------------

    def let_in_an_hour(self, now: float) -> float:
        """A / (1 + retries x Q / A); A is the capacity of the segments, weighted by who stands there."""
        entrance, queue = self.setting.entrance, len(self.standing)
        assert entrance is not None
        if queue == 0:
            return entrance.admits
        shares = 0.0
        for segment, number in Counter(user.segment for user in self.standing).items():
            doors = self.setting.segments[segment].doors
            shares += number / queue * (doors.capacity_at(now) if doors.served(now) else 0.0)
        admits = entrance.admits * shares
        return admits / (1.0 + entrance.retries * queue / admits) if admits > 0.0 else 0.0

    def stands(self, user: Resident) -> None:
        """A user comes to the door."""
        self.standing.append(user)
        if not self.somebody.triggered:
            self.somebody.succeed()

    def doorkeeper(self) -> Process:
        """Every tick lets in as many as there was time for, whoever of those who stand there."""
        while True:
            yield self.somebody
            time_for = 0.0
            while self.standing:
                yield self.env.timeout(TICK)
                time_for += TICK * self.let_in_an_hour(self.env.now)
                while time_for >= 1.0 and self.standing:
                    time_for -= 1.0
                    self.standing[self.rng.integers(len(self.standing))].let_in()
            self.somebody = self.env.event()

    # -- who counts ----------------------------------------------------------------------------------

    def reporter(self) -> Process:
        for time in self.times:
            yield self.env.timeout(time - self.env.now)
            self.reports.append(
                Report(Counter(self.count), Counter(self.away_at), Counter(self.beside), len(self.standing))
            )
