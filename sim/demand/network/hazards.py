"""What drives each kind of person to leave and back: integrated hazards, and when the way back is open.

In and out: tables with a column (or row) a kind. People of one kind feel the same timeline and have the same
habits; in a block of replications a kind is a segment in one replication.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]

CERTAIN = 1000.0
"""An integrated hazard that nobody survives (exp(-1000) is 0), in place of infinity."""


@dataclass(frozen=True, slots=True)
class Hazards:
    """Integrals of the hazards of leaving from 0 to the edges of the steps. ``E`` edges, ``K`` kinds.

    Attributes
    ----------
    edges
        Hours, ascending from 0. Shape (E,). People feel what their friends did from the next edge on.
    own
        What acts on one whatever one's friends do, a table (E, K) a cause.
    places
        Where those go who leave by each of these causes, as a number.
    keeps_app
        Whether those who leave by each of these causes may keep the app.
    pull
        What acts in proportion to the share of one's friends who are away. Shape (E, K).
    """

    edges: Array
    own: tuple[Array, ...]
    places: tuple[int, ...]
    keeps_app: tuple[bool, ...]
    pull: Array

    @classmethod
    def of(cls, edges: Array, own: Array, pull: Array | None = None) -> Hazards:
        """One cause, after which one is "elsewhere" and keeps the app."""
        return cls(edges, (own,), (0,), (True,), np.zeros_like(own) if pull is None else pull)

    def total(self) -> Array:
        """All causes that do not depend on friends. Shape (E, K)."""
        if len(self.own) == 1:
            return self.own[0]
        whole = self.own[0] + self.own[1]
        for part in self.own[2:]:
            whole += part
        return whole


@dataclass(frozen=True, slots=True)
class Ways:
    """When one can come back: a row for each kind with the app, then one for each kind without it.

    Attributes
    ----------
    opens, closes
        Hours at which the way back opens and closes, ascending. The last entry of every row is infinite, as
        are all that a row does not need. Shape (2 K, m).
    reopens
        Hours at which the service returns and the way is open. Shape (2 K, m), padded likewise.
    draws_back
        The chance that one who is away comes back at that very moment. Shape (2 K, m).
    """

    opens: Array
    closes: Array
    reopens: Array
    draws_back: Array

    @classmethod
    def always(cls, kinds: int) -> Ways:
        """Ways that are never closed."""
        return cls.from_hour(kinds, 0.0)

    @classmethod
    def from_hour(cls, kinds: int, hour: float) -> Ways:
        """Ways that open then and stay open."""
        never = np.full((2 * kinds, 2), np.inf)
        opens = never.copy()
        opens[:, 0] = hour
        return cls(opens, never, never, np.zeros_like(never))

    @classmethod
    def never(cls, kinds: int) -> Ways:
        """Ways that are never open."""
        never = np.full((2 * kinds, 1), np.inf)
        return cls(never, never, never, np.zeros((2 * kinds, 1)))

    def next_reopening(self, way: Index, now: Array) -> Array:
        """The first reopening after `now`; infinity where there is none. Hours."""
        reopens = self.reopens[way]
        return np.asarray(np.where(reopens > now[:, None], reopens, np.inf).min(axis=1))

    def chance_at(self, way: Index, time: Array) -> Array:
        """The chance to come back at the reopening at `time`."""
        return np.asarray(np.where(self.reopens[way] == time[:, None], self.draws_back[way], 0.0).sum(axis=1))

    def next_impulse(
        self, way: Index, left: Array, now: Array, hazard: Array, rate: Array, fading: Array
    ) -> Array:
        """The hour at which the hazard of return, integrated from `now` while the way is open, is used up.

        Parameters
        ----------
        left, now
            When one left, and from when on one looks; hours.
        hazard
            Unit exponentials: the integrated hazard that is let pass.
        rate, fading
            The hazard at absence age a is rate x exp(-fading a), per hour.

        Returns
        -------
        Hours; infinity where no impulse is left or the way never opens again.
        """
        found = np.full(len(way), np.inf)
        at = way * self.opens.shape[1] + (self.closes.take(way, axis=0) <= now[:, None]).sum(axis=1)
        rest, passed, start, f = np.arange(len(way)), hazard, now, fading
        r = rate * np.exp(-fading * (now - left))
        while rest.size:
            opens = self.opens.take(at)
            ever = opens < np.inf
            if not ever.all():
                rest, at, opens, passed = rest[ever], at[ever], opens[ever], passed[ever]
                start, f, r = start[ever], f[ever], r[ever]
            begin, end = np.maximum(opens, start), self.closes.take(at)
            r = r * np.exp(-f * (begin - start))
            mass = r * np.minimum(_faded(f, end - begin), 1e300)  # no hazard for ever is none
            enough = passed < mass
            found[rest[enough]] = begin[enough] + _until(f[enough], passed[enough] / r[enough])
            if enough.all():
                break
            some = ~enough
            rest, at, passed, start, f = (
                rest[some],
                at[some] + 1,
                passed[some] - mass[some],
                begin[some],
                f[some],
            )
            r = r[some]
        return found


def _faded(fading: Array, hours: Array) -> Array:
    """Integral of exp(-fading s) for s in (0, hours); `hours` may be infinite."""
    if fading.all():
        return np.asarray(-np.expm1(-fading * hours) / fading)
    steady = fading == 0.0
    safe = np.where(steady, 1.0, fading)
    return np.where(steady, hours, -np.expm1(-safe * np.where(steady, 0.0, hours)) / safe)


def _until(fading: Array, area: Array) -> Array:
    """The hours after which `_faded` reaches `area`."""
    if fading.all():
        return np.asarray(-np.log1p(-fading * area) / fading)
    steady = fading == 0.0
    safe = np.where(steady, 1.0, fading)
    return np.where(steady, area, -np.log1p(-np.where(steady, 0.0, safe * area)) / safe)


@dataclass(frozen=True, slots=True)
class Habits:
    """What each kind of person is like, beside what drives it away. Arrays of shape (K,), per hour.

    Attributes
    ----------
    churn, gives_up
        Hazard of leaving for good in any state; and of giving up while away.
    uninstalls
        Share of leavers without the app, who need the way to install to return.
    rate, fading
        The hazard of return at absence age a: rate x exp(-fading a). The rate by place, shape (P, K).
    holds
        Factor of the chance to come back at a reopening, by place, shape (P, K).
    deterred
        By how much an impulse to return is less likely to bring one back if all friends are away.
    within
        Mean time in which one leaves once too few friends are there, hours; 0: at the next edge.
    """

    churn: Array
    gives_up: Array
    uninstalls: Array
    rate: Array
    fading: Array
    holds: Array
    deterred: Array
    within: Array

    @classmethod
    def of(
        cls,
        kinds: int,
        *,
        churn: float = 0.0,
        gives_up: float = 0.0,
        rate: float = 0.0,
        fading: float = 0.0,
        deterred: float = 0.0,
        within: float = 0.0,
    ) -> Habits:
        """The same for all kinds, with one place to be away at."""
        row = np.ones(kinds)
        wide = np.ones((1, kinds))
        return cls(
            churn=churn * row, gives_up=gives_up * row, uninstalls=0.0 * row,
            rate=rate * wide, fading=fading * row, holds=wide, deterred=deterred * row, within=within * row,
        )  # fmt: skip
