"""Common cause, the beta-factor model: two hosts, each down a share q of the time, beta of it together.

With q = 0.01 and beta = 0.1 both are down with probability beta q + (1 - beta q) ((1 - beta) q)^2 =
0.001080919, against q^2 = 0.0001 if they were independent: 10.80919 times as often.

Source: K. N. Fleming, A reliability model for common mode failures in redundant safety systems, General
Atomic report GA-A13284, 1974. Exact: 1e-12.
"""

from __future__ import annotations

import pytest

from sim.errors import UsageError
from sim.structure import Group, StructureFunction, basic_events, unavailability
from tests.structures import gate_of

BOTH = {"use": gate_of([{"any": ["host_a", "host_b"]}])}


def both_down(q: dict[str, float | None], groups: dict[str, Group]) -> float:
    events = basic_events(q, groups)
    function = StructureFunction(BOTH, events)
    given = {event.name: event.unavailability or 0.0 for event in events}
    return unavailability(function.diagram, function.down("use"), given)


def test_both_down_with_a_common_cause() -> None:
    found = both_down({"host_a": 0.01, "host_b": 0.01}, {"twins": Group(("host_a", "host_b"), common=0.1)})
    assert found == pytest.approx(0.001080919, rel=1e-12)
    assert found / both_down({"host_a": 0.01, "host_b": 0.01}, {}) == pytest.approx(10.80919, rel=1e-12)


def test_the_common_cause_is_a_cut_set_of_its_own() -> None:
    events = basic_events(
        {"host_a": None, "host_b": None}, {"twins": Group(("host_a", "host_b"), common=0.1)}
    )
    cuts = StructureFunction(BOTH, events).cut_sets("use")
    assert list(cuts) == [("twins.common",), ("host_a", "host_b")]


def test_no_more_is_common_than_the_rarer_of_two_has() -> None:
    """With q = 0.02 and 0.01, 0.001 is common, 0.019 and 0.009 are their own."""
    found = both_down({"host_a": 0.02, "host_b": 0.01}, {"twins": Group(("host_a", "host_b"), common=0.1)})
    assert found == pytest.approx(0.001 + 0.999 * 0.019 * 0.009, rel=1e-12)


def test_a_cause_of_the_whole_group_adds_to_what_each_does() -> None:
    found = both_down({"host_a": 0.01, "host_b": 0.01}, {"region": Group(("host_a", "host_b"), 0.002)})
    assert found == pytest.approx(0.002 + 0.998 * 0.0001, rel=1e-12)


def test_nobody_has_more_in_common_than_all() -> None:
    pair = ("host_a", "host_b")
    groups = {"one": Group(pair, common=0.6), "two": Group(pair, common=0.6)}
    with pytest.raises(UsageError, match="`host_a` has more than all of its failures in common"):
        basic_events({"host_a": 0.01, "host_b": 0.01}, groups)


def test_a_group_of_which_nothing_else_is_known_can_still_go_as_a_whole() -> None:
    events = basic_events({"host_a": None, "host_b": None}, {"region": Group(("host_a", "host_b"))})
    cuts = StructureFunction(BOTH, events).cut_sets("use")
    assert list(cuts) == [("region.fails",), ("host_a", "host_b")]
