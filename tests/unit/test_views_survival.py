"""The survival figure: what it draws against what the runs say, and that the cut part stays open."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.lines import Line2D

from sim.study.survival_curve import curve
from sim.views import style
from sim.views.case import Case
from sim.views.comparison import Comparison
from sim.views.figures import survival
from sim.views.figures.picture import Picture
from tests.unit.cases import changed, parler_like
from tests.unit.test_views_selecting import made, side_by_side

CASE = parler_like(200)


def waiting(*hours: np.ndarray, cut: float = 1000.0) -> Comparison:
    """Strategies that recover after these times; what lasts to ``cut`` is cut there."""
    arms = []
    for name, own in zip("abc", hours, strict=False):
        one = made(name, 1.0, 1.0)
        columns = dict(one.outcomes)
        columns["time_to_recover"] = np.minimum(own, cut)
        columns["recovered"] = (own < cut).astype(float)
        arms.append(replace(one, outcomes=columns))
    return side_by_side(*arms)


RNG = np.random.default_rng(4)
SLOW, FAST = RNG.exponential(400.0, 600), RNG.exponential(60.0, 600)


def drawn(picture: Picture) -> list[Line2D]:
    """The curves of a figure, in their order."""
    axes = picture.figure.axes[0]
    return [line for line in axes.get_lines() if line.get_drawstyle() == "steps-post"]


def test_the_curve_that_is_drawn_is_kaplan_and_meiers() -> None:
    picture = survival.picture(CASE)
    (line,) = drawn(picture)
    found = curve(CASE.column("time_to_recover"), ~CASE.cut("time_to_recover"))
    x, y = (np.asarray(one, dtype=float) for one in line.get_data())
    for hours in (24.0, 480.0, 960.0):
        at = int(np.searchsorted(x, hours / 24.0, side="right")) - 1
        assert y[at] == pytest.approx(100 * found.at(hours))


def test_what_the_horizon_cut_leaves_the_curve_open_above_nothing() -> None:
    picture = survival.picture(CASE)
    (line,) = drawn(picture)
    share = 100 * float(CASE.cut("time_to_recover").mean())
    assert float(np.asarray(line.get_ydata())[-1]) == pytest.approx(share)
    marks = [one for one in picture.figure.axes[0].get_lines() if one.get_marker() == "|"]
    assert len(marks) == 1
    assert "when the simulation ends" in picture.title


def test_numbers_at_risk_stand_under_the_axis() -> None:
    picture = survival.picture(CASE)
    wait = survival.Wait("", curve(CASE.column("time_to_recover"), ~CASE.cut("time_to_recover")))
    written = [text.get_text() for text in picture.figure.axes[0].texts]
    for at in survival.ticks([wait]):
        assert f"{wait.found.followed(at):,}" in written
    assert picture.table.rows[0][4] == "200"


def test_each_strategy_has_a_curve_that_differs_without_colour() -> None:
    picture = survival.compared(waiting(SLOW, FAST, SLOW + FAST))
    lines = drawn(picture)
    assert len(lines) == 3
    assert len({str(line.get_linestyle()) + str(line._dash_pattern) for line in lines}) == 3  # type: ignore[attr-defined]
    assert len({str(dash) for dash in style.DASHES}) == 8
    assert len(style.CURVES) < len(style.DASHES)  # so that a colour that comes again is dashed otherwise


def test_strategies_that_are_the_same_share_a_curve() -> None:
    waits = survival.waits_of(waiting(SLOW, SLOW, FAST))
    assert [one.label for one in waits] == ["A, B", "C"]


def test_the_title_names_who_waits_less_only_if_the_runs_tell() -> None:
    sure = survival.compared(waiting(SLOW, FAST)).title
    week = [round(100 * float((one > 168).mean())) for one in (SLOW, FAST)]
    assert sure == f"After 7 days {week[0]} of 100 runs have not recovered with “A”, {week[1]} with “B”"
    open_ = survival.compared(waiting(SLOW, RNG.permutation(SLOW) * 0.99)).title
    assert "no strategy is shown to recover sooner than “A”" in open_


NEVER = np.full(200, 500.0)
CASES = {
    "In no run is there anything to recover from": (np.zeros(200), np.ones(200, dtype=bool)),
    "In no run has it recovered when the simulation ends": (NEVER, np.zeros(200, dtype=bool)),
    "In every run it has recovered after 21 days": (NEVER, np.ones(200, dtype=bool)),
    "In 75 of 100 runs it has not recovered when the simulation ends": (NEVER, np.arange(200) < 50),
    "In half of the runs or more there is nothing to recover from": (
        np.where(np.arange(200) < 150, 0.0, 9.0),
        np.ones(200, dtype=bool),
    ),
}


@pytest.mark.parametrize("title", CASES)
def test_extremes_are_told_and_drawn(title: str) -> None:
    hours, ended = CASES[title]
    outcomes = {**CASE.outcomes, "time_to_recover": hours}
    case: Case = changed(CASE, outcomes=outcomes, censored={"time_to_recover": ~ended})
    picture = survival.picture(case)
    assert picture.title.startswith(title)
    assert picture.png().startswith(b"\x89PNG")


def test_it_is_drawn_as_a_slide_too() -> None:
    with style.drawn_as("slides"):
        picture = survival.compared(waiting(SLOW, FAST))
    assert picture.form == "slides"
