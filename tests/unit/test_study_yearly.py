"""The account of a year: exact where losses are certain, and honest about what the runs do not tell."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.clock import HOURS_IN_YEAR
from sim.outcomes import measures_of
from sim.study.arms import Arm
from sim.study.yearly import (
    CHANCES,
    ORDINARY,
    Account,
    accounts,
    chance_of,
    cheapest,
    turning_points,
    undecided,
    year_lines,
)
from tests.unit.scenarios import small

RUNS = 8
YEAR = float(HOURS_IN_YEAR)


def arm(
    name: str, standing: float, emergency: float, lost: float = 0.0, *, chance: str = "", revenue: float = 0.0
) -> Arm:
    """A strategy of the small scenario whose every run is the same; standing cost is a year's."""
    scenario = small(("30 h}", f"30 h, chance: {chance}}}") if chance else ("30 h}", "30 h}"))
    columns: dict[str, NDArray[Any]] = {one: np.zeros(RUNS) for one in measures_of(scenario)}
    columns |= {
        "cost_standing": np.full(RUNS, standing * scenario.clock.horizon / YEAR),
        "cost_emergency": np.full(RUNS, emergency),
        "revenue_lost": np.full(RUNS, revenue),
        ORDINARY: np.full(RUNS, standing * scenario.clock.horizon / YEAR),
        "users_lost": np.full(RUNS, lost),
        "replication": np.arange(RUNS),
    }
    return Arm(name, name, scenario, measures_of(scenario), columns, 0, "", "0123456789")


def lines(*values: tuple[str, float, float]) -> Account:
    """An account from (name, standing, loss), the same in every run."""
    return Account(
        "money",
        "USD",
        {name: np.full(RUNS, standing) for name, standing, _ in values},
        {name: np.full(RUNS, loss) for name, _, loss in values},
        {name: None for name, _, _ in values},
    )


def test_a_year_is_the_standing_cost_and_the_loss_times_its_chance() -> None:
    arms = [arm("a", 100.0, 600.0, revenue=400.0), arm("b", 160.0, 0.0)]
    found = accounts(arms)[0]
    assert found.kind == "money"
    rows = {(line.strategy, line.chance): line for line in year_lines(found, "a")}
    assert sorted({chance for _, chance in rows}) == list(CHANCES)
    for chance in CHANCES:
        assert rows["a", chance].a_year == pytest.approx(100.0 + chance * 1000.0, rel=1e-12)
        assert rows["b", chance].a_year == pytest.approx(160.0, rel=1e-12)
        assert rows["b", chance].difference == pytest.approx(60.0 - chance * 1000.0, rel=1e-9)
        assert rows["a", chance].difference == 0.0
        assert not rows["a", chance].given


def test_a_bill_that_an_outage_saves_is_part_of_the_loss_and_not_of_the_year() -> None:
    """Without the event 100 a year; with it the host is gone and sends no bill for 30 of these."""
    made = arm("a", 70.0, 500.0)
    ordinary = np.full(RUNS, 100.0 * made.scenario.clock.horizon / YEAR)
    money = replace(made.measures["cost"], name=ORDINARY)
    told = replace(
        made, measures={**made.measures, ORDINARY: money}, outcomes={**made.outcomes, ORDINARY: ordinary}
    )
    found = accounts([told])[0]
    assert found.standing["a"] == pytest.approx(np.full(RUNS, 100.0), rel=1e-12)
    saved = 30.0 * made.scenario.clock.horizon / YEAR
    assert found.loss["a"] == pytest.approx(np.full(RUNS, 500.0 - saved), rel=1e-12)


def test_a_certain_loss_has_a_known_break_even_chance() -> None:
    """60 more a year against 1,000 saved when it happens: 6 % a year, and no run says otherwise."""
    point = turning_points(accounts([arm("a", 100.0, 1000.0), arm("b", 160.0, 0.0)])[0])[0]
    assert point.verdict == "turns"
    assert (point.below, point.above) == ("a", "b")
    assert point.chance == pytest.approx(0.06, rel=1e-12)
    assert point.low == pytest.approx(0.06, rel=1e-12)
    assert point.high == pytest.approx(0.06, rel=1e-12)


@pytest.mark.parametrize(
    ("first", "second", "better"),
    [
        (("a", 100.0, 1000.0), ("b", 1200.0, 0.0), "a"),  # it would take a chance of 110 %
        (("a", 100.0, 1000.0), ("b", 90.0, 500.0), "b"),  # cheaper in both
        (("a", 100.0, 1000.0), ("b", 110.0, 1500.0), "a"),  # dearer in both
        (("a", 100.0, 1000.0), ("b", 100.0, 500.0), "b"),  # meet at a chance of 0, which is no chance
        (("a", 100.0, 1000.0), ("b", 110.0, 1000.0), "a"),  # never meet
    ],
)
def test_an_order_that_never_turns_has_no_chance(
    first: tuple[str, float, float], second: tuple[str, float, float], better: str
) -> None:
    point = turning_points(lines(first, second))[0]
    assert point.verdict == "never"
    assert math.isnan(point.chance)
    assert point.below == point.above == better


def test_strategies_alike_cost_the_same_at_every_chance() -> None:
    point = turning_points(lines(("a", 100.0, 1000.0), ("b", 100.0, 1000.0)))[0]
    assert (point.verdict, point.below, point.above) == ("same", "", "")


def test_the_order_of_naming_does_not_change_the_break_even_chance() -> None:
    a, b = ("a", 100.0, 1000.0), ("b", 160.0, 0.0)
    one, other = turning_points(lines(a, b))[0], turning_points(lines(b, a))[0]
    assert one.chance == other.chance
    assert (one.below, one.above) == (other.below, other.above)


def test_the_cheapest_is_the_lower_envelope_of_the_lines() -> None:
    """Up to (110 - 100) / (1000 - 800) = 5 % it is a, then c, then d; b is never the cheapest."""
    found = cheapest(lines(("a", 100.0, 1000.0), ("b", 140.0, 700.0), ("c", 110.0, 800.0), ("d", 200.0, 0.0)))
    assert [name for _, name in found] == ["a", "c", "d"]
    assert [chance for chance, _ in found] == pytest.approx([0.0, 0.05, 0.1125], rel=1e-12)
    grid = np.linspace(0.001, 1.0, 1000)
    account = lines(("a", 100.0, 1000.0), ("b", 140.0, 700.0), ("c", 110.0, 800.0), ("d", 200.0, 0.0))
    for chance in grid:
        least = min(float(account.a_year(name, chance)[0]) for name in account.loss)
        named = [name for at, name in found if at <= chance][-1]
        assert float(account.a_year(named, chance)[0]) == pytest.approx(least, rel=1e-12)


def test_of_several_chances_the_least_likely_counts() -> None:
    event = (
        "notice: 30 h}",
        "notice: 30 h, chance: 4 % per year}\n  - {delist: store, at: 9 d, chance: 3 % per year}",
    )
    with_two = small(event)
    assert chance_of(Arm("a", "a", with_two, {}, {}, 0, "", "")) == 0.03
    assert chance_of(arm("a", 1.0, 1.0)) is None


def test_the_given_chance_is_marked_and_of_each_strategy_its_own() -> None:
    arms = [arm("a", 100.0, 1000.0, chance="4 % per year"), arm("b", 110.0, 900.0, chance="1 % per year")]
    rows = [line for line in year_lines(accounts(arms)[0], "a") if line.given]
    assert [(line.strategy, line.chance) for line in rows] == [("a", 0.04), ("b", 0.01)]
    assert rows[1].difference == pytest.approx((110.0 + 9.0) - (100.0 + 40.0), rel=1e-9)


def test_without_money_the_account_is_in_users_and_never_turns() -> None:
    found = accounts([arm("a", 0.0, 0.0, lost=500.0), arm("b", 0.0, 0.0, lost=100.0)])
    assert [one.kind for one in found] == ["users"]
    assert found[0].unit == "active users"
    point = turning_points(found[0])[0]
    assert (point.verdict, point.below) == ("never", "b")
    line = next(line for line in year_lines(found[0], "a") if line.strategy == "b" and line.chance == 0.1)
    assert line.a_year == pytest.approx(10.0, rel=1e-12)
    assert line.difference == pytest.approx(-40.0, rel=1e-12)


def test_with_money_users_have_an_account_of_their_own() -> None:
    assert [one.kind for one in accounts([arm("a", 1.0, 2.0, lost=5.0), arm("b", 1.0, 2.0)])] == [
        "money",
        "users",
    ]


def test_one_run_tells_nothing() -> None:
    assert undecided(np.array([1.0]), np.array([2.0])) == (0.0, 1.0)
    assert undecided(np.zeros(5), np.zeros(5)) == (0.0, 1.0)


def noise(seed: int, *means: float) -> list[NDArray[np.float64]]:
    """Columns of 50 numbers with these means exactly and spread 1."""
    generator = np.random.default_rng(seed)
    raw = generator.normal(size=(len(means), 50))
    return [each - each.mean() + mean for each, mean in zip(raw, means, strict=True)]


def test_where_the_saving_is_not_sure_all_larger_chances_stay_open() -> None:
    """The standing costs surely differ, the losses may or may not: only small chances are told."""
    dearer, saved = np.full(50, 0.1), noise(3, 0.2)[0]
    found = undecided(dearer, saved)
    assert found is not None
    assert 0.0 < found[0] < 0.5
    assert found[1] == 1.0


def test_where_neither_is_sure_nothing_is_told() -> None:
    dearer, saved = noise(4, 0.01, 0.01)
    assert undecided(dearer, saved) == (0.0, 1.0)


def test_money_of_any_size_is_compared_alike() -> None:
    dearer, saved = noise(5, 2.0, 20.0)
    small_ = undecided(dearer, saved)
    large = undecided(1e200 * dearer, 1e200 * saved)
    assert small_ == pytest.approx(large, rel=1e-12)
