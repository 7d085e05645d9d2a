"""CPU time of one thing against another, taken turn by turn in one process.

In: two callables. Out: the median over the rounds of the ratio of their CPU times. Ratios of neighbours in
time do not care how fast the machine is, nor that it slows down half-way.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 7
"""Rounds of a comparison; the median of 7 shrugs off three disturbed ones."""

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Ratio:
    """One measured ratio, and what it must be.

    ``seconds`` are the median CPU seconds of one unit of the first and of the second; ``at_most`` and
    ``at_least`` are None where a ratio is only told. An ``exact`` one is a count, which must be what it was.
    The value of what could not be measured (a library that is not installed) is NaN.
    """

    name: str
    value: float
    seconds: tuple[float, float]
    at_most: float | None = None
    at_least: float | None = None
    exact: bool = False

    @property
    def holds(self) -> bool:
        """Whether it is within its bounds."""
        return (self.at_most is None or self.value <= self.at_most) and (
            self.at_least is None or self.value >= self.at_least
        )

    @property
    def bound(self) -> str:
        """Its bound in words."""
        if self.exact:
            return "as before"
        if self.at_most is not None:
            return f"at most {self.at_most:g}"
        return f"at least {self.at_least:,g}" if self.at_least is not None else "told only"


def cpu_seconds(work: Work) -> float:
    """CPU seconds of this process while ``work`` runs once; the collector runs before, not in between."""
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        work()
        return time.process_time() - start
    finally:
        gc.enable()


def compare(
    name: str,
    first: Work,
    second: Work,
    *,
    units: tuple[float, float] = (1.0, 1.0),
    rounds: int = ROUNDS,
    at_most: float | None = None,
    at_least: float | None = None,
) -> Ratio:
    """The ratio of CPU times, one unit of ``first`` over one unit of ``second``.

    ``units`` says how many units one call does. Each is called once before, unmeasured (imports, caches).
    """
    first(), second()
    pairs: list[tuple[float, float]] = []
    for turn in range(rounds):
        if turn % 2:
            b, a = cpu_seconds(second), cpu_seconds(first)
        else:
            a, b = cpu_seconds(first), cpu_seconds(second)
        pairs.append((a / units[0], b / units[1]))
    return Ratio(
        name,
        statistics.median(a / b for a, b in pairs),
        (statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)),
        at_most,
        at_least,
    )
