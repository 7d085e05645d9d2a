"""Who is ahead: words against tables, decided and not, and never sure where an interval holds 0."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from sim.study.arms import Arm
from sim.views import compare_tables, pair_sentences, selecting
from sim.views.comparison import Comparison
from sim.views.figures import pareto
from sim.views.saying import Sentence
from tests.unit.test_study_yearly import RUNS, arm

RUNS_MADE = 600


def made(name: str, lost: float, cost: float, *, spread: float = 1.0, seed: int = 1) -> Arm:
    """A strategy whose users lost and cost are normal about these means."""
    draws = np.random.default_rng(seed).normal(size=(2, RUNS_MADE))
    one = arm(name, 1.0, 1.0)
    zeros = {key: np.zeros(RUNS_MADE) for key, column in one.outcomes.items() if len(column) == RUNS}
    columns = {
        **zeros,
        "replication": np.arange(RUNS_MADE),
        "users_lost": lost + spread * draws[0],
        "cost": cost + spread * draws[1],
    }
    return replace(one, label=name.upper(), outcomes=columns)


def side_by_side(*arms: Arm) -> Comparison:
    return Comparison("small", "Small", arms, arms[0].strategy, (), (), (), None)


SURE = side_by_side(made("a", 100, 50), made("b", 90, 60, seed=2), made("c", 120, 70, seed=3))
"""B loses the fewest, A costs the least, C is worse than both."""

UNSURE = side_by_side(made("a", 100, 50), made("b", 100.02, 49.98, seed=2), made("c", 120, 70, seed=3))
"""A and B are as good as each other."""

ALIKE = side_by_side(made("a", 90, 50), made("b", 90, 50), made("c", 120, 70, seed=3))
"""A and B are the same in every run."""

SAME = side_by_side(made("a", 90, 50), made("b", 90, 50))

BACK = side_by_side(made("a", 90, 50, spread=5.0), made("b", 90, 50, spread=-5.0))
"""What is bad for the one is good for the other."""

NEAR = side_by_side(made("a", 100, 50, spread=1.0), made("b", 99.95, 60, spread=1.0, seed=2))


def said(found: Comparison) -> dict[tuple[str, str], list[str]]:
    """Texts by topic and variant."""
    texts: dict[tuple[str, str], list[str]] = {}
    for each in every(found):
        texts.setdefault((each.topic, each.variant), []).append(each.text)
    return texts


def every(found: Comparison) -> list[Sentence]:
    return [*selecting.sentences(found), *pair_sentences.pairs(found), *pair_sentences.cautions(found)]


def of_table(found: Comparison, measure: str) -> dict[str, tuple[str, ...]]:
    """Rows of the table on who is ahead, by strategy."""
    rows, name = {}, ""
    for row in selecting.table(found).rows:
        name = row[0] or name
        if name == measure:
            rows[row[1]] = row[2:]
    return rows


def test_words_and_table_agree_on_who_is_ahead() -> None:
    texts = said(SURE)[("best", "decided")]
    assert texts[0].startswith("If it happens, “B” has the least users lost on average of the 3 strategies")
    assert texts[1].startswith("If it happens, “A” has the least cost")
    assert {name: row[-1] for name, row in of_table(SURE, "Users lost").items()} == {
        "A": "ruled out", "B": "least", "C": "ruled out",
    }  # fmt: skip
    assert "Its average is the least in 100 % of the resamples" in texts[0]


def test_of_two_the_other_is_ruled_out_and_of_three_the_others() -> None:
    two = side_by_side(made("a", 100, 50), made("b", 90, 60, seed=2))
    assert all("rule out the other (95 %)" in text for text in said(two)["best", "decided"])
    assert all("rule out the others (95 %)" in text for text in said(SURE)["best", "decided"])
    assert all("rule out the other (95 %)" in text for text in said(ALIKE)["best", "alike"])


def test_who_cannot_be_told_apart_is_said_to_be_so() -> None:
    texts = said(UNSURE)
    assert ("best", "decided") not in texts
    assert texts[("best", "undecided")][0] == (
        "Who has the least users lost on average, if it happens, is not yet distinguishable with 600 runs: "
        "it may be “A” or “B”; the others are ruled out (95 %)."
    )
    rows = of_table(UNSURE, "Users lost")
    assert {name: row[-1] for name, row in rows.items()} == {"A": "may be", "B": "may be", "C": "ruled out"}
    table = compare_tables.strategies(UNSURE).rows
    verdicts = {row[1]: row[-1] for row in table if row[3]}
    assert verdicts == {"B": "not yet distinguishable", "C": "worse"}


@pytest.mark.parametrize("gap", np.linspace(0.0, 0.3, 31))
def test_nobody_is_the_best_whose_interval_of_the_difference_holds_nothing(gap: float) -> None:
    found = side_by_side(made("a", 100, 50), made("b", 100 - gap, 50, seed=2))
    lead = found.leads[0]
    difference = next(each for each in found.differences if each.measure == "users_lost")
    assert lead.measure == "users_lost"
    assert lead.decided == (difference.verdict in {"better", "worse"})


def test_those_that_are_the_same_are_named_together() -> None:
    assert said(ALIKE)[("best", "alike")][0].startswith(
        "If it happens, “A” and “B” have the least users lost on average and come to the same in every run"
    )
    assert said(SAME)[("best", "same")][0] == "All 2 strategies come to the same users lost in every run."
    assert not [topic for topic, _ in said(SAME) if topic in {"pair", "dominance", "front"}]


def test_the_front_in_words_in_rows_and_in_the_picture() -> None:
    texts = said(SURE)
    assert "among “A” and “B”" in texts[("front", "several")][0]
    assert texts[("front", "off")] == ["In both averages “A” and “B” are at least as good as “C”."]
    assert [(each.strategy, each.front, each.beaten_by) for each in SURE.places] == [
        ("a", True, ""), ("b", True, ""), ("c", False, "a b"),
    ]  # fmt: skip
    drawn = pareto.picture(SURE)
    assert drawn.title == "Cost against users lost: “A” and “B” are on the front"
    assert "(off the front)" in drawn.alternative
    labels = {text.get_text() for text in drawn.figure.axes[0].texts}
    assert labels == {"A", "B", "C"}
    for place in SURE.places:
        assert place.cost_low < place.cost < place.cost_high
        assert place.users_lost_low < place.users_lost < place.users_lost_high


def test_who_may_be_on_the_front_is_left_open() -> None:
    one = said(side_by_side(made("a", 90, 40), made("b", 100, 50, seed=2)))
    assert one[("front", "one")] == [
        "If it happens, “A” is in cost and in users lost at least as good as every other, in the averages of "
        "these runs."
    ]
    open_ = [text for text in said(NEAR)[("front", "open")] if "“B”" in text]
    assert "is not yet distinguishable" in open_[0]
    assert pareto.finding(NEAR).endswith("not surely alone")
    many = side_by_side(*(made(f"s{i}", 100 - 5 * i, 50 + 5 * i, seed=i) for i in range(5)))
    assert pareto.finding(many) == "Cost against users lost: 5 of 5 strategies are on the front"
    near = side_by_side(*many.arms, made("x", 89.97, 60.0, seed=9), made("y", 200, 200, seed=10))
    assert pareto.finding(near).endswith("of 7 strategies are on the front, and not surely alone")


def test_labels_cover_neither_points_nor_each_other() -> None:
    arms = [made(f"s{i}", 100 + 0.02 * i, 50 + 0.02 * i, seed=i) for i in range(6)]
    drawn = pareto.picture(side_by_side(*arms))
    figure = drawn.figure
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            assert not one.overlaps(other)


def test_shares_of_runs_are_those_of_the_table() -> None:
    text = next(one for one in said(SURE)[("pair", "better")] if "“B” loses fewer" in one)
    row = next(each for each in SURE.differences if (each.strategy, each.measure) == ("b", "users_lost"))
    assert f"in {100 * row.better:.3g} % of the runs" in text
    assert row.better_low < row.better < row.better_high or row.better == 1.0


def test_dominance_is_told_with_its_caveat_and_by_its_order() -> None:
    shifted = side_by_side(made("a", 100, 50), made("b", 90, 50))
    text = said(shifted)[("dominance", "first")][0]
    assert "users lost with “B” are no more than with “A” at every rank" in text
    row = next(each for each in shifted.differences if each.measure == "users_lost")
    assert row.dominant == "b"
    assert "So it is in 100 % of the resamples of these runs; that is no test of it" in text
    narrow = side_by_side(made("a", 100, 50, spread=3.0), made("b", 99.5, 50))
    averse = said(narrow)[("dominance", "second")][0]
    assert "who dislikes risk prefers it" in averse
    share = re.search(r"So it is in ([0-9.]+) % of the resamples", averse)
    assert share is not None
    assert 50.0 < float(share[1]) <= 100.0
    crossed = side_by_side(made("a", 100, 50, spread=3.0), made("b", 101, 50))
    assert "neither" in said(crossed)[("dominance", "none")][0]
    assert [each.dominance for each in shifted.differences if each.measure == "users_lost"] == ["first"]


def test_medians_and_ninth_tenths_stand_in_a_table_of_their_own_with_their_intervals() -> None:
    table = compare_tables.quantiles(side_by_side(made("a", 100, 50), made("b", 90, 60)))
    assert "95 % intervals by a bootstrap of the pairs" in table.caption
    assert [row[1] for row in table.rows] == ["B", "B"]  # users lost and cost; nothing is down
    assert table.rows[0][2:] == ("−10", "−10")  # the same in every pair: no interval
    apart = compare_tables.quantiles(side_by_side(made("a", 100, 50), made("b", 90, 60, seed=2)))
    assert re.fullmatch(r"−\S+ \(−\S+ to −\S+\)", apart.rows[0][2])


def test_draws_that_do_not_move_together_are_warned_of() -> None:
    text = said(BACK)[("caution", "step")][0]
    assert text.startswith("The common draws do not make the users lost and the cost move together")
    together = side_by_side(made("a", 90, 50), made("b", 80, 40))
    assert ("caution", "step") not in said(together)


def few() -> Comparison:
    """Two strategies whose runs are few and very unlike."""
    arms = []
    for i, name in enumerate("ab"):
        one = made(name, 1, 1, seed=i)
        columns = {**one.outcomes, **{of: np.exp(2.0 * one.outcomes[of]) for of in ("users_lost", "cost")}}
        arms.append(replace(one, outcomes=first(replace(one, outcomes=columns), 80)))
    return side_by_side(*arms)


def short() -> Comparison:
    """Two strategies of which one has fewer runs."""
    return side_by_side(SURE.arms[0], replace(SURE.arms[1], outcomes=first(SURE.arms[1], 400)))


def test_too_few_runs_for_how_skewed_they_are_are_warned_of() -> None:
    texts = said(few())
    assert {variant for topic, variant in texts if topic == "caution"} >= {"t", "bca", "cvar"}
    assert texts[("caution", "t")][0].startswith("80 runs are few for")
    assert texts[("caution", "t")][0].endswith("below 500 runs.")
    assert ("caution", "t") not in said(SURE)


def first(one: Arm, runs: int) -> dict[str, np.ndarray]:
    """The first runs of a strategy."""
    return {name: np.asarray(column)[:runs] for name, column in one.outcomes.items()}


def test_strategies_with_fewer_runs_are_named() -> None:
    assert said(short())[("strategies", "cut")][0].startswith("“B” (400 runs) ran less often than others")
    assert short().leads[0].best.runs == 400


def ahead() -> list[Sentence]:
    """Sentences of every kind about who is ahead, for the test that all templates are reached."""
    narrow = side_by_side(made("a", 100, 50, spread=3.0), made("b", 99.5, 50))
    shifted = side_by_side(made("a", 100, 50), made("b", 90, 40))
    cases = (SURE, UNSURE, ALIKE, SAME, BACK, NEAR, few(), short(), narrow, shifted)
    return [each for found in cases for each in every(found)]
