"""What depends on what, without simulating: single points of failure, cut sets, importance, concentration.

In: the gates of a scenario, and for whatever can fail by itself how probable it is to be down. Out: exact
combinatorics of who must fall together, exact probabilities, and what each supplier contributes to them.
Nothing here draws a random number or knows an hour.

Why this way: "the capability is down" is a Boolean function of who has failed. It is held as a reduced
ordered binary decision diagram, in which a supplier that is needed in several places is one variable, so
that probabilities are exact; minimal cut sets are read off it. Rejected: dominators of the dependency graph
as single points of failure (wrong as soon as one thing needs two others at once: neither dominates it, and
each takes it down alone); adding up the probabilities of cut sets (counts states twice); enumerating all
states (a thousand million for 30 suppliers; the tests do it for few); the library `dd` (its pure Python part
is more than we need by a factor of ten, and cut sets are not in it).
"""

from __future__ import annotations

from sim.structure.concentration import Concentration, concentration, owners
from sim.structure.cut_sets import CutSets
from sim.structure.diagram import Diagram
from sim.structure.failures import BasicEvent, Group, basic_events, events_of, steady_unavailability
from sim.structure.function import StructureFunction, structure_function
from sim.structure.importance import Importance, importances, unavailability

__all__ = [
    "BasicEvent",
    "Concentration",
    "CutSets",
    "Diagram",
    "Group",
    "Importance",
    "StructureFunction",
    "basic_events",
    "concentration",
    "events_of",
    "importances",
    "owners",
    "steady_unavailability",
    "structure_function",
    "unavailability",
]
