"""How many users were lost, how many hours of service, and when the users were back.

In: what the users did in the two worlds, as it happened and as it would have gone. Out: one value a
replication, and two a segment. Loss is always against the counterfactual at the same instant, never against
the first day: a platform that grows or shrinks anyway would be misjudged by its own trend.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.crossing import crossing

if TYPE_CHECKING:
    from sim.demand import History

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

BACK = 0.95
"""Share of the counterfactual's active users at which the user base counts as recovered."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Users and user-hours against the counterfactual.

    Attributes
    ----------
    columns
        One array of shape (rows,) a measure.
    segments
        `users_lost` and `user_hours_lost`, each of shape (rows, segments).
    """

    columns: Mapping[str, Array]
    segments: Mapping[str, Array]


def users_lost(history: History, spared: History) -> Loss:
    """Loss at the horizon in its three parts, user-hours, and the peak of those who had given up.

    Everybody who was there or joined is active, waits, is away or gone, in either world, hence

        counterfactual active - active = (would have joined - joined) + (wait - would wait)
            + (away or gone - would be away or gone)

    Who moves from one segment to another changes the parts of a segment, and nothing of the whole: of a
    segment those who would have moved in and did not are missing as well.
    """
    now, else_ = history.end, spared.end
    not_joined = spared.joined - history.joined
    not_moved = _moved(spared) - _moved(history)
    waiting = now["waiting"] - else_["waiting"]
    not_returned = (now["away"] + now["gone"]) - (else_["away"] + else_["gone"])
    hours = spared.served_hours - history.served_hours
    parts = [part.sum(axis=1) for part in (not_joined, waiting, not_returned)]
    rows = len(history.joined)
    columns = {
        "user_hours_lost": hours.sum(axis=1),
        "users_start": np.broadcast_to(history.start.sum(axis=1), (rows,)),
        "users_end": now["active"].sum(axis=1),
        "users_end_counterfactual": np.broadcast_to(else_["active"].sum(axis=1), (rows,)),
        "users_lost": parts[0] + parts[1] + parts[2],
        "users_not_joined": parts[0],
        "users_waiting_end": parts[1],
        "users_not_returned": parts[2],
        "users_given_up_peak": _peak(history, spared),
    }
    of_segment = not_joined + waiting + not_returned + not_moved
    return Loss(columns, {"users_lost": of_segment, "user_hours_lost": hours})


def _moved(history: History) -> Array | float:
    """Users who moved in, net, (rows, segments); 0 where nobody can."""
    return 0.0 if history.moved is None else history.moved


def users_at_rivals(rivals: Iterable[str], history: History, spared: History) -> dict[str, Array]:
    """How many left for each rival, and how many are there at the horizon, net of the counterfactual.

    Parameters
    ----------
    rivals
        Names, as in `History.places`.

    Returns
    -------
    dict
        ``left_for.<rival>`` and ``users_at.<rival>``, each of shape (rows,). Those who left are counted as
        often as they did.
    """
    found = {}
    rows = len(history.joined)
    for rival in rivals:
        left, there = ((_left(one, rival), _there(one, rival)) for one in (history, spared))
        for name, now, else_ in zip(("left_for", "users_at"), left, there, strict=True):
            found[f"{name}.{rival}"] = np.broadcast_to(now - else_, (rows,))
    return found


def _left(history: History, rival: str) -> Array:
    return np.asarray(history.flows[f"left.{rival}"].sum(axis=1))


def _there(history: History, rival: str) -> Array:
    """Those away at a rival at the horizon, which is the last report time. (rows,)."""
    assert history.at_place is not None, "the scenario has rivals"
    return np.asarray(history.at_place[:, :, history.places.index(rival), -1].sum(axis=1))


def at_the_door(history: History) -> dict[str, Array]:
    """The largest number at the door, and the time spent there by all. Each of shape (rows,).

    The peak is found on the grid, like that of those who had given up; time is added up by who let them in.
    Where neither is kept they are read off the report times.
    """
    at_report = np.zeros((len(history.joined), history.times.size)) if history.door is None else history.door
    stood = history.flows.get("door_hours")
    hours = np.trapezoid(at_report, history.times, axis=1) if stood is None else stood.sum(axis=1)
    peak = history.on_grid.get("door", at_report).max(axis=1)
    return {"users_at_door_peak": peak, "door_hours": np.asarray(hours)}


def _on(grid: Array, history: History, states: tuple[str, ...]) -> Array:
    """Users in some states at the points of another history's grid, straight between its own points."""
    values = sum((history.on_grid[state] for state in states[1:]), history.on_grid[states[0]])
    if history.grid.shape == grid.shape and np.array_equal(history.grid, grid):
        return values
    return np.stack([np.interp(row, *own) for row, *own in zip(grid, history.grid, values, strict=True)])


def _peak(history: History, spared: History) -> Array:
    """Largest excess of away and gone over the counterfactual: found on the grid, exact where found."""
    grid, states = history.grid, ("away", "gone")
    given_up = _on(grid, history, states)
    top = np.argmax(given_up - _on(grid, spared, states), axis=1)
    rows = np.arange(len(grid))
    beside = spared.given_up_at(grid[rows, top][:, None])[:, 0]
    return np.asarray(np.maximum(given_up[rows, top] - beside, 0.0))


def users_recovered(history: History, spared: History, lost_at: Array, horizon: float) -> tuple[Array, Mask]:
    """Hours from the first loss until active users are for good back at 95 % of the counterfactual.

    Parameters
    ----------
    lost_at
        The first loss, hours, (rows,); infinity where nothing was lost: then the clock starts when the users
        first fall below.

    Returns
    -------
    tuple
        Hours (0 if they never fall below, to the horizon if they are below at the end); false for the latter.

    Checked by: tests/unit/test_outcomes_users.py
    """
    grid = history.grid
    below = _on(grid, history, ("active",)) < BACK * _on(grid, spared, ("active",))
    fell, rows = below.any(axis=1), np.arange(len(grid))
    last = grid.shape[1] - 1 - np.argmax(below[:, ::-1], axis=1)
    recovered = ~below[:, -1]
    origin = np.where(np.isfinite(lost_at), lost_at, grid[rows, np.argmax(below, axis=1)])
    until = np.full(len(grid), horizon)
    if (fell & recovered).any():
        step = np.minimum(last + 1, grid.shape[1] - 1)

        def surplus(when: Array) -> Array:
            return (history.active_at(when[:, None]) - BACK * spared.active_at(when[:, None]))[:, 0]

        until = np.where(recovered, crossing(surplus, grid[rows, last], grid[rows, step]), horizon)
    return np.where(fell, np.maximum(until - origin, 0.0), 0.0), recovered
