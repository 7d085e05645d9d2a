"""What the evaluations say: they are read again, and the variance of every measure is shared out.

In: an `Order` and the folder in which its blocks are. Out: a `Sensitivity`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import HostfallError
from sim.outcomes import Measure
from sim.streams import BLOCK
from sim.study.archive import Archive
from sim.study.sensitivity.estimate import sobol_indices, varies
from sim.study.sensitivity.evaluate import Evaluation
from sim.study.sensitivity.inputs import Input
from sim.study.sensitivity.order import Order, names, points
from sim.study.sensitivity.screening import elementary_effects
from sim.study.sensitivity.table import Spread
from sim.study.statistics import Array

if TYPE_CHECKING:
    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What came out.

    Attributes
    ----------
    scenario, strategy, label
        Of which strategy, and what people call it.
    inputs
        The groups, the other unknowns in the order of the file, chance.
    screen
        Elementary effects rather than shares of the variance.
    base, evaluations
        Rows of each table; replications that were simulated for them.
    spreads
        One a measure.
    failed
        Rows left out because a replication of theirs has no outcome, and why the first one has none.
    digest, folder, already_done
        `folder` is None where nothing was kept.
    """

    scenario: Scenario
    strategy: str
    label: str
    inputs: tuple[Input, ...]
    screen: bool
    base: int
    evaluations: int
    spreads: tuple[Spread, ...]
    failed: int
    reason: str
    digest: str
    folder: Path | None
    already_done: bool


def look(order: Order, archive: Archive, *, kept: bool, done: bool) -> Sensitivity:
    """Read every evaluation, and share out the variance of every measure that was asked for."""
    read: dict[str, list[Evaluation]] = {name: [] for name in order.tables}
    for name in names(order):
        read[Path(name).parts[1]].append(Evaluation.decoded((archive.folder / name).read_bytes()))
    rows = slice(order.base)
    failed = np.any([np.concatenate([e.failed for e in parts])[rows] for parts in read.values()], axis=0)
    reason = next((each.reason for parts in read.values() for each in parts if each.reason), "")
    if int((~failed).sum()) < 2:
        raise HostfallError(f"nearly every run failed, the first at {reason}; there is nothing to share out")
    known = read["a"][0].measures
    numbers = {
        name: np.concatenate([each.numbers for each in parts], axis=1)[:, rows][:, ~failed]
        for name, parts in read.items()
    }
    steps = _steps(order)[:, ~failed] if order.screen else np.empty((0, 0))
    spreads = tuple(
        _spread(order, each, {name: found[known.index(each.name)] for name, found in numbers.items()}, steps)
        for each in order.measures
    )
    return Sensitivity(
        scenario=order.scenario,
        strategy=order.strategy,
        label=order.file.labels[order.strategy],
        inputs=order.inputs,
        screen=order.screen,
        base=order.base,
        evaluations=len(names(order)) * BLOCK,
        spreads=spreads,
        failed=int(failed.sum()),
        reason=reason,
        digest=order.digest,
        folder=archive.folder if kept else None,
        already_done=done,
    )


def _steps(order: Order) -> Array:
    """How far every input was moved, with its sign; NaN for groups and chance. Shape (inputs, base)."""
    design = points(order)
    paths = list(order.scenario.unknowns)
    found = np.full((len(order.inputs), order.base), np.nan)
    for i, each in enumerate(order.inputs):
        if each.kind == "unknown":
            found[i] = (design.b - design.a)[: order.base, paths.index(each.name)]
    return found


def _spread(order: Order, measure: Measure, numbers: dict[str, Array], steps: Array) -> Spread:
    """The variance of one measure, and what has to do with it."""
    if not all(np.isfinite(each).all() for each in numbers.values()):
        raise HostfallError(f"{measure.name} has no value in some runs, so its variance means nothing")
    a = numbers["a"]
    mixed = np.array([numbers[f"a_with_{i:03d}"] for i in range(len(order.inputs))])
    every = a if order.screen else np.concatenate([a, numbers["b"]])
    return Spread(
        measure=measure,
        runs=len(every),
        mean=float(every.mean()),
        deviation=float(every.std(ddof=1)) if varies(every) else 0.0,
        indices=() if order.screen else tuple(sobol_indices(a, numbers["b"], mixed, order.scenario.seed)),
        effects=tuple(elementary_effects(a, mixed, steps)) if order.screen else (),
    )
