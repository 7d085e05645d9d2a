"""Expected users to a stated tolerance: three walks with ever finer steps, extrapolated to none.

In: a crowd. Out: `Solved`, groups of rows with their meshes and what is seen on them. The error of a walk
falls with the square of the step, so from walks with 1, 2 and 4 steps a stride the square and the next
power are taken out (L. F. Richardson and J. A. Gaunt, Phil. Trans. R. Soc. A 226 (1927) 299-361); the last
two extrapolations differ by fifteen times the error of the better one. Rows whose error is above the
tolerance go on with strides of half the length: what were their finer walks are their coarser ones then.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.climate import merged
from sim.demand.stepping.absent import Absent
from sim.demand.stepping.conditions import Conditions, coarser, conditions
from sim.demand.stepping.counting import Expected
from sim.demand.stepping.crowd import Crowd
from sim.demand.stepping.mesh import halved
from sim.demand.stepping.smoothing import roughness, smoothed
from sim.demand.stepping.walk import Walked, walk

Array = NDArray[np.float64]
Index = NDArray[np.int64]

TOLERANCE = 1e-5
"""Largest error allowed, as a share of everyone: of those at the start and newcomers."""

_SCOUTS = 2
"""Walks ahead to find the instants at which queues become empty; the second finds them from close by."""

_APART = 1e-10
"""How close to the end of a step, as a share of it, an instant is not told from it."""

ROUNDS = 4
"""How often the strides of a row may be halved."""


@dataclass(frozen=True, slots=True)
class Solved:
    """Rows that share a number of strides.

    Attributes
    ----------
    index
        The rows, of those of the block.
    crowd, given
        The crowd of these rows, and the conditions of the finest walk: four steps a stride.
    records
        As in `Walked`, extrapolated, (strides, 5, quantities, rows).
    values, smooth
        The same made smooth; see `sim.demand.stepping.smoothing`.
    flows
        Gross flows by name, (segments, rows).
    error
        Estimated error, as a share of everyone, (rows,).
    """

    index: Index
    crowd: Crowd
    given: Conditions
    records: Array
    values: Array
    smooth: NDArray[np.bool_]
    flows: dict[str, Array]
    error: Array


def solve(crowd: Crowd, tolerance: float = TOLERANCE, rounds: int = ROUNDS) -> list[Solved]:
    """All rows, in groups that were cut equally fine."""
    mesh, coarse = _scouted(crowd)
    index = np.arange(len(mesh))
    fine = conditions(crowd, mesh, 4)
    middle = coarser(crowd, fine)
    coarse = coarse or expected(crowd, coarser(crowd, middle))
    walks = [coarse, expected(crowd, middle), expected(crowd, fine)]
    found: list[Solved] = []
    for done in range(rounds + 1):
        records, flows, error = extrapolated(crowd, fine, walks)
        values, smooth = smoothed(crowd, fine, records)
        error = np.maximum(error, roughness(crowd, values) / everyone(crowd, fine))
        bad = np.flatnonzero(error > tolerance) if done < rounds else np.zeros(0, dtype=np.int64)
        good = np.setdiff1d(np.arange(len(index)), bad)
        if good.size:
            part = good if bad.size else slice(None)
            found.append(
                Solved(
                    index[part],
                    crowd.rows(good) if bad.size else crowd,
                    chosen_rows(fine, good) if bad.size else fine,
                    records[..., part],
                    values[..., part],
                    smooth[..., part],
                    {name: flow[:, part] for name, flow in flows.items()},
                    error[part],
                )
            )
        if not bad.size:
            break
        crowd, index, mesh = crowd.rows(bad), index[bad], _trimmed(halved(mesh[bad]))
        size = mesh.shape[1] - 1
        walks = [_regrouped(one, bad, size) for one in walks[1:]]
        fine = conditions(crowd, mesh, 4)
        walks.append(expected(crowd, fine))
    return found


def _scouted(crowd: Crowd) -> tuple[Array, Walked | None]:
    """The mesh with the instants at which queues at the door become empty: nothing is smooth there.

    Where none does the walk that looked for them is the coarsest there is; else there is none yet.
    """
    mesh = crowd.mesh
    for _ in range(_SCOUTS if crowd.door is not None else 0):
        given = conditions(crowd, mesh, 1)
        walked = walk(crowd, given, beginning(crowd), Absent(crowd), Expected(), scouting=True)
        if not walked.emptied:
            return mesh, walked
        mesh = _with_instants(crowd, mesh, given, walked.emptied)
    return mesh, None


def _with_instants(
    crowd: Crowd, mesh: Array, given: Conditions, emptied: tuple[tuple[int, Array], ...]
) -> Array:
    """The mesh cut where queues become empty."""
    instants = np.full((len(mesh), len(emptied)), crowd.horizon)
    starts, hours = mesh[:, :-1].T, given.hours
    for k, (i, share) in enumerate(emptied):
        inside = (share > _APART) & (share < 1.0 - _APART)
        instants[:, k] = np.where(inside, starts[i] + share * hours[i], crowd.horizon)
    return merged([mesh, instants], crowd.horizon)


def expected(crowd: Crowd, given: Conditions) -> Walked:
    """One walk of expected users."""
    return walk(crowd, given, beginning(crowd), Absent(crowd), Expected())


def beginning(crowd: Crowd) -> Array:
    """Present users at the start, (kinds, uses, segments, rows)."""
    kinds, uses = crowd.marks
    here = np.zeros((kinds, uses, *crowd.start.shape))
    here[0, 0] = crowd.start * (1.0 - crowd.unsettled) if kinds > 1 else crowd.start
    if kinds > 1:
        here[1, 0] = crowd.start * crowd.unsettled
    return here


def everyone(crowd: Crowd, given: Conditions) -> Array:
    """Those at the start and all newcomers, (rows,)."""
    return np.asarray(crowd.start.sum(axis=0) + given.joins.sum(axis=(0, 1)))


def extrapolated(
    crowd: Crowd, fine: Conditions, walks: list[Walked]
) -> tuple[Array, dict[str, Array], Array]:
    """Records, flows and the error of each row, from three walks of 1, 2 and 4 steps a stride."""
    coarse, middle, finest = (one.records for one in walks)
    once = middle[:, ::2] + (middle[:, ::2] - coarse) / 3.0
    twice = finest[:, ::2] + (finest[:, ::2] - middle) / 3.0
    gap = (twice[:, ::2] - once) / 15.0
    error = np.abs(gap).max(axis=(0, 1, 2)) / everyone(crowd, fine)
    better = twice[:, ::2] + gap
    first, last = better[:, 0] - finest[:, 0], better[:, 1] - finest[:, 4]
    halfway = twice[:, 1] + 0.5 * (gap[:, 0] + gap[:, 1]) - finest[:, 2]
    records = finest.copy()
    records[:, 0] += first
    records[:, 4] += last
    records[:, 2] += halfway
    # what is taken out is smooth: a parabola through its ends and its middle
    records[:, 1] += 0.375 * first + 0.75 * halfway - 0.125 * last
    records[:, 3] += 0.375 * last + 0.75 * halfway - 0.125 * first
    flows = {}
    for name in walks[0].flows:
        one, two, four = (walked.flows[name] for walked in walks)
        low, high = two + (two - one) / 3.0, four + (four - two) / 3.0
        flows[name] = high + (high - low) / 15.0
    return records, flows, error


def chosen_rows(given: Conditions, index: Index) -> Conditions:
    """What later looks need of the conditions, for a selection of rows."""
    from dataclasses import replace

    names = ("up", "capacity", "capacity_end", "clock", "pressed", "hours", "patience", "joins")
    return replace(
        given, mesh=given.mesh[index], **{name: getattr(given, name)[..., index] for name in names}
    )


def _trimmed(mesh: Array) -> Array:
    """Without the strides of no length at the end of every row."""
    used = int((mesh < mesh[:, -1:]).sum(axis=1).max())
    return np.ascontiguousarray(mesh[:, : used + 1])


def _regrouped(walked: Walked, rows: Index, strides: int) -> Walked:
    """A walk as one over strides of half the length."""
    records = walked.records[..., rows]
    m, points = records.shape[:2]
    half = points // 2
    pairs = np.stack([records[:, : half + 1], records[:, half:]], axis=1)
    whole = pairs.reshape(2 * m, half + 1, *records.shape[2:])[:strides]
    return Walked(whole, {name: flow[:, rows] for name, flow in walked.flows.items()})
