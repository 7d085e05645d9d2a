"""`sweep` for people: sentences, tables, pictures, the page, the verb, Python."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from sim.errors import ScenarioError
from sim.scenario import ScenarioFile, load_scenario
from sim.study.sweep import Asking, BreakEven, Crossing, Sweep, Value, order_of
from sim.study.sweep.measures import known_measures
from sim.study.sweep.order import Order
from sim.study.sweep.table import Row
from sim.views import break_even_sentences, sweep_sentences
from sim.views.figures import break_even as even_figure
from sim.views.figures import sweep as figure
from sim.views.sensitivity_sentences import path_name
from sim.views.sweep import Swept
from sim.views.sweep import sweep as swept
from sim.views.sweep_sentences import sentences, templates, title
from sim.views.sweep_tables import difference_table, even_table, measure_table
from sim.views.sweep_verb import sweep
from sim.views.sweep_wording import named
from tests.studies import STRATEGIES, TEXT, UNSURE, small

ACCEPTANCE = "response.replace.host.search.acceptance"
AT_ONCE = "response.replace.host.search.at_once"
CHANCE = "events.suspend_host.chance"
CHURN = "users.segments.slow.churn"
MONEY = (f"{CHANCE}=10 % per year", "users.revenue=2")
INF = math.inf


def row(point: int, strategy: str, measure: str, mean: float) -> Row:
    """A row around a mean."""
    numbers = (mean, 0.5 * mean, 1.5 * mean, mean, 0.9 * mean, 1.1 * mean, math.nan)
    return Row(point, strategy, measure, "", 200, 0, *numbers)


def made(
    vary: Sequence[str],
    values: dict[str, Sequence[float]],
    *,
    file: ScenarioFile | None = None,
    evens: Sequence[BreakEven] = (),
    noise: float = 0.01,
    unfinished: float = math.nan,
    **options: Any,
) -> Sweep:
    """A sweep with these means of each measure at the points, twice as large with a second strategy."""
    order: Order = order_of(file or small(), Asking(list(vary), measures=list(values), **options))
    rng = np.random.default_rng(1)
    rows, samples = [], {}
    for i, point in enumerate(order.points):
        for k, strategy in enumerate(order.strategies):
            columns: dict[str, Any] = {"replication": np.arange(50.0)}
            for measure, means in values.items():
                mean = means[i] * (k + 1)
                one = row(point.number, strategy, measure, mean)
                if unfinished > 0.0:
                    one = replace(one, unfinished=unfinished, mean=math.nan)
                rows.append(one)
                columns[measure] = mean + noise * rng.standard_normal(50)
            samples[point.number, strategy] = columns
    measures = {name: order.measures[name] for name in values}
    return Sweep(
        order.file, order.fields, order.method, order.points, order.strategies, measures, tuple(rows),
        samples, tuple(evens), 200, 200 * len(rows), 0, 0, "", order.digest, None, False,
    )  # fmt: skip


def even(*crossings: Crossing, measure: str = "cost_a_year", **more: Any) -> BreakEven:
    """A break-even of the two strategies along a field from 1 to 100."""
    known = known_measures(small(STRATEGIES, settings=MONEY).scenario())
    verdict = "several" if len(crossings) > 1 else "turns" if crossings else "never"
    points = ((1.0, 5.0, 4.0, 6.0), (50.0, 0.5, -1.0, 2.0), (100.0, -5.0, -6.0, -4.0))
    fields: dict[str, Any] = {
        "first": "asks_more", "second": "as_is", "measure": known[measure], "beside": (), "runs": 200,
        "verdict": verdict, "sign": 1, "crossings": crossings, "open": (), "ends": (1.0, 100.0),
        "points": points,
    }  # fmt: skip
    return BreakEven(**fields | more)


def chances(*evens: BreakEven, unit: str = "% per year") -> Sweep:
    """A sweep along a chance, with these break-evens."""
    file = small(STRATEGIES, settings=MONEY)
    found = made([f"{CHANCE}=1..100 {unit}"], {"cost_a_year": (10.0, 20.0, 30.0)}, file=file, points=3)
    return replace(found, break_evens=evens)


DOWN, UP = Crossing(7.0, 5.0, 9.0, False), Crossing(60.0, 55.0, INF, True)
GENERAL = made(
    [f"{ACCEPTANCE}=5..40 %"], {"users_lost": (30.0, 20.0, 10.0)}, file=small(STRATEGIES), points=3
)
WHOLE = made([f"{AT_ONCE}=1..3"], {"downtime": (72.0, 48.0, 24.0)}, file=small(STRATEGIES))


def of_other(found: Sweep, *crossings: Crossing, measure: str, **more: Any) -> Sweep:
    return replace(found, break_evens=(even(*crossings, measure=measure, **more),))


EVENS = (
    chances(even(DOWN)),
    of_other(GENERAL, Crossing(20.0, 15.0, 25.0, False), measure="users_lost"),
    of_other(WHOLE, Crossing(1.5, 1.2, 1.9, False), measure="downtime"),
    chances(even(Crossing(7.0, -INF, INF, False))),
    chances(even(DOWN, UP)),
    chances(even(DOWN, UP, open=(1.0, 50.0, 100.0))),
    chances(even()),
    chances(even(open=(50.0,))),
    chances(even(verdict="same", sign=0)),
    replace(
        made([f"{CHANCE}=1,100 % per year", f"{ACCEPTANCE}=5,10 %"], {"cost_a_year": (1.0, 2.0, 3.0, 4.0)},
             file=small(STRATEGIES, settings=MONEY)),
        break_evens=(even(DOWN, beside=(Value("5 %", 5.0),)),),
    ),
)  # fmt: skip
GRID = made([f"{AT_ONCE}=1,2", f"{ACCEPTANCE}=5,10 %"], {"users_lost": (10.0, 20.0, 30.0, 50.0)})
SAMPLED = [f"{AT_ONCE}=1..9", f"{ACCEPTANCE}=5..10 %"]
LITTLE = made(
    SAMPLED, {"users_lost": (10.0, 90.0, 10.0, 10.0, 90.0, 90.0, 10.0, 90.0)}, method="sobol", points=8
)
"""Of eight points of a sample, numbers that have nothing to do with what is varied."""

SAMPLE = made(
    SAMPLED, {"users_lost": [3.0 * one.values[0].number for one in LITTLE.designed]}, method="sobol", points=8
)
GRID_MEDIAN = made(
    [f"{AT_ONCE}=1,2", f"{ACCEPTANCE}=5,10 %"], {"downtime": (900.0, 90.0, 800.0, 70.0)}, unfinished=0.2
)
BENT = made([f"{ACCEPTANCE}=5..40 %"], {"users_lost": (30.0, 10.0, 50.0, 20.0)}, points=4)
SAME = made([f"{ACCEPTANCE}=5..40 %"], {"users_lost": (30.0, 30.0)}, points=2, noise=0.0)
OPEN = made([f"{ACCEPTANCE}=5..40 %"], {"users_lost": (30.0, 30.1)}, points=2, noise=50.0)
MEDIAN = made([f"{ACCEPTANCE}=5..40 %"], {"downtime": (900.0, 30.0)}, points=2, unfinished=0.2)
FLAG = made([f"{ACCEPTANCE}=5..40 %"], {"recovered": (0.3, 0.9)}, points=2)
BROKEN = replace(GRID, rows=GRID.rows[:2], failed=3, reason="supply: it broke.", copied=400)
CHOICE = made(
    ["response.replace.host.search.reply={mean: 36 h},{low: 1 d, likely: 2 d, high: 3 d}"],
    {"users_lost": (10.0, 20.0)},
)
LAW = made(["response.replace.host.tasks.move.takes=1..9 d"], {"users_lost": (10.0, 20.0)}, points=2)
KNOWN = made([f"{CHURN}=0.1..0.4 % per day"], {"users_lost": (10.0, 20.0)}, points=2, file=small(UNSURE))
ABSENT = made(
    ["response.replace.host.search.standby.1.acceptance=10..20 %"], {"users_lost": (10.0, 20.0)}, points=2,
    file=small(STRATEGIES.replace("at_once: 2", "standby: [{name: spare, acceptance: 90 %}]")),
)  # fmt: skip
CUT = made([f"{ACCEPTANCE}=5..40 %"], {"downtime": (480.0, 480.0)}, points=2, unfinished=0.75)
CUT_MORE = replace(CUT, rows=(*CUT.rows[:1], *(replace(one, unfinished=1.0) for one in CUT.rows[1:])))
CUT_ALL = replace(CUT, rows=tuple(replace(one, median=INF, unfinished=1.0) for one in CUT.rows))
BEYOND = replace(
    CUT, rows=tuple(replace(one, median=INF, p05=100.0 * one.point, unfinished=0.9) for one in CUT.rows)
)
CUT_GRID = made(
    [f"{AT_ONCE}=1,2", f"{ACCEPTANCE}=5,10 %"], {"downtime": (900.0, 800.0, 700.0, 300.0)}, unfinished=0.25
)
CUT_GRID = replace(CUT_GRID, rows=(replace(CUT_GRID.rows[0], unfinished=0.75), *CUT_GRID.rows[1:]))
STILL_GRID = made([f"{AT_ONCE}=1,2", f"{ACCEPTANCE}=5,10 %"], {"users_lost": (9.0,) * 4})
ALL = (
    *EVENS, GRID, GRID_MEDIAN, SAMPLE, LITTLE, BENT, SAME, OPEN, MEDIAN, FLAG, BROKEN, CHOICE, LAW, KNOWN,
    ABSENT, STILL_GRID, CUT, CUT_MORE, CUT_ALL, BEYOND, CUT_GRID,
)  # fmt: skip


def said(study: Sweep) -> dict[tuple[str, str], str]:
    return {(one.topic, one.variant): one.text for one in sentences(study)}


def told(study: Sweep) -> str:
    return break_even_sentences.sentence(study, study.break_evens[0]).text


# -- sentences -------------------------------------------------------------------------------------------

PARTS = {"does", "interval", "title"}
"""Topics whose templates are parts of sentences or headings."""


def test_every_variant_is_reached() -> None:
    reached = {key for study in ALL for key in said(study)}
    wanted = {
        (topic, variant)
        for topic, variants in templates().items()
        for variant in variants
        if topic not in PARTS
    }
    direct = {("even", "beside"), ("note", "outside")}
    direct |= {("most", part) for part in ("less", "more", "then", "nothing", "median", "mean")}
    direct |= {("moves", "same"), ("most", "same")}  # said together where nothing moves
    assert wanted - reached <= direct
    parts = " ".join(told(study) for study in EVENS)
    for words in templates()["does"].values():
        assert words.partition(" {")[0].split(" ")[0] in {"costs", "loses", "is", "has"}
    assert "1 % per year" in parts


def test_it_pays_off_when_it_is_likelier_than_one_in_so_many() -> None:
    assert told(EVENS[0]) == (
        "“Asks two at once” pays off against “As it is” (costs less a year) when “The host suspends the "
        "account” is likelier than 7 % a year, 1 in 14 (95 % interval 5 % to 9 %); below that “As it is” "
        "costs less a year."
    )


def test_along_any_other_field_it_is_said_who_does_better_on_which_side() -> None:
    assert told(EVENS[1]) == (
        "“Asks two at once” loses fewer users than “As it is” where “search for a new host: acceptance” is "
        "above 20 % (95 % interval 15 % to 25 %), and “As it is” below it."
    ).replace("users", GENERAL.file.scenario().users.unit)


def test_of_whole_numbers_it_is_the_first_from_which_on() -> None:
    assert (
        "is down for less time than “As it is” where “search for a new host: at once” is 2 or more"
        in told(EVENS[2])
    )


def test_what_the_runs_do_not_tell_is_not_claimed() -> None:
    assert told(EVENS[3]).endswith(
        "but these runs do not tell which does at any value between 1 % per year and 100 % per year."
    )
    assert "Not every piece is distinguishable" in told(EVENS[5])
    assert told(EVENS[7]).endswith("at 50 % per year the runs do not tell.")


def test_more_than_one_crossing_is_told_piece_by_piece() -> None:
    assert told(EVENS[4]) == (
        "More than one crossing between 1 % per year and 100 % per year of “chance that the host suspends "
        "the account”: “As it is” costs less a year below 7 % per year (95 % interval 5 % to 9 %), “Asks two "
        "at once” costs less a year from there to 60 % per year (95 % interval 55 % to somewhere above "
        "100 %), “As it is” above that."
    )


def test_no_crossing_is_said_with_the_range_that_was_looked_at() -> None:
    assert told(EVENS[6]) == (
        "No crossing between 1 % per year and 100 % per year of “chance that the host suspends the "
        "account”: “As it is” costs less a year than “Asks two at once” at every value looked at."
    )


def test_a_better_measure_may_be_the_higher_one() -> None:
    known = known_measures(small().scenario())
    one = replace(even(Crossing(20.0, 15.0, 25.0, False)), measure=known["availability"])
    assert one.better_below(one.crossings[0]) == "asks_more"
    found = replace(GENERAL, break_evens=(one,))
    assert "“As it is” has a higher availability than “Asks two at once”" in told(found)


@pytest.mark.parametrize(
    ("chance", "words"), [(0.07, ", 1 in 14"), (0.001, ", 1 in 1,000"), (0.17, ", 1 in 5.9"), (0.6, "")]
)
def test_odds_are_said_where_they_help(chance: float, words: str) -> None:
    assert break_even_sentences.odds(chance) == words


def test_a_measure_is_told_from_end_to_end_and_where_it_turns() -> None:
    texts = said(BENT)
    assert texts["moves", "mean"].startswith("Users lost: on average 30 ")
    assert (
        texts["bend", "least"] == f"It is least, 10 {BENT.measures['users_lost'].unit}, where it is 16.7 %."
    )
    assert texts["bend", "most"].startswith("It is largest, 50 ")


def test_a_time_that_was_cut_is_told_by_medians() -> None:
    text = said(MEDIAN)["moves", "median"]
    assert text == (
        "Downtime: in half of the runs more than 38 days where “search for a new host: acceptance” is "
        "5 %, and more than 30 hours where it is 40 %."
    )


def test_ends_that_the_runs_do_not_tell_apart_are_said_to_be_so() -> None:
    assert said(OPEN)["moves", "open"].endswith("which these runs do not tell apart.")


def test_of_several_fields_the_one_that_moves_it_most_comes_first() -> None:
    text = said(GRID)["most", "first"]
    assert "“search for a new host: at once” moves it most over its range, on average from 15 " in text
    assert "then “search for a new host: acceptance” (15 " in text
    assert "A straight line through the 8 points says so" in said(SAMPLE)["most", "fitted"]


def test_of_a_time_that_the_end_cut_the_median_is_told_and_called_so() -> None:
    assert "over its range, in the median from " in said(GRID_MEDIAN)["most", "first"]


def test_a_line_that_explains_little_does_not_say_what_moves_it_most() -> None:
    found = said(LITTLE)
    assert ("most", "fitted") not in found
    assert "so which of the fields moves it most is not told" in found["most", "little"]


def test_the_title_of_several_slices_says_who_is_ahead_if_they_never_swap() -> None:
    sliced = EVENS[-1]
    title = break_even_sentences.title
    swap, never = sliced.break_evens[0], replace(sliced.break_evens[0], verdict="never", crossings=())
    assert "swap, against “" in title(sliced, [swap, never])
    ahead = title(sliced, [never, never])
    assert ahead.endswith("wherever it was looked at")
    assert "costs less a year than" in ahead
    unsure = replace(never, open=(50.0,))
    assert title(sliced, [never, unsure]).endswith("are not seen to swap")


def test_of_a_slice_the_sentence_goes_on_after_the_colon_in_small_letters() -> None:
    never = replace(EVENS[-1].break_evens[0], verdict="never", crossings=())
    assert "at 5 %: no crossing between" in break_even_sentences.sentence(EVENS[-1], never).text


def test_what_is_named_after_somebody_keeps_the_capital() -> None:
    scenario = small(settings=["events.suspend_host.label=Amazon closes the account"]).scenario()
    assert path_name(scenario, "events.suspend_host.notice").startswith("Amazon closes the account: ")


def test_what_is_not_moved_is_said_once() -> None:
    assert said(SAME)["still", "some"] == "Nothing that is varied moves users lost."


def test_a_time_that_the_end_of_the_simulation_set_is_not_said_to_be_moved_by_nothing() -> None:
    field = "“search for a new host: acceptance”"
    texts = said(CUT_MORE)
    assert texts["moves", "same_median"] == (
        f"Downtime: in half of the runs 20 days or more at every value of {field}."
    )
    assert texts["cut", "along"] == (
        f"Downtime: the end of the simulation cut it in 75 of 100 runs where {field} is 5 %, and in all runs "
        "where it is 40 %."
    )
    assert "hardly" not in title(CUT_MORE, "downtime")
    assert said(BEYOND)["moves", "cut_median"].endswith(
        f"longer than was simulated, at every value of {field}."
    )
    assert said(BEYOND)["cut", "same"].endswith("cut it in 90 of 100 runs of every point.")
    assert said(CUT_ALL)["still", "cut"].startswith(
        "In every run the end of the simulation cut downtime, so "
    )
    grid = said(CUT_GRID)
    assert ("most", "first") not in grid
    assert "so what moves it most is not told" in grid["most", "cut"]
    assert "in 25 % to 75 % of the runs of a point" in grid["cut", "some"]


def test_a_reader_is_told_what_the_file_has_and_what_is_held() -> None:
    assert said(GRID)["note", "given"].startswith("In the file “search for a new host")
    assert said(KNOWN)["note", "known"].endswith("here every run has the value of its point.")
    assert "(pert: low 1 d, likely 2 d, high 7 d)" in said(LAW)["note", "law"]
    assert said(ABSENT)["note", "absent"].startswith("“As it is” has no “")
    assert said(BROKEN)["note", "failed"] == (
        "3 runs failed and have no outcome; the first: supply: it broke."
    )


@pytest.mark.parametrize("study", EVENS)
def test_a_title_says_the_finding(study: Sweep) -> None:
    text = break_even_sentences.title(study, study.break_evens)
    assert "“" in text
    assert "{" not in text


def test_fields_are_named_by_what_they_are_about() -> None:
    assert named(EVENS[0], EVENS[0].fields[0]) == "chance that the host suspends the account"
    users = made(["users.start=1..2 million"], {"users_lost": (1.0, 2.0)}, points=2)
    assert named(users, users.fields[0]) == "users: start"
    assert title(GENERAL, "users_lost") == "Users lost: down as “search for a new host: acceptance” goes up"
    assert title(SAME, "users_lost").startswith("Users lost: hardly moved")


# -- tables and pictures ---------------------------------------------------------------------------------


def test_tables_say_every_point_and_strategy() -> None:
    table = measure_table(GENERAL, "users_lost")
    assert table.header[:2] == ("Search for a new host: acceptance", "Strategy")
    assert [line[:2] for line in table.rows[:3]] == [
        ("5 %", "As it is"), ("5 %", "Asks two at once"), ("22.5 %", "As it is"),
    ]  # fmt: skip
    assert len(table.rows) == 6
    assert measure_table(MEDIAN, "downtime").rows[0][-2:] == ("–", "20 of 100")
    assert measure_table(FLAG, "recovered").rows[0][-1] == "30 % (27 % to 33 %)"


def test_the_table_of_break_evens_has_a_row_a_crossing() -> None:
    rows = even_table(EVENS[4]).rows
    assert [line[1:4] for line in rows] == [
        ("As it is", "7 % per year", "5 % to 9 %"),
        ("Asks two at once", "60 % per year", "55 % to somewhere above 100 %"),
    ]
    assert even_table(EVENS[6]).rows[0][2] == "no crossing"
    assert len(difference_table(EVENS[0], EVENS[0].break_evens[0]).rows) == 3


@pytest.mark.parametrize(
    "study", [GENERAL, WHOLE, GRID, SAMPLE, BENT, MEDIAN, FLAG, CHOICE, BROKEN, EVENS[0]]
)
def test_every_measure_can_be_drawn_and_says_its_finding(study: Sweep) -> None:
    for measure in study.measures:
        picture = figure.picture(study, measure, "source")
        assert picture.png().startswith(b"\x89PNG")
        assert picture.title == title(study, measure)
        assert picture.name == f"sweep_{measure}"
        assert picture.alternative


@pytest.mark.parametrize("study", EVENS[:9])
def test_every_break_even_can_be_drawn(study: Sweep) -> None:
    picture = even_figure.picture(study, study.break_evens, "source")
    assert picture.png().startswith(b"\x89PNG")
    assert picture.alternative == told(study)


def test_the_crossing_is_drawn_where_it_is() -> None:
    axes = even_figure.picture(EVENS[0], EVENS[0].break_evens, "source").figure.axes[0]
    assert any(np.array_equal(line.get_xdata(), [5.0, 9.0]) for line in axes.lines)
    assert any(text.get_text() == "7 % per year" for text in axes.texts)


def test_break_evens_at_several_values_of_another_field_are_drawn_against_it() -> None:
    ones = [even(Crossing(at, at - 2, at + 2, False), beside=(Value(f"{at} %", at),)) for at in (5.0, 10.0)]
    found = replace(
        made([f"{CHANCE}=1,100 % per year", f"{ACCEPTANCE}=5,10 %"], {"cost_a_year": (1.0, 2.0, 3.0, 4.0)},
             file=small(STRATEGIES, settings=MONEY)),
        break_evens=(*ones, even(beside=(Value("8 %", 8.0),))),
    )  # fmt: skip
    picture = even_figure.picture(found, found.break_evens, "source")
    assert picture.png().startswith(b"\x89PNG")
    assert picture.alternative.startswith(
        "With “search for a new host: acceptance” at 5 %: “Asks two at once”"
    )
    assert len(picture.table.rows) == 3


# -- the verb, the page and Python -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("sweep") / "small.yaml"
    place.write_text(TEXT + STRATEGIES, encoding="utf-8")
    return place


def called(*arguments: Any) -> Result:
    return CliRunner().invoke(sweep, [str(one) for one in arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def shown(path: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Any, ...], str]:
    folder = tmp_path_factory.mktemp("swept") / "out"
    arguments = (
        path, "--vary", f"{CHANCE}=1,100 % per year", "--set", "users.revenue=2", "--break-even",
        "cost_a_year", "--output", folder,
    )  # fmt: skip
    return folder, arguments, called(*arguments).output


def test_the_verb_says_it_tables_it_and_ends_with_the_page(shown: tuple[Path, tuple[Any, ...], str]) -> None:
    folder, arguments, text = shown
    assert text.startswith("One host, one search\n\nNo crossing between 1 % per year and 100 % per year")
    assert "Cost a year at every point, in " in text
    assert text.splitlines()[-1] == str(folder / "report.html")
    names = {one.name for one in folder.iterdir()}
    assert {"design.csv", "sweep.csv", "break_even.csv", "manifest.json", "report.html", "points"} <= names
    assert "break_even_asks_more_as_is.png" in names
    again = called(*arguments).output
    assert again.startswith("Already done: 2 points, 200 runs of each strategy at each\nMore runs, keeping")
    assert again.split("\n\n", 1)[1] == text


def test_the_page_stands_alone_and_says_what_ran(shown: tuple[Path, tuple[Any, ...], str]) -> None:
    page = (shown[0] / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert not re.search(r"""(?:src|href)=["'](?!#|data:)""", page)
    assert "Content-Security-Policy" in page
    for section in ("findings", "figures", "varied", "limits", "provenance"):
        assert f'id="{section}"' in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    manifest = json.loads((shown[0] / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["digest"] in page
    assert CHANCE in page


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--vary", f"{ACCEPTANCE}=40..5 %"), "is reversed"),
        (("--vary", "users.strat=1..2"), "did you mean `start`"),
        (("--vary", f"{ACCEPTANCE}=5..40 %", "--between", "as_is", "asks_mor"), "asks_more"),
        (("--vary", f"{ACCEPTANCE}=5..40 %", "--measure", "downtme"), "did you mean `downtime`"),
    ],
)
def test_a_request_that_cannot_be_met_leaves_nothing_behind(
    path: Path, tmp_path: Path, options: tuple[str, ...], says: str
) -> None:
    with pytest.raises(ScenarioError, match=says) as caught:
        called(path, *options, "--output", tmp_path / "out")
    assert caught.value.exit_status == 2
    assert not (tmp_path / "out").exists()


def test_in_python_it_answers_with_sentences_tables_and_pictures_and_keeps_nothing(path: Path) -> None:
    result = swept(
        load_scenario(path), {ACCEPTANCE: ["10 %", "60 %"]}, strategies=["as_is"], measures=["downtime"]
    )
    assert isinstance(result, Swept)
    assert result.study.folder is None
    assert list(result.figures) == ["sweep_downtime"]
    assert result.table is result.tables["downtime"]
    assert str(result).splitlines()[0] == result.sentences[0].text
    assert repr(result) == "Swept(small, 2 points, 400 runs)"
    html = result._repr_html_()
    assert html.startswith("<h3>One host, one search</h3>")
    assert "<svg" in html
    assert result.report.html.startswith("<!DOCTYPE html>")
    assert "sweep" in result.source


def test_notes_do_not_stand_among_the_findings() -> None:
    notes = {one.text for one in sweep_sentences.notes(GRID)}
    assert notes <= {one.text for one in sentences(GRID)}
    assert all(one.topic == "note" for one in sweep_sentences.notes(BROKEN))
