"""Straight-line pieces and their minima, maxima, sums and order statistics, with exact crossings.

In and out: functions on [0, end) as tuples of pieces (start, value at the start, slope). A capability's
capacity bends only while a supplier is being ramped up; then two capacities may cross inside an interval,
and the gate over them bends where they cross.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Piece = tuple[float, float, float]
Pieces = tuple[Piece, ...]

def constant(value: float) -> Pieces:
    """The same everywhere."""
    return ((0.0, value, 0.0),)


def line(value: float, slope: float) -> Pieces:
    """One straight line."""
    return ((0.0, value, slope),)


def scaled(pieces: Pieces, factor: float) -> Pieces:
    """A multiple of a function."""
    return tuple([(x, value * factor, slope * factor) for x, value, slope in pieces])


def ranked(functions: Sequence[Pieces], place: int, end: float) -> Pieces:
    """The ``place``-th largest of several functions on [0, end), from 0: the maximum is 0, the minimum -1."""

    def choose(lines: Sequence[Straight], middle: float) -> Straight:
        return sorted(lines, key=lambda each: each[0] + each[1] * middle, reverse=True)[place]

    return _combine(functions, choose, end)


def summed(functions: Sequence[Pieces], end: float) -> Pieces:
    """The sum of several functions on [0, end), at most 1."""

    def choose(lines: Sequence[Straight], middle: float) -> Straight:
        total = sum(at for at, _ in lines), sum(slope for _, slope in lines)
        return total if total[0] + total[1] * middle < 1.0 else (1.0, 0.0)

    return _combine(functions, choose, end)


Straight = tuple[float, float]
"""Value at the start of a stretch, and slope."""


def _combine(
    functions: Sequence[Pieces], choose: Callable[[Sequence[Straight], float], Straight], end: float
) -> Pieces:
    """Between two neighbouring bends or crossings nothing changes its order: one look at the middle settles it."""
    edges = sorted({piece[0] for pieces in functions for piece in pieces})
    out: list[Piece] = []
    for low, high in zip(edges, [*edges[1:], end], strict=True):
        running = [_piece_at(pieces, low) for pieces in functions]
        cuts = crossings(running, low, high)
        for start, stop in zip(cuts, [*cuts[1:], high], strict=True):
            lines = [(v + s * (start - x), s) for x, v, s in running]
            out.append((start, *choose(lines, 0.5 * (stop - start))))
    return merged(out)


def merged(pieces: Sequence[Piece]) -> Pieces:
    """The same function with neighbours joined where one goes on from the other."""
    out: list[Piece] = []
    for start, value, slope in pieces:
        if out:
            before, held, rise = out[-1]
            if abs(rise - slope) <= 1e-12 and abs(held + rise * (start - before) - value) <= 1e-12:
                continue
        out.append((start, value, slope))
    return tuple(out)


def _piece_at(pieces: Pieces, x: float) -> Piece:
    return [piece for piece in pieces if piece[0] <= x][-1]


def crossings(running: Sequence[Piece], low: float, high: float) -> list[float]:
    """`low`, and where inside (low, high) two of the lines meet or the sum of all passes 1."""
    lines = [(v - s * x, s) for x, v, s in running]
    pairs = [(p, q) for i, p in enumerate(lines) for q in lines[:i]]
    pairs.append(((sum(v for v, _ in lines), sum(s for _, s in lines)), (1.0, 0.0)))
    met = sorted((b - a) / (s - r) for (a, s), (b, r) in pairs if s != r)
    least = 1e-12 * (high - low)  # nearer than this to another is the same crossing, rounded differently
    found = [low]
    for x in met:
        if found[-1] + least < x < high - least:
            found.append(x)
    return found
