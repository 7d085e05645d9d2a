"""Where the downtime came from, as flat columns over all replications of a block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.supply.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Attribution:
    """One entry a part of one down interval: the realised critical path. All of shape (entries,)."""

    row: NDArray[np.int64]
    capability: NDArray[np.object_]
    outage: NDArray[np.int64]
    cause: NDArray[np.object_]
    kind: NDArray[np.object_]
    hours: NDArray[np.float64]
    censored: NDArray[np.bool_]

    @classmethod
    def of(cls, timelines: Sequence[Timeline]) -> Attribution:
        """Every cause of every replication, in order."""
        told = [one.causes[:] for one in timelines]  # [:] is a plain tuple: twice as fast
        counts = [len(causes) for causes in told]
        causes = [*chain.from_iterable(told)]
        capability, outage, cause, kind, hours, censored = zip(*causes, strict=True) if causes else ((),) * 6
        return cls(
            row=np.repeat(np.arange(len(timelines)), counts),
            capability=_words(capability),
            outage=np.array(outage, dtype=np.int64),
            cause=_words(cause),
            kind=_words(kind),
            hours=np.array(hours, dtype=np.float64),
            censored=np.array(censored, dtype=np.bool_),
        )

    def totals(self, capabilities: Sequence[str], rows: int) -> dict[str, NDArray[np.float64]]:
        """Hours attributed to any cause, for each capability. Each of shape (rows,)."""
        number = {name: i for i, name in enumerate(capabilities)}
        which = np.fromiter(map(number.__getitem__, self.capability), np.int64, len(self.capability))
        hours = np.bincount(which * rows + self.row, self.hours, rows * len(number))
        return dict(zip(capabilities, hours.reshape(len(number), rows), strict=True))


def _words(values: Sequence[str]) -> NDArray[np.object_]:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found
