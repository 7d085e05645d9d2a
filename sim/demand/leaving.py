"""When, inside a phase, users leave: quadrature nodes that carry the exact total.

In: the patience law and where a phase lies on the patience clock. Out: nodes (hours into the phase) and
weights (shares of those who waited at its start), whose sum is 1 - S(end) / S(start) exactly.

Each panel runs from one point of interest to the next: the edges and kinks of the law, and the stretch
before the end in which impulses of return have not yet been wasted. Inside a panel Gauss-Legendre nodes
are drawn towards its start, because patience laws like the Weibull with shape < 1 have an infinite
density there, and the weights are scaled to the panel's exact mass.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.scenario.laws import Law

Array = NDArray[np.float64]

NODES = 32
_GRADING = 4
_MEMORY = 16.0
"""Mean lives of an impulse before the end of a phase that get a panel of their own."""


def _graded_rule() -> tuple[Array, Array]:
    """Gauss-Legendre on (0, 1) after the change of variable x -> x**_GRADING."""
    x, w = np.polynomial.legendre.leggauss(NODES)
    x, w = 0.5 * (x + 1.0), 0.5 * w
    return x**_GRADING, w * _GRADING * x ** (_GRADING - 1)


_X, _W = _graded_rule()


def panels(duration: Array, waste: Array, points: Sequence[Array | float] = ()) -> Array:
    """Edges of the panels of a phase, ascending. Shape (panels + 1, rows)."""
    late = np.maximum(duration - _MEMORY / np.maximum(waste, 1e-300), 0.0)
    inner = [np.clip(np.broadcast_to(point, duration.shape), 0.0, duration) for point in points]
    return np.sort(np.stack([np.zeros_like(duration), late, *inner, duration]), axis=0)


def spread(edges: Array) -> tuple[Array, Array]:
    """Nodes and quadrature weights over all panels. Both of shape (rows, panels * NODES), hours."""
    nodes, weights = [], []
    for low, high in pairwise(edges):
        width = (high - low)[:, None]
        if width.any():
            nodes.append(low[:, None] + width * _X)
            weights.append(width * _W)
    if not nodes:
        return np.zeros((edges.shape[1], 1)), np.zeros((edges.shape[1], 1))
    return np.concatenate(nodes, axis=1), np.concatenate(weights, axis=1)


def leave(
    law: Law, overrides: dict[str, Array], clock: Array, duration: Array, waste: Array
) -> tuple[Array, Array]:
    """Nodes (hours into the phase) and shares of leavers of those who wait at its start.

    Parameters
    ----------
    law, overrides
        Patience, and parameters that differ between rows, each of shape (rows,).
    clock, duration
        Patience clock at the start of the phase and the phase's length, hours. Shape (rows,).
    waste
        Rate at which impulses are wasted, per hour. Shape (rows,).
    """
    atoms = law.atoms(**overrides)
    if atoms is not None:
        return _jumps(atoms, clock, duration)
    wide = {name: value[:, None] for name, value in overrides.items()}
    points = [np.asarray(knot) - clock for knot in law.knots(**overrides)]
    edges = panels(duration, waste, points)
    start = law.log_survival(clock, **overrides)
    before = np.exp(law.log_survival(clock + edges[0], **overrides) - start)
    nodes, shares = [], []
    for low, high in pairwise(edges):
        after = np.exp(law.log_survival(clock + high, **overrides) - start)
        width = (high - low)[:, None]
        if width.any():
            node = low[:, None] + width * _X
            raw = np.where(width > 0.0, law.density(clock[:, None] + node, **wide) * _W, 0.0)
            total = raw.sum(axis=1)
            mass = np.where(total > 0.0, before - after, 0.0) / np.where(total > 0.0, total, 1.0)
            nodes.append(node)
            shares.append(raw * mass[:, None])
        before = after
    if not nodes:
        return np.zeros((len(clock), 1)), np.zeros((len(clock), 1))
    return np.concatenate(nodes, axis=1), np.concatenate(shares, axis=1)


def _jumps(atoms: tuple[Array, Array], clock: Array, duration: Array) -> tuple[Array, Array]:
    """Everyone whose patience is one of a few values leaves at that very hour."""
    values, masses = (np.atleast_1d(np.asarray(part, dtype=float)) for part in atoms)
    at = values.T if values.ndim == 2 else np.broadcast_to(values, (len(clock), values.size))
    if values.size == len(clock) and masses.size == 1:
        at = values[:, None]
    chance = np.broadcast_to(masses, at.shape)
    remaining = np.where(at > clock[:, None], chance, 0.0).sum(axis=1)
    node = at - clock[:, None]
    inside = (node > 0.0) & (node <= duration[:, None])
    share = np.where(inside, chance, 0.0) / np.where(remaining > 0.0, remaining, 1.0)[:, None]
    return np.where(inside, node, 0.0), share


def stay(law: Law, overrides: dict[str, Array], clock: Array, duration: Array) -> Array:
    """Share of those who wait at patience clock `clock` that have not left `duration` hours later.

    Conditional survival S(clock + duration) / S(clock), from log-survival; 0 where nobody was left.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        start = law.log_survival(clock, **overrides)
        end = law.log_survival(clock + duration, **overrides)
        return np.where(np.isneginf(start), 0.0, np.exp(end - start))
