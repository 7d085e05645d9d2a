"""What it costs to lose one supplier at the start, for good: users, and the time until somebody stands in.

In: a scenario under one strategy. Out: a `Consequence` a supplier, and one an owner who plays several roles,
from worlds in which nothing happens but that one loss, unannounced, at hour 0. All worlds share their draws
(common random numbers): the search, the work and the people meet the same luck whoever goes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.errors import HostfallError
from sim.outcomes import assess
from sim.scenario.happenings import Event
from sim.streams import BLOCK
from sim.structure import Concentration, concentration, owners
from sim.study.statistics import mean_interval, quantile
from sim.study.world import World, play

if TYPE_CHECKING:
    from sim.scenario.model import Scenario
    from sim.supply.timeline import Timeline

Array = NDArray[np.float64]

OF_ITSELF = ("fails", "leaves")
"""Fields of a supplier that let it go without a set event."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows if some roles are lost at hour 0 for good.

    Attributes
    ----------
    owner, roles
        Who plays them, and which: one role, or all that one owner plays.
    runs
        Replications with an outcome.
    users_lost, low, high
        Mean over the runs of the active users there would be at the horizon less those there are, and its
        95 % t interval.
    exposure
        The loss as a share of the largest one of a single role: the risk exposure index (D. Simchi-Levi et
        al. 2014). A loss below 0 counts as none.
    downtime
        For each capability the hours down that half of the runs do not exceed, infinite if it is still down
        at the horizon then.
    replaced
        The same of the time until all these roles are filled again.
    """

    owner: str
    roles: tuple[str, ...]
    runs: int
    users_lost: float
    low: float
    high: float
    exposure: float
    downtime: Mapping[str, float]
    replaced: float


@dataclass(frozen=True, slots=True)
class Consequences:
    """Of every role in file order, of every owner, and how concentrated the loss is among the owners."""

    roles: tuple[Consequence, ...]
    owners: tuple[Consequence, ...]
    concentration: Concentration


def consequences(
    scenario: Scenario, replications: int = BLOCK, progress: Callable[[int, int], None] | None = None
) -> Consequences:
    """Lose every supplier, one at a time, and every owner of several roles.

    Parameters
    ----------
    progress
        Called with (finished blocks, all blocks).

    Raises
    ------
    BlockFailedError, HostfallError
        If no replication has an outcome.

    Checked by: tests/unit/test_study_consequence.py
    """
    still = quiet(scenario)
    owned = owners(scenario)
    wanted = [(role,) for role in scenario.suppliers] + [each for each in owned.values() if len(each) > 1]
    blocks = range(math.ceil(replications / BLOCK))
    done, told = 0, progress or (lambda _done, _all: None)
    told(0, len(blocks) * len(wanted))
    rows: dict[tuple[str, ...], list[_Rows]] = {roles: [] for roles in wanted}
    for block in blocks:
        spared = play(still, block, name="counterfactual ")
        for roles in wanted:
            rows[roles].append(_lose(still, roles, block, spared, replications - block * BLOCK))
            done += 1
            told(done, len(blocks) * len(wanted))
    of = {roles: _consequence(scenario, roles, _together(each)) for roles, each in rows.items()}
    largest = max(of[role,].users_lost for role in scenario.suppliers)
    of = {
        roles: replace(one, exposure=max(one.users_lost, 0.0) / largest if largest > 0.0 else 0.0)
        for roles, one in of.items()
    }
    by_owner = tuple(of[roles] for roles in owned.values())
    return Consequences(
        tuple(of[role,] for role in scenario.suppliers),
        by_owner,
        concentration({one.owner: max(one.users_lost, 0.0) for one in by_owner}),
    )


def quiet(scenario: Scenario) -> Scenario:
    """The scenario without anything that befalls suppliers, set or at random; what people do stays."""
    spared = scenario.spared()
    # An effect that is kept loses its cause with it.
    kept = {e.id: e.model_copy(update={"because": None}) for e in spared.events if e.of_people}
    gone = {event.id for event in scenario.events if event.id not in kept}
    calm = {
        role: supplier.model_copy(update={name: None for name in OF_ITSELF if hasattr(supplier, name)})
        for role, supplier in spared.suppliers.items()
    }
    about: list[tuple[str, ...]] = [("events", name) for name in gone]
    about += [("suppliers", role, name) for role in calm for name in OF_ITSELF]
    about += [("groups",)]
    unknowns = {
        path: law
        for path, law in spared.unknowns.items()
        if not any(tuple(path.split("."))[: len(each)] == each for each in about)
    }
    changes: dict[str, object] = {"events": tuple(kept.values()), "suppliers": calm, "unknowns": unknowns}
    if hasattr(spared, "groups"):
        changes["groups"] = {}
    return spared.model_copy(update=changes)


def without(still: Scenario, roles: Sequence[str]) -> Scenario:
    """The same, and some roles are suspended at the start, unannounced."""
    lost = [Event.model_validate({"suspend": role, "at": "0 h", "id": f"lost_{role}"}) for role in roles]
    return still.model_copy(update={"events": (*lost, *still.events)})


@dataclass(frozen=True, slots=True)
class _Rows:
    """Of the replications of a block that have an outcome. Shape (rows,) each."""

    users_lost: Array
    downtime: Mapping[str, Array]
    replaced: Array


def _lose(still: Scenario, roles: Sequence[str], block: int, spared: World, rows: int) -> _Rows:
    scenario = without(still, roles)
    happened = play(scenario, block)
    found = assess(
        scenario,
        happened.timelines,
        happened.history,
        spared.timelines,
        spared.history,
        happened.inputs,
    )
    failed = {*happened.failures, *spared.failures, *found.violations}
    kept = [row for row in range(min(rows, BLOCK)) if row not in failed]
    columns = found.columns
    down = {
        name: np.where(columns[f"up_at_end.{name}"], columns[f"downtime.{name}"], math.inf)[kept]
        for name in scenario.capabilities
    }
    back = [max(filled_again(happened.timelines[row], role) for role in roles) for row in kept]
    return _Rows(np.asarray(columns["users_lost"], dtype=float)[kept], down, np.array(back, dtype=float))


def filled_again(timeline: Timeline, role: str) -> float:
    """Hours until a role that was lost at the start is filled; infinite if it is not within the horizon."""
    lost = False
    for time, state in timeline.suppliers.get(role, ()):
        if lost and state in {"up", "replaced"}:
            return time
        lost = lost or state not in {"up", "notice", "replaced"}
    return math.inf if lost else 0.0


def _together(parts: Sequence[_Rows]) -> _Rows:
    return _Rows(
        np.concatenate([part.users_lost for part in parts]),
        {name: np.concatenate([part.downtime[name] for part in parts]) for name in parts[0].downtime},
        np.concatenate([part.replaced for part in parts]),
    )


def _consequence(scenario: Scenario, roles: tuple[str, ...], rows: _Rows) -> Consequence:
    if not len(rows.users_lost):
        raise HostfallError(f"every run without {' and '.join(roles)} failed")
    lost = mean_interval(rows.users_lost)
    return Consequence(
        owner=scenario.suppliers[roles[0]].name or roles[0],
        roles=roles,
        runs=len(rows.users_lost),
        users_lost=lost.value,
        low=lost.low,
        high=lost.high,
        exposure=math.nan,
        downtime={name: quantile(np.sort(hours), 0.5) for name, hours in rows.downtime.items()},
        replaced=quantile(np.sort(rows.replaced), 0.5),
    )
