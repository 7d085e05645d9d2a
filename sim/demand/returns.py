"""Those who come back during a phase, as a function of the hours into it.

The impulse chain makes them a polynomial in exp(-fire s), whose coefficients follow from the state at the
start of the phase. They are worked out once, for all phases and replications, and used by every look.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.demand.people import Traits, Users
from sim.demand.phases import Phases
from sim.demand.places import Places
from sim.demand.transition import counted, return_weights

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Returns:
    """The state at the starts of the phases, as looks need it. Shape (replications, phases) unless said.

    Attributes
    ----------
    weight
        Coefficients of exp(-k fire s) of those who have come back, k = 0, 1, ...; each of that shape.
    pool
        Away users by impulses left, where they differ from the weights (somebody gives up).
    base
        Away users whom no impulse can bring back in the phase: none left, or shut out.
    settled
        Active users of the start, and all who will have come back in the end.
    shut
        Where apps decay while they cannot be installed again; None: nowhere.
    present
        Everyone but those gone.
    odd
        Where the closed form does not serve: two hazards meet, or apps decay and people give up as well.
    fire, gives_up, decay
        Per hour, shape (replications,).
    """

    weight: Array
    pool: Array | None
    base: Array
    settled: Array
    shut: NDArray[np.bool_] | None
    present: Array
    odd: NDArray[np.bool_] | None
    fire: Array
    gives_up: Array
    decay: Array

    @classmethod
    def of(cls, own: Traits, phases: Phases, begins: Users) -> Returns:
        """From users at the start of each phase, as rows phase x replication."""
        total, replications = phases.start.shape
        traits = own.rows(np.tile(np.arange(replications), total))
        joinable = phases.joinable.ravel()
        decay = np.where(joinable, 0.0, traits.decay)
        open_ = counted(begins.with_app + np.where(joinable, begins.without_app, 0.0))
        closed = np.where(joinable, 0.0, begins.without_app.sum(axis=0))
        _, weight, near = return_weights(open_, traits, decay)
        odd = near.any(axis=0) & open_[1:].any(axis=0)
        odd |= (decay > 0.0) & (traits.gives_up > 0.0)
        odd &= phases.up.ravel()
        away = begins.with_app.sum(axis=0) + begins.without_app.sum(axis=0)

        def turned(values: NDArray[Any]) -> NDArray[Any]:
            table = values.reshape((*values.shape[:-1], total, replications))
            return np.ascontiguousarray(np.swapaxes(table, -1, -2))

        return cls(
            weight=turned(weight),
            pool=turned(open_) if own.gives_up.any() else None,
            base=turned(open_[0] + closed),
            settled=turned(begins.active + weight.sum(axis=0)),
            shut=turned(decay > 0.0) if decay.any() else None,
            present=turned(begins.active + begins.waiting + away),
            odd=turned(odd) if odd.any() else None,
            fire=own.impulses.fire,
            gives_up=own.gives_up,
            decay=own.decay,
        )

    def at(self, places: Places) -> tuple[Array, Array]:
        """Active users of the start of the phase or since, and users still away, ordinary churn aside."""
        present, held, fading = places.spread(self.settled), places.spread(self.base), None
        if self.shut is not None:
            np.multiply(present, places.left(self.decay), out=present, where=places.spread(self.shut))
        if self.weight[1:].any():
            step = places.left(self.fire)
            fading = _polynomial(self.weight, places, step)
            held += fading if self.pool is None else _polynomial(self.pool, places, step)
        if self.pool is not None:
            shut = places.left(self.gives_up)
            held *= shut
            fading = None if fading is None else fading * shut
        if fading is not None:
            present -= fading
        return present, held


def _polynomial(coefficients: Array, places: Places, x: Array) -> Array:
    """Sum over k >= 1 of coefficient k times x**k, by Horner's rule."""
    total = places.spread(coefficients[-1])
    for coefficient in coefficients[-2:0:-1]:
        total *= x
        total += places.spread(coefficient)
    total *= x
    return total
