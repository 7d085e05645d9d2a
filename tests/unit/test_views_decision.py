"""What a board is told: the sentences against the numbers, and nothing claimed that the runs do not tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from sim.errors import UsageError
from sim.scenario.units import HAZARD, parse_quantity
from sim.study.arms import Arm
from sim.study.drawn import draws_of
from sim.study.exposure import Exposure, Unanswered
from sim.views import decision_page, decision_sentences, movers
from sim.views.case import Input
from sim.views.comparison import Comparison
from sim.views.decision import Decision, decide
from sim.views.saying import Sentence, templates
from tests.studies import UNSURE
from tests.studies import small as study_of
from tests.unit.test_study_yearly import RUNS, arm
from tests.unit.test_views_selecting import ALIKE, NEAR, SAME, SURE, made, side_by_side
from tests.unit.test_views_selecting import UNSURE as OPEN

MADE = 1000
UNKNOWN = study_of(UNSURE).scenario("as_is")
PATH = "users.segments.slow.churn"
DRAW = draws_of([UNKNOWN], np.arange(MADE))[PATH]


def drawn(name: str, lost: np.ndarray, **more: np.ndarray) -> Arm:
    """A strategy of the scenario with an unknown."""
    one = arm(name, 0.0, 0.0)
    zeros = {key: np.zeros(MADE) for key, column in one.outcomes.items() if len(column) == RUNS}
    columns = {
        **zeros,
        "replication": np.arange(MADE),
        "recovered": np.ones(MADE),
        "users_lost": lost,
        **more,
    }
    return replace(one, label=name.upper(), scenario=UNKNOWN, outcomes=columns)


NOISE = np.random.default_rng(3).normal(size=(2, MADE))
TURNS = side_by_side(
    drawn("a", 100 + NOISE[0]), drawn("b", 100 + NOISE[0] + 10 * (DRAW - 0.25) + 0.5 * NOISE[1])
)
"""A is ahead on average by 2.5, and behind where the unknown is in its lowest quarter."""

FIRM = side_by_side(drawn("a", 100 + NOISE[0]), drawn("b", 110 + NOISE[0] + 2 * DRAW))
"""A is ahead wherever the unknown is, and by 10 to 12."""

SILENT = side_by_side(drawn("a", 100 + NOISE[0]), drawn("b", 110 + NOISE[1]))
"""A is ahead, and the unknown has nothing to do with it."""


LEVEL = side_by_side(
    drawn("a", 100 + NOISE[0]), drawn("b", 100.00001 + NOISE[1] - NOISE[1].mean() + NOISE[0].mean())
)
"""B is behind by a hundred-thousandth on average."""


def paying(name: str, standing: float, revenue: float, lost: float, chance: str = "4 % per year") -> Arm:
    """A strategy with cost, income and a chance; a little noise, for a year is never the same."""
    one = arm(name, standing, 0.0, lost, chance=chance, revenue=revenue)
    noise = np.random.default_rng(len(name) + int(standing)).normal(size=RUNS)
    columns = {**one.outcomes, "revenue_lost": one.outcomes["revenue_lost"] + noise}
    return replace(one, label=name.upper(), outcomes=columns)


PAYS = side_by_side(
    paying("a", 100.0, 3000.0, 50.0), paying("b", 150.0, 500.0, 20.0), paying("c", 400.0, 100.0, 5.0)
)
"""At 4 % a year A costs 220, B 170, C 404; B costs less than A above 2 %, C less than B above 62.5 %."""


def texts(found: Decision) -> str:
    return " ".join(each.text for each in decision_page.said(found))


# -- who --------------------------------------------------------------------------------------------------


def test_the_recommendation_has_the_numbers_of_the_table() -> None:
    found = decide(SURE)
    assert found.by == "users_lost"
    assert decision_sentences.head(found).text == "We recommend “B”."
    means = {name: float(column.mean()) for name, column in found.values.items()}
    said = decision_sentences.why(found)[0].text
    assert f"{means['b']:.0f} " in said
    size = float(re.search(r"([\d.]+) less than with “A”", said)[1])  # type: ignore[index]
    assert size == pytest.approx(means["a"] - means["b"], abs=0.06)
    table = decision_page.table(found)
    assert [row[0] for row in table.rows] == ["B", "A", "C"]
    assert table.rows[0][3].startswith(f"{means['b']:.0f} ± ")


def test_the_interval_is_that_of_all_comparisons_together() -> None:
    from sim.study.simultaneous import joint_interval

    found = decide(SURE)
    gap = joint_interval(found.values["a"] - found.values["b"], 2)
    said = decision_sentences.why(found)[0].text
    ends = re.search(r"run by run: ([\d.]+) to ([\d.]+)\)", said).groups()  # type: ignore[union-attr]
    assert [float(end) for end in ends] == pytest.approx([gap.low, gap.high], rel=0.02)


@pytest.mark.parametrize("found", [OPEN, NEAR], ids=["open", "near"])
def test_nobody_is_recommended_or_best_where_the_interval_holds_nothing(found: Comparison) -> None:
    weighed = decide(found)
    rival = decision_sentences.open_rivals(weighed)[0]
    assert weighed.gap(rival).low <= 0.0 <= weighed.gap(rival).high
    said = texts(weighed)
    assert said.startswith("We cannot yet tell “")
    assert "recommend" not in said
    assert not re.search(r"\bbest\b", said)
    html = decision_page.page(weighed).html
    assert "recommended" not in html.split("</style>")[1]
    assert "holds none at all" in said


def test_how_many_runs_would_tell_follows_from_the_interval() -> None:
    """The half width shrinks with the root of the runs: it is the difference at n (half / difference)^2."""
    weighed = decide(NEAR)
    gap = weighed.gap("a")
    wanted = weighed.best.runs * (0.5 * (gap.high - gap.low) / gap.value) ** 2
    assert weighed.needed("a") == pytest.approx(wanted)
    assert wanted > weighed.best.runs


def test_who_is_ruled_out_is_named_where_others_are_not() -> None:
    assert "Ruled out (95 %): “C”." in texts(decide(OPEN))


def test_strategies_that_are_the_same_are_recommended_together_or_not_at_all() -> None:
    assert decision_sentences.head(decide(ALIKE)).text.startswith(
        "We recommend “A” and “B”, which come to the"
    )
    said = texts(decide(ALIKE))
    assert " with each of them, " in said
    assert "They are ahead of all others" in said
    assert not re.search(r"\bit (is|stays)\b|\bIt (is|stops)\b", said)
    same = texts(decide(SAME))
    assert same.startswith("We cannot tell the 2 strategies apart: they come to the same users lost")
    assert "recommend" not in same


def test_one_strategy_is_told_and_not_recommended() -> None:
    alone = decide(side_by_side(made("a", 100, 50)))
    said = texts(alone)
    assert said.startswith("There is nothing to recommend “A” over")
    assert "ahead" not in said
    page = decision_page.page(alone).html
    assert 'id="firm"' not in page
    assert len(decision_page.table(alone).rows) == 1


# -- money ------------------------------------------------------------------------------------------------


def test_with_income_and_a_chance_a_year_is_what_counts() -> None:
    found = decide(PAYS)
    assert found.by == "cost"
    assert decision_sentences.head(found).text == "We recommend “B”."
    said = texts(found)
    assert "at a chance of 4 % a year): 170 USD with it, 50 USD less than with “A”" in said
    assert "It stops being best if the chance is below about 2 % a year" in said
    above = float(re.search(r"chance is above about ([\d.]+) %", said)[1])  # type: ignore[index]
    assert above == pytest.approx(62.5, rel=0.01)
    fewest = "If it happens, the fewest active users are lost with “C”: 15 fewer, for 234 USD more a year."
    assert fewest in said
    table = decision_page.table(found)
    assert table.header[4] == "Cost a year, at a chance of 4 % a year (± 95 %)"
    assert [row[4].split(" USD")[0] for row in table.rows] == ["170", "220", "404"]


def test_without_money_there_is_no_cost_and_none_may_be_asked_for() -> None:
    found = decide(TURNS)
    assert found.by == "users_lost"
    assert not [head for head in decision_page.table(found).header if "Cost" in head]
    with pytest.raises(UsageError, match="What a year costs cannot be told"):
        decide(TURNS, "cost")


def test_without_a_chance_only_what_is_paid_whatever_happens_is_shown() -> None:
    arms = [paying(name, 100.0 + i, 3000.0, 50.0 - i, chance="") for i, name in enumerate("ab")]
    found = decide(side_by_side(*arms))
    assert found.by == "users_lost"
    table = decision_page.table(found)
    assert table.header[4] == "Cost a year, if nothing happens"
    assert [row[4] for row in table.rows] == ["101 USD", "100 USD"]


def test_another_judgement_may_be_asked_for() -> None:
    found = decide(PAYS, "users_lost")
    assert decision_sentences.head(found).text == "We recommend “C”."
    assert "The least a year costs is 170 USD, with “B”: 234 USD less than with “C”." in texts(found)


def test_the_cheapest_is_called_so_only_if_the_runs_tell_it_from_all_others() -> None:
    near = paying("bb", 150.0, 500.0, 20.0)  # as much as B, but for chance
    found = decide(side_by_side(*PAYS.arms, near), "users_lost")
    said = texts(found)
    assert "The least a year costs" not in said
    assert re.search(r"A year costs 170 USD with “BB?”: 234 USD less than with “C”\.", said)


# -- how firm ---------------------------------------------------------------------------------------------


def test_what_turns_it_is_found_where_the_lead_is_lost() -> None:
    """The lead is 10 (u - 0.25): lost below the quantile 0.25 of a law that is uniform on 0.01 to 0.4 %."""
    found = decide(TURNS)
    assert decision_sentences.head(found).text == "We recommend “A”."
    (turn,) = found.turns
    assert (turn.path, turn.side, turn.rival) == (PATH, "below", "b")
    assert turn.quantile == pytest.approx(0.25, abs=0.02)
    below = turn.quantile > DRAW
    assert turn.lead.value == pytest.approx(float((found.values["a"] - found.values["b"])[below].mean()))
    said = next(one.text for one in decision_sentences.stays(found) if one.variant == "unknown")
    value = re.search(r"is below ([\d.]+ % per \w+) ", said)[1]  # type: ignore[index]
    wanted = parse_quantity("0.01 % per day", HAZARD) + 0.25 * parse_quantity("0.39 % per day", HAZARD)
    assert parse_quantity(value, HAZARD) == pytest.approx(wanted, rel=0.05)
    assert "then “B” is better by 1.2" in said


def test_it_stays_best_in_as_many_draws_as_the_lead_is_above_nothing() -> None:
    found = decide(TURNS)
    assert found.stays == pytest.approx(0.75, abs=0.03)
    said = decision_sentences.stays(found)[0].text
    ahead = float((found.values["a"] < found.values["b"]).mean())
    assert f"ahead of all others in {round(100 * ahead)} of 100 runs" in said
    assert f"stays best in {round(100 * found.stays)} of 100 draws" in said  # type: ignore[operator]


def test_an_unknown_that_only_widens_the_lead_turns_nothing() -> None:
    found = decide(FIRM)
    assert found.stays == 1.0
    assert found.turns == []
    assert "No unknown by itself" in texts(found)
    (hinge,) = found.hinges
    assert hinge.mover.path == PATH
    assert 0.0 < hinge.lost < 0.2


def test_what_moves_the_lead_is_in_the_table_with_its_two_ends() -> None:
    said, table = decision_page.assumed(decide(TURNS))
    assert table.caption == "The assumption that moves the answer most"
    (row,) = table.rows
    gap = 10 * (DRAW - 0.25) + 0.5 * NOISE[1]
    assert row[2] == "“B”"
    low, high = (float(re.match(r"[−\d.]+", cell)[0].replace("−", "-")) for cell in row[3:])  # type: ignore[index]
    assert low == pytest.approx(float(gap[DRAW < 0.2].mean()), abs=0.06)
    assert high == pytest.approx(float(gap[DRAW >= 0.8].mean()), abs=0.06)
    assert "regression on what each run drew" in said[0]


def test_without_unknowns_the_assumptions_are_named_and_said_not_to_be_varied() -> None:
    rows = tuple(Input(f"users.start{i}", str(i), "file", True, "judgement " * 40) for i in range(7))
    found = Decision(SURE, "users_lost", rows[:1], (10, 7))
    said, table = decision_page.assumed(found)
    assert said[0].startswith("No unknown was varied in these runs")
    assert said[-1] == "7 of 10 inputs are assumptions, the others have a source."
    assert len(table.rows) == 1
    assert len(table.rows[0][2]) <= 120


def test_of_unknowns_that_move_nothing_nothing_is_claimed() -> None:
    said, table = decision_page.assumed(decide(SILENT))
    assert said[0].startswith("None of 1 unknown is shown to move the lead over “B”")
    assert table.rows == ()


def test_the_runs_must_be_enough_to_average_chance_out() -> None:
    few = [replace(one, outcomes={k: v[:20] for k, v in one.outcomes.items()}) for one in FIRM.arms]
    found = decide(side_by_side(*few))
    assert found.stays is None
    assert "too few to average chance out" in texts(found)


# -- what it does not protect from ------------------------------------------------------------------------


def exposed(*some: Exposure) -> str:
    return decision_sentences.exposed(decide(SURE), "a", some)


def test_losses_are_told_with_how_long_they_last_if_all_goes_to_plan() -> None:
    nan, inf = float("nan"), float("inf")
    one = Exposure(("host",), ("host",), 72.0, nan)
    assert exposed(one) == "The host: 3 days down even if all goes to plan"
    assert exposed(replace(one, agrees=0.6)) == "The host: 3 days down if the stand-in agrees (60 % likely)"
    assert exposed(replace(one, hours=inf)) == "The host, if lost for good: nobody stands in"
    both = Exposure(("host", "store"), ("host", "store"), 5.0, nan)
    assert exposed(both).startswith("None alone; the host and the store together: 5 hours")
    assert exposed() == "no single loss, nor any together, stops it"
    assert exposed(one, one, one).endswith("; 1 more such losses")


def test_the_loss_of_the_host_is_found_in_the_scenario_itself() -> None:
    row = next(row for row in decide(SURE).rows if row.strategy == "a")
    assert [one.events for one in row.exposures] == [("host",)]


def test_only_what_no_strategy_models_is_said_not_to_be_modelled() -> None:
    friends = drawn("b", 110 + NOISE[0])
    segments = {
        name: one.model_copy(update={"friends": one.friends.model_copy(update={"waiting": 0.01})})
        for name, one in friends.scenario.users.segments.items()
    }
    users = friends.scenario.users.model_copy(update={"segments": segments})
    friends = replace(friends, scenario=friends.scenario.model_copy(update={"users": users}))
    alone = " ".join(decision_page.left_out(decide(FIRM)))
    assert "Users do not act on each other" in alone
    mixed = " ".join(decision_page.left_out(decide(side_by_side(FIRM.arms[0], friends))))
    assert "act on each other" not in mixed


def test_what_was_drawn_in_every_run_is_not_called_held_at_one_value() -> None:
    inputs = tuple(Input(path, "1", "file", True, "") for path in (PATH, "users.start"))
    few = [replace(one, outcomes={k: v[:20] for k, v in one.outcomes.items()}) for one in FIRM.arms]
    found = Decision(side_by_side(*few), "users_lost", inputs, (10, 7))
    told, table = decision_page.assumed(found)
    assert "They were held at one value in all runs" in " ".join(told)
    assert len(table.rows) == 1
    assert "start" in table.rows[0][0].lower()


# -- all of it --------------------------------------------------------------------------------------------


def every() -> Iterator[Sentence]:
    """Sentences of every kind."""
    several = side_by_side(
        paying("a", 100.0, 3e3, 50.0), paying("b", 150.0, 5e2, 20.0, chance="2 % per year")
    )
    never = side_by_side(paying("a", 100.0, 100.0, 5.0), paying("b", 150.0, 200.0, 20.0))
    comparisons = [SURE, OPEN, NEAR, LEVEL, ALIKE, SAME, PAYS, several, never, TURNS, FIRM, SILENT]
    few = [replace(one, outcomes={k: v[:20] for k, v in one.outcomes.items()}) for one in FIRM.arms]
    comparisons += [side_by_side(*PAYS.arms, paying("bb", 150.0, 500.0, 20.0))]
    comparisons += [side_by_side(made("a", 100, 50)), side_by_side(*few), side_by_side(FIRM.arms[0])]
    asked = {id(SURE): ("downtime",), id(TURNS): ("downtime",), id(PAYS): ("users_lost",)}
    for one in comparisons:
        for by in (None, *asked.get(id(one), ("users_lost",) if len(one.arms) == 4 else ())):
            found = decide(one, by)
            yield from decision_page.said(found)
            yield decision_sentences.ahead(found)
            yield from (Sentence("", "", text) for text in decision_page.assumed(found)[0])
            yield from (Sentence("", "", text) for text in decision_page.left_out(found))
    marked = Decision(SURE, "users_lost", (Input("users.start", "1", "file", True, ""),), (10, 7))
    yield from (Sentence("", "", text) for text in decision_page.assumed(marked)[0])
    every_one = replace(marked, inputs=(9, 9))
    yield from (Sentence("", "", text) for text in decision_page.assumed(every_one)[0])
    unlike = decide(SURE)
    unlike.__dict__["unanswered"] = (Unanswered("store", ("install",)),)
    yield from decision_sentences.unanswered(unlike)
    yield from movers.sentences(lambda _: UNKNOWN, decide(FIRM).nearest, "the lead", 3)


def test_every_sentence_says_something_and_has_no_field_left() -> None:
    said = list(every())
    assert all(not re.search(r"[{}]|nan|None of None", one.text) for one in said)
    assert all(one.text[0] == one.text[0].upper() for one in said)
    text = " ".join(one.text for one in said)
    parts = {"criterion", "parts", "chances", "exposure"}
    phrases = {("stays", "open_one"), ("unanswered", "one"), ("stops", "interval"), ("hinges", "more")}
    for topic, variants in templates("decision_sentences").items():
        for variant, words in variants.items():
            if topic in parts or (topic, variant) in phrases:
                continue
            longest = max(re.split(r"\{\w+\}", words), key=len)
            assert longest in text, (topic, variant)


def test_what_ends_for_good_with_whatever_strategy_is_said_once() -> None:
    found = decide(SURE)
    found.__dict__["unanswered"] = (Unanswered("store", ("install",)),)
    (said,) = decision_sentences.unanswered(found)
    assert said.text == "With none of the strategies does anybody stand in for Store (install)."
