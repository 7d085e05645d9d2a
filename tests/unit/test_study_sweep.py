"""Sweeps: what is varied, what every point is, what is on disk, what is refused."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import ArchiveError, ScenarioError, UsageError
from sim.scenario import ScenarioFile, load_scenario
from sim.study import executors, run_study
from sim.study.run import StudyInterrupted
from sim.study.sweep import Asking, Sweep, along, order_of, run_sweep
from tests.studies import STRATEGIES, TEXT, UNSURE, progress_to, small

ACCEPTANCE = "response.replace.host.search.acceptance"
AT_ONCE = "response.replace.host.search.at_once"
CHANCE = "events.suspend_host.chance"
MONEY = ("users.revenue=2", f"{CHANCE}=10 % per year")


def texts(vary: list[str], file: ScenarioFile | None = None, **options: Any) -> list[tuple[str, ...]]:
    """Values of every point of a design."""
    order = order_of(file or small(), Asking(vary, **options))
    return [tuple(value.text for value in point.values) for point in order.points]


def problems(file: ScenarioFile, vary: Any, **options: Any) -> list[str]:
    """Everything that is wrong with a request."""
    with pytest.raises(ScenarioError) as caught:
        order_of(file, Asking(vary, **options))
    return [str(one) for one in caught.value.problems]


def rows(place: Path) -> list[dict[str, str]]:
    with place.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


# -- what is varied --------------------------------------------------------------------------------------


def test_a_range_goes_from_end_to_end_in_the_unit_of_its_second_end() -> None:
    assert texts([f"{ACCEPTANCE}=5..40 %"], points=3) == [("5 %",), ("22.5 %",), ("40 %",)]
    assert texts([f"{ACCEPTANCE}=0.1..0.3"], points=2) == [("10 %",), ("30 %",)]
    assert texts(["users.start=0.5..2 million"], points=2) == [("0.5 million",), ("2 million",)]
    assert texts(["clock.horizon=1000 h..60 d"], points=2) == [("1000 h",), ("60 d",)]


def test_even_steps_in_the_logarithm() -> None:
    assert texts(["users.start=1000..1000000"], points=4, log=True) == [
        ("1000",), ("10000",), ("100000",), ("1000000",),
    ]  # fmt: skip


def test_whole_numbers_stay_whole_and_come_once() -> None:
    assert texts([f"{AT_ONCE}=1..4"]) == [("1",), ("2",), ("3",), ("4",)]


def test_values_may_be_listed_laws_too() -> None:
    reply = "response.replace.host.search.reply"
    assert texts([f"{reply}={{mean: 36 h}},{{low: 1 d, likely: 2 d, high: 3 d}},12 h"]) == [
        ("{mean: 36 h}",), ("{low: 1 d, likely: 2 d, high: 3 d}",), ("12 h",),
    ]  # fmt: skip
    assert texts([f"{ACCEPTANCE}=5,10,20 %"]) == [("5 %",), ("10 %",), ("20 %",)]


def test_python_may_give_pairs_and_lists() -> None:
    order = order_of(small(), Asking({ACCEPTANCE: ("5 %", "40 %"), AT_ONCE: [1, 3]}, points=2))
    assert [tuple(value.text for value in point.values) for point in order.points] == [
        ("5 %", "1"), ("5 %", "3"), ("40 %", "1"), ("40 %", "3"),
    ]  # fmt: skip


def test_a_grid_has_all_combinations_and_the_first_field_has_the_longest_lines() -> None:
    order = order_of(small(), Asking([f"{ACCEPTANCE}=5..40 %", f"{AT_ONCE}=1..2"], points=3))
    lines = along(order.points)
    assert [len(line) for line in lines] == [3, 3]
    assert all(line[0].values[1] == line[-1].values[1] for line in lines)


@pytest.mark.parametrize("method", ["lhs", "sobol"])
def test_a_sample_has_a_point_in_every_slice_of_every_range(method: str) -> None:
    asking = Asking([f"{ACCEPTANCE}=0..8 %", "users.start=0..8 million"], method=method, points=8)
    order = order_of(small(), asking)
    for place in (0, 1):
        slices = {int(point.values[place].number) for point in order.points}
        assert slices == set(range(8))


def test_the_same_request_has_the_same_points_and_another_seed_others() -> None:
    asked = [f"{ACCEPTANCE}=5..40 %", "users.start=1..2 million"]
    of_one, again = (texts(asked, method="lhs", points=4) for _ in range(2))
    assert of_one == again
    assert of_one != texts(asked, small(settings=["seed=9"]), method="lhs", points=4)


def test_what_follows_a_field_by_default_moves_with_it(tmp_path: Path) -> None:
    """As `--set` does: joiners make up for churn unless a file says otherwise."""
    path = tmp_path / "small.yaml"
    path.write_text(TEXT, encoding="utf-8")
    file = load_scenario(path)
    order = order_of(file, Asking(["users.start=50000,200000"]))
    for point, files in zip(order.points, order.files, strict=True):
        again = load_scenario(path, settings=[f"users.start={point.values[0].text}"])
        assert files["as_is"].scenario() == again.scenario()


def test_a_strategy_without_the_field_stays_as_it_is() -> None:
    more = STRATEGIES.replace("at_once: 2", "standby: [{name: spare, acceptance: 90 %}]")
    path = "response.replace.host.search.standby.1.acceptance"
    order = order_of(small(more), Asking([f"{path}=10..90 %"], points=2))
    assert order.fields[0].known == ("asks_more",)
    assert order.files[0]["as_is"].scenario() == order.files[1]["as_is"].scenario()
    assert order.files[0]["asks_more"].scenario() != order.files[1]["asks_more"].scenario()


def test_where_an_unknown_is_varied_it_is_known() -> None:
    churn = "users.segments.slow.churn"
    order = order_of(small(UNSURE), Asking([f"{churn}=0.1..0.4 % per day"], points=2))
    assert order.file.scenario().unknowns
    assert all(not files["as_is"].scenario().unknowns for files in order.files)


def test_the_law_of_an_unknown_can_be_varied() -> None:
    path = "unknowns.users.segments.slow.churn.high"
    order = order_of(small(UNSURE), Asking([f"{path}=0.2..0.4 % per day"], points=2))
    laws = [files["as_is"].scenario().unknowns["users.segments.slow.churn"] for files in order.files]
    assert [law["high"] * 24 for law in laws] == pytest.approx([0.002, 0.004])


# -- what is refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vary", "says"),
    [
        ("nonsense", "--vary nonsense: write PATH=LOW..HIGH or PATH=a,b,c"),
        (f"{ACCEPTANCE}=5..", "has one end only"),
        (f"{ACCEPTANCE}=5..6..7 %", "more than two ends"),
        (f"{ACCEPTANCE}=5 %,,6 %", "has an empty value"),
        ("response.replace.host.search.acceptence=5..40 %", "did you mean `acceptance`?"),
        ("users.start=2 million..1 million", "is reversed; write users.start=1 million..2 million"),
        ("users.start=5..5", "both ends are the same"),
        ("clock.horizon=10 d..20 %", "`%` is not one of its units"),
        (f"{ACCEPTANCE}=5..140 %", "is over 1 (100 %)"),
        (f"{ACCEPTANCE}=20 %", "one value is nothing to vary"),
        (f"{ACCEPTANCE}=20 %,0.2", "a value stands there twice"),
        (f"{AT_ONCE}=1..2.5", "`2.5` is no whole number"),
        ("events.suspend_host.at=2025-01-08..2025-01-09", "nothing lies between two of its values"),
        ("seed=1..5", "another seed is other luck"),
        ("strategies.a=1..5", "cannot be varied"),
        ("events.suspend_hots.notice=0..2 d", "known: suspend_host"),
    ],
)
def test_bad_values_are_told_with_their_place_and_a_fix(vary: str, says: str) -> None:
    (told,) = problems(small(), [vary])
    assert told.startswith("--vary ")
    assert says in told


def test_every_problem_is_told_at_once() -> None:
    told = problems(
        small(STRATEGIES),
        [f"{ACCEPTANCE}=40..5 %", "users.strat=1..2"],
        measures=["downtme"],
        break_even="users_lots",
        between=("as_is", "asks_mor"),
        points=1,
    )
    for says in (
        "is reversed", "did you mean `start`?", "did you mean `downtime`?", "did you mean `users_lost`?",
        "did you mean `asks_more`?", "give at least 2",
    ):  # fmt: skip
        assert any(says in one for one in told), says


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"method": "sobol", "points": 50}, "write 32 or 64"),
        ({"method": "random"}, "there are grid, lhs, sobol"),
        ({"points": 2000}, "are more than 1,000"),
        ({"log": True, "vary": [f"{ACCEPTANCE}=0..40 %"]}, "write a low end above 0"),
        ({"log": True, "vary": [f"{ACCEPTANCE}=5,40 %"]}, "no range is varied"),
        ({"points": 3, "vary": [f"{ACCEPTANCE}=5,40 %"]}, "no range is varied"),
        ({"break_even": "time_to_recover"}, "what is cut has no mean; ask for `recovered`"),
        ({"break_even": "data_lost"}, "which has no mean"),
        ({"break_even": "downtime", "method": "lhs"}, "leave --method out"),
        ({"between": ("as_is", "asks_more")}, "name its measure with --break-even"),
        ({"break_even": "downtime", "between": ("as_is", "as_is")}, "two different strategies"),
        ({"break_even": "downtime", "strategies": ("as_is",)}, "name two with --between"),
        ({"break_even": "cost_a_year"}, "there is no measure `cost_a_year`"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(options: dict[str, Any], says: str) -> None:
    told = problems(small(STRATEGIES), **{"vary": [f"{ACCEPTANCE}=5..40 %"]} | options)
    assert any(says in one for one in told), told


def test_a_chance_moves_what_a_year_costs_and_no_run() -> None:
    file = small(STRATEGIES, settings=MONEY)
    (told,) = problems(file, [f"{CHANCE}=1..9 % per year"], break_even="cost")
    assert "ask for `cost_a_year` or `users_lost_a_year`" in told
    order = order_of(file, Asking([f"{CHANCE}=1..9 % per year"]))
    assert list(order.measures) == ["cost_a_year", "users_lost_a_year"]


def test_fields_may_not_overlap() -> None:
    takes = "response.replace.host.tasks.move.takes"
    told = problems(small(), [f"{takes}=1 d,2 d", f"{takes}.high=8 d,9 d"])
    assert any("one is part of the other" in one for one in told)
    assert any("is varied twice" in one for one in problems(small(), [f"{AT_ONCE}=1..2", f"{AT_ONCE}=3..4"]))


def test_a_scenario_that_breaks_at_many_points_says_so_once() -> None:
    told = problems(small(), ["events.suspend_host.notice=0..20 d"], points=9)
    assert len(told) == 1
    assert "more points)" in told[0]
    (twice,) = problems(small(), ["events.suspend_host.notice=0 d,20 d,21 d"])
    assert "(so at 1 more point)" in twice
    assert "--vary events.suspend_host.notice=" in told[0]


def test_a_problem_that_the_file_has_at_some_point_names_the_values(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(TEXT, encoding="utf-8")
    told = problems(load_scenario(path), ["clock.horizon=2 d..60 d"], points=3)
    assert any(str(path) in one and "(with --vary clock.horizon=2 d)" in one for one in told), told


def test_numbers_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    asking = Asking([f"{ACCEPTANCE}=5..40 %"])
    with pytest.raises(UsageError, match="workers must be at least 1"):
        run_sweep(small(), asking, workers=0)
    with pytest.raises(UsageError, match="replications must be at least 1"):
        run_sweep(small(), Asking([f"{ACCEPTANCE}=5..40 %"], replications=0), output=tmp_path / "out")
    assert not (tmp_path / "out").exists()


# -- what is on disk -------------------------------------------------------------------------------------

VARY = [f"{ACCEPTANCE}=10 %,60 %"]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Sweep]:
    place = tmp_path_factory.mktemp("sweep") / "out"
    return place, run_sweep(small(STRATEGIES), Asking(VARY), output=place)


@pytest.mark.slow
def test_every_point_is_an_ordinary_study_bit_for_bit(done: tuple[Path, Sweep]) -> None:
    place, found = done
    for point in found.points:
        plain = run_study(small(STRATEGIES, [f"{ACCEPTANCE}={point.values[0].text}"]), replications=200)
        for strategy in found.strategies:
            ours = found.samples[point.number, strategy]
            for measure in ("downtime", "users_lost"):
                assert np.array_equal(ours[measure], plain.outcomes(strategy)[measure])
            manifest = json.loads((place / "points" / point.name / strategy / "manifest.json").read_text())
            assert manifest["complete"]
            assert manifest["strategies"] == {strategy: 200}


def test_run_k_meets_the_same_draws_at_every_point(done: tuple[Path, Sweep]) -> None:
    _, found = done
    low, high = (found.samples[number, "as_is"]["downtime"] for number in (1, 2))
    # who accepts at 10 % accepts at 60 %; of independent runs three quarters would be so
    assert float(np.mean(high <= low)) > 0.99


def test_the_tables_are_tidy_and_the_design_is_written(done: tuple[Path, Sweep]) -> None:
    place, found = done
    column = f"{ACCEPTANCE} [%]"
    assert rows(place / "design.csv") == [
        {"point": "1", "origin": "design", column: "10.0"},
        {"point": "2", "origin": "design", column: "60.0"},
    ]
    table = rows(place / "sweep.csv")
    assert len(table) == len(found.rows)
    assert {(row["point"], row["strategy"]) for row in table} == {
        (point, strategy) for point in ("1", "2") for strategy in ("as_is", "asks_more")
    }
    down = next(row for row in table if row["measure"] == "downtime")
    assert float(down["mean"]) == pytest.approx(found.samples[1, "as_is"]["downtime"].mean())
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == "sweep"
    assert manifest["complete"]
    assert manifest["points"] == 2


def test_a_time_that_was_cut_has_no_mean(done: tuple[Path, Sweep]) -> None:
    place, found = done
    cut = [row for row in rows(place / "sweep.csv") if row["measure"] == "time_to_recover"]
    assert any(float(row["unfinished"]) > 0.0 for row in cut)
    assert all((row["mean"] == "") == (float(row["unfinished"]) > 0.0) for row in cut)
    row = found.row(1, "as_is", "time_to_recover")
    assert row is not None
    assert math.isnan(row.mean)
    assert row.p95 == math.inf


def test_the_same_again_is_found_done_and_nothing_is_written(done: tuple[Path, Sweep]) -> None:
    place, found = done
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*") if path.is_file()}
    again = run_sweep(small(STRATEGIES), Asking(VARY), output=place)
    assert again.already_done
    assert again.rows == found.rows
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*") if path.is_file()} == before


def test_another_sweep_is_refused_in_its_folder(done: tuple[Path, Sweep]) -> None:
    with pytest.raises(ArchiveError, match="another study"):
        run_sweep(small(STRATEGIES), Asking([f"{ACCEPTANCE}=10 %,50 %"]), output=done[0])


def test_the_digest_goes_by_scenario_and_points_alone() -> None:
    def digest(vary: list[str] | None = None, *, more: str = STRATEGIES, **options: Any) -> str:
        return order_of(small(more), Asking(vary or VARY, **options)).digest

    assert digest() == digest(strategies=("as_is",)) == digest(replications=900) == digest(measures=["cost"])
    assert digest() == digest(break_even="downtime")
    assert len({digest(), digest([f"{ACCEPTANCE}=10 %,50 %"]), digest([f"{AT_ONCE}=1,2"])}) == 3
    assert digest() != digest(more=STRATEGIES.replace("at_once: 2", "at_once: 3"))


@pytest.mark.slow
def test_more_runs_and_strategies_are_added_and_nothing_is_run_again(tmp_path: Path) -> None:
    place = tmp_path / "out"
    run_sweep(small(STRATEGIES), Asking(VARY, strategies=("as_is",)), output=place)
    kept = {path: path.read_bytes() for path in place.rglob("0*.parquet")}
    said: list[tuple[int, int]] = []
    found = run_sweep(
        small(STRATEGIES), Asking(VARY, replications=300), output=place, progress=progress_to(said)
    )
    assert said[0] == (2, 8)
    assert said[-1] == (8, 8)
    assert {path: path.read_bytes() for path in kept} == kept
    assert found.replications == 300
    assert len(found.samples[1, "asks_more"]["downtime"]) == 300


def test_what_was_interrupted_goes_on_to_the_same_tables(
    tmp_path: Path, done: tuple[Path, Sweep], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, seen = tmp_path / "out", 0

    def stop(finished: int, _total: int) -> None:
        if finished == 3:
            raise KeyboardInterrupt

    with pytest.raises(StudyInterrupted, match="3 of 4 blocks of 200 runs are done and kept in"):
        run_sweep(small(STRATEGIES), Asking(VARY), output=place, progress=stop)
    assert (place / "design.csv").is_file()
    assert not (place / "sweep.csv").exists()
    whole = executors.run

    def counted(tasks: Any, *others: Any) -> Any:
        nonlocal seen
        waiting = list(tasks)
        seen += len(waiting)
        return whole(waiting, *others)

    monkeypatch.setattr(executors, "run", counted)
    found = run_sweep(small(STRATEGIES), Asking(VARY), output=place)
    assert seen == 1
    assert not found.already_done
    assert (place / "sweep.csv").read_bytes() == (done[0] / "sweep.csv").read_bytes()


def test_without_a_folder_nothing_is_kept() -> None:
    def stop(finished: int, _total: int) -> None:
        if finished == 1:
            raise KeyboardInterrupt

    with pytest.raises(StudyInterrupted, match="nothing is kept without an output folder"):
        run_sweep(small(), Asking(VARY), progress=stop)


@pytest.mark.slow
def test_workers_compute_the_same_bits(tmp_path: Path, done: tuple[Path, Sweep]) -> None:
    place = tmp_path / "out"
    run_sweep(small(STRATEGIES), Asking(VARY), output=place, workers=2)
    assert (place / "sweep.csv").read_bytes() == (done[0] / "sweep.csv").read_bytes()


def test_runs_that_are_the_same_at_another_point_are_copied(tmp_path: Path) -> None:
    """No run depends on a chance, so all points share those of the first."""
    said: list[tuple[int, int]] = []
    found = run_sweep(
        small(STRATEGIES, settings=MONEY),
        Asking([f"{CHANCE}=1,9 % per year"]),
        output=tmp_path / "out",
        progress=progress_to(said),
    )
    assert found.copied == 2 * 200
    one, other = (tmp_path / "out" / "points" / name / "as_is" for name in ("0001", "0002"))
    rows_of = "blocks/as_is/000000.parquet"
    assert (one / rows_of).read_bytes() == (other / rows_of).read_bytes()
    low, high = (found.row(number, "as_is", "cost_a_year") for number in (1, 2))
    assert low is not None
    assert high is not None
    standing = 12_000.0  # 1,000 a month
    assert (high.mean - standing) / (low.mean - standing) == pytest.approx(9.0)


def test_points_of_a_break_even_are_kept_apart_and_found_again(tmp_path: Path) -> None:
    place = tmp_path / "out"
    asking = Asking([f"{ACCEPTANCE}=20 %,60 %"], break_even="hosts_contacted")
    file = small(STRATEGIES.replace("at_once: 2", "at_once: 2, acceptance: 40 %"))
    found = run_sweep(file, asking, output=place)
    added = [row for row in rows(place / "design.csv") if row["origin"] == "break-even"]
    assert len(added) == len(found.points) - 2
    again = run_sweep(file, asking, output=place)
    assert again.already_done
    assert again.break_evens == found.break_evens
    plain = run_sweep(file, Asking([f"{ACCEPTANCE}=20 %,60 %"]), output=place)
    assert len(plain.points) == 2
    assert rows(place / "design.csv")[2:] == added
