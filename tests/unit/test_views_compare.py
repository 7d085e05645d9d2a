"""What a comparison says: every sentence in its place, tables, figures, files."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.scenario.without import Blow
from sim.study.arms import Arm
from sim.study.without import Effect, What
from sim.study.yearly import TurningPoint
from sim.views import compare_sentences as sentences
from sim.views import compare_tables as tables
from sim.views.compare import compare
from sim.views.comparison import Comparison
from sim.views.saying import Sentence
from tests.studies import STRATEGIES, small
from tests.unit.scenarios import changed
from tests.unit.test_study_yearly import arm
from tests.unit.test_views_selecting import ahead
from tests.unit.test_views_stopping import stopped

HOST, STORE, BOTH = Blow(("suspend_host",)), Blow(("delist_store",)), Blow(("suspend_host", "delist_store"))
EVENTS = "notice: 30 h, label: The host goes}\n  - {delist: store, at: 12 d}\n  - {restore: store, at: 20 d}"


def effect(measure: str, what: What, ends: tuple[float, float], *, events: str = "suspend_host") -> Effect:
    """An effect in the middle of its ends, on 1,000 as it happened."""
    middle = 0.5 * (ends[0] + ends[1])
    means = (1000.0, 1000.0 - middle) if what != "interaction" else (float("nan"), float("nan"))
    return Effect("a", what, events, events, measure, "users", 200, *means, middle, *ends, False)


def with_events(name: str, standing: float = 100.0, loss: float = 1000.0) -> Arm:
    """A strategy of the small scenario with two events."""
    made = arm(name, standing, loss, lost=5.0)
    scenario = changed(("notice: 30 h}", EVENTS)).scenario()
    columns = {**made.outcomes, "downtime": np.ones(8), "cost": np.ones(8)}
    return replace(made, label=name.upper(), scenario=scenario, outcomes=columns)


def comparison(*effects: Effect, arms: tuple[Arm, ...] = (), blows: tuple[Blow, ...] = (HOST,)) -> Comparison:
    """A comparison of hand-made effects."""
    worlds = blows if len(blows) == 1 else (*blows, BOTH)
    return Comparison("small", "Small", arms or (with_events("a"),), "a", blows, worlds, effects, None)


def reached() -> list[Sentence]:
    """Sentences of every kind."""
    said: list[Sentence] = []
    sure, back, unsure, none = (80.0, 120.0), (-120.0, -80.0), (-20.0, 30.0), (0.0, 0.0)
    for measure in sentences.MAIN:
        for ends in (sure, back, unsure, none):
            said += sentences.without(comparison(effect(measure, "alone", ends)), "a")
            rows = [
                effect(measure, "alone", sure),
                effect(measure, "alone", sure, events="delist_store"),
                effect(measure, "together", sure, events=BOTH.name),
                effect(measure, "interaction", ends),
            ]
            said += sentences.without(comparison(*rows, blows=(HOST, STORE)), "a")
    shared = comparison(*rows[:3], blows=(HOST, STORE))
    said += sentences.without(shared, "a")
    kept = Blow(("restore_store",))
    said += sentences.without(
        comparison(effect("downtime", "alone", sure, events=kept.name), blows=(kept,)), "a"
    )
    return said


def chances() -> list[Sentence]:
    """Sentences about how likely it is."""
    four, one = "4 % per year", "1 % per year"
    cases = [
        (arm("a", 1.0, 1.0, chance=four),),
        (arm("a", 1.0, 1.0, chance=four), arm("b", 1.0, 1.0, chance=one)),
        (arm("a", 1.0, 1.0, chance=four), arm("b", 1.0, 1.0)),
        (arm("a", 1.0, 1.0),),
    ]
    for events in ("", f", chance: {one}"):
        text = f"30 h, chance: {four}}}\n  - {{delist: store, at: 12 d{events}}}"
        cases.append((replace(arm("a", 1.0, 1.0), scenario=changed(("30 h}", text)).scenario()),))
    return [sentence for arms in cases for sentence in sentences.chances(comparison(arms=arms))]


def years() -> list[Sentence]:
    """Sentences about a year, and about two strategies."""
    three = (arm("a", 100.0, 1000.0), arm("b", 110.0, 800.0), arm("c", 200.0, 0.0))
    said: list[Sentence] = []
    for arms in (three, three[:2], (three[0], arm("b", 90.0, 1.0), arm("c", 95.0, 1.0))):
        found = comparison(arms=arms)
        for account in found.accounts:
            said += sentences.yearly(found, account)
    four = [arm(name, 1.0, 2.0, 3.0, chance="4 % per year") for name in "ab"]
    for given in (comparison(arms=(four[0],)), comparison(arms=(four[0], four[1]))):
        for account in given.accounts:
            said += sentences.yearly(given, account)
    points = [
        TurningPoint("a", "b", "USD", 8, "turns", 0.05, 0.04, 0.07, "a", "b"),
        TurningPoint("a", "b", "USD", 8, "turns", 0.05, 0.05, 0.05, "a", "b"),
        TurningPoint("a", "b", "USD", 8, "turns", 0.05, 0.0, 1.0, "a", "b"),
        TurningPoint("a", "b", "USD", 8, "never", np.nan, np.nan, np.nan, "b", "b"),
        TurningPoint("a", "b", "USD", 8, "never", np.nan, 0.8, 1.0, "b", "b"),
        TurningPoint("a", "b", "USD", 8, "same", np.nan, 0.0, 1.0, "", ""),
    ]
    said += sentences.strategies(comparison(arms=(with_events("a"), with_events("b"))))
    said += sentences.strategies(comparison(arms=(with_events("a"), with_events("b"), with_events("c"))))
    return said + [sentences.turning(comparison(arms=three), point) for point in points]


@pytest.mark.slow
def test_every_sentence_is_reached_and_none_has_a_field_left() -> None:
    from sim.views.figures import comparison as figure

    said = [*reached(), *chances(), *years(), *ahead(), *stopped()]
    better = comparison(arms=(with_events("a"), arm("b", 1.0, 1.0, lost=1.0)))
    worse = comparison(arms=(with_events("a"), arm("b", 1.0, 1.0, lost=9.0)))
    titles = [figure.finding(one) for one in (better, worse)]
    assert titles == [
        "“b” loses 4 fewer active users than “A”",
        "No strategy is shown to lose fewer active users than “A”",
    ]
    found = {(each.topic, each.variant) for each in said}
    parts = {"blow", "figure", "noun"}
    pieces = {
        ("pair", "equal"),
        ("dominance", "caveat"),
        *(("best", part) for part in ("out", "one", "several")),
    }
    pieces |= {("pair", measure) for measure in sentences.MAIN}
    wanted = {
        (topic, variant)
        for topic, variants in sentences.templates().items()
        for variant in variants
        if topic not in parts and not variant.startswith("then")
    }
    assert wanted - found - pieces == set()
    for each in said:
        assert "{" not in each.text.replace("`chance: 4 % per year`", ""), each.text
        assert each.text.endswith("."), each.text
        assert "nan" not in each.text, each.text


def test_of_many_strategies_words_tell_the_best_of_each_measure() -> None:
    arms = (with_events("a"), *(arm(f"s{i}", 1.0, 1.0, lost=5.0 - i) for i in range(5)))
    said = sentences.strategies(comparison(arms=arms))
    assert [each.text for each in said if "the users lost" in each.text] == [
        "With “s4” the users lost are less than with “A”: on average by 4 ± 0, pair by pair."
    ]


def test_strategies_that_differ_in_nothing_are_told() -> None:
    arms = (with_events("a"), with_events("b"), arm("c", 1.0, 1.0))
    found = comparison(arms=arms)
    assert found.alike == [["a", "b"]]
    assert sentences.strategies(found)[-1].text.startswith("“A” and “B” come to the same downtime")


def test_who_is_never_cheaper_is_told_in_one_sentence() -> None:
    found = comparison(arms=(arm("a", 1.0, 1.0), arm("b", 5.0, 1.0), arm("c", 6.0, 2.0)))
    said = [each.text for each in sentences.yearly(found, found.accounts[0]) if each.variant == "never"]
    assert said == [
        "“a” costs less a year than “b” and “c” at every chance: the order never turns.",
        "“b” costs less a year than “c” at every chance: the order never turns.",
    ]


@pytest.mark.parametrize(
    ("amounts", "word"),
    [
        ([3.6e6, 4.5e6, 5e5], "million"),
        ([2.4e6, 2e4], "thousand"),
        ([2.4e6, 5.0], "thousand"),
        ([30.0, 9_000.0], ""),
        ([30_000.0, 900.0], "thousand"),
        ([0.0], ""),
        ([], ""),
        ([2e9, 3e9], "billion"),
    ],
)
def test_numbers_of_a_table_share_a_scale(amounts: list[float], word: str) -> None:
    assert tables.scaled(amounts)[1] == word


def test_the_title_of_a_year_says_only_what_the_runs_tell() -> None:
    from sim.views.figures import yearly as figure

    four = "4 % per year"
    sure = (arm("a", 100.0, 1000.0, chance=four), arm("b", 160.0, 0.0, chance=four))
    equal = (arm("a", 100.0, 1000.0, chance=four), arm("b", 140.0, 0.0, chance=four))
    turns = (arm("a", 100.0, 1000.0), arm("b", 160.0, 0.0))
    often = (arm("a", 100.0, 1000.0), arm("b", 110.0, 800.0), arm("c", 200.0, 0.0))
    titles = []
    for arms in (sure, equal, turns, often):
        found = comparison(arms=arms)
        titles.append(figure.finding(found, found.accounts[0]))
    assert titles[0] == "At a chance of 4 % a year “a” costs least"
    assert titles[1].endswith("costs least on average, but not surely")
    assert titles[2] == (
        "“a” costs least a year on average as long as the chance is below 6 %; from there “b”"
    )
    assert titles[3] == "Which strategy costs least depends on how likely it is"


def test_more_and_less_and_undecided_follow_the_interval() -> None:
    told = {
        ends: sentences.without(comparison(effect("users_lost", "alone", ends)), "a")[0].text
        for ends in ((80.0, 120.0), (-120.0, -80.0), (-20.0, 30.0))
    }
    assert told[80.0, 120.0] == (
        "Without “The host goes” it would lose 100 fewer active users on average (95 % interval 80 to 120): "
        "900 instead of 1,000."
    )
    assert (
        "100 more active users on average (95 % interval 80 to 120): 1,100 instead of 1,000"
        in told[-120.0, -80.0]
    )
    assert told[-20.0, 30.0].startswith("Whether it would lose fewer or more")


def test_values_that_look_alike_are_told_apart() -> None:
    row = Effect("a", "alone", "suspend_host", "", "downtime", "h", 200, 1080.5, 1075.2, 5.3, 4.0, 6.6, False)
    text = sentences.without(comparison(row), "a")[0].text
    assert text.endswith("(95 % interval 4 hours to 6.6 hours): 1,075 hours instead of 1,080 hours.")


def test_more_together_means_that_any_one_suffices() -> None:
    rows = [
        effect("users_lost", "alone", (9.0, 11.0)),
        effect("users_lost", "alone", (9.0, 11.0), events="delist_store"),
        effect("users_lost", "together", (90.0, 110.0), events=BOTH.name),
        effect("users_lost", "interaction", (70.0, 90.0)),
    ]
    said = sentences.without(comparison(*rows, blows=(HOST, STORE)), "a")
    assert said[2].text.startswith("Without both of these together it would lose 100 fewer")
    assert said[3].text == (
        "Together that is 80 more than the 20 that they add up to one by one (95 % interval 70 to 90): "
        "part of it comes about if any one of them happens."
    )


def test_the_table_of_a_year_has_every_strategy_at_every_chance() -> None:
    arms = (arm("a", 100.0, 1000.0, chance="4 % per year"), arm("b", 160.0, 0.0, chance="4 % per year"))
    found = comparison(arms=arms)
    table = tables.yearly(found, found.accounts[0])
    assert table.header == (
        "Strategy", "Whatever happens", "If it happens",
        "at 1 %", "at 2 %", "at 4 % (given)", "at 5 %", "at 10 %", "at 20 %",
    )  # fmt: skip
    assert table.rows[0] == ("a", "100", "1,000", "110", "120", "140", "150", "200", "300")
    assert table.rows[1] == ("b", "160", "0", "160", "160", "160", "160", "160", "160")
    assert tables.turning(found).rows == (("a", "b", "6 %", "–"),)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Two strategies and a world without the event, with files."""
    more = STRATEGIES.replace("Asks two at once", "Asks two of the candidates at the same time")
    folder = tmp_path_factory.mktemp("compare")
    return compare(small(more), without=["suspend_host"], replications=200, output=folder)


def test_files_hold_every_row(made: Comparison) -> None:
    assert made.folder is not None
    counts = {
        file: len((made.folder / file).read_text(encoding="utf-8").splitlines()) - 1
        for file in (
            "comparison.csv",
            "selection.csv",
            "pareto.csv",
            "without.csv",
            "yearly.csv",
            "turning_points.csv",
        )
    }
    measures = len(made.arms[0].measures)
    assert counts == {
        "comparison.csv": measures,
        "selection.csv": 2 * 3,
        "pareto.csv": 2,
        "without.csv": 2 * measures,
        "yearly.csv": 2 * 2 * 5,
        "turning_points.csv": 1,
    }


def test_pictures_are_drawn_with_their_words(made: Comparison) -> None:
    assert made.folder is not None
    assert set(made.figures) == {"comparison", "best", "pareto", "yearly", "waiting"}
    for name, picture in made.figures.items():
        assert (made.folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert (made.folder / f"{name}.svg").read_text(encoding="utf-8").rstrip().endswith("</svg>")
        assert picture.alternative.startswith(picture.title)


def test_pictures_of_an_earlier_comparison_do_not_stay(made: Comparison) -> None:
    assert made.folder is not None
    file = small(STRATEGIES)
    again = compare(
        file,
        strategies=["as_is"],
        without=["suspend_host"],
        replications=200,
        output=made.folder.parent / "other",
    )
    assert again.folder is not None
    (again.folder / "comparison.png").write_bytes(b"old")
    again.save()
    assert not list(again.folder.glob("*.png"))


def test_labels_at_the_ends_of_lines_do_not_touch() -> None:
    from sim.views.figures.yearly import _apart

    ends = {"a": 1.0, "b": 1.02, "c": 1.05, "d": 5.0}
    tall = dict.fromkeys(ends, 0.3) | {"b": 0.6}
    placed = _apart(ends, tall, 9.0)
    order = sorted(placed, key=lambda name: placed[name])
    assert order == ["a", "b", "c", "d"]
    for lower, upper in itertools.pairwise(order):
        assert placed[upper] - placed[lower] >= 0.5 * (tall[lower] + tall[upper]) - 1e-12
    assert placed["d"] == 5.0
    pushed = _apart(ends, tall, 1.2)
    assert all(pushed[name] + 0.5 * tall[name] <= 1.2 + 1e-12 for name in ends)
    assert sorted(pushed, key=lambda name: pushed[name]) == order


def test_a_comparison_shows_itself(made: Comparison) -> None:
    text, html = str(made), made._repr_html_()
    assert "Strategies, pair by pair" in html
    assert "pair by pair" in text.splitlines()[0]
    assert html.count("<table>") == sum(len(part[2]) for part in made.parts)


def test_the_package_offers_compare() -> None:
    assert sim.compare is compare
    assert "compare" in sim.__all__


def test_nothing_is_written_without_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    compare(small(), without=["suspend_host"], replications=20)
    assert not list(tmp_path.iterdir())
