"""Exact unavailability, and how much each event contributes to it.

In: a function of a `Diagram` and the probability of every event, events being independent. Out: numbers.
What makes events dependent (a common cause) is an event of its own, see `sim.structure.failures`.

With Q the probability that the function is true, Q(1) the same if the event has surely happened and Q(0) if
it surely has not:

    Birnbaum = Q(1) - Q(0);  criticality = q Birnbaum / Q;
    risk achievement worth = Q(1) / Q;  risk reduction worth = Q / Q(0);
    Fussell-Vesely = P(some minimal cut set with the event has happened) / Q.

References
----------
Z. W. Birnbaum, On the importance of different components in a multicomponent system, in Multivariate
Analysis II, Academic Press 1969, 581-592.
J. B. Fussell, How to hand-calculate system reliability and safety characteristics, IEEE Transactions on
Reliability R-24(3), 1975, 169-174.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sim.structure.cut_sets import CutSets
from sim.structure.diagram import ALWAYS, Diagram


@dataclass(frozen=True, slots=True)
class Importance:
    """One event's part in a capability's unavailability.

    Attributes
    ----------
    event
        Its name.
    unavailability
        Its own probability.
    birnbaum
        How much likelier the capability is to be down with the event than without it; the derivative of its
        unavailability.
    criticality
        The share of the time down in which the event has happened and its end would end it.
    fussell_vesely
        The share of the time down in which some minimal cut set with the event has happened.
    risk_achievement, risk_reduction
        By what the unavailability is multiplied if the event has surely happened; by what it is divided if it
        never does (infinite if nothing is left). NaN, like criticality, where the capability is never down.
    """

    event: str
    unavailability: float
    birnbaum: float
    criticality: float
    fussell_vesely: float
    risk_achievement: float
    risk_reduction: float


def unavailability(diagram: Diagram, function: int, probabilities: Mapping[str, float]) -> float:
    """The probability that a function is true, by Shannon's expansion: exact for independent events.

    Checked by: tests/theory/test_d5_common_cause.py, tests/properties/test_structure.py
    """
    return _upwards(diagram, function, _checked(diagram, function, probabilities))[function]


def importances(
    diagram: Diagram, cuts: CutSets, probabilities: Mapping[str, float]
) -> tuple[Importance, ...]:
    """Every measure of every event that the function of these cut sets depends on, in the diagram's order.

    Raises
    ------
    ValueError
        A probability is missing, or is none.

    Checked by: tests/theory/test_d4_cut_sets_and_importance.py, tests/theory/test_d6_importance.py
    """
    function = cuts.function
    given = _checked(diagram, function, probabilities)
    truth = _upwards(diagram, function, given)
    whole, slopes = truth[function], _slopes(diagram, function, given, truth)
    found = []
    for place, slope in sorted(slopes.items()):
        name, q = diagram.names[place], given[place]
        without = _upwards(diagram, function, {**given, place: 0.0})[function]
        through = cuts.through(name)
        part = _upwards(diagram, through, given)[through]
        found.append(
            Importance(
                event=name,
                unavailability=q,
                birnbaum=slope,
                criticality=_over(q * slope, whole),
                fussell_vesely=_over(part, whole),
                risk_achievement=_over(without + slope, whole),
                risk_reduction=_over(whole, without),
            )
        )
    return tuple(found)


def _over(part: float, whole: float) -> float:
    """A ratio; infinite over nothing, NaN for nothing over nothing."""
    if whole > 0.0:
        return part / whole
    return math.inf if part > 0.0 else math.nan


def _checked(diagram: Diagram, function: int, probabilities: Mapping[str, float]) -> dict[int, float]:
    """The probability of each variable that the function asks for."""
    found = {}
    for name in diagram.events(function):
        if name not in probabilities:
            raise ValueError(f"no probability is given for `{name}`")
        value = probabilities[name]
        if not 0.0 <= value <= 1.0:
            raise ValueError(f"{value} for `{name}` is not a probability")
        found[diagram.place(name)] = value
    return found


def _upwards(diagram: Diagram, function: int, given: Mapping[int, float]) -> dict[int, float]:
    """The probability of being true, for every node of a function."""
    truth = {0: 0.0, ALWAYS: 1.0}
    for node in reversed(diagram.below(function)):
        variable, low, high = diagram.node(node)
        q = given[variable]
        truth[node] = (1.0 - q) * truth[low] + q * truth[high]
    return truth


def _slopes(
    diagram: Diagram, function: int, given: Mapping[int, float], truth: Mapping[int, float]
) -> dict[int, float]:
    """Birnbaum's importance of every variable: over its nodes, P(to get there) x (with - without)."""
    slopes: dict[int, float] = {}
    reached = {function: 1.0}
    for node in diagram.below(function):
        variable, low, high = diagram.node(node)
        here, q = reached[node], given[variable]
        slopes[variable] = slopes.get(variable, 0.0) + here * (truth[high] - truth[low])
        reached[low] = reached.get(low, 0.0) + here * (1.0 - q)
        reached[high] = reached.get(high, 0.0) + here * q
    return slopes
