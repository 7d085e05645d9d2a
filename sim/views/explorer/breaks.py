"""What breaks what: who depends on whom, what goes if some suppliers are lost, and what that costs.

In: a scenario under one strategy, and the suppliers that somebody has taken out. Out: boxes and arrows with
their places and states, sentences, and numbers of the losses, as plain values for JSON. States come from
`sim.structure` and need no simulation; numbers are those of `sim.study.consequence`: the suppliers are gone
at hour 0, unannounced and for good, and nothing else happens.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import HostfallError, UsageError
from sim.scenario.gates import Gate, leaves
from sim.streams import BLOCK
from sim.structure import StructureFunction, structure_function
from sim.study.consequence import filled_again, quiet, without
from sim.study.simulate import simulate
from sim.study.statistics import mean_interval, quantile
from sim.views import wording
from sim.views.figures.dependencies import certain, logic
from sim.views.figures.layers import layout
from sim.views.labels import ability, supplier, the

if TYPE_CHECKING:
    from networkx import DiGraph

    from sim.scenario import Scenario

WORDS = {"up": "works", "partly": "works in part", "down": "does not work", "lost": "lost"}
"""What a state is called."""

MOST_CUTS = 4
"""Ways to lose a capability that are told; there may be thousands."""


def breaks(scenario: Scenario, lost: Sequence[str]) -> dict[str, Any]:
    """The dependencies, with some suppliers lost.

    Raises
    ------
    UsageError
        If there is no such supplier.
    """
    gone = _known(scenario, lost)
    function = structure_function(scenario)
    graph = _graph(scenario, function)
    placed = layout(graph)
    states = {name: _state(function, name, gone) for name in graph.nodes}
    boxes = [
        {
            "id": name,
            "label": node["label"],
            "supplier": node["supplier"],
            "column": placed.places[name][0],
            "row": placed.places[name][1],
            "needs": node["needs"],
            "state": states[name],
            "word": WORDS[states[name]],
        }
        for name, node in graph.nodes(data=True)
    ]
    arrows = [
        {"of": of, "to": to, "choice": graph.edges[of, to]["choice"], "route": [list(p) for p in route]}
        for (of, to), route in placed.routes.items()
    ]
    return {
        "boxes": boxes,
        "arrows": arrows,
        "columns": placed.columns,
        "rows": placed.rows,
        "lost": list(gone),
        "sentences": _told(scenario, gone, states),
        "cuts": [
            [ability(scenario, name), *_cuts(scenario, function, name)] for name in scenario.capabilities
        ],
    }


def consequence(scenario: Scenario, lost: Sequence[str]) -> dict[str, Any]:
    """What it costs if they are gone at the start for good: numbers with their 95 % intervals.

    Raises
    ------
    UsageError
        If there is no such supplier, or none is lost.
    HostfallError
        If no replication has an outcome.
    """
    gone = _known(scenario, lost)
    if not gone:
        raise UsageError("`lost` is empty: nobody is gone")
    found = simulate(without(quiet(scenario), gone), 0)
    good = [row for row in range(BLOCK) if row not in found.failures]
    if found.happened is None or found.outcome is None or not good:
        raise HostfallError("every run failed")
    columns, horizon = found.outcome.columns, scenario.clock.horizon
    users = mean_interval(np.asarray(columns["users_lost"], dtype=float)[good])
    lines = found.happened.timelines
    back = np.array([max(filled_again(lines[row], role) for role in gone) for row in good])
    down = {
        name: np.where(columns[f"up_at_end.{name}"], columns[f"downtime.{name}"], np.inf)[good]
        for name in scenario.capabilities
    }

    def half(hours: Any) -> str:
        middle = quantile(np.sort(hours), 0.5)
        more = "> " * (not np.isfinite(middle))
        return more + wording.short_duration(horizon if more else middle)

    ends = list(dict.fromkeys(map(wording.count, (users.low, users.high))))
    interval = f"95 % interval {' to '.join(ends)}" if len(ends) > 1 else "the same in every run"
    rows = [["Users lost, on average", wording.count(users.value), interval]]
    rows.append(["Replaced after", half(back), "in half of the runs"])
    hurt = {name: hours for name, hours in down.items() if np.any(hours > 0.0)}
    rows += [[_down(scenario, name), half(hours), "in half of the runs"] for name, hours in hurt.items()]
    return {
        "runs": len(good),
        "who": wording.listing([the(scenario, role) for role in gone]),
        "users_lost": [users.value, users.low, users.high],
        "rows": rows,
    }


def _down(scenario: Scenario, name: str) -> str:
    return f"{wording.capital(ability(scenario, name))}: not possible for"


def _known(scenario: Scenario, lost: Collection[str]) -> tuple[str, ...]:
    wrong = sorted(set(lost) - set(scenario.suppliers))
    if wrong:
        raise UsageError(f"there is no supplier `{wrong[0][:60]}`; there are {', '.join(scenario.suppliers)}")
    return tuple(role for role in scenario.suppliers if role in lost)


def _graph(scenario: Scenario, function: StructureFunction) -> DiGraph[Any]:
    """Suppliers and capabilities, and an edge for every name that one of them stands on."""
    import networkx as nx

    graph: DiGraph[Any] = nx.DiGraph()
    labels = {role: wording.capital(supplier(scenario, role)) for role in scenario.suppliers}
    labels |= {name: wording.capital(ability(scenario, name)) for name in scenario.capabilities}
    gates: dict[str, tuple[Gate, ...]] = dict(function.needs)
    gates |= {name: (scenario.capabilities[name].gate,) for name in scenario.capabilities}
    for name, label in labels.items():
        below = gates.get(name, ())
        graph.add_node(name, label=label, supplier=name in scenario.suppliers, needs=_needs(below, labels))
    for name, below in gates.items():
        for gate in below:
            for need in dict.fromkeys(leaves(gate)):
                graph.add_edge(need, name, choice=need not in certain(gate))
    return graph


def _needs(gates: Sequence[Gate], labels: dict[str, str]) -> str:
    """What somebody needs, in words, each by its label."""
    import re

    text = " and ".join(logic(gate) or next(leaves(gate)) for gate in gates)
    return re.sub(r"\w+", lambda found: labels.get(found[0], found[0]), text)


def _state(function: StructureFunction, name: str, gone: Collection[str]) -> str:
    if name in gone:
        return "lost"
    happened = set(gone)
    if function.diagram.holds(function.down(name), happened):
        return "down"
    return "partly" if function.diagram.holds(function.short(name, 1.0), happened) else "up"


def _told(scenario: Scenario, gone: Sequence[str], states: dict[str, str]) -> list[str]:
    """Who is lost and what follows, in sentences."""
    if not gone:
        return ["Nobody is lost: everything works."]
    who = wording.listing([the(scenario, role) for role in gone])
    dragged = [the(scenario, role) for role in scenario.suppliers if states[role] == "down"]
    said = []
    if dragged:
        said.append(f"With {who} {wording.listing(dragged)} cannot serve either.")
    ways = {
        state: [f"“{ability(scenario, name)}”" for name in scenario.capabilities if states[name] == state]
        for state in WORDS
    }
    if not ways["down"] and not ways["partly"]:
        return [*said, f"Without {who} everything still works."]
    if ways["down"]:
        said.append(f"Without {who} this does not work: {wording.listing(ways['down'])}.")
    if ways["partly"]:
        said.append(f"In part this still works: {wording.listing(ways['partly'])}.")
    said.append(f"Still possible: {wording.listing(ways['up']) if ways['up'] else 'nothing'}.")
    return said


def _cuts(scenario: Scenario, function: StructureFunction, name: str) -> tuple[str, ...]:
    """The smallest sets whose loss takes a capability down, in words."""
    found = []
    for cut in function.cut_sets(name).first(MOST_CUTS):
        takes = [role for event in cut for role in function.events[event].takes]
        found.append(" + ".join(supplier(scenario, role) for role in dict.fromkeys(takes)))
    return tuple(dict.fromkeys(found))
