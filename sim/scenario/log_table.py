"""A curve and its inverse as pieces of polynomials, for many rows at once.

In: a smooth rising curve of (row, x), told only at a price. Out: its values and those of its inverse,
cheaply, to about 1e-11. Cells are halved until polynomials of degree 9 through Chebyshev's points agree with
the curve in between, in both directions. Beyond its ends the curve goes on straight. Rejected: cubic splines
(a thousand cells a row for the same accuracy).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario.family import Floats

Rows = NDArray[np.int64]
Curve = Callable[[Rows, Floats], Floats]

_DEGREE = 9
_POINTS = -np.cos(np.pi * np.arange(_DEGREE + 1) / _DEGREE)
_FIT = np.linalg.inv(np.vander(_POINTS, increasing=True)).T
"""Coefficients of the polynomial through values at `_POINTS`: values @ _FIT."""
_BETWEEN = np.array([-0.97, -0.45, 0.06, 0.59, 0.93])
_CLOSE = 1e-11
_FLOOR = 1e-14
"""How well e to the value of the curve need be known, absolutely."""
_FLAT = 1e-14
"""A cell that rises by less has no inverse: nobody leaves there."""
_ROUNDS = 14


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Polynomials in s, from -1 to 1 over a cell. Cells in the order of rows, then of the argument."""

    keys: Floats
    step: float
    low: Floats
    high: Floats
    middle: Floats
    half: Floats
    value: Floats
    coefficients: Floats
    first: Rows
    """The first cell of each row."""

    @classmethod
    def of(
        cls, rows: Rows, count: int, low: Floats, high: Floats, value: Floats, coefficients: Floats
    ) -> _Pieces:
        order = np.lexsort((low, rows))
        low, high, value, coefficients = (part[order] for part in (low, high, value, coefficients))
        rows = rows[order]
        base, step = float(low.min()), float(high.max() - low.min()) + 1.0
        first = np.searchsorted(rows, np.arange(count + 1))
        return cls(
            rows * step + low - base,
            step,
            low,
            high,
            0.5 * (low + high),
            0.5 * (high - low),
            value,
            coefficients,
            first,
        )

    def _find(self, rows: Rows, at: Floats) -> tuple[Rows, Floats]:
        """The cell and s in it."""
        keys = rows * self.step + np.clip(at - self.low.min(), 0.0, self.step - 1.0)
        cell = np.searchsorted(self.keys, keys, side="right") - 1
        cell = np.clip(cell, self.first[rows], self.first[rows + 1] - 1)
        return cell, np.asarray((at - self.middle[cell]) / self.half[cell])

    def slope(self, rows: Rows, at: Floats) -> Floats:
        """The derivative."""
        cell, s = self._find(rows, at)
        return np.asarray(_slope(self.coefficients[cell], np.clip(s, -1.0, 1.0)) / self.half[cell])

    def __call__(self, rows: Rows, at: Floats) -> Floats:
        cell, s = self._find(rows, at)
        inside = np.clip(s, -1.0, 1.0)
        parts = self.coefficients[cell]
        total = parts[..., _DEGREE].copy()
        for power in range(_DEGREE - 1, -1, -1):
            total *= inside
            total += parts[..., power]
        beyond = s != inside
        if beyond.any():
            slope = _slope(parts[beyond], inside[beyond])
            total[beyond] += slope * (s - inside)[beyond]
        return np.asarray(self.value[cell] + total)


def _polynomial(coefficients: Floats, s: Floats) -> Floats:
    """Values of one polynomial a row of coefficients."""
    total = np.zeros_like(s) + coefficients[..., -1:]
    for power in range(coefficients.shape[-1] - 2, -1, -1):
        total = total * s + coefficients[..., power : power + 1]
    return total


def _slope(coefficients: Floats, s: Floats) -> Floats:
    """The derivatives of the polynomials at s, one a polynomial."""
    powers = np.arange(1, coefficients.shape[-1])
    return np.asarray(_polynomial(coefficients[..., 1:] * powers, s[..., None])[..., 0])


class LogTable:
    """The curve and its inverse. ``low`` and ``high``: the ends in x, (rows,)."""

    def __init__(self, curve: Curve, blur: Curve, low: Floats, high: Floats, edges: Floats) -> None:
        """Cells begin at ``edges`` (rows, edges) too, where the curve may have kinks.

        ``blur`` is how well x itself is known there: the curve is not asked to be smoother than that.
        """
        self.low, self.high, self.blur = low, high, blur
        grid = low[:, None] + (high - low)[:, None] * np.linspace(0.0, 1.0, 9)
        edges = np.sort(np.concatenate([grid, np.clip(edges, low[:, None], high[:, None])], axis=1), axis=1)
        rows = np.broadcast_to(np.arange(len(low))[:, None], edges[:, 1:].shape)
        real = edges[:, 1:] > edges[:, :-1]
        self._fit(curve, rows[real], edges[:, :-1][real], edges[:, 1:][real])

    def _fit(self, curve: Curve, rows: Rows, start: Floats, end: Floats) -> None:
        kept: list[tuple[Any, ...]] = []
        s = np.concatenate([_POINTS, _BETWEEN])
        count = len(self.low)
        for turn in range(_ROUNDS):
            middle, half = 0.5 * (start + end)[:, None], 0.5 * (end - start)[:, None]
            x = middle + half * s
            y = curve(np.repeat(rows, s.size), x.ravel()).reshape(x.shape)
            known, tested = y[:, : _POINTS.size], y[:, _POINTS.size :]
            bottom, top = known[:, :1], known[:, -1:]
            there = 0.5 * (bottom + top)
            forward = (known - there) @ _FIT
            back = _inverted(forward, there, bottom, top) @ _FIT
            wrong = np.abs(there + _polynomial(forward, np.broadcast_to(_BETWEEN, tested.shape)) - tested)
            height = np.maximum(0.5 * (top - bottom), _FLAT)
            found = _polynomial(back, np.clip((tested - there) / height, -1.0, 1.0))
            astray = np.abs(found - _BETWEEN) * half
            steep = height / half
            at = x[:, _POINTS.size :]
            noise = self.blur(np.repeat(rows, _BETWEEN.size), at.ravel()).reshape(at.shape) * steep
            allowed = _CLOSE + np.maximum(noise, _FLOOR * np.exp(-tested))
            good = ((wrong < allowed) & (astray * steep < allowed)).all(axis=1)
            good |= turn == _ROUNDS - 1
            found_out = (bottom[:, 0], top[:, 0], there[:, 0], middle[:, 0], forward, back * half)
            kept.append(tuple(part[good] for part in (rows, start, end, *found_out)))
            rows, start, end = rows[~good], start[~good], end[~good]
            if not rows.size:
                break
            between = 0.5 * (start + end)
            rows = np.repeat(rows, 2)
            start, end = np.stack([start, between], axis=1).ravel(), np.stack([between, end], axis=1).ravel()
        rows, start, end, bottom, top, there, center, forward, back = (
            np.concatenate(part) for part in zip(*kept, strict=True)
        )
        self.value = _Pieces.of(rows, count, start, end, there, forward)
        rises = top - bottom > _FLAT
        self.inverse = _Pieces.of(
            *(rows[rises], count, bottom[rises], top[rises]), center[rises], back[rises]
        )
        self.cells = rows.size


def _inverted(forward: Floats, there: Floats, bottom: Floats, top: Floats) -> Floats:
    """Where in a cell (s) the polynomial comes to values that lie as Chebyshev's points between its ends."""
    goal = 0.5 * (top - bottom) * _POINTS
    s = np.broadcast_to(_POINTS, goal.shape).copy()
    low, high = np.full_like(s, -1.0), np.ones_like(s)
    slope = forward[:, 1:] * np.arange(1, forward.shape[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(30):
            off = _polynomial(forward, s) - goal
            low, high = np.where(off < 0.0, s, low), np.where(off < 0.0, high, s)
            new = s - off / _polynomial(slope, s)
            new = np.where((new >= low) & (new <= high), new, 0.5 * (low + high))
            if (np.abs(new - s) < 1e-15).all():
                break
            s = new
    s[:, 0], s[:, -1] = -1.0, 1.0
    return s
