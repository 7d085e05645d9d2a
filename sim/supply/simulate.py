"""The supply side of a block: compiled once, then one replication after another.

In: a scenario and the inputs of one block. Out: a `Timeline` a replication. Replication k of a block gives
the same bits whichever others are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.scenario.inputs import Inputs
from sim.scenario.model import Scenario
from sim.supply.account import Account
from sim.supply.collector import paused
from sim.supply.compiling import compile_supply
from sim.supply.levels import levels
from sim.supply.quantities import Table
from sim.supply.run import Run
from sim.supply.timeline import Timeline, Told


class SupplyPlan:
    """What the replications of one block have in common: what leads to what, and rows of quantities."""

    def __init__(self, scenario: Scenario, inputs: Inputs) -> None:
        self.timetable = compile_supply(scenario)
        self.times = Table(self.timetable.columns, inputs)
        self.tables = {
            name: Table(role.response.columns, inputs)
            for name, role in self.timetable.roles.items()
            if role.response is not None
        }
        self.tables |= {name: Table(columns, inputs) for name, columns in self.timetable.chances.items()}
        self._suppliers = {role: ((0.0, "up"),) for role in scenario.suppliers}
        self._players: dict[str, tuple[tuple[float, str | None], ...]] = {
            role: ((0.0, ""),) for role in scenario.suppliers
        }
        self._quiet: Timeline | None = None

    def run(self, k: int) -> Timeline:
        """Replication `k`, its place in the block. Where nothing can happen, all share one timeline."""
        if self.timetable.events or self.timetable.lively:
            return self._run(k)
        if self._quiet is None:
            self._quiet = self._run(k)
        return self._quiet

    def _run(self, k: int) -> Timeline:
        run = Run(self.timetable, self.times, self.tables, k)
        run.play()
        found = levels(self.timetable.logic, run.changes, self.timetable.horizon)
        suppliers: dict[str, tuple[tuple[float, str], ...]] = dict(self._suppliers)
        players = dict(self._players)
        for name, role in run.roles.items():
            suppliers[name] = tuple(role.states)
            players[name] = tuple(role.players)
        account = Account(self.timetable.logic, run, found)
        run.close()
        return Timeline(
            horizon=self.timetable.horizon,
            levels=found,
            records=Told(account.records),
            happenings=Told(account.happenings),
            causes=Told(account.causes),
            contacted=run.contacted,
            refused=run.refused,
            withdrew=run.withdrew,
            spent=run.spent,
            event_count=run.event_count,
            data_loss_window=run.data_loss_window,
            data_lost=run.data_lost,
            suppliers=suppliers,
            players=players,
        )


def simulate_supply(scenario: Scenario, inputs: Inputs, replications: Sequence[int]) -> list[Timeline]:
    """The timelines of some replications of one block.

    Parameters
    ----------
    inputs
        What the block reads; its draws decide which block it is.
    replications
        Their places in the block, 0 to BLOCK - 1.
    """
    plan = SupplyPlan(scenario, inputs)
    with paused():
        return [plan.run(k) for k in replications]
