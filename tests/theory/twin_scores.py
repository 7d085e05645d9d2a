"""How far the twin's counts are from the simulator's, in standard errors: the comparison behind the tests.

In: the name of a case of `tests.theory.twin_user_cases`. Out: for each thing counted, a score a report time.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sim.demand import STATES, History
from tests.pipeline import lived, written
from tests.theory.twin_user_cases import CASES
from tests.twin.manners import Setting
from tests.twin.resident import Resident
from tests.twin.world import World

Floats = NDArray[np.float64]
Cells = dict[str, Floats]

O_OF_ONE = 1.0
"""Users by which a mean over worlds of users who act on each other may be off its limit."""

RARE_VARIANCE = 4.0
"""Below this variance a count is that of some rare users, and far from normal."""


@cache
def expected(name: str) -> History:
    case = CASES[name]
    return lived(written(case.text()).scenario(), case.timeline())


def simulated(history: History) -> Cells:
    """Every cell of the simulator's, by what it counts."""
    cells: Cells = {}
    for s, segment in enumerate(history.segments):
        for state in STATES:
            cells[f"{segment} {state}"] = history.states[state][0, s, 1:]
        at_place = history.states["away"][:, :, None] if history.at_place is None else history.at_place
        for p, place in enumerate(history.places):
            cells[f"{segment} away at {place}"] = at_place[0, s, p, 1:]
        cells[f"{segment} joined"] = history.joined[:1, s]
        cells[f"{segment} served hours"] = history.served_hours[:1, s]
        for flow, values in history.flows.items():
            if flow != "door_hours":  # hours, which the twin does not add up
                cells[f"{segment} {flow}"] = values[:1, s]
        if history.moved is not None:
            cells[f"{segment} moved"] = history.moved[:1, s]
    if history.door is not None:
        cells["door"] = history.door[0, 1:]
    if history.beside is not None:
        for p, rival in enumerate(history.places[1:]):
            cells[f"beside {rival}"] = history.beside[0, p, 1:]
    return cells


def lived_through(world: World) -> Cells:
    """The same cells of one world of the twin."""
    cells: Cells = {}

    def over_time(name: str, counts: Sequence[float]) -> None:
        cells[name] = np.array(counts, dtype=float)

    for segment in world.setting.segments:
        for state in STATES:
            over_time(f"{segment} {state}", [report.count[segment, state] for report in world.reports])
        for place in world.setting.places:
            seen = [report.away_at[segment, place] for report in world.reports]
            over_time(f"{segment} away at {place}", seen)
        over_time(f"{segment} served hours", [world.served_hours[segment]])
    for flow, segment in flows_of(world):
        over_time(f"{segment} {flow}", [world.flows[flow, segment]])
    for segment in world.setting.segments:
        moved = world.flows["moved_in", segment] - world.flows["moved_out", segment]
        over_time(f"{segment} moved", [moved])
    over_time("door", [report.door for report in world.reports])
    for rival in world.setting.rivals:
        over_time(f"beside {rival}", [report.beside[rival] for report in world.reports])
    return cells


def flows_of(world: World) -> list[tuple[str, str]]:
    """What was done, and in which segment."""
    names = ["joined", "returned", "abandoned", "moved_in", "moved_out", "churned", "gave_up"]
    names += [f"left.{place}" for place in world.setting.places]
    names += [f"tried.{rival}" for rival in world.setting.rivals]
    return [(name, segment) for name in names for segment in world.setting.segments]


@cache
def life(name: str, seed: int, world: int) -> Cells:
    """What happens in one world of the twin as it should be."""
    return live(name, seed, world, Resident, CASES[name].twin())


def live(name: str, seed: int, world: int, kind: type[Resident], setting: Setting) -> Cells:
    reports = tuple(float(t) for t in expected(name).times[1:])
    return lived_through(World(setting, reports, np.random.default_rng([seed, world]), kind).run())


def scores(
    name: str,
    *,
    seed: int,
    worlds: int | None = None,
    kind: type[Resident] = Resident,
    setting: Setting | None = None,
) -> Cells:
    """Standard errors between the twin's mean and the simulator's count, cell by cell.

    The twin may be another `kind` of user, or live in another `setting` than the simulator's: broken on
    purpose.
    """
    case, history = CASES[name], expected(name)
    number = worlds or case.worlds
    right = kind is Resident and setting is None
    lives = [
        life(name, seed, w) if right else live(name, seed, w, kind, setting or case.twin())
        for w in range(number)
    ]
    people = float(history.start[0].sum() + history.joined[0].sum())
    found = {}
    for cell, mean in simulated(history).items():
        seen = np.array([one[cell] for one in lives])
        variance = seen.var(axis=0, ddof=1)
        if not cell.endswith("hours"):
            binomial = mean * (1.0 - np.minimum(mean / people, 1.0))
            variance = np.maximum(np.maximum(variance, binomial), 1.0 / number)
        off = np.abs(seen.mean(axis=0) - mean) - (O_OF_ONE if case.interacting else 0.0)
        found[cell] = np.maximum(off, 0.0) / np.sqrt(variance / number)
    return found


def uncounted(name: str, *, seed: int) -> set[str]:
    """What happens in the twin and is not counted by the simulator; nothing is asked of the closed form."""
    history = expected(name)
    happened = {cell for cell, counts in life(name, seed, 0).items() if counts.any()}
    return happened - set(simulated(history)) if history.flows else set()


def spreads(name: str, *, seed: int, worlds: int) -> Cells:
    """Standard errors between the logarithms of the variances of sampled numbers and of the twin's.

    Of all counts by state of which there are twenty or more and that scatter by more than 2 users. The
    variance of the logarithm of the variance of n normal numbers is 2 / (n - 1); a count that misses its
    greatest value by a rare user now and then is far from normal (its excess kurtosis is up to 1 / variance).
    """
    case = CASES[name]
    sampled = lived(written(case.text()).scenario(), case.timeline(), users="sampled")
    lives = [life(name, seed, w) for w in range(worlds)]
    found = {}
    for s, segment in enumerate(sampled.segments):
        for state in STATES:
            drawn = sampled.states[state][:, s, 1:]
            seen = np.array([one[f"{segment} {state}"] for one in lives])
            many = (drawn.mean(axis=0) >= 20.0) & (drawn.var(axis=0) + seen.var(axis=0) > 2 * RARE_VARIANCE)
            ratio = np.log(drawn[:, many].var(axis=0, ddof=1) / seen[:, many].var(axis=0, ddof=1))
            found[f"{segment} {state}"] = np.append(
                np.abs(ratio) / np.sqrt(2.0 / (len(drawn) - 1) + 2.0 / (worlds - 1)), 0.0
            )
    return found


def worst(found: Cells) -> tuple[float, str]:
    """The largest of all cells, and where it is."""
    return max((float(z.max()), f"{cell} at report {int(z.argmax()) + 1}") for cell, z in found.items())
