"""One scenario whose users act on each other, said twice: the record, and what the cases share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.supply.timeline import Level, Timeline
from tests.pipeline import level, timeline
from tests.twin.doors import Doors, Piece, Span
from tests.twin.manners import Setting
from tests.twin.patience import Exponential

DAY = 24.0
DAYS = 60.0
HORIZON = DAYS * DAY
FORGOTTEN_AFTER = 10.0

TEXT = """
name: twin
title: A platform whose users act on each other
clock: {{start: 2025-01-01T00:00Z, horizon: 60 d, report_every: 127 h}}
suppliers: {{host: {{kind: cloud host}}, store: {{kind: app store}}, other: {{kind: cloud host}}}}
capabilities: {{use: {{needs: [host]}}, install: {{needs: [store]}}, visit: {{needs: [other]}}}}
users:
  start: {start}
  served_by: use
  forgotten_after: 10 d
{users}
events: [{events}]
"""


@dataclass(frozen=True)
class Track:
    """When a capability is down, and its capacity where that is not all or nothing. Days."""

    down: tuple[Span, ...] = ()
    capacity: tuple[Piece, ...] = ()

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Start, value, slope per day."""
        if self.capacity:
            return self.capacity
        pieces = [(0.0, 1.0, 0.0)]
        for start, end in self.down:
            pieces = [piece for piece in pieces if piece[0] < start]
            pieces += [(start, 0.0, 0.0)] + ([(end, 1.0, 0.0)] if end < DAYS else [])
        return tuple(pieces)

    @property
    def spans(self) -> tuple[Span, ...]:
        return tuple((start * DAY, end * DAY) for start, end in self.down)

    def hourly(self) -> tuple[Piece, ...]:
        return tuple((t * DAY, value, slope / DAY) for t, value, slope in self.pieces)

    def level(self) -> Level:
        return level(*self.hourly())


UP = Track()
OUTAGE = Track(((5.0, 25.0),))
TWO = Track(((5.0, 15.0), (20.0, 32.0)))
THREE = Track(((5.0, 12.0), (16.0, 22.0), (40.0, 50.0)))
DELISTED = Track(((3.0, 40.0),))
RAMP = Track(
    ((5.0, 20.0), (24.0, 30.0)),
    (
        (0.0, 1.0, 0.0),
        (5.0, 0.0, 0.0),
        (20.0, 0.2, 0.2),
        (24.0, 0.0, 0.0),
        (30.0, 0.0, 0.25),
        (34.0, 1.0, 0.0),
    ),
)


@dataclass(frozen=True)
class UserCase:
    """One scenario, twice.

    ``setting`` makes the twin's from the doors of those who use and install, use without installing, and
    visit. ``interacting`` says that users act on each other by their numbers, or queue, so that a finite
    world is off the limit by some people.
    """

    users: str
    setting: Callable[[Doors, Doors, Doors], Setting]
    events: str = ""
    start: int = 250
    worlds: int = 14
    use: Track = OUTAGE
    install: Track = UP
    visit: Track = UP
    interacting: bool = False

    def text(self) -> str:
        return TEXT.format(start=self.start, users=self.users, events=self.events)

    def timeline(self) -> Timeline:
        tracks = {"use": self.use, "install": self.install, "visit": self.visit}
        return timeline(HORIZON, {name: track.level() for name, track in tracks.items()})

    def twin(self) -> Setting:
        def doors(serves: Track, joins: Track) -> Doors:
            return Doors(HORIZON, serves.spans, joins.spans, FORGOTTEN_AFTER * DAY, serves.hourly())

        return self.setting(doors(self.use, self.install), doors(self.use, UP), doors(self.visit, UP))


def per_day(rate: float) -> float:
    return rate / DAY


SLOW = Exponential(30 * DAY)
