"""The quick ways to a capacity against the slow, obvious one: gates, patterns, growing capacities, levels.

The twin is `plain`: the capacity of one capability at one instant, by recursion, nothing kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.gates import All, AtLeast, Gate, Leaf, Shares
from sim.scenario.gates import Any as AnyOf
from sim.supply.levels import levels
from sim.supply.logic import Logic
from sim.supply.returning import EVERYTHING, NOTHING, shape
from tests.properties.platforms import law
from tests.structures import plain

ROLES = ("a", "b", "c", "d", "e")
HORIZON = 100.0


def plainly(gates: Mapping[str, Gate], name: str, roles: Mapping[str, float]) -> float:
    """The capacity of one capability, worked out anew from what each supplier has."""

    def of(leaf: str) -> float:
        return plainly(gates, leaf, roles) if leaf in gates else roles[leaf]

    return plain(gates[name], of)


@st.composite
def logics(draw: st.DrawFn, *, adding: bool) -> dict[str, Gate]:
    """Four capabilities over five suppliers and each other."""
    gates: dict[str, Gate] = {}
    for name in ("first", "second", "third", "fourth"):
        leaf = st.sampled_from([*ROLES, *gates]).map(Leaf)
        some = st.lists(leaf, min_size=1, max_size=4, unique=True).map(tuple)
        inner = st.one_of(leaf, some.map(All), some.map(AnyOf))
        items = draw(st.lists(inner, min_size=1, max_size=4).map(tuple))
        kinds: list[Gate] = [All(items), AnyOf(items), AtLeast(draw(st.integers(1, len(items))), items)]
        if adding:
            shares = st.sampled_from([0.25, 0.4, 0.6, 1.0])
            kinds.append(Shares(tuple((draw(shares), item) for item in draw(some))))
        gates[name] = draw(st.sampled_from(kinds))
    return gates


def logic_of(gates: Mapping[str, Gate]) -> Logic:
    return Logic(gates, {name: {role: view for view, role in enumerate(ROLES)} for name in gates})


@given(st.one_of(logics(adding=False), logics(adding=True)))
@law(60)
def test_every_pattern_is_what_the_plain_recursion_gives(gates: dict[str, Gate]) -> None:
    logic = logic_of(gates)
    for down in range(1 << len(ROLES)):
        roles = {role: 0.0 if down >> view & 1 else 1.0 for view, role in enumerate(ROLES)}
        for name in gates:
            assert logic.capacity(name, down) == pytest.approx(plainly(gates, name, roles), abs=1e-12)


@given(logics(adding=False))
@law(60)
def test_what_is_pivotal_is_a_member_of_a_minimal_cut_set(gates: dict[str, Gate]) -> None:
    """By the definition: the smallest sets whose loss takes it down, within what is down."""
    logic = logic_of(gates)
    for name, reach in logic.reach.items():
        everything = sum(1 << view for view in reach)
        for down in {everything, everything & 0b10101, everything & 0b01110}:
            cuts = [p for p in range(1 << len(ROLES)) if p & ~down == 0 and logic.is_down(name, p)]
            minimal = [p for p in cuts if not any(q != p and q & ~p == 0 for q in cuts)]
            members = 0
            for cut in minimal:
                members |= cut
            assert logic.pivotal(name, down) == members
            if logic.is_down(name, down):
                assert logic.cut(name, tuple(v for v in range(len(ROLES)) if down >> v & 1)) in minimal


TIMES = st.integers(0, 99).map(float)
SHAPES = st.one_of(
    st.just(NOTHING), st.just(EVERYTHING),
    st.builds(
        shape,
        st.sampled_from([0.0, 2.0, 7.0]),
        st.sampled_from([0.0, 0.2, 1.0]),
        st.sampled_from([0.0, 5.0, 30.0]),
    ),
)  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[float, int, Any, float]]:
    """Changes of how the suppliers are seen, in order of time; some shapes began a while before."""
    found = []
    for time in sorted(draw(st.lists(TIMES, max_size=12))):
        head_start = draw(st.sampled_from([0.0, 0.0, 1.0, 6.0]))
        found.append((time, draw(st.integers(0, len(ROLES) - 1)), draw(SHAPES), time - head_start))
    return found


def seen(history: list[tuple[float, int, Any, float]], view: int, time: float) -> float:
    """What a supplier has at an instant: by the last change, on the last piece that has begun."""
    form, origin = EVERYTHING, 0.0
    for at, who, changed, since in history:
        if who == view and at <= time:
            form, origin = changed, since
    start, value, slope = [piece for piece in form if piece[0] <= time - origin][-1]
    return float(value + slope * (time - origin - start))


@given(st.one_of(logics(adding=False), logics(adding=True)), histories())
@law(150)
def test_levels_are_what_the_plain_recursion_gives_at_every_instant(
    gates: dict[str, Gate], history: list[tuple[float, int, Any, float]]
) -> None:
    found = levels(logic_of(gates), history, HORIZON)
    edges = sorted({t for level in found.values() for t in level.times} | {float(t) for t in range(100)})
    for low, high in zip(edges, [*edges[1:], HORIZON], strict=True):
        for time in (low, 0.5 * (low + high)):
            roles = {role: seen(history, view, time) for view, role in enumerate(ROLES)}
            for name, level in found.items():
                assert level.at(time) == pytest.approx(plainly(gates, name, roles), abs=1e-9)


@given(st.one_of(logics(adding=False), logics(adding=True)), histories())
@law(100)
def test_levels_say_no_more_than_they_must(
    gates: dict[str, Gate], history: list[tuple[float, int, Any, float]]
) -> None:
    """Neighbouring pieces differ, and what is down is exactly 0."""
    for level in levels(logic_of(gates), history, HORIZON).values():
        assert level.times[0] == 0.0
        assert all(a < b for a, b in zip(level.times, level.times[1:], strict=False))
        for i in range(len(level.times) - 1):
            goes_on = level.values[i] + level.slopes[i] * (level.times[i + 1] - level.times[i])
            differs = abs(goes_on - level.values[i + 1]) > 1e-12 or level.slopes[i] != level.slopes[i + 1]
            assert differs
        assert all(value == 0.0 or value > 1e-9 or slope != 0.0
                   for value, slope in zip(level.values, level.slopes, strict=True))  # fmt: skip


def up_to(most: float) -> st.SearchStrategy[float]:
    """Nothing, or something that is not absurdly small."""
    return st.one_of(st.just(0.0), st.floats(1e-6, most))


@given(up_to(50), up_to(1), up_to(50), st.floats(0, 80))
@law(300)
def test_the_shape_of_a_return_is_the_smaller_of_caches_and_ramp(
    ttl: float, first: float, takes: float, s: float
) -> None:
    form = shape(ttl, first, takes)
    start, value, slope = [piece for piece in form if piece[0] <= s][-1]
    caches = 1.0 if s >= ttl else s / ttl
    ramp = 1.0 if s >= takes else first + (1 - first) * s / takes
    assert value + slope * (s - start) == pytest.approx(min(caches, ramp), rel=1e-9, abs=1e-9)
    assert form[-1][1:] == (1.0, 0.0)
    assert [piece[0] for piece in form] == sorted({piece[0] for piece in form})
