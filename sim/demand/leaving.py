"""When, inside a phase, users leave: quadrature nodes that carry the exact total.

In: the patience law and where a phase lies on the patience clock. Out: nodes (hours into the phase) and
weights (shares of those who waited at its start), whose sum is 1 - S(end) / S(start) exactly.

Each panel runs from one point of interest to the next: the edges and kinks of the law, and the stretch
before the end in which impulses of return have not yet been wasted. A law without kinks is cut up by the
chance to have left, so that the nodes lie where the leavers are, however narrow the law; the nodes
crowd at both ends, where its quantiles may be singular. A law with kinks, and the far tail of any law, is
cut up in time, towards the start of the panel. Rejected: nodes in time for all laws (all of them miss a
narrow law, and a Weibull density of shape 0.3 defeats any fixed crowding).

Who has run out of patience altogether (a bounded law, and a patience clock that went on beyond it) leaves
at once.
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
_MEMORY = 8.0
"""Mean lives of an impulse before the end of a phase that get a panel of their own."""
_MEMORY_BY_CHANCE = 4.0
"""The same for nodes by chance, which do not crowd where the impulses are."""
_FAR = -18.0
"""Log-survival below which the chance to have left is too close to 1 to be cut up."""


def _unit_rule() -> tuple[Array, Array]:
    """Gauss-Legendre on (0, 1)."""
    x, w = np.polynomial.legendre.leggauss(NODES)
    return 0.5 * (x + 1.0), 0.5 * w


def _graded_rule() -> tuple[Array, Array]:
    """After the change of variable x -> x**_GRADING: crowds at 0."""
    x, w = _unit_rule()
    return x**_GRADING, w * _GRADING * x ** (_GRADING - 1)


def _smooth_rule() -> tuple[Array, Array]:
    """After the change of variable with density 140 x^3 (1 - x)^3: crowds at both ends. Weights sum to 1."""
    x, w = _unit_rule()
    weights = w * 140.0 * (x * (1.0 - x)) ** 3
    return x**4 * (35.0 + x * (-84.0 + x * (70.0 - 20.0 * x))), weights / weights.sum()


def _plain_rule() -> tuple[Array, Array]:
    """Gauss-Legendre on (0, 1) for smooth flows: 20 plain nodes beat 32 graded ones there."""
    x, w = np.polynomial.legendre.leggauss(20)
    return 0.5 * (x + 1.0), 0.5 * w


_X, _W = _graded_rule()
_PLAIN, _PLAIN_W = _plain_rule()
_CHANCE, _CHANCE_W = _smooth_rule()


def panels(
    duration: Array, waste: Array, points: Sequence[Array | float] = (), memory: float = _MEMORY
) -> Array:
    """Edges of the panels of a phase, ascending. Shape (panels + 1, rows)."""
    late = np.maximum(duration - memory / np.maximum(waste, 1e-300), 0.0)
    inner = [np.clip(np.broadcast_to(point, duration.shape), 0.0, duration) for point in points]
    return np.sort(np.stack([np.zeros_like(duration), late, *inner, duration]), axis=0)


def spread(edges: Array) -> tuple[Array, Array]:
    """Nodes and weights for a smooth flow over all panels. Both of shape (rows, nodes), hours."""
    nodes, weights = [], []
    for low, high in pairwise(edges):
        width = (high - low)[:, None]
        if width.any():
            nodes.append(low[:, None] + width * _PLAIN)
            weights.append(width * _PLAIN_W)
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
    knots = law.knots(**overrides)
    memory = _MEMORY if knots else _MEMORY_BY_CHANCE
    points = knots or law.cuts(**overrides)
    edges = panels(duration, waste, [np.asarray(point) - clock for point in points], memory)
    start = law.log_survival(clock, **overrides)
    parts = [
        _panel(law, overrides, clock, start, low, high, by_chance=not knots)
        for low, high in pairwise(edges)
        if (high > low).any()
    ]
    if not parts:
        return np.zeros((len(clock), 1)), np.zeros((len(clock), 1))
    nodes, shares = (np.concatenate(part, axis=1) for part in zip(*parts, strict=True))
    return _at_once(nodes, shares, np.isneginf(start) & (duration > 0.0))


def _panel(
    law: Law,
    overrides: dict[str, Array],
    clock: Array,
    start: Array,
    low: Array,
    high: Array,
    *,
    by_chance: bool,
) -> tuple[Array, Array]:
    """Nodes and shares from `low` to `high` hours into the phase; `start` is log-survival when it begins."""
    before, after = (law.log_survival(clock + edge, **overrides) for edge in (low, high))
    with np.errstate(invalid="ignore"):  # nobody left at the start: see `_at_once`
        mass = np.where(high > low, np.exp(before - start) - np.exp(after - start), 0.0)
    if not by_chance:
        return _by_time(law, overrides, clock, low, high, mass)
    lower, upper = -np.expm1(before)[:, None], -np.expm1(after)[:, None]
    wide = {name: value[:, None] for name, value in overrides.items()}
    node = law.quantile(lower + (upper - lower) * _CHANCE, **wide) - clock[:, None]
    nodes, shares = np.clip(node, low[:, None], high[:, None]), mass[:, None] * _CHANCE_W
    far = np.flatnonzero(before < _FAR)
    if far.size:
        part = {name: value[far] for name, value in overrides.items()}
        nodes[far], shares[far] = _by_time(law, part, clock[far], low[far], high[far], mass[far])
    return nodes, shares


def _by_time(
    law: Law, overrides: dict[str, Array], clock: Array, low: Array, high: Array, mass: Array
) -> tuple[Array, Array]:
    """Nodes in time, towards `low`, with the density's weights; `mass` is what they must add up to."""
    wide = {name: value[:, None] for name, value in overrides.items()}
    width = (high - low)[:, None]
    nodes = low[:, None] + width * _X
    raw = np.where(width > 0.0, law.density(clock[:, None] + nodes, **wide) * _W, 0.0)
    raw[~(raw.sum(axis=1) > 0.0), 0] = 1.0  # so far in the tail that the density is 0: all leave first thing
    return nodes, raw * (mass / raw.sum(axis=1))[:, None]


def _at_once(nodes: Array, shares: Array, spent: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Rows in which nobody has any patience left: everyone who waits leaves at the start."""
    if spent.any():
        nodes[spent, 0], shares[spent] = 0.0, 0.0
        shares[spent, 0] = 1.0
    return nodes, shares


def _jumps(atoms: tuple[Array, Array], clock: Array, duration: Array) -> tuple[Array, Array]:
    """Everyone whose patience is one of a few values leaves at that very hour."""
    values, masses = (np.atleast_1d(np.asarray(part, dtype=float)) for part in atoms)
    at = values.T if values.ndim == 2 else np.broadcast_to(values, (len(clock), values.size))
    chance = np.broadcast_to(masses, at.shape)
    remaining = np.where(at > clock[:, None], chance, 0.0).sum(axis=1)
    node = at - clock[:, None]
    inside = (node > 0.0) & (node <= duration[:, None])
    share = np.where(inside, chance, 0.0) / np.where(remaining > 0.0, remaining, 1.0)[:, None]
    return _at_once(np.where(inside, node, 0.0), share, (remaining == 0.0) & (duration > 0.0))


def stay(law: Law, overrides: dict[str, Array], clock: Array, duration: Array) -> Array:
    """Share of those who wait at patience clock `clock` that have not left `duration` hours later.

    Conditional survival S(clock + duration) / S(clock), from log-survival; 0 where nobody was left.
    """
    with np.errstate(divide="ignore"):
        return still(law, overrides, law.log_survival(clock, **overrides), clock + duration)


def still(law: Law, overrides: dict[str, Array], start: Array, clock: Array) -> Array:
    """The same, given log-survival at the `start` and the patience clock later on."""
    with np.errstate(divide="ignore", invalid="ignore"):
        end = law.log_survival(clock, **overrides)
        return np.where(np.isneginf(start), 0.0, np.exp(end - start))
