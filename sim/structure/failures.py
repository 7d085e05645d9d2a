"""What can fail by itself: the basic events of a platform, and how much of the time each has happened.

In: suppliers and groups of a scenario. Out: `BasicEvent`, one for each supplier's own failure and one for
each cause that takes several suppliers down at once. All of them are independent of one another; that
suppliers are not is what the common ones are for (IEC 61025 calls both basic events).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.scenario.laws import Law
    from sim.scenario.model import Scenario

Kind = Literal["supplier", "group", "common"]


@dataclass(frozen=True, slots=True)
class BasicEvent:
    """One thing that may fail by itself.

    Attributes
    ----------
    name
        The supplier; `<group>.fails` or `<group>.common` for what takes all members of a group.
    takes
        The suppliers that are down while it lasts.
    kind
        A supplier's own failure, a group's, or the share of its members' that they have in common.
    unavailability
        Share of the time it has happened, in the long run; None where the scenario does not say.
    """

    name: str
    takes: tuple[str, ...]
    kind: Kind = "supplier"
    unavailability: float | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Suppliers with a common cause.

    Attributes
    ----------
    members
        Suppliers.
    unavailability
        Of a cause of its own that takes all of them; None where nobody says. A group that says nothing else
        has such a cause all the same: that is why it is a group.
    common
        Share of each member's unavailability that is common to all (the beta factor); None for none.
    """

    members: tuple[str, ...]
    unavailability: float | None = None
    common: float | None = None


def steady_unavailability(between: float, lasts: float) -> float:
    """Share of the time down, in the long run, of what is up for ``between`` and down for ``lasts`` hours.

    lasts / (between + lasts), the means of an alternating renewal process; 1 less the availability
    MTBF / (MTBF + MTTR), where MTBF counts from one repair to the next failure.

    Checked by: tests/theory/test_d1_renewal_availability.py
    """
    return lasts / (between + lasts)


def basic_events(
    suppliers: Mapping[str, float | None], groups: Mapping[str, Group] | None = None
) -> tuple[BasicEvent, ...]:
    """Every basic event: a supplier's own stands behind those it shares with others.

    With a common share beta, members are down together with probability beta q and each by itself with
    (1 - beta) q (the beta-factor model, K. N. Fleming 1974). Where members differ in q the smallest one's
    counts, for no more than that can be common to all.

    Parameters
    ----------
    suppliers
        Each one's unavailability, with what it shares; None where nobody says.

    Raises
    ------
    UsageError
        If the shares that one supplier has in common with others add up to more than 1.

    Checked by: tests/theory/test_d5_common_cause.py
    """
    shared: dict[str, list[BasicEvent]] = {name: [] for name in suppliers}
    alone = dict(suppliers)
    for name, group in (groups or {}).items():
        found = []
        if group.unavailability is not None or group.common is None:
            found.append(BasicEvent(f"{name}.fails", group.members, "group", group.unavailability))
        if group.common:
            known = [q for q in (suppliers[member] for member in group.members) if q is not None]
            common = group.common * min(known) if len(known) == len(group.members) else None
            found.append(BasicEvent(f"{name}.common", group.members, "common", common))
            for member in group.members:
                alone[member] = _less(alone[member], common, member)
        for member in group.members:
            shared[member] += found
    ordered: dict[str, BasicEvent] = {}
    for name, left in alone.items():
        ordered |= {event.name: event for event in shared[name]}
        ordered[name] = BasicEvent(name, (name,), "supplier", left)
    return tuple(ordered.values())


def _less(own: float | None, common: float | None, name: str) -> float | None:
    """What is left of a supplier's unavailability without a share of it."""
    if own is None or common is None:
        return own
    if common > own * (1 + 1e-12):
        message = f"`{name}` has more than all of its failures in common with others (`groups`)"
        raise UsageError(message)
    return max(own - common, 0.0)


def events_of(scenario: Scenario) -> tuple[BasicEvent, ...]:
    """The basic events of a scenario: from `fails` of its suppliers, and from its `groups`."""
    suppliers = {name: _of(getattr(supplier, "fails", None)) for name, supplier in scenario.suppliers.items()}
    return basic_events(suppliers, groups_of(scenario))


def groups_of(scenario: Scenario) -> dict[str, Group]:
    """The groups of a scenario."""
    found = {}
    for name, group in dict(getattr(scenario, "groups", None) or {}).items():
        members: Sequence[str] = group.members
        fails, common = getattr(group, "fails", None), getattr(group, "common", None)
        found[name] = Group(tuple(members), _of(fails), common)
    return found


def _of(fails: Any) -> float | None:
    """The unavailability that a pair of laws comes to."""
    if fails is None:
        return None
    every: Law = fails.every
    lasts: Law = fails.lasts
    return steady_unavailability(every.mean(), lasts.mean())
