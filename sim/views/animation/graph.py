"""What needs what, placed once for all frames, and in which state each of it is at an instant.

In: a case and one of its runs. Out: boxes and arrows with their places, the instants at which a box may
change, and the states at an instant. States are those of the dependency figure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.views import wording
from sim.views.case import Case, Run
from sim.views.figures.dependencies import LOOKS, network, supplier_state
from sim.views.figures.layers import layout
from sim.views.labels import ability

if TYPE_CHECKING:
    from sim.supply.timeline import Timeline

WORDS = {state: look[5] for state, look in LOOKS.items()}
"""What a state is called."""


@dataclass(frozen=True, slots=True)
class Box:
    """A supplier or a capability. ``column`` counts layers from the left, ``row`` rows from the top."""

    id: str
    label: str
    supplier: bool
    column: int
    row: float
    needs: str
    """What it needs, in words; empty for a supplier."""
    single: bool
    """Whether its loss alone stops the headline capability."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """From what is needed to what needs it. ``choice``: one of several will do."""

    of: str
    to: str
    choice: bool
    route: tuple[tuple[int, float], ...]
    """Columns and rows that it passes."""


@dataclass(frozen=True, slots=True)
class Graph:
    """Boxes in the order of the scenario, suppliers first, and the arrows between them."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    columns: int
    rows: float
    headline: str
    """What a single point of failure stops, for people."""


def placed(case: Case, run: Run) -> Graph:
    """The dependency graph of a run with everything in its place."""
    made = network(replace(case, typical=run), 0.0)
    where = layout(made)
    boxes = []
    for name, node in made.nodes(data=True):
        column, row = where.places[name]
        needs = [made.nodes[need]["label"] for need in made.predecessors(name)]
        told = node.get("logic") or wording.listing(needs)
        label, single = wording.capital(node["label"]), bool(node["single"])
        boxes.append(Box(name, label, node["supplier"], column, row, told, single))
    arrows = [
        Arrow(of, to, bool(made.edges[of, to]["choice"]), route) for (of, to), route in where.routes.items()
    ]
    headline = wording.small(ability(case.scenario, case.scenario.headline))
    return Graph(tuple(boxes), tuple(arrows), where.columns, where.rows, headline)


def states(graph: Graph, line: Timeline, hours: float) -> tuple[str, ...]:
    """The state of every box at an instant, just after what happens then."""
    found = []
    for box in graph.boxes:
        if box.supplier:
            found.append(supplier_state(line.suppliers.get(box.id, ()), hours))
        else:
            level = line.levels[box.id].at(hours)
            found.append("down" if level == 0 else "up" if level >= 1 else "partly")
    return tuple(found)


def changes(line: Timeline) -> set[float]:
    """Every instant at which a supplier or a capability changes, hours."""
    found = {time for steps in line.suppliers.values() for time, _ in steps}
    return found | {time for level in line.levels.values() for time in level.times}
