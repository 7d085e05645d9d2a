"""What would turn a decision: values of an unknown beyond which another strategy is better.

In: what moves the lead of one strategy over each of the others, and the draws. Out: `Turn` records. The curve
says where; the runs beyond must then say so themselves, by an interval that allows for all that was tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.study.simultaneous import joint_interval

if TYPE_CHECKING:
    from sim.study.drawn import Moved, Mover
    from sim.study.statistics import Array, Interval

LEAST = 20
"""Runs beyond the value, at least."""

Side = Literal["below", "above"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One condition.

    Attributes
    ----------
    path, side, quantile
        The unknown, and beyond which quantile of its law.
    rival
        Who is better then.
    share
        Of the draws.
    lead
        By how much the rival is better on average in these runs.
    """

    path: str
    side: Side
    quantile: float
    rival: str
    share: float
    lead: Interval


def turns(moved: Mapping[str, Moved], gaps: Mapping[str, Array], draws: Mapping[str, Array]) -> list[Turn]:
    """Every unknown that by itself turns the lead, with the rival it does so first for.

    Parameters
    ----------
    moved
        What moves the lead over each rival.
    gaps
        The leads (the rival's value less the leader's), by rival. Each of shape (runs,).
    draws
        Of every unknown. Each of shape (runs,).

    Returns
    -------
    list of Turn
        At most one an unknown and side, the most likely first.

    Checked by: tests/unit/test_views_decision_turns.py
    """
    tried = [
        (rival, one, side, at)
        for rival, found in moved.items()
        for one in found.movers
        if one.told
        for side, at in _beyond(one)
    ]
    best: dict[tuple[str, Side], Turn] = {}
    for rival, one, side, at in tried:
        beyond = draws[one.path] < at if side == "below" else draws[one.path] >= at
        if int(beyond.sum()) < LEAST:
            continue
        lead = joint_interval(-gaps[rival][beyond], len(tried))
        turn = Turn(one.path, side, at, rival, at if side == "below" else 1.0 - at, lead)
        known = best.get((one.path, side))
        if lead.low > 0.0 and (known is None or turn.share > known.share):
            best[one.path, side] = turn
    return sorted(best.values(), key=lambda turn: -turn.share)


def _beyond(one: Mover) -> Iterator[tuple[Side, float]]:
    """Where the fitted lead is lost towards an end of the unknown: the side, and from which quantile."""
    mean, a, b = one.curve
    crossings = one.crossings()
    if not crossings:
        return
    if mean - a + b < 0.0:  # at the lowest value
        yield "below", crossings[0]
    if mean + a + b < 0.0:  # at the highest
        yield "above", crossings[-1]
