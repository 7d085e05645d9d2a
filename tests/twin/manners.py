"""What users are like and what surrounds them: plain records, hazards per hour, times in hours."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.twin.doors import Doors
from tests.twin.people import Person

ELSEWHERE = "elsewhere"
EVERYBODY = "users"


@dataclass(frozen=True)
class Newcomers:
    """What one is like until one has settled."""

    churn: float
    settle_over: float
    leaving: float = 1.0
    at_start: float = 0.0


@dataclass(frozen=True)
class Moves:
    """The segment that a share of those joins whose way in is closed."""

    to: str
    share: float


@dataclass(frozen=True)
class Member(Person):
    """What a user of one segment is like; all that is left out is off."""

    again: float = 1.0
    stigma_leaving: float = 1.0
    stigma_returning: float = 1.0
    drawn: float = 1.0
    friends_waiting: float = 0.0
    friends_active: float = 0.0
    friends_returning: float = 0.0
    on_reopening: float = 0.0
    outage_fades: float | None = None
    newcomers: Newcomers | None = None
    moves: Moves | None = None


@dataclass(frozen=True)
class Rival:
    """Another network."""

    pull: float
    users: float = 0.0
    tries: float | None = None
    grows: float = 0.0
    at_most: float = 10.0
    stickiness: float = 0.0
    opens_at: float = 0.0

    @property
    def most(self) -> float:
        """What its attraction never exceeds."""
        return self.at_most if self.grows > 0.0 and self.users > 0.0 else 1.0


@dataclass(frozen=True)
class Announcement:
    """A promise to one segment, or to everybody, that the service will be back."""

    at: float
    back_within: float
    holds: float = 1.0
    missed: float = 1.0
    of: str = EVERYBODY


@dataclass(frozen=True)
class Cliff:
    """The instant at which old versions of the app stop working."""

    at: float
    affects: float
    of: str = EVERYBODY


@dataclass(frozen=True)
class Entrance:
    """The queue at the door; ``admits`` people an hour at full capacity."""

    admits: float
    retries: float = 0.0
    abandons: float = 0.0


@dataclass(frozen=True)
class Segment:
    """A part of the users: how many there are at the start, how many join an hour, and when more do.

    ``surges`` lists (at, times, fades over).
    """

    number: int
    member: Member
    doors: Doors
    joins: float = 0.0
    surges: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True)
class Setting:
    """Everything that is fixed before anybody lives."""

    segments: dict[str, Segment]
    rivals: dict[str, Rival] = field(default_factory=dict)
    entrance: Entrance | None = None
    announcements: tuple[Announcement, ...] = ()
    cliffs: tuple[Cliff, ...] = ()

    @property
    def horizon(self) -> float:
        return next(iter(self.segments.values())).doors.horizon

    @property
    def places(self) -> tuple[str, ...]:
        """Where one can be who is away."""
        return (ELSEWHERE, *self.rivals)
