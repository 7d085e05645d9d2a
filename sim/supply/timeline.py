"""What the supply side says happened: who could serve the platform, hour by hour, and why not.

In: nothing. Out: the records that every later layer reads. Demand, outcomes and views know this module
alone, never the simulator that made it, so a timeline may as well be written by hand.

The four small records that a replication makes by the dozen are named tuples: as frozen as a frozen
dataclass and made four times as fast.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any, Generic, NamedTuple, TypeVar, overload

__all__ = ["GAVE_UP", "Cause", "Happening", "Level", "Record", "Timeline", "Told", "none_left"]

T = TypeVar("T")


class Told(Sequence[T], Generic[T]):
    """A tuple that is made when somebody first looks at it. Equal to any sequence with the same items."""

    __slots__ = ("_items", "_tell")

    def __init__(self, tell: Callable[[], tuple[T, ...]]) -> None:
        self._tell: Callable[[], tuple[T, ...]] | None = tell
        self._items: tuple[T, ...] = ()

    def _all(self) -> tuple[T, ...]:
        if self._tell is not None:
            self._items = self._tell()
            self._tell = None
        return self._items

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...

    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        return self._all()[index]

    def __len__(self) -> int:
        return len(self._all())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._all() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return repr(self._all())

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (self._all(),)


GAVE_UP = "gave up"
"""What it is called that the operator stops trying, as a happening and as a cause."""


def none_left(role: str) -> str:
    """What an exhausted search for a role is called, as a happening and as a cause: ``no host left``."""
    return f"no {role} left"


@dataclass(frozen=True, slots=True)
class Level:
    """Capacity of one capability over [0, horizon): straight pieces, each with its start, not its end.

    Attributes
    ----------
    times
        Starts of the pieces, hours; the first is 0, strictly increasing, all before the horizon.
    values
        Capacity at the start of each piece, in [0, 1].
    slopes
        Change an hour within each piece; 0 nearly always.
    horizon
        Hours; where the last piece ends.
    """

    times: tuple[float, ...]
    values: tuple[float, ...]
    slopes: tuple[float, ...]
    horizon: float = inf

    def at(self, t: float) -> float:
        """Capacity at `t` hours; at a jump the value right after it."""
        i = max(bisect_right(self.times, t) - 1, 0)
        return self.values[i] + self.slopes[i] * (t - self.times[i])

    def down(self) -> tuple[tuple[float, float], ...]:
        """The maximal intervals [start, end) without any capacity. A piece that rises from 0 is not down."""
        times, values, slopes = self.times, self.values, self.slopes
        if 0.0 not in values:
            return ()
        found: list[tuple[float, float]] = []
        last = len(times) - 1
        for i, start in enumerate(times):
            if values[i] == 0.0 and slopes[i] == 0.0:
                if found and found[-1][1] == start:
                    start = found.pop()[0]
                found.append((start, times[i + 1] if i < last else self.horizon))
        return tuple(found)

    def integral(self, a: float = 0.0, b: float | None = None) -> float:
        """Capacity hours from `a` to `b` (the horizon if left out)."""
        b = self.horizon if b is None else b
        total = 0.0
        ends = (*self.times[1:], max(self.horizon, b))
        for start, end, value, slope in zip(self.times, ends, self.values, self.slopes, strict=True):
            low, high = max(start, a), min(end, b)
            if high > low:
                total += (high - low) * (value + slope * (0.5 * (low + high) - start))
        return total


class Record(NamedTuple):
    """One piece of work, wait or absence of one attempt to get a role filled.

    Attributes
    ----------
    id
        Position in `Timeline.records`: order of the file, then of time. Ties follow it.
    role, name
        ("host", "adapt").
    kind
        ``task``, ``wait`` (for engineers), ``search``, ``detection``, ``cut_over`` or ``supplier`` (its
        absence).
    start, end
        Hours; `end` is infinite where the horizon cut it, and the moment of giving up where it was abandoned.
    after
        Ids of the records it had to wait for.
    label
        For people.
    """

    id: int
    role: str
    name: str
    kind: str
    start: float
    end: float
    after: tuple[int, ...]
    label: str

    @property
    def finished(self) -> bool:
        """Whether it ended before the horizon."""
        return self.end < inf


class Happening(NamedTuple):
    """One thing that happened: when, to whom, what, and which event or work led to it.

    `entity` is a role ("host"), a candidate ("host.candidate.3") or a task ("host.adapt"). `event` is one of
    ``announced``, ``suspended``, ``delisted``, ``outage``, ``restored``, ``outage over``, ``without effect``,
    ``detected``, ``asked``, ``refused``, ``accepted``, ``withdrawn``, `none_left` of the role,
    ``waits for engineers``, ``started``, ``finished``, ``abandoned`` or ``replaced``; of a candidate also
    ``withdrew`` (it went back on its yes), of its role ``dropped`` (it left once it served); of a task also
    ``to be done again``, ``spared``, ``cut short`` and ``withdrawn`` (undone with its candidate); of a role
    ``appealed``, ``appeal refused`` and ``appeal granted``; of the operator `GAVE_UP`. Suppliers also
    ``failed`` and are ``repaired``, are ``terminated`` (and the ``account gone`` when somebody would restore
    it), ``degraded`` until the ``degradation over``, ``left`` of themselves, or lost as ``upstream down`` and
    back as ``upstream back``.

    `cause` is an event, a role or candidate, or the name of the draws that settled it: ``host / fails``,
    ``region / fails``, ``region.common / fails``, ``host / leaves``.
    """

    time: float
    entity: str
    event: str
    cause: str


class Cause(NamedTuple):
    """A part of one down interval of one capability, and what it was spent on.

    Attributes
    ----------
    outage
        Which down interval of the capability, from 0.
    cause
        ``host.adapt``, ``host.search``, ``host.lead``, ``host.detection``, ``host.appeal``, ``host`` (waiting
        for the supplier itself), `none_left` of a role or `GAVE_UP`.
    kind
        ``task``, ``wait``, ``search`` or ``supplier``. Detection is a wait.
    hours
        The parts of one interval add up to its length.
    censored
        The horizon cut this very piece of work: it would have taken longer.
    """

    capability: str
    outage: int
    cause: str
    kind: str
    hours: float
    censored: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """One replication of the supply side.

    Attributes
    ----------
    horizon
        Hours.
    levels
        Capacity of every capability.
    records, happenings
        What was done and what happened, see `Record` and `Happening`. Like `causes` made when first looked
        at: a study asks for them only where it shows them.
    causes
        The realised critical path of every down interval; adds up to the downtime of each capability.
    contacted, refused, withdrew
        Candidates, counted an enquiry.
    spent
        Emergency cost, in the scenario's currency: the cost of the tasks that were begun.
    event_count
        Events that SimPy processed.
    data_loss_window
        Hours of data lost with the first supplier that held data and left; see `data_lost`.
    data_lost
        ``none``, ``part``, or ``all``.
    suppliers
        For each role the times at which its state changed, the first at 0: ``up``, ``notice``, ``suspended``
        (gone or down, for whatever reason) or ``replaced``. A degraded supplier is not down.
    players
        For each role who serves from which hour on: "" for who played it at the start, a candidate's name, or
        None while nobody does.
    """

    horizon: float
    levels: Mapping[str, Level]
    records: Sequence[Record]
    happenings: Sequence[Happening]
    causes: Sequence[Cause]
    contacted: int
    refused: int
    withdrew: int
    spent: float
    event_count: int
    data_loss_window: float
    data_lost: str
    suppliers: Mapping[str, tuple[tuple[float, str], ...]]
    players: Mapping[str, tuple[tuple[float, str | None], ...]] = field(default_factory=dict)
