"""Three fixed timelines and three kinds of people, said twice: for the simulator and for its twin."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.supply.timeline import Level, Timeline
from tests.pipeline import level, timeline
from tests.twin.doors import Doors, Piece, Span
from tests.twin.patience import Exponential, Lognormal, Uniform, Weibull
from tests.twin.people import Joins, Person

DAY = 24.0
USERS = 2000
HORIZON = 122 * DAY
REPORTS = 20
REPORT_EVERY = HORIZON / REPORTS

PEOPLE = {
    "core": Person(
        patience=Lognormal(40 * DAY, 120 * DAY),
        return_rate=0.05 / DAY,
        return_fades_over=30 * DAY,
        churn=0.002 / DAY,
        uninstalls=0.3,
        app_decay=0.01 / DAY,
    ),
    "casual": Person(
        patience=Weibull(20 * DAY, 0.7),
        return_rate=0.08 / DAY,
        return_fades_over=25 * DAY,
        churn=0.004 / DAY,
        gives_up=0.01 / DAY,
        uninstalls=0.6,
        app_decay=0.02 / DAY,
    ),
    "web": Person(
        patience=Exponential(25 * DAY),
        return_rate=0.03 / DAY,
        return_fades_over=None,
        churn=0.003 / DAY,
        gives_up=0.005 / DAY,
    ),
}
SHARES = {"core": 0.35, "casual": 0.4, "web": 0.25}
NEWCOMERS_PER_DAY = 8.0
JOIN_SHARES = {"core": 0.25, "casual": 0.5, "web": 0.25}

SEGMENTS = """
    core:
      share: 35 %
      join_share: 25 %
      patience: {median: 40 d, p90: 120 d}
      returns: {rate: 0.05 per day, fades_over: 30 d}
      churn: 0.002 per day
      gives_up: 0 per day
      uninstalls: 30 %
      app_decay: 0.01 per day
    casual:
      share: 40 %
      join_share: 50 %
      patience: {law: weibull, shape: 0.7, scale: 20 d}
      returns: {rate: 0.08 per day, fades_over: 25 d}
      churn: 0.004 per day
      gives_up: 0.01 per day
      uninstalls: 60 %
      app_decay: 0.02 per day
    web:
      join_by: none
      share: 25 %
      join_share: 25 %
      patience: {mean: 25 d}
      returns: {rate: 0.03 per day}
      churn: 0.003 per day
      gives_up: 0.005 per day
      uninstalls: 0 %
      app_decay: 0 per day
"""

TEXT = """
name: twin
title: A platform that exists twice
clock: {{start: 2025-01-01T00:00Z, horizon: 122 d, report_every: 146.4 h}}
suppliers: {{host: {{kind: cloud host}}, store: {{kind: app store}}}}
capabilities: {{use: {{needs: [host]}}, install: {{needs: [store]}}}}
users:
  start: 2000
  served_by: use
  join_by: install
  joins: {joins}
  forgotten_after: {forgotten_after}
  segments:{segments}
events: [{events}]
"""


@dataclass(frozen=True)
class Case:
    """Down times in days, capacity pieces in days, and who surges when."""

    service_down: tuple[Span, ...]
    store_down: tuple[Span, ...]
    capacity: tuple[Piece, ...]
    forgotten_after: str = "7 d"
    surges: tuple[tuple[str, float, float, float], ...] = ()
    people: dict[str, Person] = field(default_factory=lambda: PEOPLE)
    segments: str = SEGMENTS

    def text(self, *, joins: bool) -> str:
        events = ", ".join(
            f"{{surge: {of}, at: 2025-01-{1 + int(at):02d}T00:00Z, times: {times}, fades_over: {fades} d}}"
            for of, at, times, fades in self.surges
        )
        return TEXT.format(
            joins=f"{NEWCOMERS_PER_DAY if joins else 0} per day",
            forgotten_after=self.forgotten_after,
            segments=self.segments,
            events=events,
        )

    def timeline(self) -> Timeline:
        """The fixed timeline, for the simulator."""
        use = level(*((t * DAY, value, slope / DAY) for t, value, slope in self.capacity))
        return timeline(HORIZON, {"use": use, "install": steps(self.store_down)})

    def doors(self, segment: str) -> Doors:
        """The same doors as users of a segment see them, for the twin."""
        return Doors(
            HORIZON,
            hours(self.service_down),
            () if segment == "web" else hours(self.store_down),
            float(self.forgotten_after.removesuffix(" d")) * DAY,
            tuple((t * DAY, value, slope / DAY) for t, value, slope in self.capacity),
        )

    def joins(self, segment: str) -> Joins:
        surges = tuple(
            (at * DAY, times, fades * DAY) for of, at, times, fades in self.surges if of in {"users", segment}
        )
        return Joins(NEWCOMERS_PER_DAY / DAY * JOIN_SHARES[segment], surges)


def hours(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    return tuple((start * DAY, end * DAY) for start, end in spans)


def steps(down: tuple[Span, ...]) -> Level:
    pieces = [(0.0, 1.0)]
    for start, end in hours(down):
        pieces = [piece for piece in pieces if piece[0] < start]
        pieces += [(start, 0.0)] + ([(end, 1.0)] if end < HORIZON else [])
    return level(*pieces)


CASES = {
    "a long outage inside a longer delisting, with a surge before": Case(
        service_down=((15.0, 47.0),),
        store_down=((9.0, 70.0),),
        capacity=((0.0, 1.0, 0.0), (15.0, 0.0, 0.0), (47.0, 0.2, 0.1), (55.0, 1.0, 0.0)),
        surges=(("users", 3.0, 4.0, 5.0), ("casual", 6.0, 3.0, 8.0)),
    ),
    "three outages, the second before the first is forgotten": Case(
        service_down=((5.0, 17.0), (21.0, 33.0), (60.0, 72.0)),
        store_down=((19.0, 28.0), (65.0, 90.0)),
        capacity=(
            (0.0, 1.0, 0.0),
            (5.0, 0.0, 0.0),
            (17.0, 0.5, 0.0),
            (21.0, 0.0, 0.0),
            (33.0, 0.0, 0.5),
            (35.0, 1.0, 0.0),
            (60.0, 0.0, 0.0),
            (72.0, 1.0, 0.0),
        ),
        forgotten_after="10 d",
    ),
    "a delisting while all works, and an outage that the horizon cuts": Case(
        service_down=((0.0, 8.0), (95.0, 122.0)),
        store_down=((20.0, 60.0), (62.0, 66.0)),
        capacity=((0.0, 0.0, 0.0), (8.0, 1.0, 0.0), (30.0, 0.4, 0.0), (41.0, 1.0, 0.0), (95.0, 0.0, 0.0)),
        people={
            **PEOPLE,
            "web": Person(
                patience=Uniform(2 * DAY, 30 * DAY),
                return_rate=0.03 / DAY,
                return_fades_over=None,
                churn=0.003 / DAY,
                gives_up=0.005 / DAY,
            ),
        },
        segments=SEGMENTS.replace("{mean: 25 d}", "{law: uniform, low: 2 d, high: 30 d}"),
        surges=(("web", 10.0, 6.0, 20.0),),
    ),
}
