"""From what was seen of the suppliers to the capacity of every capability.

In: the changes of one replication, in order of time. Out: a `Level` a capability. While every view is fully
up or fully down the capacities are looked up by pattern; while some grow back, every gate that does not add
picks one of them, and which one depends on their order alone, so that is looked up too. Only gates that add
(`shares`) are worked out on the spot while something grows.

Checked by: tests/properties/test_supply_levels.py
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from sim.supply.gates import Logic
from sim.supply.lines import Pieces, crossings
from sim.supply.run import Change
from sim.supply.timeline import Level

Line = tuple[float, float, float]
"""A straight line by one of its points and its slope: time, value, slope."""
Stretches = list[tuple[float, Line]]
"""What a capability does: from each time on it lies on a line. A line that goes on is the same one."""
Bend = tuple[float, int, float, float]
"""From a time on a view has this value, and this slope."""

_ROUNDING = 1e-12


def levels(logic: Logic, changes: Sequence[Change], horizon: float) -> dict[str, Level]:
    """The capacity of every capability over [0, horizon)."""
    found: list[Stretches] = [[(0.0, (0.0, value, 0.0))] for value in logic.at(0)]
    bends = _bends(logic, changes, horizon)
    down, i = 0, 0
    moving: dict[int, Line] = {}
    while i < len(bends):
        now = bends[i][0]
        touched: set[int] = set()
        while i < len(bends) and bends[i][0] == now:
            _, view, value, slope = bends[i]
            bit = 1 << view
            down &= ~bit
            moving.pop(view, None)
            if slope != 0.0:
                moving[view] = now, value, slope
            elif value == 0.0:
                down |= bit
            touched.update(logic.seen_by[view])
            i += 1
        until = bends[i][0] if i < len(bends) else horizon
        if moving and logic.adds:
            _add_up(logic, down, moving, now, until, found)
        else:
            _pick(logic, down, moving, now, until, found, touched)
    return {name: _level(stretches, horizon) for name, stretches in zip(logic.gates, found, strict=True)}


def _bends(logic: Logic, changes: Sequence[Change], horizon: float) -> list[Bend]:
    """All changes of value or slope, each shape spelled out until the next change of its view."""
    until: dict[int, float] = {}
    bends: list[Bend] = []
    for time, view, form, origin in reversed(changes):
        if view not in logic.used:
            continue
        if len(form) == 1:
            bends.append((time, view, form[0][1], 0.0))
        else:
            bends += _spelled_out(time, view, form, origin, until.get(view, horizon))
        until[view] = time
    bends.reverse()
    bends.sort(key=itemgetter(0))
    return bends


def _spelled_out(time: float, view: int, form: Pieces, origin: float, end: float) -> list[Bend]:
    """The bends of one shape from `time` to `end`, the latest first."""
    bends: list[Bend] = []
    for start, value, slope in form:
        at = origin + start
        if at <= time:
            bends = [(time, view, value + slope * (time - at), slope)]
        elif at < end:
            bends.append((at, view, value, slope))
    bends.reverse()
    return bends


def _pick(
    logic: Logic,
    down: int,
    moving: Mapping[int, Line],
    start: float,
    end: float,
    found: Sequence[Stretches],
    touched: Iterable[int],
) -> None:
    """Add what the capabilities in `touched` do on [start, end), where every gate picks one of its capacities."""
    order: tuple[int, ...] = tuple(moving)
    if len(order) < 2:
        _point(logic.ordered(down, order), moving, start, found, touched)
        return
    cuts = [start]
    if len({line[2] for line in moving.values()}) > 1:
        cuts = crossings([(start, _value(line, start), line[2]) for line in moving.values()], start, end)
    for low, high in zip(cuts, [*cuts[1:], end], strict=True):
        middle = 0.5 * (low + high)
        ranks = sorted([(_value(line, middle), view) for view, line in moving.items()])
        order = tuple([view for _, view in ranks])
        _point(logic.ordered(down, order), moving, low, found, touched if low == start else range(len(found)))


def _point(
    sources: Sequence[float | int],
    moving: Mapping[int, Line],
    time: float,
    found: Sequence[Stretches],
    touched: Iterable[int],
) -> None:
    for place in touched:
        source = sources[place]
        line = moving[source] if type(source) is int else (0.0, source, 0.0)
        stretches = found[place]
        if stretches[-1][1] != line:
            if stretches[-1][0] == time:
                stretches.pop()
            stretches.append((time, line))


def _value(line: Line, time: float) -> float:
    return line[1] + line[2] * (time - line[0])


def _add_up(
    logic: Logic, down: int, moving: Mapping[int, Line], start: float, end: float, found: Sequence[Stretches]
) -> None:
    """Add what every capability does on [start, end) where some gate adds capacities up."""
    lines: dict[int, Pieces] = {view: ((0.0, _value(line, start), line[2]),) for view, line in moving.items()}
    for stretches, pieces in zip(found, logic.along(down, lines, end - start), strict=True):
        for x, value, slope in pieces:
            time = start + x
            line = stretches[-1][1]
            if slope == line[2] and abs(_value(line, time) - value) <= _ROUNDING:
                continue
            if stretches[-1][0] == time:
                stretches.pop()
            stretches.append((time, (time, value, slope)))


def _level(stretches: Stretches, horizon: float) -> Level:
    times = tuple([time for time, _ in stretches])
    values = tuple([line[1] + line[2] * (time - line[0]) if line[2] else line[1] for time, line in stretches])
    return Level(times, values, tuple([line[2] for _, line in stretches]), horizon)
