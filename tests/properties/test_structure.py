"""Everything read off a decision diagram against all 2^n states, for random platforms.

The twin (`tests.structures`) works out capacities by the plain recursion and everything else by its
definition, state by state; so events that are needed in several places, k-of-n, shares, suppliers that need
suppliers, and common causes are all counted as they are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import UsageError
from sim.scenario.gates import All, AtLeast, Gate, Leaf, Shares
from sim.scenario.gates import Any as AnyOf
from sim.structure import BasicEvent, Diagram, StructureFunction, importances, unavailability
from sim.structure import diagram as diagrams
from tests.properties.platforms import law
from tests.structures import State, capacity, minimal, states, total

ROLES = ("a", "b", "c", "d", "e", "f")
CAPABILITIES = ("first", "second", "third", "fourth")
THRESHOLDS = (0.0, 0.5, 0.8, 1.0)


def close(value: float) -> Any:
    """The same number but for rounding."""
    return pytest.approx(value, rel=1e-9, abs=1e-13)


@dataclass(frozen=True)
class Platform:
    """Gates, events and what suppliers need, with a probability for each event."""

    gates: dict[str, Gate]
    events: tuple[BasicEvent, ...]
    needs: dict[str, Sequence[Gate]]
    q: dict[str, float]

    @property
    def function(self) -> StructureFunction:
        return StructureFunction(self.gates, self.events, self.needs)

    def short(self, name: str, threshold: float) -> set[State]:
        """The states in which it has nothing, or less than the threshold."""
        found = set()
        for state in states(tuple(self.q)):
            value = capacity(name, state, self.gates, self.events, self.needs)
            if value == 0.0 or value < threshold - 1e-9:
                found.add(state)
        return found


@st.composite
def gates_over(draw: st.DrawFn, names: Sequence[str], *, deep: bool = True) -> Gate:
    leaf = st.sampled_from(names).map(Leaf)
    some = st.lists(leaf, min_size=1, max_size=4, unique=True).map(tuple)
    inner = st.one_of(leaf, some.map(All), some.map(AnyOf)) if deep else leaf
    items = draw(st.lists(inner, min_size=1, max_size=4).map(tuple))
    shares = st.sampled_from([0.0, 0.2, 0.25, 0.4, 0.6, 1.0])
    kinds: list[Gate] = [
        All(items),
        AnyOf(items),
        AtLeast(draw(st.integers(1, len(items))), items),
        Shares(tuple((draw(shares), item) for item in items)),
    ]
    return draw(st.sampled_from(kinds))


@st.composite
def platforms(draw: st.DrawFn) -> Platform:
    """Four capabilities over six suppliers and each other; some suppliers need some; groups fail together."""
    gates: dict[str, Gate] = {}
    for name in CAPABILITIES:
        gates[name] = draw(gates_over([*ROLES, *gates]))
    needs: dict[str, Sequence[Gate]] = {
        role: (draw(gates_over(ROLES[:place], deep=False)),)
        for place, role in enumerate(ROLES)
        if place and draw(st.integers(0, 3)) == 0
    }
    events = [BasicEvent(role, (role,)) for role in ROLES]
    for name in ("north.fails", "south.common"):
        if draw(st.booleans()):
            members = draw(st.lists(st.sampled_from(ROLES), min_size=2, max_size=3, unique=True))
            events.append(BasicEvent(name, tuple(members), "group"))
    q = {event.name: draw(st.sampled_from([0.0, 1e-6, 0.01, 0.3, 0.5, 1.0])) for event in events}
    return Platform(gates, tuple(events), needs, q)


@given(platforms())
@law(80)
def test_the_function_is_true_in_exactly_the_states_that_are_short(platform: Platform) -> None:
    function = platform.function
    for name in CAPABILITIES:
        for threshold in THRESHOLDS:
            short = platform.short(name, threshold)
            node = function.short(name, threshold)
            for state in states(tuple(platform.q)):
                assert function.diagram.holds(node, state) == (state in short)


@given(platforms())
@law(100)
def test_minimal_cut_sets_are_the_smallest_states_that_are_short(platform: Platform) -> None:
    function = platform.function
    for name in CAPABILITIES:
        for threshold in (0.0, 0.8):
            expected = minimal(platform.short(name, threshold))
            cuts = function.cut_sets(name, threshold)
            found = list(cuts)
            assert {frozenset(cut) for cut in found} == expected
            assert len(found) == len(expected) == len(cuts)
            assert [len(cut) for cut in found] == sorted(len(cut) for cut in found)
            sizes = [sum(len(cut) == size for cut in expected) for size in range(len(cuts.by_order))]
            assert list(cuts.by_order) == sizes
            assert {frozenset({name}) for name in cuts.singles} == {cut for cut in expected if len(cut) == 1}


@pytest.mark.slow
@given(platforms())
@law(100)
def test_unavailability_is_the_probability_of_these_states(platform: Platform) -> None:
    function = platform.function
    for name in CAPABILITIES:
        found = unavailability(function.diagram, function.down(name), platform.q)
        assert found == close(total(platform.short(name, 0.0), platform.q))


@pytest.mark.slow
@given(platforms())
@law(100)
def test_every_importance_is_what_it_is_defined_to_be(platform: Platform) -> None:
    function = platform.function
    for name in CAPABILITIES:
        short, cuts = platform.short(name, 0.0), function.cut_sets(name)
        whole = total(short, platform.q)
        measured = {one.event: one for one in importances(function.diagram, cuts, platform.q)}
        for event, q in platform.q.items():
            sure, never = (total(short, {**platform.q, event: value}) for value in (1.0, 0.0))
            if event not in measured:
                assert sure == close(never)
                continue
            one = measured[event]
            assert one.birnbaum == close(sure - never)
            with_event = [cut for cut in minimal(short) if event in cut]
            through = {state for state in short if any(cut <= state for cut in with_event)}
            if whole == 0.0:
                assert math.isnan(one.criticality)
                continue
            assert one.criticality == close(q * (sure - never) / whole)
            assert one.fussell_vesely == close(total(through, platform.q) / whole)
            assert one.risk_achievement == close(sure / whole)
            if never > 1e-12 * whole:
                assert one.risk_reduction == pytest.approx(whole / never, rel=1e-6)


@given(platforms(), st.permutations(ROLES))
@law(60)
def test_the_order_of_the_events_changes_nothing(platform: Platform, order: list[str]) -> None:
    other = sorted(platform.events, key=lambda e: (e.name in ROLES and order.index(e.name), e.name))
    one, two = platform.function, StructureFunction(platform.gates, other, platform.needs)
    for name in CAPABILITIES:
        assert {frozenset(cut) for cut in one.cut_sets(name)} == {
            frozenset(cut) for cut in two.cut_sets(name)
        }


def test_a_million_cut_sets_are_counted_and_the_first_listed_at_once() -> None:
    """15 of 30: any 16 lost of 30, 145,422,675 ways."""
    names = [f"host_{i}" for i in range(30)]
    gates = {"use": AtLeast(15, tuple(map(Leaf, names)))}
    function = StructureFunction(gates, [BasicEvent(name, (name,)) for name in names])
    cuts = function.cut_sets("use")
    assert sum(cuts.by_order) == cuts.by_order[16] == math.comb(30, 16)
    assert len(cuts.first(5)) == 5
    q = dict.fromkeys(names, 0.1)
    found = unavailability(function.diagram, cuts.function, q)
    binomial = math.fsum(math.comb(30, k) * 0.1**k * 0.9 ** (30 - k) for k in range(16, 31))
    assert found == pytest.approx(binomial, rel=1e-9)


def test_what_is_too_entangled_is_refused_before_the_memory_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagrams, "MOST_NODES", 1000)
    names = [f"host_{i}" for i in range(20)]
    shares = tuple((0.03 + 0.0013 * i * i, Leaf(name)) for i, name in enumerate(names))
    function = StructureFunction({"use": Shares(shares)}, [BasicEvent(name, (name,)) for name in names])
    with pytest.raises(UsageError, match="too entangled"):
        function.cut_sets("use", 0.9)


def test_at_least_none_is_always_and_more_than_there_are_is_never() -> None:
    diagram = Diagram(["a", "b"])
    both = [diagram.event("a"), diagram.event("b")]
    assert diagram.at_least(0, both) == diagrams.ALWAYS
    assert diagram.at_least(3, both) == diagrams.NEVER
    assert diagram.at_least(2, both) == diagram.both(*both)
    assert diagram.at_least(1, both) == diagram.either(*both)


def test_a_missing_or_impossible_probability_is_refused() -> None:
    diagram = Diagram(["a"])
    with pytest.raises(ValueError, match="no probability is given for `a`"):
        unavailability(diagram, diagram.event("a"), {})
    with pytest.raises(ValueError, match="is not a probability"):
        unavailability(diagram, diagram.event("a"), {"a": 1.5})
