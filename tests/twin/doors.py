"""When the doors are open, as one segment sees them: fixed beforehand, the same for all its users."""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[float, float]
Piece = tuple[float, float, float]


def inside(spans: tuple[Span, ...], t: float) -> bool:
    """Whether ``t`` lies in one of the half-open spans."""
    return any(start <= t < end for start, end in spans)


@dataclass(frozen=True)
class Doors:
    """Down times of the service and of the way in, and how much of the service there is.

    ``capacity`` lists (start, value, slope per hour); it must be 0 exactly inside ``service_down``.
    Times in hours.
    """

    horizon: float
    service_down: tuple[Span, ...] = ()
    joining_down: tuple[Span, ...] = ()
    forgotten_after: float = 168.0
    capacity: tuple[Piece, ...] = ((0.0, 1.0, 0.0),)

    def served(self, t: float) -> bool:
        return not inside(self.service_down, t)

    def joinable(self, t: float) -> bool:
        return not inside(self.joining_down, t)

    @property
    def reopenings(self) -> tuple[float, ...]:
        """Instants at which the service comes back."""
        return tuple(end for _, end in self.service_down if end < self.horizon)

    def outage_until(self, t: float) -> float:
        """Length of the outage that ends at ``t``."""
        (length,) = (end - start for start, end in self.service_down if end == t)
        return length

    def next_change(self, t: float) -> float:
        """The first instant after ``t`` at which a door opens or closes, or the horizon."""
        edges = [edge for span in (*self.service_down, *self.joining_down) for edge in span]
        return min((edge for edge in edges if edge > t), default=self.horizon)

    def patience_clock(self, t: float) -> float:
        """Hours on the patience clock at ``t``, while the service is down.

        Starts at 0 with an outage, but goes on from where it stood if the service was up for less than
        ``forgotten_after`` since the outage before.
        """
        clock, last_end = 0.0, None
        for start, end in self.service_down:
            if start > t:
                break
            if last_end is None or start - last_end >= self.forgotten_after:
                clock = 0.0
            clock += min(t, end) - start
            last_end = end
        return clock

    def earlier_outages(self, t: float) -> int:
        """How many outages before the one at ``t`` are on the same patience clock."""
        earlier, last_end = 0, None
        for start, end in self.service_down:
            if start > t:
                break
            if last_end is not None:
                earlier = 0 if start - last_end >= self.forgotten_after else earlier + 1
            last_end = end
        return earlier

    def capacity_at(self, t: float) -> float:
        """The capacity at ``t``; at a jump the value right after it."""
        begins, value, slope = [piece for piece in self.capacity if piece[0] <= t][-1]
        return value + slope * (t - begins)

    def capacity_hours(self, start: float, end: float) -> float:
        """Integral of the capacity over [start, end)."""
        total = 0.0
        ends = [*(piece[0] for piece in self.capacity[1:]), self.horizon]
        for (begins, value, slope), stops in zip(self.capacity, ends, strict=True):
            a, b = max(start, begins), min(end, stops)
            if b > a:
                total += (b - a) * (value + slope * (0.5 * (a + b) - begins))
        return total
