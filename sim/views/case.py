"""What a view reads: one strategy's results as plain arrays, whatever made or stored them.

In: nothing. Out: the records that `gather` fills from a study and that figures, sentences, the report and
the story read. They hold no file and run no model, so every view can be tested on tables made by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.scenario.model import Scenario
    from sim.scenario.resolution import Resolution
    from sim.supply.timeline import Timeline

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where numbers come from: enough to make them again."""

    scenario: str
    digest: str
    seed: int
    version: str
    replications: int
    strategy: str = ""

    def __str__(self) -> str:
        parts = [f"Scenario {self.scenario}"]
        if self.strategy not in {"", "as_is"}:
            parts.append(f"strategy {self.strategy}")
        parts += [
            f"digest {self.digest}",
            f"seed {self.seed}",
            f"hostfall {self.version}",
            f"{self.replications:,} replications",
        ]
        return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class Fan:
    """One quantity over time, over all runs. All shape (T,)."""

    times: Floats
    mean: Floats
    p05: Floats
    p25: Floats
    p50: Floats
    p75: Floats
    p95: Floats
    counterfactual: Floats

    def at(self, hours: float, quantity: str = "mean") -> float:
        """One of its lines at an instant, straight between report times."""
        return float(np.interp(hours, self.times, getattr(self, quantity)))


@dataclass(frozen=True, slots=True)
class Layer:
    """Users in one place, a run on average; all layers of a case make everybody. Arrays (T,)."""

    name: str
    """``active``, ``door``, ``waiting``, ``elsewhere``, the name of a rival, or ``gone``."""
    label: str
    mean: Floats
    counterfactual: Floats


@dataclass(frozen=True, slots=True)
class Share:
    """One cause's part of the headline downtime, a run on average."""

    cause: str
    kind: str
    label: str
    hours: float
    runs: float
    """Share of the runs in which it took any time."""
    spent: str
    """The label as where time goes: ``in the search for a new host``."""
    variance: float = 0.0
    """Its share of the variance of the downtime; all add up to 1."""


@dataclass(frozen=True, slots=True)
class Run:
    """One replication: what happened to the suppliers, and the users hour by hour. Arrays (T,)."""

    replication: int
    timeline: Timeline
    times: Floats
    active: Floats
    waiting: Floats
    away: Floats
    gone: Floats
    counterfactual: Floats
    left_anyway: Floats
    """Away or gone had these events not happened."""
    outcome: Mapping[str, float]
    door: Floats | None = None
    """Those of the waiting who stand at the door; None where there is none."""

    def at(self, quantity: str, hours: float) -> float:
        """Users in a state at an instant, straight between the times it was looked at."""
        return float(np.interp(hours, self.times, getattr(self, quantity)))

    def before(self, quantity: str, hours: float) -> float:
        """The same, last looked at before that instant."""
        place = max(int(np.searchsorted(self.times, hours)) - 1, 0)
        return float(getattr(self, quantity)[place])


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the summary, in inside units; NaN where there is no such number."""

    measure: str
    unit: str
    kind: str
    meaning: str
    median: float
    p05: float
    p95: float
    mean: float
    error: float
    """Half the width of the 95 % interval of the mean: what another seed would move."""
    unfinished: float
    """Share of the runs that the horizon cut; NaN where the measure cannot be cut."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One strategy's measure minus the baseline's, pair by pair."""

    measure: str
    unit: str
    kind: str
    mean: float
    low: float
    high: float
    restricted: bool = False
    """Some run of a pair was cut by the horizon and enters with what was seen of it."""


@dataclass(frozen=True, slots=True)
class Check:
    """A target or a claim, and in how many of the runs it is met.

    ``undecided`` runs could not say, because the horizon cut them; ``low`` and ``high`` bound the share, with
    these counted against it and for it. A target is measured and not judged: ``needed`` is None and
    ``verdict`` empty, else ``pass``, ``fail`` or ``undecided``.
    """

    text: str
    runs: int
    met: int
    undecided: int
    low: float
    high: float
    needed: float | None = None
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """One input and where it comes from."""

    path: str
    value: str
    origin: str
    """``file``, ``default`` or ``set`` (on the command line)."""
    assumed: bool
    because: str
    """The source, or why it is assumed."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What really happened, in the unit of what it is compared with, and the runs beside it."""

    label: str
    value: float
    low: float
    high: float
    unit: str
    kind: str
    source: str
    simulated: Floats
    """The same quantity in every run, (R,)."""
    open: NDArray[np.bool_]
    """Runs where the horizon cut it: longer than the number says, (R,)."""
    measure: str = ""
    at: float | None = None
    of: float = 1.0
    of_label: str = ""
    state: str = "active"


@dataclass(frozen=True, slots=True)
class Case:
    """One strategy of one study."""

    scenario: Scenario
    provenance: Provenance
    label: str
    uncertain: bool
    """Whether the bands hold unknowns as well as chance."""
    outcomes: Mapping[str, NDArray[np.float64]]
    censored: Mapping[str, NDArray[np.bool_]]
    active: Fan
    shares: tuple[Share, ...]
    typical: Run
    lines: tuple[Line, ...]
    observed: tuple[Observed, ...] = ()
    checks: tuple[Check, ...] = ()
    removed: tuple[str, ...] = ()
    """Events that the counterfactual leaves out, as sentences."""
    evidence: tuple[Input, ...] = field(default=(), repr=False)
    users: Resolution = "expected"
    """Whether users are whole and drawn at random, rather than expected numbers."""
    planned: float | None = None
    """Hours of the headline's downtime if all went to plan; None where nothing is done about it."""
    failed: tuple[int, str] = (0, "")
    """Replications without an outcome, and why the first has none."""
    layers: tuple[Layer, ...] = ()
    """Where users are over time, at the times of `active`, in the order in which they are stacked."""

    @property
    def start(self) -> datetime:
        """The instant hours are counted from."""
        return self.scenario.clock.start

    @property
    def horizon(self) -> float:
        """Hours simulated."""
        return self.scenario.clock.horizon

    @property
    def runs(self) -> int:
        """How many replications have an outcome."""
        return len(self.outcomes["downtime"])

    @property
    def band(self) -> str:
        """What a band stands for; said wherever one is shown."""
        return "chance and unknowns" if self.uncertain else "chance only"

    def line(self, measure: str) -> Line:
        """The summary row of one measure."""
        return next(line for line in self.lines if line.measure == measure)

    def column(self, measure: str) -> Floats:
        """One measure of all runs, (R,)."""
        return np.asarray(self.outcomes[measure], dtype=float)

    def cut(self, measure: str) -> NDArray[np.bool_]:
        """Runs in which the horizon cut a measure, so that the true value is longer, (R,)."""
        return self.censored.get(measure, np.zeros(self.runs, dtype=bool))
