"""Every sentence in every variant: which one is true, and what it says."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.study.drawn import draws_of
from sim.views import sentences, wording
from sim.views.case import Case, Check, Difference, Input, Observed, Share
from sim.views.saying import Sentence, templates
from tests.unit.cases import DAY, HORIZON, changed, parler_like

RUNS = 200
CASE = parler_like(RUNS)


def column(*parts: tuple[float, int]) -> np.ndarray:
    """So many runs of each value."""
    return np.concatenate([np.full(count, value, dtype=float) for value, count in parts])


def with_columns(**columns: np.ndarray) -> Case:
    """The case with other outcomes, all runs finished."""
    outcomes = {**CASE.outcomes, **columns}
    size = len(next(iter(columns.values())))
    outcomes = {name: values[:size] if len(values) > size else values for name, values in outcomes.items()}
    return changed(CASE, outcomes=outcomes, censored={})


def down(*parts: tuple[float, int], cut: int = 0) -> Case:
    """Downtimes in days; the last ``cut`` runs are still down at the end."""
    hours = column(*parts) * DAY
    open_ = np.arange(hours.size) >= hours.size - cut
    return changed(with_columns(downtime=hours), censored={"downtime": open_})


def back(*parts: tuple[float, int], cut: int = 0) -> Case:
    """Days until 95 % of the users are back."""
    hours = column(*parts) * DAY
    open_ = np.arange(hours.size) >= hours.size - cut
    return changed(with_columns(time_to_recover_users=hours), censored={"time_to_recover_users": open_})


def lost(values: np.ndarray, **parts: np.ndarray) -> Case:
    """Users lost of a million there would have been."""
    return with_columns(users_lost=values, users_end_counterfactual=np.full(values.size, 1e6), **parts)


DOWNTIMES = {
    "never": down((0, 200)),
    "single": down((19, 1)),
    "single_unfinished": down((260, 1), cut=1),
    "certain": down((0.5, 200)),
    "rarely": down((0, 190), (5, 10)),
    "rarely_unfinished": down((0, 190), (260, 10), cut=10),
    "sometimes": down((0, 150), (5, 50)),
    "sometimes_unfinished": down((0, 150), (5, 48), (260, 2), cut=2),
    "always_back": down((19, 101), (30, 80), (48, 19)),
    "unfinished": down((19, 120), (48, 74), (260, 6), cut=6),
    "mostly_unfinished": down((19, 50), (260, 150), cut=150),
    "nobody_back": down((260, 200), cut=200),
}


@pytest.mark.parametrize("variant", DOWNTIMES)
def test_the_variant_about_downtime_is_the_true_one(variant: str) -> None:
    assert sentences.downtime(DOWNTIMES[variant]).variant == variant


def test_downtime_reads_as_a_person_would_say_it() -> None:
    said = {name: sentences.downtime(case).text for name, case in DOWNTIMES.items()}
    assert said["unfinished"] == (
        "In half of the 200 runs nobody can sign in for more than 19 days, in 1 of 10 for more than 48; "
        "in 3 of 100 it is still down when the simulation ends."
    )
    assert said["never"] == "In none of the 200 runs is there a time when nobody can sign in."
    assert said["certain"] == "In every one of the 200 runs nobody can sign in for 12 hours."
    assert said["nobody_back"].startswith(
        "In none of the 200 runs is it back: nobody can sign in for more than 260 days"
    )
    assert said["single"] == "In the one run that was made nobody can sign in for 19 days."


def test_days_and_hours_in_one_sentence_each_name_their_unit() -> None:
    text = sentences.downtime(down((0.5, 150), (5, 50))).text
    assert "for more than 12 hours, in 1 of 10 for more than 5 days" in text


def test_a_capability_without_a_label_is_named_in_quotation_marks() -> None:
    scenario = CASE.scenario
    plain = scenario.capabilities["sign_in"].model_copy(update={"label": None})
    named = scenario.model_copy(update={"capabilities": {**scenario.capabilities, "sign_in": plain}})
    assert "“sign in” is down for more than" in sentences.downtime(changed(CASE, scenario=named)).text


USERS = {
    "fewer": lost(np.linspace(1e5, 5e5, 200)),
    "more": lost(np.linspace(-5e5, -1e5, 200)),
    "same": lost(np.zeros(200)),
    "about_same": lost(np.linspace(-1e4, 1e4, 200)),
    "certain": lost(np.full(200, 69.0)),
}


@pytest.mark.parametrize("variant", USERS)
def test_the_variant_about_users_is_the_true_one(variant: str) -> None:
    assert sentences.users(USERS[variant]).variant == variant


def test_users_gained_are_never_told_as_lost() -> None:
    assert sentences.users(USERS["more"]).text == (
        "On 28 September 2021 it has on average 300,000 more daily active users than the 1 million it would "
        "have had without these events (9 runs in 10: 120,000 to 482,000; chance and unknowns)."
    )
    assert "9 runs in 10: 9,100 more to 9,000 fewer" in sentences.users(USERS["about_same"]).text


def test_a_band_says_whether_it_holds_unknowns() -> None:
    assert "; chance only)" in sentences.users(changed(USERS["fewer"], uncertain=False)).text


def missing(left: float, unjoined: float, waiting: float) -> Case:
    parts = {"users_not_returned": left, "users_not_joined": unjoined, "users_waiting_end": waiting}
    return lost(
        np.full(200, sum(parts.values())), **{name: np.full(200, value) for name, value in parts.items()}
    )


def test_of_a_hundred_missing_the_parts_make_a_hundred() -> None:
    said = sentences.missing(missing(79_400, 19_400, 1_200))
    assert said is not None
    assert said.text == "Of 100 missing, 80 left and did not return, 19 never joined, 1 still waits."
    whole = sentences.missing(missing(1e5, 1e5, 1e5))
    assert whole is not None
    assert whole.text == "Of 100 missing, 34 left and did not return, 33 never joined, 33 still wait."


def test_parts_of_a_loss_that_are_gains_are_told_as_counts() -> None:
    said = sentences.missing(missing(-50_000, 400_000, 0))
    assert said is not None
    assert said.variant == "counts"
    assert "−50,000 who left" in said.text


def test_nobody_missing_needs_no_sentence() -> None:
    assert sentences.missing(missing(0, 0, 0)) is None


def causes(*parts: float) -> Case:
    found = tuple(Share(f"c{i}", "task", f"c{i}", hours, 1.0, f"in c{i}") for i, hours in enumerate(parts))
    return changed(CASE, shares=found)


PATHS = {"two": causes(30, 20, 50), "one": causes(97, 3), "whole": causes(100)}


@pytest.mark.parametrize("variant", PATHS)
def test_where_the_time_goes_names_the_largest_first(variant: str) -> None:
    said = sentences.path(PATHS[variant])
    assert said is not None
    assert said.variant == variant
    assert sentences.path(causes()) is None


BACK = {
    "never_away": back((0, 200)),
    "certain": back((0.5, 200)),
    "always_back": back((10, 120), (30, 80)),
    "unfinished": back((10, 120), (260, 80), cut=80),
    "mostly_unfinished": back((10, 80), (260, 120), cut=120),
    "nobody_back": back((260, 200), cut=200),
}


@pytest.mark.parametrize("variant", BACK)
def test_when_users_are_back_never_hides_those_who_are_not(variant: str) -> None:
    said = sentences.users_back(BACK[variant])
    assert said is not None
    assert said.variant == variant
    assert "260" not in said.text


COSTS = {
    "some": with_columns(cost=np.linspace(1e6, 2e6, 200), revenue_lost=np.full(200, 5e5)),
    "no_revenue": with_columns(cost=np.linspace(1e6, 2e6, 200), revenue_lost=np.zeros(200)),
    "certain": with_columns(cost=np.full(200, 1e6)),
}


@pytest.mark.parametrize("variant", COSTS)
def test_costs_are_told_in_the_scenarios_currency(variant: str) -> None:
    said = sentences.cost(COSTS[variant])
    assert said is not None
    assert said.variant == variant
    assert "million USD" in said.text
    assert sentences.cost(with_columns(cost=np.zeros(200))) is None


ERRORS = {
    "one_run": down((19, 1)),
    "some": CASE,
    "none": with_columns(downtime=np.full(200, 12.0), users_lost=np.full(200, 69.0)),
}


@pytest.mark.parametrize("variant", ERRORS)
def test_the_simulation_error_is_said_or_said_to_be_none(variant: str) -> None:
    assert sentences.error(ERRORS[variant]).variant == variant


def test_the_simulation_error_of_a_few_runs_is_student_s_and_no_forecast_of_other_studies() -> None:
    """Of 5 runs the normal quantile would be 29 % too small (1.96 against 2.776); other studies' averages lie
    within this of each other in 83 of 100 only, so that is not what is said.
    """
    few = np.array([100.0, 300.0, 500.0, 700.0, 900.0])
    told = sentences.error(with_columns(users_lost=few)).text
    half = 2.7764451051977987 * float(few.std(ddof=1)) / math.sqrt(5.0)
    assert f"is within {wording.count(half, 2)} of what endlessly many runs would give" in told


def divided(slope: float) -> Case:
    """Users lost that follow one unknown, with chance of variance 1 on top; a uniform draw has 1/12."""
    runs = np.arange(2_000)
    draw = next(iter(draws_of([CASE.scenario], runs).values()))
    lost = slope * draw + np.random.default_rng(1).normal(size=runs.size)
    more: dict[str, Any] = {"replication": runs, "users_lost": 1e4 + lost}
    return replace(CASE, outcomes={**CASE.outcomes, **more})


def test_what_nobody_knows_and_chance_are_told_apart() -> None:
    half = sentences.whose(divided(np.sqrt(12.0)))
    assert half is not None
    assert "account for about 50 %" in half.text or "about 49 %" in half.text or "about 51 %" in half.text
    nothing = sentences.whose(divided(0.0))
    assert nothing is not None
    assert "account for less than 1 %" in nothing.text
    assert sentences.whose(replace(divided(1.0), uncertain=False)) is None


def seen(kind: str, value: float, simulated: np.ndarray, **more: Any) -> Observed:
    open_ = more.pop("open", np.zeros(simulated.size, dtype=bool))
    return Observed("what it is", value, value, value, "", kind, "a source", simulated, open_, **more)


SEEN = {
    "shorter": seen("time", 35 * DAY, column((19, 150), (60, 50)) * DAY),
    "cut": seen("time", 265 * DAY, column((19, 190), (260, 10)) * DAY, open=np.arange(200) >= 190),
    "fewer": seen("count", 6, column((3, 60), (9, 140))),
    "less": seen("money", 1e6, column((5e5, 60), (2e6, 140))),
    "lower": seen("share", 0.4, column((0.2, 60), (0.9, 140)), at=200 * DAY, of=5e5, of_label="people"),
    "beyond": seen("share", 0.4, np.zeros(200), at=HORIZON + 1, of=5e5, of_label="people"),
}


@pytest.mark.parametrize("variant", SEEN)
def test_what_happened_is_placed_among_the_runs(variant: str) -> None:
    assert sentences.observed(CASE, SEEN[variant]).variant == variant


def test_what_happened_reads_as_in_the_plan() -> None:
    text = sentences.observed(CASE, SEEN["shorter"]).text
    assert text == "What happened (what it is): 35 days; 75 of 100 runs were shorter."
    outside = sentences.observed(CASE, seen("time", 5 * DAY, column((19, 200)) * DAY)).text
    assert outside.endswith("0 of 100 runs were shorter; it lies outside what 9 runs in 10 give.")


def evidence(assumed: int, sourced: int) -> Case:
    inputs = [Input("a", "1", "file", i < assumed, "") for i in range(assumed + sourced)]
    return changed(CASE, evidence=tuple(inputs))


EVIDENCE = {"all": evidence(5, 0), "some": evidence(5, 7), "one": evidence(1, 7), "none": evidence(0, 7)}


@pytest.mark.parametrize("variant", EVIDENCE)
def test_assumptions_are_counted(variant: str) -> None:
    said = sentences.evidence(EVIDENCE[variant])
    assert said is not None
    assert said.variant == variant


CHECKS = {
    ("target", "always"): Check("t", 200, 200, 0, 0.98, 1.0),
    ("target", "never"): Check("t", 200, 0, 0, 0.0, 0.02),
    ("target", "met"): Check("t", 200, 60, 0, 0.24, 0.37),
    ("target", "open"): Check("t", 200, 60, 20, 0.24, 0.47),
    ("claim", "pass"): Check("t", 200, 199, 0, 0.97, 1.0, 0.9, "pass"),
    ("claim", "fail"): Check("t", 200, 60, 0, 0.24, 0.37, 0.9, "fail"),
    ("claim", "undecided"): Check("t", 200, 180, 0, 0.85, 0.93, 0.9, "undecided"),
}


@pytest.mark.parametrize(("topic", "variant"), CHECKS)
def test_targets_and_claims_say_in_how_many_runs(topic: str, variant: str) -> None:
    said = sentences.check(CHECKS[(topic, variant)])
    assert (said.topic, said.variant) == (topic, variant)


DIFFERENCES = {
    "less": Difference("downtime", "h", "time", -20.0, -30.0, -10.0),
    "more": Difference("users_lost", "users", "count", 20.0, 10.0, 30.0),
    "undecided": Difference("cost", "USD", "money", 2.0, -3.0, 7.0),
    "same": Difference("cost", "USD", "money", 0.0, 0.0, 0.0),
}


def test_strategies_differ_only_where_the_interval_leaves_no_doubt() -> None:
    found = {name: sentences.compare(each, "B", "A", "x", "y").variant for name, each in DIFFERENCES.items()}
    assert found == {name: name for name in DIFFERENCES}


PAID = {
    "less": with_columns(cost_standing=column((4e5, 200)), cost_standing_counterfactual=column((5e5, 200))),
    "same": with_columns(cost_standing=column((5e5, 200)), cost_standing_counterfactual=column((5e5, 200))),
}


def test_a_supplier_that_is_not_paid_is_told_beside_what_it_would_have_cost() -> None:
    said = sentences.ordinary(PAID["less"])
    assert said is not None
    assert "would cost 500,000 USD over the same time" in said.text
    assert sentences.ordinary(PAID["same"]) is None


PLANS = {
    "some": changed(down((5, 40), (30, 160)), planned=9 * DAY),
    "nothing": changed(down((0, 150), (3, 50)), planned=0.0),
}


def test_the_plan_stands_beside_what_comes_of_it() -> None:
    said = {name: sentences.plan(case) for name, case in PLANS.items()}
    assert {name: one.variant for name, one in said.items() if one} == {name: name for name in PLANS}
    assert said["some"] is not None
    assert "it would be 9 days; in 80 of 100 runs it takes longer" in said["some"].text


@pytest.mark.parametrize(
    "case",
    [
        changed(down((5, 200)), planned=None),
        changed(down((0, 200)), planned=0.0),
        changed(down((5, 200)), planned=5 * DAY),
        changed(down((5, 200)), planned=9 * DAY),
    ],
)
def test_a_plan_that_no_run_exceeds_is_not_spoken_of(case: Case) -> None:
    assert sentences.plan(case) is None


def every() -> Iterator[Sentence]:
    """One sentence of each of the cases above."""
    yield from map(sentences.downtime, DOWNTIMES.values())
    yield from map(sentences.users, USERS.values())
    yield from map(sentences.error, ERRORS.values())
    if (said := sentences.whose(divided(1.0))) is not None:
        yield said
    yield from map(sentences.check, CHECKS.values())
    yield from (sentences.observed(CASE, each) for each in SEEN.values())
    yield from (sentences.compare(each, "B", "A", "x", "y") for each in DIFFERENCES.values())
    missed = (sentences.missing(missing(1e5, 1e5, 1e5)), sentences.missing(missing(-5e4, 4e5, 0)))
    others = [*map(sentences.path, PATHS.values()), *map(sentences.users_back, BACK.values()), *missed]
    others += [sentences.plan(case) for case in PLANS.values()]
    others += [sentences.ordinary(case) for case in PAID.values()]
    others += [*map(sentences.cost, COSTS.values()), *map(sentences.evidence, EVIDENCE.values())]
    yield from (said for said in others if said is not None)


def test_every_variant_in_the_template_file_is_reached() -> None:
    reached = {(said.topic, said.variant) for said in every()}
    topics = {topic for topic, _ in reached}
    wanted = {
        (topic, name) for topic, variants in templates().items() if topic in topics for name in variants
    }
    assert wanted == reached
    elsewhere = {"places", "most", "door"}  # of a crowd: tests/unit/test_views_crowd.py
    assert set(templates()) - topics == {"story", "measure", "what", *elsewhere}


def test_every_sentence_begins_with_a_capital_ends_with_a_stop_and_has_no_hole() -> None:
    for said in every():
        assert said.text[0].isupper() or said.text[0].isdigit()
        assert said.text.endswith(".")
        assert not {"{", "}", "nan", "inf"} & set(said.text.replace(",", " ").split())
        assert "  " not in said.text


def test_findings_are_in_reading_order() -> None:
    topics = list(dict.fromkeys(said.topic for said in sentences.findings(CASE)))
    assert topics == [
        "downtime",
        "users",
        "missing",
        "path",
        "cost",
        "observed",
        "target",
        "error",
        "evidence",
    ]
